"""The call record as the fold of a call's history."""

import json
import random
from dataclasses import replace
from datetime import timedelta

import pytest

from ccd.history import (
    CallbackRequested,
    CallbackTried,
    DialledOut,
    FactsLearnt,
    RecordingStored,
    VoicemailEnded,
    VoicemailOffered,
)
from ccd.model import AgentNumber, CallId, Direction, OfferId, OfferResult, QueueOutcome, Side, StickyResult
from ccd.records.fold import MAX_CHATTER
from ccd.records.record import CdrDisposition, Outcome, SegmentKind
from tests.unit.records.calls import (
    ID,
    SALES,
    START,
    WALL,
    ended,
    entered,
    flow,
    fold_of,
    hold,
    left,
    offer,
    record_of,
    recording,
    survey,
    talk,
    whole_call,
)


def kinds(record):
    return [segment.kind.value for segment in record.segments]


def test_a_whole_call_is_told_in_one_record():
    """IVR, queue, a missed and an answered offer, talk with hold, survey: each second has its place."""
    record = record_of(*whole_call())
    assert (record.outcome, record.cdr_disposition) == (Outcome.ANSWERED, CdrDisposition.ANSWERED)
    assert (record.queue, record.agent, record.hung_up_by, record.hangup_cause) == (
        "sales",
        "1002",
        Side.SYSTEM,
        16,
    )
    assert (record.duration_s, record.ivr_s, record.queue_wait_s, record.ring_s) == (36.0, 4.0, 2.0, 8.0)
    assert (record.talk_s, record.on_hold_s, record.survey_s) == (14.0, 6.0, 2.0)
    assert record.answered_at == WALL + timedelta(seconds=14)
    assert kinds(record) == ["ivr", "queue", "offer", "offer", "talk", "survey"]
    assert [s.seq for s in record.segments] == [1, 2, 3, 4, 5, 6]
    assert [(s.agent, s.result) for s in record.segments[2:4]] == [
        ("1001", "no_answer"),
        ("1002", "answered"),
    ]
    assert record.survey is not None
    assert (record.survey.digit, record.survey.label, record.survey.agent) == ("1", "非常满意", "1001")
    assert record.sequence == 1


def test_a_recording_hangs_on_its_talk():
    """The recording names the talk's segment, its agent and queue, and what was measured of it."""
    (info,) = record_of(*whole_call()).recordings
    assert (info.id, info.segment, info.agent, info.queue) == ("1795224600.1-1", 5, "1002", "sales")
    assert (info.length_s, info.size) == (20.0, 160_044)


def test_a_recording_of_an_offer_that_nobody_answered_is_no_recording():
    """Asterisk writes only while bridged: an unanswered offer leaves no file to look for."""
    record = record_of(
        entered(0.0),
        *offer(0.0, 5.0, OfferResult.NO_ANSWER),
        *recording(0.0, 9.0, 1.0)[:1],
        left(9.0, QueueOutcome.ABANDONED, 9.0),
        ended(9.0),
    )
    assert record.recordings == ()


def test_decisions_are_kept_apart_from_the_record():
    """Lists stay small: the decisions are told only when they are asked for."""
    record = record_of(*whole_call())
    assert [each.offer_id for each in record.decisions] == ["o1", "o2"]
    assert "decisions" not in record.to_json()
    assert record.to_json(decisions=True)["decisions"][0]["candidates"] == [
        {"agent": "1001", "verdict": "chosen", "key": "position 3"}
    ]


def test_what_was_learnt_of_the_caller_stands_in_the_record():
    """The latest word counts; what cannot be printed is made visible."""
    learnt = [
        FactsLearnt(call_id=ID, at=START + at, source="crm", facts=facts)
        for at, facts in ((1.0, (("Level", "gold"), ("Name", "W\x00"))), (2.0, (("Level", "silver"),)))
    ]
    told = record_of(*flow(0.0, 4.0), *learnt, ended(4.0)).to_json()
    assert told["data"] == {"Level": "silver", "Name": "W\ufffd"}
    assert told["segments"][0]["detail"]["data"] == told["data"]


