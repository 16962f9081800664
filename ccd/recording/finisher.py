"""Turns Asterisk's raw sound into a finished recording: a WAV file that is whole or is not there.

Written beside its place, synced, and renamed: a crash at any instant leaves either the raw sound, to be
finished again, or the recording, or both, with the same result.
"""

import hashlib
import os
from dataclasses import dataclass, replace
from enum import StrEnum
from pathlib import Path

import structlog

from ccd import wav
from ccd.recording.convert import WAV, ConversionError, Form, convert
from ccd.recording.paths import locate
from ccd.recording.raw import FRAME_BYTES, RawSound
from ccd.wav import HEADER_BYTES, RATE

log = structlog.get_logger(__name__)

MAX_FRAMES = (0xFFFF_FFFF - HEADER_BYTES) // FRAME_BYTES
"""WAV counts bytes in 32 bits: 37 hours."""


class Problem(StrEnum):
    """What can be wrong with a recording."""

    MISSING = "missing"
    """There is no file: the folder is full or unwritable, or is not the one that Asterisk sees."""
    EMPTY = "empty"
    """Neither side sent any sound."""
    SHORT = "short"
    """Clearly shorter than the talk: the disk filled up, or both sides were silent for long."""
    FAILED = "failed"
    """The file could not be read or written; the raw sound stays, and is tried again."""
    FINISHED = "finished"
    """It was finished before, and is kept in a form that need not be measured again."""
    GROWING = "growing"
    """Asterisk wrote more in the meantime; the raw sound stays, and is tried again."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Finished:
    """A recording in its place."""

    path: str
    """Relative to the root."""
    length_s: float
    size: int
    """Bytes, header included."""
    sha256: str
    """Of the whole file, in hexadecimal."""


def finish(root: Path, relative: str, form: Form = WAV) -> Finished | Problem:
    """Make the recording of its raw sound, in the form in which it is kept, and measure it.

    Blocks, in bounded memory. The raw sound stays, for whoever is told of the recording to delete; until
    then all can be repeated, with the same result. A form that cannot be made is a line in the log, and WAV.
    Raises OSError.
    """
    place = root / relative
    raw = RawSound.find(root, relative)
    if raw is None or raw.frames == 0:
        if place.exists():
            return _measured(place, relative)
        if locate(place).exists():
            return Problem.FINISHED
        return Problem.MISSING if raw is None else Problem.EMPTY
    made = _write(raw, place, relative)
    if RawSound.find(root, relative) != raw:
        return Problem.GROWING
    return _in_form(place, made, form)


def _in_form(place: Path, made: Finished, form: Form) -> Finished:
    try:
        file = convert(place, form)
    except ConversionError as problem:
        log.warning("recording_not_converted", path=made.path, reason=str(problem))
        return made
    if file == place:
        return made
    with file.open("rb") as sound:
        digest = hashlib.file_digest(sound, "sha256")
    _sync_folder(file.parent)
    return replace(made, size=file.stat().st_size, sha256=digest.hexdigest())


def _write(raw: RawSound, place: Path, relative: str) -> Finished:
    frames = min(raw.frames, MAX_FRAMES)
    part = place.with_name(place.name + ".part")
    header = wav.header(frames, 2)
    digest = hashlib.sha256(header)
    left = frames * FRAME_BYTES
    with part.open("wb") as out:
        out.write(header)
        for sound in raw.read():
            piece = sound[:left]
            out.write(piece)
            digest.update(piece)
            left -= len(piece)
        out.flush()
        os.fsync(out.fileno())
    part.replace(place)
    _sync_folder(place.parent)
    return Finished(
        path=relative,
        length_s=frames / RATE,
        size=HEADER_BYTES + frames * FRAME_BYTES,
        sha256=digest.hexdigest(),
    )


def _measured(place: Path, relative: str) -> Finished:
    size = place.stat().st_size
    with place.open("rb") as sound:
        digest = hashlib.file_digest(sound, "sha256")
    return Finished(
        path=relative,
        length_s=max(0, size - HEADER_BYTES) // FRAME_BYTES / RATE,
        size=size,
        sha256=digest.hexdigest(),
    )


def _sync_folder(folder: Path) -> None:
    """Make the renaming durable."""
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
