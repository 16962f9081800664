"""Queues that open and close, queues where nobody counts as there, and agents with limits of their own."""

from dataclasses import replace

import pytest

from ccd.events import QueueClosed, QueueOpened
from ccd.model import (
    Absence,
    AgentLimits,
    AgentNumber,
    AgentSnapshot,
    AgentStatus,
    DeviceState,
    Need,
    Overflow,
    QueueName,
    QueueOutcome,
)
from tests.unit.routing.hotline import SALES, agent, dismissed, extension_of, given, offers, queue

SUPPORT = QueueName("support")

# ---------------------------------------------------------------- open and closed


def test_a_closed_queue_takes_nobody_in():
    """Those who wait are served; whoever comes is told; open again, it takes them."""
    hotline = given(agent("1"))
    hotline.phone("1", DeviceState.INUSE)
    hotline.join("c1")
    hotline.tell(QueueClosed(queue=SALES))
    assert hotline.queue().closed
    assert dismissed(hotline.join("c2")) == [("c2", QueueOutcome.CLOSED)]
    assert offers(hotline.phone("1", DeviceState.NOT_INUSE)) == [("c1", "1")]
    hotline.tell(QueueOpened(queue=SALES))
    assert dismissed(hotline.join("c3")) == []


def test_those_who_wait_may_leave_with_it():
    """Phones that ring are let ring; who nobody answered leaves then."""
    hotline = given(agent("1"))
    hotline.join("rings")
    hotline.join("waits")
    assert dismissed(hotline.tell(QueueClosed(queue=SALES, keep=False))) == [("waits", QueueOutcome.CLOSED)]
    assert dismissed(hotline.miss("rings", "1")) == [("rings", QueueOutcome.CLOSED)]


def test_who_waited_before_a_restart_is_let_in():
    """A queue that is closed, and keeps those who wait, keeps them over a restart."""
    hotline = given()
    hotline.tell(QueueClosed(queue=SALES))
    assert dismissed(hotline.join("c1", restored=True)) == []
    hotline.tell(QueueClosed(queue=SALES, keep=False))
    assert dismissed(hotline.join("c2", restored=True)) == [("c2", QueueOutcome.CLOSED)]


def test_a_closed_queue_helps_nobody():
    """Its agents are not asked to stay for the callers of others."""
    overflow = (Overflow(after_s=0.0, queue=SUPPORT),)
    hotline = given(agent("1", SUPPORT), queues=(queue(overflow=overflow), queue(SUPPORT)))
    hotline.tell(QueueClosed(queue=SUPPORT))
    assert offers(hotline.join("c1")) == []
    assert offers(hotline.tell(QueueOpened(queue=SUPPORT))) == [("c1", "1")]


# ---------------------------------------------------------------- empty


CHANGES = {
    "paused": lambda hotline: hotline.pause("1"),
    "in_use": lambda hotline: hotline.phone("1", DeviceState.INUSE),
    "ringing": lambda hotline: hotline.phone("1", DeviceState.RINGING),
}


@pytest.mark.parametrize(
    ("absent", "state", "empty"),
    [
        ({Absence.PAUSED}, "paused", True),
        ({Absence.IN_USE}, "paused", False),
        ({Absence.IN_USE}, "in_use", True),
        ({Absence.PAUSED, Absence.WRAP_UP}, "in_use", False),
        ({Absence.RINGING}, "ringing", True),
        (set(), "paused", False),
    ],
)
def test_who_counts_as_there_is_said_by_the_queue(absent, state, empty):
    """Nobody joins where nobody counts as there; the last one who did makes those who wait leave."""
    outcome = [("c1", QueueOutcome.EMPTY)] if empty else []
    hotline = given(agent("1"), join_empty=False, join_absent=frozenset(absent))
    CHANGES[state](hotline)
    assert dismissed(hotline.join("c1")) == outcome
    skilled = {"needs": (Need(skill="none"),), "leave_empty": True}  # so that the agent is free and they wait
    hotline = given(agent("1"), agent("2", SUPPORT), leave_absent=frozenset(absent), **skilled)
    hotline.join("c1")
    assert dismissed(CHANGES[state](hotline)) == outcome


