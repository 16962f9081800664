"""A queue as the engine works by it, and how a stay and an offer in it end."""

from dataclasses import dataclass
from enum import StrEnum

from ccd.model.identities import QueueName


class Strategy(StrEnum):
    """How a queue chooses among free agents; the names are those of Asterisk's `app_queue`."""

    RINGALL = "ringall"
    RRMEMORY = "rrmemory"
    FEWESTCALLS = "fewestcalls"
    LEASTRECENT = "leastrecent"
    MOSTRECENT = "mostrecent"
    RANDOM = "random"
    LINEAR = "linear"


class OfferResult(StrEnum):
    """How one offer to one agent ended."""

    ANSWERED = "answered"
    NO_ANSWER = "no_answer"
    BUSY = "busy"
    DECLINED = "declined"
    UNREACHABLE = "unreachable"
    LOST_RACE = "lost_race"
    """Ring-all: another agent answered. Never counts as a missed call."""
    CALLER_LEFT = "caller_left"
    WITHDRAWN = "withdrawn"
    """ccd took the offer back (agent signed out, daemon restarted, nothing was heard of it)."""

    @property
    def missed(self) -> bool:
        """Whether the agent could have taken the call and did not."""
        return self in {OfferResult.NO_ANSWER, OfferResult.BUSY, OfferResult.DECLINED}


class QueueOutcome(StrEnum):
    """How a caller's stay in one queue ended. Exactly one for each stay."""

    ANSWERED = "answered"
    ABANDONED = "abandoned"
    TIMED_OUT = "timed_out"
    FULL = "full"
    EMPTY = "empty"
    KEY = "key"
    TRANSFERRED = "transferred"
    FAILED = "failed"
    CLOSED = "closed"
    """The queue does not take callers now: by its calendar, or by somebody's hand."""
    NOT_REACHED = "not_reached"
    """A callback: the customer did not answer this time."""
    CANCELLED = "cancelled"
    """A callback that is no longer wanted, or not now."""


class StickyResult(StrEnum):
    """What sticky routing did for a caller."""

    HIT = "hit"
    """The caller reached the agent who knows them."""
    MISS = "miss"
    """An agent knows them, and another one took the call, or nobody did."""
    NONE = "none"
    """Nobody knows them, or the queue is not sticky."""


class Absence(StrEnum):
    """What makes a member count as not there, where a queue looks whether anybody is.

    Whoever is signed out or unreachable is never there.
    """

    PAUSED = "paused"
    IN_USE = "in_use"
    RINGING = "ringing"
    WRAP_UP = "wrap_up"
    UNREACHABLE = "unreachable"


@dataclass(frozen=True, slots=True, kw_only=True)
class Relaxation:
    """A need that has become smaller, because the caller has waited."""

    after_s: float
    """Seconds since the caller joined."""
    level: int
    """What is asked from then on; 0: nothing any more."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Need:
    """A skill that a queue's callers ask of an agent, and how it is relaxed as they wait."""

    skill: str
    level: int = 1
    """Least level, 1 to 100; 0: only callers who bring a level of their own ask for it."""
    preferred: bool = False
    """Agents who have it go first and others may come; else nobody but them is offered the caller."""
    relax: tuple[Relaxation, ...] = ()
    """In the order of time; a step never raises a level."""


class Undisposed(StrEnum):
    """What becomes of an agent who gave no disposition until the longest wrap-up was over."""

    READY = "ready"
    PAUSED = "paused"


NO_DISPOSITION = "none"
"""The disposition code of a talk for which one was wanted and none was given."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PenaltyLimit:
    """Up to which penalty agents are offered a caller from then on."""

    up_to: int | None
    """None: agents of any penalty."""
    after_s: float = 0.0
    """Seconds since the caller joined."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Overflow:
    """Another queue that helps with those who have waited for long."""

    after_s: float
    queue: QueueName
    leave: bool = False
    """The caller goes over to that queue; else they keep their place here and its agents help."""


@dataclass(frozen=True, slots=True, kw_only=True)
class QueueSettings:
    """One queue, as the engine needs it. `None` for a duration or a length means "without limit"."""

    name: QueueName
    strategy: Strategy = Strategy.RRMEMORY
    weight: int = 0
    """Queues of a higher weight are served first when one agent is free for several."""
    ring_s: float = 20.0
    retry_s: float = 5.0
    """How long an agent who missed this caller is not offered the same caller again."""
    wrap_up_s: float = 0.0
    wrap_up_more_s: float = 30.0
    """By how much an agent extends a wrap-up at a time."""
    wrap_up_max_s: float = 300.0
    """The longest wrap-up: extended, or kept until a disposition is given."""
    disposition_required: bool = False
    """Whether the wrap-up lasts until the agent gave a disposition code."""
    undisposed: Undisposed = Undisposed.READY
    max_wait_s: float | None = None
    max_length: int | None = None
    join_empty: bool = True
    """Whether a caller may join while no member is signed in on a reachable phone."""
    leave_empty: bool = False
    """Whether those who wait leave when the last such member goes."""
    join_absent: frozenset[Absence] = frozenset()
    """Members in one of these states do not count for `join_empty`; for `leave_empty` see `leave_absent`."""
    leave_absent: frozenset[Absence] = frozenset()
    autopause_after: int | None = None
    """Missed offers in a row after which an agent is paused."""
    sticky_wait_s: float | None = None
    """None: not sticky. Else how long a caller waits for their own agent while that agent is busy."""
    announce_every_s: float | None = None
    """Period of the announcements; None: never."""
    announce_first_s: float = 15.0
    announce_position: bool = True
    announce_up_to: int | None = None
    """The position is said to those who stand no farther behind."""
    announce_changes_only: bool = False
    """The position is said when it is another one than the last time."""
    announce_wait: bool = False
    """The estimated wait is said."""
    whispers: bool = False
    """Who answers hears something before the two are connected: `LegEnded` tells of the answer after it."""
    comfort_every_s: float | None = None
    """Period of the words of comfort; None: never."""
    needs: tuple[Need, ...] = ()
    """What its callers need; their own levels (`CallerJoined.needs`) take the place of these."""
    pace: float = 0.0
    """Points of priority that a waiting caller gains in a second."""
    penalties: tuple[PenaltyLimit, ...] = ()
    """In the order of time; before the first one agents of any penalty are offered a caller."""
    overflow: tuple[Overflow, ...] = ()
    """In the order of time."""
