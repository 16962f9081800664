"""Nobody is lost when ccd is killed, stopped, hung or reloaded."""

import asyncio
import os
import signal
from pathlib import Path

from tests.asterisk.phones import Answer, CallState
from tests.asterisk.stories import SHORT_TALK, record_of, segments, until_free, until_state, until_waiting
from tests.support import until


async def kill_ccd(lab) -> None:
    """Kill ccd as the kernel would, and wait until another one serves."""
    before = (await lab.status())["ccd"]["pid"]
    os.kill(before, signal.SIGKILL)

    async def another_one_is_ready() -> bool:
        ccd = (await lab.status())["ccd"]
        return bool(ccd["ready"]) and ccd["pid"] != before

    await until(another_one_is_ready, timeout_s=15.0)


async def test_waiting_callers_keep_their_places_when_ccd_is_killed(lab, agents, callers):
    """Nobody hears a hang-up; after the restart they are served in the order in which they came."""
    (phone,) = await agents("1001", media=False)
    await lab.ccd("agent", "pause", "1001")
    numbers = ["13855550001", "13855550002", "13855550003"]
    people = await callers(*numbers, media=False)
    calls = []
    for place, person in enumerate(people, 1):
        calls.append(await person.call("5007").until_answered())
        await until_waiting(lab, "t-linear", place)
    await kill_ccd(lab)
    await until_waiting(lab, "t-linear", 3)
    assert all(call.state is CallState.UP for call in calls)
    phone.behaviour = SHORT_TALK
    await lab.ccd("agent", "ready", "1001")
    for call in calls:
        await call.until_ended(10.0)
    assert [call.peer_number for call in phone.calls] == numbers
    record = await record_of(lab, numbers[0])
    assert (record["outcome"], record["recovered"]) == ("answered", True)


async def test_a_talk_goes_on_when_ccd_is_killed_and_leads_to_the_survey(lab, agents, callers):
    """The conversation has no tie to our process; the survey follows, and there is a record."""
    (phone,) = await agents("1001")
    (caller,) = await callers("13855550004")
    phone.behaviour = Answer(tone_hz=500)
    call = await caller.call("4001").until_answered()
    leg = await (await phone.nth_call(1)).until_answered()
    await kill_ccd(lab)
    await until_state(lab, "in_call", "1001")
    assert call.state is CallState.UP
    await until(lambda: call.audio.hears_tone(500))
    leg.hang_up()
    await until(lambda: not call.audio.hears_tone(500) and call.audio.hears_sound(), what="the survey asks")
    await call.press("1")
    await call.until_ended(15.0)
    record = await record_of(lab, "13855550004")
    assert (record["outcome"], record["agent"], record["survey"]["digit"]) == ("answered", "1001", "1")
    assert len(segments(record, "talk")) == 1


async def test_a_caller_in_the_menu_stays_in_the_menu_when_ccd_is_killed(lab, callers):
    """At most the prompt that played is heard again."""
    (caller,) = await callers("13855550005")
    call = await caller.call("4000").until_answered()
    await until(call.audio.hears_sound)

    async def in_menu() -> bool:
        return [each["node"] for each in await lab.ccd_json("call", "list")] == ["menu"]

    await until(in_menu, timeout_s=15.0)
    await kill_ccd(lab)
    await until(in_menu)
    assert call.state is CallState.UP
    call.hang_up()
    assert (await record_of(lab, "13855550005"))["recovered"] is True


async def test_an_orderly_stop_hands_the_callers_over(lab, agents, callers):
    """SIGTERM: within seconds, nobody cut off; the next ccd has the caller again."""
    (phone,) = await agents("1001", media=False)
    await lab.ccd("agent", "pause", "1001")
    (caller,) = await callers("13855550006", media=False)
    call = await caller.call("5007").until_answered()
    await until_waiting(lab, "t-linear", 1)
    await asyncio.wait_for(lab.do("restart", "ccd"), 30)
    await until_waiting(lab, "t-linear", 1)
    phone.behaviour = SHORT_TALK
    await lab.ccd("agent", "ready", "1001")
    await call.until_ended(8.0)
    assert call.status == 200


async def test_a_reload_under_load_takes_the_new_ring_time_and_loses_nobody(lab, agents, callers):
    """A valid change counts from the next offer; a broken file is refused and the old one stays in use."""
    (phone,) = await agents("1001", media=False)
    await lab.ccd("agent", "pause", "1001")
    (caller,) = await callers("13855550007", media=False)
    call = await caller.call("5007").until_answered()
    await until_waiting(lab, "t-linear", 1)
    file = Path(lab.facts["ccd"]["config"]).parent / "conf.d" / "tests.yaml"
    text = await asyncio.to_thread(file.read_text)
    try:
        changed = text.replace(
            "t-linear: {strategy: linear, ring_s: 3", "t-linear: {strategy: linear, ring_s: 4"
        )
        await asyncio.to_thread(file.write_text, changed)
        answer = await lab.ccd_json("reload")
        assert "queues.t-linear.ring_s" in answer["changed"]
        assert (await lab.ccd_json("queue", "show", "t-linear"))["ring_s"] == 4
        await asyncio.to_thread(file.write_text, changed + "\nqueues: nonsense\n")
        refused = await lab.try_ccd("reload")
        assert refused.code != 0
        assert "tests.yaml" in refused.output + refused.errors
        assert (await lab.ccd_json("queue", "show", "t-linear"))["ring_s"] == 4
    finally:
        await asyncio.to_thread(file.write_text, text)
        await lab.ccd("reload")
    phone.behaviour = SHORT_TALK
    await lab.ccd("agent", "ready", "1001")
    await call.until_ended(8.0)
    await until_free(lab, "1001")


async def test_without_ccd_asterisk_serves_the_callers_itself(lab, phones, callers):
    """The fallback: after the configured time the native queue rings the same phones."""
    (phone,) = await phones("1001", media=False)
    (caller,) = await callers("13855550008", media=False)
    phone.behaviour = Answer(talk_s=0.5)
    await lab.do("stop", "ccd")
    try:
        call = await caller.call("4003").until_answered()
        leg = await phone.nth_call(1, 20.0)
        await leg.until_answered()
        await leg.until_ended()
        call.hang_up()
    finally:
        await lab.do("start", "ccd")
