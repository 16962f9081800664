"""Messages that callers left, and what others are told."""

from typing import Any, TypedDict

from ccd.http.shapes.instants import Instant


class VoicemailMessage(TypedDict):
    """One message, see `ccd.records.voicemail.Message`."""

    id: str
    mailbox: str
    call_id: str
    number: str
    name: str
    queue: str | None
    language: str
    at: Instant
    length_s: float
    path: str
    """Relative to the recordings' folder."""
    size: int
    sha256: str
    state: str
    """`new`, `kept`, `deleted`."""
    heard_at: Instant | None
    heard_by: str | None
    deleted_at: Instant | None
    deleted_by: str | None


class VoicemailFile(VoicemailMessage):
    """`GET /voicemail/ID`: a message, and where its sound lies on this machine."""

    file: str | None
    """Absolute, and it exists; None: the sound is gone."""


class VoicemailPage(TypedDict):
    """`GET /voicemail`."""

    items: list[VoicemailMessage]
    next_cursor: str | None


class Mailbox(TypedDict):
    """One mailbox."""

    name: str
    labels: dict[str, str]
    new: int
    """Messages that nobody has heard."""
    agents: list[str]
    queues: list[str]


class Notice(TypedDict):
    """What somebody outside is told, see `ccd.records.notice.Notice`."""

    id: str
    kind: str
    target: str
    body: dict[str, Any]
    created_at: Instant
    state: str
    """`pending`, `sent`, `dead`."""
    attempts: int
    next_at: Instant | None
    done_at: Instant | None
    error: str


class NoticePage(TypedDict):
    """`GET /notices`."""

    items: list[Notice]
    next_cursor: str | None
