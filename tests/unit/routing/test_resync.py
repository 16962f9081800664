"""After a gap Asterisk is asked what exists, and what was believed is put right by it."""

from dataclasses import replace

from ccd.events import LinkLost
from ccd.history import QueueLeft, TalkEnded, TalkStarted
from ccd.model import AgentState, ChannelId, DeviceState, DialStatus, QueueOutcome, Side
from tests.unit.routing.hotline import Hotline, agent, given, live, notes, offers, results, withdrawn


def test_without_a_link_those_known_to_be_free_are_offered():
    """Losing the manager link stops nobody's call from being offered."""
    hotline = given(agent("1"))
    hotline.tell(LinkLost())
    assert offers(hotline.join("c1")) == [("c1", "1")]


def test_without_a_link_a_lease_waits_for_the_truth():
    """A reservation that runs out while nothing can be heard is kept until Asterisk was asked."""
    hotline = given(agent("1"))
    hotline.join("c1")
    hotline.tell(LinkLost())
    assert hotline.pass_time(600.0) == []
    assert hotline.state("1") is AgentState.RINGING
    assert withdrawn(hotline.synchronise()) == ["c1"]
    assert results(hotline.said) == [("1", "withdrawn")]


def test_whoever_came_back_since_asterisk_was_asked_is_here():
    """Their session says so, on a channel of which the answer cannot tell yet."""
    hotline = given()
    hotline.join("c1")
    hotline.pass_time(1.0)
    asked_at = hotline.now
    hotline.pass_time(0.1)
    hotline.tell(replace(hotline.joined["c1"], channel=ChannelId("c1-masqueraded")))
    hotline.synchronise(channels=live("c1"), asked_at=asked_at)
    assert hotline.line() == ["c1"]
    hotline.synchronise(channels=live("c1"), asked_at=hotline.now + 1.0)
    assert hotline.line() == []


def test_without_a_link_the_dialplans_word_is_enough():
    """DialReturned alone carries a call from offer to end."""
    hotline = given(agent("1"))
    hotline.join("c1")
    hotline.tell(LinkLost())
    hotline.pass_time(600.0)
    hotline.returned("c1", DialStatus.ANSWER, answered_s=590.0)
    assert [left.outcome for left in notes(hotline.said, QueueLeft)] == [QueueOutcome.ANSWERED]
    assert hotline.state("1") is AgentState.IDLE


def test_without_a_link_agents_go_on_from_call_to_call():
    """Nobody tells that the phone is free again: the end of our own call on it has to do."""
    hotline = given(agent("1"), agent("2"), retry_s=60.0)
    hotline.join("c1")
    hotline.answer("c1", "1")
    hotline.join("c2")
    hotline.phone("2", DeviceState.RINGING)
    hotline.join("c3")
    hotline.tell(LinkLost())
    assert offers(hotline.returned("c1", DialStatus.ANSWER)) == [("c3", "1")]
    assert offers(hotline.back("c2", DialStatus.NOANSWER)) == []
    assert offers(hotline.join("c4")) == [("c4", "2")]


def test_an_unreachable_phone_stays_so_without_a_link():
    """What was known to be unreachable is not believed to be free."""
    hotline = given(agent("1"))
    hotline.join("c1")
    hotline.phone("1", DeviceState.UNAVAILABLE)
    hotline.tell(LinkLost())
    hotline.back("c1", DialStatus.CHANUNAVAIL)
    assert offers(hotline.join("c2")) == []


def test_an_answer_during_the_gap_is_found_in_the_bridge():
    """Caller and phone in one bridge talk, although nobody told of the answer."""
    hotline = given(agent("1"), agent("2"))
    hotline.join("c1")
    hotline.tell(LinkLost())
    hotline.synchronise(
        channels=(*live("c1", "leg:1", bridge="b1"), *live("leg:2", bridge="b2")),
        phones={"1": DeviceState.INUSE},
    )
    assert [(talk.agent, talk.leg) for talk in notes(hotline.said, TalkStarted)] == [("1", "leg:1")]
    hotline.hang_up("1")
    assert [end.by for end in notes(hotline.said, TalkEnded)] == [Side.AGENT]


def test_a_phone_in_another_bridge_is_not_the_answer():
    """A phone that talks with somebody else, or a caller in no bridge, is no answered offer."""
    for caller, phone in (("b1", "b2"), ("", "b2")):
        hotline = given(agent("1"))
        hotline.join("c1")
        channels = (*live("c1", bridge=caller), *live("leg:1", bridge=phone))
        hotline.synchronise(channels=channels, phones={"1": DeviceState.INUSE})
        assert notes(hotline.said, TalkStarted) == []


