"""A message that a caller left (留言): what is known of it, and how it is told."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from ccd.model import AgentNumber, CallId, QueueName
from ccd.records.record import Json, instant, seconds


class MessageState(StrEnum):
    """What became of a message."""

    NEW = "new"
    """Nobody has heard it."""
    KEPT = "kept"
    """Somebody has heard it, or saved it."""
    DELETED = "deleted"
    """Its sound is gone; that it was there is known until the mailbox's time is over."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """One message. `at` is the aware date at which the caller began to speak."""

    id: str
    """The call's id and the second of the call in which it began: `1795291036.1-v37`."""
    mailbox: str
    call_id: CallId
    number: str
    name: str
    queue: QueueName | None
    """The last queue in which the caller had waited."""
    language: str
    """The caller's."""
    at: datetime
    length_s: float
    path: str
    """Relative to the recordings' folder."""
    size: int
    """Bytes."""
    sha256: str
    state: MessageState = MessageState.NEW
    heard_at: datetime | None = None
    heard_by: str | None = None
    """An agent's number, or `cli`."""
    deleted_at: datetime | None = None
    deleted_by: str | None = None

    @property
    def is_new(self) -> bool:
        """Whether nobody has heard it."""
        return self.state is MessageState.NEW

    def to_json(self) -> Json:
        """Give it as JSON's types."""
        return {
            "id": self.id,
            "mailbox": self.mailbox,
            "call_id": self.call_id,
            "number": self.number,
            "name": self.name,
            "queue": self.queue,
            "language": self.language,
            "at": instant(self.at),
            "length_s": seconds(self.length_s),
            "path": self.path,
            "size": self.size,
            "sha256": self.sha256,
            "state": self.state.value,
            "heard_at": instant(self.heard_at),
            "heard_by": self.heard_by,
            "deleted_at": instant(self.deleted_at),
            "deleted_by": self.deleted_by,
        }


def listener(agent: AgentNumber | None) -> str:
    """Name who heard or deleted a message."""
    return agent or "cli"
