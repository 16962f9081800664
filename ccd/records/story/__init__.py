"""From the entries of one call to its stretches: who waited, rang, talked and held from when to when.

Entries may be late, missing or in another order than things happened. Nothing here raises: what has no
beginning gets the best one that is known, what has no end lasts until the call's.
"""

from ccd.records.story.dials import OUTGOING, REFUSED
from ccd.records.story.parts import Part
from ccd.records.story.story import Story

__all__ = ["OUTGOING", "REFUSED", "Part", "Story"]
