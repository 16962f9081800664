"""The history in the form of Asterisk's `queue_log`, for the reporting tools that read it.

One line an event, `epoch|callid|queue|agent|EVENT|data1|data2|…`, nothing quoted, as Asterisk 22's
`app_queue.c` and `logger.c` write it. Agents are written as `Agent/1001`: the form that QueueMetrics and
Asternic know for people who sit at any phone. `DID`, `PAUSEREASON`, `CALLSTATUS`, `CALLERONHOLD`,
`CALLEROFFHOLD`, `INFO` and `CALLOUTBOUND` are verbs of the readers' own and not of Asterisk's.

What has no word there is told by the nearest: a caller turned away by a full queue, or taken out of it by a
transfer, did not hang up, and so is an `EXITWITHTIMEOUT`; one whom we failed is an `ABANDON`.
"""

from collections import OrderedDict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

from ccd.history import (
    AgentStatusChanged,
    CallbackRequested,
    CallEnded,
    CallStarted,
    DispositionChosen,
    Entry,
    HoldChanged,
    OfferEnded,
    QueueEntered,
    QueueLeft,
    TalkEnded,
    TalkStarted,
)
from ccd.model import AgentNumber, AgentStatus, CallId, OfferId, OfferResult, QueueOutcome, Side, device_of
from ccd.records.text import clean

NONE: Final = "NONE"
_MAX_CALLS: Final = 20_000
"""Calls remembered at once; one whose end was never told is forgotten when so many came after it."""

_EXITS: Final = {
    QueueOutcome.ABANDONED: "ABANDON",
    QueueOutcome.FAILED: "ABANDON",
    QueueOutcome.NOT_REACHED: "ABANDON",
    QueueOutcome.CANCELLED: "EXITWITHTIMEOUT",
    QueueOutcome.TIMED_OUT: "EXITWITHTIMEOUT",
    QueueOutcome.FULL: "EXITWITHTIMEOUT",
    QueueOutcome.TRANSFERRED: "EXITWITHTIMEOUT",
    QueueOutcome.EMPTY: "EXITEMPTY",
    QueueOutcome.CLOSED: "EXITEMPTY",
}
_RINGS: Final = {
    OfferResult.NO_ANSWER: "RINGNOANSWER",
    OfferResult.BUSY: "RINGNOANSWER",
    OfferResult.DECLINED: "RINGNOANSWER",
    OfferResult.CALLER_LEFT: "RINGCANCELED",
    OfferResult.WITHDRAWN: "RINGCANCELED",
}
"""The loser of a ring-all and the unreachable phone have no line: Asterisk writes none either."""


@dataclass(slots=True)
class _Talk:
    queue: str
    wait_s: float
    since: float


@dataclass(slots=True)
class _Call:
    called: str = ""
    did_told: bool = False
    ended: bool = False
    original_position: int = 1
    called_back: str = ""
    """The number, of a call by which we call a customer back."""
    rings: dict[tuple[OfferId, AgentNumber], float] = field(default_factory=dict)
    talks: dict[AgentNumber, _Talk] = field(default_factory=dict)