def test_json_has_stable_keys_and_utc_dates_with_milliseconds():
    """Scripts read the JSON: keys, ISO dates in UTC, null for what is unknown."""
    told = record_of(*flow(0.0, 1.2346), ended(1.2346)).to_json()
    assert json.loads(json.dumps(told)) == told
    assert list(told) == [
        "id",
        "linkedid",
        "channel",
        "direction",
        "started_at",
        "answered_at",
        "ended_at",
        "duration_s",
        "number",
        "name",
        "called",
        "language",
        "queue",
        "agent",
        "outcome",
        "cdr_disposition",
        "hung_up_by",
        "hangup_cause",
        "ivr_s",
        "queue_wait_s",
        "ring_s",
        "talk_s",
        "on_hold_s",
        "survey_s",
        "sticky",
        "survey",
        "disposition_code",
        "dispositions",
        "recordings",
        "recovered",
        "sequence",
        "voicemail_s",
        "mailbox",
        "segments",
        "data",
    ]
    assert told["started_at"] == "2026-11-21T01:30:00.000Z"
    assert told["ended_at"] == "2026-11-21T01:30:01.234Z"
    assert (told["answered_at"], told["queue"], told["survey"]) == (None, None, None)
    assert told["segments"][0]["detail"] == {
        "flow": "main",
        "nodes": [{"node": "menu", "result": "1", "after_s": 1.235, "kind": "menu"}],
    }


@pytest.mark.parametrize("outcome", [each for each in QueueOutcome if each is not QueueOutcome.ANSWERED])
def test_a_call_that_left_the_queue_unserved_says_how(outcome):
    """Abandoned, timed out, full, … are different outcomes, and none of them is an answer."""
    record = record_of(entered(0.0), left(7.0, outcome, 7.0), ended(7.0))
    assert record.outcome is not None
    assert record.outcome.value == outcome.value
    assert record.cdr_disposition in {CdrDisposition.NO_ANSWER, CdrDisposition.FAILED}
    assert (record.queue_wait_s, record.answered_at, record.agent) == (7.0, None, None)


def test_the_last_queue_counts():
    """A caller who overflowed into another queue and was served there was answered."""
    record = record_of(
        entered(0.0),
        left(10.0, QueueOutcome.TIMED_OUT, 10.0),
        entered(10.0, "support"),
        *offer(10.0, 12.0, OfferResult.ANSWERED),
        left(12.0, QueueOutcome.ANSWERED, 2.0, "support"),
        *talk(12.0, 20.0, 2.0),
        ended(20.0),
    )
    assert (record.outcome, record.queue) == (Outcome.ANSWERED, "support")
    assert [s.result for s in record.segments if s.kind is SegmentKind.QUEUE] == ["timed_out", "answered"]
    assert record.queue_wait_s + record.ring_s == 12.0


def test_ring_all_counts_each_second_once():
    """Three phones that ring at once for four seconds are four seconds of ringing."""
    record = record_of(
        entered(0.0),
        *offer(0.0, 4.0, OfferResult.ANSWERED, "1001"),
        *offer(0.0, 4.2, OfferResult.LOST_RACE, "1002"),
        *offer(0.0, 4.2, OfferResult.LOST_RACE, "1003"),
        left(4.0, QueueOutcome.ANSWERED, 4.0),
        *talk(4.0, 9.0, 4.0),
        ended(9.0),
    )
    assert (record.ring_s, record.queue_wait_s, record.talk_s) == (4.0, 0.0, 5.0)
    assert kinds(record).count("offer") == 3


def test_a_call_that_never_reached_a_queue_ended_in_the_ivr():
    """Self-service is neither an answer nor an abandoned call."""
    record = record_of(*flow(0.0, 8.0), ended(8.0))
    assert (record.outcome, record.cdr_disposition) == (Outcome.IVR_ENDED, CdrDisposition.NO_ANSWER)


