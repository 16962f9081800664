"""The daemon at a glance, and what is wrong with it."""

from enum import StrEnum
from typing import TypedDict

from ccd.http.shapes.instants import Instant


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
    VOICEMAIL_UNWRITABLE = "voicemail_unwritable"
    NOTICES_DEAD = "notices_dead"
    RECORDINGS_DISK_LOW = "recordings_disk_low"
    RECORDINGS_DISK_FULL = "recordings_disk_full"
    """Nothing new is recorded."""
    CONFIG_REJECTED = "config_rejected"
    """A reload was refused: the configuration on disk is not the one in use."""
    NO_AGENTS = "no_agents"
    """Callers wait in a queue that no agent is signed in to; `detail` names it."""
    OUTBOUND_MANY = "outbound_many"
    """Calls to the outside near, or at, the limit of an hour; `detail` has both numbers."""
    LOOKUP_SUSPENDED = "lookup_suspended"
    """A system of the business fails and is left alone for a while; `detail` names it and says why."""


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


class Lookup(TypedDict):
    """How a system of the business fares that flows ask."""

    name: str
    state: str
    """`closed`: it is asked; `open`: left alone after failures; `half_open`: the next caller tries it."""
    found: int
    """Questions since the daemon's start, by how they ended."""
    not_found: int
    failed: int
    last_failure: str
    """Why the last one failed; empty: none did."""


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
    callbacks_waiting: int
    """Promises of a call back that wait for their turn, their time or their queue to open."""
    callbacks_dialling: int
    """Customers who are being called back now."""
    talking: int
    longest_wait_s: float
    estimated_wait_s: float | None
    """The longest estimate of all queues for somebody who came now; null: none is known well enough."""
    agents: dict[str, int]
    """Agents by state (`AgentState`), counting those who are signed in; all five keys are present."""
    agents_paused: int
    agents_signed_in: int
    agents_total: int
    queues: int
    queues_closed: list[str]
    """Queues that take nobody in now."""
    outgoing: int
    """Calls to the outside under way; `outgoing_let_out` since the start, `outgoing_refused` by reason."""
    outgoing_let_out: int
    outgoing_refused: dict[str, int]
    lookups: list[Lookup]
    """The business's systems that flows ask, in the order of the configuration."""
