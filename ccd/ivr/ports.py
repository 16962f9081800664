"""What the interpreter needs of the world: a caller, sounds, a voice, a host; AGI and engine lie behind."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any, Protocol, Self

from ccd.config.callbacks import Callback
from ccd.config.flows import Agent, Dial, Queue
from ccd.config.voicemail import Mailbox
from ccd.history import Entry
from ccd.ivr.locks import Locks
from ccd.model import AgentNumber, CallId, Consent, LookupAnswer, QueueName, Sound

ALL_KEYS = "0123456789*#"


@dataclass(frozen=True, slots=True)
class Place:
    """A node of a flow; written `flow:node` where it travels with the call."""

    flow: str
    node: str

    def __str__(self) -> str:
        """Write it as `flow:node`."""
        return f"{self.flow}:{self.node}"

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read `flow:node`; raises ValueError for anything else."""
        flow, colon, node = text.rpartition(":")
        if not (flow and colon and node):
            raise ValueError(f"{text!r} is no place in a flow; one is written flow:node")
        return cls(flow, node)


class Ended(StrEnum):
    """How a walk ended."""

    HANDED_OFF = "handed_off"
    """The dialplan dials now; the call comes back to the same place with the edge it was left by."""
    FINISHED = "finished"
    """The flow is done: back to the dialplan that sent the caller here by Gosub; without one, hang up."""
    HUNG_UP = "hangup"
    """The flow wants the call to end."""


class Promise(StrEnum):
    """What came of asking for a call back."""

    GIVEN = "promised"
    """It is stored."""
    GIVEN_BEFORE = "promised_before"
    REFUSED = "refused"
    """The number may not be called, or it could not be stored."""


@dataclass(slots=True, kw_only=True)
class Caller:
    """One caller as flows know them. It lives as long as the call: language and variables change."""

    call_id: CallId
    number: str
    called: str
    language: str
    queue: QueueName | None = None
    """The queue, and `agent` the agent, that a survey is about: where the caller talked, or waited, last."""
    agent: AgentNumber | None = None
    closing_words: str = ""
    """The prompt that whoever closed the queue wants said to those whom it does not take."""
    needs: dict[str, int] = field(default_factory=dict)
    """Level by skill, as a flow found out (a lookup): any queue that they wait in asks it of its agents."""
    preferred_agent: AgentNumber | None = None
    """Whom a lookup chose: offered first, before the agents who know the caller."""
    priority: int | None = None
    """What a lookup chose; it goes before the queue node's."""
    consent: Consent | None = None
    """What is between us and them about being recorded; None: nothing was said."""
    variables: dict[str, str] = field(default_factory=dict)
    secrets: dict[str, str] = field(default_factory=dict)
    """Variables that were collected masked, or made of such, each with the node that asks for it
    (`flow:node`): they are in no record, log, token or channel variable."""
    lost: dict[str, str] = field(default_factory=dict)
    """Secrets that our restart has lost; a node that needs one sends the caller back to who asks for it."""
    returns: list[str] = field(default_factory=list)
    """The nodes that called the flow in which the caller is, outermost first."""
    data: dict[str, str] = field(default_factory=dict)
    """What lookups told of the caller, for the agent's screen."""

    def mark(self, name: str, *, asked_at: str | None) -> None:
        """Note whether a variable that was just given a value is a secret, and which node asks for it."""
        self.lost.pop(name, None)
        self.secrets.pop(name, None)
        if asked_at is not None:
            self.secrets[name] = asked_at

    def known(self) -> dict[str, str]:
        """Give all variables, those that every call has among them."""
        built_in = {"caller": self.number, "called": self.called, "language": self.language}
        return self.variables | built_in


class Sounds(Protocol):
    """Where prompts have their sounds."""

    def sounds(self, prompt: str, language: str) -> Sequence[Sound]:
        """Give what says a prompt; empty when there is nothing."""
        ...


class Voice(Protocol):
    """The caller's ear and keypad. Every method raises AgiHangupError once the caller is gone."""

    async def play(self, sounds: Sequence[Sound], escape: str) -> str:
        """Play sounds in order; give the key of `escape` that cut them short, or an empty string."""
        ...

    async def wait_digit(self, timeout_s: float) -> str:
        """Wait for one key; give it, or an empty string when time is up."""
        ...

    async def set_language(self, code: str) -> None:
        """Tell Asterisk the caller's language, for what it says itself."""
        ...


class Take(Protocol):
    """What there is of a message already."""

    @property
    def length_s(self) -> float | None:
        """How long what was recorded is; None: nothing was."""
        ...

    @property
    def stored(self) -> bool:
        """Whether it was kept and is in its place."""
        ...


class Tape(Protocol):
    """What a caller's message is recorded on, during one visit to a mailbox."""

    async def found(self) -> Take:
        """Look for what a process before us recorded of this visit."""
        ...

    async def record(self, box: Mailbox) -> float | None:
        """Give a tone and record; give the seconds, or None when nothing can be recorded."""
        ...

    def sound(self) -> Sound:
        """Give what was recorded, to be played."""
        ...

    async def discard(self) -> None:
        """Throw away what was recorded."""
        ...

    def end(self, result: str) -> None:
        """Write down how the visit ended (see `VoicemailEnded`); a message that is kept is stored."""
        ...


class Host(Protocol):
    """The call that a flow runs in."""

    def note(self, entry: Entry) -> None:
        """Write into the call's history."""
        ...

    def now(self) -> float:
        """Give monotonic seconds."""
        ...

    def wall(self) -> datetime:
        """Give the present date, aware."""
        ...

    async def arrived(self, place: Place) -> None:
        """Keep where the caller is now, so that a restart takes them up there and nowhere before."""
        ...

    async def queue(self, place: Place, node: Queue) -> str | None:
        """Let the caller wait; give the outcome, or the key that ended it.

        None: an agent is dialled, the call comes back with how it went.
        """
        ...

    async def agent(self, place: Place, node: Agent) -> str | None:
        """Call one agent: `busy`, `no_answer` or `away`.

        None: their phone is dialled, the call comes back with how it went.
        """
        ...

    @property
    def locks(self) -> Locks:
        """Who entered a wrong secret too often; kept over calls."""
        ...

    def listed(self, name: str, number: str) -> bool:
        """Whether a number is on a list of callers."""
        ...

    async def read_channel(self, names: Sequence[str]) -> Mapping[str, str]:
        """Give the channel's variables of these names, cleaned; those that are not set are left out."""
        ...

    async def write_channel(self, variables: Mapping[str, str]) -> None:
        """Set variables of the channel."""
        ...

    async def lookup(self, name: str, question: Mapping[str, Any]) -> LookupAnswer:
        """Ask a system of the business; bounded in time, and `failed` whatever goes wrong.

        A queue or an agent in the answer is one that there is. Raises AgiHangupError once the caller is gone.
        """
        ...

    async def mailbox(self, place: Place, name: str) -> Tape:
        """Begin a visit to a mailbox, or go on with one that a process before us began."""
        ...

    def callback_terms(self, queue: str) -> Callback | None:
        """Give how a queue calls back; None: it does not."""
        ...

    def may_call_back(self, queue: str, number: str) -> bool:
        """Whether a number is one that the queue may call back."""
        ...

    async def promise_callback(self, queue: str, number: str) -> Promise:
        """Promise a call back; the caller keeps the place that they had. It is stored when this returns."""
        ...

    async def dial(self, place: Place, node: Dial) -> str | None:
        """Have the dialplan dial; the call comes back with the DIALSTATUS.

        Gives the branch when nothing is dialled: `failed` where the outbound policy does not let it out.
        """
        ...
