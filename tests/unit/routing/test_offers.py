"""What becomes of an offer: answered, missed, refused, cancelled, raced for, withdrawn, or lost."""

import pytest

from ccd.events import AgentsConfigured, CallerRestored, HangupRequested, OfferFailed
from ccd.history import OfferEnded, OfferStarted, QueueLeft, TalkEnded, TalkStarted
from ccd.model import (
    AgentNumber,
    AgentState,
    AgentStatus,
    CallId,
    ChannelId,
    DeviceState,
    DialStatus,
    Extension,
    OfferId,
    OfferResult,
    QueueOutcome,
    Side,
    Strategy,
)
from ccd.routing.offers import LEASE_GRACE_S, TRANSITIONS, IllegalStepError, Offer, Phase, Step
from tests.unit.routing.hotline import (
    SALES,
    agent,
    given,
    notes,
    offers,
    on_terms,
    phone_of,
    queue,
    results,
    withdrawn,
)

PAIR = (agent("1"), agent("2"))


def test_an_offer_reserves_the_agent_and_names_the_phone():
    """The command names agent, phone and ring time; the agent rings at once, in all queues."""
    hotline = given(agent("1"), ring_s=15.0)
    hotline.join("c1")
    offer = hotline.offer("c1")
    assert (offer.agents, offer.devices, offer.ring_s) == (("1",), (phone_of("1"),), 15.0)
    assert hotline.state("1") is AgentState.RINGING
    assert offers(hotline.join("c2")) == []


def test_a_phone_rings_for_as_long_as_its_agents_terms_say():
    """Also longer than the queue says; when several phones ring together, the queue's time counts."""
    for ring_s in (5.0, 40.0):
        hotline = given(on_terms(agent("1"), ring_s=ring_s), agent("2"), ring_s=20.0)
        hotline.join("c1")
        hotline.join("c2")
        assert (hotline.offer("c1").ring_s, hotline.offer("c2").ring_s) == (ring_s, 20.0)
        hotline.ring("c1", "1")
        assert withdrawn(hotline.pass_time(ring_s + LEASE_GRACE_S - 0.1)).count("c1") == 0
        assert "c1" in withdrawn(hotline.pass_time(0.1))
    both = [on_terms(agent(number), ring_s=5.0) for number in "12"]
    hotline = given(*both, ring_s=20.0, strategy=Strategy.RINGALL)
    hotline.join("c1")
    assert hotline.offer("c1").ring_s == 20.0


def test_an_answer_ends_the_stay_and_begins_the_talk():
    """The phone's answer is an offer answered, a talk begun and a stay ended, in this order."""
    hotline = given(agent("1"))
    hotline.join("c1")
    hotline.pass_time(4.0)
    said = hotline.answer("c1", "1")
    (ended,) = notes(said, OfferEnded)
    (talk,) = notes(said, TalkStarted)
    (left,) = notes(said, QueueLeft)
    assert (ended.result, ended.ring_s) == (OfferResult.ANSWERED, 4.0)
    assert (talk.agent, talk.leg, talk.queue_wait_s) == ("1", "leg:1", 4.0)
    assert (left.outcome, left.waited_s) == (QueueOutcome.ANSWERED, 4.0)
    assert hotline.line() == []
    assert hotline.state("1") is AgentState.IN_CALL


@pytest.mark.parametrize(
    ("cause", "result"),
    [(0, "no_answer"), (16, "no_answer"), (19, "no_answer"), (21, "declined"), (17, "busy")],
)
def test_whether_a_call_was_declined_is_told_by_the_cause_of_the_hang_up(cause, result):
    """DialEnd says NOANSWER of both; the agent is free, and has missed a call, before the cause is known."""
    hotline = given(*PAIR, retry_s=60.0)
    hotline.join("c1")
    hotline.leg_ends("c1", "1", DialStatus.NOANSWER)
    assert hotline.agent("1").missed_in_a_row == 1
    assert offers(hotline.join("c2")) == [("c2", "1")]
    hotline.gone("leg:1", cause=cause)
    assert results(hotline.said) == [("1", result)]
    assert offers(hotline.back("c1", DialStatus.NOANSWER)) == [("c1", "2")]
    assert results(hotline.said) == [("1", result)]
    assert hotline.agent("1").missed_in_a_row == 1


