"""Where messages lie, below the recordings' folder; ids and paths are made and read here alone.

`voicemail/incoming/1795291036.1-v37.wav` is what Asterisk records, with a note of whose it is beside it
(`….json`); `voicemail/2026/11/21/1795291036.1-v37.wav` is the message in its place. The dated folders are not
those of recordings: each has its own time to live.
"""

import re
from datetime import datetime
from pathlib import Path
from typing import Final

from ccd.errors import NotFoundError, RefusedError
from ccd.model import CallId

FOLDER: Final = "voicemail"
INCOMING: Final = f"{FOLDER}/incoming"
SUFFIX: Final = ".wav"
NOTE: Final = ".json"

_CALL_ID = re.compile(r"[A-Za-z0-9]([A-Za-z0-9._-]{0,126}[A-Za-z0-9])?")
_ID = re.compile(r"(?P<call>[A-Za-z0-9]([A-Za-z0-9._-]{0,126}[A-Za-z0-9])?)-v\d{1,8}")
_PATH = re.compile(rf"{FOLDER}/\d{{4}}/\d{{2}}/\d{{2}}/(?P<id>[A-Za-z0-9._-]{{1,140}})\.wav")


def message_id(call_id: CallId, second: int) -> str:
    """Name the message that a call leaves from its `second`-th second on.

    Raises RefusedError for an id of the call that is no file name: Asterisk's `systemname` is free text.
    """
    if not _CALL_ID.fullmatch(call_id):
        raise RefusedError(
            "call id {call!r} cannot name a message: "
            "let systemname in asterisk.conf be letters and digits only",
            reason="no_message_name",
            call=call_id,
        )
    return f"{call_id}-v{second}"


def call_of(message: str) -> CallId | None:
    """Give the call of a message's id; None when it is not one of ours."""
    found = _ID.fullmatch(message)
    return CallId(found["call"]) if found else None


def incoming(message: str) -> str:
    """Give what names a message's files in the tray, without ending, relative to the root."""
    return f"{INCOMING}/{message}"


def place(message: str, at: datetime) -> str:
    """Give where a message belongs, relative to the root; `at` dates the folder."""
    return f"{FOLDER}/{at:%Y/%m/%d}/{message}{SUFFIX}"


def resolve(root: Path, relative: str) -> Path:
    """Give the absolute path of a stored message. Reads the file system: call it in a thread.

    Raises NotFoundError for a path that is not one of ours, that does not exist, or that leads out of the
    root by a link.
    """
    found = _PATH.fullmatch(relative)
    if found is not None and call_of(found["id"]) is not None:
        path = (root / relative).resolve()
        if path.is_relative_to(root.resolve()) and path.is_file():
            return path
    raise NotFoundError(
        "the sound of this message is gone: {path!r}", reason="message_sound_gone", path=relative
    )
