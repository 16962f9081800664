"""What is configured from now on, and the daemon's own course."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from ccd.model import AgentNumber, AgentProfile, AgentSnapshot, BreakLimit, QueueName, QueueSettings


@dataclass(frozen=True, slots=True, kw_only=True)
class QueuesConfigured:
    """The queues as they are configured from now on (at start and at each reload)."""

    queues: tuple[QueueSettings, ...]
    last_positions: Mapping[QueueName, int] = field(default_factory=dict)
    """At start: where each `rrmemory` queue stood."""
    recent_talks: Mapping[QueueName, Sequence[tuple[float, float]]] = field(default_factory=dict)
    """At start: the last talks of each queue, in order: instant of the end, seconds without wrap-up."""


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
    shift_gap_s: float = 0.0
    """Who is signed out for no longer goes on with their shift."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DrainBegan:
    """Nothing new is assigned from now on."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Ticked:
    """The instant that `Engine.next_deadline` asked for has come (or is past)."""
