"""What can be asked of the lists: filters as the backend gets them, checked already."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

MAX_PAGE = 200
DEFAULT_PAGE = 50


class Language(StrEnum):
    """Languages in which the daemon speaks to people."""

    EN = "en"
    ZH = "zh"


class Order(StrEnum):
    """Order of a list of records, by the time at which the call began."""

    NEWEST = "newest"
    OLDEST = "oldest"


class Outcome(StrEnum):
    """How a call ended; the same values as `ccd.records.record.Outcome`, which a test compares."""

    ANSWERED = "answered"
    ABANDONED = "abandoned"
    TIMED_OUT = "timed_out"
    FULL = "full"
    EMPTY = "empty"
    KEY = "key"
    TRANSFERRED = "transferred"
    FAILED = "failed"
    CLOSED = "closed"
    NOT_REACHED = "not_reached"
    CANCELLED = "cancelled"
    CALLBACK = "callback"
    IVR_ENDED = "ivr_ended"
    DIALLED_OUT = "dialled_out"
    VOICEMAIL = "voicemail"
    NO_ANSWER = "no_answer"
    BUSY = "busy"
    REFUSED = "refused"


class MessageState(StrEnum):
    """What became of a message; the same values as `ccd.records.voicemail.MessageState`."""

    NEW = "new"
    KEPT = "kept"
    DELETED = "deleted"


class NoticeState(StrEnum):
    """Whether a notice has arrived; the same values as `ccd.records.notice.NoticeState`."""

    PENDING = "pending"
    SENT = "sent"
    DEAD = "dead"


class ExportFormat(StrEnum):
    """Formats of `GET /records/export`."""

    CSV = "csv"
    ASTERISK_CSV = "asterisk-csv"
    JSONL = "jsonl"


class SurveyGroup(StrEnum):
    """What a survey report is grouped by."""

    SURVEY = "survey"
    QUEUE = "queue"
    AGENT = "agent"
    DAY = "day"


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordFilter:
    """Which calls are meant; a field that is `None` does not restrict."""

    since: datetime | None = None
    """Aware; calls that began at or after it."""
    until: datetime | None = None
    """Aware; calls that began before it."""
    number: str | None = None
    """The caller's number, whole."""
    called: str | None = None
    agent: str | None = None
    queue: str | None = None
    outcome: Outcome | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """Which part of the list is meant."""

    limit: int = DEFAULT_PAGE
    cursor: str | None = None
    order: Order = Order.NEWEST


@dataclass(frozen=True, slots=True, kw_only=True)
class SurveyFilter:
    """Which surveys are counted, and how."""

    since: datetime | None = None
    """Aware; offered at or after it."""
    until: datetime | None = None
    """Aware; offered before it."""
    survey: str | None = None
    queue: str | None = None
    agent: str | None = None
    group_by: SurveyGroup = SurveyGroup.SURVEY


@dataclass(frozen=True, slots=True, kw_only=True)
class MessageFilter:
    """Which messages are meant; a field that is `None` does not restrict."""

    mailbox: str | None = None
    state: MessageState | None = None
    """`None`: all that are not deleted."""
    since: datetime | None = None
    until: datetime | None = None
    number: str | None = None