def test_without_a_word_of_the_cause_nobody_answered():
    """The dialplan comes back first, or the caller leaves; it is one missed call all the same."""
    for leaves in (False, True):
        hotline = given(agent("1"), retry_s=60.0)
        hotline.join("c1")
        hotline.leg_ends("c1", "1", DialStatus.NOANSWER)
        if leaves:
            hotline.gone("c1")
        else:
            assert offers(hotline.back("c1", DialStatus.CANCEL)) == []
        hotline.gone("leg:1", cause=21)
        assert results(hotline.said) == [("1", "no_answer")]
        assert hotline.agent("1").missed_in_a_row == 1


@pytest.mark.parametrize(
    ("status", "result"),
    [
        (DialStatus.TIMEOUT, OfferResult.NO_ANSWER),
        (DialStatus.BUSY, OfferResult.BUSY),
        (DialStatus.DONTCALL, OfferResult.DECLINED),
        (DialStatus.CHANUNAVAIL, OfferResult.UNREACHABLE),
        (DialStatus.CONGESTION, OfferResult.UNREACHABLE),
    ],
)
def test_a_failed_offer_is_told_by_the_phone_or_by_the_dialplan(status, result):
    """AMI or AGI may tell first, or only one of them: the result is the same, and told once."""
    for ami, agi in ((True, True), (True, False), (False, True)):
        hotline = given(*PAIR)
        hotline.join("c1")
        if ami:
            hotline.leg_ends("c1", "1", status)
        if agi:
            hotline.returned("c1", status)
        assert results(hotline.said) == [("1", result.value)]


def test_a_phone_that_is_gone_before_its_end_is_told_declined():
    """A rejected leg whose hangup is told first counts as declined by its cause."""
    hotline = given(*PAIR)
    hotline.join("c1")
    hotline.ring("c1", "1")
    hotline.gone("leg:1", cause=21)
    hotline.leg_ends("c1", "1", DialStatus.BUSY)
    assert results(hotline.said) == [("1", "declined")]


def test_the_agent_is_free_at_the_phones_word_the_caller_at_their_sessions():
    """After a missed offer the agent can have another caller at once; the caller waits for their session."""
    hotline = given(agent("1"))
    hotline.join("c1")
    hotline.join("c2")
    assert offers(hotline.leg_ends("c1", "1", DialStatus.NOANSWER)) == [("c2", "1")]
    assert offers(hotline.returned("c1", DialStatus.NOANSWER)) == []
    assert hotline.line() == ["c1", "c2"]


def test_a_failed_attempt_keeps_the_place():
    """Whoever comes back from a failed attempt stands where they stood."""
    hotline = given(*PAIR)
    hotline.join("c1")
    hotline.phone("2", DeviceState.INUSE)
    hotline.join("c2")
    hotline.miss("c1", "1")
    assert hotline.line() == ["c1", "c2"]
    assert offers(hotline.phone("2", DeviceState.NOT_INUSE)) == [("c1", "2")]


def test_a_missed_caller_is_offered_to_the_same_agent_again_after_the_retry_time():
    """With nobody else free the same agent is tried again, but only after `retry_s`, without polling."""
    hotline = given(agent("1"), retry_s=5.0)
    hotline.join("c1")
    assert offers(hotline.miss("c1", "1")) == []
    assert hotline.engine.next_deadline() == hotline.now + 5.0
    assert offers(hotline.pass_time(4.9)) == []
    assert offers(hotline.pass_time(0.1)) == [("c1", "1")]


def test_a_missed_caller_does_not_block_the_next_one():
    """The agent who missed a caller takes the next caller meanwhile."""
    hotline = given(agent("1"))
    hotline.join("c1")
    hotline.miss("c1", "1")
    assert offers(hotline.join("c2")) == [("c2", "1")]


def test_each_miss_is_remembered_for_itself():
    """Two agents who missed a caller at different times are tried again each in their own time."""
    hotline = given(*PAIR, retry_s=10.0)
    hotline.join("c1")
    hotline.miss("c1", "1")
    hotline.pass_time(3.0)
    hotline.miss("c1", "2")
    hotline.phone("1", DeviceState.INUSE)
    assert offers(hotline.pass_time(9.9)) == []
    assert offers(hotline.pass_time(0.1)) == [("c1", "2")]


def test_a_session_that_joins_again_closes_the_attempt():
    """When no phone rings any more, joining again is as good as the dialplan's word."""
    hotline = given(*PAIR)
    hotline.join("c1")
    hotline.leg_ends("c1", "1", DialStatus.NOANSWER)
    assert offers(hotline.tell(hotline.joined["c1"])) == [("c1", "2")]


