"""Callers who wait: their place, the limits of the queue, announcements, and the one end of each stay."""

import pytest
from hypothesis import given as any_of
from hypothesis import settings
from hypothesis import strategies as st

from ccd.commands import EndWait, WithdrawOffer
from ccd.history import OfferEnded, QueueEntered, QueueLeft
from ccd.model import AgentState, CallId, DeviceState, DialStatus, OfferResult, QueueOutcome
from tests.unit.routing.hotline import (
    SALES,
    Hotline,
    agent,
    announced,
    dismissed,
    given,
    notes,
    offers,
    queue,
)


def test_callers_stand_in_the_order_of_joining():
    """First come first served: position 1 is next."""
    hotline = given(agent("1"))
    hotline.phone("1", DeviceState.INUSE)
    for call in ("c1", "c2", "c3"):
        hotline.join(call)
    assert [(caller.call_id, caller.position) for caller in hotline.queue().waiting] == [
        ("c1", 1),
        ("c2", 2),
        ("c3", 3),
    ]
    assert offers(hotline.phone("1", DeviceState.NOT_INUSE)) == [("c1", "1")]


def test_a_higher_priority_stands_in_front():
    """Priority comes before the time of joining."""
    hotline = given()
    hotline.join("c1")
    hotline.join("vip", priority=5)
    hotline.join("c2")
    assert hotline.line() == ["vip", "c1", "c2"]


def test_whoever_waited_before_our_restart_keeps_the_time_of_joining():
    """A restored caller stands where their time of joining puts them."""
    hotline = given()
    hotline.join("new")
    hotline.join("old", joined_at=hotline.now - 300.0, restored=True)
    assert hotline.line() == ["old", "new"]
    (caller, _) = hotline.queue().waiting
    assert caller.waited_s(hotline.now) == 300.0


def test_the_stay_is_told_once_with_both_positions():
    """Entering and leaving are told once, with the position then and now."""
    hotline = given()
    hotline.join("c1")
    hotline.join("c2")
    hotline.gone("c1")
    hotline.pass_time(7.0)
    hotline.leave("c2", QueueOutcome.KEY)
    hotline.leave("c2", QueueOutcome.ABANDONED)
    hotline.gone("c2")
    entered = [(e.call_id, e.position) for e in notes(hotline.said, QueueEntered)]
    left = [
        (e.call_id, e.outcome, e.original_position, e.position, e.waited_s)
        for e in notes(hotline.said, QueueLeft)
    ]
    assert entered == [("c1", 1), ("c2", 2)]
    assert left == [
        ("c1", QueueOutcome.ABANDONED, 1, 1, 0.0),
        ("c2", QueueOutcome.KEY, 2, 1, 7.0),
    ]


def test_a_full_queue_lets_nobody_in_but_who_was_there_before():
    """`max_length` counts everyone in the queue; a restored caller is not turned away."""
    hotline = given(max_length=1)
    assert dismissed(hotline.join("c1")) == []
    assert dismissed(hotline.join("c2")) == [("c2", QueueOutcome.FULL)]
    assert dismissed(hotline.join("c3", restored=True)) == []
    assert hotline.line() == ["c1", "c3"]
    assert [left.outcome for left in notes(hotline.said, QueueLeft)] == [QueueOutcome.FULL]


def test_nobody_joins_an_empty_queue_that_forbids_it():
    """Empty means nobody is signed in on a reachable phone; a paused agent counts as present."""
    hotline = given(agent("1"), join_empty=False)
    hotline.pause("1")
    assert dismissed(hotline.join("c1")) == []
    hotline.sign_out("1")
    assert dismissed(hotline.join("c2")) == [("c2", QueueOutcome.EMPTY)]


def test_an_empty_queue_is_not_judged_before_asterisk_was_asked():
    """Right after our start no phone is known: callers join, and are judged when phones are known."""
    hotline = Hotline()
    hotline.configure(queue(join_empty=False, leave_empty=True))
    hotline.employ(agent("1"))
    hotline.sign_in("1")
    assert dismissed(hotline.join("c1")) == []
    assert dismissed(hotline.synchronise(phones={"1": DeviceState.UNAVAILABLE})) == [
        ("c1", QueueOutcome.EMPTY)
    ]


def test_those_who_wait_leave_when_the_last_agent_goes():
    """`leave_empty`: when the last phone becomes unreachable everyone who waits is told."""
    hotline = given(agent("1"), agent("2"), leave_empty=True)
    hotline.pause("1")
    hotline.phone("2", DeviceState.INUSE)
    hotline.join("c1")
    hotline.join("c2")
    assert dismissed(hotline.sign_out("1")) == []
    assert dismissed(hotline.phone("2", DeviceState.UNAVAILABLE)) == [
        ("c1", QueueOutcome.EMPTY),
        ("c2", QueueOutcome.EMPTY),
    ]