@pytest.mark.parametrize(
    ("status", "talk_s", "disposition"),
    [
        ("ANSWER", 12.0, CdrDisposition.ANSWERED),
        ("BUSY", 0.0, CdrDisposition.BUSY),
        ("CONGESTION", 0.0, CdrDisposition.CONGESTION),
        ("CHANUNAVAIL", 0.0, CdrDisposition.FAILED),
        ("NOANSWER", 0.0, CdrDisposition.NO_ANSWER),
    ],
)
def test_a_call_sent_outside_has_a_dial_segment(status, talk_s, disposition):
    """Ringing and talk of an outside leg are told, and the disposition follows its DIALSTATUS."""
    dial = DialledOut(call_id=ID, at=START + 20.0, target="13900139000", status=status, talk_s=talk_s)
    record = record_of(*flow(0.0, 3.0), dial, ended(20.0))
    assert (record.outcome, record.cdr_disposition) == (Outcome.DIALLED_OUT, disposition)
    assert (record.talk_s, record.ring_s, record.ivr_s) == (talk_s, 17.0 - talk_s, 3.0)
    assert kinds(record) == ["ivr", "dial"]


def test_whom_a_colleague_sent_the_caller_is_told_with_their_wrap_up():
    """The dial names the agent; one that reached nobody of ours says nothing of it."""
    sent = DialledOut(
        call_id=ID,
        at=START + 20.0,
        target="1002",
        status="ANSWER",
        talk_s=5.0,
        reached="8002",
        wrap_up_s=30.0,
    )
    dial = record_of(*flow(0.0, 3.0), sent, ended(20.0)).segments[-1]
    assert (dial.detail["reached"], dial.detail["wrap_up_s"]) == ("8002", 30.0)
    dial = record_of(*flow(0.0, 3.0), replace(sent, reached=None), ended(20.0)).segments[-1]
    assert not {"reached", "wrap_up_s"} & dial.detail.keys()


def test_a_live_call_is_measured_up_to_now():
    """The live view has no outcome and no end, and its seconds run on."""
    fold = fold_of(entered(0.0), *offer(1.0, 2.0, OfferResult.ANSWERED), *talk(2.0, 99.0, 2.0)[:1])
    record = fold.record(START + 12.0)
    assert (record.ended_at, record.outcome, record.sequence) == (None, None, 0)
    assert (record.duration_s, record.talk_s) == (12.0, 10.0)
    assert record.segments[-1].ended_at is None
    assert not fold.ended


def test_what_nobody_ended_ends_with_the_call():
    """A hang-up during a hold, of which only the call's end was told, leaves nothing open."""
    record = record_of(entered(0.0), *talk(3.0, 99.0, 3.0)[:1], hold(5.0, on=True), ended(9.0, Side.CALLER))
    assert (record.talk_s, record.on_hold_s, record.duration_s) == (2.0, 4.0, 9.0)
    assert all(segment.ended_at == record.ended_at for segment in record.segments[-1:])
    assert record.segments[-1].result == "caller"
    assert record.outcome is Outcome.ANSWERED


@pytest.mark.parametrize(("by", "outcome"), [(Side.CALLER, Outcome.ABANDONED), (Side.SYSTEM, Outcome.FAILED)])
def test_a_stay_whose_end_was_lost_is_judged_by_who_hung_up(by, outcome):
    """A caller who hangs up abandoned; a system that does failed them."""
    assert record_of(entered(0.0), ended(5.0, by)).outcome is outcome


def test_a_late_fact_makes_a_new_version():
    """A recording that is ready after the end gives the same record under a higher sequence."""
    fold = fold_of(*whole_call())
    before = fold.record()
    fold.apply(RecordingStored(call_id=ID, at=START + 60, path="b/x-2.wav", length_s=1, size=2, sha256="c"))
    after = fold.record()
    assert (before.sequence, after.sequence) == (1, 2)
    assert len(after.recordings) == 2
    assert after.duration_s == before.duration_s


def test_another_calls_entries_are_not_taken():
    """An entry of another call changes nothing."""
    fold = fold_of(*flow(0.0, 2.0))
    stranger = DialledOut(call_id=CallId("other"), at=START, target="1", status="ANSWER", talk_s=1.0)
    fold.apply(stranger)
    assert kinds(fold.record()) == ["ivr"]


