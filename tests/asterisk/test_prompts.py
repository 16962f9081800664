"""Prompts and values, from the telephones' side: recorded by voice, heard again, read out word by word."""

import asyncio
import json
import wave
from pathlib import Path

from tests.asterisk.phones import Answer
from tests.asterisk.rtp import RATE, loudness
from tests.asterisk.spoken import toned, until_told
from tests.asterisk.stories import record_of, segments
from tests.support import until

ASKED = {
    "prompt-record": 600,
    "prompt-record-review": 750,
    "prompt-record-kept": 900,
    "prompt-record-discarded": 1050,
}
VOICE, OTHER_VOICE = 350, 450
"""Hz: what is said into the phone."""
ENGLISH = ("n-1", "hundred", "n-1", "yuan", "and", "n-50", "cny-fen", "n-2", "minutes", "n-5", "seconds")
CHINESE = ("n-1", "hundred", "n-0", "n-1", "yuan", "n-5", "jiao", "liang", "fen", "n-0", "n-5", "seconds")
"""101.5 yuan, two minutes five seconds."""


def takes(lab) -> list[Path]:
    """Give what is being recorded."""
    return list((Path(lab.facts["recordings"]) / "prompt-takes").glob("*.wav"))


def sound(lab, language: str, prompt: str) -> Path:
    """Give a prompt's file."""
    return Path(lab.state / "prompts" / language / f"{prompt}.wav")


def length_of(path: Path) -> float:
    """Give the seconds of a file."""
    with wave.open(str(path), "rb") as file:
        return file.getnframes() / file.getframerate()


async def speaks(lab, call, hz: int) -> None:
    """Say something until Asterisk has written a piece of it; then # ends it."""
    call.audio.tone(hz)
    await until(lambda: any(take.stat().st_size > 30_000 for take in takes(lab)), 15.0, "a take grows")
    await call.press("#")
    call.audio.silence()


async def test_a_prompt_is_recorded_over_a_phone_and_heard_in_a_flow(lab, phones, callers):
    """Two takes, the second one kept: heard by the next caller and on a phone, without a reload."""
    (phone,) = await phones("1001")
    (caller,) = await callers("13852010001")
    phone.behaviour = Answer()
    async with toned(lab, ASKED):
        words = ("prompt", "record", "t-news", "--language", "en", "--phone", "1001", "--json")
        recording = asyncio.create_task(lab.try_ccd(*words))
        call = await (await phone.next_call()).until_answered()
        await until_told(call, ASKED, "prompt-record")
        await speaks(lab, call, VOICE)
        await until(lambda: call.audio.hears_tone(VOICE), what="the take, played back")
        await until_told(call, ASKED, "prompt-record", "prompt-record-review")
        await call.press("2")
        told = ("prompt-record", "prompt-record-review", "prompt-record")
        await until_told(call, ASKED, *told)
        await speaks(lab, call, OTHER_VOICE)
        await until_told(call, ASKED, *told, "prompt-record-review")
        await call.press("1")
        done = await recording
        assert done.code == 0, done.errors
        await until_told(call, ASKED, *told, "prompt-record-review", "prompt-record-kept")
        kept = json.loads(done.output)
    assert (kept["state"], kept["id"], kept["language"]) == ("kept", "t-news", "en")
    assert 1.0 < kept["length_s"] < 8.0
    assert takes(lab) == []
    assert abs(length_of(sound(lab, "en", "t-news")) - kept["length_s"]) < 0.1

    heard = await caller.call("5201").until_answered()
    await until(lambda: heard.audio.hears_tone(OTHER_VOICE), what="the recording in the flow")
    await heard.until_ended(15.0)

    playing = asyncio.create_task(lab.ccd("prompt", "play", "t-news", "--language", "en", "--phone", "1001"))
    call = await (await phone.next_call()).until_answered()
    await until(lambda: call.audio.hears_tone(OTHER_VOICE), what="the recording on a phone")
    await call.until_ended(15.0)
    assert await playing == "en/t-news was played\n"


async def test_who_hangs_up_has_recorded_nothing_and_a_silent_phone_is_told(lab, phones):
    """The prompt stays as it was, the command fails with words; a phone that is not there, too."""
    (phone,) = await phones("1002")
    phone.behaviour = Answer()
    async with toned(lab, ASKED):
        before = sound(lab, "zh", "t-news").read_bytes()
        words = ("prompt", "record", "t-news", "--language", "zh", "--phone", "1002")
        recording = asyncio.create_task(lab.try_ccd(*words))
        call = await (await phone.next_call()).until_answered()
        await until_told(call, ASKED, "prompt-record")
        call.audio.tone(VOICE)
        await until(lambda: bool(takes(lab)), what="a take")
        call.hang_up()
        done = await recording
        assert (done.code, done.errors) == (1, "ccd: nothing was kept; the prompt is as it was\n")
        await until(lambda: takes(lab) == [], what="no take left")
    assert sound(lab, "zh", "t-news").read_bytes() == before
    missing = await lab.try_ccd("prompt", "record", "t-news", "--language", "zh", "--phone", "1006")
    assert missing.code == 1
    assert "phone 1006 was not answered" in missing.errors
    chinese = await lab.try_ccd(
        "prompt", "record", "t-news", "--language", "zh", "--phone", "1006", "--lang", "zh"
    )
    assert (chinese.code, chinese.errors[:17]) == (1, "ccd: 话机 1006 未接听：")


async def test_values_are_said_word_by_word_in_both_languages(lab, callers):
    """Each word is a tone: money and a duration, as each grammar has them; a bad value branches."""
    (caller,) = await callers("13852020001")
    for language, number, words in (("en", "5202", ENGLISH), ("zh", "5203", CHINESE)):
        tones = {word: 400 + 100 * place for place, word in enumerate(dict.fromkeys(words))}
        async with toned(lab, tones, language):
            call = await caller.call(number).until_answered()
            await until_told(call, tones, *words)
            await call.until_ended(15.0)
    record = await record_of(lab, "13852020001", 2)
    visits = [(each["detail"]["node"], each["result"]) for each in segments(record, "ivr_node")]
    assert ("bad", "invalid") in visits or not visits


async def test_values_are_as_long_as_their_words(lab, callers):
    """With the generated voice: nothing is left out, nothing gapes."""
    (caller,) = await callers("13852030001")
    call = await caller.call("5203").until_answered()
    await call.until_ended(30.0)
    heard = call.audio.heard()
    loud = [at for at in range(0, len(heard) - 160, 160) if loudness(heard[at : at + 160]) > 0.01]
    expected_s = sum(length_of(sound(lab, "zh", word)) for word in CHINESE)
    assert abs((loud[-1] - loud[0]) / RATE - expected_s) < 0.15 * expected_s
    assert len(loud) * 160 / RATE > 0.5 * expected_s
