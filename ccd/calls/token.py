"""What the dialplan carries for us from one AGI session to the next: the variable `CCD_STATE`.

All that is needed to take a caller back after our restart is on the caller's channel, so recovery needs no
database. The dialplan never reads the token; it hands it back as it was. It is URL-encoded (`a=b&c=d`), which
neither `MSet` nor the arguments of `AGI()` can misread.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from urllib.parse import parse_qsl, quote, urlencode

from ccd.errors import AgiProtocolError
from ccd.model import AgentNumber, CallId, Consent, Extension, OfferId, QueueName

_KEYS = frozenset("itpldqjshoanevkyrxwz")
MAX_TOKEN = 1000
MAX_DEPTH = 5
"""Flows that may call one another, as in `ccd.ivr.calling`."""
_LATEST = 1e11
"""Epoch seconds far beyond any clock's."""


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
        joined, began, ended = map(_instant, instants)
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
            began=_instant(began),
            speaking=_instant(speaking) if speaking else None,
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
            answered=_instant(answered) if answered else None,
            internal=internal == "i",
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Token:
    """A caller's place, as it travels on their channel. Instants are wall-clock epoch seconds."""

    call_id: CallId
    started: float
    """When the call entered ccd."""
    place: str = ""
    """`flow:node` to go on at; empty at the very start."""
    language: str = ""
    called: str = ""
    """The number that was dialled."""
    queue: QueueName | None = None
    joined: float | None = None
    """When the caller first joined `queue`."""
    home: QueueName | None = None
    """The queue of the flow's node, when the caller was moved from it to `queue`."""
    entered: float | None = None
    """When they were moved."""
    handed: float | None = None
    """When the dialplan was told to dial."""
    priority: int = 0
    offer_id: OfferId | None = None
    """The offer that the dialplan is dialling."""
    agent: AgentNumber | None = None
    """Whom it goes to, when it is one agent, who may have left the phone since."""
    offers: int = 0
    """Offers made so far: offer ids and recording names stay unique over our restarts."""
    edge: str = ""
    """How the node at `place` ended, a queue or a dial, when that is taken in already."""
    served: Served | None = None
    """The caller's last talk with an agent."""
    visit: Visit | None = None
    """The mailbox in which they are."""
    returns: tuple[str, ...] = ()
    """The nodes that called the flow in which the caller is, outermost first: `flow:node` each."""
    consent: Consent | None = None
    """What is between us and the caller about being recorded."""
    dialled: Dialled | None = None
    """Of a phone's call to the outside."""
    needs: Mapping[str, int] = field(default_factory=dict)
    """Level by skill that a flow found the caller to need."""

    def encode(self) -> str:
        """Write the token as the text that goes on the channel."""
        fields = {
            "i": self.call_id,
            "t": f"{self.started:.3f}",
            "p": self.place,
            "l": self.language,
            "d": self.called,
            "q": self.queue or "",
            "j": "" if self.joined is None else f"{self.joined:.3f}",
            "z": "" if not self.home or self.entered is None else f"{self.home}|{self.entered:.3f}",
            "h": "" if self.handed is None else f"{self.handed:.3f}",
            "s": str(self.priority) if self.priority else "",
            "o": self.offer_id or "",
            "a": self.agent or "",
            "n": str(self.offers) if self.offers else "",
            "e": self.edge,
            "v": "" if self.served is None else self.served.encode(),
            "y": "" if self.visit is None else self.visit.encode(),
            "r": "|".join(self.returns),
            "x": "" if self.consent is None else self.consent.value,
            "w": "" if self.dialled is None else self.dialled.encode(),
            "k": ",".join(f"{skill}:{level}" for skill, level in self.needs.items()),
        }
        return urlencode({key: value for key, value in fields.items() if value}, quote_via=quote)

    @classmethod
    def decode(cls, text: str) -> "Token":
        """Read a token that came back from a channel.

        Raises `AgiProtocolError` when it is not one of ours: whoever reaches the FastAGI port could send it.
        """
        if len(text) > MAX_TOKEN:
            raise AgiProtocolError(f"CCD_STATE is longer than {MAX_TOKEN} characters")
        try:
            fields = dict(parse_qsl(text, keep_blank_values=True, strict_parsing=True))
            if not fields.keys() <= _KEYS:
                raise AgiProtocolError(f"CCD_STATE has unknown fields: {text!r}")
            return cls(
                call_id=CallId(fields["i"]),
                started=_instant(fields["t"]),
                place=fields.get("p", ""),
                language=fields.get("l", ""),
                called=fields.get("d", ""),
                queue=QueueName(fields["q"]) if "q" in fields else None,
                joined=_instant(fields["j"]) if "j" in fields else None,
                home=QueueName(fields["z"].partition("|")[0]) if "z" in fields else None,
                entered=_instant(fields["z"].partition("|")[2]) if "z" in fields else None,
                handed=_instant(fields["h"]) if "h" in fields else None,
                priority=int(fields.get("s", "0")),
                offer_id=OfferId(fields["o"]) if "o" in fields else None,
                agent=AgentNumber(fields["a"]) if "a" in fields else None,
                offers=int(fields.get("n", "0")),
                edge=fields.get("e", ""),
                served=Served.decode(fields["v"]) if "v" in fields else None,
                visit=Visit.decode(fields["y"]) if "y" in fields else None,
                returns=tuple(fields["r"].split("|")[:MAX_DEPTH]) if "r" in fields else (),
                consent=Consent(fields["x"]) if "x" in fields else None,
                dialled=Dialled.decode(fields["w"]) if "w" in fields else None,
                needs=_needs(fields["k"]) if "k" in fields else {},
            )
        except (KeyError, ValueError) as problem:
            raise AgiProtocolError(f"CCD_STATE is not one of ours: {text!r}") from problem


def _needs(text: str) -> dict[str, int]:
    """Read `english:50,billing:30`; raises ValueError for anything else."""
    pairs = (each.split(":") for each in text.split(","))
    return {skill: int(level) for skill, level in pairs}


def _instant(text: str) -> float:
    """Read epoch seconds; raises ValueError for what is no date."""
    seconds = float(text)
    if not 0 <= seconds < _LATEST:
        raise ValueError(f"{text} is no date")
    return seconds
