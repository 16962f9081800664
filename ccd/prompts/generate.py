"""Making prompts with espeak-ng: robotic but intelligible, a default until someone records them.

The words go to espeak-ng on its standard input and the sound to sox on its own; no shell sees either. A
prompt appears under its name only when it is whole.
"""

import json
import os
import shutil
import subprocess
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor, as_completed
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from ccd.errors import PromptError
from ccd.prompts.files import draft_beside, keep_version, make_folder, put_in_place
from ccd.prompts.ledger import Ledger, digest
from ccd.prompts.manifest import Language, Manifest, Prompt

_VOICES: dict[Language, str] = {"en": "en-us", "zh": "cmn-latn-pinyin"}
"""`cmn` spells 汉字 out in English; this voice reads them."""
_WORDS_A_MINUTE = {"en": "150", "zh": "165"}
_PACKAGES = {"espeak-ng": "espeak-ng", "sox": "sox"}
_TIMEOUT_S = 60.0
_FORMAT = ["-r", "8000", "-c", "1", "-b", "16", "-t", "wav"]
_TRIM = [*(["silence", "1", "0.01", "0.5%", "reverse"] * 2), "pad", "0.03", "0.05"]
"""Number words follow one another: without this there is a gap of half a second between them."""

Progress = Callable[["Made", int, int], None]
"""Called after each prompt, in the caller's thread: what was made, how many are done, how many there are."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Made:
    """One prompt that was generated."""

    language: Language
    prompt: str
    path: Path

    @property
    def key(self) -> str:
        """Give it as `language/id`."""
        return f"{self.language}/{self.prompt}"


def generate(
    manifest: Manifest,
    directory: Path,
    languages: Iterable[Language],
    *,
    only_missing: bool = True,
    progress: Progress | None = None,
) -> list[Made]:
    """Make the prompts of a manifest as <directory>/<language>/<id>.wav, 8000 Hz, 16 bit, mono.

    English prompts that Debian's sounds say are left to them (`manifest.without_core_sounds()` speaks them
    too). Files that were generated are made again where their words have changed; recordings stay as they
    are, unless `only_missing` is false: then all are made, and what was there is kept as a version. Raises
    PromptError when a tool is missing, fails, or the folder cannot be written; what was made until then
    stays.
    """
    ledger = Ledger.load(directory)
    wanted = [
        one
        for one in _possible(manifest, directory, languages)
        if not (only_missing and one.path.exists()) or ledger.is_stale(one.key, _recipe(manifest, one))
    ]
    if wanted:
        _need_tools()
        for folder in {one.path.parent for one in wanted}:
            make_folder(folder)
    made = []
    try:
        for one in _in_parallel(manifest, directory, wanted, ledger):
            ledger.note(one.key, _recipe(manifest, one))
            made.append(one)
            if progress is not None:
                progress(one, len(made), len(wanted))
    finally:
        if made:
            ledger.save()
    return made


def _possible(manifest: Manifest, directory: Path, languages: Iterable[Language]) -> Iterator[Made]:
    """Give everything that espeak-ng would have to say."""
    for language in languages:
        for prompt, entry in manifest.prompts.items():
            if entry.text(language) is not None and (language == "zh" or not entry.en_sounds):
                yield Made(language=language, prompt=prompt, path=directory / language / f"{prompt}.wav")


def _recipe(manifest: Manifest, one: Made) -> str:
    """Give the fingerprint of all that decides how a prompt sounds."""
    entry, language = manifest.prompts[one.prompt], one.language
    voice = entry.voice(language)
    parts = [entry.script(language), _VOICES[voice], _WORDS_A_MINUTE[voice], entry.silence_s, _FORMAT, _TRIM]
    return digest(json.dumps(parts).encode())


def _in_parallel(manifest: Manifest, directory: Path, wanted: list[Made], ours: Ledger) -> Iterator[Made]:
    """Keep every core busy; the first failure cancels what has not begun."""
    with ThreadPoolExecutor(max_workers=os.cpu_count() or 1) as pool:
        running = {
            pool.submit(
                _make, manifest.prompts[one.prompt], directory, one, recorded=not ours.is_ours(one.key)
            ): one
            for one in wanted
        }
        try:
            for done in as_completed(running):
                done.result()
                yield running[done]
        finally:
            pool.shutdown(wait=True, cancel_futures=True)


def _need_tools() -> None:
    lacking = [tool for tool in _PACKAGES if shutil.which(tool) is None]
    if lacking:
        raise PromptError(
            "prompts are made by espeak-ng and sox; {tools} is not installed: "
            "apt-get install {packages}, or put recordings into the prompt folder",
            reason="no_tools",
            tools=" and ".join(lacking),
            packages=" ".join(_PACKAGES[tool] for tool in lacking),
        )


def _make(entry: Prompt, directory: Path, one: Made, *, recorded: bool) -> None:
    """Make one file; a recording that lies there is put aside when the new one is whole."""
    draft = draft_beside(one.path)
    try:
        _speak(entry, one.language, draft)
        if recorded:
            keep_version(directory, one.language, one.prompt)
        put_in_place(draft, one.path)
    finally:
        with suppress(FileNotFoundError):
            draft.unlink()


def _speak(entry: Prompt, language: Language, path: Path) -> None:
    """Write a file of words, or of silence."""
    if entry.silence_s is not None:
        _run(["sox", "-n", *_FORMAT, str(path), "trim", "0", f"{entry.silence_s:g}"], b"")
        return
    voice = entry.voice(language)
    raw = _run(
        ["espeak-ng", "-v", _VOICES[voice], "-s", _WORDS_A_MINUTE[voice], "-b", "1", "--stdin", "--stdout"],
        (entry.script(language) or "").encode(),
    )
    # espeak-ng cannot know the length when it writes to a pipe: sox is told to read to the end
    _run(["sox", "--ignore-length", "-t", "wav", "-", *_FORMAT, str(path), "norm", "-3", *_TRIM], raw)


def _run(command: list[str], data: bytes) -> bytes:
    try:
        done = subprocess.run(  # noqa: S603 - a fixed command; texts go by standard input
            command, input=data, capture_output=True, check=True, timeout=_TIMEOUT_S
        )
    except FileNotFoundError as error:
        raise PromptError(
            "{program} cannot be run: {error}",
            reason="program_not_run",
            program=command[0],
            error=error.strerror,
        ) from error
    except subprocess.TimeoutExpired as error:
        raise PromptError(
            "{program} was still at work after {seconds:.0f} s and was stopped",
            reason="program_too_slow",
            program=command[0],
            seconds=_TIMEOUT_S,
        ) from error
    except subprocess.CalledProcessError as error:
        said = error.stderr.decode(errors="replace").strip().splitlines()
        raise PromptError(
            "{program} failed: {said}",
            reason="program_failed",
            program=command[0],
            said=said[-1] if said else f"status {error.returncode}",
        ) from error
    return done.stdout
