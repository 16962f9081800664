"""What a telephone is told: prompts are tones here, so that a test hears which were said, in what order."""

import wave
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager

from tests.asterisk.lab import Lab
from tests.asterisk.phones import Call
from tests.asterisk.rtp import RATE, loudness, share_of_tone, tone
from tests.support import until

TONE_S = 0.4
_STEP = RATE // 10


@asynccontextmanager
async def toned(lab: Lab, prompts: Mapping[str, int], language: str = "en") -> AsyncIterator[None]:
    """Let prompts be tones of so many Hz (multiples of 50); all are put back afterwards."""
    folder = lab.state / "prompts" / language
    kept = {
        name: (folder / f"{name}.wav").read_bytes() for name in prompts if (folder / f"{name}.wav").exists()
    }
    for name, hz in prompts.items():
        path = folder / f"{name}.wav"
        path.parent.mkdir(parents=True, exist_ok=True)
        with wave.open(str(path), "wb") as sound:
            sound.setnchannels(1)
            sound.setsampwidth(2)
            sound.setframerate(RATE)
            sound.writeframes(tone(hz, TONE_S).tobytes())
    await lab.ccd("reload")
    try:
        yield
    finally:
        for name in prompts:
            path = folder / f"{name}.wav"
            path.unlink()
            if name in kept:
                path.write_bytes(kept[name])
        await lab.ccd("reload")


def tones_in(samples: Sequence[int], tones: Sequence[int]) -> list[int]:
    """Give which of the tones were heard, one after the other; twice in a row only after something else."""
    heard: list[int] = []
    before = 0
    for start in range(0, len(samples) - _STEP + 1, _STEP):
        piece = samples[start : start + _STEP]
        loud = loudness(piece) > 0.02
        now = next((hz for hz in tones if loud and share_of_tone(piece, hz) > 0.7), 0)
        if now and now != before:
            heard.append(now)
        before = now
    return heard


async def until_told(call: Call, prompts: Mapping[str, int], *wanted: str) -> None:
    """Wait until exactly these toned prompts were heard, in this order."""

    def told() -> list[str]:
        names = {hz: name for name, hz in prompts.items()}
        return [names[hz] for hz in tones_in(call.audio.heard(), list(prompts.values()))]

    try:
        await until(lambda: told() == list(wanted), 15.0)
    except AssertionError:
        raise AssertionError(f"told {told()}, not {list(wanted)}\n{call.story()}") from None