def test_no_retry_time_means_at_once():
    """With `retry_s` 0 the only agent is rung again at once."""
    hotline = given(agent("1"), retry_s=0.0)
    hotline.join("c1")
    hotline.pass_time(20.0)
    assert offers(hotline.miss("c1", "1")) == [("c1", "1")]


@pytest.mark.parametrize("status", [DialStatus.BUSY, DialStatus.UNKNOWN, DialStatus.CANCEL])
def test_a_phone_that_fails_at_once_is_not_tried_without_pause(status):
    """Whatever `retry_s` says, one caller is offered to one agent once a second at most."""
    hotline = given(agent("1"), retry_s=0.0)
    hotline.join("c1")
    assert offers(hotline.back("c1", status)) == []
    assert offers(hotline.pass_time(0.9)) == []
    assert offers(hotline.pass_time(0.1)) == [("c1", "1")]


@pytest.mark.parametrize("agi_first", [True, False])
def test_a_caller_who_hangs_up_while_phones_ring_abandons(agi_first):
    """CANCEL and the caller's hangup, in either order: caller left, abandoned, no missed call."""
    hotline = given(agent("1"), autopause_after=1)
    hotline.join("c1")
    hotline.ring("c1", "1")
    if agi_first:
        hotline.gone("c1")
        hotline.leg_ends("c1", "1", DialStatus.CANCEL)
    else:
        hotline.leg_ends("c1", "1", DialStatus.CANCEL)
        assert hotline.agent("1").call_id is None
        hotline.gone("c1")
    assert results(hotline.said) == [("1", "caller_left")]
    assert [left.outcome for left in notes(hotline.said, QueueLeft)] == [QueueOutcome.ABANDONED]
    assert hotline.agent("1").status is AgentStatus.AVAILABLE
    assert offers(hotline.join("c2")) == [("c2", "1")]


def test_cancel_after_the_ring_time_is_no_answer():
    """CANCEL with the ring time over, and a caller who comes back: the agent did not answer."""
    hotline = given(agent("1"), ring_s=20.0)
    hotline.join("c1")
    hotline.pass_time(20.0)
    hotline.leg_ends("c1", "1", DialStatus.CANCEL)
    hotline.returned("c1", DialStatus.CANCEL)
    assert results(hotline.said) == [("1", "no_answer")]


def test_cancel_before_the_ring_time_blames_nobody():
    """CANCEL in the middle of ringing, and a caller who comes back: somebody stopped it, nobody missed it."""
    hotline = given(agent("1"), ring_s=20.0)
    hotline.join("c1")
    hotline.pass_time(3.0)
    hotline.leg_ends("c1", "1", DialStatus.CANCEL)
    assert offers(hotline.back("c1", DialStatus.CANCEL)) == [("c1", "1")]
    assert results(hotline.said) == [("1", "withdrawn")]
    assert hotline.agent("1").missed_in_a_row == 0


@pytest.mark.parametrize("winner_first", [True, False])
def test_ringall_has_one_winner_and_no_losers_blame(winner_first):
    """The others lost a race, whatever AMI tells first: no missed call, no wrap-up, no autopause."""
    hotline = given(*PAIR, strategy=Strategy.RINGALL, wrap_up_s=30.0, autopause_after=1)
    hotline.join("c1")
    for number in ("1", "2"):
        hotline.ring("c1", number)
    if winner_first:
        hotline.leg_ends("c1", "2", DialStatus.ANSWER)
        hotline.leg_ends("c1", "1", DialStatus.CANCEL)
    else:
        hotline.leg_ends("c1", "1", DialStatus.CANCEL)
        hotline.leg_ends("c1", "2", DialStatus.ANSWER)
    assert sorted(results(hotline.said)) == [("1", "lost_race"), ("2", "answered")]
    assert [talk.agent for talk in notes(hotline.said, TalkStarted)] == ["2"]
    loser = hotline.agent("1")
    assert (loser.state, loser.missed_in_a_row, loser.status) == (AgentState.IDLE, 0, AgentStatus.AVAILABLE)


def test_two_answers_at_once_have_one_winner():
    """Of two phones answered in the same instant the first told has the caller."""
    hotline = given(*PAIR, strategy=Strategy.RINGALL)
    hotline.join("c1")
    hotline.leg_ends("c1", "2", DialStatus.ANSWER)
    hotline.leg_ends("c1", "1", DialStatus.ANSWER)
    assert [talk.agent for talk in notes(hotline.said, TalkStarted)] == ["2"]
    assert hotline.agent("1").call_id is None


