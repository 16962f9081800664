"""Facts about callers, from their AGI sessions and from operators who move them."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from ccd.model import AgentNumber, CallId, ChannelId, Device, DialStatus, OfferId, QueueName, QueueOutcome


@dataclass(frozen=True, slots=True, kw_only=True)
class CallerJoined:
    """A caller came to a queue, or came back to it after an attempt that failed or after our restart.

    Joining again the queue in which the call already waits changes nothing but makes it eligible again.
    """

    call_id: CallId
    queue: QueueName
    channel: ChannelId
    number: str
    joined_at: float
    """When they first joined this queue; it is kept over failed attempts and restarts."""
    priority: int = 0
    """Higher is served first."""
    sticky_agents: tuple[AgentNumber, ...] = ()
    """Agents who come first, best first: whom a lookup chose, then, where the queue is sticky, those who know
    the caller (owner, then the last who talked with them)."""
    needs: Mapping[str, int] = field(default_factory=dict)
    """Level by skill, of this caller: in the place of the queue's level, or besides its needs."""
    entered_at: float | None = None
    """When they came to this queue, where that was later than `joined_at` (moved, called back); None: then.

    Their place in line goes by `joined_at`; how long they may still wait goes by this.
    """
    restored: bool = False
    """The caller waited before our restart: limits on joining (full, empty) do not apply again."""
    callback: bool = False
    """They asked to be called back and kept their place: this stay is the callback's."""
    callback_s: float | None = None
    """Of a callback whose customer is not on the line: how much longer than its ringing an attempt may
    take. No limit of the queue concerns them, nothing is announced, and only whoever put them here ends
    the stay."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CallerLeft:
    """A caller is no longer in the queue: hung up, pressed a key, was transferred."""

    call_id: CallId
    outcome: QueueOutcome
    key: str = ""
    """With the outcome KEY: which one. Their session is told, and phones that ring for them are stopped."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CallerRestored:
    """A caller of an earlier process was found, by the note on their channel; their session is not here yet.

    They have their place in the queue again, and are offered to nobody before they have joined. Told before
    the `Synchronised` that has their channel, which then says whether the phones that are dialled for them
    ring or were answered.
    """

    call_id: CallId
    queue: QueueName
    channel: ChannelId
    number: str
    joined_at: float
    priority: int = 0
    offer_id: OfferId | None = None
    """The offer that their dialplan is dialling, or has just dialled."""
    offered_at: float | None = None
    devices: tuple[Device, ...] = ()
    """The phones of that offer."""
    agent: AgentNumber | None = None
    """Whom it was made to, when it was one agent; else those count who are signed in on the phones."""
    callback: bool = False
    """We called them back (see `CallerJoined`)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DialReturned:
    """The caller's dialplan came back from `Dial`; with ANSWER the talk is over and the caller stayed."""

    call_id: CallId
    offer_id: OfferId
    status: DialStatus
    answered_s: float | None = None
    """Asterisk's `ANSWEREDTIME`, where the session asked: used only if AMI never told of the answer."""
    device: Device | None = None
    """The phone of `DIALEDPEERNAME`, where the session asked: used only if AMI never told who answered."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OfferFailed:
    """An offer could not be handed to the dialplan (the caller's session was gone)."""

    call_id: CallId
    offer_id: OfferId


@dataclass(frozen=True, slots=True, kw_only=True)
class CallerMoved:
    """An operator moves a caller who waits to another queue; they keep the time of joining."""

    call_id: CallId
    queue: QueueName


@dataclass(frozen=True, slots=True, kw_only=True)
class PriorityChanged:
    """An operator gives a caller who waits another priority."""

    call_id: CallId
    priority: int
