"""The JSON that leaves the daemon, typed once: the API answers with it, the CLI prints it, tests read it.

It is long because it is the whole contract, in one place.

These shapes are a contract with whoever scripts against `--json`: keys are added, never renamed or removed.
Instants (`…_at`) are RFC 3339 text in UTC, made by `instant`; durations (`…_s`) are numbers of seconds. A key
is always present; what is not known is `None`, or empty where the type is text or a list.
"""

from datetime import UTC, datetime
from enum import StrEnum
from typing import Any, Literal, TypedDict

Instant = str
"""`2026-11-21T09:30:00.125Z`."""


def instant(moment: datetime) -> Instant:
    """Give an aware date as the API writes it: UTC, milliseconds, `Z`."""
    return moment.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


# ---------------------------------------------------------------- health


class Level(StrEnum):
    """How bad a problem is, in Nagios's words."""

    WARNING = "warning"
    CRITICAL = "critical"


class ProblemCode(StrEnum):
    """What can be wrong with a running daemon. The CLI has a sentence for each, in each language."""

    DRAINING = "draining"
    AMI_DISCONNECTED = "ami_disconnected"
    NOT_SYNCHRONISED = "not_synchronised"
    AGI_FULL = "agi_full"
    DATABASE_DOWN = "database_down"
    DATABASE_SLOW = "database_slow"
    RECORDINGS_UNWRITABLE = "recordings_unwritable"
    CONFIG_REJECTED = "config_rejected"
    """A reload was refused: the configuration on disk is not the one in use."""
    NO_AGENTS = "no_agents"
    """Callers wait in a queue that no agent is signed in to; `detail` names it."""


class Problem(TypedDict):
    """One thing that is wrong now."""

    code: str
    """A `ProblemCode`."""
    level: str
    """A `Level`. While one is critical, `/readyz` answers 503."""
    detail: str
    """Facts in one line: which host, queue, folder, since when. May be empty."""


class Versions(TypedDict):
    """What runs."""

    ccd: str
    asterisk: str | None


class Status(TypedDict):
    """The daemon at a glance: `GET /status`."""

    problems: list[Problem]
    """Worst first; empty when all is well."""
    started_at: Instant
    uptime_s: float
    pid: int
    versions: Versions
    config_path: str
    socket: str
    ami_connected: bool
    agi_sessions: int
    writer_backlog: int
    """Records that wait to be written to the database."""
    calls: int
    """Calls inside ccd, in whatever phase."""
    waiting: int
    talking: int
    longest_wait_s: float
    agents: dict[str, int]
    """Agents by state (`AgentState`), counting those who are signed in; all five keys are present."""
    agents_paused: int
    agents_signed_in: int
    agents_total: int
    queues: int


# ---------------------------------------------------------------- queues and agents


class Figures(TypedDict):
    """A queue's counts since `since_at`: the start of the day, or of the daemon when that is later."""

    since_at: Instant
    offered: int
    answered: int
    abandoned: int
    timed_out: int
    other: int
    """Left by key, full, empty, transferred out or failed."""
    average_wait_s: float
    """Time in queue of answered calls, ringing included; Asterisk calls it holdtime."""
    average_talk_s: float
    threshold_s: int
    """The service level's threshold."""
    service_level: float
    """Percent: answered within the threshold, of the answered (Asterisk's SL)."""
    service_level_2: float
    """Percent: answered or abandoned within the threshold, of answered and abandoned (Asterisk's SL2)."""
    sticky_hits: int
    sticky_misses: int


class QueueMember(TypedDict):
    """An agent as one queue sees them."""

    agent: str
    name: str
    extension: str | None
    device: str
    """Asterisk's name of the phone; empty when not signed in."""
    device_state: str
    """Asterisk's device state (`NOT_INUSE`, …)."""
    status: str
    """`available`, `paused`, `logged_out`."""
    reason: str
    state: str
    """`idle`, `ringing`, `in_call`, `wrap_up`, `unreachable`."""
    since_at: Instant
    """Since when status and state are as they are."""
    signed_in_at: Instant | None
    penalty: int
    position: int
    calls_taken: int
    last_call_at: Instant | None


class QueueCaller(TypedDict):
    """One who waits."""

    call_id: str
    position: int
    channel: str
    number: str
    name: str
    priority: int
    waited_s: float
    joined_at: Instant
    offered_to: list[str]
    """Numbers of the agents whose phones ring for this caller now."""


class QueueSummary(TypedDict):
    """A line of `ccd queue list`."""

    name: str
    labels: dict[str, str]
    """Display name by language, e.g. `{"en": "Sales", "zh": "销售"}`."""
    strategy: str
    weight: int
    max_length: int | None
    waiting: int
    longest_wait_s: float
    members: int
    signed_in: int
    available: int
    """Members who could be offered a call at this instant."""
    talking: int
    """Members who talk with a caller of this queue."""
    figures: Figures


