"""What waiting callers hear and can press, and what the agent sees and hears when a call is offered."""

import time

from tests.asterisk.phones import Answer, Call, CallState, Ring
from tests.asterisk.stories import SHORT_TALK, record_of, ringing, segments, until_free, until_waiting
from tests.support import until


async def may_choose(call: Call) -> None:
    """Wait until keys count: those of the first moments in a queue were pressed before it."""
    began = time.monotonic()
    await until(lambda: time.monotonic() - began > 0.4)
    assert call.state is CallState.UP


async def heard(call: Call, hz: float, what: str) -> None:
    """Wait until a tone is heard."""
    await until(lambda: call.audio.hears_tone(hz), what=what)


async def test_a_key_pressed_while_waiting_leads_elsewhere(lab, callers):
    """The menu's key is no choice of the queue; another key does nothing; the node's own key leads on."""
    (caller,) = await callers("13855550001")
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
    record = await record_of(lab, "13855550001")
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
    (caller,) = await callers("13855550002")
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
    record = await record_of(lab, "13855550002")
    assert [each["result"] for each in segments(record, "queue")] == ["key", "answered"]
    assert [each["result"] for each in segments(record, "offer")] == ["caller_left", "answered"]
    assert (await lab.ccd_json("agent", "show", "1001"))["missed_in_a_row"] == 0


async def test_a_key_pressed_in_a_talk_is_the_agents_to_hear(lab, agents, callers):
    """Choices end with the answer."""
    (phone,) = await agents("1001")
    (caller,) = await callers("13855550003")
    phone.behaviour = Answer(tone_hz=500)
    call = await caller.call("5502").until_answered()
    await heard(call, 500, "the agent")
    await may_choose(call)
    await call.press("1")
    await heard(call, 500, "still the agent")
    call.hang_up()
    record = await record_of(lab, "13855550003")
    assert record["outcome"] == "answered"
