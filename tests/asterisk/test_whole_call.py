"""The main job, as callers and agents live it: IVR, queue, agent, survey, record."""

import asyncio
import hashlib
import wave
from array import array
from pathlib import Path

from tests.asterisk.phones import Answer
from tests.asterisk.rtp import share_of_tone
from tests.asterisk.stories import record_of, segments
from tests.support import until


def channels_of(path: Path) -> tuple[array, array, int]:
    """Read a stereo recording: left, right, samples a second."""
    with wave.open(str(path), "rb") as sound:
        assert (sound.getnchannels(), sound.getsampwidth()) == (2, 2)
        samples = array("h", sound.readframes(sound.getnframes()))
        return samples[0::2], samples[1::2], sound.getframerate()


async def test_a_caller_walks_the_ivr_talks_with_an_agent_and_rates_the_service(lab, agents, callers):
    """4000, key 1, an agent of sales, key 2 in the survey: all of it stands in one record."""
    (agent,) = await agents("1001")
    (caller,) = await callers("13811110001")
    agent.behaviour = Answer(after_s=0.2, talk_s=1.5, tone_hz=500)

    call = await caller.call("4000").until_answered()
    call.audio.tone(900)
    await until(call.audio.hears_sound, what="the welcome")
    await call.press("1")
    offered = await agent.nth_call(1)
    assert offered.peer_number == "13811110001"
    await offered.until_answered()
    await until(lambda: call.audio.hears_tone(500), what="the caller hears the agent")
    await until(lambda: offered.audio.hears_tone(900), what="the agent hears the caller")
    await offered.until_ended()
    await asyncio.wait_for(call.press("2"), 5)
    await call.until_ended(15.0)

    record = await record_of(lab, "13811110001")
    assert (record["called"], record["queue"], record["agent"]) == ("4000", "sales", "1001")
    assert (record["outcome"], record["cdr_disposition"], record["hung_up_by"]) == (
        "answered",
        "ANSWERED",
        "agent",
    )
    assert record["survey"]["digit"] == "2"
    assert [each["kind"] for each in record["segments"]] == ["ivr", "queue", "offer", "talk", "survey"]
    parts = ("ivr_s", "queue_wait_s", "ring_s", "talk_s", "on_hold_s", "survey_s")
    assert abs(sum(record[part] for part in parts) - record["duration_s"]) < 1.0
    assert 1.3 < record["talk_s"] < 2.2


async def test_the_recording_is_audible_on_both_channels_and_as_long_as_the_talk(lab, agents, callers):
    """The caller is on the left, the agent on the right, and nothing but the talk is in it."""
    (agent,) = await agents("1001")
    (caller,) = await callers("13811110002")
    agent.behaviour = Answer(after_s=0.3, talk_s=2.0, tone_hz=500)
    call = await caller.call("4001").until_answered()
    call.audio.tone(900)
    await (await agent.nth_call(1)).until_ended()
    call.hang_up()
    record = await record_of(lab, "13811110002")

    async def stored() -> bool:
        found = await lab.ccd_json("recording", "list", "--number", "13811110002")
        return len(found) == 1

    await until(stored, timeout_s=15.0, what="the recording is stored")
    (recording,) = (await lab.ccd_json("cdr", "show", record["id"]))["recordings"]
    path = Path((await lab.ccd("recording", "path", recording["id"])).strip())
    left, right, rate = channels_of(path)
    assert abs(recording["length_s"] - record["talk_s"]) < 1.0
    assert abs(len(left) / rate - recording["length_s"]) < 0.05
    assert share_of_tone(left[rate // 2 : rate], 900) > 0.5
    assert share_of_tone(right[rate // 2 : rate], 500) > 0.5
    assert share_of_tone(left[rate // 2 : rate], 500) < 0.1
    assert recording["size"] == path.stat().st_size
    assert recording["sha256"] == hashlib.sha256(path.read_bytes()).hexdigest()


async def test_a_caller_who_chooses_chinese_is_spoken_to_in_chinese(lab, agents, callers):
    """Key 9 in the menu: the language travels to the record."""
    (caller,) = await callers("13811110003")
    call = await caller.call("4000").until_answered()
    await until(call.audio.hears_sound, what="the welcome")
    await call.press("9")
    await until(call.audio.hears_sound)
    await call.press("1")

    async def waits() -> bool:
        return [each["language"] for each in await lab.ccd_json("call", "list")] == ["zh"]

    await until(waits)
    call.hang_up()
    assert (await record_of(lab, "13811110003"))["language"] == "zh"


async def test_nothing_pressed_in_the_menu_leads_to_the_operator(lab, agents, callers):
    """0 and silence alike: extension 1001 rings."""
    (operator,) = await agents("1001")
    (caller,) = await callers("13811110004")
    operator.behaviour = Answer(after_s=0.1, talk_s=0.5)
    call = await caller.call("4000").until_answered()
    await until(call.audio.hears_sound)
    await call.press("0")
    offered = await operator.nth_call(1)
    await offered.until_ended()
    await call.until_ended(15.0)
    record = await record_of(lab, "13811110004")
    (dialled,) = segments(record, "dial")
    assert (dialled["detail"]["target"], dialled["result"]) == ("1001", "ANSWER")


async def test_a_caller_who_hangs_up_in_the_ivr_leaves_one_record(lab, callers):
    """Nobody was asked for: the call ended in the IVR, by the caller."""
    (caller,) = await callers("13811110005")
    call = await caller.call("4000").until_answered()
    await until(call.audio.hears_sound)
    call.hang_up()
    record = await record_of(lab, "13811110005")
    assert (record["outcome"], record["hung_up_by"], record["queue"]) == ("ivr_ended", "caller", None)
