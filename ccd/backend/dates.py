"""Instants of the engine as dates of the API."""

from ccd.clock import Clock
from ccd.http.shapes import Instant, instant


class Dates:
    """Turns monotonic seconds into RFC 3339 text."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock

    def of(self, at: float) -> Instant:
        """Give the date of an instant."""
        return instant(self._clock.wall(at))

    def maybe(self, at: float | None) -> Instant | None:
        """Give the date of an instant that may be missing."""
        return None if at is None else self.of(at)
