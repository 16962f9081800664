"""Files of the prompt folder: they appear whole or not at all, and what they replace is kept."""

import os
import shutil
import tempfile
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path

from ccd.errors import PromptError

WIDE = ".wav16"
"""Ending of the same sound at 16,000 Hz, which Asterisk prefers for wide-band phones."""
KEPT_VERSIONS = 10
"""Of each prompt; older ones are deleted."""

_VERSIONS = ".versions"


def make_folder(folder: Path) -> None:
    """Make a folder; raises PromptError that names the setting."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise PromptError(
            "{folder}: cannot be made ({error}); set prompts.directory to a folder that may be written",
            reason="folder_not_made",
            folder=folder,
            error=error.strerror,
        ) from error


def draft_beside(path: Path) -> Path:
    """Make an empty file in the same folder, to be renamed; raises PromptError when it cannot be written."""
    try:
        handle, name = tempfile.mkstemp(dir=path.parent, prefix=".making-", suffix=".part")
    except OSError as error:
        raise PromptError(
            "{path}: cannot be written ({error})",
            reason="not_writable",
            path=path.parent,
            error=error.strerror,
        ) from error
    os.close(handle)
    return Path(name)


def put_in_place(draft: Path, path: Path) -> None:
    """Let a finished draft take its place, readable for Asterisk."""
    draft.chmod(0o644)
    draft.replace(path)


def replace_file(path: Path, data: bytes) -> None:
    """Write a file as a whole."""
    draft = draft_beside(path)
    try:
        draft.write_bytes(data)
        put_in_place(draft, path)
    finally:
        with suppress(FileNotFoundError):
            draft.unlink()


def keep_version(directory: Path, language: str, prompt: str) -> Path | None:
    """Keep what says a prompt in `.versions/LANGUAGE/ID/`; give where, None: there was none.

    It is heard until something takes its place: who calls meanwhile misses nothing. Only the wide-band file
    of the same prompt goes: it is made again from whatever comes.
    """
    path = directory / language / f"{prompt}.wav"
    path.with_suffix(WIDE).unlink(missing_ok=True)
    if not path.exists():
        return None
    folder = directory / _VERSIONS / language / prompt
    make_folder(folder)
    kept = folder / f"{datetime.now(UTC):%Y%m%dT%H%M%S.%fZ}.wav"
    try:
        os.link(path, kept)
    except OSError:  # a file system without links
        shutil.copy2(path, kept)
    for old in sorted(folder.glob("*.wav"))[:-KEPT_VERSIONS]:
        old.unlink(missing_ok=True)
    return kept


def take_away(directory: Path, language: str, prompt: str) -> Path | None:
    """Put what says a prompt aside, so that nothing does; give where it is kept, None: there was none."""
    kept = keep_version(directory, language, prompt)
    (directory / language / f"{prompt}.wav").unlink(missing_ok=True)
    return kept


def versions(directory: Path, language: str, prompt: str) -> list[Path]:
    """Give what said a prompt before, the oldest first."""
    return sorted((directory / _VERSIONS / language / prompt).glob("*.wav"))


def restore_version(directory: Path, language: str, prompt: str) -> Path | None:
    """Let what said a prompt before say it again; what says it now becomes a version. None: there is none."""
    kept = versions(directory, language, prompt)
    if not kept:
        return None
    draft = kept[-1].with_suffix(".restored")
    kept[-1].rename(draft)
    path = directory / language / f"{prompt}.wav"
    keep_version(directory, language, prompt)
    make_folder(path.parent)
    put_in_place(draft, path)
    return path