def test_ringall_that_nobody_answers_is_missed_by_all():
    """Everyone who let it ring missed it, who was busy was busy; then those who did not miss are tried."""
    hotline = given(*PAIR, agent("3"), strategy=Strategy.RINGALL)
    hotline.phone("3", DeviceState.INUSE)
    hotline.join("c1")
    hotline.leg_ends("c1", "1", DialStatus.BUSY)
    hotline.phone("3", DeviceState.NOT_INUSE)
    assert hotline.offer("c1").agents == ("1", "2")
    hotline.leg_ends("c1", "2", DialStatus.NOANSWER)
    assert offers(hotline.back("c1", DialStatus.NOANSWER)) == [("c1", "3")]
    assert results(hotline.said) == [("1", "busy"), ("2", "no_answer")]


def test_a_late_end_of_a_phone_revives_nothing():
    """What AMI tells of an attempt that the dialplan has closed changes nothing."""
    hotline = given(agent("1"), retry_s=60.0)
    hotline.join("c1")
    hotline.ring("c1", "1")
    hotline.back("c1", DialStatus.NOANSWER)
    before = len(hotline.said)
    hotline.leg_ends("c1", "1", DialStatus.ANSWER)
    hotline.gone("leg:1")
    hotline.leg_ends("c1", "1", DialStatus.ANSWER)
    assert hotline.said[before:] == []
    assert hotline.line() == ["c1"]


def test_a_late_end_does_not_touch_the_next_attempt_on_the_same_phone():
    """The leg of an earlier attempt is known by its channel, although caller and phone are the same."""
    hotline = given(agent("1"), retry_s=0.0)
    hotline.join("c1")
    hotline.ring("c1", "1", "old")
    hotline.pass_time(20.0)
    hotline.back("c1", DialStatus.NOANSWER)
    hotline.leg_ends("c1", "1", DialStatus.NOANSWER, "old")
    assert hotline.state("1") is AgentState.RINGING
    hotline.answer("c1", "1", "new")
    assert hotline.state("1") is AgentState.IN_CALL


def test_a_leg_that_is_gone_does_not_touch_the_next_attempt_either():
    """An end that is told after the leg's hangup is not taken for the new attempt's."""
    hotline = given(agent("1"), retry_s=0.0)
    hotline.join("c1")
    hotline.ring("c1", "1", "old")
    hotline.pass_time(20.0)
    hotline.gone("old")
    hotline.back("c1", DialStatus.NOANSWER)
    assert hotline.leg_ends("c1", "1", DialStatus.NOANSWER, "old") == []
    assert hotline.state("1") is AgentState.RINGING


def test_the_end_of_one_attempt_leaves_the_agents_next_one_alone():
    """An agent who was cancelled and rings for another caller still rings when the first attempt ends."""
    hotline = given(*PAIR, strategy=Strategy.RINGALL)
    hotline.join("c1")
    hotline.leg_ends("c1", "1", DialStatus.CANCEL)
    hotline.join("c2")
    hotline.answer("c1", "2")
    assert (hotline.state("1"), hotline.agent("1").call_id) == (AgentState.RINGING, "c2")


def test_a_losers_leg_ends_no_talk():
    """In a ring-all the hangup of a phone that lost the race does not end the winner's talk."""
    hotline = given(*PAIR, strategy=Strategy.RINGALL)
    hotline.join("c1")
    hotline.ring("c1", "1")
    hotline.answer("c1", "2")
    hotline.gone("leg:1")
    assert notes(hotline.said, TalkEnded) == []


def test_the_view_shows_whose_phones_still_ring():
    """Who gave up is not shown as ringing any more."""
    hotline = given(*PAIR, strategy=Strategy.RINGALL)
    hotline.join("c1")
    hotline.leg_ends("c1", "1", DialStatus.BUSY)
    assert hotline.queue().waiting[0].offered_to == ("2",)