def test_any_order_and_any_repetition_make_the_same_record():
    """The record is a function of the set of entries, not of their arrival."""
    # Entries of one instant keep their order of arrival, so they are moved apart by a microsecond each.
    whole = [replace(entry, at=entry.at + n * 1e-6) for n, entry in enumerate(whole_call()[:-1])]
    history = [*whole, ended(37.0)]
    expected = record_of(*history).to_json(decisions=True)
    for seed in range(20):
        shuffled = history * 2
        random.Random(seed).shuffle(shuffled)
        told = record_of(*shuffled).to_json(decisions=True)
        told["sequence"] = expected["sequence"]
        assert told == expected


def test_an_end_without_a_beginning_is_kept():
    """After our restart only the ends are known; the stay, the offer and the talk are told none the less."""
    record = record_of(
        left(10.0, QueueOutcome.ANSWERED, 8.0),
        *offer(8.0, 10.0, OfferResult.ANSWERED)[2:],
        *talk(10.0, 30.0, 8.0)[1:],
        ended(30.0),
        recovered=True,
    )
    assert kinds(record) == ["queue", "offer", "talk"]
    assert (record.queue_wait_s, record.ring_s, record.talk_s) == (6.0, 2.0, 20.0)
    assert record.recovered


def test_the_same_talk_told_twice_is_one_talk():
    """AMI and AGI may both tell an answer or an end, a moment apart."""
    again = [*talk(3.1, 8.2, 3.0)]
    record = record_of(
        entered(0.0), *talk(3.0, 8.0, 3.0), *again, left(3.0, QueueOutcome.ANSWERED, 3.0), ended(9.0)
    )
    assert kinds(record).count("talk") == 1
    assert record.talk_s == 5.0


def test_an_endless_wait_is_bounded():
    """A caller offered thousands of times does not fill the memory; how it ended is still told."""
    tries = [e for n in range(1000) for e in offer(n, n + 0.5, OfferResult.NO_ANSWER, of=f"o{n}")]
    record = record_of(entered(0.0), *tries, left(1001.0, QueueOutcome.ABANDONED, 1001.0), ended(1001.0))
    assert record.outcome is Outcome.ABANDONED
    assert len(record.segments) + len(record.decisions) <= MAX_CHATTER + 1


def test_hostile_names_are_made_safe():
    """Control and direction characters are replaced, a 4 KB name is cut."""
    record = record_of(ended(1.0), name="\x00evil\u202e\n\ud800" + "x" * 4096, number="1\r\n2")
    assert record.name.startswith("\ufffdevil\ufffd\ufffd\ufffdxxx")
    assert len(record.name) == 128
    assert record.number == "1\ufffd\ufffd2"


def test_sticky_is_told_of_the_last_stay():
    """Whether the caller reached their own agent is part of the record."""
    hit = replace(left(2.0, QueueOutcome.ANSWERED, 2.0), sticky=StickyResult.HIT)
    assert record_of(entered(0.0), hit, *talk(2.0, 4.0, 2.0), ended(4.0)).sticky is StickyResult.HIT


def test_two_agents_talks_are_told_apart():
    """Each agent's talk is a segment of its own; the record names the last."""
    record = record_of(
        entered(0.0),
        *talk(1.0, 5.0, 1.0, "1001", "o1"),
        *talk(6.0, 9.0, 6.0, "1002", "o2", by=Side.CALLER),
        ended(9.0),
    )
    talks = [(s.agent, s.duration_s, s.result) for s in record.segments if s.kind is SegmentKind.TALK]
    assert talks == [("1001", 4.0, "agent"), ("1002", 3.0, "caller")]
    assert (record.agent, record.talk_s) == (AgentNumber("1002"), 7.0)
    assert OfferId("o1") == record.segments[1].detail["offer_id"]


def test_survey_without_a_valid_digit_was_offered_all_the_same():
    """No digit is no answer, but the question counts as asked."""
    answer = record_of(*survey(0.0, 5.0, "", ""), ended(5.0)).survey
    assert answer is not None
    assert (answer.survey, answer.digit, answer.answered_at) == ("satisfaction", None, None)


