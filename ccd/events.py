"""Facts that come in: what Asterisk, the callers' dialplan and people did. Past tense, frozen.

The engine accepts them twice, late, and AMI and AGI in either order: between AMI and AGI Asterisk keeps no
order at all. Instants are monotonic seconds (see `ccd.clock`); the instant of the event itself is the
`now` that goes with it into `Engine.handle`.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from ccd.model import (
    AgentNumber,
    AgentProfile,
    AgentSnapshot,
    BreakLimit,
    CallId,
    ChannelId,
    Device,
    DeviceState,
    DialStatus,
    Extension,
    OfferId,
    QueueName,
    QueueOutcome,
    QueueSettings,
)

# ---------------------------------------------------------------- callers, from their AGI sessions


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


# ---------------------------------------------------------------- phones, from AMI


@dataclass(frozen=True, slots=True, kw_only=True)
class LegRang:
    """AMI `DialBegin`: an agent's phone is being called on behalf of a caller's channel."""

    caller: ChannelId
    leg: ChannelId
    device: Device


@dataclass(frozen=True, slots=True, kw_only=True)
class LegEnded:
    """AMI `DialEnd`: the attempt on one phone is over; with ANSWER the two talk from now on."""

    caller: ChannelId
    leg: ChannelId
    device: Device
    status: DialStatus


@dataclass(frozen=True, slots=True, kw_only=True)
class ChannelGone:
    """AMI `Hangup` of any channel: a caller's, or an agent's leg."""

    channel: ChannelId
    cause: int = 0
    """Hangup cause, Q.850 number (16 normal, 17 busy, 19 no answer, 21 rejected)."""
    linkedid: str = ""
    name: str = ""
    context: str = ""
    """Where in the dialplan it was."""
    number: str = ""
    """Who was at the other end of it."""
    caller_name: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class HangupRequested:
    """AMI `HangupRequest`: this channel's side hung up. Before any `Hangup`; it tells who ended a talk."""

    channel: ChannelId


@dataclass(frozen=True, slots=True, kw_only=True)
class TalkCut:
    """An operator is about to take the caller out of a talk, or to hang up: neither side ends it."""

    call_id: CallId


@dataclass(frozen=True, slots=True, kw_only=True)
class CallerHandedOver:
    """AMI `AttendedTransfer`: an agent joined their caller with the one whom they consulted, and left."""

    caller: ChannelId
    number: str
    """Who has the caller now."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DeviceStateChanged:
    """AMI `DeviceStateChange`."""

    device: Device
    state: DeviceState


@dataclass(frozen=True, slots=True, kw_only=True)
class KeyPressed:
    """AMI `DTMFEnd`: a caller in the dialplan's loop pressed a key, whatever their channel does just now."""

    channel: ChannelId
    key: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """AMI `Hold` / `Unhold` of one channel."""

    channel: ChannelId
    on: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class LiveChannel:
    """One channel of a resync (`CoreShowChannels`)."""

    channel: ChannelId
    name: str
    """Asterisk's channel name, e.g. `PJSIP/1001-0000002a`."""
    linkedid: str
    bridge: str = ""
    """Id of the bridge it is in, empty when in none."""
    state: str = ""
    """Asterisk's `ChannelStateDesc`: Up, Ring, Ringing, …"""
    application: str = ""
    context: str = ""
    number: str = ""
    """Who is at the other end of it: `CallerIDNum`."""
    caller_name: str = ""
    age_s: float = 0.0
    """How long it has existed, in whole seconds."""
    variables: Mapping[str, str] = field(default_factory=dict)
    """Of a channel in the dialplan's loop: what ccd wrote on it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Synchronised:
    """After every (re)connect: what Asterisk says exists now. Only from then on is anyone offered a call."""

    devices: Mapping[Device, DeviceState]
    channels: tuple[LiveChannel, ...]
    asked_at: float | None = None
    """When we asked. What began later cannot be in the answer, so it is not judged; None: all is judged."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkLost:
    """The manager link is down: phones' states are as of now unknown to be current."""