def test_duplicates_change_nothing():
    """Every event of a served call, told twice, changes something only the first time."""
    hotline = given(*PAIR, wrap_up_s=5.0)
    hotline.join("c1")
    for verb in (
        lambda: hotline.ring("c1", "1"),
        lambda: hotline.phone("1", DeviceState.INUSE),
        lambda: hotline.leg_ends("c1", "1", DialStatus.ANSWER),
        lambda: hotline.tell(hotline.joined["c1"]),
        lambda: hotline.gone("leg:1"),
        lambda: hotline.phone("1", DeviceState.NOT_INUSE),
        lambda: hotline.returned("c1", DialStatus.ANSWER),
        lambda: hotline.gone("c1"),
    ):
        verb()
        assert verb() == []
    assert len(notes(hotline.said, TalkEnded)) == len(notes(hotline.said, QueueLeft)) == 1


def test_a_call_that_ami_never_told_of_is_a_served_call():
    """DialReturned(ANSWER) alone: answered, with the talk that Asterisk counted."""
    hotline = given(agent("1"), wrap_up_s=5.0)
    hotline.join("c1")
    hotline.pass_time(100.0 - 75.0)
    hotline.returned("c1", DialStatus.ANSWER, answered_s=20.0)
    (talk,) = notes(hotline.said, TalkStarted)
    (end,) = notes(hotline.said, TalkEnded)
    (left,) = notes(hotline.said, QueueLeft)
    assert (end.at - talk.at, end.by, talk.leg) == (20.0, Side.AGENT, None)
    assert (left.outcome, left.waited_s) == (QueueOutcome.ANSWERED, 5.0)
    assert hotline.state("1") is AgentState.WRAP_UP
    before = len(hotline.said)
    hotline.leg_ends("c1", "1", DialStatus.ANSWER)
    assert hotline.said[before:] == []


@pytest.mark.parametrize("hint", ["name", "device", "nothing"])
def test_who_had_a_ringall_call_that_ami_never_told_of(hint):
    """The phone that the dialplan names had the caller, else one in use, else the first: exactly one."""
    hotline = given(*PAIR, strategy=Strategy.RINGALL)
    hotline.join("c1")
    if hint == "device":
        hotline.phone("2", DeviceState.INUSE)
    hotline.returned("c1", DialStatus.ANSWER, device=phone_of("2") if hint == "name" else None)
    assert [talk.agent for talk in notes(hotline.said, TalkStarted)] == ["1" if hint == "nothing" else "2"]
    assert sorted(result for _, result in results(hotline.said)) == ["answered", "lost_race"]


def test_an_offer_that_found_no_session_is_nobodys_miss():
    """OfferFailed frees the agent for others; the caller is offered again when their session is back."""
    hotline = given(agent("1"), autopause_after=1)
    hotline.join("c1")
    failed = OfferFailed(call_id=CallId("c1"), offer_id=hotline.offer_id("c1"))
    assert offers(hotline.tell(failed)) == []
    assert results(hotline.said) == [("1", "withdrawn")]
    assert hotline.agent("1").status is AgentStatus.AVAILABLE
    assert offers(hotline.join("c1", joined_at=hotline.now)) == [("c1", "1")]


def test_nothing_heard_of_an_offer_ends_it():
    """A reservation is a lease: ring time and ten seconds later agent and caller are freed."""
    hotline = given(agent("1"), ring_s=20.0, retry_s=5.0)
    hotline.join("c1")
    assert withdrawn(hotline.pass_time(29.9)) == []
    assert withdrawn(hotline.pass_time(0.1)) == ["c1"]
    assert results(hotline.said) == [("1", "withdrawn")]
    assert offers(hotline.join("c2")) == [("c2", "1")]


def test_a_caller_who_came_back_unnoticed_waits_again_when_the_lease_ends():
    """If the session joined again meanwhile, the end of the lease makes the caller eligible."""
    hotline = given(*PAIR)
    hotline.join("c1")
    hotline.tell(hotline.joined["c1"])
    assert hotline.state("1") is AgentState.RINGING
    assert offers(hotline.pass_time(30.0)) == [("c1", "2")]


def test_a_lost_answer_is_concluded_when_the_lease_ends():
    """A phone that rang and is in use when the lease ends has the caller: nothing is torn down."""
    hotline = given(agent("1"))
    hotline.join("c1")
    hotline.ring("c1", "1")
    hotline.phone("1", DeviceState.INUSE)
    said = hotline.pass_time(30.0)
    assert withdrawn(said) == []
    assert [talk.agent for talk in notes(said, TalkStarted)] == ["1"]


