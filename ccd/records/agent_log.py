"""Changes of agents' status and state as dated facts: the ground of agents' times, sign-ins and breaks."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from ccd.history import AgentStateChanged, AgentStatusChanged
from ccd.model import AgentNumber, Extension, QueueName


class AgentLogKind(StrEnum):
    """Which of the two changed: what the agent chose, or what is observed of them."""

    STATUS = "status"
    STATE = "state"


@dataclass(frozen=True, slots=True, kw_only=True)
class AgentLogEntry:
    """One change. `value` and `previous` are of `AgentStatus` or `AgentState`, by `kind`."""

    agent: AgentNumber
    at: datetime
    kind: AgentLogKind
    value: str
    previous: str
    reason: str = ""
    """Of a break."""
    extension: Extension | None = None
    session_s: float = 0.0
    """At sign-out: how long the agent was signed in."""
    automatic: bool = False
    queues: tuple[QueueName, ...] = ()


def agent_log_entry(entry: AgentStatusChanged | AgentStateChanged, wall: datetime) -> AgentLogEntry:
    """Date an entry of the history; `wall` is the aware date of its `at`."""
    match entry:
        case AgentStatusChanged():
            return AgentLogEntry(
                agent=entry.agent,
                at=wall,
                kind=AgentLogKind.STATUS,
                value=entry.status.value,
                previous=entry.previous.value,
                reason=entry.reason,
                extension=entry.extension,
                session_s=entry.session_s,
                automatic=entry.automatic,
                queues=entry.queues,
            )
        case AgentStateChanged():
            return AgentLogEntry(
                agent=entry.agent,
                at=wall,
                kind=AgentLogKind.STATE,
                value=entry.state.value,
                previous=entry.previous.value,
            )
