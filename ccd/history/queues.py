"""A caller's stay in a queue: decisions, offers, promises to call back."""

from dataclasses import dataclass

from ccd.model import AgentNumber, CallId, Device, OfferId, OfferResult, QueueName, QueueOutcome, StickyResult


@dataclass(frozen=True, slots=True, kw_only=True)
class QueueEntered:
    """A caller joined a queue for the first time of this stay."""

    call_id: CallId
    at: float
    queue: QueueName
    position: int
    priority: int
    number: str
    callback: bool = False
    """The place of somebody whom we call back."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PriorityGiven:
    """An operator gave a caller who waits another priority."""

    call_id: CallId
    at: float
    queue: QueueName
    priority: int
    previous: int


@dataclass(frozen=True, slots=True, kw_only=True)
class CallbackRequested:
    """A caller was promised a call back; it is stored already."""

    call_id: CallId
    at: float
    callback: int
    """The request's number."""
    queue: QueueName
    number: str
    waited: bool
    """They had been waiting in this queue: their stay, noted as left by key, timed out, …, led to this."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CallbackTried:
    """This call is a callback: one try to keep a promise."""

    call_id: CallId
    at: float
    callback: int
    queue: QueueName
    of: CallId | None
    """The call in which it was asked for; None: it was entered by hand."""
    attempt: int
    order: str
    """`agent_first` or `customer_first`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """One member considered in a routing decision, and why they were taken or passed over."""

    agent: AgentNumber
    verdict: str
    """`chosen`, `next` (would have been the next choice), or why not: `busy`, `paused`, `wrap_up`,
    `unreachable`, `logged_out`, `reserved`, `missed_this_caller`, `higher_penalty`, `less_preferred`,
    `lacks` (a skill, see `key`), `penalty_over`, …"""
    key: str = ""
    """The strategy's key in words, e.g. `idle 12.4 s`, `3 calls`, `position 2`; what is lacked, e.g.
    `english 50 (has 30)`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Decided:
    """Why an offer went to whom it went; `ccd explain` shows it."""

    call_id: CallId
    at: float
    offer_id: OfferId
    queue: QueueName
    strategy: str
    rule: str
    """Phrases, a semicolon between them: `sticky`, `rrmemory after position 2`, `ringall`, …; then, where
    they played a part, `help of support`, `priority 3.5`, `needs english 50, billing 20 preferred`."""
    trigger: str
    """The event that led to it: `caller joined`, `agent 1002 free`, …"""
    waited_s: float
    ahead: int
    """Callers of this queue who stood before this one and could not take the agent."""
    candidates: tuple[Candidate, ...]
    """At most 20, the chosen ones first."""
    members: int
    """How many members the queue has."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OfferStarted:
    """One agent's phone was sent the caller (for ring-all one entry an agent), or an agent picked them up."""

    call_id: CallId
    at: float
    offer_id: OfferId
    queue: QueueName
    agent: AgentNumber
    device: Device
    sticky: bool
    picked_up: bool = False
    """The agent took the caller from another phone that rang; their own may have been rung before."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OfferEnded:
    """The offer to one agent is over."""

    call_id: CallId
    at: float
    offer_id: OfferId
    queue: QueueName
    agent: AgentNumber
    result: OfferResult
    ring_s: float
    picked_up: bool = False
    """As in the beginning of which this is the end."""


@dataclass(frozen=True, slots=True, kw_only=True)
class QueueLeft:
    """The stay in the queue is over; exactly one for each `QueueEntered`."""

    call_id: CallId
    at: float
    queue: QueueName
    outcome: QueueOutcome
    position: int
    """Where the caller stood then."""
    original_position: int
    waited_s: float
    sticky: StickyResult
    key: str = ""
    """The key by which the caller left, with the outcome KEY."""
    callback: bool = False
