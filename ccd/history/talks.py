"""A caller and an agent talk: holds, transfers, dispositions, supervisors."""

from dataclasses import dataclass

from ccd.model import AgentNumber, CallId, ChannelId, Extension, OfferId, QueueName, Side


@dataclass(frozen=True, slots=True, kw_only=True)
class TalkStarted:
    """Caller and agent talk."""

    call_id: CallId
    at: float
    queue: QueueName
    agent: AgentNumber
    leg: ChannelId | None
    """The agent's channel; None when AMI did not tell."""
    offer_id: OfferId
    queue_wait_s: float
    """From joining the queue to the answer, ringing included."""


@dataclass(frozen=True, slots=True, kw_only=True)
class HoldChanged:
    """The agent put the caller on hold, or took them back."""

    call_id: CallId
    at: float
    agent: AgentNumber
    on: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class ThirdJoined:
    """The agent took a third party into the talk (会议); whoever leaves first, the others go on."""

    call_id: CallId
    at: float
    agent: AgentNumber
    number: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TalkEnded:
    """The agent's part in the call is over."""

    call_id: CallId
    at: float
    queue: QueueName
    agent: AgentNumber
    by: Side


@dataclass(frozen=True, slots=True, kw_only=True)
class SentOn:
    """An agent sent the caller on during the talk, by keys or by the phone's own transfer."""

    call_id: CallId
    at: float
    agent: AgentNumber | None
    to: str
    """The number, or `survey`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DispositionChosen:
    """The agent said what came of a talk, often after the call's end; the last word counts."""

    call_id: CallId
    at: float
    offer_id: OfferId
    queue: QueueName
    agent: AgentNumber
    code: str
    """`none`: one was wanted, and none was given in time."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SupervisionStarted:
    """A supervisor's phone listens to the call."""

    call_id: CallId
    at: float
    mode: str
    """`listen`, `whisper` (heard by the agent alone) or `barge` (heard by both)."""
    extension: Extension
    """The supervisor's phone."""
    channel: ChannelId
    """Its channel."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SupervisionEnded:
    """The supervisor's phone has hung up; none is told when the call ended first."""

    call_id: CallId
    at: float
    channel: ChannelId
