"""What agents choose and what is observed of them: sign-in, breaks, wrap-up, autopause, states."""

import pytest

from ccd.commands import SaveAgent
from ccd.history import AgentStateChanged, AgentStatusChanged
from ccd.model import (
    AgentNumber,
    AgentSnapshot,
    AgentState,
    AgentStatus,
    DeviceState,
    DialStatus,
    QueueMemory,
    Strategy,
)
from tests.unit.routing.hotline import (
    SALES,
    Hotline,
    agent,
    extension_of,
    given,
    notes,
    offers,
    queue,
    results,
    saved,
    withdrawn,
)


def test_an_agent_signs_in_on_a_phone_and_is_offered_who_waits():
    """Signing in is told with phone and queues, saved, and makes the agent eligible."""
    hotline = given()
    hotline.employ(agent("1"))
    hotline.join("c1")
    said = hotline.sign_in("1")
    (change,) = notes(said, AgentStatusChanged)
    assert (change.status, change.previous, change.extension, change.queues) == (
        AgentStatus.AVAILABLE,
        AgentStatus.LOGGED_OUT,
        "1001",
        (SALES,),
    )
    assert offers(said) == [("c1", "1")]
    assert saved(said, "1").extension == "1001"


def test_signing_in_again_changes_nothing():
    """A sign-in of whom is signed in and available on that phone is an echo."""
    hotline = given(agent("1"))
    assert hotline.sign_in("1") == []


def test_signing_in_ends_a_break():
    """A paused agent who signs in again is available."""
    hotline = given(agent("1"))
    hotline.pause("1")
    hotline.join("c1")
    assert offers(hotline.sign_in("1")) == [("c1", "1")]


def test_one_phone_has_one_agent():
    """Whoever was signed in on a phone is signed out first, and told of as replaced."""
    hotline = given(agent("1"), agent("2"))
    changes = notes(hotline.sign_in("2", "1001"), AgentStatusChanged)
    assert [(c.agent, c.status, c.reason) for c in changes] == [
        ("1", AgentStatus.LOGGED_OUT, "replaced"),
        ("2", AgentStatus.AVAILABLE, ""),
    ]
    assert hotline.agent("1").extension is None


def test_taking_over_a_ringing_phone_takes_the_call_back():
    """The phone stops ringing for whoever is signed out of it."""
    hotline = given(agent("1"), agent("2"))
    hotline.join("c1")
    assert withdrawn(hotline.sign_in("2", "1001")) == ["c1"]


def test_moving_to_another_phone_takes_a_ringing_call_back():
    """The old phone stops ringing; the caller follows the agent to the new one."""
    hotline = given(agent("1"))
    hotline.join("c1")
    assert withdrawn(hotline.sign_in("1", "1007")) == ["c1"]
    assert offers(hotline.back("c1", DialStatus.CANCEL)) == [("c1", "1")]
    assert hotline.offer("c1").devices == ("PJSIP/1007",)


def test_signing_out_tells_how_long_the_agent_was_there():
    """At sign-out the session's length and the phone are told."""
    hotline = given(agent("1"))
    hotline.pass_time(3600.0)
    (change,) = notes(hotline.sign_out("1"), AgentStatusChanged)
    assert (change.session_s, change.extension) == (3600.0, "1001")
    assert hotline.state("1") is AgentState.UNREACHABLE
    assert hotline.sign_out("1") == []


def test_a_break_keeps_calls_away_until_ready():
    """A paused agent is never offered; ready again they are, at once."""
    hotline = given(agent("1"))
    (change,) = notes(hotline.pause("1", "lunch"), AgentStatusChanged)
    assert (change.status, change.reason, change.automatic) == (AgentStatus.PAUSED, "lunch", False)
    assert offers(hotline.join("c1")) == []
    assert hotline.state("1") is AgentState.IDLE
    said = hotline.ready("1")
    assert notes(said, AgentStatusChanged)[0].previous_reason == "lunch"
    assert offers(said) == [("c1", "1")]


def test_the_reason_of_a_break_can_change():
    """Another reason is told; the same one again is an echo."""
    hotline = given(agent("1"))
    hotline.pause("1", "lunch")
    assert hotline.pause("1", "lunch") == []
    assert [c.reason for c in notes(hotline.pause("1", "meeting"), AgentStatusChanged)] == ["meeting"]


