"""What waiting callers hear and can press, and what the agent sees and hears when a call is offered."""

import pytest

from tests.asterisk.phones import Answer, Call, Ring
from tests.asterisk.stories import (
    SHORT_TALK,
    may_choose,
    record_of,
    ringing,
    segments,
    until_free,
    until_state,
    until_waiting,
)
from tests.asterisk.test_restarts import kill_ccd
from tests.asterisk.tones import LENGTH_S
from tests.support import until


async def heard(call: Call, hz: float, what: str, timeout_s: float = 5.0) -> None:
    """Wait until a tone is heard."""
    await until(lambda: call.audio.hears_tone(hz), timeout_s, what)


async def heard_words(call: Call) -> None:
    """Wait until anything is heard."""
    await until(call.audio.hears_sound, what="words")


async def test_a_key_pressed_while_waiting_leads_elsewhere(lab, callers):
    """The menu's key is no choice of the queue; another key does nothing; the node's own key leads on."""
    (caller,) = await callers("13855510001")
    call = await caller.call("5501").until_answered()
    await until(call.audio.hears_sound, what="the menu")
    await call.press("1")
    await until_waiting(lab, "t-keys", 1)
    await may_choose(call)
    await call.press("5")
    await call.press("1")
    await heard(call, 700, "the node behind the key")
    await until_waiting(lab, "t-keyed", 1)
    call.hang_up()
    record = await record_of(lab, "13855510001")
    stays = segments(record, "queue")
    assert [(each["queue"], each["result"], each["detail"].get("key")) for each in stays] == [
        ("t-keys", "key", "1"),
        ("t-keyed", "abandoned", None),
    ]
    told = (lab.state / "log" / "queue_log_ccd").read_text()
    assert f"|{record['id']}|t-keys|NONE|EXITWITHKEY|1|1|1|" in told


async def test_a_key_pressed_while_a_phone_rings_stops_it(lab, agents, callers):
    """The agent has missed nothing and is free at once; the caller hears what they chose."""
    (phone,) = await agents("1001")
    (caller,) = await callers("13855510002")
    phone.behaviour = Ring()
    call = await caller.call("5502").until_answered()
    offered = await ringing(phone)
    await may_choose(call)
    await call.press("1")
    await heard(call, 700, "the node behind the key")
    await offered.until_ended(1.0)
    phone.behaviour = SHORT_TALK
    await call.until_ended(10.0)  # the flow leads back to the queue, and the agent is free to answer
    await until_free(lab, "1001")
    record = await record_of(lab, "13855510002")
    assert [each["result"] for each in segments(record, "queue")] == ["key", "answered"]
    assert [each["result"] for each in segments(record, "offer")] == ["caller_left", "answered"]
    assert (await lab.ccd_json("agent", "show", "1001"))["missed_in_a_row"] == 0


async def test_announcements_and_words_of_comfort_take_turns(lab, phones, callers):
    """At once what the queue offers, then each word of comfort in its turn; an offer cuts them short."""
    (caller,) = await callers("13855510004")
    call = await caller.call("5503").until_answered()
    await heard(call, 600, "the offer, at once")
    await heard(call, 800, "the first words of comfort", 7.0)
    await heard(call, 600, "the offer again")
    await heard(call, 1100, "the second words of comfort", 7.0)
    (phone,) = await phones("1001")
    phone.behaviour = Answer(tone_hz=500)
    await lab.ccd("agent", "sign-in", "1001", "1001")
    await heard(call, 500, "the agent, in the middle of it")
    call.hang_up()


async def test_the_estimated_wait_shows_after_a_few_talks(lab, agents, callers):
    """Five talks are known: a new caller's wait is estimated everywhere, also by the next ccd."""
    (phone,) = await agents("1001", media=False)
    (caller,) = await callers("13855510005", media=False)
    phone.behaviour = Answer(talk_s=0.5)
    assert (await lab.ask("queues", "t-keys"))["estimated_wait_s"] is None
    for _ in range(5):
        await lab.ccd("agent", "ready", "1001")
        await caller.call("5505").until_ended(8.0)

    async def known() -> bool:
        return (await lab.ask("queues", "t-q-known"))["estimated_wait_s"] is not None

    await until(known, what="the estimate")
    queue = await lab.ask("queues", "t-q-known")
    assert 0.4 < queue["estimated_wait_s"] < 2.0
    assert (await lab.ask("status"))["estimated_wait_s"] >= queue["estimated_wait_s"]
    assert "Estimated wait of a new caller: 0:0" in await lab.ccd("queue", "show", "t-q-known")
    await kill_ccd(lab)
    await until(known, what="the estimate of the next ccd")
    after = (await lab.ask("queues", "t-q-known"))["estimated_wait_s"]
    assert after == pytest.approx(queue["estimated_wait_s"], abs=0.3)


