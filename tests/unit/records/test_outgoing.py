"""The record of what a phone dialled: one record, one segment, and who talked how long."""

from typing import Any

import pytest

from ccd.history import DialledOut, Entry, OutgoingAnswered, OutgoingDecided, RecordingStarted
from ccd.model import AgentNumber, Direction, Extension, Side
from ccd.records.fold import CallFold
from ccd.records.record import CallRecord, CdrDisposition, Outcome
from ccd.records.story import OUTGOING
from tests.unit.records.calls import ID, SALES, START, WALL, ended, started


def decided(at: float = 0.5, **changes: Any) -> OutgoingDecided:
    """Give the decision to let the number be dialled."""
    told = {
        "call_id": ID,
        "at": START + at,
        "target": "013800138000",
        "extension": Extension("1001"),
        "agent": AgentNumber("1001"),
        "queue": SALES,
        "rule": "allow",
        "caller_id": "01088886666",
    }
    return OutgoingDecided(**(told | changes))


def answered(at: float) -> OutgoingAnswered:
    """Give the answer."""
    return OutgoingAnswered(call_id=ID, at=START + at)


def dialled(at: float, status: str, talk_s: float = 0.0) -> DialledOut:
    """Give the end of the dial."""
    return DialledOut(call_id=ID, at=START + at, target="013800138000", status=status, talk_s=talk_s)


def record_of(*entries: Entry) -> CallRecord:
    """Fold the history of a phone's call."""
    call = started(number="1001", called="013800138000", direction=Direction.OUTBOUND)
    fold = CallFold(call, WALL)
    for entry in entries:
        fold.apply(entry)
    return fold.record()


def test_an_answered_call_has_ring_and_talk_of_the_agent():
    """The number that was dialled, whose call it was, and what was shown."""
    record = record_of(decided(), answered(5.5), dialled(65.5, "ANSWER", 60.0), ended(66.0, by=Side.CALLER))
    assert record.direction is Direction.OUTBOUND
    assert (record.number, record.called) == ("1001", "013800138000")
    assert (record.agent, record.queue) == ("1001", "sales")
    assert (record.outcome, record.cdr_disposition) == (Outcome.ANSWERED, CdrDisposition.ANSWERED)
    assert (record.ring_s, record.talk_s) == (5.0, 60.0)
    (segment,) = record.segments
    assert (segment.kind, segment.result, segment.agent) == ("dial", "ANSWER", "1001")
    assert segment.detail == {
        "target": "013800138000",
        "talk_s": 60.0,
        "extension": "1001",
        "rule": "allow",
        "caller_id": "01088886666",
    }


@pytest.mark.parametrize(
    ("status", "outcome", "disposition"),
    [
        ("BUSY", Outcome.BUSY, CdrDisposition.BUSY),
        ("NOANSWER", Outcome.NO_ANSWER, CdrDisposition.NO_ANSWER),
        ("CONGESTION", Outcome.FAILED, CdrDisposition.CONGESTION),
        ("CHANUNAVAIL", Outcome.FAILED, CdrDisposition.FAILED),
    ],
)
def test_a_call_that_nobody_took_says_why(status, outcome, disposition):
    """By Asterisk's DIALSTATUS; it rang until then."""
    record = record_of(decided(), dialled(20.5, status), ended(21.0))
    assert (record.outcome, record.cdr_disposition, record.talk_s) == (outcome, disposition, 0.0)
    assert record.ring_s == 20.0
    assert record.agent == "1001"


def test_the_phone_hung_up():
    """Before the answer it is cancelled; after it, the talk lasts until then. No end of the dial is told."""
    early = record_of(decided(), ended(10.5, by=Side.AGENT))
    assert (early.outcome, early.ring_s, early.talk_s) == (Outcome.CANCELLED, 10.0, 0.0)
    late = record_of(decided(), answered(5.5), ended(25.5, by=Side.AGENT))
    assert (late.outcome, late.ring_s, late.talk_s) == (Outcome.ANSWERED, 5.0, 20.0)
    assert late.segments[0].detail["talk_s"] == 20.0


def test_a_refusal_is_a_record_with_its_reason():
    """Nothing rang; the rule and the reason stand in the segment."""
    record = record_of(decided(rule="evenings", refusal="hours", caller_id=""), ended(4.0, by=Side.SYSTEM))
    assert (record.outcome, record.cdr_disposition) == (Outcome.REFUSED, CdrDisposition.FAILED)
    assert (record.ring_s, record.talk_s, record.ivr_s) == (0.0, 0.0, 4.0)
    (segment,) = record.segments
    assert (segment.result, segment.detail["rule"], segment.detail["reason"]) == (
        "REFUSED",
        "evenings",
        "hours",
    )


def test_its_recording_belongs_to_the_dial():
    """And to the agent; of a call that nobody answered there is none."""
    made = RecordingStarted(call_id=ID, at=START + 5.5, path="2026/11/21/1-1.wav", offer_id=OUTGOING)
    record = record_of(decided(), answered(5.5), made, ended(9.0))
    (recording,) = record.recordings
    assert (recording.segment, recording.agent, recording.queue) == (1, "1001", "sales")
    assert record_of(decided(), made, ended(9.0)).recordings == ()


def test_a_phone_that_was_sent_on_has_talked_with_both():
    """The first dial is over when the second begins: no second counts twice."""
    record = record_of(
        decided(),
        answered(2.5),
        decided(12.5, target="1003", called_agent=AgentNumber("1003")),
        answered(15.5),
        ended(25.5),
    )
    first, second = record.segments
    assert (first.result, first.duration_s, first.detail["talk_s"]) == ("ANSWER", 12.0, 10.0)
    assert (second.result, second.detail["talk_s"], second.detail["called_agent"]) == ("ANSWER", 10.0, "1003")
    assert (record.ring_s, record.talk_s) == (5.0, 20.0)
