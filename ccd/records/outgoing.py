"""A call that was let out, as it is remembered for the limits and for sticky routing."""

from dataclasses import dataclass
from datetime import datetime

from ccd.model import AgentNumber


@dataclass(frozen=True, slots=True, kw_only=True)
class OutgoingCall:
    """One call to the outside; stored when it is let out, answered, and over."""

    call_id: str
    at: datetime
    """When it was let out."""
    person: str
    """Under whom it counts, see `ccd.outbound.policy.Who.person`."""
    agent: AgentNumber | None
    callee: str
    """In international form."""
    tail: str
    """What is the same of the number however it is written, see `ccd.model.tail_of`."""
    answered: bool = False
    talk_s: float = 0.0
