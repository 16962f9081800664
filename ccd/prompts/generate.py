"""Making prompts with espeak-ng: robotic but intelligible, a default until someone records them.

The words go to espeak-ng on its standard input and the sound to sox on its own; no shell sees either. A
prompt appears under its name only when it is whole.
"""

import os
import shutil
import subprocess
import tempfile
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor, as_completed
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from ccd.errors import PromptError
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
    too). Files that are there stay as they are unless `only_missing` is false. Raises PromptError when a
    tool is missing, fails, or the folder cannot be written; what was made until then stays.
    """
    wanted = [
        Made(language=language, prompt=prompt, path=directory / language / f"{prompt}.wav")
        for language in languages
        for prompt, entry in manifest.prompts.items()
        if entry.text(language) is not None and (language == "zh" or not entry.en_sounds)
    ]
    if only_missing:
        wanted = [one for one in wanted if not one.path.exists()]
    if wanted:
        _need_tools()
        _make_folders({one.path.parent for one in wanted})
    made = []
    for one in _in_parallel(manifest, wanted):
        made.append(one)
        if progress is not None:
            progress(one, len(made), len(wanted))
    return made


def _in_parallel(manifest: Manifest, wanted: list[Made]) -> Iterator[Made]:
    """Keep every core busy; the first failure cancels what has not begun."""
    with ThreadPoolExecutor(max_workers=os.cpu_count() or 1) as pool:
        running = {}
        for one in wanted:
            entry = manifest.prompts[one.prompt]
            running[pool.submit(_make, entry, one.language, one.path)] = one
        try:
            for done in as_completed(running):
                done.result()
                yield running[done]
        finally:
            pool.shutdown(wait=True, cancel_futures=True)


def _need_tools() -> None:
    lacking = [tool for tool in _PACKAGES if shutil.which(tool) is None]
    if lacking:
        packages = " ".join(_PACKAGES[tool] for tool in lacking)
        raise PromptError(
            f"prompts are made by espeak-ng and sox; {' and '.join(lacking)} is not installed: "
            f"apt-get install {packages}, or put recordings into the prompt folder"
        )


def _make_folders(folders: Iterable[Path]) -> None:
    for folder in folders:
        try:
            folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise PromptError(
                f"{folder}: cannot be made ({error.strerror}); set prompts.directory to a folder "
                f"that may be written"
            ) from error


def _make(entry: Prompt, language: Language, path: Path) -> None:
    """Make one file: of words, or of silence."""
    if entry.silence_s is not None:
        _put(["-n"], path, ["trim", "0", f"{entry.silence_s:g}"])
        return
    voice = entry.voice(language)
    raw = _run(
        ["espeak-ng", "-v", _VOICES[voice], "-s", _WORDS_A_MINUTE[voice], "-b", "1", "--stdin", "--stdout"],
        (entry.script(language) or "").encode(),
    )
    # espeak-ng cannot know the length when it writes to a pipe: sox is told to read to the end
    _put(["--ignore-length", "-t", "wav", "-"], path, ["norm", "-3", *_TRIM], raw)


def _put(source: list[str], path: Path, effects: list[str], data: bytes = b"") -> None:
    """Have sox write a file, which appears under its name when it is whole."""
    try:
        handle, name = tempfile.mkstemp(dir=path.parent, prefix=".making-", suffix=".part")
    except OSError as error:
        raise PromptError(f"{path.parent}: cannot be written ({error.strerror})") from error
    os.close(handle)
    draft = Path(name)
    try:
        _run(["sox", *source, *_FORMAT, name, *effects], data)
        draft.chmod(0o644)
        draft.replace(path)
    finally:
        with suppress(FileNotFoundError):
            draft.unlink()


def _run(command: list[str], data: bytes) -> bytes:
    try:
        done = subprocess.run(  # noqa: S603 - a fixed command; texts go by standard input
            command, input=data, capture_output=True, check=True, timeout=_TIMEOUT_S
        )
    except FileNotFoundError as error:
        raise PromptError(f"{command[0]} cannot be run: {error.strerror}") from error
    except subprocess.TimeoutExpired as error:
        raise PromptError(
            f"{command[0]} was still at work after {_TIMEOUT_S:.0f} s and was stopped"
        ) from error
    except subprocess.CalledProcessError as error:
        said = error.stderr.decode(errors="replace").strip().splitlines()
        raise PromptError(
            f"{command[0]} failed: {said[-1] if said else f'status {error.returncode}'}"
        ) from error
    return done.stdout
