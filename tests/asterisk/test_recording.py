"""What is recorded and what is not, heard in the files: consent, pauses, on demand, copies."""

import csv
import wave
from array import array
from pathlib import Path
from typing import Any

import pytest

from tests.asterisk.lab import Lab
from tests.asterisk.phones import Answer, Call
from tests.asterisk.rtp import loudness, share_of_tone
from tests.asterisk.stories import record_of, segments, talk_on, until_state
from tests.support import until

AGENT_HZ, CALLER_HZ = 500, 900


async def stored(lab: Lab, call_id: str) -> dict[str, Any]:
    """Wait for the finished recording of a call, and give what is known of it."""
    found: list[dict[str, Any]] = []

    async def is_there() -> bool:
        record = await lab.ask("records", call_id)
        found[:] = [each for each in record["recordings"] if each["length_s"] is not None]
        return bool(found)

    await until(is_there, 15.0, what=f"the recording of {call_id}")
    where = await lab.ask("recordings", found[0]["id"])
    return {**found[0], "file": Path(where["path"])}


def sides(file: Path) -> tuple[array, array]:
    """Give the samples of caller and agent."""
    with wave.open(str(file), "rb") as sound:
        samples = array("h", sound.readframes(sound.getnframes()))
    return samples[0::2], samples[1::2]


def part(samples: array, from_s: float, to_s: float) -> array:
    """Give the samples of a stretch."""
    return samples[int(from_s * 8000) : int(to_s * 8000)]


def files_of(lab: Lab, call_id: str) -> list[str]:
    """Name everything that lies in the recordings' folder of a call."""
    root = Path(lab.state) / "recordings"
    return [file.name for file in root.rglob(f"{call_id}*")]


async def talk(lab: Lab, caller, agent, number: str) -> Call:
    """Call a number and wait until both hear one another."""
    call = await caller.call(number).until_answered()
    call.audio.tone(CALLER_HZ)
    offered = await (await agent.nth_call(1)).until_answered()
    await until(lambda: call.audio.hears_tone(AGENT_HZ), what="the caller hears the agent")
    await until(lambda: offered.audio.hears_tone(CALLER_HZ), what="the agent hears the caller")
    await until_state(lab, "in_call", "1001")
    return call


async def live_id(lab: Lab, number: str) -> str:
    """Give the id of a caller's live call."""
    return next(each["id"] for each in await lab.ask("calls") if each["number"] == number)


@pytest.mark.parametrize(("key", "consent"), [("1", "agreed"), ("2", "refused"), ("", "refused")])
async def test_who_is_asked_decides(lab, agents, callers, key, consent):
    """1 agrees and is recorded; 2, or no key at all, is not, and no file holds a sound of them."""
    (agent,) = await agents("1001")
    number = f"1381111590{key or 0}"
    (caller,) = await callers(number)
    agent.behaviour = Answer(after_s=0.1, talk_s=1.5, tone_hz=AGENT_HZ)
    call = await caller.call("5901").until_answered()
    await until(call.audio.hears_sound, what="the question")
    assert not agent.calls
    if key:
        await call.press(key)
    await (await agent.nth_call(1, 15.0)).until_answered()
    await call.until_ended(15.0)
    record = await record_of(lab, number)
    assert [each["result"] for each in segments(record, "consent")] == [consent]
    if consent == "agreed":
        assert (await stored(lab, record["id"]))["length_s"] > 1.0
    else:
        assert record["recordings"] == []
        assert files_of(lab, record["id"]) == []


async def test_who_is_told_hears_all_of_it_before_anybody_rings(lab, agents, callers):
    """The notice is said to the end, once, and then the talk is recorded."""
    (agent,) = await agents("1001")
    (caller,) = await callers("13811115911")
    agent.behaviour = Answer(after_s=0.1, talk_s=1.0, tone_hz=AGENT_HZ)
    call = await caller.call("5902").until_answered()
    await until(call.audio.hears_sound, what="the notice")
    await call.press("1")
    assert not agent.calls
    await call.until_ended(20.0)
    record = await record_of(lab, "13811115911")
    (told,) = segments(record, "consent")
    assert told["result"] == "told"
    assert told["duration_s"] > 1.5
    assert (await stored(lab, record["id"]))["length_s"] > 0.5


