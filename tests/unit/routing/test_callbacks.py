"""Callbacks in the line: a place without a caller on the line, kept by the time of the first call."""

import pytest

from ccd.history import QueueEntered, QueueLeft, TalkStarted
from ccd.model import AgentState, DeviceState, DialStatus, QueueOutcome
from tests.unit.routing.hotline import agent, announced, dismissed, given, notes, offers, queue, results

LONG = 60.0
"""What the second call of an attempt may take beyond the ringing of the agent's phone."""


def keep_place(hotline, call="cb1", *, waited_s=120.0, **more):
    """Let somebody have called `waited_s` ago who is to be called back now."""
    joined_at = hotline.now - waited_s
    return hotline.join(call, joined_at=joined_at, callback=True, callback_s=LONG, **more)


def test_a_callback_stands_where_its_caller_stood():
    """Before those who came later, behind those who came before, by priority as everyone."""
    hotline = given(queues=[queue()])
    hotline.join("early", joined_at=hotline.now - 300)
    hotline.join("late", joined_at=hotline.now - 30)
    hotline.join("vip", priority=1)
    keep_place(hotline)
    assert hotline.line() == ["vip", "early", "cb1", "late"]
    assert [caller.callback for caller in hotline.queue().waiting] == [False, False, True, False]
    assert notes(hotline.said, QueueEntered)[-1].callback
    assert notes(hotline.said, QueueEntered)[-1].position == 3


def test_nobody_is_announced_to_and_no_limit_counts():
    """There is no ear, no patience that ends, no room that is taken, and no need for somebody to be there."""
    hotline = given(queues=[queue(max_wait_s=60, max_length=1, leave_empty=True, join_empty=False,
                                  announce_every_s=10, announce_first_s=1)])  # fmt: skip
    assert dismissed(keep_place(hotline)) == []
    assert announced(hotline.pass_time(600)) == []
    assert hotline.line() == ["cb1"]
    assert dismissed(hotline.join("caller")) == [("caller", QueueOutcome.EMPTY)]


def test_a_callback_takes_no_room_from_callers():
    """The limit of a queue is for those who wait on the line."""
    hotline = given(queues=[queue(max_length=1)])
    keep_place(hotline)
    assert dismissed(hotline.join("one")) == []
    assert dismissed(hotline.join("two")) == [("two", QueueOutcome.FULL)]
    hotline.leave("cb1", QueueOutcome.CANCELLED)
    assert dismissed(hotline.join("three")) == [("three", QueueOutcome.FULL)]


def test_the_first_free_agent_is_reserved_for_the_callback():
    """And stays reserved while both phones are called, one after the other."""
    hotline = given(agent("1"))
    assert offers(keep_place(hotline)) == [("cb1", "1")]
    hotline.ring("cb1", "1")
    hotline.pass_time(20 + LONG)
    assert hotline.state("1") is AgentState.RINGING
    assert offers(hotline.join("next")) == []
    hotline.leg_ends("cb1", "1", DialStatus.ANSWER)
    assert hotline.state("1") is AgentState.IN_CALL
    (talk,) = notes(hotline.said, TalkStarted)
    assert talk.queue_wait_s == pytest.approx(120 + 20 + LONG)
    (left,) = notes(hotline.said, QueueLeft)
    assert (left.outcome, left.callback) == (QueueOutcome.ANSWERED, True)


def test_a_customer_who_does_not_answer_frees_the_agent_without_blame():
    """The channel to the customer is gone: it is no missed call, and the next caller has the agent."""
    hotline = given(agent("1"))
    keep_place(hotline)
    hotline.join("next")
    hotline.ring("cb1", "1")
    said = hotline.gone("cb1")
    assert results(said) == [("1", "caller_left")]
    assert [left.outcome for left in notes(said, QueueLeft)] == [QueueOutcome.NOT_REACHED]
    assert offers(said) == [("next", "1")]


def test_an_agent_who_does_not_answer_is_passed_over_for_a_while():
    """As with any caller; the callback keeps its place."""
    hotline = given(agent("1"), agent("2"), retry_s=30)
    assert offers(keep_place(hotline)) == [("cb1", "1")]
    said = hotline.miss("cb1", "1")
    assert offers(said) == [("cb1", "2")]


def test_a_resync_leaves_callbacks_alone():
    """Asterisk knows no channel of theirs."""
    hotline = given()
    keep_place(hotline)
    hotline.pass_time(5)
    hotline.synchronise(channels=())
    assert hotline.line() == ["cb1"]


def test_a_customer_who_is_on_the_line_is_a_caller_like_any_other():
    """With their old place: limits hold, the position is said, and a hang-up is an abandoned call."""
    hotline = given(queues=[queue(announce_every_s=10, announce_first_s=0, max_length=1)])
    keep_place(hotline, waited_s=5)
    said = hotline.join("cb1", joined_at=hotline.now - 5, callback=True)
    said += hotline.pass_time(10)
    assert announced(said)[0] == ("cb1", 1)
    assert dismissed(hotline.join("more")) == [("more", QueueOutcome.FULL)]
    (left,) = notes(hotline.gone("cb1"), QueueLeft)
    assert (left.outcome, left.callback) == (QueueOutcome.ABANDONED, True)


def test_a_customer_who_was_dialled_first_is_handed_to_the_agent_who_was_kept():
    """The agent's phone rings when the customer is on the line; the offer is the same."""
    hotline = given(agent("1"))
    keep_place(hotline)
    hotline.pass_time(25)
    assert offers(hotline.join("cb1", joined_at=hotline.now - 145, callback=True)) == []
    hotline.answer("cb1", "1")
    assert hotline.state("1") is AgentState.IN_CALL
    hotline.hang_up("1")
    assert hotline.agent("1").device_state is DeviceState.NOT_INUSE


def test_only_a_queue_that_is_closed_ends_a_callback():
    """Whoever put it there is told."""
    hotline = given()
    keep_place(hotline)
    assert dismissed(hotline.configure(queue("support"))) == [("cb1", QueueOutcome.FAILED)]