def test_an_attempt_that_goes_on_over_the_gap_goes_on():
    """A phone that still rings keeps its reservation."""
    hotline = given(agent("1"))
    hotline.join("c1")
    hotline.ring("c1", "1")
    hotline.tell(LinkLost())
    hotline.synchronise(channels=live("c1", "leg:1"), phones={"1": DeviceState.RINGING})
    hotline.phone("1", DeviceState.INUSE)
    hotline.leg_ends("c1", "1", DialStatus.ANSWER)
    assert results(hotline.said) == [("1", "answered")]


def test_a_leg_that_is_gone_frees_its_agent():
    """A phone that rang before the gap and has no channel any more is free."""
    hotline = given(agent("1"))
    hotline.join("c1")
    hotline.ring("c1", "1")
    hotline.tell(LinkLost())
    hotline.join("c2")
    assert offers(hotline.synchronise()) == [("c2", "1")]


def test_callers_who_are_gone_have_abandoned():
    """Waiting, ringing or talking: whose channel does not exist any more has hung up."""
    hotline = given(agent("1"), agent("2"))
    hotline.join("talks")
    hotline.answer("talks", "1")
    hotline.join("rings")
    hotline.join("waits")
    hotline.tell(LinkLost())
    hotline.synchronise(channels=())
    assert {(left.call_id, left.outcome) for left in notes(hotline.said, QueueLeft)} == {
        ("talks", QueueOutcome.ANSWERED),
        ("rings", QueueOutcome.ABANDONED),
        ("waits", QueueOutcome.ABANDONED),
    }
    assert [end.by for end in notes(hotline.said, TalkEnded)] == [Side.SYSTEM]
    assert hotline.line() == []
    assert {hotline.state("1"), hotline.state("2")} == {AgentState.IDLE}


def test_what_began_after_we_asked_is_not_judged():
    """Callers and talks that are younger than the question cannot be in the answer."""
    hotline = given(agent("1"))
    hotline.tell(LinkLost())
    asked_at = hotline.now
    hotline.pass_time(0.1)
    hotline.join("c1")
    hotline.answer("c1", "1")
    hotline.join("c2")
    hotline.synchronise(channels=(), phones={"1": DeviceState.INUSE}, asked_at=asked_at)
    assert hotline.line() == ["c2"]
    assert hotline.agent("1").talking


def test_a_phone_in_use_by_others_is_just_busy():
    """A phone in a call that is not ours is not offered anything until it is free."""
    hotline = given(agent("1"))
    hotline.tell(LinkLost())
    hotline.synchronise(phones={"1": DeviceState.INUSE})
    assert hotline.state("1") is AgentState.IN_CALL
    assert offers(hotline.join("c1")) == []
    assert offers(hotline.phone("1", DeviceState.NOT_INUSE)) == [("c1", "1")]


def test_phones_that_asterisk_does_not_name_are_unreachable():
    """After a resync a phone that is not in the list does not exist."""
    hotline = given(agent("1"))
    hotline.sign_in("1", "4711")
    assert hotline.state("1") is AgentState.UNREACHABLE


def test_a_resync_that_finds_everything_as_it_was_says_nothing():
    """Asking again, with nothing lost, changes nothing."""
    hotline = given(agent("1"), agent("2"))
    hotline.join("c1")
    hotline.answer("c1", "1")
    hotline.join("c2")
    hotline.join("c3")
    said = hotline.synchronise(
        channels=live("c1", "c2", "c3", "leg:1"),
        phones={"1": DeviceState.INUSE, "2": DeviceState.NOT_INUSE},
    )
    assert said == []


def test_waiting_callers_are_served_right_after_the_restart():
    """Restored callers, in their order, as soon as Asterisk has been asked."""
    hotline = Hotline()
    hotline.join("too early", restored=True)
    hotline.configure(*(given().queue().settings,))
    hotline.employ(agent("1"), agent("2"))
    hotline.sign_in("1")
    hotline.sign_in("2")
    hotline.join("second", joined_at=hotline.now - 20.0, restored=True)
    hotline.join("first", joined_at=hotline.now - 30.0, restored=True)
    assert offers(hotline.synchronise()) == [("first", "1"), ("second", "2")]
