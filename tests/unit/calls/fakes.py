"""A clock that stands until it is advanced."""

from datetime import UTC, datetime, timedelta


class FakeClock:
    """Satisfies `ccd.clock.Clock`; monotonic time begins at 1000 s."""

    def __init__(self, wall: datetime = datetime(2026, 11, 21, 9, tzinfo=UTC)) -> None:
        self._wall = wall
        self._now = 1000.0

    def advance(self, by: timedelta) -> None:
        """Let time pass, on both clocks."""
        self._wall += by
        self._now += by.total_seconds()

    def jump(self, by: timedelta) -> None:
        """Set the wall clock, as an administrator or NTP would."""
        self._wall += by

    def now(self) -> float:
        """Give monotonic seconds."""
        return self._now

    def wall(self, at: float) -> datetime:
        """Give the date of an instant."""
        return self._wall - timedelta(seconds=self._now - at)

    def monotonic(self, wall: datetime) -> float:
        """Give the instant of a date."""
        return self._now - (self._wall - wall).total_seconds()
