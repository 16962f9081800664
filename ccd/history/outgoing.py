"""What was dialled by a phone or a flow."""

from dataclasses import dataclass

from ccd.model import AgentNumber, CallId, Extension, QueueName


@dataclass(frozen=True, slots=True, kw_only=True)
class OutgoingDecided:
    """Somebody wanted to dial an outside number, or an extension, and was let or refused."""

    call_id: CallId
    at: float
    target: str
    """What was dialled."""
    extension: Extension
    """The phone from which."""
    agent: AgentNumber | None
    """Who is signed in on it."""
    queue: QueueName | None
    """On whose behalf, where the agent said so."""
    rule: str
    """What decided, see `ccd.outbound.policy`; `internal`: from phone to phone, nothing refuses that."""
    refusal: str = ""
    """The reason, of `ccd.outbound.policy.RefusalReason`; empty: it is dialled."""
    caller_id: str = ""
    """What was shown to the other side; empty: the extension."""
    called_agent: AgentNumber | None = None
    """Who is signed in on the phone that is called."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OutgoingAnswered:
    """The number that was dialled has answered: the two talk."""

    call_id: CallId
    at: float


@dataclass(frozen=True, slots=True, kw_only=True)
class DialledOut:
    """An extension or an outside number that was dialled is done with; `status` is Asterisk's DIALSTATUS."""

    call_id: CallId
    at: float
    target: str
    status: str
    talk_s: float
    reached: AgentNumber | None = None
    """The agent of ours who had the caller, after a transfer or a consultation."""
    wrap_up_s: float = 0.0
    """The rest that they have for it."""
    consultation: CallId | None = None
    """The call in which they were consulted, where that was a call to a queue or a number of ours."""