def test_a_break_during_a_talk_is_for_the_next_call():
    """The talk goes on and the state stays; afterwards nothing is offered."""
    hotline = given(agent("1"))
    hotline.join("c1")
    hotline.answer("c1", "1")
    hotline.pause("1")
    assert hotline.state("1") is AgentState.IN_CALL
    hotline.join("c2")
    assert offers(hotline.hang_up("1")) == []


def test_signing_out_during_a_talk_is_for_the_next_call():
    """The talk goes on; afterwards there is neither wrap-up nor an offer."""
    hotline = given(agent("1"), wrap_up_s=10.0)
    hotline.join("c1")
    hotline.answer("c1", "1")
    hotline.sign_out("1")
    assert hotline.state("1") is AgentState.IN_CALL
    hotline.hang_up("1")
    assert hotline.state("1") is AgentState.UNREACHABLE
    assert hotline.engine.next_deadline() is None


def test_whoever_is_signed_out_has_no_breaks():
    """Pause, ready and wrap-up done mean nothing to an agent who is not signed in, or does not exist."""
    hotline = given(agent("1"))
    hotline.sign_out("1")
    for number in ("1", "99"):
        assert hotline.pause(number) == hotline.ready(number) == hotline.wrap_up_done(number) == []
    assert hotline.sign_in("99") == hotline.sign_out("99") == []


# ---------------------------------------------------------------- wrap-up


def test_wrap_up_keeps_calls_away_until_it_ends():
    """After a talk the agent has `wrap_up_s`; then the next caller is offered on the instant."""
    hotline = given(agent("1"), wrap_up_s=10.0)
    hotline.join("c1")
    hotline.join("c2")
    hotline.answer("c1", "1")
    hotline.hang_up("1")
    assert hotline.state("1") is AgentState.WRAP_UP
    assert offers(hotline.pass_time(9.9)) == []
    assert offers(hotline.pass_time(0.1)) == [("c2", "1")]


@pytest.mark.parametrize("verb", ["ready", "wrap_up_done"])
def test_wrap_up_can_be_ended_early(verb):
    """The agent's own word ends the wrap-up."""
    hotline = given(agent("1"), wrap_up_s=10.0)
    hotline.join("c1")
    hotline.join("c2")
    hotline.answer("c1", "1")
    hotline.hang_up("1")
    assert offers(getattr(hotline, verb)("1")) == [("c2", "1")]


def test_wrap_up_survives_a_restart():
    """The snapshot holds when the wrap-up ends, and a new process keeps to it."""
    hotline = given(agent("1"), wrap_up_s=60.0)
    hotline.join("c1")
    hotline.serve("c1", "1")
    snapshot = saved(hotline.said, "1")
    assert snapshot.wrap_up_until_at == hotline.now + 60.0
    again = Hotline()
    again.now = hotline.now + 50.0
    again.configure(queue())
    again.employ(agent("1"), snapshots=[snapshot])
    again.synchronise()
    again.join("c2")
    assert again.state("1") is AgentState.WRAP_UP
    assert offers(again.pass_time(10.0)) == [("c2", "1")]


def test_a_wrap_up_that_is_over_is_over_after_a_restart():
    """A snapshot's wrap-up that ended while we were away does not count."""
    again = Hotline()
    again.configure(queue())
    snapshot = AgentSnapshot(
        number=AgentNumber("1"),
        status=AgentStatus.AVAILABLE,
        extension=extension_of("1"),
        wrap_up_until_at=again.now - 1.0,
    )
    again.employ(agent("1"), snapshots=[snapshot])
    again.synchronise()
    assert offers(again.join("c1")) == [("c1", "1")]


def test_an_agents_own_call_during_wrap_up_shows_as_a_call():
    """Calling the customer back during wrap-up is a call, and wrap-up goes on after it."""
    hotline = given(agent("1"), wrap_up_s=60.0)
    hotline.join("c1")
    hotline.serve("c1", "1")
    hotline.pass_time(5.0)
    hotline.phone("1", DeviceState.INUSE)
    assert hotline.state("1") is AgentState.IN_CALL
    hotline.phone("1", DeviceState.NOT_INUSE)
    assert hotline.state("1") is AgentState.WRAP_UP


