"""Agents' statuses, states and breaks."""

from dataclasses import dataclass

from ccd.model import AgentNumber, AgentState, AgentStatus, Extension, QueueName


@dataclass(frozen=True, slots=True, kw_only=True)
class AgentStatusChanged:
    """An agent signed in or out, paused or came back."""

    agent: AgentNumber
    at: float
    status: AgentStatus
    reason: str
    extension: Extension | None
    previous: AgentStatus
    previous_reason: str
    session_s: float
    """At sign-out: how long the agent was signed in; else 0."""
    queues: tuple[QueueName, ...]
    automatic: bool = False
    """True for autopause."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AgentStateChanged:
    """The observed state of an agent changed."""

    agent: AgentNumber
    at: float
    state: AgentState
    previous: AgentState


@dataclass(frozen=True, slots=True, kw_only=True)
class BreakOverdue:
    """A break lasts longer than its reason allows."""

    agent: AgentNumber
    at: float
    reason: str
    since_at: float
