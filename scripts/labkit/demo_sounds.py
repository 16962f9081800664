"""What is said in the demo's calls and what is heard: words, samples, and an ear that tells prompts apart."""

import hashlib
import json
import math
import wave
from array import array
from collections.abc import Sequence
from pathlib import Path

from ccd.prompts.catalogue import Catalogue
from ccd.prompts.generate import generate
from ccd.prompts.manifest import Manifest, Prompt
from labkit import engine
from labkit.settings import CACHE, State
from tests.asterisk.rtp import FRAME

SPOKEN = {
    "agent": {
        "en": "Hello, you are speaking with an agent. How can I help you?",
        "zh": "您好，这里是人工坐席，请问有什么可以帮您？",
    },
    "caller": {
        "en": "Good morning. I would like to order a desk phone, please.",
        "zh": "你好，我想订购一台办公电话，谢谢。",
    },
}
"""The words of a talk, made into sound once, so that its recording is worth hearing."""

CORE_SOUNDS = ("/usr/share/asterisk/sounds/en", "/var/lib/asterisk/sounds/en")
PATTERN_FRAMES = 35
STEPS = 4
QUIET = FRAME * 150**2
"""The energy of 20 ms that are next to silence."""
SAME = 0.03
"""Which share of its energy a pattern may differ by: G.711 rounds, and frames may be 2.5 ms apart."""


def voices(language: str) -> dict[str, array]:
    """Give the samples of what agent and caller say; espeak-ng makes them on the first occasion."""
    script = Manifest(prompts={role: Prompt.model_validate(words) for role, words in SPOKEN.items()})
    version = hashlib.sha256(json.dumps(SPOKEN).encode()).hexdigest()[:12]
    folder = CACHE / "voices" / version
    generate(script, folder, [language])
    return {role: samples_of(folder / language / f"{role}.wav") for role in SPOKEN}


def samples_of(file: Path) -> array:
    """Read the samples of a wav file, 8000 Hz, 16 bit, mono."""
    with wave.open(str(file), "rb") as sound:
        return array("h", sound.readframes(sound.getnframes()))


class Prompts:
    """ccd's prompts as callers of this lab hear them in one language."""

    def __init__(self, state: State, language: str) -> None:
        found = engine.load(state)
        data = found.packages.get("astdatadir") if found else None
        folders = [Path(data, "sounds", "en")] if data else map(Path, CORE_SOUNDS)
        self._core = next((folder for folder in folders if folder.is_dir()), None)
        self._language = language
        self._manifest = Manifest.shipped()
        self._catalogue = Catalogue(self._manifest, state.prompts, core=self._core)

    def words(self, prompts: Sequence[str]) -> str:
        """Give the words of prompts that are played one after the other."""
        texts = (self._manifest.prompts[prompt].text(self._language) for prompt in prompts)
        return ("" if self._language == "zh" else " ").join(filter(None, texts))

    def samples(self, prompt: str) -> array | None:
        """Give the samples of a prompt; None where Asterisk's own sounds cannot be seen from here."""
        sound = self._catalogue.sounds(prompt, self._language)[0]
        file = Path(f"{sound.path}.wav")
        if not file.is_absolute():
            if self._core is None:
                return None
            file = self._core.parent / file
        return samples_of(file) if file.is_file() else None


def contains(heard: Sequence[int], prompt: Sequence[int]) -> bool:
    """Whether the beginning of a prompt is in what was heard, by the rise and fall of its loudness.

    What comes back from G.711 is not sample for sample what was sent, and may begin anywhere.
    """
    wanted = _energies(prompt)[::STEPS]
    start = next((at for at, value in enumerate(wanted) if value > QUIET), 0)
    wanted = [math.sqrt(value) for value in wanted[start : start + PATTERN_FRAMES]]
    levels = [math.sqrt(value) for value in _energies(heard)]
    allowed = SAME * sum(value * value for value in wanted)
    return any(
        sum((one - other) ** 2 for one, other in zip(wanted, levels[at::STEPS], strict=False)) < allowed
        for at in range(len(levels) - STEPS * (len(wanted) - 1))
    )


def _energies(samples: Sequence[int]) -> list[int]:
    """Give the energy of each 20 ms, from every 5 ms on."""
    hop = FRAME // STEPS
    hops = [
        sum(sample * sample for sample in samples[at : at + hop])
        for at in range(0, len(samples) - hop + 1, hop)
    ]
    return [sum(hops[at : at + STEPS]) for at in range(len(hops) - STEPS + 1)]
