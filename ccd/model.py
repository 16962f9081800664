"""The vocabulary of the house: identities, enumerations and the settings that the engine works by.

Nothing here knows of Asterisk's wire formats, of the database or of asyncio. The words are those of
`docs/glossary.md`. Seconds end in `_s`; instants in `_at`. An instant inside the engine is a float of
monotonic seconds; wherever data leaves the daemon it is an aware UTC `datetime`.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Literal, NewType

CallId = NewType("CallId", str)
"""The uniqueid of the caller's channel when it first entered ccd. Opaque: never split."""
ChannelId = NewType("ChannelId", str)
"""Asterisk's uniqueid of a channel. Opaque: never split."""
AgentNumber = NewType("AgentNumber", str)
"""工号, the number by which an agent is known and signs in."""
QueueName = NewType("QueueName", str)
Extension = NewType("Extension", str)
"""The number of a phone, as dialled, e.g. `1001`."""
Device = NewType("Device", str)
"""Asterisk's name of a phone, e.g. `PJSIP/1001`."""
OfferId = NewType("OfferId", str)
"""One attempt to bring one caller to one or more agents."""


LOOP_CONTEXT = "ccd-loop"
"""The context of Asterisk's dialplan in which callers are while ccd serves them."""

OUT_CONTEXT = "ccd-out"
"""The context in which phones are while they talk to the outside."""
CONTEXTS = frozenset({LOOP_CONTEXT, OUT_CONTEXT})
"""Where calls are that ccd writes records of."""


FromOutgoing = Literal["answered", "tried", "never"]
"""Whether an agent knows whom they called: those whom they reached, all of them, or none."""
_TAIL = 10
_SHORTEST_TAIL = 7


def tail_of(number: str) -> str:
    """Give what is the same of a number however it is written: its last ten digits; empty for short ones.

    Callers show themselves with or without a country code, agents dial with or without a leading 0.
    """
    digits = "".join(each for each in number if each in "0123456789")
    return digits[-_TAIL:] if len(digits) >= _SHORTEST_TAIL else ""


def device_of_channel(name: str) -> Device:
    """Give the device of a channel by its name: `PJSIP/agent-7-0000002a` is `PJSIP/agent-7`."""
    device, dash, _ = name.rpartition("-")
    return Device(device if dash else name)


def extension_of(device: Device) -> Extension:
    """Give the phone of an Asterisk device: `PJSIP/1001` is `1001`."""
    return Extension(device.rpartition("/")[2])


def device_of(extension: Extension) -> Device:
    """Give the Asterisk device of a phone: `1001` is `PJSIP/1001`."""
    return Device(f"PJSIP/{extension}")


def direct_queue(agent: AgentNumber) -> QueueName:
    """Name the line of callers who want this agent and nobody else; no configured queue is called so."""
    return QueueName(f"agent/{agent}")


def is_direct(queue: str) -> bool:
    """Whether it is such a line."""
    return queue.startswith("agent/")


class Strategy(StrEnum):
    """How a queue chooses among free agents; the names are those of Asterisk's `app_queue`."""

    RINGALL = "ringall"
    RRMEMORY = "rrmemory"
    FEWESTCALLS = "fewestcalls"
    LEASTRECENT = "leastrecent"
    MOSTRECENT = "mostrecent"
    RANDOM = "random"
    LINEAR = "linear"


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


class DeviceState(StrEnum):
    """Asterisk's device states, as `DeviceStateChange` names them."""

    UNKNOWN = "UNKNOWN"
    NOT_INUSE = "NOT_INUSE"
    INUSE = "INUSE"
    BUSY = "BUSY"
    INVALID = "INVALID"
    UNAVAILABLE = "UNAVAILABLE"
    RINGING = "RINGING"
    RINGINUSE = "RINGINUSE"
    ONHOLD = "ONHOLD"


class DialStatus(StrEnum):
    """Asterisk's `DIALSTATUS`, of a whole `Dial` or of one leg (AMI `DialEnd`)."""

    ANSWER = "ANSWER"
    NOANSWER = "NOANSWER"
    BUSY = "BUSY"
    CANCEL = "CANCEL"
    CONGESTION = "CONGESTION"
    CHANUNAVAIL = "CHANUNAVAIL"
    DONTCALL = "DONTCALL"
    TORTURE = "TORTURE"
    INVALIDARGS = "INVALIDARGS"
    FORWARD = "FORWARD"
    ABORT = "ABORT"
    TIMEOUT = "TIMEOUT"
    CONTINUE = "CONTINUE"
    """The agent answered, and hung up while they heard the whisper: the caller goes on waiting."""
    UNKNOWN = ""


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


class AudioFormat(StrEnum):
    """How finished recordings are kept."""

    WAV = "wav"
    OPUS = "opus"
    MP3 = "mp3"


class Consent(StrEnum):
    """What is between us and a caller about being recorded."""

    TOLD = "told"
    AGREED = "agreed"
    REFUSED = "refused"


class Side(StrEnum):
    """Who ended a call."""

    CALLER = "caller"
    AGENT = "agent"
    SYSTEM = "system"


class Supervision(StrEnum):
    """What a supervisor's phone does in a talk."""

    LISTEN = "listen"
    """监听: hears both, is heard by nobody."""
    WHISPER = "whisper"
    """密语: is heard by the agent alone."""
    BARGE = "barge"
    """强插: is heard by both."""


class Direction(StrEnum):
    """Which way a call went, seen from the call centre."""

    INBOUND = "inbound"
    OUTBOUND = "outbound"
    INTERNAL = "internal"


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


@dataclass(frozen=True, slots=True, kw_only=True)
class Membership:
    """An agent's place in one queue."""

    queue: QueueName
    penalty: int = 0
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
    """How long a break of one reason may last."""

    max_s: float
    sign_out_after_s: float | None = None
    """How long after that the agent is signed out; None: never."""


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
    talk_ends: tuple[float, ...] = ()
    """At start, of an agent whose calls are limited: when talks of the last 24 hours ended, in order."""
    memory: tuple[QueueMemory, ...] = field(default=())


@dataclass(frozen=True, slots=True, kw_only=True)
class Sound:
    """One piece of audio that Asterisk can play."""

    path: str
    """As Asterisk wants it: without extension; absolute, or relative to its own sound folder."""
    length_s: float | None = None
    """None: the file cannot be seen from here."""


class LookupOutcome(StrEnum):
    """How the question to a business's system ended."""

    FOUND = "found"
    NOT_FOUND = "not_found"
    """It answered, and does not know the caller."""
    FAILED = "failed"
    """No answer, a wrong one, or it was not asked since it fails again and again."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LookupAnswer:
    """What a business's system told of a caller; what it left out is None or empty."""

    outcome: LookupOutcome
    reason: str = ""
    """Why it failed."""
    queue: str | None = None
    agent: str | None = None
    priority: int | None = None
    language: str | None = None
    skills: Mapping[str, int] = field(default_factory=dict)
    """Skills that the caller needs, with the level required."""
    variables: Mapping[str, str] = field(default_factory=dict)
    data: Mapping[str, str] = field(default_factory=dict)
    """For the agent who talks with the caller."""