def test_an_offer_that_was_declined_and_one_that_was_picked_up_are_two():
    """The same agent, the same attempt: the phone that they refused, and the one that they took."""
    declined, picked = offer(0.0, 5.0, OfferResult.DECLINED), offer(5.0, 5.0, OfferResult.ANSWERED)
    taken = [replace(each, picked_up=True) for each in picked[1:]]  # without why they were chosen
    record = record_of(entered(0.0), *declined, *taken, *taken, ended(9.0))
    offers = [each for each in record.segments if each.kind is SegmentKind.OFFER]
    assert [(each.result, each.detail.get("picked_up", False)) for each in offers] == [
        ("declined", False),
        ("answered", True),
    ]


def test_a_promise_of_a_call_back_is_how_the_call_ended():
    """Whatever way led out of the queue; unless they wait again after it."""
    promised = CallbackRequested(
        call_id=ID, at=START + 9, callback=7, queue=SALES, number="13800138000", waited=True
    )
    record = record_of(entered(1.0), left(8.0, QueueOutcome.KEY, 7.0), promised, promised, ended(12.0))
    assert record.outcome is Outcome.CALLBACK
    (moment,) = (each for each in record.segments if each.kind is SegmentKind.CALLBACK)
    assert (moment.result, moment.queue, moment.duration_s) == ("requested", "sales", 0.0)
    assert moment.detail == {"callback": 7, "number": "13800138000"}


def test_a_callback_says_whose_wish_it_is():
    """The call that asked for it, and which try this is; the queue says how it went."""
    tried = CallbackTried(
        call_id=ID, at=START, callback=7, queue=SALES, of=CallId("1.1"), attempt=2, order="agent_first"
    )
    record = record_of(
        tried, left(8.0, QueueOutcome.NOT_REACHED, 7.0), ended(8.0), direction=Direction.OUTBOUND
    )
    assert (record.outcome, record.direction) == (Outcome.NOT_REACHED, Direction.OUTBOUND)
    told = {segment.kind: segment.detail for segment in record.segments}
    assert told[SegmentKind.CALLBACK] == {
        "callback": 7, "of": "1.1", "attempt": 2, "order": "agent_first"
    }  # fmt: skip


def visited(begin, end, result="kept", length_s=12.5):
    told = {"call_id": ID, "mailbox": "sales", "message": "1795224600.1-v5"}
    return (
        VoicemailOffered(at=START + begin, **told),
        VoicemailEnded(at=START + end, result=result, length_s=length_s, **told),
    )


TIMED_OUT = (entered(0.0), left(10.0, QueueOutcome.TIMED_OUT, 10.0))


def test_a_message_where_nobody_talked_is_the_calls_outcome():
    """The stay in the queue keeps its own; the time in the mailbox is time with the machine."""
    record = record_of(*TIMED_OUT, *visited(10.0, 30.0), ended(30.0))
    stay, visit = record.segments
    assert (record.outcome, record.mailbox, record.voicemail_s) == (Outcome.VOICEMAIL, "sales", 12.5)
    assert (stay.result, visit.kind, visit.result) == ("timed_out", SegmentKind.VOICEMAIL, "kept")
    assert visit.detail == {"mailbox": "sales", "message": "1795224600.1-v5", "length_s": 12.5}
    assert (visit.duration_s, record.ivr_s) == (20.0, 20.0)


@pytest.mark.parametrize("result", ["empty", "cancelled", "failed"])
def test_a_visit_without_a_message_changes_no_outcome(result):
    """The caller went to the mailbox and left nothing."""
    record = record_of(*TIMED_OUT, *visited(10.0, 30.0, result, 0.0), ended(30.0))
    assert (record.outcome, record.mailbox, record.voicemail_s) == (Outcome.TIMED_OUT, None, 0.0)


def test_a_message_after_a_talk_leaves_the_call_answered():
    """What counts is that somebody talked with the caller."""
    stay = (entered(0.0), *talk(5.0, 10.0, 5.0), left(5.0, QueueOutcome.ANSWERED, 5.0))
    record = record_of(*stay, *visited(10.0, 30.0), ended(30.0))
    assert (record.outcome, record.mailbox) == (Outcome.ANSWERED, "sales")
