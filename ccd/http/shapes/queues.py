"""Queues: who waits, who serves, today's figures."""

from typing import TypedDict

from ccd.http.shapes.instants import Instant


class Figures(TypedDict):
    """A queue's counts since `since_at`: the start of the day, or of the daemon when that is later."""

    since_at: Instant
    offered: int
    answered: int
    abandoned: int
    timed_out: int
    callbacks: int
    """Left with the promise of a call back."""
    called_back: int
    """Callbacks in which agent and customer talked; `offered` does not count them a second time."""
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
    estimated_wait_s: float | None
    """How long they will still wait; null: not known well enough."""
    offered_to: list[str]
    """Numbers of the agents whose phones ring for this caller now."""
    callback: bool
    """Nobody is on the line: we call them back, and their place is kept."""


class QueueSummary(TypedDict):
    """A line of `ccd queue list`."""

    name: str
    labels: dict[str, str]
    """Display name by language, e.g. `{"en": "Sales", "zh": "销售"}`."""
    strategy: str
    weight: int
    max_length: int | None
    waiting: int
    """Callers on the line."""
    callbacks_waiting: int
    """Places kept for those whom we call back."""
    longest_wait_s: float
    estimated_wait_s: float | None
    """How long somebody would wait who came now; null: not known well enough."""
    members: int
    signed_in: int
    available: int
    """Members who could be offered a call at this instant."""
    talking: int
    """Members who talk with a caller of this queue."""
    figures: Figures
    open: bool
    """Whether it takes callers in."""
    open_by: str
    """What says so: `hours`, `hand`, or empty where nothing does."""
    open_until_at: Instant | None
    """Until when a hand's word holds; None: until somebody changes it."""
    keeps_waiting: bool
    """Of a closed queue: those who wait are served."""
    closing_words: str
    """Of a closed queue: the prompt for those who are not taken in; empty: none of its own."""


class Moved(TypedDict):
    """What `POST /queues/NAME/move` did."""

    source: str
    target: str
    moved: int
    ringing: int
    """Callers for whom phones ring: they follow if nobody answers."""


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
