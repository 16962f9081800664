"""The live counts of a queue."""

from datetime import UTC, datetime, timedelta

from ccd.calls.tally import Tally, percent
from ccd.history import CallbackRequested, CallEnded, QueueEntered, QueueLeft, TalkEnded, TalkStarted
from ccd.model import AgentNumber, CallId, OfferId, QueueName, QueueOutcome, Side, StickyResult
from tests.unit.calls.fakes import FakeClock

SALES = QueueName("sales")


def stay(tally: Tally, call: str, outcome: QueueOutcome, waited_s: float, **more: StickyResult) -> None:
    """Let a caller come and go."""
    tally.note(QueueEntered(call_id=CallId(call), at=0.0, queue=SALES, position=1, priority=0, number="1"))
    tally.note(
        QueueLeft(
            call_id=CallId(call),
            at=waited_s,
            queue=SALES,
            outcome=outcome,
            position=1,
            original_position=1,
            waited_s=waited_s,
            sticky=more.get("sticky", StickyResult.NONE),
        )
    )


def test_a_queue_counts_what_became_of_its_callers():
    """Answered and abandoned in time or late, timed out, the rest; the parts make up the offered."""
    tally = Tally(FakeClock(), UTC)
    stay(tally, "a", QueueOutcome.ANSWERED, 5.0, sticky=StickyResult.HIT)
    stay(tally, "b", QueueOutcome.ANSWERED, 25.0, sticky=StickyResult.MISS)
    stay(tally, "c", QueueOutcome.ABANDONED, 3.0)
    stay(tally, "d", QueueOutcome.ABANDONED, 60.0)
    stay(tally, "e", QueueOutcome.TIMED_OUT, 90.0)
    stay(tally, "f", QueueOutcome.FULL, 0.0)
    count = tally.of(SALES)
    assert count.offered == count.answered + count.abandoned + count.timed_out + count.other == 6
    assert (count.answered_in_time, count.abandoned_in_time) == (1, 1)
    assert (count.sticky_hits, count.sticky_misses) == (1, 1)
    assert count.wait_s == 30.0


def promise(tally: Tally, call: str, *, waited: bool = True) -> None:
    """Let a caller be promised a call back."""
    tally.note(
        CallbackRequested(call_id=CallId(call), at=60.0, callback=1, queue=SALES, number="1", waited=waited)
    )


def test_whoever_is_called_back_left_by_that_and_is_counted_once():
    """Instead of by the key or the time that led there; the callback itself is no caller."""
    tally = Tally(FakeClock(), UTC)
    for call, outcome in (("a", QueueOutcome.KEY), ("b", QueueOutcome.TIMED_OUT), ("c", QueueOutcome.EMPTY)):
        stay(tally, call, outcome, 30.0)
    promise(tally, "a")
    promise(tally, "b")
    promise(tally, "from-a-menu", waited=False)
    tally.note(CallEnded(call_id=CallId("c"), at=40.0, by=Side.CALLER, cause=16))
    kept = {"call_id": CallId("cb-1-1"), "queue": SALES, "position": 1, "callback": True}
    tally.note(QueueEntered(at=70.0, priority=0, number="1", **kept))
    for outcome in (QueueOutcome.NOT_REACHED, QueueOutcome.ANSWERED):
        tally.note(
            QueueLeft(
                at=90.0, outcome=outcome, original_position=1, waited_s=9.0, sticky=StickyResult.NONE, **kept
            )
        )
    count = tally.of(SALES)
    assert (count.offered, count.callbacks, count.other, count.timed_out) == (4, 3, 1, 0)
    assert (count.called_back, count.answered, count.abandoned) == (1, 0, 0)


def test_talk_time_is_that_of_finished_talks():
    """A talk counts when it ends, once."""
    tally = Tally(FakeClock(), UTC)
    common = {"call_id": CallId("a"), "queue": SALES, "agent": AgentNumber("1")}
    tally.note(TalkStarted(at=10.0, leg=None, offer_id=OfferId("o"), queue_wait_s=1.0, **common))
    assert tally.of(SALES).talks == 0
    tally.note(TalkEnded(at=40.0, by=Side.AGENT, **common))
    tally.note(TalkEnded(at=41.0, by=Side.AGENT, **common))
    assert (tally.of(SALES).talks, tally.of(SALES).talk_s) == (1, 30.0)


def test_counts_begin_anew_with_the_day():
    """At local midnight the counts are those of the new day."""
    clock = FakeClock(datetime(2026, 11, 21, 23, 59, tzinfo=UTC))
    tally = Tally(clock, UTC)
    stay(tally, "a", QueueOutcome.ANSWERED, 1.0)
    clock.advance(timedelta(minutes=2))
    assert tally.of(SALES).offered == 0
    assert tally.of(SALES).since == datetime(2026, 11, 22, tzinfo=UTC)


def test_a_share_of_nothing_is_zero():
    """No division by zero in an idle queue."""
    assert percent(0, 0) == 0.0
    assert percent(1, 3) == 33.3
