"""Items as lines of a file: appended whole or not at all, and read back, torn ones left out.

Nothing is synchronised to the disk: files that the kernel has outlive the process.
"""

import os
from collections.abc import Iterable
from pathlib import Path
from typing import Final

import structlog

from ccd.storage.encode import Item

log = structlog.get_logger(__name__)

_MODE: Final = 0o640
_SHOWN: Final = 200
"""Bytes of an unreadable line that the log shows."""


def opened(path: Path) -> int:
    """Give a descriptor of a file to append to; it is made where there is none."""
    return os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, _MODE)


def append(file: int, data: bytes) -> None:
    """Append to an open file; `OSError` when not all of it can be, and then none of it is."""
    size = os.fstat(file).st_size
    left = memoryview(data)
    try:
        while left:
            left = left[os.write(file, left) :]
    except OSError:
        os.ftruncate(file, size)
        raise


def append_to(path: Path, data: bytes) -> None:
    """Append to a file by its name, all or nothing as `append` does."""
    file = opened(path)
    try:
        append(file, data)
    finally:
        os.close(file)


def items_of(lines: Iterable[bytes], path: Path) -> list[Item]:
    """Give the items of lines of this file; what cannot be read is told in the log and left out."""
    items = []
    for line in lines:
        try:
            items.append(Item.from_line(line))
        except ValueError:
            log.warning("spool_line_unreadable", path=str(path), line=line[:_SHOWN])
    return items