def test_a_wrap_up_may_count_as_absent():
    """In the moment in which the wrap-up is over callers may join again."""
    hotline = given(agent("1"), join_empty=False, join_absent=frozenset({Absence.WRAP_UP}), wrap_up_s=10.0)
    hotline.join("c1")
    hotline.serve("c1", "1")
    assert dismissed(hotline.join("c2")) == [("c2", QueueOutcome.EMPTY)]
    hotline.pass_time(10.0)
    assert dismissed(hotline.join("c3")) == []


# ---------------------------------------------------------------- one agent's limits


def limited(**limits):
    """Give an agent with limits."""
    return replace(agent("1"), limits=AgentLimits(**limits))


def test_an_agent_rests_between_two_calls():
    """The rest goes on over a sign-out; ready does not end it."""
    hotline = given(limited(rest_s=30.0))
    hotline.join("c1")
    hotline.serve("c1", "1")
    hotline.join("c2")
    assert hotline.agent("1").obstacle == "resting"
    hotline.sign_out("1")
    hotline.sign_in("1")
    hotline.ready("1")
    assert offers(hotline.pass_time(29.0)) == []
    assert offers(hotline.pass_time(1.0)) == [("c2", "1")]


def test_so_many_calls_in_an_hour():
    """The oldest call has to be an hour ago before the next one is offered."""
    hotline = given(limited(calls_per_hour=2))
    for call in ("c1", "c2"):
        hotline.join(call)
        hotline.serve(call, "1", 60.0)
    hotline.join("c3")
    assert hotline.agent("1").obstacle == "call_limit"
    assert offers(hotline.pass_time(3600.0 - 60.1)) == []
    assert offers(hotline.pass_time(0.1)) == [("c3", "1")]


def test_talks_of_more_than_a_day_ago_are_forgotten():
    """What is remembered for the limits does not grow with the days."""
    hotline = given(limited(calls_per_day=5))
    for day in range(3):
        hotline.join(f"c{day}")
        hotline.serve(f"c{day}", "1")
        hotline.pass_time(24 * 3600.0)
    assert len(hotline.engine._floor.roster.agents[AgentNumber("1")].talk_ends) == 1


def test_limits_may_be_changed():
    """A limit that is taken away counts no longer."""
    hotline = given(limited(calls_per_day=1))
    hotline.join("c1")
    hotline.serve("c1", "1")
    hotline.join("c2")
    assert offers(hotline.said)[-1][0] == "c1"
    assert offers(hotline.employ(agent("1"))) == [("c2", "1")]


def test_calls_of_before_a_restart_count():
    """What the records tell of the last day is taken up at start."""
    hotline = given()
    snapshot = AgentSnapshot(
        number=AgentNumber("1"),
        status=AgentStatus.AVAILABLE,
        extension=extension_of("1"),
        talk_ends=(hotline.now - 3000.0, hotline.now - 100.0),
    )
    hotline.employ(limited(calls_per_hour=2), snapshots=[snapshot])
    hotline.join("c1")
    assert offers(hotline.pass_time(599.0)) == []
    assert offers(hotline.pass_time(1.0)) == [("c1", "1")]


@pytest.mark.parametrize("state", [state for state in DeviceState if state is not DeviceState.NOT_INUSE])
def test_call_waiting_is_off(state):
    """A phone that is in use in any way, a second line that rings included, is never rung."""
    hotline = given(agent("1"))
    hotline.phone("1", state)
    assert offers(hotline.join("c1")) == []
    assert offers(hotline.phone("1", DeviceState.NOT_INUSE)) == [("c1", "1")]
