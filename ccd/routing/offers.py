"""An attempt to bring one caller to one or more agents, and the talk that may come of it.

The life of an attempt is the table `TRANSITIONS`; a step that the table does not have is a mistake of
ours and raises. While it is RINGING its agents are reserved. It is RETURNING when no phone rings any
more and only the caller's dialplan has not come back yet: the agents are free, the caller is not. Every
attempt has a lease (`Kind.LEASE`), so that a reservation of which nothing is heard does not last.

The part of one agent in it is a `Ring`. Asterisk's CANCEL does not say why (another agent answered, the
caller hung up, the time was over), nor does NOANSWER (nobody took the call, or the agent declined it). Such a
ring is over for the agent at once, but its result waits for the word that decides: the cause of the leg's
hang-up, the winner's answer, the caller's hangup, or the return of the dialplan.
"""

from dataclasses import dataclass, field
from enum import StrEnum

from ccd.model import AgentNumber, CallId, ChannelId, Device, OfferId, OfferResult, QueueName, Side
from ccd.routing.deadlines import Deadline, Kind

LEASE_GRACE_S = 10.0
"""How long after its ring time an attempt may stay unheard of."""
WHISPER_S = 30.0
"""How much longer it may be where the agent hears a whisper first."""


class Phase(StrEnum):
    """Where an attempt stands."""

    RINGING = "ringing"
    RETURNING = "returning"
    OVER = "over"


class Step(StrEnum):
    """What can happen to an attempt."""

    EXHAUSTED = "exhausted"
    """The last phone gave up."""
    WITHDRAWN = "withdrawn"
    """We took it back."""
    ANSWERED = "answered"
    CLOSED = "closed"
    """The caller came back, or is gone, or could not be reached by us."""


TRANSITIONS: dict[Phase, dict[Step, Phase]] = {
    Phase.RINGING: {
        Step.EXHAUSTED: Phase.RETURNING,
        Step.WITHDRAWN: Phase.RETURNING,
        Step.ANSWERED: Phase.OVER,
        Step.CLOSED: Phase.OVER,
    },
    # The dialplan's word is the last one: it may come back with an answer of which AMI never told.
    Phase.RETURNING: {Step.ANSWERED: Phase.OVER, Step.CLOSED: Phase.OVER},
    Phase.OVER: {},
}


class IllegalStepError(Exception):
    """The engine tried what the table of transitions does not have: a mistake in the engine."""


class RingPhase(StrEnum):
    """Where one agent's part in an attempt stands."""

    CALLING = "calling"
    """The agent is reserved; the phone rings, or is about to."""
    CANCELLED = "cancelled"
    """The agent is free; the result is not known yet."""
    ENDED = "ended"


@dataclass(slots=True, eq=False, kw_only=True)
class Ring:
    """One agent's part in an attempt."""

    offer: "Offer"
    agent: AgentNumber
    device: Device
    channel: ChannelId | None = None
    """The agent's leg, as soon as AMI tells it."""
    phase: RingPhase = RingPhase.CALLING
    ended_at: float | None = None
    """When the phone stopped ringing, of a ring that was cancelled."""
    picked_up: bool = False
    """The agent took the caller from another phone; their own may have rung as an earlier part."""
    presumed: OfferResult | None = None
    """The result, if nothing more is heard: the cause of the leg's hang-up, told next, may say more."""


@dataclass(slots=True, eq=False, kw_only=True)
class Offer:
    """One attempt."""

    offer_id: OfferId
    call_id: CallId
    queue: QueueName
    """The caller's queue."""
    via: QueueName
    """The queue whose members are offered the caller: `queue`, or one that helps."""
    sticky: bool
    started_at: float
    ring_s: float
    rings: list[Ring] = field(default_factory=list)
    phase: Phase = Phase.RINGING
    overdue: bool = False
    """The lease ran out while the manager link was down: the next `Synchronised` tells the truth."""
    caller_back: bool = False
    """The caller joined again although nobody told that the attempt is over."""
    timers: dict[Kind, Deadline] = field(default_factory=dict)

    def step(self, step: Step) -> None:
        """Go on in the table of transitions."""
        after = TRANSITIONS[self.phase].get(step)
        if after is None:
            raise IllegalStepError(f"offer {self.offer_id} is {self.phase} and cannot be {step}")
        self.phase = after

    def ring_on(self, device: Device) -> Ring | None:
        """Give the part of the agent on this phone."""
        return next((ring for ring in self.rings if ring.device == device), None)

    def rang_out(self, ring: Ring, now: float) -> bool:
        """Tell whether a phone rang for as long as it was to ring."""
        until = now if ring.ended_at is None else ring.ended_at
        return until - self.started_at >= self.ring_s

    def calling(self) -> list[Ring]:
        """Give the parts of those agents whom this attempt reserves."""
        return [ring for ring in self.rings if ring.phase is RingPhase.CALLING]

    def undecided(self) -> list[Ring]:
        """Give the parts whose result is not known yet."""
        return [ring for ring in self.rings if ring.phase is not RingPhase.ENDED]


@dataclass(slots=True, eq=False, kw_only=True)
class Talk:
    """A caller and an agent talk."""

    call_id: CallId
    offer_id: OfferId
    agent: AgentNumber
    queue: QueueName
    via: QueueName
    """The queue as whose member the agent has the caller."""
    caller: ChannelId
    leg: ChannelId | None
    """None only of a talk that is over as soon as it is heard of, from the dialplan."""
    joined_at: float
    """When the caller had joined the queue: an echo of that joining is not a new one."""
    started_at: float
    on_hold: bool = False
    disposition: str = ""
    """Given while they still talk."""
    hung_up_by: Side | None = None
    """Whose side asked to hang up first, when Asterisk told."""
