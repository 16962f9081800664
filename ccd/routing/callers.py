"""One caller's stay in one queue: from joining it to the outcome."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from math import inf

from ccd.model import AgentNumber, CallId, ChannelId, Need, QueueName
from ccd.routing.deadlines import Deadline, Kind
from ccd.routing.demands import ANYONE, Demand
from ccd.routing.estimates import Promise
from ccd.routing.lanes import Lane, Place
from ccd.routing.lines import Line
from ccd.routing.offers import Offer


class Stand(StrEnum):
    """Where a caller is in their line."""

    OPEN = "open"
    """Waits for whomever the strategy chooses."""
    HELD = "held"
    """Waits for the one agent who knows them."""
    AWAY = "away"
    """Phones ring for them, or their dialplan has not come back yet, or they are being sorted in."""


@dataclass(slots=True, eq=False, kw_only=True)
class Caller:
    """A caller in a queue."""

    call_id: CallId
    channel: ChannelId
    line: Line
    place: Place
    number: str
    priority: int
    joined_at: float
    entered_at: float
    """When they came to this queue: later than `joined_at` where they were moved, or called back."""
    original_position: int
    known_by: tuple[AgentNumber, ...]
    """Members of this queue who know the caller, best first; empty where the queue is not sticky."""
    knows: tuple[AgentNumber, ...] = ()
    """All agents who know them, best first."""
    own_needs: Mapping[str, int] = field(default_factory=dict)
    """Level by skill that the caller brought."""
    needs: tuple[Need, ...] = ()
    """All that they need in this queue."""
    demand: Demand = ANYONE
    """What of it counts now."""
    helpers: tuple[QueueName, ...] = ()
    """Other queues whose agents may take them now."""
    bound_for: QueueName | None = None
    """The queue to which an operator moves them, as soon as no phone rings for them."""
    came_from: frozenset[QueueName] = frozenset()
    """Queues from which they were moved: what is told late of these is of this stay."""
    lanes: tuple[Lane, ...] = ()
    """Where they stand while open: in their own queue and in those that help."""
    seen_at: float = -inf
    """When their session last said that they are here."""
    here: bool = True
    """Their session waits with them; False from an offer until they join again."""
    stand: Stand = Stand.AWAY
    held_for: AgentNumber | None = None
    released: bool = False
    """Sticky routing is done with them: the strategy decides."""
    offer: Offer | None = None
    callback: bool = False
    """We call them back: their stay counts as a callback's."""
    callback_s: float | None = None
    """Not None: they are not on the line yet, and an attempt may take so much longer."""
    shunned: dict[AgentNumber, float] = field(default_factory=dict)
    """Agents who missed this caller, and until when they are not offered them again."""
    announced: bool = False
    """An announcement was due already, in this process."""
    told_position: int | None = None
    """Where they stood at the last announcement."""
    promise: Promise | None = None
    """What they were told of the wait."""
    key: str = ""
    """The key by which they leave, if it is by one."""
    timers: dict[Kind, Deadline] = field(default_factory=dict)

    @property
    def waiting(self) -> bool:
        """Whether they can be offered now."""
        return self.here and self.offer is None

    def forgive(self, now: float) -> None:
        """Forget the misses that are long enough ago."""
        if self.shunned:
            self.shunned = {agent: until for agent, until in self.shunned.items() if until > now}