def test_a_caller_who_may_be_talking_is_not_pulled_out():
    """A phone in use that was never heard ringing: the agent is no longer reserved, nothing is withdrawn."""
    hotline = given(agent("1"))
    hotline.join("c1")
    hotline.phone("1", DeviceState.INUSE)
    assert withdrawn(hotline.pass_time(30.0)) == []
    assert results(hotline.said) == [("1", "withdrawn")]
    hotline.returned("c1", DialStatus.ANSWER)
    assert [left.outcome for left in notes(hotline.said, QueueLeft)] == [QueueOutcome.ANSWERED]


def test_signing_out_while_ringing_takes_the_offer_back():
    """A single phone stops ringing; the caller goes to the next agent when they are back."""
    hotline = given(*PAIR)
    hotline.join("c1")
    assert withdrawn(hotline.sign_out("1")) == ["c1"]
    assert results(hotline.said) == [("1", "withdrawn")]
    assert offers(hotline.back("c1", DialStatus.CANCEL)) == [("c1", "2")]


def test_signing_out_of_a_ringall_lets_it_ring():
    """Asterisk would stop every phone: the others go on ringing, and even the one who left may answer."""
    hotline = given(*PAIR, strategy=Strategy.RINGALL)
    hotline.join("c1")
    assert withdrawn(hotline.sign_out("1")) == []
    hotline.answer("c1", "1")
    assert hotline.state("1") is AgentState.IN_CALL
    hotline.hang_up("1")
    assert hotline.state("1") is AgentState.UNREACHABLE


def test_each_ringing_agent_is_told_of():
    """Ring-all notes one offer for each agent."""
    hotline = given(*PAIR, strategy=Strategy.RINGALL)
    said = hotline.join("c1")
    assert [(entry.agent, entry.device) for entry in notes(said, OfferStarted)] == [
        ("1", phone_of("1")),
        ("2", phone_of("2")),
    ]


def test_words_about_other_offers_are_ignored():
    """What concerns an offer, a call or a phone that is not part of this attempt changes nothing."""
    hotline = given(*PAIR)
    hotline.join("c1")
    before = len(hotline.said)
    hotline.leg_ends("c1", "2", DialStatus.ANSWER)
    hotline.leg_ends("nobody", "1", DialStatus.ANSWER)
    hotline.ring("nobody", "1")
    hotline.tell(OfferFailed(call_id=CallId("c2"), offer_id=hotline.offer_id("c1")))
    hotline.tell(OfferFailed(call_id=CallId("c1"), offer_id=OfferId("another")))
    assert hotline.said[before:] == []


def test_a_served_caller_whose_agent_nobody_knows():
    """If everyone who rang is with somebody else by now, the caller still was served."""
    hotline = given(agent("1"))
    hotline.join("c1")
    hotline.leg_ends("c1", "1", DialStatus.CANCEL)
    hotline.join("c2")
    hotline.returned("c1", DialStatus.ANSWER)
    (left,) = notes(hotline.said, QueueLeft)
    assert (left.call_id, left.outcome) == ("c1", QueueOutcome.ANSWERED)
    assert notes(hotline.said, TalkStarted) == []
    assert results(hotline.said) == [("1", "lost_race")]
    assert hotline.agent("1").call_id == "c2"


def test_a_removed_agents_part_is_told_to_its_end():
    """The result of an agent who was removed meanwhile is still noted, and counts for nobody."""
    hotline = given(*PAIR, strategy=Strategy.RINGALL)
    hotline.join("c1")
    hotline.leg_ends("c1", "1", DialStatus.CANCEL)
    hotline.tell(AgentsConfigured(agents=(), removed=(AgentNumber("1"),)))
    hotline.returned("c1", DialStatus.NOANSWER)
    assert results(hotline.said) == [("1", "no_answer"), ("2", "no_answer")]


@pytest.mark.parametrize("phase", list(Phase))
@pytest.mark.parametrize("step", list(Step))
def test_an_offer_takes_only_the_steps_of_its_table(phase, step):
    """A step that the table does not have is a mistake of the engine's, and raises."""
    offer = Offer(
        offer_id=OfferId("o"),
        call_id=CallId("c"),
        queue=SALES,
        via=SALES,
        sticky=False,
        started_at=0.0,
        ring_s=20.0,
    )
    offer.phase = phase
    after = TRANSITIONS[phase].get(step)
    if after is None:
        with pytest.raises(IllegalStepError, match="cannot be"):
            offer.step(step)
    else:
        offer.step(step)
        assert offer.phase is after


