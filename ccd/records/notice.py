"""What somebody outside is to be told of (通知): a line of the outbox, sent until it arrives."""

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from ccd.records.record import Json, instant


class NoticeState(StrEnum):
    """Whether a notice has arrived."""

    PENDING = "pending"
    SENT = "sent"
    DEAD = "dead"
    """It did not arrive in the time that it had, or nobody is to be told any more."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Notice:
    """One thing for one target. Dates are aware."""

    id: str
    """The same on every try, so that the receiver can tell a repetition."""
    kind: str
    """What happened, e.g. `voicemail.left`."""
    target: str
    """The key of the configuration that says where it goes, e.g. `voicemail.sales.webhook`.

    Neither address nor secret is stored, and a change of either holds for what waits.
    """
    body: Json = field(repr=False)
    created_at: datetime
    state: NoticeState = NoticeState.PENDING
    attempts: int = 0
    next_at: datetime | None = None
    """When it is tried next; None: it is not."""
    done_at: datetime | None = None
    error: str = ""
    """Why the last try failed."""

    def to_json(self) -> Json:
        """Give it as JSON's types."""
        return {
            "id": self.id,
            "kind": self.kind,
            "target": self.target,
            "body": self.body,
            "created_at": instant(self.created_at),
            "state": self.state.value,
            "attempts": self.attempts,
            "next_at": instant(self.next_at),
            "done_at": instant(self.done_at),
            "error": self.error,
        }
