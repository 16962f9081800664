"""Reloading queues and agents: differences are applied, those who wait stay where they are."""

from ccd.commands import SaveAgent
from ccd.events import AgentsConfigured
from ccd.history import AgentStatusChanged
from ccd.model import AgentNumber, AgentStatus, DeviceState, DialStatus, QueueOutcome, Strategy
from tests.unit.routing.hotline import Hotline, agent, dismissed, given, notes, offers, queue, withdrawn


def test_the_same_configuration_again_changes_nothing():
    """A reload without differences says nothing and moves nobody."""
    hotline = given(agent("1"))
    hotline.phone("1", DeviceState.INUSE)
    hotline.join("c1")
    assert hotline.configure(queue()) == []
    assert hotline.employ(agent("1")) == []
    assert hotline.line() == ["c1"]


def test_a_changed_strategy_decides_the_next_offer():
    """The members are put into the new strategy's order; those who wait stay."""
    hotline = given(agent("1"), agent("2"), strategy=Strategy.LINEAR)
    hotline.join("c1")
    hotline.serve("c1", "1")
    hotline.configure(queue(strategy=Strategy.FEWESTCALLS))
    assert offers(hotline.join("c2")) == [("c2", "2")]


def test_a_changed_limit_counts_for_those_who_wait():
    """A new `max_wait_s` counts from when they joined."""
    hotline = given()
    hotline.join("c1")
    hotline.pass_time(30.0)
    hotline.configure(queue(max_wait_s=40.0))
    assert dismissed(hotline.pass_time(9.9)) == []
    assert dismissed(hotline.pass_time(0.1)) == [("c1", QueueOutcome.TIMED_OUT)]
    hotline.join("c2")
    hotline.configure(queue())
    assert dismissed(hotline.pass_time(600.0)) == []


def test_leave_empty_switched_on_is_judged_at_once():
    """A queue that may no longer be waited in without agents is left."""
    hotline = given(agent("1"))
    hotline.sign_out("1")
    hotline.join("c1")
    assert dismissed(hotline.configure(queue(leave_empty=True))) == [("c1", QueueOutcome.EMPTY)]


def test_sticky_switched_off_releases_those_who_wait_for_their_agent():
    """Whoever waited for a busy agent is the strategy's."""
    hotline = given(agent("1"), agent("2"), sticky_wait_s=60.0)
    hotline.phone("2", DeviceState.INUSE)
    hotline.join("c1", knows=["2"])
    assert offers(hotline.configure(queue())) == [("c1", "1")]


def test_a_removed_queue_fails_its_callers():
    """Those who wait are told; other queues go on."""
    hotline = given(queues=(queue(), queue("support")))
    hotline.join("c1")
    hotline.join("c2", "support")
    assert dismissed(hotline.configure(queue("support"))) == [("c1", QueueOutcome.FAILED)]
    assert hotline.line("support") == ["c2"]
    assert hotline.engine.queue("sales") is None
    assert hotline.engine.waiting("sales") == ()


def test_a_removed_queue_lets_ringing_attempts_finish():
    """An answer still counts; a caller who comes back without one is told."""
    hotline = given(agent("1"), queues=(queue(), queue("support")))
    hotline.join("c1")
    assert dismissed(hotline.configure(queue("support"))) == []
    assert dismissed(hotline.miss("c1", "1")) == [("c1", QueueOutcome.FAILED)]


def test_a_lost_attempt_of_a_removed_queue_ends_there():
    """A caller who is back unnoticed is told when the lease ends, and offered to nobody."""
    hotline = given(agent("1"), agent("2"), queues=(queue(), queue("support")))
    hotline.join("c1")
    hotline.configure(queue("support"))
    hotline.tell(hotline.joined["c1"])
    said = hotline.pass_time(30.0)
    assert dismissed(said) == [("c1", QueueOutcome.FAILED)]
    assert offers(said) == []


def test_a_talk_outlives_its_queue():
    """The talk of a queue that is gone ends like any other, without wrap-up."""
    hotline = given(agent("1"), queues=(queue(wrap_up_s=60.0), queue("support")))
    hotline.join("c1")
    hotline.answer("c1", "1")
    hotline.configure(queue("support"))
    hotline.hang_up("1")
    assert hotline.agent("1").obstacle == ""


