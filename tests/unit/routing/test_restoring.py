"""After our restart: callers keep their places, ringing and talking go on, and each ends once."""

import pytest

from ccd.events import LinkLost
from ccd.history import OfferStarted, QueueEntered, QueueLeft, TalkEnded, TalkStarted
from ccd.model import AgentState, DeviceState, DialStatus, QueueOutcome, Side
from tests.unit.routing.hotline import Hotline, agent, dismissed, live, notes, offers, queue, results

BUSY, FREE = DeviceState.INUSE, DeviceState.NOT_INUSE


def restarted(*agents, **settings) -> Hotline:
    """Give a hotline right after the start of ccd: agents are signed in, Asterisk was not asked yet."""
    hotline = Hotline()
    hotline.configure(queue(**settings))
    hotline.employ(*agents)
    for one in agents:
        hotline.sign_in(one.number)
    return hotline


def outcomes(said) -> list[tuple[str, QueueOutcome]]:
    """Give how stays ended."""
    return [(left.call_id, left.outcome) for left in notes(said, QueueLeft)]


def test_a_caller_who_is_found_is_offered_only_when_their_session_is_back():
    """Their dialplan has not asked yet: an offer could not be handed over."""
    hotline = restarted(agent("1"))
    hotline.restore("c1")
    assert offers(hotline.synchronise()) == []
    assert hotline.line() == ["c1"]
    assert offers(hotline.tell(hotline.joined["c1"])) == [("c1", "1")]


def test_the_time_of_joining_is_that_of_the_earlier_process():
    """The record shows the whole wait."""
    hotline = restarted(agent("1"))
    hotline.restore("c1", waited_s=30.0)
    hotline.synchronise()
    hotline.pass_time(5.0)
    hotline.gone("c1")
    (entered,), (left,) = notes(hotline.said, QueueEntered), notes(hotline.said, QueueLeft)
    assert entered.at == hotline.now - 35.0
    assert (left.outcome, left.waited_s) == (QueueOutcome.ABANDONED, 35.0)


def test_whoever_comes_back_first_does_not_overtake_those_who_joined_before():
    """Dialplans ask in no order; the first in line is served first all the same."""
    hotline = restarted(agent("1"))
    hotline.restore("first", waited_s=30.0)
    hotline.restore("second", waited_s=20.0)
    hotline.synchronise()
    assert offers(hotline.tell(hotline.joined["second"])) == []
    assert offers(hotline.tell(hotline.joined["first"])) == [("first", "1")]


def test_nobody_waits_long_for_one_who_does_not_come_back():
    """Within the dialplan's period and a little more the next one is served."""
    hotline = restarted(agent("1"))
    hotline.restore("first", waited_s=30.0)
    hotline.restore("second", waited_s=20.0)
    hotline.synchronise()
    hotline.tell(hotline.joined["second"])
    assert offers(hotline.pass_time(1.0)) == [("second", "1")]
    assert offers(hotline.tell(hotline.joined["first"])) == []


@pytest.mark.parametrize("how", ["gone", "served"])
def test_one_who_is_gone_keeps_nobody_waiting(how):
    """The first one in line hung up before their session was back."""
    hotline = restarted(agent("1"))
    hotline.restore("first", waited_s=30.0)
    hotline.restore("second", waited_s=20.0)
    hotline.synchronise()
    hotline.tell(hotline.joined["second"])
    said = hotline.gone("first") if how == "gone" else hotline.leave("first")
    assert offers(said) == [("second", "1")]


def test_a_talk_that_was_under_way_goes_on_and_ends_with_its_wrap_up():
    """Caller and phone are in one bridge: it is their talk, as if we had seen it begin."""
    hotline = restarted(agent("1"), wrap_up_s=10.0)
    hotline.restore("c1", "1", rang_s=20.0)
    hotline.synchronise(channels=live("c1", "leg:1", bridge="b1"), phones={"1": BUSY})
    assert hotline.agent("1").talking
    assert outcomes(hotline.said) == [("c1", QueueOutcome.ANSWERED)]
    (talk,) = notes(hotline.said, TalkStarted)
    assert (talk.agent, talk.leg, talk.at) == ("1", "leg:1", hotline.now - 20.0)
    hotline.hang_up("1")
    assert [end.by for end in notes(hotline.said, TalkEnded)] == [Side.AGENT]
    assert hotline.state("1") is AgentState.WRAP_UP


def test_a_caller_who_hangs_up_in_such_a_talk_has_been_answered():
    """Their stay ended with the answer, not with the hang-up."""
    hotline = restarted(agent("1"))
    hotline.restore("c1", "1")
    hotline.synchronise(channels=live("c1", "leg:1", bridge="b1"), phones={"1": BUSY})
    hotline.gone("c1")
    assert outcomes(hotline.said) == [("c1", QueueOutcome.ANSWERED)]
    assert [end.by for end in notes(hotline.said, TalkEnded)] == [Side.CALLER]


def test_a_phone_that_rings_over_the_restart_is_answered():
    """Its agent is reserved meanwhile, although the phone says so only later."""
    hotline = restarted(agent("1"), agent("2"))
    hotline.restore("c1", "1")
    hotline.synchronise(channels=live("c1"), phones={"1": FREE})
    assert hotline.state("1") is AgentState.RINGING
    assert offers(hotline.join("c2")) == [("c2", "2")]
    hotline.answer("c1", "1")
    assert ("1", "answered") in results(hotline.said)
    assert hotline.agent("1").talking


