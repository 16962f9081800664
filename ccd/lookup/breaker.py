"""The circuit breaker of one system: after failures in a row it is left alone, then tried by one question.

    closed ──(failures in a row)──▶ open ──(open_s later)──▶ half-open ──(answered)──▶ closed
                                     ▲                          │
                                     └────────(failed)──────────┘

Pure: time comes in as monotonic seconds.
"""

from enum import StrEnum


class BreakerState(StrEnum):
    """What happens to the next question."""

    CLOSED = "closed"
    """It is asked."""
    OPEN = "open"
    """It fails at once."""
    HALF_OPEN = "half_open"
    """The first is asked, the others fail at once until it is answered."""


class Breaker:
    """Told of each question's end, it tells whether the next one is asked."""

    def __init__(self, *, failures: int, open_s: float) -> None:
        self._limit = failures
        self._open_s = open_s
        self._in_a_row = 0
        self._open_until: float | None = None
        self._trying = False

    @property
    def in_a_row(self) -> int:
        """How many questions failed since one was answered."""
        return self._in_a_row

    def state(self, now: float) -> BreakerState:
        """Tell what would happen to a question."""
        if self._open_until is None:
            return BreakerState.CLOSED
        return BreakerState.OPEN if now < self._open_until else BreakerState.HALF_OPEN

    def admits(self, now: float) -> bool:
        """Whether a question is asked; whoever is admitted tells its end by one of the methods below."""
        match self.state(now):
            case BreakerState.CLOSED:
                return True
            case BreakerState.OPEN:
                return False
            case BreakerState.HALF_OPEN:
                first, self._trying = not self._trying, True
                return first

    def answered(self) -> None:
        """Take note that the system answered: all questions are asked again."""
        self._in_a_row, self._open_until, self._trying = 0, None, False

    def failed(self, now: float) -> None:
        """Take note that it did not answer as it should."""
        self._in_a_row += 1
        if self._trying or self._in_a_row >= self._limit:
            self._open_until = now + self._open_s
        self._trying = False

    def withdrawn(self) -> None:
        """Take note that nobody waits for the answer any more: it tells nothing of the system."""
        self._trying = False
