"""Facts about agents, from phones, CLI and API."""

from dataclasses import dataclass

from ccd.model import AgentNumber, Extension


@dataclass(frozen=True, slots=True, kw_only=True)
class AgentSignedIn:
    """签入: the agent is available on this phone."""

    agent: AgentNumber
    extension: Extension


@dataclass(frozen=True, slots=True, kw_only=True)
class AgentSignedOut:
    """签出."""

    agent: AgentNumber


@dataclass(frozen=True, slots=True, kw_only=True)
class AgentPaused:
    """示忙 / 小休, with a reason."""

    agent: AgentNumber
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AgentReadied:
    """示闲. Also ends a wrap-up."""

    agent: AgentNumber


@dataclass(frozen=True, slots=True, kw_only=True)
class WrapUpDone:
    """The agent ended the wrap-up early."""

    agent: AgentNumber


@dataclass(frozen=True, slots=True, kw_only=True)
class WrapUpExtended:
    """The agent wants a longer wrap-up: by the queue's `wrap_up_more_s`, up to its `wrap_up_max_s`."""

    agent: AgentNumber


@dataclass(frozen=True, slots=True, kw_only=True)
class OutgoingTalkEnded:
    """An agent's talk is over that was no offer: they dialled it, or a colleague sent them the caller."""

    agent: AgentNumber
    wrap_up_s: float


@dataclass(frozen=True, slots=True, kw_only=True)
class DispositionGiven:
    """The agent gave the disposition code of the talk that they are in, else of their last one."""

    agent: AgentNumber
    code: str
