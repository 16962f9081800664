"""Files that commands read and write: bounded when read, whole or not at all when written."""

import contextlib
import os
from collections.abc import Iterator
from pathlib import Path

from ccd.cli.messages import _
from ccd.errors import CcdError

MAX_FILE = 4 * 1024 * 1024
_PART = ".part"


def read_file(file: Path) -> bytes:
    """Read a file that is not absurdly large."""
    try:
        with file.open("rb") as opened:
            raw = opened.read(MAX_FILE + 1)
    except OSError as error:
        raise CcdError(f"{file}: {error.strerror}") from error
    if len(raw) > MAX_FILE:
        raise CcdError(_("{file}: larger than {limit} bytes", file=file, limit=MAX_FILE))
    return raw


def refuse_existing(file: Path, *, force: bool) -> None:
    """Refuse a file that is there, unless it may be replaced."""
    if file.exists() and not force:
        raise CcdError(_("{file} is there already; --force replaces it", file=file))


@contextlib.contextmanager
def in_place_of(file: Path) -> Iterator[Path]:
    """Give a path beside `file` to write to; it takes the file's place when all of it is written.

    Nobody ever reads half a file, and what was there stays when the writing fails. `OSError` is the caller's.
    """
    part = file.with_name(f"{file.name}.{os.getpid()}{_PART}")
    try:
        yield part
        part.replace(file)
    finally:
        with contextlib.suppress(OSError):
            part.unlink(missing_ok=True)


@contextlib.contextmanager
def written_as(file: Path) -> Iterator[None]:
    """Tell what the system says of a file that cannot be written, or of the one that was to be copied."""
    try:
        yield
    except OSError as error:
        named = file if error.filename is None else Path(os.fsdecode(error.filename))
        raise CcdError(f"{file if named.suffix == _PART else named}: {error.strerror}") from error
