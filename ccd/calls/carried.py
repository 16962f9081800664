"""What a token carries besides the caller's place: talks and stays that are over, and what is under way."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

from ccd.model import AgentNumber, Extension, OfferId, QueueName

_LATEST = 1e11
"""Epoch seconds far beyond any clock's."""


def needs_as_text(needs: Mapping[str, int]) -> str:
    """Write level by skill."""
    return ",".join(f"{skill}:{level}" for skill, level in needs.items())


def needs_of(text: str) -> dict[str, int]:
    """Read `english:50,billing:30`; raises ValueError for anything else."""
    pairs = (each.split(":") for each in text.split(",")) if text else ()
    return {skill: int(level) for skill, level in pairs}


def instant_of(text: str) -> float:
    """Read epoch seconds; raises ValueError for what is no date."""
    seconds = float(text)
    if not 0 <= seconds < _LATEST:
        raise ValueError(f"{text} is no date")
    return seconds


@dataclass(frozen=True, slots=True, kw_only=True)
class LastStay:
    """A stay in a queue that is over: who calls back, or gives the caller back, keeps their place by it."""

    queue: QueueName
    joined_at: float
    priority: int
    needs: Mapping[str, int]
    """Level by skill that the caller asked of an agent, besides what the queue asks."""
    answered: bool = False
    """An agent took them."""

    def told_by(self, clock: Callable[[float], float]) -> "LastStay":
        """Give the same with its instant told by another clock."""
        return replace(self, joined_at=clock(self.joined_at))

    def encode(self) -> str:
        """Write it as one field of a token; the instant in epoch seconds."""
        answered = "1" if self.answered else ""
        return "|".join(
            (self.queue, f"{self.joined_at:.3f}", str(self.priority), answered, needs_as_text(self.needs))
        )

    @classmethod
    def decode(cls, text: str) -> "LastStay":
        """Read it; raises ValueError for anything else."""
        queue, joined, priority, answered, needs = text.split("|")
        return cls(
            queue=QueueName(queue),
            joined_at=instant_of(joined),
            priority=int(priority),
            needs=needs_of(needs),
            answered=bool(answered),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Served:
    """A talk that is over, of a caller who is still here: it is in the record whatever becomes of ccd."""

    offer_id: OfferId
    queue: QueueName
    agent: AgentNumber
    joined: float
    began: float
    ended: float

    def told_by(self, clock: Callable[[float], float]) -> "Served":
        """Give the same with its instants told by another clock."""
        return replace(self, joined=clock(self.joined), began=clock(self.began), ended=clock(self.ended))

    def encode(self) -> str:
        """Write it as one field of a token; instants in epoch seconds."""
        instants = (f"{each:.3f}" for each in (self.joined, self.began, self.ended))
        return "|".join((self.offer_id, self.queue, self.agent, *instants))

    @classmethod
    def decode(cls, text: str) -> "Served":
        """Read it; raises ValueError for anything else."""
        offer_id, queue, agent, *instants = text.split("|")
        joined, began, ended = map(instant_of, instants)
        return cls(
            offer_id=OfferId(offer_id),
            queue=QueueName(queue),
            agent=AgentNumber(agent),
            joined=joined,
            began=began,
            ended=ended,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Visit:
    """A visit to a mailbox that is under way: what is recorded in it is found again."""

    mailbox: str
    second: int
    """The second of the call in which it began: it names the message."""
    began: float
    speaking: float | None = None
    """Since when the caller speaks, the last time that they did; None: not yet."""

    def told_by(self, clock: Callable[[float], float]) -> "Visit":
        """Give the same with its instants told by another clock."""
        speaking = None if self.speaking is None else clock(self.speaking)
        return replace(self, began=clock(self.began), speaking=speaking)

    def encode(self) -> str:
        """Write it as one field of a token; instants in epoch seconds."""
        speaking = "" if self.speaking is None else f"{self.speaking:.3f}"
        return "|".join((self.mailbox, str(self.second), f"{self.began:.3f}", speaking))

    @classmethod
    def decode(cls, text: str) -> "Visit":
        """Read it; raises ValueError for anything else."""
        mailbox, second, began, speaking = text.split("|")
        return cls(
            mailbox=mailbox,
            second=int(second),
            began=instant_of(began),
            speaking=instant_of(speaking) if speaking else None,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Dialled:
    """A number that a phone dialled, or wanted to: to the outside, or another phone's."""

    extension: Extension
    agent: AgentNumber | None = None
    """Who was signed in on the phone."""
    queue: QueueName | None = None
    """On whose behalf, where the agent said so."""
    rule: str = ""
    """What let it out."""
    caller_id: str = ""
    answered: float | None = None
    internal: bool = False
    """From phone to phone."""

    def told_by(self, clock: Callable[[float], float]) -> "Dialled":
        """Give the same with its instant told by another clock."""
        return replace(self, answered=None if self.answered is None else clock(self.answered))

    def encode(self) -> str:
        """Write it as one field of a token; the instant in epoch seconds."""
        answered = "" if self.answered is None else f"{self.answered:.3f}"
        named = (self.extension, self.agent or "", self.queue or "", self.rule, self.caller_id)
        return "|".join((*named, answered, "i" if self.internal else ""))

    @classmethod
    def decode(cls, text: str) -> "Dialled":
        """Read it; raises ValueError for anything else."""
        if text.count("|") == 5:  # written by a version that knew no internal calls
            text += "|"
        extension, agent, queue, rule, caller_id, answered, internal = text.split("|")
        return cls(
            extension=Extension(extension),
            agent=AgentNumber(agent) if agent else None,
            queue=QueueName(queue) if queue else None,
            rule=rule,
            caller_id=caller_id,
            answered=instant_of(answered) if answered else None,
            internal=internal == "i",
        )
