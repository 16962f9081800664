"""Histories of calls for the tests: short to write, true in their order."""

from datetime import UTC, datetime
from typing import Any

from ccd.history import (
    CallEnded,
    CallStarted,
    Candidate,
    Decided,
    Entry,
    FlowEntered,
    FlowLeft,
    HoldChanged,
    NodeVisited,
    OfferEnded,
    OfferStarted,
    QueueEntered,
    QueueLeft,
    RecordingStarted,
    RecordingStored,
    SurveyEnded,
    SurveyOffered,
    TalkEnded,
    TalkStarted,
)
from ccd.model import (
    AgentNumber,
    CallId,
    ChannelId,
    Device,
    OfferId,
    OfferResult,
    QueueName,
    QueueOutcome,
    Side,
    StickyResult,
)
from ccd.records.fold import CallFold
from ccd.records.record import CallRecord

WALL = datetime(2026, 11, 21, 1, 30, tzinfo=UTC)
START = 1000.0
ID = CallId("1795224600.1")
SALES = QueueName("sales")


def started(**changes: Any) -> CallStarted:
    told = {
        "call_id": ID,
        "at": START,
        "channel": "PJSIP/trunk-00000001",
        "linkedid": str(ID),
        "number": "13800138000",
        "name": "张伟",
        "called": "4000",
        "language": "zh",
    }
    return CallStarted(**(told | changes))


def flow(begin: float, end: float, result: str = "1") -> list[Entry]:
    return [
        FlowEntered(call_id=ID, at=START + begin, flow="main"),
        NodeVisited(call_id=ID, at=START + end, flow="main", node="menu", result=result, kind="menu"),
        FlowLeft(call_id=ID, at=START + end, flow="main"),
    ]


def entered(at: float, queue: str = "sales", position: int = 1) -> QueueEntered:
    return QueueEntered(
        call_id=ID, at=START + at, queue=QueueName(queue), position=position, priority=0, number="13800138000"
    )


def left(at: float, outcome: QueueOutcome, waited: float, queue: str = "sales") -> QueueLeft:
    return QueueLeft(
        call_id=ID,
        at=START + at,
        queue=QueueName(queue),
        outcome=outcome,
        position=1,
        original_position=2,
        waited_s=waited,
        sticky=StickyResult.NONE,
    )


def offer(begin: float, end: float, result: OfferResult, agent: str = "1001", of: str = "o1") -> list[Entry]:
    who, which, device = AgentNumber(agent), OfferId(of), Device(f"PJSIP/{agent}")
    return [
        Decided(
            call_id=ID,
            at=START + begin,
            offer_id=which,
            queue=SALES,
            strategy="rrmemory",
            rule="rrmemory after position 2",
            trigger="caller joined",
            waited_s=0.0,
            ahead=0,
            candidates=(Candidate(agent=who, verdict="chosen", key="position 3"),),
            members=3,
        ),
        OfferStarted(
            call_id=ID, at=START + begin, offer_id=which, queue=SALES, agent=who, device=device, sticky=False
        ),
        OfferEnded(
            call_id=ID,
            at=START + end,
            offer_id=which,
            queue=SALES,
            agent=who,
            result=result,
            ring_s=end - begin,
        ),
    ]


def talk(
    begin: float, end: float, wait: float, agent: str = "1001", of: str = "o1", *, by: Side = Side.AGENT
) -> list[Entry]:
    return [
        TalkStarted(
            call_id=ID,
            at=START + begin,
            queue=SALES,
            agent=AgentNumber(agent),
            leg=ChannelId("1795224600.2"),
            offer_id=OfferId(of),
            queue_wait_s=wait,
        ),
        TalkEnded(call_id=ID, at=START + end, queue=SALES, agent=AgentNumber(agent), by=by),
    ]


def hold(at: float, *, on: bool, agent: str = "1001") -> HoldChanged:
    return HoldChanged(call_id=ID, at=START + at, agent=AgentNumber(agent), on=on)


def recording(at: float, stored: float, length: float, of: str = "o1") -> list[Entry]:
    path = "2026/11/21/1795224600.1-1.wav"
    return [
        RecordingStarted(call_id=ID, at=START + at, path=path, offer_id=OfferId(of)),
        RecordingStored(
            call_id=ID, at=START + stored, path=path, length_s=length, size=160_044, sha256="ab" * 32
        ),
    ]


def survey(begin: float, end: float, digit: str = "1", label: str = "非常满意") -> list[Entry]:
    who = {"survey": "satisfaction", "queue": SALES, "agent": AgentNumber("1001")}
    return [
        SurveyOffered(call_id=ID, at=START + begin, **who),
        SurveyEnded(call_id=ID, at=START + end, digit=digit, label=label, **who),
    ]


def ended(at: float, by: Side = Side.CALLER, cause: int = 16) -> CallEnded:
    return CallEnded(call_id=ID, at=START + at, by=by, cause=cause)


def whole_call() -> list[Entry]:
    """Menu 4 s, waits 2 s, 1001 does not answer for 5 s, 1002 after 3 s, talks 20 s, 6 of them on hold."""
    return [
        *flow(0.0, 4.0),
        entered(4.0),
        *offer(6.0, 11.0, OfferResult.NO_ANSWER, "1001", "o1"),
        *offer(11.0, 14.0, OfferResult.ANSWERED, "1002", "o2"),
        *recording(11.0, 36.5, 20.0, "o2"),
        *talk(14.0, 34.0, 10.0, "1002", "o2"),
        left(14.0, QueueOutcome.ANSWERED, 10.0),
        hold(20.0, on=True, agent="1002"),
        hold(26.0, on=False, agent="1002"),
        *survey(34.0, 36.0),
        ended(36.0, Side.SYSTEM),
    ]


def fold_of(*entries: Entry, **start: Any) -> CallFold:
    fold = CallFold(started(**start), WALL)
    for entry in entries:
        fold.apply(entry)
    return fold


def record_of(*entries: Entry, **start: Any) -> CallRecord:
    return fold_of(*entries, **start).record()
