"""What holds of the record of every history, however broken."""

import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ccd import history
from ccd.history import CallStarted, Candidate, Entry
from ccd.model import (
    AgentNumber,
    CallId,
    OfferId,
    OfferResult,
    QueueName,
    QueueOutcome,
    Side,
    StickyResult,
)
from ccd.records.record import CallRecord, Outcome
from tests.unit.records.calls import (
    ID,
    START,
    ended,
    entered,
    flow,
    fold_of,
    hold,
    left,
    offer,
    survey,
    talk,
)

AT = st.one_of(
    st.floats(START - 5, START + 100), st.integers(1000, 1030).map(float), st.floats(), st.just(math.nan)
)
SPAN = st.one_of(st.floats(0, 100), st.floats(-1e9, 1e9))
QUEUE = st.sampled_from(["sales", "support"]).map(QueueName)
AGENT = st.sampled_from(["1001", "1002"]).map(AgentNumber)
OFFER = st.sampled_from(["o1", "o2"]).map(OfferId)
WORD = st.sampled_from(["main", "1", "", "timeout", "\u202e\x00"])
CALL = st.sampled_from([ID, ID, ID, ID, CallId("other")])
CASES: dict[type[Entry], dict[str, st.SearchStrategy[object]]] = {
    history.FlowEntered: {"flow": WORD},
    history.NodeVisited: {"flow": WORD, "node": WORD, "result": WORD},
    history.FlowLeft: {"flow": WORD},
    history.QueueEntered: {"queue": QUEUE, "position": st.just(1), "priority": st.just(0), "number": WORD},
    history.OfferStarted: {
        "offer_id": OFFER,
        "queue": QUEUE,
        "agent": AGENT,
        "device": WORD,
        "sticky": st.booleans(),
    },
    history.OfferEnded: {
        "offer_id": OFFER,
        "queue": QUEUE,
        "agent": AGENT,
        "result": st.sampled_from(OfferResult),
        "ring_s": SPAN,
    },
    history.TalkStarted: {
        "queue": QUEUE,
        "agent": AGENT,
        "leg": st.none(),
        "offer_id": OFFER,
        "queue_wait_s": SPAN,
    },
    history.HoldChanged: {"agent": AGENT, "on": st.booleans()},
    history.ThirdJoined: {"agent": AGENT, "number": st.just("1002")},
    history.TalkEnded: {"queue": QUEUE, "agent": AGENT, "by": st.sampled_from(Side)},
    history.QueueLeft: {
        "queue": QUEUE,
        "outcome": st.sampled_from(QueueOutcome),
        "position": st.just(1),
        "original_position": st.just(1),
        "waited_s": SPAN,
        "sticky": st.sampled_from(StickyResult),
    },
    history.RecordingStarted: {"path": WORD, "offer_id": OFFER},
    history.RecordingStored: {"path": WORD, "length_s": SPAN, "size": st.just(1), "sha256": WORD},
    history.SurveyOffered: {"survey": WORD, "queue": st.none(), "agent": st.none()},
    history.SurveyEnded: {
        "survey": WORD,
        "queue": st.none(),
        "agent": st.none(),
        "digit": WORD,
        "label": WORD,
    },
    history.OutgoingDecided: {
        "target": WORD,
        "extension": WORD,
        "agent": AGENT,
        "queue": st.none() | QUEUE,
        "rule": WORD,
        "refusal": st.sampled_from(["", "denied"]),
        "caller_id": WORD,
    },
    history.OutgoingAnswered: {},
    history.VoicemailOffered: {"mailbox": WORD, "message": WORD},
    history.VoicemailEnded: {"mailbox": WORD, "message": WORD, "result": WORD, "length_s": SPAN},
    history.DialledOut: {
        "target": WORD,
        "status": st.sampled_from(["ANSWER", "BUSY", ""]),
        "talk_s": SPAN,
        "reached": st.none() | AGENT,
        "wrap_up_s": SPAN,
    },
    history.CallEnded: {"by": st.sampled_from(Side), "cause": st.just(16)},
    history.Decided: {
        "offer_id": OFFER,
        "queue": QUEUE,
        "strategy": WORD,
        "rule": WORD,
        "trigger": WORD,
        "waited_s": SPAN,
        "ahead": st.just(0),
        "members": st.just(2),
        "candidates": st.just((Candidate(agent=AgentNumber("1001"), verdict="chosen"),)),
    },
}
HISTORY = st.lists(
    st.one_of(*(st.builds(kind, call_id=CALL, at=AT, **fields) for kind, fields in CASES.items())),
    max_size=25,
)


