"""What all tests share: a property is not timed, and one that fails is told soon.

A busy machine may stop for longer than any bound on one example, which would be a failure that says nothing.
Hypothesis makes a failing example smaller for up to five minutes and has no setting for that; a failing suite
would stand still for as long. What it found is in `.hypothesis` and is tried first the next time:
`CCD_SHRINK_S=300 pytest …` then makes it as small as can be.
"""

import os

from hypothesis import settings
from hypothesis.internal.conjecture import engine

assert hasattr(engine, "MAX_SHRINKING_SECONDS"), "hypothesis has another name for it: find it"
engine.MAX_SHRINKING_SECONDS = int(os.environ.get("CCD_SHRINK_S", "20"))

settings.register_profile("house", deadline=None)
settings.load_profile("house")
