"""An agent as supervisors see them, and as they are stored."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from ccd.model import (
    NO_LIMITS,
    AgentLimits,
    AgentNumber,
    AgentProfile,
    Extension,
    Membership,
    QueueName,
    Terms,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class AgentAccount:
    """An agent as supervisors see them."""

    number: AgentNumber
    name: str
    extension: Extension | None
    """The phone that they sign in on when none is named."""
    has_pin: bool
    """Whether they can sign in from a phone."""
    created_at: datetime
    memberships: tuple[Membership, ...]
    caller_id: str = ""
    """Number that their outgoing calls show; empty: the queue's, or the house's."""
    skills: Mapping[str, int] = field(default_factory=dict)
    """Level by skill."""
    limits: AgentLimits = NO_LIMITS

    @property
    def profile(self) -> AgentProfile:
        """What the engine needs of them."""
        return AgentProfile(
            number=self.number,
            name=self.name,
            memberships=self.memberships,
            skills=self.skills,
            limits=self.limits,
        )


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class AgentRow:
    """What is to be stored of an agent. It has no `repr`, so that no log can hold the hash."""

    number: AgentNumber
    name: str
    extension: Extension | None = None
    pin_hash: str | None = None
    queues: Mapping[QueueName, Terms] = field(default_factory=dict)
    """All of the agent's queues."""
    skills: Mapping[str, int] = field(default_factory=dict)
    """Level by skill; 0 takes it away."""
    limits: AgentLimits = NO_LIMITS