def test_a_talk_ends_in_wrap_up_whatever_the_phone_says_first():
    """The phone still in use for a moment does not hide the wrap-up."""
    hotline = given(agent("1"), wrap_up_s=60.0)
    hotline.join("c1")
    hotline.answer("c1", "1")
    hotline.gone("leg:1")
    assert hotline.state("1") is AgentState.WRAP_UP


# ---------------------------------------------------------------- autopause


def test_missed_offers_in_a_row_pause_the_agent():
    """After `autopause_after` misses in a row the agent is paused, and told of as automatic."""
    hotline = given(agent("1"), autopause_after=2, retry_s=0.0)
    hotline.join("c1")
    hotline.pass_time(20.0)
    hotline.miss("c1", "1")
    hotline.pass_time(20.0)
    hotline.miss("c1", "1", DialStatus.BUSY)
    change = notes(hotline.said, AgentStatusChanged)[-1]
    assert (change.status, change.reason, change.automatic) == (AgentStatus.PAUSED, "autopause", True)
    assert hotline.agent("1").missed_in_a_row == 2
    assert offers(hotline.ready("1")) == [("c1", "1")]
    assert hotline.agent("1").missed_in_a_row == 0


def test_an_answer_breaks_the_row():
    """An answered call begins the count anew, as does ready."""
    hotline = given(agent("1"), autopause_after=2, retry_s=0.0)
    hotline.join("c1")
    hotline.miss("c1", "1")
    hotline.serve("c1", "1")
    assert hotline.agent("1").missed_in_a_row == 0
    hotline.join("c2")
    hotline.miss("c2", "1")
    hotline.ready("1")
    hotline.miss("c2", "1")
    assert hotline.agent("1").status is AgentStatus.AVAILABLE


def test_signing_in_begins_the_count_anew():
    """Misses of an earlier session do not count."""
    hotline = given(agent("1"), autopause_after=2, retry_s=0.0)
    hotline.join("c1")
    hotline.miss("c1", "1")
    hotline.sign_out("1")
    hotline.sign_in("1")
    assert hotline.agent("1").missed_in_a_row == 0


def test_autopause_leaves_a_break_alone():
    """Who pauses while the phone rings and does not answer keeps their reason."""
    hotline = given(agent("1"), autopause_after=1)
    hotline.join("c1")
    hotline.pause("1", "lunch")
    hotline.miss("c1", "1")
    assert hotline.agent("1").reason == "lunch"


def test_an_unreachable_phone_is_not_a_missed_call():
    """CHANUNAVAIL is not the agent's fault; other agents are tried first all the same."""
    hotline = given(agent("1"), agent("2"), autopause_after=1)
    hotline.join("c1")
    assert offers(hotline.miss("c1", "1", DialStatus.CHANUNAVAIL)) == [("c1", "2")]
    assert hotline.agent("1").status is AgentStatus.AVAILABLE


# ---------------------------------------------------------------- states


@pytest.mark.parametrize(
    ("device", "state"),
    [
        (DeviceState.NOT_INUSE, AgentState.IDLE),
        (DeviceState.INUSE, AgentState.IN_CALL),
        (DeviceState.BUSY, AgentState.IN_CALL),
        (DeviceState.ONHOLD, AgentState.IN_CALL),
        (DeviceState.RINGINUSE, AgentState.IN_CALL),
        (DeviceState.RINGING, AgentState.RINGING),
        (DeviceState.UNAVAILABLE, AgentState.UNREACHABLE),
        (DeviceState.INVALID, AgentState.UNREACHABLE),
        (DeviceState.UNKNOWN, AgentState.UNREACHABLE),
    ],
)
def test_a_phone_that_is_not_free_is_never_rung(device, state):
    """Whatever the phone reports but NOT_INUSE shows in the state and keeps calls away."""
    hotline = given(agent("1"))
    hotline.phone("1", device)
    assert hotline.state("1") is state
    assert bool(offers(hotline.join("c1"))) is (state is AgentState.IDLE)


def test_state_changes_are_told_once_each():
    """Ringing, in call, idle: one entry each, with what was before."""
    hotline = given(agent("1"))
    hotline.join("c1")
    hotline.serve("c1", "1")
    states = [(e.previous, e.state) for e in notes(hotline.said, AgentStateChanged)]
    assert states == [
        (AgentState.IDLE, AgentState.RINGING),
        (AgentState.RINGING, AgentState.IN_CALL),
        (AgentState.IN_CALL, AgentState.IDLE),
    ]


