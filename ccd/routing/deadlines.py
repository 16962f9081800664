"""The instants at which something is due, so that nothing ever polls.

A heap with lazy deletion. Each owner (an offer, a caller, an agent) has at most one deadline of a kind;
arming it again replaces it. Deadlines that were called off stay in the heap until they surface or until
they are the majority, when the heap is rebuilt: its size is at most twice the number of those that
count.
"""

from dataclasses import dataclass
from enum import StrEnum
from heapq import heapify, heappop, heappush
from typing import Protocol

_REBUILD_ABOVE = 256


class Kind(StrEnum):
    """What falls due."""

    LEASE = "lease"
    """An offer of which nothing final was heard."""
    WRAP_UP = "wrap_up"
    """An agent's time after a talk."""
    BREAK = "break"
    """A break has lasted for as long as it may; the second time: the agent is to be signed out."""
    REST = "rest"
    """An agent who rests, or had as many calls as they may, can be offered callers again."""
    HOLD = "hold"
    """A caller's wait for the agent who knows them."""
    RETRY = "retry"
    """A caller may be offered again to an agent who missed them."""
    MAX_WAIT = "max_wait"
    WIDEN = "widen"
    """A caller asks for less from then on, or agents of other queues help."""
    ANNOUNCE = "announce"
    COMFORT = "comfort"
    RETURN = "return"
    """Those behind a caller of an earlier process who has not come back are no longer kept waiting."""


@dataclass(slots=True, eq=False)
class Deadline:
    """One instant, armed by `Deadlines.arm`."""

    at: float
    kind: Kind
    owner: "Timed"
    live: bool = True


class Timed(Protocol):
    """Whatever has deadlines."""

    timers: dict[Kind, Deadline]


class Deadlines:
    """All armed deadlines, earliest first; those of one instant in the order of arming."""

    def __init__(self) -> None:
        self._heap: list[tuple[float, int, Deadline]] = []
        self._armed = 0
        self._dead = 0

    def arm(self, owner: Timed, kind: Kind, at: float) -> None:
        """Set the owner's deadline of this kind, in place of an earlier one."""
        self.disarm(owner, kind)
        deadline = owner.timers[kind] = Deadline(at, kind, owner)
        self._armed += 1
        heappush(self._heap, (at, self._armed, deadline))

    def disarm(self, owner: Timed, kind: Kind) -> None:
        """Call the owner's deadline of this kind off, if it has one."""
        deadline = owner.timers.pop(kind, None)
        if deadline is not None:
            deadline.live = False
            self._dead += 1
            self._sweep()

    def disarm_all(self, owner: Timed) -> None:
        """Call every deadline of the owner off."""
        for kind in tuple(owner.timers):
            self.disarm(owner, kind)

    def next(self) -> float | None:
        """Give the earliest instant, or None when nothing is due ever."""
        heap = self._heap
        while heap and not heap[0][2].live:
            heappop(heap)
            self._dead -= 1
        return heap[0][0] if heap else None

    def pop_due(self, now: float) -> Deadline | None:
        """Take the earliest deadline that has come by `now`."""
        at = self.next()
        if at is None or at > now:
            return None
        deadline = heappop(self._heap)[2]
        deadline.live = False
        del deadline.owner.timers[deadline.kind]
        return deadline

    def _sweep(self) -> None:
        if self._dead > _REBUILD_ABOVE and self._dead * 2 > len(self._heap):
            self._heap = [entry for entry in self._heap if entry[2].live]
            heapify(self._heap)
            self._dead = 0
