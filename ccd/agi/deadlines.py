"""One timer for the deadlines of all connections.

A timer for each command would be made and cancelled thousands of times a second, nearly always in vain. Here
the one timer stands at the earliest deadline; it fires about once in the time that commands are given, and
not at all while no deadline is set.
"""

import asyncio
import math
from typing import Protocol


class Watched(Protocol):
    """Something with a deadline."""

    def overdue(self) -> None:
        """Take note that the deadline has passed; it may set another one."""
        ...


class Deadlines:
    """At most one deadline, in the loop's seconds, for each watched object."""

    __slots__ = ("_armed_at", "_due", "_loop", "_timer")

    def __init__(self) -> None:
        self._loop = asyncio.get_running_loop()
        self._due: dict[Watched, float] = {}
        self._armed_at = math.inf
        self._timer: asyncio.TimerHandle | None = None

    def set(self, watched: Watched, at: float) -> None:
        """Set or move a deadline."""
        self._due[watched] = at
        if at < self._armed_at:
            self._arm(at)

    def clear(self, watched: Watched) -> None:
        """Forget a deadline, if there is one."""
        self._due.pop(watched, None)

    def _arm(self, at: float) -> None:
        if self._timer is not None:
            self._timer.cancel()
        self._armed_at = at
        self._timer = self._loop.call_at(at, self._fire)

    def _fire(self) -> None:
        now, self._armed_at, self._timer = self._armed_at, math.inf, None
        late = [watched for watched, at in self._due.items() if at <= now]
        for watched in late:
            del self._due[watched]
        if self._due:
            self._arm(min(self._due.values()))
        for watched in late:
            watched.overdue()