async def test_a_paused_recording_holds_silence_on_both_sides(lab, agents, callers):
    """Paused for a card number, resumed by itself; times stay right, and the record says when it was."""
    (agent,) = await agents("1001")
    (caller,) = await callers("13811115921")
    agent.behaviour = Answer(after_s=0.1, talk_s=None, tone_hz=AGENT_HZ)
    call = await talk(lab, caller, agent, "5903")
    live = await live_id(lab, "13811115921")
    await talk_on(call, 1.0)
    await lab.ccd("recording", "pause", live)
    await call.press("4")  # a digit of the card number
    await talk_on(call, 3.5)  # it ends by itself after two seconds, and some sound follows
    agent.calls[0].hang_up()
    await call.until_ended(5.0)
    await record_of(lab, "13811115921")
    made = await stored(lab, live)
    (pause,) = made["pauses"]
    assert 1.5 < pause["to_s"] - pause["from_s"] < 3.0
    for samples, hz in zip(sides(made["file"]), (CALLER_HZ, AGENT_HZ), strict=True):
        quiet = part(samples, pause["from_s"] + 0.3, pause["to_s"] - 0.3)
        assert loudness(quiet) < 0.002
        assert share_of_tone(part(samples, pause["from_s"] - 0.8, pause["from_s"] - 0.2), hz) > 0.5
        assert share_of_tone(part(samples, pause["to_s"] + 0.3, pause["to_s"] + 0.9), hz) > 0.5


async def test_the_agent_pauses_and_resumes_by_keys(lab, agents, callers):
    """*7 and *8 in the talk: the agent alone hears what was done, and the talk goes on."""
    (agent,) = await agents("1001")
    (caller,) = await callers("13811115922")
    agent.behaviour = Answer(after_s=0.1, talk_s=None, tone_hz=AGENT_HZ)
    call = await talk(lab, caller, agent, "5903")
    offered = agent.calls[0]
    call.audio.silence()
    for key in ("*7", "*8"):
        await offered.press(key)
        await until(offered.audio.hears_sound, what=f"the agent hears what {key} did")
        await until(lambda: not offered.audio.hears_sound(), 8.0, what="it is said")
        offered.audio.tone(AGENT_HZ)
        await until(lambda: call.audio.hears_tone(AGENT_HZ), what=f"the talk goes on after {key}")
    offered.hang_up()
    await call.until_ended(5.0)
    record = await record_of(lab, "13811115922")
    made = await stored(lab, record["id"])
    (pause,) = made["pauses"]
    assert 0 < pause["from_s"] < pause["to_s"] < made["length_s"]


async def test_on_demand_nothing_is_kept_unless_somebody_asks(lab, agents, callers):
    """The first talk leaves no file; the second is there from the moment on when it was asked for."""
    (agent,) = await agents("1001")
    first, second = await callers("13811115931", "13811115932")
    agent.behaviour = Answer(after_s=0.1, talk_s=None, tone_hz=AGENT_HZ)
    call = await talk(lab, first, agent, "5904")
    live = await live_id(lab, "13811115931")
    agent.calls[0].hang_up()
    await call.until_ended(5.0)
    assert (await record_of(lab, "13811115931"))["recordings"] == []
    await until(lambda: files_of(lab, live) == [], 10.0, what="no file is left")

    agent.forget_ended()
    call = await talk(lab, second, agent, "5904")
    live = await live_id(lab, "13811115932")
    await talk_on(call, 1.0)  # what nobody wanted to keep
    await lab.ccd("recording", "resume", live)
    await talk_on(call, 1.5)  # what is wanted
    agent.calls[0].hang_up()
    await call.until_ended(5.0)
    await record_of(lab, "13811115932")
    made = await stored(lab, live)
    (pause,) = made["pauses"]
    assert pause["from_s"] == 0.0
    caller_side, agent_side = sides(made["file"])
    assert loudness(part(agent_side, 0.4, pause["to_s"] - 0.3)) < 0.002
    assert share_of_tone(part(agent_side, pause["to_s"] + 0.3, pause["to_s"] + 1.0), AGENT_HZ) > 0.5
    assert share_of_tone(part(caller_side, pause["to_s"] + 0.3, pause["to_s"] + 1.0), CALLER_HZ) > 0.5


async def test_recordings_are_copied_with_a_list(lab, agents, callers, tmp_path):
    """Names that people can sort, in another form where wished; a second run copies nothing again."""
    (agent,) = await agents("1001")
    (caller,) = await callers("13811115941")
    agent.behaviour = Answer(after_s=0.1, talk_s=1.0, tone_hz=AGENT_HZ)
    call = caller.call("5903")
    await call.until_ended(15.0)
    record = await record_of(lab, "13811115941")
    made = await stored(lab, record["id"])
    words = ("recording", "export", str(tmp_path), "--number", "13811115941", "--format", "mp3")
    assert (await lab.ccd(*words)).startswith("1 copied")
    assert (await lab.ccd(*words)).startswith("0 copied, 1 there")
    with (tmp_path / "index.csv").open(encoding="utf-8-sig") as opened:
        (row,) = csv.DictReader(opened)
    assert (row["call_id"], row["agent"], row["queue"]) == (record["id"], "1001", "t-recorded")
    assert (tmp_path / row["file"]).read_bytes()[:3] in {b"ID3", b"\xff\xfb\x50"}
    assert made["id"] in row["file"]
