"""Prompts that a test can tell apart by ear: tones of one pitch, as recordings of the house's own."""

import math
import wave
from array import array
from pathlib import Path

RATE = 8000
PITCHES = (600, 700, 800, 1100, 1300)
"""Hz; `own/tone-600` and so on. Phones and callers of the tests speak at 500, 700 and 900."""
LENGTH_S = 2.0


def lay_out(prompts: Path) -> None:
    """Put the tones into a prompt folder, in both languages."""
    for language in ("en", "zh"):
        folder = prompts / language / "own"
        folder.mkdir(parents=True, exist_ok=True)
        for hz in PITCHES:
            _write(folder / f"tone-{hz}.wav", hz)


def _write(path: Path, hz: int) -> None:
    turn = 2 * math.pi * hz / RATE
    samples = array("h", (int(9000 * math.sin(turn * n)) for n in range(int(RATE * LENGTH_S))))
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(RATE)
        file.writeframes(samples.tobytes())
