"""A talk: who ended it, holds, and every order in which AMI and AGI may tell of its end."""

from itertools import permutations

import pytest

from ccd.events import ConferenceBegan, HangupRequested, Held, TalkCut
from ccd.history import HoldChanged, QueueLeft, TalkEnded, TalkStarted, ThirdJoined
from ccd.model import AgentState, CallId, ChannelId, DeviceState, DialStatus, QueueOutcome, Side
from tests.unit.routing.hotline import Hotline, agent, given, live, notes, offers


def talking(**settings: object) -> Hotline:
    """Give a hotline where caller c1 and agent 1 talk."""
    hotline = given(agent("1"), **settings)
    hotline.join("c1")
    hotline.answer("c1", "1")
    hotline.pass_time(30.0)
    return hotline


def enders(hotline: Hotline) -> list[Side]:
    """Give who ended the talks."""
    return [end.by for end in notes(hotline.said, TalkEnded)]


ENDS = {
    "leg": lambda hotline: hotline.gone("leg:1"),
    "phone": lambda hotline: hotline.phone("1", DeviceState.NOT_INUSE),
    "dialplan": lambda hotline: hotline.returned("c1", DialStatus.ANSWER),
    "echo": lambda hotline: hotline.leg_ends("c1", "1", DialStatus.ANSWER),
}


@pytest.mark.parametrize("order", list(permutations(ENDS)), ids=" ".join)
def test_the_agent_hangs_up_in_whatever_order_it_is_told(order):
    """Leg, phone, dialplan and a late echo of the answer in any order: one talk, ended by the agent."""
    hotline = talking()
    hotline.join("c2")
    for end in order:
        ENDS[end](hotline)
    assert len(notes(hotline.said, TalkStarted)) == 1
    assert enders(hotline) == [Side.AGENT]
    assert [left.outcome for left in notes(hotline.said, QueueLeft)] == [QueueOutcome.ANSWERED]
    assert offers(hotline.said)[-1] == ("c2", "1")
    assert hotline.members()[0].calls_taken == 1


@pytest.mark.parametrize("order", list(permutations(ENDS)), ids=" ".join)
def test_the_answer_itself_may_be_told_last(order):
    """The same without any earlier word of the answer: still one served call, ended in the same state."""
    hotline = given(agent("1"))
    hotline.join("c1")
    hotline.phone("1", DeviceState.INUSE)
    for end in order:
        ENDS[end](hotline)
    hotline.gone("leg:1")
    assert [left.outcome for left in notes(hotline.said, QueueLeft)] == [QueueOutcome.ANSWERED]
    assert (hotline.state("1"), hotline.agent("1").call_id) == (AgentState.IDLE, None)
    assert hotline.members()[0].calls_taken == 1


def test_the_caller_hangs_up():
    """The caller's channel first: ended by the caller; the leg's end adds nothing."""
    hotline = talking()
    hotline.gone("c1")
    hotline.hang_up("1")
    assert enders(hotline) == [Side.CALLER]
    assert hotline.state("1") is AgentState.IDLE


def test_asterisks_word_on_who_hung_up_counts():
    """Asterisk tears the leg down first even if the caller hung up: its HangupRequest tells the truth."""
    hotline = talking()
    hotline.tell(HangupRequested(channel=ChannelId("c1")))
    hotline.tell(HangupRequested(channel=ChannelId("leg:1")))
    hotline.tell(HangupRequested(channel=ChannelId("unknown")))
    hotline.gone("leg:1")
    assert enders(hotline) == [Side.CALLER]


def test_a_hangup_request_of_the_agent_counts_too():
    """The agent asked first: ended by the agent, whichever channel is gone first."""
    hotline = talking()
    hotline.tell(HangupRequested(channel=ChannelId("leg:1")))
    hotline.gone("c1")
    assert enders(hotline) == [Side.AGENT]


def test_who_ends_a_talk_from_outside_counts_unless_a_side_was_first():
    """An operator's hand is the system's; a hang-up that was asked for before it is that side's."""
    hotline = talking()
    hotline.tell(TalkCut(call_id=CallId("nobody's")))
    hotline.tell(TalkCut(call_id=CallId("c1")))
    hotline.tell(HangupRequested(channel=ChannelId("c1")))
    hotline.gone("leg:1")
    assert enders(hotline) == [Side.SYSTEM]
    hotline = talking()
    hotline.tell(HangupRequested(channel=ChannelId("c1")))
    hotline.tell(TalkCut(call_id=CallId("c1")))
    hotline.gone("leg:1")
    assert enders(hotline) == [Side.CALLER]


def test_holds_are_told_once_and_only_the_agents():
    """Hold and unhold by the agent are told, an echo and the caller's own hold are not."""
    hotline = talking()
    for channel, on in (("leg:1", True), ("leg:1", True), ("c1", True), ("leg:1", False), ("x", True)):
        hotline.tell(Held(channel=ChannelId(channel), on=on))
    assert [hold.on for hold in notes(hotline.said, HoldChanged)] == [True, False]


def test_a_conference_ends_the_hold():
    """Asterisk tells of no end of it; a conference of others is none of the talk's."""
    hotline = talking()
    hotline.tell(Held(channel=ChannelId("leg:1"), on=True))
    for leg in ("x", "leg:1"):
        hotline.tell(ConferenceBegan(caller=ChannelId("c1"), leg=ChannelId(leg), number="1002"))
    assert [hold.on for hold in notes(hotline.said, HoldChanged)] == [True, False]
    assert [each.number for each in notes(hotline.said, ThirdJoined)] == ["1002"]


def test_a_phone_that_reports_itself_free_does_not_end_a_talk_with_a_known_leg():
    """The leg's own end is the word that counts."""
    hotline = talking()
    hotline.phone("1", DeviceState.NOT_INUSE)
    assert hotline.state("1") is AgentState.IN_CALL
    assert enders(hotline) == []


def test_a_lost_hangup_is_repaired_by_the_next_resync():
    """If the leg is not among the channels that exist, the talk is over and the agent free."""
    hotline = talking()
    hotline.phone("1", DeviceState.NOT_INUSE)
    hotline.join("c2")
    assert offers(hotline.synchronise(channels=live("c1", "c2"))) == [("c2", "1")]
    assert enders(hotline) == [Side.SYSTEM]


def test_the_end_of_a_talk_is_counted_once_for_each_agent():
    """Calls taken and the last call's end are those of the queue of this talk."""
    hotline = talking(wrap_up_s=5.0)
    hotline.hang_up("1")
    (member,) = hotline.members()
    assert (member.calls_taken, member.last_call_at) == (1, hotline.now)
