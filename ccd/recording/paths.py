"""Where a recording lies: a dated folder and the call's id, so that file and record find one another.

`2026/11/21/1795291036.1-1.wav` is the first offer's talk of call `1795291036.1`. Beside it lies, while the
talk goes on, what Asterisk writes (see `ccd.recording.raw`).
"""

import re
from datetime import datetime
from pathlib import Path

from ccd.errors import NotFoundError, RefusedError
from ccd.model import AudioFormat, CallId

SUFFIX = ".wav"
"""Of a recording's path, whatever form it is kept in."""

_CALL_ID = re.compile(r"[A-Za-z0-9]([A-Za-z0-9._-]{0,126}[A-Za-z0-9])?")
_PATH = re.compile(r"\d{4}/\d{2}/\d{2}/(?P<call>[A-Za-z0-9][A-Za-z0-9._-]{0,127})-\d{1,6}\.wav")


def recording_path(call_id: str, number: int, started: datetime) -> str:
    """Give the path, relative to the root, of a call's recording.

    `number` counts the call's recordings, `started` dates the folder. Raises RefusedError for an id that
    is no file name: it comes from Asterisk, and its `systemname` is free text.
    """
    if not _CALL_ID.fullmatch(call_id):
        raise RefusedError(
            "call id {call!r} cannot name a recording: "
            "let systemname in asterisk.conf be letters and digits only",
            reason="no_recording_name",
            call=call_id,
        )
    return f"{started:%Y/%m/%d}/{call_id}-{number}{SUFFIX}"


def raw_paths(relative: str) -> tuple[str, str]:
    """Give the paths of the raw sound of caller and agent; `CCD_RECORD` is what they have in common."""
    stem = relative.removesuffix(SUFFIX)
    return f"{stem}-caller.raw", f"{stem}-agent.raw"


def recording_of(raw: str) -> str:
    """Give the recording that one side's raw file belongs to."""
    stem = raw.removesuffix(".raw").removesuffix("-caller").removesuffix("-agent")
    return stem + SUFFIX


def call_of(relative: str) -> CallId | None:
    """Give the call of a recording's path; None when the path is not one of ours."""
    found = _PATH.fullmatch(relative)
    return CallId(found["call"]) if found else None


def locate(path: Path) -> Path:
    """Give the file of the recording whose WAV file is `path`: that, else the one in another form."""
    forms = (path.with_suffix(f".{form.value}") for form in AudioFormat)
    return next((each for each in forms if each.is_file()), path)


def resolve(root: Path, relative: str) -> Path:
    """Give the absolute path of a stored recording. Reads the file system: call it in a thread.

    Raises NotFoundError for a path that is not one of ours, that does not exist, or that leads out of the
    root by a link.
    """
    if call_of(relative) is not None:
        path = locate(root / relative).resolve()
        if path.is_relative_to(root.resolve()) and path.is_file():
            return path
    raise NotFoundError("there is no recording {recording!r}", reason="recording_gone", recording=relative)