class QueueLog:
    """Turns entries into lines, in their order; remembers of each call what its later lines need."""

    def __init__(self, agent_form: str = "Agent/{}") -> None:
        self._agent_form = agent_form
        self._calls: OrderedDict[CallId, _Call] = OrderedDict()

    def started(self, wall: datetime) -> str:
        """Give the line that marks our start."""
        return _line(wall, NONE, NONE, NONE, "QUEUESTART", "")

    def reloaded(self, wall: datetime) -> str:
        """Give the line that marks a new configuration."""
        return _line(wall, NONE, NONE, NONE, "CONFIGRELOAD", "")

    def lines(self, entry: Entry, wall: datetime) -> list[str]:
        """Give the lines of one entry, often none; `wall` is the aware date of its `at`."""
        return list(self._lines(entry, wall))

    def _lines(self, entry: Entry, wall: datetime) -> Iterator[str]:  # noqa: C901, PLR0912 - a case an entry
        match entry:
            case CallStarted():
                self._call(entry.call_id).called = entry.called
            case QueueEntered():
                yield from self._entered(entry, wall)
            case OfferEnded():
                yield from self._rang(entry, wall)
            case TalkStarted():
                yield from self._connected(entry, wall)
            case HoldChanged():
                talk = self._call(entry.call_id).talks.get(entry.agent)
                if talk is not None:
                    verb = "CALLERONHOLD" if entry.on else "CALLEROFFHOLD"
                    yield _line(wall, entry.call_id, talk.queue, self._agent(entry.agent), verb, "")
            case TalkEnded():
                yield from self._completed(entry, wall)
            case DispositionChosen():
                yield _line(
                    wall, entry.call_id, entry.queue, self._agent(entry.agent), "CALLSTATUS", entry.code
                )
            case QueueLeft():
                yield from self._left(entry, wall)
            case CallbackRequested():
                yield _line(wall, entry.call_id, entry.queue, NONE, "INFO", "CALLBACK", entry.number)
            case CallEnded():
                self._call(entry.call_id).ended = True
                self._forget(entry.call_id)
            case AgentStatusChanged():
                yield from self._status_changed(entry, wall)
            case _:
                pass  # of no interest to the readers of this log

    # ------------------------------------------------------------ calls

    def _call(self, call_id: CallId) -> _Call:
        call = self._calls.get(call_id)
        if call is None:
            call = self._calls[call_id] = _Call()
            if len(self._calls) > _MAX_CALLS:
                self._calls.popitem(last=False)
        return call

    def _forget(self, call_id: CallId) -> None:
        call = self._calls.get(call_id)
        if call is not None and call.ended and not call.talks:  # the end of a talk may be told last
            del self._calls[call_id]

    def _agent(self, agent: AgentNumber) -> str:
        return self._agent_form.format(agent)

    def _entered(self, entry: QueueEntered, wall: datetime) -> Iterator[str]:
        call = self._call(entry.call_id)
        call.called_back = entry.number if entry.callback else ""
        if entry.callback:
            return  # nobody came: the customer was counted when they called
        call.original_position = entry.position
        if call.called and not call.did_told:
            call.did_told = True
            yield _line(wall, entry.call_id, NONE, NONE, "DID", call.called)
        yield _line(wall, entry.call_id, entry.queue, NONE, "ENTERQUEUE", "", entry.number, entry.position)

    def _rang(self, entry: OfferEnded, wall: datetime) -> Iterator[str]:
        if entry.result is OfferResult.ANSWERED:
            self._call(entry.call_id).rings[entry.offer_id, entry.agent] = entry.ring_s
        verb = _RINGS.get(entry.result)
        if verb is not None:
            milliseconds = round(max(0.0, entry.ring_s) * 1000)
            yield _line(wall, entry.call_id, entry.queue, self._agent(entry.agent), verb, milliseconds)

    def _connected(self, entry: TalkStarted, wall: datetime) -> Iterator[str]:
        call = self._call(entry.call_id)
        ring_s = call.rings.pop((entry.offer_id, entry.agent), 0.0)
        call.talks[entry.agent] = _Talk(entry.queue, entry.queue_wait_s, entry.at)
        if call.called_back:
            agent, number = self._agent(entry.agent), call.called_back
            yield _line(wall, entry.call_id, entry.queue, agent, "CALLOUTBOUND", number, "")
        yield _line(
            wall,
            entry.call_id,
            entry.queue,
            self._agent(entry.agent),
            "CONNECT",
            _whole(entry.queue_wait_s),
            entry.leg or "",
            _whole(ring_s),
        )

    def _completed(self, entry: TalkEnded, wall: datetime) -> Iterator[str]:
        call = self._calls.get(entry.call_id) or _Call()
        talk = call.talks.pop(entry.agent, None) or _Talk(entry.queue, 0.0, entry.at)
        self._forget(entry.call_id)
        verb = "COMPLETECALLER" if entry.by is Side.CALLER else "COMPLETEAGENT"
        yield _line(
            wall,
            entry.call_id,
            entry.queue,
            self._agent(entry.agent),
            verb,
            _whole(talk.wait_s),
            _whole(entry.at - talk.since),
            call.original_position,
        )

    def _left(self, entry: QueueLeft, wall: datetime) -> Iterator[str]:
        if entry.callback:
            return
        waited = entry.position, entry.original_position, _whole(entry.waited_s)
        if entry.outcome is QueueOutcome.KEY:
            yield _line(wall, entry.call_id, entry.queue, NONE, "EXITWITHKEY", entry.key, *waited)
        elif entry.outcome in _EXITS:
            yield _line(wall, entry.call_id, entry.queue, NONE, _EXITS[entry.outcome], *waited)

    # ------------------------------------------------------------ agents

    def _status_changed(self, entry: AgentStatusChanged, wall: datetime) -> Iterator[str]:
        out, paused = AgentStatus.LOGGED_OUT, AgentStatus.PAUSED
        if entry.previous is out and entry.status is not out:
            yield self._agent_line(entry, wall, "AGENTLOGIN", _phone(entry))
            pause = "PAUSED" if entry.status is paused else ""
            yield from self._in_each_queue(entry, wall, "ADDMEMBER", pause)
        if entry.previous is paused and entry.status is AgentStatus.AVAILABLE:
            yield from self._in_each_queue(entry, wall, "UNPAUSE", entry.previous_reason)
            yield self._agent_line(entry, wall, "UNPAUSEALL", entry.previous_reason)
        if entry.status is paused:
            yield from self._in_each_queue(entry, wall, "PAUSE", entry.reason)
            yield self._agent_line(entry, wall, "PAUSEALL", entry.reason)
            if entry.reason:
                yield self._agent_line(entry, wall, "PAUSEREASON", entry.reason)
        if entry.status is out and entry.previous is not out:
            yield from self._in_each_queue(entry, wall, "REMOVEMEMBER", "")
            yield self._agent_line(entry, wall, "AGENTLOGOFF", _phone(entry), _whole(entry.session_s))

    def _agent_line(self, entry: AgentStatusChanged, wall: datetime, verb: str, *data: object) -> str:
        return _line(wall, NONE, NONE, self._agent(entry.agent), verb, *data)

    def _in_each_queue(
        self, entry: AgentStatusChanged, wall: datetime, verb: str, data: str
    ) -> Iterable[str]:
        return [_line(wall, NONE, queue, self._agent(entry.agent), verb, data) for queue in entry.queues]


def _phone(entry: AgentStatusChanged) -> str:
    return "" if entry.extension is None else device_of(entry.extension)


def _whole(seconds: float) -> int:
    return max(0, round(seconds))


def _line(wall: datetime, *values: object) -> str:
    cells = (clean(str(value)).replace("|", "/") for value in values)
    return "|".join((str(int(wall.timestamp())), *cells)) + "\n"