def test_every_phase_ends():
    """From each phase the table leads to the end."""
    assert TRANSITIONS[Phase.OVER] == {}
    assert all(
        Phase.OVER in steps.values() for phase, steps in TRANSITIONS.items() if phase is not Phase.OVER
    )


def test_an_agent_freed_by_cancel_may_talk_with_another_when_the_answer_is_told():
    """Who rang, was cancelled and has another caller by now is not taken for the one who answered."""
    hotline = given(*PAIR, strategy=Strategy.RINGALL)
    hotline.join("c1")
    hotline.leg_ends("c1", "1", DialStatus.CANCEL)
    hotline.join("c2")
    hotline.answer("c2", "1", "leg:c2")
    hotline.returned("c1", DialStatus.ANSWER)
    talks = [(talk.call_id, talk.agent) for talk in notes(hotline.said, TalkStarted)]
    assert talks == [("c2", AgentNumber("1")), ("c1", AgentNumber("2"))]


def test_an_answer_that_the_dialplan_tells_outweighs_a_phone_that_told_of_none():
    """Whoever talked has answered: the offer and the talk are of one mind."""
    hotline = given(agent("1"))
    hotline.join("c1")
    hotline.leg_ends("c1", "1", DialStatus.NOANSWER)
    said = hotline.returned("c1", DialStatus.ANSWER)
    assert results(said) == [("1", "answered")]
    assert [entry.agent for entry in notes(said, TalkStarted)] == ["1"]


def test_an_agent_who_hangs_up_during_the_whisper_has_declined():
    """The caller is offered to the next one, in their place; of ring-all the others have missed nothing."""
    hotline = given(agent("1"), agent("2"), whispers=True, strategy=Strategy.RINGALL, retry_s=60.0)
    hotline.join("c1")
    hotline.ring("c1", "1")
    hotline.ring("c1", "2")
    hotline.leg_ends("c1", "2", DialStatus.CANCEL)  # the first one has answered
    said = hotline.leg_ends("c1", "1", DialStatus.CONTINUE)
    said += hotline.back("c1", DialStatus.CONTINUE)
    assert [(each.agent, each.result) for each in notes(said, OfferEnded)] == [
        ("1", OfferResult.DECLINED),
        ("2", OfferResult.WITHDRAWN),
    ]
    assert offers(said) == []  # not in the same second
    assert offers(hotline.pass_time(1.5)) == [("c1", "2")]


def test_a_caller_who_hangs_up_during_the_whisper_is_an_abandoned_one():
    """Asterisk tells of an answer when the whisper is over, though the caller is long gone."""
    hotline = given(agent("1"), whispers=True)
    hotline.join("c1")
    hotline.ring("c1", "1")
    hotline.phone("1", DeviceState.INUSE)
    said = hotline.tell(HangupRequested(channel=ChannelId("c1")))
    said += hotline.leg_ends("c1", "1", DialStatus.ANSWER)
    said += hotline.gone("c1")
    assert [each.outcome for each in notes(said, QueueLeft)] == [QueueOutcome.ABANDONED]
    assert not notes(said, TalkStarted)


def test_a_hangup_that_is_asked_for_without_a_whisper_waits_for_the_channel():
    """Only the channel's end is the caller's end; a talk that is just being told of counts."""
    hotline = given(agent("1"))
    hotline.join("c1")
    hotline.ring("c1", "1")
    said = hotline.tell(HangupRequested(channel=ChannelId("c1")))
    said += hotline.leg_ends("c1", "1", DialStatus.ANSWER)
    assert len(notes(said, TalkStarted)) == 1


def pick_up(hotline, call: str, rung: str, picking: str) -> list:
    """Let an agent's own channel take the place of the one that rings, as Asterisk tells it."""
    said = hotline.phone(picking, DeviceState.INUSE)
    said += hotline.gone(f"leg:{rung}", cause=26)
    return said + hotline.leg_ends(call, picking, DialStatus.ANSWER)


