"""Calls that are over: records, recordings, surveys, customers."""

from typing import Any, TypedDict

from ccd.http.shapes.instants import Instant


class Segment(TypedDict):
    """One stretch of a call, see `ccd.records.record.Segment`."""

    seq: int
    kind: str
    """`ivr`, `queue`, `offer`, `talk`, `survey`, `dial`, `supervision`, `voicemail`, …."""
    started_at: Instant
    ended_at: Instant | None
    duration_s: float
    queue: str | None
    agent: str | None
    result: str | None
    detail: dict[str, Any]


class Pause(TypedDict):
    """A stretch of a recording, in seconds since its beginning."""

    from_s: float
    to_s: float


class Recording(TypedDict):
    """One recorded talk, see `ccd.records.record.RecordingInfo`."""

    id: str
    call_id: str
    path: str
    """Relative to the recordings' folder."""
    started_at: Instant | None
    segment: int | None
    queue: str | None
    agent: str | None
    stored_at: Instant | None
    length_s: float | None
    size: int | None
    sha256: str | None
    problem: str | None
    """`missing`, `empty`, `short`; None: nothing is wrong."""
    pauses: list[Pause]
    """Where it holds silence on purpose."""


class SurveyAnswer(TypedDict):
    """What a caller was asked and pressed."""

    survey: str
    offered_at: Instant
    answered_at: Instant | None
    digit: str | None
    label: str | None
    queue: str | None
    agent: str | None


class Disposition(TypedDict):
    """What an agent said came of their talk."""

    agent: str
    queue: str
    code: str
    chosen_at: Instant


class Record(TypedDict):
    """A call as `ccd.records.record.CallRecord.to_json` tells it; a test compares the keys."""

    id: str
    linkedid: str
    channel: str
    direction: str
    started_at: Instant
    answered_at: Instant | None
    ended_at: Instant | None
    duration_s: float
    number: str
    name: str
    called: str
    language: str
    queue: str | None
    agent: str | None
    outcome: str | None
    """None while the call lasts."""
    cdr_disposition: str
    disposition_code: str | None
    """What the last agent said came of it."""
    dispositions: list[Disposition]
    hung_up_by: str | None
    hangup_cause: int | None
    ivr_s: float
    queue_wait_s: float
    ring_s: float
    talk_s: float
    on_hold_s: float
    survey_s: float
    sticky: str
    survey: SurveyAnswer | None
    recordings: list[Recording]
    recovered: bool
    sequence: int
    voicemail_s: float
    """Length of the messages that the caller left."""
    mailbox: str | None


class FullRecord(Record):
    """All of one call: `GET /records/ID`."""

    segments: list[Segment]
    data: dict[str, str]
    """What was learnt of the caller: by lookups, by the region of their number."""


class RecordPage(TypedDict):
    """`GET /records`."""

    items: list[Record]
    next_cursor: str | None
    """Give it back as `cursor` for the next page; `None`: this was the last."""


class RecordingPage(TypedDict):
    """`GET /recordings`."""

    items: list[Recording]
    next_cursor: str | None


class RecordingPath(TypedDict):
    """`GET /recordings/ID`: where the file lies on this machine."""

    id: str
    call_id: str
    path: str
    """Absolute, inside the recordings' folder, and it exists."""
    length_s: float | None
    size: int | None


class SurveyRow(TypedDict):
    """A line of the survey report."""

    survey: str
    key: str
    """What the report is grouped by: a queue's name, an agent's number, a date, or empty."""
    offered: int
    answered: int
    response_rate: float
    """Percent of the offered."""
    answers: dict[str, int]
    """Count by digit; every digit that the survey knows is present."""
    labels: dict[str, dict[str, str]]
    """Label by digit and language: `{"1": {"en": "very satisfied", "zh": "非常满意"}}`."""


class SurveyReport(TypedDict):
    """`GET /surveys/report`."""

    group_by: str
    rows: list[SurveyRow]


class Owner(TypedDict):
    """Who looks after a customer: `GET`, `PUT /customers/NUMBER/owner`."""

    number: str
    agent: str | None
