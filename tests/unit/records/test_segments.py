"""Each kind of segment by itself: from when to when, of whom, with which details."""

from datetime import timedelta

from ccd.history import (
    CallbackRequested,
    CallbackTried,
    ConsentTaken,
    DispositionChosen,
    Entry,
    RecordingPaused,
    RecordingResumed,
    SupervisionEnded,
    SupervisionStarted,
    VoicemailEnded,
    VoicemailOffered,
)
from ccd.model import AgentNumber, CallId, ChannelId, Consent, Extension, OfferId, OfferResult, QueueOutcome
from ccd.records.record import CallRecord, Outcome, Segment, SegmentKind
from tests.unit.records.calls import (
    ID,
    SALES,
    START,
    WALL,
    ended,
    entered,
    flow,
    hold,
    left,
    offer,
    record_of,
    recording,
    survey,
    talk,
)

PATH = "2026/11/21/1795224600.1-1.wav"


def of_kind(record: CallRecord, kind: SegmentKind) -> list[Segment]:
    """Give the segments of one kind."""
    return [segment for segment in record.segments if segment.kind is kind]


def span(segment: Segment) -> tuple[float, float | None]:
    """Give a segment's beginning and end in seconds of the call; None: it lasts."""
    end = None if segment.ended_at is None else (segment.ended_at - WALL).total_seconds()
    return (segment.started_at - WALL).total_seconds(), end


def test_a_flow_ends_as_its_last_node_did():
    """The segment's result is what the last node led to."""
    (ivr,) = of_kind(record_of(*flow(0.0, 4.0, "timeout"), ended(5.0)), SegmentKind.IVR)
    assert (span(ivr), ivr.result, ivr.detail["flow"]) == ((0.0, 4.0), "timeout", "main")


def test_a_stay_ends_where_the_next_one_begins():
    """The end of the first was not told: it did not last to the end of the call."""
    record = record_of(entered(1.0), entered(5.0, "support"), ended(9.0))
    assert [(each.queue, span(each)) for each in of_kind(record, SegmentKind.QUEUE)] == [
        ("sales", (1.0, 5.0)),
        ("support", (5.0, 9.0)),
    ]
    assert record.queue == "support"


def test_an_offer_is_there_from_its_beginning():
    """A phone that rings now is told, with the device and whether the agent knows the caller."""
    begun = offer(3.0, 8.0, OfferResult.NO_ANSWER)[:2]
    (ringing,) = of_kind(record_of(entered(0.0), *begun), SegmentKind.OFFER)
    assert (span(ringing), ringing.result, ringing.agent) == ((3.0, None), None, "1001")
    assert ringing.detail == {"offer_id": "o1", "device": "PJSIP/1001", "sticky": False}


def test_a_hold_that_is_told_twice_is_one_hold():
    """Its time is from the first word of it to the first word of its end."""
    twice = [hold(4.0, on=True), hold(5.0, on=True), hold(7.0, on=False), hold(8.0, on=False)]
    record = record_of(entered(0.0), *talk(2.0, 20.0, 2.0), *twice, hold(10.0, on=True), ended(20.0))
    (spoken,) = of_kind(record, SegmentKind.TALK)
    assert (spoken.detail["holds"], spoken.detail["on_hold_s"]) == (2, 13.0)
    assert (record.talk_s, record.on_hold_s) == (5.0, 13.0)


def paused(at: float) -> RecordingPaused:
    """Silence begins."""
    return RecordingPaused(call_id=ID, at=START + at, path=PATH)


def resumed(at: float) -> RecordingResumed:
    """Silence ends."""
    return RecordingResumed(call_id=ID, at=START + at, path=PATH)


def pauses(*told: Entry) -> tuple[tuple[float, float], ...] | None:
    """Give the pauses of the recording of a talk from second 3 to 20 of the call."""
    entries = [entered(0.0), *recording(1.0, 25.0, 17.0), *talk(3.0, 20.0, 3.0), *told, ended(22.0)]
    (info,) = record_of(*entries).recordings
    assert info.call_id == ID
    return info.pauses


def test_pauses_of_a_recording_count_from_its_talk():
    """In seconds of the file; told twice they are one; one that nobody ended lasts as long as the talk."""
    assert pauses() == ()
    assert pauses(paused(5.0), paused(6.0), resumed(8.0), resumed(9.0)) == ((2.0, 5.0),)
    assert pauses(paused(5.0), resumed(8.0), paused(10.0)) == ((2.0, 5.0), (7.0, 17.0))
    assert pauses(resumed(4.0), paused(18.0), resumed(21.0)) == ((15.0, 17.0),)
    assert pauses(paused(1.0), resumed(4.0)) == ((0.0, 1.0),)


def test_a_survey_that_nobody_answered_has_no_answers_date():
    """Offered is told; the date of an answer only with an answer."""
    record = record_of(*flow(0.0, 2.0), *survey(2.0, 6.0, digit="", label=""), ended(6.0))
    (asked,) = of_kind(record, SegmentKind.SURVEY)
    assert (span(asked), asked.queue, asked.agent, asked.result) == ((2.0, 6.0), SALES, "1001", None)
    assert record.survey is not None
    assert (record.survey.answered_at, record.survey.digit) == (None, None)
    assert (record.survey.queue, record.survey.agent) == (SALES, "1001")
    assert record.survey.offered_at == WALL + timedelta(seconds=2)
    answered = record_of(*flow(0.0, 2.0), *survey(2.0, 6.0), ended(9.0)).survey
    assert answered is not None
    assert answered.answered_at == WALL + timedelta(seconds=6)