def test_a_ringing_that_nobody_answers_leads_back_into_the_queue():
    """At the old place, and the agent has missed a call."""
    hotline = restarted(agent("1"), agent("2"))
    hotline.restore("c1", "1", waited_s=30.0)
    hotline.synchronise(channels=live("c1"), phones={"1": DeviceState.RINGING})
    hotline.phone("1", FREE)
    assert offers(hotline.back_from_earlier("c1", DialStatus.NOANSWER)) == [("c1", "2")]
    assert results(hotline.said) == [("1", "no_answer")]


def test_ring_all_over_the_restart_has_one_winner():
    """The others lose the race."""
    hotline = restarted(agent("1"), agent("2"))
    hotline.restore("c1", "1", "2")
    hotline.synchronise(channels=live("c1"), phones={"1": DeviceState.RINGING, "2": DeviceState.RINGING})
    hotline.answer("c1", "2")
    assert sorted(results(hotline.said)) == [("1", "lost_race"), ("2", "answered")]


def test_a_talk_that_ended_before_we_were_back_is_told_by_the_dialplan():
    """The agent hung up while nobody listened: stay, talk and wrap-up are all there."""
    hotline = restarted(agent("1"), wrap_up_s=10.0)
    hotline.restore("c1", "1", rang_s=20.0)
    hotline.back_from_earlier("c1", DialStatus.ANSWER)
    hotline.synchronise(channels=live("c1"))
    assert outcomes(hotline.said) == [("c1", QueueOutcome.ANSWERED)]
    (begun,), (ended,) = notes(hotline.said, TalkStarted), notes(hotline.said, TalkEnded)
    assert (begun.agent, ended.by, ended.at - begun.at) == ("1", Side.AGENT, 20.0)
    assert hotline.state("1") is AgentState.WRAP_UP


def test_a_talk_with_a_phone_where_nobody_is_signed_in_any_more_is_still_an_answer():
    """Nobody can say who it was; that the caller was served is sure."""
    hotline = restarted(agent("1"))
    hotline.sign_out("1")
    hotline.restore("c1", "1")
    hotline.synchronise(channels=live("c1"))
    hotline.back_from_earlier("c1", DialStatus.ANSWER)
    assert outcomes(hotline.said) == [("c1", QueueOutcome.ANSWERED)]
    assert notes(hotline.said, TalkStarted) == []


def test_a_talk_of_an_agent_who_has_signed_out_meanwhile_is_theirs():
    """Signing out during a talk is for the next call; the note on the channel tells whose talk it is."""
    for told_by_ami in (True, False):
        hotline = restarted(agent("1"))
        hotline.sign_out("1")
        hotline.restore("c1", "1", agent="1")
        if told_by_ami:
            hotline.synchronise(channels=live("c1", "leg:1", bridge="b1"), phones={"1": BUSY})
            hotline.hang_up("1")
        else:
            hotline.back_from_earlier("c1", DialStatus.ANSWER)
        assert [talk.agent for talk in notes(hotline.said, TalkStarted)] == ["1"]
        assert len(notes(hotline.said, TalkEnded)) == 1


def test_an_agent_whom_a_caller_has_already_is_not_reserved_twice():
    """The note of a caller may come late, by their dialplan, when the phone rings for another one."""
    hotline = restarted(agent("1"))
    hotline.synchronise(channels=())
    hotline.join("c2")
    hotline.restore("c1", "1")
    assert notes(hotline.said, OfferStarted)[-1].call_id == "c2"
    hotline.back_from_earlier("c1", DialStatus.NOANSWER)
    assert hotline.line() == ["c1", "c2"]


def test_who_is_here_already_is_not_restored():
    """The dialplan asked before AMI told of the channel."""
    hotline = restarted(agent("1"))
    hotline.restore("c1")
    hotline.tell(hotline.joined["c1"])
    assert hotline.restore("c1") == []
    assert len(notes(hotline.said, QueueEntered)) == 1


def test_who_was_seen_to_hang_up_is_not_restored():
    """The list that has them is older than their hang-up."""
    hotline = restarted(agent("1"))
    hotline.gone("c1")
    assert hotline.restore("c1") == []


def test_a_queue_that_is_no_longer_there_takes_nobody_back():
    """Their flow decides, when they ask."""
    hotline = Hotline()
    assert hotline.restore("c1") == []
    assert dismissed(hotline.tell(hotline.joined["c1"])) == [("c1", QueueOutcome.FAILED)]


def test_an_answer_found_after_a_lost_link_counts_from_when_the_link_was_lost():
    """Until then we would have heard of it; the talk is not longer than the gap."""
    hotline = restarted(agent("1"), ring_s=20.0)
    hotline.synchronise(channels=())
    hotline.join("c1")
    hotline.pass_time(5.0)
    hotline.tell(LinkLost())
    lost_at = hotline.now
    hotline.pass_time(10.0)
    hotline.synchronise(channels=live("c1", "leg:1", bridge="b1"), phones={"1": BUSY})
    (talk,) = notes(hotline.said, TalkStarted)
    assert talk.at == lost_at