def test_an_agent_is_offered_again_only_when_the_phone_is_free():
    """The leg's end alone is not enough: the next call waits for the phone to report itself free."""
    hotline = given(agent("1"))
    hotline.join("c1")
    hotline.join("c2")
    hotline.answer("c1", "1")
    assert offers(hotline.gone("leg:1")) == []
    assert offers(hotline.phone("1", DeviceState.NOT_INUSE)) == [("c2", "1")]


def test_a_phone_may_report_itself_free_first():
    """The other order offers on the leg's end, not before."""
    hotline = given(agent("1"))
    hotline.join("c1")
    hotline.join("c2")
    hotline.answer("c1", "1")
    assert offers(hotline.phone("1", DeviceState.NOT_INUSE)) == []
    assert offers(hotline.gone("leg:1")) == [("c2", "1")]


def test_the_strategys_memory_is_saved_and_restored():
    """Calls taken and the end of the last call outlive the process."""
    hotline = given(agent("1"), agent("2"))
    hotline.join("c1")
    hotline.serve("c1", "1")
    snapshot = saved(hotline.said, "1")
    assert snapshot.memory == (QueueMemory(queue=SALES, calls_taken=1, last_call_at=hotline.now),)
    again = Hotline()
    again.configure(queue(strategy=Strategy.FEWESTCALLS))
    again.employ(agent("1"), agent("2"), snapshots=[snapshot])
    again.sign_in("2")
    again.synchronise()
    assert offers(again.join("c2")) == [("c2", "2")]
    assert again.members()[0].calls_taken == 1


def test_the_longest_idle_of_equals_is_known_after_a_restart():
    """The end of the last talk, of whichever queue, is remembered with the snapshot."""
    again = Hotline()
    again.configure(queue(strategy=Strategy.FEWESTCALLS))
    snapshots = [
        AgentSnapshot(
            number=AgentNumber(number),
            status=AgentStatus.AVAILABLE,
            extension=extension_of(number),
            memory=(QueueMemory(queue=SALES, calls_taken=4, last_call_at=again.now - idle_s),),
        )
        for number, idle_s in (("1", 10.0), ("2", 500.0))
    ]
    again.employ(agent("1"), agent("2"), snapshots=snapshots)
    again.synchronise()
    assert offers(again.join("c1")) == [("c1", "2")]


def test_a_snapshot_is_for_agents_who_are_new():
    """A reload with old snapshots does not turn the clock back."""
    hotline = given(agent("1"))
    hotline.employ(agent("1"), snapshots=[AgentSnapshot(number=AgentNumber("1"))])
    assert hotline.agent("1").status is AgentStatus.AVAILABLE


def test_nothing_is_saved_that_did_not_change():
    """Phones, offers and talks alone store nothing."""
    hotline = given(agent("1"))
    said = hotline.join("c1") + hotline.answer("c1", "1")
    assert not [command for command in said if isinstance(command, SaveAgent)]


def test_two_restored_agents_do_not_share_a_phone():
    """If snapshots put two agents on one phone, one of them is signed out."""
    hotline = Hotline()
    hotline.configure(queue())
    hotline.employ(
        agent("1"),
        agent("2"),
        snapshots=[
            AgentSnapshot(
                number=AgentNumber(number), status=AgentStatus.AVAILABLE, extension=extension_of("1")
            )
            for number in ("1", "2")
        ],
    )
    assert [hotline.agent(n).status for n in ("1", "2")] == [AgentStatus.LOGGED_OUT, AgentStatus.AVAILABLE]


def test_an_agent_shows_the_call_of_the_moment():
    """The view names the caller who rings or talks, and the reason why nothing can be offered."""
    hotline = given(agent("1"), wrap_up_s=5.0)
    seen = []
    hotline.join("c1")
    seen.append((hotline.agent("1").call_id, hotline.agent("1").talking, hotline.agent("1").obstacle))
    hotline.answer("c1", "1")
    seen.append((hotline.agent("1").call_id, hotline.agent("1").talking, hotline.agent("1").obstacle))
    hotline.hang_up("1")
    seen.append((hotline.agent("1").call_id, hotline.agent("1").talking, hotline.agent("1").obstacle))
    assert seen == [("c1", False, "reserved"), ("c1", True, "busy"), (None, False, "wrap_up")]
    assert results(hotline.said) == [("1", "answered")]
