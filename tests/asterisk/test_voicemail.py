"""Messages, from the phones' side: spoken, found in the file, listened to, told to others, never lost."""

import os
import signal
import wave
from array import array
from pathlib import Path
from typing import Any

from tests.asterisk.phones import CallState
from tests.asterisk.rtp import RATE, share_of_tone
from tests.asterisk.spoken import toned, until_told
from tests.asterisk.stories import record_of, segments
from tests.support import until

SAID = {
    name: 600 + 150 * place
    for place, name in enumerate(
        (
            "voicemail-greeting",
            "voicemail-review",
            "voicemail-saved",
            "voicemail-after-tone",
            "voicemail-too-short",
            "voicemail-cancelled",
            "voicemail-failed",
            "goodbye",
            "no-answer",
            "all-busy",
        )
    )
}
VOICE, OTHER_VOICE = 350, 450
"""Hz: what callers say."""


def tray(lab) -> Path:
    """Give the folder into which Asterisk records."""
    return Path(lab.facts["recordings"]) / "voicemail" / "incoming"


def sizes(lab) -> list[int]:
    """Give the bytes of what is being recorded; Asterisk writes every two seconds."""
    return sorted(file.stat().st_size for file in tray(lab).glob("*.wav"))


async def speaks(lab, call, hz: int = VOICE, *, count: int = 1) -> None:
    """Say something until Asterisk has written a first piece of `count` messages."""
    call.audio.tone(hz)
    await until(lambda: len([size for size in sizes(lab) if size > 30_000]) >= count, 15.0, "a message grows")


async def message_of(lab, number: str) -> dict[str, Any]:
    """Wait for the stored message of a caller; give it with its file."""
    found: list[dict[str, Any]] = []

    async def is_there() -> bool:
        found[:] = (await lab.ask("voicemail", number=number))["items"]
        return bool(found)

    await until(is_there, what=f"a message of {number}")
    told: dict[str, Any] = await lab.ask("voicemail", found[0]["id"])
    return told


def sound_of(message: dict[str, Any]) -> array:
    """Read a message's samples: 16 bits, 8000 a second, one channel."""
    with wave.open(message["file"], "rb") as sound:
        assert (sound.getframerate(), sound.getnchannels(), sound.getsampwidth()) == (RATE, 1, 2)
        return array("h", sound.readframes(sound.getnframes()))