def test_a_call_that_is_picked_up_is_the_picking_agents():
    """Whoever was rung is free and has missed nothing; the talk ends as any other."""
    hotline = given(agent("1"), agent("2"), wrap_up_s=10.0, strategy=Strategy.LINEAR)
    hotline.join("c1")
    assert hotline.engine.ringing_for(AgentNumber("2")) is None  # not before AMI told of the channel
    hotline.ring("c1", "1")
    assert hotline.engine.ringing_for(AgentNumber("2")) == "leg:1"
    assert hotline.engine.ringing_for(AgentNumber("1")) is None
    assert hotline.engine.ringing_for(AgentNumber("2"), Extension("1009")) is None
    said = pick_up(hotline, "c1", "1", "2")
    hotline.engine.validate()
    assert results(said) == [("2", OfferResult.ANSWERED), ("1", OfferResult.LOST_RACE)]
    assert [each.agent for each in notes(said, TalkStarted)] == ["2"]
    assert [each.outcome for each in notes(said, QueueLeft)] == [QueueOutcome.ANSWERED]
    assert (hotline.state("1"), hotline.state("2")) == (AgentState.IDLE, AgentState.IN_CALL)
    said = hotline.hang_up("2") + hotline.back("c1", DialStatus.ANSWER)
    hotline.engine.validate()
    assert [each.agent for each in notes(said, TalkEnded)] == ["2"]
    assert (hotline.state("1"), hotline.state("2")) == (AgentState.IDLE, AgentState.WRAP_UP)


@pytest.mark.parametrize("strategy", [Strategy.LINEAR, Strategy.RINGALL])
def test_an_agent_for_whom_another_caller_rings_may_pick_up_this_one(strategy):
    """Their own offer is taken back; with ring-all the others ring on."""
    other = queue("other", strategy=strategy)
    hotline = given(agent("1"), agent("2", SALES, "other"), agent("3", "other"), queues=(queue(), other))
    hotline.join("o1", to="other")
    hotline.join("c1")
    hotline.ring("c1", "1")
    said = pick_up(hotline, "c1", "1", "2")
    hotline.engine.validate()
    assert [each.agent for each in notes(said, TalkStarted)] == ["2"]
    assert withdrawn(said) == (["o1"] if strategy is Strategy.LINEAR else [])


def test_a_call_that_somebody_else_picks_up_was_answered_by_no_agent():
    """A phone at which nobody is signed in: the rung agent has neither a talk nor a miss."""
    hotline = given(agent("1"))
    hotline.join("c1")
    hotline.ring("c1", "1")
    said = pick_up(hotline, "c1", "1", "9")
    said += hotline.returned("c1", DialStatus.ANSWER)
    hotline.engine.validate()
    assert results(said) == [("1", OfferResult.LOST_RACE)]
    assert not notes(said, TalkStarted)
    assert [each.outcome for each in notes(said, QueueLeft)] == [QueueOutcome.ANSWERED]


def test_an_agent_who_declined_may_pick_the_caller_up_after_all():
    """Both are told of: the phone that was refused, and the one that was taken."""
    hotline = given(agent("1"), agent("2"), strategy=Strategy.RINGALL)
    hotline.join("c1")
    hotline.ring("c1", "1")
    hotline.ring("c1", "2")
    said = hotline.leg_ends("c1", "2", DialStatus.BUSY) + hotline.gone("leg:2", cause=17)
    said += hotline.phone("2", DeviceState.INUSE)
    said += hotline.leg_ends("c1", "2", DialStatus.ANSWER, leg="leg:2-picking")
    hotline.engine.validate()
    assert results(said) == [
        ("2", OfferResult.BUSY),
        ("2", OfferResult.ANSWERED),
        ("1", OfferResult.LOST_RACE),
    ]
    assert [each.picked_up for each in notes(said, OfferEnded)] == [False, True, False]
    assert [each.agent for each in notes(said, TalkStarted)] == ["2"]


def test_an_agent_who_moved_while_their_old_phone_rings_may_pick_the_caller_up():
    """The old phone's part is theirs, too, and over; nothing is taken back from whom they talk to now."""
    hotline = given(agent("1"))
    hotline.tell(
        CallerRestored(
            call_id=CallId("c1"),
            queue=SALES,
            channel=ChannelId("c1"),
            number="",
            joined_at=hotline.now - 20.0,
            offer_id=OfferId("earlier"),
            offered_at=hotline.now - 10.0,
            devices=(phone_of("4"),),
            agent=AgentNumber("1"),
        )
    )
    said = hotline.phone("1", DeviceState.INUSE)
    said += hotline.leg_ends("c1", "1", DialStatus.ANSWER, leg="leg:1-picking")
    hotline.engine.validate()
    assert results(said) == [("1", OfferResult.ANSWERED), ("1", OfferResult.LOST_RACE)]
    assert [each.agent for each in notes(said, TalkStarted)] == ["1"]
    assert not withdrawn(said)