def check(record: CallRecord) -> None:
    parts = (
        record.ivr_s,
        record.queue_wait_s,
        record.ring_s,
        record.talk_s,
        record.on_hold_s,
        record.survey_s,
    )
    assert all(part >= 0 for part in parts)
    assert sum(parts) <= record.duration_s + 1e-6
    assert (record.outcome is None) == (record.ended_at is None) == (record.sequence == 0)
    assert [segment.seq for segment in record.segments] == list(range(1, len(record.segments) + 1))
    starts = [segment.started_at for segment in record.segments]
    assert starts == sorted(starts)
    for segment in record.segments:
        assert segment.duration_s >= 0
        assert segment.started_at >= record.started_at
        if record.ended_at is not None:
            assert segment.ended_at is not None
            assert segment.started_at <= segment.ended_at <= record.ended_at
    record.to_json(decisions=True)


@settings(max_examples=150)
@given(HISTORY, st.one_of(st.none(), AT))
def test_no_history_breaks_the_record(entries, now):
    """Random entries, late, repeated and out of order, never raise and never give a negative time."""
    fold = fold_of(*entries, *entries)
    check(fold.record(now))
    fold.apply(history.CallEnded(call_id=ID, at=START + 50, by=Side.CALLER, cause=16))
    check(fold.record(now))
    assert all(isinstance(entry, CallStarted) or fold.ended for entry in entries)


@settings(max_examples=60)
@given(HISTORY, st.randoms(use_true_random=False))
def test_order_and_repetition_do_not_matter(entries, rng):
    """Whatever was told at different instants makes the same record in any order of arrival."""
    distinct = list({entry.at: entry for entry in entries if START < entry.at < START + 100}.values())
    shuffled = distinct * 2
    rng.shuffle(shuffled)
    one, other = fold_of(*distinct).record(), fold_of(*shuffled).record()
    first, second = one.to_json(decisions=True), other.to_json(decisions=True)
    first.pop("sequence")
    second.pop("sequence")
    assert first == second


SOME = st.floats(0.01, 60.0)


@settings(max_examples=60)
@given(
    ivr=SOME,
    tries=st.lists(st.tuples(SOME, SOME), min_size=1, max_size=4),
    speech=st.lists(st.tuples(SOME, SOME), min_size=1, max_size=3),
    survey_s=SOME,
    rng=st.randoms(use_true_random=False),
)
def test_every_second_of_a_call_is_accounted_for(ivr, tries, speech, survey_s, rng):
    """Menu, waits, rings, talk, holds and survey of any length come back as they were, and are the call."""
    at = ivr
    entries = [*flow(0.0, at), entered(at)]
    for n, (wait_s, ring_s) in enumerate(tries):
        last = n == len(tries) - 1
        result = OfferResult.ANSWERED if last else OfferResult.NO_ANSWER
        entries += offer(at + wait_s, at + wait_s + ring_s, result, of=f"o{n}")
        at += wait_s + ring_s
    begin = at
    for talk_s, hold_s in speech:
        entries += [hold(at + talk_s, on=True), hold(at + talk_s + hold_s, on=False)]
        at += talk_s + hold_s
    entries += [*talk(begin, at, begin - ivr), left(begin, QueueOutcome.ANSWERED, begin - ivr)]
    entries += [*survey(at, at + survey_s), ended(at + survey_s, Side.SYSTEM)]
    rng.shuffle(entries)
    entries.sort(key=lambda entry: entry.at)  # those of one instant come in any order
    record = fold_of(*entries).record()
    assert record.outcome is Outcome.ANSWERED
    assert record.ivr_s == pytest.approx(ivr, abs=1e-3)
    assert record.queue_wait_s == pytest.approx(sum(wait for wait, _ in tries), abs=1e-3)
    assert record.ring_s == pytest.approx(sum(ring for _, ring in tries), abs=1e-3)
    assert record.talk_s == pytest.approx(sum(talked for talked, _ in speech), abs=1e-3)
    assert record.on_hold_s == pytest.approx(sum(held for _, held in speech), abs=1e-3)
    assert record.survey_s == pytest.approx(survey_s, abs=1e-3)
    assert record.duration_s == pytest.approx(at + survey_s, abs=1e-3)