def test_an_agent_gets_another_queue():
    """A new membership makes a free agent eligible at once."""
    hotline = given(agent("1"), queues=(queue(), queue("support")))
    hotline.join("c1", "support")
    assert offers(hotline.employ(agent("1", "sales", "support"))) == [("c1", "1")]


def test_an_agent_loses_a_queue():
    """Callers of a queue that the agent no longer serves are not offered to them."""
    hotline = given(agent("1", "sales", "support"), queues=(queue(), queue("support")))
    hotline.employ(agent("1", "support"))
    assert offers(hotline.join("c1")) == []
    assert offers(hotline.join("c2", "support")) == [("c2", "1")]


def test_a_caller_is_not_held_for_an_agent_who_left_the_queue():
    """Whoever waited for a busy agent who is no member any more is the strategy's."""
    hotline = given(agent("1"), agent("2"), sticky_wait_s=60.0)
    hotline.phone("2", DeviceState.INUSE)
    hotline.join("c1", knows=["2"])
    assert offers(hotline.employ(agent("2", "support"))) == [("c1", "1")]


def test_another_position_or_penalty_counts_for_the_next_offer():
    """Members are put in their new order while they are free."""
    hotline = given(agent("1"), agent("2"))
    hotline.employ(agent("1", penalty=3))
    assert offers(hotline.join("c1")) == [("c1", "2")]


def test_queues_and_agents_come_in_either_order():
    """A queue configured after its agents has its members."""
    hotline = Hotline()
    hotline.employ(agent("1"))
    hotline.sign_in("1")
    hotline.synchronise()
    hotline.configure(queue())
    assert offers(hotline.join("c1")) == [("c1", "1")]


def remove(hotline: Hotline, number: str) -> list:
    """Remove an agent."""
    return hotline.tell(AgentsConfigured(agents=(), removed=(AgentNumber(number),)))


def test_a_removed_agent_is_signed_out():
    """An idle agent goes at once, and is forgotten."""
    hotline = given(agent("1"), agent("2"))
    (change,) = notes(remove(hotline, "1"), AgentStatusChanged)
    assert (change.status, change.reason) == (AgentStatus.LOGGED_OUT, "removed")
    assert hotline.engine.agent("1") is None
    assert [view.profile.number for view in hotline.engine.agents()] == ["2"]
    assert remove(hotline, "1") == []


def test_a_removed_agent_finishes_the_talk():
    """The talk goes on; the agent is signed out when it ends."""
    hotline = given(agent("1"), agent("2"), wrap_up_s=60.0)
    hotline.join("c1")
    hotline.answer("c1", "1")
    assert notes(remove(hotline, "1"), AgentStatusChanged) == []
    assert hotline.sign_in("1", "1009") == []
    assert len(notes(hotline.hang_up("1"), AgentStatusChanged)) == 1
    assert hotline.engine.agent("1") is None


def test_a_removed_agents_phone_stops_ringing():
    """The caller goes to the next agent."""
    hotline = given(agent("1"), agent("2"))
    hotline.join("c1")
    assert withdrawn(remove(hotline, "1")) == ["c1"]
    assert offers(hotline.back("c1", DialStatus.CANCEL)) == [("c1", "2")]


def test_a_removed_agent_is_not_saved():
    """What is deleted is not stored again."""
    hotline = given(agent("1"))
    hotline.join("c1")
    hotline.answer("c1", "1")
    said = remove(hotline, "1") + hotline.hang_up("1")
    assert not [command for command in said if isinstance(command, SaveAgent)]


def test_a_queue_that_loses_its_last_agent_is_left():
    """`leave_empty` is judged when a membership ends, too."""
    hotline = given(agent("1"), leave_empty=True)
    hotline.phone("1", DeviceState.INUSE)
    hotline.join("c1")
    assert dismissed(hotline.employ(agent("1", "support"))) == [("c1", QueueOutcome.EMPTY)]


def test_an_agent_who_is_taken_back_stays():
    """Removed and configured again during a talk: nothing is signed out."""
    hotline = given(agent("1"))
    hotline.join("c1")
    hotline.answer("c1", "1")
    remove(hotline, "1")
    hotline.employ(agent("1"))
    hotline.hang_up("1")
    assert offers(hotline.join("c2")) == [("c2", "1")]
