"""Calls to the outside: everybody who dials asks here, and what is let out is counted at once.

    verdict = house.outgoing.ask(call_id, number, who)      # a flow's dial, a callback, a transfer
    if isinstance(verdict, Allowed): dial verdict.target, show verdict.caller_id, end after verdict.max_s

The question and the count are one step, without a wait between them: two calls cannot both take the last
place of a limit. The history tells of the rest: `OutgoingAnswered`, and `DialledOut` or `CallEnded` for the
end.
"""

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import datetime, tzinfo
from typing import Protocol

import structlog

from ccd.calls.carried import Dialled
from ccd.calls.design import Design
from ccd.clock import Clock
from ccd.history import CallEnded, DialledOut, Entry, OutgoingAnswered
from ccd.model import AgentNumber, tail_of
from ccd.outbound.ledger import Counts, Ledger, Let
from ccd.outbound.numbers import callee
from ccd.outbound.policy import Allowed, Verdict, Who
from ccd.records.outgoing import OutgoingCall

log = structlog.get_logger(__name__)


class OutgoingShelf(Protocol):
    """Where calls that were let out are kept; never waits (see `ccd.storage.writer`)."""

    def put_outgoing(self, call: OutgoingCall) -> None:
        """Keep what is known of a call."""
        ...


class Outgoing:
    """The policy in use, with its counts."""

    def __init__(
        self, design: Callable[[], Design], clock: Clock, shelf: OutgoingShelf, zone: tzinfo
    ) -> None:
        self._design = design
        self._clock = clock
        self._shelf = shelf
        self._ledger = Ledger(zone)
        self._under_way: dict[str, OutgoingCall] = {}
        self._remembered: set[str] = set()
        self._alarmed = False
        self.let_out = 0
        self.refused: Counter[str] = Counter()
        """Refusals since the start, by reason."""
        self.caller_id_of: Callable[[AgentNumber], str] = lambda _agent: ""
        """What an agent shows, as stored."""

    # ------------------------------------------------------------ the question

    def consider(self, number: str, who: Who, at: datetime | None = None) -> Verdict:
        """Decide without counting."""
        design = self._design()
        self._ledger.window_s = design.config.outbound.limits.callee.window_s
        now = at or self._clock.wall(self._clock.now())
        return design.outbound.decide(number, who, now, self._ledger)

    def ask(self, call_id: str, number: str, who: Who) -> Verdict:
        """Decide, and count the call if it is let out; a refusal is logged and counted."""
        verdict = self.consider(number, who)
        if not isinstance(verdict, Allowed):
            self.refused[verdict.reason.value] += 1
            log.warning(
                "outside number refused",
                call=call_id,
                number=number,
                by=who.person or who.flow or who.queue,
                reason=verdict.reason.value,
                rule=verdict.rule,
            )
            return verdict
        self.let_out += 1
        agent = AgentNumber(who.agent) if who.agent else None
        self.begin(call_id, agent, verdict, self._clock.now())
        self._watch()
        return verdict

    def taken_over(self, number: str, dialled: Dialled) -> Allowed:
        """Give the verdict on a call that was let out by an earlier process, or by the dialplan alone."""
        design = self._design()
        who = Who(agent=dialled.agent or "", extension=dialled.extension)
        return Allowed(
            number=number,
            target="",
            callee=callee(number, design.config.outbound.country),
            rule=dialled.rule,
            person=who.person,
        )

    # ------------------------------------------------------------ the counts

    def begin(self, call_id: str, agent: AgentNumber | None, verdict: Allowed, at: float) -> None:
        """Count a call that was let out at a monotonic instant, by us or by an earlier process."""
        self.end(call_id, None)  # a call may dial again, but one number at a time
        moment = self._clock.wall(at)
        let = Let(person=verdict.person, callee=verdict.callee.e164, promised_s=verdict.max_s or 0.0)
        counted = call_id in self._remembered
        self._remembered.discard(call_id)
        self._ledger.begin(call_id, let, moment.timestamp(), counted=counted)
        self._put(
            OutgoingCall(
                call_id=call_id,
                at=moment,
                person=verdict.person,
                agent=agent,
                callee=verdict.callee.e164,
                tail=tail_of(verdict.callee.e164),
            )
        )

    def remember(self, calls: Iterable[OutgoingCall]) -> None:
        """Count what an earlier process let out, in the order in which it was."""
        now = self._clock.wall(self._clock.now()).timestamp()
        for call in calls:
            self._remembered.add(call.call_id)
            self._ledger.remember(call.person, call.callee, call.at.timestamp(), call.talk_s, now)

    def note(self, entry: Entry) -> None:
        """Take one entry of the history."""
        match entry:
            case OutgoingAnswered(call_id=call_id, at=at):
                self.answered(call_id, at)
            case DialledOut(call_id=call_id, talk_s=talk_s):
                self.end(call_id, talk_s)
            case CallEnded(call_id=call_id):
                self.end(call_id, None)
            case _:
                pass

    def answered(self, call_id: str, at: float) -> None:
        """Note that the other side answered."""
        call = self._under_way.get(call_id)
        if call is not None and not call.answered:
            self._ledger.answered(call_id, self._clock.wall(at).timestamp())
            self._put(replace(call, answered=True))

    def end(self, call_id: str, talk_s: float | None) -> None:
        """Note that a call is over; `talk_s` when it is known better than by the answer."""
        call = self._under_way.pop(call_id, None)
        if call is None:
            return
        talked_s = self._ledger.end(call_id, self._clock.wall(self._clock.now()).timestamp(), talk_s)
        self._shelf.put_outgoing(replace(call, talk_s=talked_s, answered=call.answered or talked_s > 0))

    def _put(self, call: OutgoingCall) -> None:
        self._under_way[call.call_id] = call
        self._shelf.put_outgoing(call)

    def used(self) -> tuple[Counts, list[tuple[str, Counts]]]:
        """Give what all together have used, and who has called today, most calls first."""
        now = self._clock.wall(self._clock.now()).timestamp()
        people = [(person, self._ledger.counts(person, "", now)) for person in self._ledger.people()]
        people = [
            (person, counts) for person, counts in people if person and (counts.day or counts.concurrent)
        ]
        return self._ledger.counts("", "", now), sorted(people, key=lambda each: -each[1].day)

    # ------------------------------------------------------------ the alarm

    @property
    def alarm(self) -> str:
        """Say how near the limit of the whole system is, once it is near; else nothing."""
        system = self._design().config.outbound.limits.system
        if system.per_hour is None:
            return ""
        now = self._clock.wall(self._clock.now()).timestamp()
        hour = self._ledger.counts("", "", now).system_hour
        near = hour >= max(1.0, system.per_hour * system.alarm_percent / 100)
        return f"{hour}/{system.per_hour}" if near else ""

    def _watch(self) -> None:
        alarm = self.alarm
        if alarm and not self._alarmed:
            log.error("many calls to the outside: is it fraud?", last_hour=alarm)
        self._alarmed = bool(alarm)