async def test_an_agent_sees_and_hears_whose_call_it_is(lab, agents, callers):
    """The phone shows queue and name beside the caller's number; the whisper is the agent's alone to hear."""
    (phone,) = await agents("1001")
    (caller,) = await callers("13855510006")
    phone.behaviour = Answer(after_s=0.1, tone_hz=500)
    call = await caller.call("5506").until_answered()
    call.audio.tone(900)
    offered = await phone.next_call()
    assert offered.peer_number == "13855510006"
    assert offered.peer_name == "销售 13855510006"
    assert offered.invite.get("Alert-Info") == "<http://localhost>;info=ring2"
    await heard(offered, 600, "the whisper")
    assert offered.invite.get("X-CCD-Call-Id") == (await lab.ask("calls"))[0]["id"]
    assert call.audio.hears_sound(), "the caller hears music on"
    assert not call.audio.hears_tone(600)
    assert not call.audio.hears_tone(500)
    assert not offered.audio.hears_tone(900)
    await heard(call, 500, "the agent")
    await heard(offered, 900, "the caller")
    call.hang_up()
    record = await record_of(lab, "13855510006")
    (talk,) = segments(record, "talk")
    (offer,) = segments(record, "offer")
    assert offer["duration_s"] > LENGTH_S, "the talk begins when they are connected"
    assert talk["duration_s"] < LENGTH_S


async def test_an_agent_who_hangs_up_during_the_whisper_has_declined(lab, agents, callers):
    """The caller keeps their place and goes to the next agent; ring-all, too."""
    first, second = await agents("1001", "1002")
    (caller,) = await callers("13855510007")
    first.behaviour, second.behaviour = Answer(talk_s=0.5), Ring()
    call = await caller.call("5507").until_answered()
    await (await second.next_call()).until_ended(2.0)  # the other one was faster
    second.behaviour = Answer(tone_hz=500)
    await heard(call, 500, "the second agent", 8.0)
    call.hang_up()
    record = await record_of(lab, "13855510007")
    assert [each["result"] for each in segments(record, "queue")] == ["answered"]
    offers = [(each["agent"], each["result"]) for each in segments(record, "offer")]
    assert offers[0] == ("1001", "declined")
    assert offers[-1] == ("1002", "answered")
    assert [each["agent"] for each in segments(record, "talk")] == ["1002"]
    assert (await lab.ccd_json("agent", "show", "1002"))["missed_in_a_row"] == 0


async def test_a_caller_who_leaves_during_the_whisper_was_not_answered(lab, agents, callers):
    """By hanging up or by a key: no talk, and the agent has missed nothing."""
    (phone,) = await agents("1001")
    gone, chooser = await callers("13855510008", "13855510009")
    phone.behaviour = Answer()
    call = await gone.call("5506").until_answered()
    await heard(await phone.next_call(), 600, "the whisper")
    call.hang_up()
    record = await record_of(lab, "13855510008")
    assert record["outcome"] == "abandoned"
    assert [each["result"] for each in segments(record, "offer")] == ["caller_left"]
    await until_free(lab, "1001")
    call = await chooser.call("5506").until_answered()
    await heard(await phone.next_call(), 600, "the whisper")
    await may_choose(call)
    await call.press("1")
    await heard(call, 700, "the node behind the key")
    call.hang_up()
    record = await record_of(lab, "13855510009")
    assert segments(record, "queue")[0]["result"] == "key"
    assert not segments(record, "talk")
    assert (await lab.ccd_json("agent", "show", "1001"))["missed_in_a_row"] == 0


async def test_a_call_is_picked_up_from_a_colleagues_phone(lab, agents, callers):
    """The talk is the picking agent's, and all that belongs to it; nobody is left reserved or missed it."""
    rung, picking = await agents("1001", "1002")
    (caller,) = await callers("13855510010")
    rung.behaviour = Ring()
    nothing = picking.call("*18")
    await heard_words(nothing)
    await nothing.until_ended(8.0)
    await until_free(lab, "1002")
    call = await caller.call("5502").until_answered()
    offered = await ringing(rung)
    taken = await picking.call("*181001").until_answered()
    taken.audio.tone(700)
    await heard(call, 700, "the agent who picked it up")
    await offered.until_ended(1.0)
    await until_state(lab, "in_call", "1002")
    await until_free(lab, "1001")
    taken.hang_up()
    await call.until_ended(5.0)
    await until_free(lab, "1001", "1002")
    record = await record_of(lab, "13855510010")
    assert (record["outcome"], record["agent"], record["hung_up_by"]) == ("answered", "1002", "agent")
    assert [each["agent"] for each in segments(record, "talk")] == ["1002"]
    offers = {(each["agent"], each["result"]) for each in segments(record, "offer")}
    assert offers == {("1001", "lost_race"), ("1002", "answered")}
    assert (await lab.ccd_json("agent", "show", "1001"))["missed_in_a_row"] == 0


async def test_a_key_pressed_in_a_talk_is_the_agents_to_hear(lab, agents, callers):
    """Choices end with the answer."""
    (phone,) = await agents("1001")
    (caller,) = await callers("13855510003")
    phone.behaviour = Answer(tone_hz=500)
    call = await caller.call("5502").until_answered()
    await heard(call, 500, "the agent")
    await may_choose(call)
    await call.press("1")
    await heard(call, 500, "still the agent")
    call.hang_up()
    record = await record_of(lab, "13855510003")
    assert record["outcome"] == "answered"