def test_a_visit_to_a_mailbox_lasts_until_the_caller_has_left_it():
    """And its message is as long as it is, not as the visit."""
    visit = {"call_id": ID, "mailbox": "sales", "message": "m1"}
    record = record_of(
        VoicemailOffered(at=START + 2.0, **visit),
        VoicemailEnded(at=START + 9.0, result="kept", length_s=4.5, **visit),
        ended(12.0),
    )
    (message,) = of_kind(record, SegmentKind.VOICEMAIL)
    assert (span(message), message.result) == ((2.0, 9.0), "kept")
    assert message.detail == {"mailbox": "sales", "message": "m1", "length_s": 4.5}
    assert (record.voicemail_s, record.mailbox, record.ivr_s) == (4.5, "sales", 12.0)


def test_consent_is_a_segment_of_its_own():
    """From the prompt's beginning to the caller's word."""
    word = ConsentTaken(call_id=ID, at=START + 6.0, began_at=START + 4.0, consent=Consent.REFUSED)
    (asked,) = of_kind(record_of(*flow(0.0, 4.0), word, ended(9.0)), SegmentKind.CONSENT)
    assert (span(asked), asked.result) == ((4.0, 6.0), "refused")


def test_a_supervisor_takes_none_of_the_calls_time():
    """Told once however often it is said; without an end of their own they listened till the call ended."""

    def listens(at: float, channel: str) -> SupervisionStarted:
        extension = Extension("1009")
        return SupervisionStarted(
            call_id=ID, at=START + at, mode="whisper", extension=extension, channel=ChannelId(channel)
        )

    first_gone = SupervisionEnded(call_id=ID, at=START + 8.0, channel=ChannelId("s1"))
    stranger_gone = SupervisionEnded(call_id=ID, at=START + 9.0, channel=ChannelId("s0"))
    told = [listens(5.0, "s1"), listens(6.0, "s1"), first_gone, stranger_gone, listens(10.0, "s2")]
    record = record_of(entered(0.0), *talk(2.0, 20.0, 2.0), *told, ended(20.0))
    heard = of_kind(record, SegmentKind.SUPERVISION)
    assert [(span(each), each.result) for each in heard] == [
        ((5.0, 8.0), "whisper"),
        ((10.0, 20.0), "whisper"),
    ]
    assert heard[0].detail == {"extension": "1009", "supervisor_channel": "s1"}
    assert (record.talk_s, record.ivr_s) == (18.0, 0.0)


def test_promises_to_call_back_stand_where_they_were_made():
    """A moment of the call, in the queue for which it holds; told again after a restart it is one."""
    asked = CallbackRequested(
        call_id=ID, at=START + 5.0, callback=7, queue=SALES, number="13800138000", waited=True
    )
    again = CallbackRequested(
        call_id=ID, at=START + 6.0, callback=7, queue=SALES, number="13800138000", waited=True
    )
    record = record_of(entered(0.0), left(5.0, QueueOutcome.KEY, 5.0), asked, again, ended(9.0))
    (promise,) = of_kind(record, SegmentKind.CALLBACK)
    assert (span(promise), promise.queue, promise.result) == ((5.0, 5.0), SALES, "requested")
    assert promise.detail == {"callback": 7, "number": "13800138000"}
    tried = CallbackTried(
        call_id=ID, at=START, callback=7, queue=SALES, of=CallId("1.1"), attempt=2, order="agent_first"
    )
    (attempt,) = of_kind(record_of(tried, ended(1.0)), SegmentKind.CALLBACK)
    assert (attempt.result, attempt.queue) == ("try", SALES)
    assert attempt.detail == {"callback": 7, "of": "1.1", "attempt": 2, "order": "agent_first"}


def test_a_disposition_and_a_decision_say_whose_they_are():
    """Call, talk and queue; how many members there were to choose from."""
    chosen = DispositionChosen(
        call_id=ID,
        at=START + 30.0,
        offer_id=OfferId("o1"),
        queue=SALES,
        agent=AgentNumber("1001"),
        code="sold",
    )
    entries = [entered(0.0), *offer(1.0, 2.0, OfferResult.ANSWERED), *talk(2.0, 9.0, 2.0), ended(9.0), chosen]
    record = record_of(*entries)
    (said,) = record.dispositions
    assert (said.call_id, said.offer_id, said.queue, said.agent, said.code) == (
        ID,
        "o1",
        SALES,
        "1001",
        "sold",
    )
    assert said.chosen_at == WALL + timedelta(seconds=30)
    assert [(each.members, each.ahead, each.queue) for each in record.decisions] == [(3, 0, SALES)]


def test_a_promise_is_the_outcome_unless_the_caller_waited_again():
    """Out of a flow or out of a queue; who joined a queue after it is told by how that stay ended."""
    promise = CallbackRequested(
        call_id=ID, at=START + 5.0, callback=7, queue=SALES, number="13800138000", waited=False
    )
    assert record_of(*flow(0.0, 4.0), promise, ended(9.0)).outcome is Outcome.CALLBACK
    waited = [entered(1.0), left(5.0, QueueOutcome.KEY, 4.0), promise]
    assert record_of(*waited, ended(9.0)).outcome is Outcome.CALLBACK
    again = [entered(6.0), left(8.0, QueueOutcome.ABANDONED, 2.0)]
    assert record_of(*waited, *again, ended(9.0)).outcome is Outcome.ABANDONED
