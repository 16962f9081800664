"""Intents: what the engine wants done. Imperative, frozen.

Whoever performs one reports its outcome as an event.
"""

from dataclasses import dataclass

from ccd.history import Entry
from ccd.model import AgentNumber, AgentSnapshot, CallId, Device, OfferId, QueueName, QueueOutcome


@dataclass(frozen=True, slots=True, kw_only=True)
class OfferCall:
    """Let the caller's dialplan dial these phones; the agents are reserved already.

    Outcome: `LegRang`/`LegEnded` by AMI and `DialReturned` by AGI, or `OfferFailed`.
    """

    call_id: CallId
    offer_id: OfferId
    queue: QueueName
    agents: tuple[AgentNumber, ...]
    devices: tuple[Device, ...]
    """Same order and length as `agents`; more than one only for `ringall`."""
    ring_s: float


@dataclass(frozen=True, slots=True, kw_only=True)
class WithdrawOffer:
    """Stop ringing: the caller's channel is to be taken out of `Dial` and to ask again what is next."""

    call_id: CallId
    offer_id: OfferId


@dataclass(frozen=True, slots=True, kw_only=True)
class EndWait:
    """Tell the caller's session that the stay in the queue is over without an agent."""

    call_id: CallId
    outcome: QueueOutcome
    key: str = ""
    """The key that ended it, with the outcome KEY."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StayChanged:
    """Tell the caller's session that they wait in another queue now, or at another priority."""

    call_id: CallId
    queue: QueueName
    priority: int
    entered_at: float
    """When they came to this queue; when they joined stays as it is."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Announce:
    """Say to a waiting caller where they stand, how long it will take, and what the queue offers besides."""

    call_id: CallId
    queue: QueueName
    position: int | None = None
    """1 is next; None: it is not to be said."""
    wait_s: float | None = None
    """The estimate; None: it is not to be said, or there is none worth saying."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Comfort:
    """Say the next of the queue's words of comfort to a waiting caller."""

    call_id: CallId
    queue: QueueName


@dataclass(frozen=True, slots=True, kw_only=True)
class SaveAgent:
    """Store what of an agent must outlive the process."""

    snapshot: AgentSnapshot


@dataclass(frozen=True, slots=True, kw_only=True)
class SaveQueuePosition:
    """Store where a `rrmemory` queue stands."""

    queue: QueueName
    last_position: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Note:
    """Something happened that the history of calls and agents must hold."""

    entry: Entry


Command = (
    OfferCall
    | WithdrawOffer
    | EndWait
    | StayChanged
    | Announce
    | Comfort
    | SaveAgent
    | SaveQueuePosition
    | Note
)
