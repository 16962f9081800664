"""What a caller went through outside queues and talks: the IVR, a survey, a mailbox."""

from dataclasses import dataclass

from ccd.model import AgentNumber, CallId, QueueName


@dataclass(frozen=True, slots=True, kw_only=True)
class FlowEntered:
    """The caller entered an IVR flow, or came back to it from a queue."""

    call_id: CallId
    at: float
    flow: str


@dataclass(frozen=True, slots=True, kw_only=True)
class NodeVisited:
    """One node of a flow was done."""

    call_id: CallId
    at: float
    flow: str
    node: str
    result: str
    """What it led to: a digit, `timeout`, `open`, …; collected digits are masked where configured."""
    kind: str = ""
    """What the node does: `menu`, `goto`, …; empty: nobody said."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FactsLearnt:
    """Something was learnt of the caller, by a lookup in the business's system or from their number."""

    call_id: CallId
    at: float
    source: str
    """The lookup's name, or `region`."""
    facts: tuple[tuple[str, str], ...]
    """Names and values, for the agent and for the record."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LanguageChosen:
    """The caller, or a flow for them, chose the language in which they are spoken to."""

    call_id: CallId
    at: float
    language: str


@dataclass(frozen=True, slots=True, kw_only=True)
class FlowLeft:
    """The caller left the IVR: into a queue, to an outside number, to a survey, or hung up."""

    call_id: CallId
    at: float
    flow: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SurveyOffered:
    """The caller was asked to rate the service."""

    call_id: CallId
    at: float
    survey: str
    queue: QueueName | None
    agent: AgentNumber | None


@dataclass(frozen=True, slots=True, kw_only=True)
class SurveyEnded:
    """The survey is over; `digit` is empty when nothing valid was pressed."""

    call_id: CallId
    at: float
    survey: str
    queue: QueueName | None
    agent: AgentNumber | None
    digit: str
    label: str


@dataclass(frozen=True, slots=True, kw_only=True)
class VoicemailOffered:
    """The caller was led to a mailbox."""

    call_id: CallId
    at: float
    mailbox: str
    message: str
    """The id that a message gets, if one is left."""


@dataclass(frozen=True, slots=True, kw_only=True)
class VoicemailEnded:
    """The caller has left the mailbox, or the call."""

    call_id: CallId
    at: float
    mailbox: str
    message: str
    result: str
    """`kept`: there is a message. `empty`: nothing was said, or too little. `cancelled`, `failed`."""
    length_s: float
    """Of the message; 0 without one."""