def share(samples: array, hz: int) -> float:
    """Give the tone's share in the middle of a message."""
    return share_of_tone(samples[len(samples) // 4 : len(samples) * 3 // 4], hz)


async def test_a_message_is_heard_again_recorded_anew_and_kept(lab, callers):
    """What is kept is the second take; it is on record, in the list, and can be taken along."""
    (caller,) = await callers("13853010001", media=True)
    async with toned(lab, SAID):
        call = await caller.call("5301").until_answered()
        await speaks(lab, call)
        await call.press("#")
        call.audio.silence()
        await until_told(call, SAID, "voicemail-greeting", "voicemail-review")
        await call.press("2")
        await until(lambda: call.audio.hears_tone(VOICE), what="their own voice")
        await call.press("3")
        await until_told(call, SAID, "voicemail-greeting", "voicemail-review", "voicemail-after-tone")
        await speaks(lab, call, OTHER_VOICE)
        await call.press("#")
        call.audio.silence()
        told = ("voicemail-greeting", "voicemail-review", "voicemail-after-tone", "voicemail-review")
        await until_told(call, SAID, *told)
        await call.press("1")
        await until_told(call, SAID, *told, "voicemail-saved", "goodbye")
        await call.until_ended(10.0)
    message = await message_of(lab, "13853010001")
    samples = sound_of(message)
    assert share(samples, OTHER_VOICE) > 0.8
    assert share(samples, VOICE) < 0.05
    assert abs(len(samples) / RATE - message["length_s"]) < 0.01
    assert (message["state"], message["mailbox"], message["size"]) == (
        "new",
        "t-box",
        Path(message["file"]).stat().st_size,
    )
    record = await record_of(lab, "13853010001")
    (visit,) = segments(record, "voicemail")
    assert (record["outcome"], record["mailbox"], visit["result"]) == ("voicemail", "t-box", "kept")
    assert visit["detail"]["message"] == message["id"]
    assert abs(visit["detail"]["length_s"] - message["length_s"]) < 0.2
    assert abs(record["voicemail_s"] - message["length_s"]) < 0.2
    await until(lambda: not list(tray(lab).iterdir()), what="an empty tray")
    copy = lab.state / "copy.wav"
    await lab.ccd("voicemail", "export", message["id"], "--output", str(copy))
    assert copy.read_bytes() == Path(message["file"]).read_bytes()
    assert (await lab.ccd_json("voicemail", "heard", message["id"]))["heard_by"] == "cli"
    await lab.ccd("voicemail", "delete", message["id"], "--yes")
    assert not Path(message["file"]).exists()
    assert (await lab.ask("voicemail", message["id"]))["state"] == "deleted"


async def test_whoever_hangs_up_has_left_a_message_and_nobody_answers_leads_there(lab, callers):
    """A queue without a flow sends its caller on; silence would end the message, the hang-up does."""
    (caller,) = await callers("13853020001")
    call = await caller.call("5302").until_answered()
    await speaks(lab, call)
    call.hang_up()
    message = await message_of(lab, "13853020001")
    assert (message["mailbox"], message["queue"]) == ("t-quick", "t-voicemail")
    assert share(sound_of(message), VOICE) > 0.8
    record = await record_of(lab, "13853020001")
    assert (record["outcome"], record["hung_up_by"]) == ("voicemail", "caller")
    assert [segment["kind"] for segment in record["segments"]] == ["queue", "voicemail"]
    assert segments(record, "queue")[0]["result"] == "timed_out"
    assert abs(segments(record, "voicemail")[0]["detail"]["length_s"] - message["length_s"]) < 0.2


async def test_nothing_said_and_a_cancelled_message_leave_nothing(lab, callers):
    """The caller is told each time, and the flow goes on."""
    silent, doubtful = await callers("13853010002", "13853010003")
    async with toned(lab, SAID):
        call = await silent.call("5301").until_answered()
        await until_told(call, SAID, "voicemail-greeting")
        await until(lambda: len(sizes(lab)) == 1, what="a recording")
        await call.press("#")
        told = ("voicemail-greeting", "voicemail-too-short", "voicemail-after-tone")
        await until_told(call, SAID, *told)
        await until(lambda: len(sizes(lab)) == 1, what="another recording")
        await call.press("#")
        await until_told(call, SAID, *told, "voicemail-too-short", "no-answer")
        await call.until_ended(10.0)
        call = await doubtful.call("5301").until_answered()
        await speaks(lab, call)
        await call.press("#")
        call.audio.silence()
        await until_told(call, SAID, "voicemail-greeting", "voicemail-review")
        await call.press("*")
        await until_told(
            call, SAID, "voicemail-greeting", "voicemail-review", "voicemail-cancelled", "no-answer"
        )
        await call.until_ended(10.0)
    for number, result in (("13853010002", "empty"), ("13853010003", "cancelled")):
        record = await record_of(lab, number)
        assert (record["outcome"], segments(record, "voicemail")[0]["result"]) == ("ivr_ended", result)
        assert (await lab.ask("voicemail", number=number))["items"] == []
    await until(lambda: not list(tray(lab).iterdir()), what="an empty tray")


async def test_where_nothing_can_be_recorded_the_call_goes_on(lab, callers):
    """The caller hears an apology, the flow's branch is taken, and the operators are told."""
    (caller,) = await callers("13853010004")
    tray(lab).mkdir(parents=True, exist_ok=True)
    aside = tray(lab).rename(tray(lab).with_name("aside"))
    tray(lab).write_text("not a folder")
    try:
        async with toned(lab, SAID):
            call = await caller.call("5301").until_answered()
            await until_told(call, SAID, "voicemail-greeting", "voicemail-failed", "all-busy")
            await call.until_ended(10.0)
        problems = [each["code"] for each in (await lab.ask("status"))["problems"]]
        assert "voicemail_unwritable" in problems
    finally:
        tray(lab).unlink()
        aside.rename(tray(lab))
    assert segments(await record_of(lab, "13853010004"), "voicemail")[0]["result"] == "failed"


async def test_a_kill_while_they_speak_loses_neither_callers_nor_messages(lab, callers):
    """One speaks on and is asked about the message afterwards; one hangs up while ccd is dead."""
    patient, hasty = await callers("13853010005", "13853010006")
    async with toned(lab, SAID):
        staying = await patient.call("5301").until_answered()
        leaving = await hasty.call("5301").until_answered()
        leaving.audio.tone(OTHER_VOICE)
        await speaks(lab, staying, count=2)
        before = (await lab.status())["ccd"]["pid"]
        os.kill(before, signal.SIGKILL)
        leaving.hang_up()

        async def another_one_is_ready() -> bool:
            ccd = (await lab.status())["ccd"]
            return bool(ccd["ready"]) and ccd["pid"] != before

        await until(another_one_is_ready, timeout_s=20.0)
        assert staying.state is CallState.UP
        recorded = max(sizes(lab))
        await until(lambda: max(sizes(lab)) > recorded, 10.0, "Asterisk records on")
        await staying.press("#")
        staying.audio.silence()
        await until_told(staying, SAID, "voicemail-greeting", "voicemail-review")
        await staying.press("1")
        await until_told(
            staying, SAID, "voicemail-greeting", "voicemail-review", "voicemail-saved", "goodbye"
        )
        await staying.until_ended(10.0)
    kept = await message_of(lab, "13853010005")
    assert share(sound_of(kept), VOICE) > 0.8
    assert kept["size"] > recorded
    left = await message_of(lab, "13853010006")
    assert share(sound_of(left), OTHER_VOICE) > 0.8
    assert left["length_s"] > 1.5
    record = await record_of(lab, "13853010005")
    (visit,) = segments(record, "voicemail")
    assert (record["outcome"], record["recovered"], visit["result"]) == ("voicemail", True, "kept")
    assert abs(visit["detail"]["length_s"] - kept["length_s"]) < 0.2
    await until(lambda: not list(tray(lab).iterdir()), what="an empty tray")