def test_an_attempt_is_finished_before_an_empty_queue_is_left():
    """A caller for whom a phone rings leaves the empty queue only when the attempt has failed."""
    hotline = given(agent("1"), leave_empty=True)
    hotline.join("c1")
    assert dismissed(hotline.phone("1", DeviceState.UNAVAILABLE)) == []
    assert dismissed(hotline.miss("c1", "1", DialStatus.CHANUNAVAIL)) == [("c1", QueueOutcome.EMPTY)]


def test_max_wait_ends_the_stay():
    """After `max_wait_s` from joining the caller is told, on the instant."""
    hotline = given(max_wait_s=60.0)
    hotline.join("c1")
    assert dismissed(hotline.pass_time(59.9)) == []
    assert dismissed(hotline.pass_time(0.1)) == [("c1", QueueOutcome.TIMED_OUT)]


def test_max_wait_lets_a_ringing_attempt_finish():
    """If the time is over while phones ring, an answer still counts; else the caller leaves afterwards."""
    for status, outcomes in (
        (DialStatus.ANSWER, [QueueOutcome.ANSWERED]),
        (DialStatus.NOANSWER, [QueueOutcome.TIMED_OUT]),
    ):
        hotline = given(agent("1"), max_wait_s=10.0)
        hotline.join("c1")
        assert dismissed(hotline.pass_time(15.0)) == []
        hotline.leg_ends("c1", "1", status)
        hotline.back("c1", status)
        assert [left.outcome for left in notes(hotline.said, QueueLeft)] == outcomes


def test_max_wait_counts_from_joining_over_a_restart():
    """A restored caller who has waited too long is told at once."""
    hotline = given(max_wait_s=60.0)
    said = hotline.join("c1", joined_at=hotline.now - 61.0, restored=True)
    assert dismissed(said) == [("c1", QueueOutcome.TIMED_OUT)]


def test_positions_are_announced_by_the_clock():
    """The first time after `announce_first_s`, then every `announce_every_s`."""
    hotline = given(announce_first_s=15.0, announce_every_s=30.0)
    hotline.join("c1")
    hotline.pass_time(5.0)
    hotline.join("c2")
    assert announced(hotline.pass_time(9.0)) == []
    assert announced(hotline.pass_time(30.9)) == [("c1", 1), ("c2", 2)]
    assert announced(hotline.pass_time(0.1)) == [("c1", 1)]
    hotline.gone("c1")
    assert announced(hotline.pass_time(5.0)) == [("c2", 1)]


def test_nothing_is_announced_while_phones_ring():
    """An announcement that falls into an attempt is left out, the next one comes in its turn."""
    hotline = given(agent("1"), announce_first_s=5.0, announce_every_s=10.0, retry_s=100.0)
    hotline.join("c1")
    assert announced(hotline.pass_time(12.0)) == []
    hotline.miss("c1", "1")
    assert announced(hotline.pass_time(2.0)) == []
    assert announced(hotline.pass_time(1.0)) == [("c1", 1)]


def test_announcements_are_not_made_up_for():
    """A caller who waited long before our restart hears one announcement in its turn, not all at once."""
    hotline = given(announce_first_s=15.0, announce_every_s=30.0)
    hotline.join("c1", joined_at=hotline.now - 100.0, restored=True)
    assert announced(hotline.pass_time(5.0)) == [("c1", 1)]
    assert announced(hotline.pass_time(30.0)) == [("c1", 1)]


@any_of(first_s=st.floats(0.01, 60.0), every_s=st.floats(0.01, 60.0), periods=st.integers(0, 1000))
@settings(max_examples=200)
def test_the_next_announcement_is_never_now(first_s, every_s, periods):
    """Whatever the rounding, an announcement sets the next one later than itself: no tick without end."""
    hotline = Hotline()
    hotline.configure(queue(announce_first_s=first_s, announce_every_s=every_s))
    joined_at = hotline.now
    hotline.now = joined_at + first_s + periods * every_s
    hotline.join("c1", joined_at=joined_at)
    next_at = hotline.engine.next_deadline()
    assert next_at is not None
    assert hotline.now < next_at <= hotline.now + 1.001 * every_s


def test_a_queue_that_nobody_configured_fails_the_caller():
    """The session is told, and the history holds a stay that failed."""
    hotline = given()
    said = hotline.join("c1", "nowhere")
    assert dismissed(said) == [("c1", QueueOutcome.FAILED)]
    assert len(notes(said, QueueEntered)) == len(notes(said, QueueLeft)) == 1


