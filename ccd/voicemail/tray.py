"""The tray: the folder into which Asterisk records messages, each with a note of whose it is.

All of it blocks. The note is written before the tone: whatever becomes of ccd after that, what the caller
says is found again with their number and the mailbox.
"""

import json
import os
import shutil
import tempfile
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

import structlog

from ccd.model import CallId, QueueName
from ccd.voicemail.paths import INCOMING, NOTE, SUFFIX, call_of

log = structlog.get_logger(__name__)

MIN_FREE: Final = 64 * 1024 * 1024
"""Bytes of free disk below which no message is begun: a call's own recording matters more."""
MAX_NOTE: Final = 16_384


@dataclass(frozen=True, slots=True, kw_only=True)
class Note:
    """Whose a message is."""

    id: str
    call_id: CallId
    mailbox: str
    number: str
    name: str
    queue: QueueName | None
    language: str
    at: datetime
    """When the caller came to the mailbox, aware."""
    min_s: float
    """A shorter message is none."""

    def to_bytes(self) -> bytes:
        """Write it as JSON."""
        told = {name: getattr(self, name) for name in self.__slots__}
        return json.dumps(told | {"at": self.at.isoformat()}, ensure_ascii=False).encode()

    @classmethod
    def of(cls, told: dict[str, Any]) -> "Note":
        """Read it; raises ValueError, TypeError or KeyError for anything else."""
        at = datetime.fromisoformat(told["at"])
        note = cls(**(told | {"at": at.astimezone(UTC), "min_s": float(told["min_s"])}))
        if call_of(note.id) != note.call_id:
            raise ValueError(f"{note.id!r} is no message of {note.call_id!r}")
        return note


class Tray:
    """The folder below the recordings' root."""

    def __init__(self, root: Path) -> None:
        self._root = root
        self._folder = root / INCOMING

    def open(self, note: Note) -> None:
        """Make ready for a message. Raises OSError when it could not be recorded: no folder, no room."""
        self._make_ready()
        self.sound(note.id).unlink(missing_ok=True)
        self.write(note)

    def check(self) -> None:
        """See that a message could be begun now; raises OSError."""
        self._make_ready()
        with tempfile.NamedTemporaryFile(dir=self._folder, prefix=".ccd-check-"):
            pass

    def write(self, note: Note) -> None:
        """Put a note into the tray, whole or not at all; raises OSError."""
        path = self._path(note.id, NOTE)
        part = path.with_suffix(".part")
        with part.open("wb") as file:
            file.write(note.to_bytes())
            file.flush()
            os.fsync(file.fileno())
        part.replace(path)

    def read(self, message: str) -> Note | None:
        """Give the note of a message; None: there is none, or it cannot be read."""
        try:
            with self._path(message, NOTE).open("rb") as file:
                return Note.of(json.loads(file.read(MAX_NOTE)))
        except FileNotFoundError:
            return None
        except (OSError, ValueError, TypeError, KeyError) as problem:
            log.warning("voicemail_note_unreadable", message=message, reason=str(problem))
            return None

    def sound(self, message: str) -> Path:
        """Give where Asterisk records a message."""
        return self._path(message, SUFFIX)

    def clear(self, message: str) -> None:
        """Take a message out of the tray; raises OSError."""
        self.sound(message).unlink(missing_ok=True)
        self._path(message, NOTE).unlink(missing_ok=True)

    def messages(self) -> list[str]:
        """Give the ids of all that lies in the tray."""
        found = (path.name.removesuffix(NOTE) for path in self._folder.glob(f"*{NOTE}"))
        return sorted(message for message in found if call_of(message) is not None)

    def _path(self, message: str, suffix: str) -> Path:
        return self._folder / f"{message}{suffix}"

    def _make_ready(self) -> None:
        make_folder(self._root, self._folder)
        if shutil.disk_usage(self._folder).free < MIN_FREE:
            raise OSError(f"{self._folder}: less than {MIN_FREE // 1024**2} MB are free")


def make_folder(root: Path, folder: Path) -> None:
    """Make a folder below the root, with the root's rights: Asterisk is to write into what ccd makes.

    Raises OSError.
    """
    if folder.is_dir():
        return
    if folder == root:
        root.mkdir(parents=True)
        return
    make_folder(root, folder.parent)
    folder.mkdir(exist_ok=True)
    like = root.stat()
    if folder.stat().st_gid != like.st_gid:
        os.chown(folder, -1, like.st_gid)
    folder.chmod(like.st_mode & 0o7777)
