"""The time of a call divided among what it was spent on, without overlap and without remainder.

Stretches may overlap (an offer rings while the caller waits, a hold lies within a talk): each instant belongs
to the highest of the phases that hold it, so the parts can never add up to more than the call.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import IntEnum


class Phase(IntEnum):
    """What a call does at one instant; of several, the highest counts."""

    IVR = 0
    WAIT = 1
    RING = 2
    SURVEY = 3
    TALK = 4
    HOLD = 5


@dataclass(frozen=True, slots=True)
class Stretch:
    """A phase from one offset to another, in seconds since the call began."""

    phase: Phase
    start_s: float
    end_s: float


def divide(stretches: Iterable[Stretch]) -> dict[Phase, float]:
    """Give the seconds of each phase; instants in no stretch belong to none."""
    changes = [
        change
        for each in stretches
        if each.end_s > each.start_s
        for change in ((each.start_s, 1, each.phase), (each.end_s, -1, each.phase))
    ]
    changes.sort()
    spent = dict.fromkeys(Phase, 0.0)
    active = dict.fromkeys(Phase, 0)
    since = 0.0
    for at, step, phase in changes:
        highest = max((each for each in Phase if active[each]), default=None)
        if highest is not None:
            spent[highest] += at - since
        since = at
        active[phase] += step
    return spent
