"""What was put and is in neither database nor spool yet, on disk: a kill at any instant loses none of it.

A batch gathers for a tenth of a second and takes a transaction to be stored; a process that is killed in
between takes it along, unless it stands here. There is a file for each batch, removed when the batch is safe;
the next start puts whatever it finds once more, and the files stay until that is safe.
"""

import asyncio
import contextlib
import os
from collections import deque
from collections.abc import Callable
from pathlib import Path
from typing import Final

import structlog

from ccd.storage import lines
from ccd.storage.encode import Item

log = structlog.get_logger(__name__)

_NAME: Final = "journal-{:08}.jsonl"
_PATTERN: Final = "journal-*.jsonl"


class Journal:
    """Writes what is put behind the calls: in the turn of the event loop after the next."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._number = 0
        self._file: int | None = None
        self._put = 0
        self._unwritten: list[Item] = []
        self._full: deque[tuple[int, Path]] = deque()
        """Files to which nothing is added, with the count of items that they bring us to."""
        self._failing = False

    def rescue(self, put: Callable[[Item], object], count: Callable[[], int]) -> None:
        """Put what an earlier process left behind; `count` gives how many items were ever put.

        Nothing is moved, so this needs no room on the disk.
        """
        for path in sorted(self._folder.glob(_PATTERN)):
            for item in lines.items_of(path.read_bytes().splitlines(), path):
                put(item)
            self._full.append((count(), path))
            self._number = int(path.stem.rpartition("-")[2]) + 1
        self._put = count()

    def note(self, item: Item) -> None:
        """Take an item; the sessions of callers, which may be about to hear of an offer, go first."""
        self._put += 1
        self._unwritten.append(item)
        if len(self._unwritten) == 1:
            loop = asyncio.get_running_loop()
            loop.call_soon(loop.call_soon, self._write)

    def cut(self) -> None:
        """Begin a new file, since a batch is being stored."""
        self._write()
        if self._file is not None:
            os.close(self._file)
            self._file = None
            self._full.append((self._put, self._path()))
            self._number += 1

    def forget(self, safe: int) -> None:
        """Remove the files of which every item is among the first `safe` that were put."""
        while self._full and self._full[0][0] <= safe:
            with contextlib.suppress(OSError):
                self._full.popleft()[1].unlink()

    def _path(self) -> Path:
        return self._folder / _NAME.format(self._number)

    def _write(self) -> None:
        items, self._unwritten = self._unwritten, []
        if not items:
            return
        try:
            if self._file is None:
                self._file = lines.opened(self._path())
            lines.append(self._file, b"".join(item.to_line() for item in items))
        except OSError as error:
            if not self._failing:
                log.warning("journal_refused", reason=str(error), path=str(self._folder))
            self._failing = True
        else:
            self._failing = False
