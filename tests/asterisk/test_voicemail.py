"""Messages, from the phones' side: spoken, found in the file, listened to, told to others, never lost."""

import asyncio
import base64
import hmac
import json
import os
import signal
import wave
from array import array
from pathlib import Path
from typing import Any

from aiohttp import web

from tests.asterisk.lab import free_port
from tests.asterisk.lamps import LampPhone
from tests.asterisk.phones import Answer, CallState
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
LISTENED = {
    name: 600 + 150 * place
    for place, name in enumerate(
        (
            "voicemail-you-have",
            "voicemail-new-messages",
            "voicemail-received",
            "voicemail-from",
            "voicemail-keys",
            "voicemail-deleted",
            "voicemail-calling-back",
            "voicemail-no-mailbox",
            "agent-enter-number",
            "agent-enter-pin",
            "voicemail-new-none",
        )
    )
}
VOICE, OTHER_VOICE = 350, 450
"""Hz: what callers say."""
SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"


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


async def hears(call, said: dict[str, int], *names: str) -> None:
    """Wait for the last of these prompts, which is cheap, then see that it was all of them in order."""
    await until(lambda: call.audio.hears_tone(said[names[-1]]), 30.0, f"{names[-1]} is said")
    await until_told(call, said, *names)


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
        await hears(call, SAID, "voicemail-greeting", "voicemail-review")
        await call.press("2")
        await until(lambda: call.audio.hears_tone(VOICE), what="their own voice")
        await call.press("3")
        await hears(call, SAID, "voicemail-greeting", "voicemail-review", "voicemail-after-tone")
        await speaks(lab, call, OTHER_VOICE)
        await call.press("#")
        call.audio.silence()
        told = ("voicemail-greeting", "voicemail-review", "voicemail-after-tone", "voicemail-review")
        await hears(call, SAID, *told)
        await call.press("1")
        await hears(call, SAID, *told, "voicemail-saved", "goodbye")
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
        await hears(call, SAID, "voicemail-greeting")
        await until(lambda: len(sizes(lab)) == 1, what="a recording")
        await call.press("#")
        told = ("voicemail-greeting", "voicemail-too-short", "voicemail-after-tone")
        await hears(call, SAID, *told)
        await until(lambda: len(sizes(lab)) == 1, what="another recording")
        await call.press("#")
        await hears(call, SAID, *told, "voicemail-too-short", "no-answer")
        await call.until_ended(10.0)
        call = await doubtful.call("5301").until_answered()
        await speaks(lab, call)
        await call.press("#")
        call.audio.silence()
        await hears(call, SAID, "voicemail-greeting", "voicemail-review")
        await call.press("*")
        await hears(call, SAID, "voicemail-greeting", "voicemail-review", "voicemail-cancelled", "no-answer")
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
            await hears(call, SAID, "voicemail-greeting", "voicemail-failed", "all-busy")
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
        await hears(staying, SAID, "voicemail-greeting", "voicemail-review")
        await staying.press("1")
        await hears(staying, SAID, "voicemail-greeting", "voicemail-review", "voicemail-saved", "goodbye")
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


async def leave(lab, caller, hz: int) -> dict[str, Any]:
    """Leave a message in the box with review, by hanging up."""
    call = await caller.call("5301").until_answered()
    await speaks(lab, call, hz)
    call.hang_up()
    return await message_of(lab, caller.user)


async def throw_away_all(lab) -> None:
    """Delete what other tests left: an agent hears all of their mailboxes."""
    for each in (await lab.ask("voicemail"))["items"]:
        await lab.ccd("voicemail", "delete", each["id"], "--yes")


async def sits_down(lab, telephones) -> LampPhone:
    """Give a desk phone whose lamp shows that there is nothing new."""
    desk = LampPhone(lab.server, "1005", lab.password("1005"))
    await telephones.enter_async_context(desk)
    await desk.subscribe("*9t-box")
    await desk.until_lit("*9t-box", "terminated")
    return desk


