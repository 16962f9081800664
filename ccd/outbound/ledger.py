"""How many calls were let out, by whom and to whom: the counts by which the limits are kept.

A call counts from the instant at which it is let out. Of the minutes a day a call under way has what it was
promised, so that calls at the same moment cannot use the same minutes. Instants are epoch seconds.
"""

from collections import deque
from dataclasses import dataclass, field
from datetime import date, datetime, tzinfo

HOUR_S = 3600.0
_SWEEP_EVERY = 10_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Counts:
    """What has been counted for one person and one callee, at one instant."""

    hour: int = 0
    """Calls of this person within the last 60 minutes."""
    day: int = 0
    talk_s: float = 0.0
    """Talk of this person today, with what calls under way may still use."""
    concurrent: int = 0
    callee_window: int = 0
    """Calls to this number within the window."""
    callee_day: int = 0
    system_hour: int = 0
    system_concurrent: int = 0


@dataclass(slots=True, kw_only=True)
class Let:
    """A call that was let out and is not over."""

    person: str
    callee: str
    promised_s: float
    answered_at: float | None = None


@dataclass(slots=True)
class _Tally:
    """The counts of one person, of one callee, or of all."""

    day: date
    calls: int = 0
    talk_s: float = 0.0
    promised_s: float = 0.0
    concurrent: int = 0
    recent: deque[float] = field(default_factory=deque)

    def turn(self, today: date) -> None:
        """Begin a new day."""
        if today > self.day:
            self.day, self.calls, self.talk_s = today, 0, 0.0

    def within(self, at: float, window_s: float) -> int:
        """Count the calls of the window that ends at `at`; older ones are forgotten."""
        while self.recent and self.recent[0] <= at - window_s:
            self.recent.popleft()
        return len(self.recent)


class Ledger:
    """The counts. `zone` says when a day begins, `window_s` how long the window of a callee is."""

    def __init__(self, zone: tzinfo, window_s: float = 300.0) -> None:
        self._zone = zone
        self.window_s = window_s
        self._people: dict[str, _Tally] = {}
        self._callees: dict[str, _Tally] = {}
        self._system = _Tally(date.min)
        self._under_way: dict[str, Let] = {}
        self._since_sweep = 0

    def counts(self, person: str, callee: str, at: float) -> Counts:
        """Give what is counted now. `person` and `callee` may be empty: nobody in particular."""
        today = self._date(at)
        nobody = _Tally(today)
        theirs = self._people.get(person, nobody)
        its = self._callees.get(callee, nobody)
        for tally in (theirs, its, self._system):
            tally.turn(today)
        return Counts(
            hour=theirs.within(at, HOUR_S),
            day=theirs.calls,
            talk_s=theirs.talk_s + theirs.promised_s,
            concurrent=theirs.concurrent,
            callee_window=its.within(at, self.window_s),
            callee_day=its.calls,
            system_hour=self._system.within(at, HOUR_S),
            system_concurrent=self._system.concurrent,
        )

    def people(self) -> list[str]:
        """Name everybody who is counted."""
        return list(self._people)

    def begin(self, call_id: str, let: Let, at: float, *, counted: bool = False) -> None:
        """Count a call that is let out; told twice it counts once. `counted`: `remember` has it already."""
        if call_id in self._under_way:
            return
        self._under_way[call_id] = let
        for tally in self._tallies(let, at):
            tally.concurrent += 1
            tally.promised_s += let.promised_s
            if not counted:
                tally.calls += 1
                tally.recent.append(at)
        self._since_sweep += 1
        if self._since_sweep >= _SWEEP_EVERY:
            self._sweep(at)

    def answered(self, call_id: str, at: float) -> None:
        """Note that the other side answered."""
        let = self._under_way.get(call_id)
        if let is not None and let.answered_at is None:
            let.answered_at = at

    def end(self, call_id: str, at: float, talk_s: float | None = None) -> float:
        """Note that a call is over, and give its seconds of talk; `talk_s` when they are known better."""
        let = self._under_way.pop(call_id, None)
        if let is None:
            return 0.0
        if talk_s is None:
            talk_s = 0.0 if let.answered_at is None else max(0.0, at - let.answered_at)
        for tally in self._tallies(let, at):
            tally.concurrent -= 1
            tally.promised_s = max(0.0, tally.promised_s - let.promised_s) if tally.concurrent else 0.0
            tally.talk_s += talk_s
        return talk_s

    def remember(self, person: str, callee: str, at: float, talk_s: float, now: float) -> None:
        """Count a call of an earlier process, in the order in which they were made."""
        today, day = self._date(now), self._date(at)
        for tally in self._tallies(Let(person=person, callee=callee, promised_s=0.0), now):
            if day == today:
                tally.calls += 1
                tally.talk_s += talk_s
            if at > now - max(HOUR_S, self.window_s):
                tally.recent.append(at)

    def _tallies(self, let: Let, at: float) -> list[_Tally]:
        today = self._date(at)

        def of(tallies: dict[str, _Tally], key: str) -> _Tally:
            return tallies.setdefault(key, _Tally(today))

        found = [of(self._people, let.person), of(self._callees, let.callee), self._system]
        for tally in found:
            tally.turn(today)
        return found

    def _sweep(self, at: float) -> None:
        """Forget those of whom nothing counts any more."""
        today = self._date(at)
        self._since_sweep = 0

        def idle(tally: _Tally) -> bool:
            return not tally.concurrent and tally.day < today and not tally.within(at, HOUR_S)

        for tallies in (self._people, self._callees):
            for key in [key for key, tally in tallies.items() if idle(tally)]:
                del tallies[key]

    def _date(self, at: float) -> date:
        return datetime.fromtimestamp(at, self._zone).date()
