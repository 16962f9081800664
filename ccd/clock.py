"""Time: durations come from the monotonic clock, dates from the wall clock, and the two meet only here."""

import time
from datetime import UTC, datetime, timedelta
from typing import Protocol


class Clock(Protocol):
    """What the daemon needs of time; tests bring a `FakeClock`."""

    def now(self) -> float:
        """Give monotonic seconds."""
        ...

    def wall(self, at: float) -> datetime:
        """Give the aware UTC date of a monotonic instant, by the wall clock as it stands now."""
        ...

    def monotonic(self, wall: datetime) -> float:
        """Give the monotonic instant of a date; before the start of the process it is in the past."""
        ...


class SystemClock:
    """The machine's clocks. A jump of the wall clock changes dates from then on, never a duration."""

    def now(self) -> float:
        """Give monotonic seconds, the same as asyncio's `loop.time()`."""
        return time.monotonic()

    def wall(self, at: float) -> datetime:
        """Give the aware UTC date of a monotonic instant."""
        return datetime.now(UTC) - timedelta(seconds=time.monotonic() - at)

    def monotonic(self, wall: datetime) -> float:
        """Give the monotonic instant of a date."""
        return time.monotonic() - (datetime.now(UTC) - wall).total_seconds()