class Queue(QueueSummary):
    """All of one queue: `GET /queues/NAME`."""

    ring_s: float
    wrap_up_s: float
    max_wait_s: float | None
    sticky_wait_s: float | None
    record: str
    """`always` or `never`."""
    survey: str | None
    member_list: list[QueueMember]
    callers: list[QueueCaller]
    """In the order in which they will be served."""


class Member(TypedDict):
    """An agent's place in one queue."""

    queue: str
    penalty: int
    position: int


class Agent(TypedDict):
    """One agent: `GET /agents`, `GET /agents/NUMBER`."""

    number: str
    name: str
    extension: str | None
    """The phone they are signed in on."""
    own_extension: str | None
    """The phone they sign in on when none is named."""
    status: str
    """`available`, `paused`, `logged_out`: what the agent chose."""
    reason: str
    """Code of the break while paused, else empty."""
    state: str
    """`idle`, `ringing`, `in_call`, `wrap_up`, `unreachable`: what is observed."""
    since_at: Instant | None
    """Since when status and state are as they are."""
    signed_in_at: Instant | None
    wrap_up_until_at: Instant | None
    queues: list[str]
    """Names of the queues served; `memberships` has the details."""
    memberships: list[Member]
    call_id: str | None
    """The call they ring for or talk in."""
    calls_taken: int
    missed_in_a_row: int
    has_pin: bool
    """Whether they can sign in from a phone."""


class ImportProblem(TypedDict):
    """Why a row cannot be taken."""

    row: int
    """1 is the first agent."""
    number: str
    message: str


class ImportResult(TypedDict):
    """What `POST /agents/import` did, or with `dry_run` would do: all rows or none."""

    added: int
    updated: int
    problems: list[ImportProblem]
    """When there is any, nothing was changed."""


# ---------------------------------------------------------------- calls, now and past


class Call(TypedDict):
    """A call inside ccd now."""

    id: str
    channel: str
    number: str
    name: str
    called: str
    language: str
    started_at: Instant
    phase: str
    """`ivr`, `waiting`, `ringing`, `talking`, `survey`, `outside`."""
    phase_since_at: Instant
    flow: str | None
    node: str | None
    queue: str | None
    position: int | None
    agent: str | None
    """Who talks with the caller, or is offered the call."""
    on_hold: bool


class Top(TypedDict):
    """Everything live in one answer, for `ccd top` and for metrics."""

    at: Instant
    status: Status
    queues: list[QueueSummary]
    agents: list[Agent]
    calls: list[Call]
    """At most 500, the oldest first; `status.calls` has the true count."""


class Segment(TypedDict):
    """One stretch of a call, see `ccd.records.record.Segment`."""

    seq: int
    kind: str
    """`ivr`, `queue`, `offer`, `talk`, `survey`, `dial`."""
    started_at: Instant
    ended_at: Instant | None
    duration_s: float
    queue: str | None
    agent: str | None
    result: str | None
    detail: dict[str, Any]


class Candidate(TypedDict):
    """One member of a routing decision."""

    agent: str
    verdict: str
    key: str


class Decision(TypedDict):
    """Why an offer went to whom it went, see `ccd.history.Decided`."""

    at: Instant
    offer_id: str
    queue: str
    strategy: str
    rule: str
    trigger: str
    waited_s: float
    ahead: int
    members: int
    candidates: list[Candidate]


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


class SurveyAnswer(TypedDict):
    """What a caller was asked and pressed."""

    survey: str
    offered_at: Instant
    answered_at: Instant | None
    digit: str | None
    label: str | None
    queue: str | None
    agent: str | None


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


class FullRecord(Record):
    """All of one call: `GET /records/ID`."""

    segments: list[Segment]


class Explanation(FullRecord):
    """Why a call went as it went: `GET /calls/ID/explain`, for live and finished calls."""

    decisions: list[Decision]


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


# ---------------------------------------------------------------- operation


class ReloadResult(TypedDict):
    """`POST /reload`, when the new configuration was taken."""

    changed: list[str]
    """Dotted keys that differ from before, e.g. `queues.sales.ring_s`."""
    restart_needed: list[str]
    """Those of them that take effect only after a restart."""


class ConfigProblem(TypedDict):
    """One error of a configuration: a member of `problems` in a 422 answer."""

    file: str
    line: int | None
    key: str
    message: str
    remedy: str
    message_zh: str
    remedy_zh: str


class Check(TypedDict):
    """One thing that `ccd doctor` looked at."""

    name: str
    result: Literal["ok", "warning", "failed", "skipped"]
    message: str
    remedy: str
    """What to do; empty when `ok`."""


class DoctorReport(TypedDict):
    """`GET /doctor`."""

    checks: list[Check]


class Owner(TypedDict):
    """Who looks after a customer: `GET`, `PUT /customers/NUMBER/owner`."""

    number: str
    agent: str | None