async def test_an_agent_listens_deletes_and_calls_back_by_phone(lab, telephones, agents, callers, outside):
    """Each message is told with date, time and number, and its very tone is heard; keys do what they say."""
    first, second = await callers("0572", "0571")
    await throw_away_all(lab)
    desk = await sits_down(lab, telephones)
    earlier, later = await leave(lab, first, VOICE), await leave(lab, second, OTHER_VOICE)
    await desk.until_lit("*9t-box", "confirmed")
    (phone,) = await agents("1001")
    (stranger,) = await agents("1004")
    begin = ["voicemail-you-have", "voicemail-new-messages", "voicemail-received", "voicemail-from"]
    async with toned(lab, LISTENED):
        call = await phone.call("*17").until_answered()
        await until(lambda: call.audio.hears_tone(VOICE), 40.0, "the first message")
        await hears(call, LISTENED, *begin, "voicemail-keys")
        await call.press("1")
        again = [*begin, "voicemail-keys", "voicemail-received", "voicemail-from"]
        await until(lambda: call.audio.hears_tone(VOICE), 40.0, "the first message again")
        await call.press("3")
        await until(lambda: call.audio.hears_tone(OTHER_VOICE), 40.0, "the second message")
        told = [*again, "voicemail-deleted", "voicemail-received", "voicemail-from"]
        await until_told(call, LISTENED, *told)
        outside.behaviour = Answer(tone_hz=900)
        await call.press("4")
        assert outside.dialled(await outside.next_call()) == "0571"
        await until(lambda: call.audio.hears_tone(900), what="the caller answers")
        call.hang_up()
        ringing = asyncio.create_task(lab.ccd("voicemail", "play", later["id"], "--phone", "1004"))
        rung = await stranger.next_call()
        assert rung.peer_number == "0571"
        await until(
            lambda: rung.audio.hears_tone(OTHER_VOICE), 10.0, "the message on the phone that was rung"
        )
        await rung.until_ended(10.0)
        await ringing
        call = await stranger.call("*17").until_answered()
        await hears(call, LISTENED, "voicemail-no-mailbox")
        await call.until_ended(10.0)
    await desk.until_lit("*9t-box", "terminated")
    assert not Path(earlier["file"]).exists()
    heard = await lab.ask("voicemail", later["id"])
    assert (heard["state"], heard["heard_by"]) == ("kept", "1001")
    gone = await lab.ask("voicemail", earlier["id"])
    assert (gone["state"], gone["deleted_by"], gone["file"]) == ("deleted", "1001", None)


async def test_where_nobody_is_signed_in_number_and_pin_are_asked_for(lab, phones):
    """A phone in a meeting room: whoever knows an agent's PIN hears that agent's messages."""
    await throw_away_all(lab)
    (phone,) = await phones("1006")
    async with toned(lab, LISTENED):
        call = await phone.call("*17").until_answered()
        await hears(call, LISTENED, "agent-enter-number")
        await call.press("1001#")
        await hears(call, LISTENED, "agent-enter-number", "agent-enter-pin")
        await call.press(f"{lab.pin('1001')}#")
        told = ["agent-enter-number", "agent-enter-pin", "voicemail-new-none"]
        await until_told(call, LISTENED, *told)
        await call.until_ended(15.0)


async def test_a_system_and_people_are_told_of_a_message(lab, callers):
    """A webhook whose signature is right, tried again after a refusal; a command that reads the text."""
    (caller,) = await callers("13853020002")
    file = Path(lab.facts["ccd"]["config"]).parent / "conf.d" / "voicemail.yaml"
    before = await asyncio.to_thread(file.read_text)
    mail = lab.state / "mail.txt"
    received: list[tuple[dict[str, str], bytes]] = []

    async def receive(request: web.Request) -> web.Response:
        received.append((dict(request.headers), await request.read()))
        return web.Response(status=500 if len(received) == 1 else 204)

    app = web.Application()
    app.router.add_post("/hook", receive)
    runner = web.AppRunner(app)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", free_port())
    await site.start()
    hook = f'{{url: "{site.name}/hook", secret: {SECRET}, allow_private: true}}'
    command = f'["/bin/sh", "-c", "cat > \\"$1\\"", "mail", "{mail}"]'
    notify = f'notify: {{webhook: {hook}, command: {command}, text: "{{number}} in {{label}}"}}, '
    try:
        changed = before.replace("review: false,", f"review: false, {notify}")
        await asyncio.to_thread(file.write_text, changed)
        await lab.ccd("reload")
        call = await caller.call("5302").until_answered()
        await speaks(lab, call)
        call.audio.silence()
        await call.until_ended(15.0)  # two seconds of silence end the message, and the flow ends the call
        message = await message_of(lab, "13853020002")
        assert message["length_s"] < len(call.audio.heard()) / RATE - 1.0
        await until(lambda: len(received) == 2, 20.0, "the webhook, twice")
        headers, body = received[1]
        told = json.loads(body)
        assert (told["type"], told["data"]["id"]) == ("voicemail.left", message["id"])
        assert (told["data"]["number"], told["data"]["queue"]) == ("13853020002", "t-voicemail")
        signed = b".".join((told["id"].encode(), headers["webhook-timestamp"].encode(), body))
        expected = hmac.new(base64.b64decode(SECRET.removeprefix("whsec_")), signed, "sha256").digest()
        assert headers["webhook-signature"] == f"v1,{base64.b64encode(expected).decode()}"
        assert {each[0]["webhook-id"] for each in received} == {f"{message['id']}-webhook"}
        await until(lambda: mail.exists() and mail.read_text() == "13853020002 in t-quick", what="the mail")

        async def all_sent() -> bool:
            return {each["state"] for each in (await lab.ask("notices"))["items"]} == {"sent"}

        await until(all_sent, what="notices that have arrived")
    finally:
        await runner.cleanup()
        await asyncio.to_thread(file.write_text, before)
        await lab.ccd("reload")
