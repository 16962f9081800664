"""A file that holds what the database would not take: one line an item, appended, read from the front.

It is not synchronised to the disk at each line: it guards against a database that is locked, full or gone,
and against a crash of ours meanwhile. It is emptied when all of it has been read, and read again from the
start when that was interrupted, so whoever writes its items must be able to write them twice.
"""

import contextlib
import os
from collections.abc import Iterable
from itertools import islice
from pathlib import Path

import structlog

from ccd.storage import lines
from ccd.storage.encode import Item

log = structlog.get_logger(__name__)


class Spool:
    """The file, with a place up to which it has been read. One process only."""

    def __init__(self, path: Path) -> None:
        """Take up what an earlier run left behind."""
        self._path = path
        self._offset = 0
        self._next = 0
        self._size = self._repair()
        self.lines = 0
        """Items that wait in it."""
        if self._size:
            with path.open("rb") as file:
                self.lines = sum(1 for _ in file)

    @property
    def empty(self) -> bool:
        """Whether nothing waits in it."""
        return self._offset >= self._size

    def append(self, items: Iterable[Item]) -> None:
        """Add items at the end, all or none; `OSError` when they cannot be."""
        added = [item.to_line() for item in items]
        data = b"".join(added)
        lines.append_to(self._path, data)
        self._size += len(data)
        self.lines += len(added)

    def read(self, limit: int) -> tuple[list[Item], int]:
        """Give the first items, and how many lines they took: lines that cannot be read are left out."""
        found = self._lines(limit)
        if not found:
            log.critical("spool_vanished", path=str(self._path), items=self.lines)
            self._next = self._size
            return [], self.lines
        self._next = self._offset + sum(map(len, found))
        return lines.items_of(found, self._path), len(found)

    def _lines(self, limit: int) -> list[bytes]:
        try:
            with self._path.open("rb") as file:
                file.seek(self._offset)
                return list(islice(file, limit))
        except FileNotFoundError:
            return []

    def done(self, taken: int) -> None:
        """Forget what was read last."""
        self._offset = self._next
        self.lines = max(0, self.lines - taken)
        if self.empty:
            with contextlib.suppress(FileNotFoundError):
                os.truncate(self._path, 0)
            self._offset = self._next = self._size = self.lines = 0

    def _repair(self) -> int:
        """Give the size of the file, its last line closed where a crash left it torn."""
        try:
            with self._path.open("r+b") as file:
                size = file.seek(0, os.SEEK_END)
                if size == 0:
                    return 0
                file.seek(-1, os.SEEK_END)
                if file.read(1) == b"\n":
                    return size
                file.write(b"\n")
                return size + 1
        except FileNotFoundError:
            return 0
