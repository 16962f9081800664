"""What the dialplan carries for us from one AGI session to the next: the variable `CCD_STATE`.

All that is needed to take a caller back after our restart is on the caller's channel, so recovery needs no
database. The dialplan never reads the token; it hands it back as it was. It is URL-encoded (`a=b&c=d`), which
neither `MSet` nor the arguments of `AGI()` can misread.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import parse_qsl, quote, urlencode

import structlog

from ccd.calls.carried import Dialled, LastStay, Served, Visit, instant_of, needs_as_text, needs_of
from ccd.errors import AgiProtocolError
from ccd.model import AgentNumber, CallId, Consent, OfferId, QueueName

log = structlog.get_logger(__name__)

_KEYS = frozenset("itpldqjshoanevkyrxwzc")
MAX_TOKEN = 1000
_LEAST_NEEDED = "cvkr"
"""What is left out first where names are so long that not all of it fits."""
MAX_DEPTH = 5
"""Flows that may call one another, as in `ccd.ivr.calling`."""


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
    """When they came to `queue`, when that is not when they began to wait (`joined`)."""
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
    last_stay: LastStay | None = None
    """Their last stay in a queue that is over."""
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
            "z": "" if self.entered is None else f"{self.home or ''}|{self.entered:.3f}",
            "h": "" if self.handed is None else f"{self.handed:.3f}",
            "s": str(self.priority) if self.priority else "",
            "o": self.offer_id or "",
            "a": self.agent or "",
            "n": str(self.offers) if self.offers else "",
            "e": self.edge,
            "v": "" if self.served is None else self.served.encode(),
            "c": "" if self.last_stay is None else self.last_stay.encode(),
            "y": "" if self.visit is None else self.visit.encode(),
            "r": "|".join(self.returns),
            "x": "" if self.consent is None else self.consent.value,
            "w": "" if self.dialled is None else self.dialled.encode(),
            "k": needs_as_text(self.needs),
        }
        told = {key: value for key, value in fields.items() if value}
        text = urlencode(told, quote_via=quote)
        for key in _LEAST_NEEDED:
            if len(text) <= MAX_TOKEN:
                break
            if told.pop(key, None) is not None:
                log.warning("not all of a caller's state survives a restart", call=self.call_id, lost=key)
            text = urlencode(told, quote_via=quote)
        return text

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
                started=instant_of(fields["t"]),
                place=fields.get("p", ""),
                language=fields.get("l", ""),
                called=fields.get("d", ""),
                queue=QueueName(fields["q"]) if "q" in fields else None,
                joined=instant_of(fields["j"]) if "j" in fields else None,
                home=QueueName(home) if (home := fields.get("z", "").partition("|")[0]) else None,
                entered=instant_of(fields["z"].partition("|")[2]) if "z" in fields else None,
                handed=instant_of(fields["h"]) if "h" in fields else None,
                priority=int(fields.get("s", "0")),
                offer_id=OfferId(fields["o"]) if "o" in fields else None,
                agent=AgentNumber(fields["a"]) if "a" in fields else None,
                offers=int(fields.get("n", "0")),
                edge=fields.get("e", ""),
                served=Served.decode(fields["v"]) if "v" in fields else None,
                last_stay=LastStay.decode(fields["c"]) if "c" in fields else None,
                visit=Visit.decode(fields["y"]) if "y" in fields else None,
                returns=tuple(fields["r"].split("|")[:MAX_DEPTH]) if "r" in fields else (),
                consent=Consent(fields["x"]) if "x" in fields else None,
                dialled=Dialled.decode(fields["w"]) if "w" in fields else None,
                needs=needs_of(fields["k"]) if "k" in fields else {},
            )
        except (KeyError, ValueError) as problem:
            raise AgiProtocolError(f"CCD_STATE is not one of ours: {text!r}") from problem
