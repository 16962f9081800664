"""An agent: what they chose, what is observed of them, where they serve, what outlives the process."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from ccd.model.identities import AgentNumber, CallId, Extension, OfferId, QueueName


class AgentStatus(StrEnum):
    """What the agent chose."""

    AVAILABLE = "available"
    PAUSED = "paused"
    LOGGED_OUT = "logged_out"


class AgentState(StrEnum):
    """What is observed of the agent."""

    IDLE = "idle"
    RINGING = "ringing"
    IN_CALL = "in_call"
    WRAP_UP = "wrap_up"
    UNREACHABLE = "unreachable"


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """How an agent serves one queue."""

    penalty: int = 0
    ring_s: float | None = None
    """How long their phone rings for one offer to them alone; None: as the queue says."""
    wrap_up_s: float | None = None
    """Their rest after each of its calls; None: as the queue says."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Membership(Terms):
    """An agent's place in one queue."""

    queue: QueueName
    position: int = 0
    """Order within the queue for `rrmemory` and `linear`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class QueueMemory:
    """What a strategy remembers of one member; it outlives the process."""

    queue: QueueName
    calls_taken: int = 0
    last_call_at: float | None = None
    """Monotonic seconds at the end of the member's last call of this queue."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AgentLimits:
    """How many calls an agent is offered at most, and the rest between two; None and 0: no limit."""

    calls_per_hour: int | None = None
    """Talks that ended in the last 3600 s."""
    calls_per_day: int | None = None
    """Talks that ended in the last 24 hours."""
    rest_s: float = 0.0
    """Least time from the end of a talk to the next offer, besides the queue's wrap-up."""


NO_LIMITS = AgentLimits()


@dataclass(frozen=True, slots=True, kw_only=True)
class AgentProfile:
    """One agent as configured: who they are and which queues they serve."""

    number: AgentNumber
    name: str
    memberships: tuple[Membership, ...] = ()
    skills: Mapping[str, int] = field(default_factory=dict)
    """Level by skill, 1 to 100; what is not named is not there."""
    limits: AgentLimits = NO_LIMITS


@dataclass(frozen=True, slots=True, kw_only=True)
class LastTalk:
    """An agent's last talk that is over: what a wrap-up and a disposition are about."""

    call_id: CallId
    offer_id: OfferId
    queue: QueueName
    ended_at: float
    disposition: str = ""
    owed: bool = False
    """The wrap-up lasts until a disposition was given."""


@dataclass(frozen=True, slots=True, kw_only=True)
class BreakLimit:
    """How long breaks of one reason may last, and how many and how much of them a shift has."""

    max_s: float | None = None
    sign_out_after_s: float | None = None
    """How long after that, or after the shift's time is used up, the agent is signed out; None: never."""
    per_shift: int | None = None
    shift_s: float | None = None
    """How long all of a shift may last together."""


@dataclass(frozen=True, slots=True, kw_only=True)
class BreakUse:
    """What an agent has used of the breaks of one reason, in this shift."""

    taken: int = 0
    spent_s: float = 0.0
    """Of those that are over."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AgentSnapshot:
    """What of an agent outlives the process: chosen status, phone, and the strategies' memory."""

    number: AgentNumber
    status: AgentStatus = AgentStatus.LOGGED_OUT
    reason: str = ""
    extension: Extension | None = None
    since_at: float = 0.0
    signed_in_at: float | None = None
    wrap_up_until_at: float | None = None
    missed_in_a_row: int = 0
    last_talk: LastTalk | None = None
    breaks: Mapping[str, BreakUse] = field(default_factory=dict)
    """Breaks of this shift, by reason."""
    talk_ends: tuple[float, ...] = ()
    """At start, of an agent whose calls are limited: when talks of the last 24 hours ended, in order."""
    memory: tuple[QueueMemory, ...] = field(default=())
