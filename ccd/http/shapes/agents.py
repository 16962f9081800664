"""Agents and their places in queues."""

from typing import TypedDict

from ccd.http.shapes.faults import Fault
from ccd.http.shapes.instants import Instant


class Member(TypedDict):
    """An agent's place in one queue."""

    queue: str
    penalty: int
    position: int
    ring_s: float | None
    """Ring time of their own; None: the queue's. So `wrap_up_s`."""
    wrap_up_s: float | None


class Breaks(TypedDict):
    """Breaks of one reason that an agent took in this shift."""

    reason: str
    taken: int
    spent_s: float
    """Of those that are over."""


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
    owes_disposition: bool
    """Whether the wrap-up lasts until they say what came of their talk."""
    break_until_at: Instant | None
    """When the break will have lasted for as long as its reason allows."""
    overdue: bool
    """Whether it has lasted for longer than that."""
    breaks: list[Breaks]
    caller_id: str
    """Number that their outgoing calls show; empty: none of their own."""
    has_pin: bool
    """Whether they can sign in from a phone."""
    skills: dict[str, int]
    """Level by skill, 1 to 100."""
    calls_per_hour: int | None
    """Calls that they are offered in an hour at most; None: no limit."""
    calls_per_day: int | None
    rest_s: float
    """Least time between two calls."""
    obstacle: str
    """Why they cannot be offered a caller now, e.g. `paused`, `busy`, `resting`; empty: they can."""


class ImportProblem(Fault):
    """Why a row cannot be taken."""

    row: int
    """1 is the first agent."""
    number: str


class ImportResult(TypedDict):
    """What `POST /agents/import` did, or with `dry_run` would do: all rows or none."""

    added: int
    updated: int
    problems: list[ImportProblem]
    """When there is any, nothing was changed."""
