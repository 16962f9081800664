"""Callers who want one agent and nobody else: a line of their own, by all the rules of a queue."""

from ccd.events import AgentsConfigured, CallerLeft, DirectLineOpened, QueuesConfigured
from ccd.history import AgentStatusChanged, QueueLeft, TalkStarted
from ccd.model import (
    AgentNumber,
    AgentProfile,
    CallId,
    Membership,
    QueueName,
    QueueOutcome,
    QueueSettings,
    direct_queue,
)
from tests.unit.routing.hotline import Hotline, agent, given, notes, offers, queue

ONE = AgentNumber("1")
LINE = direct_queue(ONE)


def call(hotline: Hotline, call_id: str, to: AgentNumber = ONE, **settings) -> list:
    """Let a caller come by the direct number of an agent."""
    rules = {"join_empty": False, "leave_empty": True} | settings
    hotline.tell(DirectLineOpened(agent=to, settings=QueueSettings(name=direct_queue(to), **rules)))
    return hotline.join(call_id, direct_queue(to))


def test_the_agent_is_offered_the_caller_at_once_and_nobody_else():
    """Their phone alone rings; a queue's caller who comes meanwhile is offered to others, or waits."""
    hotline = given(agent("1"), agent("2"))
    assert offers(call(hotline, "d1")) == [("d1", "1")]
    assert offers(hotline.join("c1")) == [("c1", "2")]
    assert offers(hotline.join("c2")) == []


def test_an_agent_who_is_busy_is_reserved_for_nobody():
    """The direct caller waits, and is served in turn with the queue's: who came first goes first."""
    hotline = given(agent("1"))
    hotline.join("c1")
    hotline.answer("c1", "1")
    assert offers(call(hotline, "d1")) == []
    hotline.pass_time(1.0)
    hotline.join("c2")
    assert offers(hotline.hang_up("1")) == [("d1", "1")]
    hotline.answer("d1", "1", "leg-2")
    assert notes(hotline.said, TalkStarted)[-1].queue == LINE
    assert offers(hotline.hang_up("1", "leg-2")) == [("c2", "1")]


def test_who_is_signed_out_takes_none_and_leaves_none_waiting():
    """The caller is told at once that nobody is there, also when the agent goes while they wait."""
    hotline = given(agent("1"))
    hotline.join("c1")
    hotline.answer("c1", "1")
    call(hotline, "d1")
    said = hotline.sign_out("1")
    assert [each.outcome for each in notes(said, QueueLeft) if each.queue == LINE] == [QueueOutcome.EMPTY]
    said = call(hotline, "d2")
    assert [each.outcome for each in notes(said, QueueLeft)] == [QueueOutcome.EMPTY]


def test_such_a_line_is_no_queue_for_anybody_else():
    """Neither boards nor records of sign-ins list it; a reload of queues and agents leaves it alone."""
    hotline = given(agent("1"))
    hotline.join("c1")
    hotline.answer("c1", "1")
    call(hotline, "d1")
    assert [each.settings.name for each in hotline.engine.queues()] == ["sales"]
    view = hotline.agent("1")
    assert [each.queue for each in view.queues] == ["sales"]
    assert [each.queue for each in view.profile.memberships] == ["sales"]
    hotline.tell(QueuesConfigured(queues=(queue(),)))
    profile = AgentProfile(number=ONE, name="", memberships=(Membership(queue=QueueName("sales")),))
    hotline.tell(AgentsConfigured(agents=(profile,)))
    assert offers(hotline.hang_up("1")) == [("d1", "1")]
    said = hotline.pause("1")
    assert notes(said, AgentStatusChanged)[0].queues == ("sales",)


def test_an_agent_who_does_not_exist_has_no_line():
    """The caller is sent away at once."""
    hotline = given(agent("1"))
    said = call(hotline, "d1", AgentNumber("99"))
    assert [each.outcome for each in notes(said, QueueLeft)] == [QueueOutcome.FAILED]


def test_the_session_may_take_the_caller_back():
    """After one attempt it gives up on the agent, who is free for others then."""
    hotline = given(agent("1"))
    call(hotline, "d1", ring_s=5.0)
    hotline.tell(CallerLeft(call_id=CallId("d1"), outcome=QueueOutcome.TIMED_OUT))
    assert [each.outcome for each in notes(hotline.said, QueueLeft)] == [QueueOutcome.TIMED_OUT]
