"""From what Asterisk recorded to the message in its place: a WAV file that is whole or not there.

All of it blocks. `RECORD FILE` writes the header when it closes the file. Killed before that, it leaves a
header that says nothing: the length is then taken from the file's size.
"""

import hashlib
import os
import struct
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Final

from ccd import wav
from ccd.records.voicemail import Message
from ccd.voicemail.paths import place
from ccd.voicemail.tray import Note, Tray, make_folder
from ccd.wav import HEADER_BYTES, RATE, SAMPLE_BYTES

_PIECE: Final = 256 * 1024


class Missing(StrEnum):
    """Why there is no message."""

    EMPTY = "empty"
    """Nothing was recorded."""
    SHORT = "short"
    """Less than the mailbox wants."""
    OPEN = "open"
    """Asterisk has not closed the file yet."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """A file of sound at one moment."""

    size: int
    closed: bool
    """Its header tells its length."""

    @property
    def length_s(self) -> float:
        """How long it is."""
        return max(0, self.size - HEADER_BYTES) // SAMPLE_BYTES / RATE


def look(sound: Path) -> Look | None:
    """Measure what Asterisk recorded; None when there is nothing. Raises OSError."""
    try:
        with sound.open("rb") as file:
            head, size = file.read(HEADER_BYTES), os.fstat(file.fileno()).st_size
    except FileNotFoundError:
        return None
    told = struct.unpack_from("<I", head, 40)[0] if len(head) == HEADER_BYTES else 0
    return Look(size=size, closed=told > 0 and told == size - HEADER_BYTES)


def finish(root: Path, note: Note, *, unclosed: bool = False) -> Message | Missing:
    """Bring a message to its place. The tray keeps it until `Tray.clear`, so this can be repeated.

    `unclosed`: also when Asterisk never closed the file. Raises OSError: try again later.
    """
    sound = Tray(root).sound(note.id)
    found = look(sound)
    if found is None:
        return Missing.EMPTY
    if not found.closed and not unclosed:
        return Missing.OPEN
    if found.length_s < max(note.min_s, 1 / RATE):
        return Missing.SHORT if found.length_s else Missing.EMPTY
    relative = place(note.id, note.at)
    target = root / relative
    make_folder(root, target.parent)
    size, sha256 = _copy(sound, target, found)
    return Message(
        id=note.id,
        mailbox=note.mailbox,
        call_id=note.call_id,
        number=note.number,
        name=note.name,
        queue=note.queue,
        language=note.language,
        at=note.at,
        length_s=found.length_s,
        path=relative,
        size=size,
        sha256=sha256,
    )


def _copy(sound: Path, target: Path, found: Look) -> tuple[int, str]:
    """Write the file with a header that is right; give its size and checksum."""
    left = (found.size - HEADER_BYTES) // SAMPLE_BYTES * SAMPLE_BYTES
    part = target.with_name(target.name + ".part")
    header = wav.header(left // SAMPLE_BYTES, 1)
    digest = hashlib.sha256(header)
    size = len(header) + left
    with sound.open("rb") as source, part.open("wb") as out:
        source.seek(HEADER_BYTES)
        out.write(header)
        while left > 0 and (piece := source.read(min(_PIECE, left))):
            out.write(piece)
            digest.update(piece)
            left -= len(piece)
        out.flush()
        os.fsync(out.fileno())
    part.replace(target)
    return size, digest.hexdigest()