# ---------------------------------------------------------------- people, from phones, CLI and API


@dataclass(frozen=True, slots=True, kw_only=True)
class AgentSignedIn:
    """签入: the agent is available on this phone."""

    agent: AgentNumber
    extension: Extension


@dataclass(frozen=True, slots=True, kw_only=True)
class AgentSignedOut:
    """签出."""

    agent: AgentNumber


@dataclass(frozen=True, slots=True, kw_only=True)
class AgentPaused:
    """示忙 / 小休, with a reason."""

    agent: AgentNumber
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AgentReadied:
    """示闲. Also ends a wrap-up."""

    agent: AgentNumber


@dataclass(frozen=True, slots=True, kw_only=True)
class WrapUpDone:
    """The agent ended the wrap-up early."""

    agent: AgentNumber


@dataclass(frozen=True, slots=True, kw_only=True)
class WrapUpExtended:
    """The agent wants a longer wrap-up: by the queue's `wrap_up_more_s`, up to its `wrap_up_max_s`."""

    agent: AgentNumber


@dataclass(frozen=True, slots=True, kw_only=True)
class OutgoingTalkEnded:
    """A talk is over that the agent's phone began, with somebody outside."""

    agent: AgentNumber
    wrap_up_s: float


@dataclass(frozen=True, slots=True, kw_only=True)
class DispositionGiven:
    """The agent gave the disposition code of the talk that they are in, else of their last one."""

    agent: AgentNumber
    code: str


# ---------------------------------------------------------------- the daemon itself


@dataclass(frozen=True, slots=True, kw_only=True)
class QueuesConfigured:
    """The queues as they are configured from now on (at start and at each reload)."""

    queues: tuple[QueueSettings, ...]
    last_positions: Mapping[QueueName, int] = field(default_factory=dict)
    """At start: where each `rrmemory` queue stood."""


@dataclass(frozen=True, slots=True, kw_only=True)
class QueueClosed:
    """A queue takes nobody in from now on."""

    queue: QueueName
    keep: bool = True
    """Those who wait are served; else they leave as closed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class QueueOpened:
    """A queue takes callers in."""

    queue: QueueName


@dataclass(frozen=True, slots=True, kw_only=True)
class QueueMoved:
    """An operator moves those who wait in a queue to another one."""

    source: QueueName
    target: QueueName
    limit: int | None = None
    """So many of them, the first in line; None: all."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DirectLineOpened:
    """Callers may wait for this agent alone from now on, in the line `ccd.model.direct_queue`."""

    agent: AgentNumber
    settings: QueueSettings


@dataclass(frozen=True, slots=True, kw_only=True)
class AgentsConfigured:
    """These agents exist from now on, with their queues; `snapshots` only at start."""

    agents: tuple[AgentProfile, ...]
    snapshots: tuple[AgentSnapshot, ...] = ()
    removed: tuple[AgentNumber, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class BreaksConfigured:
    """How long breaks may last from now on, by the code of their reason; others have no limit."""

    limits: Mapping[str, BreakLimit]


@dataclass(frozen=True, slots=True, kw_only=True)
class DrainBegan:
    """Nothing new is assigned from now on."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Ticked:
    """The instant that `Engine.next_deadline` asked for has come (or is past)."""


Event = (
    CallerJoined
    | CallerRestored
    | CallerLeft
    | CallerMoved
    | PriorityChanged
    | DialReturned
    | OfferFailed
    | LegRang
    | LegEnded
    | ChannelGone
    | HangupRequested
    | CallerHandedOver
    | TalkCut
    | DeviceStateChanged
    | KeyPressed
    | Held
    | Synchronised
    | LinkLost
    | AgentSignedIn
    | AgentSignedOut
    | AgentPaused
    | AgentReadied
    | WrapUpDone
    | WrapUpExtended
    | OutgoingTalkEnded
    | DispositionGiven
    | QueuesConfigured
    | QueueClosed
    | QueueOpened
    | QueueMoved
    | AgentsConfigured
    | DirectLineOpened
    | BreaksConfigured
    | DrainBegan
    | Ticked
)