def test_joining_twice_is_joining_once():
    """A second joining of the same stay changes nothing while the caller waits."""
    hotline = given()
    hotline.join("c1")
    assert hotline.tell(hotline.joined["c1"]) == []
    assert hotline.line() == ["c1"]


def test_joining_another_queue_leaves_the_first():
    """A caller is in one queue at a time: whoever joins another one was transferred."""
    hotline = given(queues=(queue(), queue("support")))
    hotline.join("c1")
    said = hotline.join("c1", "support")
    assert [(left.queue, left.outcome) for left in notes(said, QueueLeft)] == [
        (SALES, QueueOutcome.TRANSFERRED)
    ]
    assert hotline.line() == []
    assert hotline.line("support") == ["c1"]


def test_a_hangup_told_before_the_joining_leaves_no_ghost():
    """AMI may tell of the hangup before AGI tells of the joining: nobody waits, the session is told."""
    hotline = given()
    hotline.gone("c1")
    assert hotline.join("c1") == [EndWait(call_id=CallId("c1"), outcome=QueueOutcome.ABANDONED)]
    assert hotline.line() == []


def test_a_caller_may_come_back_on_another_channel():
    """After a transfer the same call may wait on another channel; its hangup is the one that counts."""
    hotline = given()
    hotline.join("c1")
    event = hotline.joined["c1"]
    hotline.tell(
        type(event)(
            call_id=event.call_id,
            queue=event.queue,
            channel="other",
            number=event.number,
            joined_at=event.joined_at,
        )
    )
    hotline.gone("c1")
    assert hotline.line() == ["c1"]
    hotline.gone("other")
    assert hotline.line() == []


def test_a_talk_is_over_when_its_caller_joins_a_queue():
    """An agent who sends the caller on to a queue is free of them, even before AMI tells."""
    hotline = given(agent("1"))
    hotline.join("c1")
    hotline.answer("c1", "1")
    hotline.pass_time(30.0)
    assert offers(hotline.join("c1")) == []
    assert hotline.line() == ["c1"]
    assert offers(hotline.hang_up("1")) == [("c1", "1")]


@pytest.mark.parametrize("outcome", [QueueOutcome.KEY, QueueOutcome.TRANSFERRED, QueueOutcome.ABANDONED])
def test_a_caller_who_leaves_while_phones_ring_frees_them(outcome):
    """Whatever takes the caller away, the agents are free and the stay has that outcome."""
    hotline = given(agent("1"))
    hotline.join("c1")
    hotline.leave("c1", outcome)
    assert [left.outcome for left in notes(hotline.said, QueueLeft)] == [outcome]
    assert offers(hotline.join("c2")) == [("c2", "1")]


def test_the_figures_of_a_queue_are_conserved():
    """Everyone who entered has left with an outcome, or is there."""
    hotline = given(agent("1"), max_length=2)
    for call in ("c1", "c2", "c3"):
        hotline.join(call)
    hotline.serve("c1", "1")
    view = hotline.queue()
    assert view.entered == sum(view.left.values()) + len(view.waiting) == 3
    assert view.left == {QueueOutcome.FULL: 1, QueueOutcome.ANSWERED: 1}


def test_a_key_ends_the_wait_and_stops_the_phones():
    """The session is told which key it was; phones that ring are called off, nobody missed a call."""
    hotline = given(agent("1"), agent("2"))
    hotline.join("c1")
    offer_id = hotline.offer_id("c1")
    hotline.ring("c1", "1")
    said = hotline.leave("c1", key="7")
    assert [c for c in said if isinstance(c, EndWait | WithdrawOffer)] == [
        EndWait(call_id=CallId("c1"), outcome=QueueOutcome.KEY, key="7"),
        WithdrawOffer(call_id=CallId("c1"), offer_id=offer_id),
    ]
    assert [left.key for left in notes(said, QueueLeft)] == ["7"]
    assert [ended.result for ended in notes(said, OfferEnded)] == [OfferResult.CALLER_LEFT]
    assert hotline.agent("1").missed_in_a_row == 0


def test_a_key_while_nobody_rings_calls_nothing_off():
    """Nor does one of a caller whose dialplan is on its way back already."""
    hotline = given(agent("1"))
    hotline.join("c1")
    hotline.leg_ends("c1", "1", DialStatus.BUSY)
    assert not [c for c in hotline.leave("c1", key="1") if isinstance(c, WithdrawOffer)]
    hotline.join("c2")
    hotline.join("c3")
    assert dismissed(hotline.leave("c3", key="1")) == [("c3", QueueOutcome.KEY)]


def test_a_key_after_the_answer_changes_nothing():
    """The agent was faster."""
    hotline = given(agent("1"))
    hotline.join("c1")
    hotline.answer("c1", "1")
    assert hotline.leave("c1", key="1") == []
    assert hotline.state("1") is AgentState.IN_CALL
