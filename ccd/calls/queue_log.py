"""Asterisk's `queue_log`, told by ccd: entries of the history to lines, lines to the file."""

from pathlib import Path

from ccd.clock import Clock
from ccd.history import Entry
from ccd.records.queue_log import QueueLog
from ccd.records.queue_log_file import QueueLogFile


class QueueLogger:
    """A listener of the history."""

    def __init__(self, clock: Clock, path: Path) -> None:
        self._clock = clock
        self._log = QueueLog()
        self._file = QueueLogFile(path)

    def start(self) -> None:
        """Begin to write, with QUEUESTART."""
        self._file.start()
        self._file.write([self._log.started(self._clock.wall(self._clock.now()))])

    def note(self, entry: Entry) -> None:
        """Take one entry of the history."""
        self._file.write(self._log.lines(entry, self._clock.wall(entry.at)))

    def reloaded(self) -> None:
        """Write CONFIGRELOAD."""
        self._file.write([self._log.reloaded(self._clock.wall(self._clock.now()))])

    def close(self) -> None:
        """Write what is left; not on the event loop."""
        self._file.close()
