"""The `queue_log` file: appended to by a thread of its own, so that a slow disk never holds a call up.

It is opened anew when it was rotated away (another file, or none, stands under its name), as readers and
`logrotate` expect of Asterisk.
"""

import contextlib
import os
import queue
import threading
from collections.abc import Iterable
from pathlib import Path
from typing import Final

import structlog

log = structlog.get_logger(__name__)

_CAPACITY: Final = 100_000
"""Lines that wait for the disk; beyond it new ones are dropped, counted and told."""
_AT_ONCE: Final = 1_000
_RETRY_S: Final = 1.0


class QueueLogFile:
    """Takes lines, writes them soon."""

    def __init__(self, path: Path, *, capacity: int = _CAPACITY, retry_s: float = _RETRY_S) -> None:
        self._path = path
        self._retry_s = retry_s
        self._waiting: queue.Queue[str] = queue.Queue(capacity)
        self._closing = threading.Event()
        self._thread = threading.Thread(target=self._work, name="queue_log", daemon=True)
        self._file: int | None = None
        self._failing = False
        self.dropped = 0
        """Lines for which there was no room."""

    def start(self) -> None:
        """Begin to write."""
        self._thread.start()

    def write(self, lines: Iterable[str]) -> None:
        """Take whole lines; never waits."""
        for line in lines:
            try:
                self._waiting.put_nowait(line)
            except queue.Full:
                self.dropped += 1
                if self.dropped == 1:
                    log.critical("queue_log_full", path=str(self._path), first_dropped=line)

    def close(self, within_s: float = 5.0) -> None:
        """Write what is left, if that can be done in time. It waits: call it beside the event loop."""
        self._closing.set()
        with contextlib.suppress(queue.Full):
            self._waiting.put_nowait("")  # wakes the thread
        self._thread.join(within_s)

    # ------------------------------------------------------------ the thread

    def _work(self) -> None:
        while not (self._closing.is_set() and self._waiting.empty()):
            lines = [self._waiting.get()]
            while len(lines) < _AT_ONCE and not self._waiting.empty():
                lines.append(self._waiting.get())
            left = "".join(lines).encode()
            while left := self._append(left):
                if self._closing.wait(self._retry_s):
                    break  # the disk has had its chance
        if self._file is not None:
            os.close(self._file)

    def _append(self, data: bytes) -> bytes:
        """Write, and give what could not be written."""
        try:
            file = self._open()
            while data:
                data = data[os.write(file, data) :]
        except OSError as error:
            if not self._failing:
                self._failing = True
                log.critical("queue_log_unwritable", path=str(self._path), reason=str(error))
        else:
            self._failing = False
        return data

    def _open(self) -> int:
        if self._file is not None and not self._is_current(self._file):
            os.close(self._file)
            self._file = None
        if self._file is None:
            self._file = os.open(self._path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o644)
        return self._file

    def _is_current(self, file: int) -> bool:
        try:
            return os.path.samestat(self._path.stat(), os.fstat(file))
        except FileNotFoundError:
            return False
