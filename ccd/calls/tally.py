"""Each queue's counts of today, for `queue show` and the boards: a fold of the history, kept as it happens.

Reports over other days are computed from the stored records; these live counts start with the day, or with
the daemon when that is later.
"""

from dataclasses import dataclass
from datetime import date, datetime, tzinfo

from ccd.clock import Clock
from ccd.history import (
    CallbackRequested,
    CallEnded,
    Entry,
    QueueEntered,
    QueueLeft,
    TalkEnded,
    TalkStarted,
)
from ccd.model import AgentNumber, CallId, QueueName, QueueOutcome, StickyResult

THRESHOLD_S = 20
"""The service level's threshold of the live counts: 80 % in 20 s is the usual aim."""


@dataclass(slots=True, kw_only=True)
class Count:
    """One queue's counts; `since` is aware."""

    since: datetime
    offered: int = 0
    answered: int = 0
    answered_in_time: int = 0
    abandoned: int = 0
    abandoned_in_time: int = 0
    timed_out: int = 0
    callbacks: int = 0
    """Left with the promise of a call back."""
    called_back: int = 0
    """Callbacks that an agent and the customer talked in; not among the offered, who were counted before."""
    other: int = 0
    wait_s: float = 0.0
    """Of the answered, summed."""
    talks: int = 0
    talk_s: float = 0.0
    sticky_hits: int = 0
    sticky_misses: int = 0


def percent(part: int, whole: int) -> float:
    """Give a share in percent with one decimal; of nothing it is 0."""
    return round(100 * part / whole, 1) if whole else 0.0


class Tally:
    """A listener of the history."""

    def __init__(self, clock: Clock, zone: tzinfo) -> None:
        self._clock = clock
        self._zone = zone
        self._day = self._today()
        self._since = clock.wall(clock.now())
        self._counts: dict[QueueName, Count] = {}
        self._exits: dict[CallId, QueueLeft] = {}
        """How those left a queue who are still in their call."""
        self._talks: dict[tuple[CallId, AgentNumber], float] = {}

    def of(self, queue: QueueName) -> Count:
        """Give a queue's counts of today."""
        if (today := self._today()) != self._day:
            self._day, self._counts = today, {}
            self._since = datetime(today.year, today.month, today.day, tzinfo=self._zone)
        return self._counts.setdefault(queue, Count(since=self._since))

    def note(self, entry: Entry) -> None:
        """Take one entry of the history."""
        match entry:
            case QueueEntered(queue=queue, callback=False):
                self.of(queue).offered += 1
            case CallbackRequested():
                self._promised(entry)
            case TalkStarted():
                self._talks[entry.call_id, entry.agent] = entry.at
            case TalkEnded():
                began = self._talks.pop((entry.call_id, entry.agent), None)
                if began is not None:
                    count = self.of(entry.queue)
                    count.talks += 1
                    count.talk_s += entry.at - began
            case QueueLeft(callback=True):
                self.of(entry.queue).called_back += entry.outcome is QueueOutcome.ANSWERED
            case QueueLeft():
                self._exits[entry.call_id] = entry
                self._left(entry)
            case CallEnded():
                self._exits.pop(entry.call_id, None)
            case _:
                pass

    def _left(self, entry: QueueLeft) -> None:
        count = self.of(entry.queue)
        in_time = entry.waited_s <= THRESHOLD_S
        match entry.outcome:
            case QueueOutcome.ANSWERED:
                count.answered += 1
                count.answered_in_time += in_time
                count.wait_s += entry.waited_s
            case QueueOutcome.ABANDONED:
                count.abandoned += 1
                count.abandoned_in_time += in_time
            case QueueOutcome.TIMED_OUT:
                count.timed_out += 1
            case _:
                count.other += 1
        count.sticky_hits += entry.sticky is StickyResult.HIT
        count.sticky_misses += entry.sticky is StickyResult.MISS

    def _promised(self, entry: CallbackRequested) -> None:
        """Count a promise, in place of the way in which the caller left the queue for it, if they did."""
        count = self.of(entry.queue)
        count.callbacks += 1
        exit_ = self._exits.get(entry.call_id)
        if not entry.waited or exit_ is None or exit_.queue != entry.queue:
            count.offered += 1
        elif exit_.outcome is QueueOutcome.TIMED_OUT:
            count.timed_out -= 1
        else:
            count.other -= 1

    def _today(self) -> date:
        return self._clock.wall(self._clock.now()).astimezone(self._zone).date()
