"""Where the sound of a prompt is: a recording in the prompt folder, else Debian's, else the other language's.

All files are looked at once, when the catalogue is made; a call only reads from memory. Whoever puts a new
recording there says `refresh`; a reload does so too.
"""

import re
import wave
from collections.abc import Iterable, Iterator
from pathlib import Path

from ccd.model import Sound
from ccd.prompts.manifest import LANGUAGES, PROMPT_ID, Language, Manifest

_MAX_FILES = 10_000
_WANTED = (8000, 2, 1)
"""Rate, bytes a sample, channels: what Asterisk plays from a file that ends in .wav."""


class Catalogue:
    """Sounds by prompt and language."""

    def __init__(
        self,
        manifest: Manifest,
        directory: Path,
        *,
        asterisk_directory: str | None = None,
        core: Path | None = None,
    ) -> None:
        """Look at all files of the prompt folder.

        `directory` holds en/ and zh/; `asterisk_directory` is the same folder as Asterisk sees it. `core`
        is Asterisk's own English folder (.../sounds/en) where it can be seen from here: then its sounds
        have lengths, and those that lack count as missing.
        """
        self._manifest = manifest
        self._directory = directory
        self._seen_as = (asterisk_directory or str(directory)).rstrip("/")
        self._core = core
        self.refresh()

    def refresh(self) -> None:
        """Look at all files again; whoever asks meanwhile gets the old answers. Not on the event loop."""
        faults: list[str] = []
        sounds: dict[tuple[str, str], tuple[Sound, ...]] = {}
        for language in LANGUAGES:
            for prompt, length_s in self._scan(self._directory / language, faults):
                path = f"{self._seen_as}/{language}/{prompt}"
                sounds[prompt, language] = (Sound(path=path, length_s=length_s),)
        self.own = frozenset(sounds)
        """Id and language of what has a file in the prompt folder."""
        for prompt, entry in self._manifest.prompts.items():
            if entry.en_sounds and (found := self._core_sounds(entry.en_sounds, faults)):
                sounds.setdefault((prompt, "en"), found)
        self.faults = faults
        """Files that cannot be played, each with the remedy."""
        self._sounds = sounds
        self.ids = frozenset(self._manifest.prompts) | {prompt for prompt, _ in sounds}
        """Every id that a flow may name: those of the manifest and those of the folder."""

    def says(self, prompt: str, language: str) -> bool:
        """Whether a prompt has a sound in this very language."""
        return (prompt, language) in self._sounds

    def sounds(self, prompt: str, language: str) -> tuple[Sound, ...]:
        """Give what says a prompt, in the other language where this one lacks it; empty: there is nothing."""
        found = self._sounds.get((prompt, language))
        if found is not None:
            return found
        return next(
            (self._sounds[prompt, other] for other in LANGUAGES if (prompt, other) in self._sounds), ()
        )

    def missing(self, manifest: Manifest | None = None) -> list[tuple[Language, str]]:
        """List what a manifest has words for and no sound is there to say, by language and id.

        Without one it is the catalogue's own.
        """
        return [
            (language, prompt)
            for language in LANGUAGES
            for prompt, entry in (manifest or self._manifest).prompts.items()
            if entry.text(language) is not None and (prompt, language) not in self._sounds
        ]

    def _scan(self, folder: Path, faults: list[str]) -> Iterator[tuple[str, float]]:
        for count, file in enumerate(sorted(folder.rglob("*.wav"))):
            if count == _MAX_FILES:
                faults.append(f"{folder}: holds over {_MAX_FILES} files; the others are not used")
                return
            prompt = file.relative_to(folder).with_suffix("").as_posix()
            if re.fullmatch(PROMPT_ID, prompt) is None:
                faults.append(f"{file}: rename it; names have a-z, A-Z, 0-9, _ and - only")
                continue
            length_s = self._length(file, faults)
            if length_s is not None:
                yield prompt, length_s

    def _length(self, file: Path, faults: list[str]) -> float | None:
        """Give seconds of a playable file; None and a fault for any other."""
        try:
            with wave.open(str(file), "rb") as header:
                form = (header.getframerate(), header.getsampwidth(), header.getnchannels())
                frames = header.getnframes()
        except (OSError, EOFError, wave.Error) as error:
            faults.append(f"{file}: is no readable wav file ({error}); record or generate it again")
            return None
        if form != _WANTED or frames == 0:
            faults.append(
                f"{file}: has {form[0]} Hz, {form[1] * 8} bit, {form[2]} channels, {frames} samples; "
                f"Asterisk plays 8000 Hz, 16 bit, 1 channel: convert it with sox IN -r 8000 -b 16 -c 1 OUT"
            )
            return None
        return frames / form[0]

    def _core_sounds(self, names: Iterable[str], faults: list[str]) -> tuple[Sound, ...]:
        """Name Asterisk's own sounds; empty when its folder can be seen and one of them is not there.

        `en/digits/1` is found whatever the channel's language is: after the language's own folder Asterisk
        tries the name below the sound folder itself (main/file.c, fileexists_core).
        """
        return tuple(self._core_sound(name, faults) for name in names) if self._has_all(names) else ()

    def _has_all(self, names: Iterable[str]) -> bool:
        return self._core is None or all(any(self._core.glob(f"{name}.*")) for name in names)

    def _core_sound(self, name: str, faults: list[str]) -> Sound:
        file = self._core / f"{name}.wav" if self._core else None
        return Sound(
            path=f"en/{name}", length_s=self._length(file, faults) if file and file.is_file() else None
        )
