"""A call without a telephone: the interpreter walks, words stand for sounds, and a partner plays the world.

`ccd flow try` has the user as partner, `ccd flow test` a script. Pure but for what the partner does: no
Asterisk, no network, and the time is the partner's to choose. A new kind of node that asks something of the
host has one method here, which puts a `Question` to the partner.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Protocol

from ccd.config.callbacks import Callback
from ccd.config.flows import Agent, Dial, Queue
from ccd.config.voicemail import Mailbox
from ccd.errors import AgiHangupError
from ccd.history import Entry, NodeVisited
from ccd.ivr.book import Book
from ccd.ivr.interpreter import Interpreter
from ccd.ivr.locks import Locks
from ccd.ivr.ports import Caller, Ended, Place, Promise, Take
from ccd.model import CallId, LookupAnswer, LookupOutcome, QueueOutcome, Sound

Words = Callable[[str, str], str | None]
"""Gives the words of a prompt (first) in a language (second), None where there are none."""

HUNG_UP = "hung_up"
"""As the outcome of anything: the caller hangs up meanwhile."""
_MESSAGE = "message"
_MAX_HANDOFFS = 1_000
"""Dials and talks of one call: a flow that sends its caller round for ever ends some time."""


class Curtain(Exception):  # noqa: N818 - no error: the play is over
    """The partner has seen enough; the call is left where it is."""


@dataclass(frozen=True, slots=True)
class Heard:
    """One prompt in the caller's ear."""

    prompt: str
    text: str
    """In the caller's language, else in the other; the id in brackets where there are no words."""


@dataclass(frozen=True, slots=True)
class Question:
    """Something outside of the flow that might go one way or another."""

    kind: str
    """The kind of node: `queue`, `dial`, …"""
    subject: str
    """What it is about: the queue's name, the number."""
    outcomes: tuple[str, ...]
    """What may be answered; the first one is what goes well."""


@dataclass(frozen=True, slots=True)
class Answer:
    """How it went."""

    outcome: str
    """One of the question's, or `HUNG_UP`."""
    values: Mapping[str, str] = field(default_factory=dict)
    """What came with it: the variables that a lookup found."""


class Partner(Protocol):
    """Who plays the caller, and everything that the flow meets outside."""

    def entered(self, place: Place) -> None:
        """Take note of the node that comes now."""
        ...

    def hears(self, heard: Sequence[Heard], *, may_press: bool) -> str:
        """Listen to prompts; give the key pressed meanwhile, if one may be, else an empty text."""
        ...

    def key(self, timeout_s: float) -> str:
        """Press a key within the time; an empty text lets the time pass. May raise AgiHangupError."""
        ...

    def answer(self, question: Question) -> Answer:
        """Decide how something outside goes."""
        ...


class Texts:
    """Satisfies `ccd.ivr.ports.Sounds`: every prompt has a sound, whose path names it."""

    def sounds(self, prompt: str, language: str) -> tuple[Sound, ...]:
        """Give one sound for a prompt."""
        return (Sound(path=f"{language}/{prompt}"),)


class TextVoice:
    """Satisfies `ccd.ivr.ports.Voice`: sounds become words again."""

    def __init__(self, partner: Partner, words: Words, host: "RehearsalHost") -> None:
        self._partner = partner
        self._words = words
        self._host = host

    async def play(self, sounds: Sequence[Sound], escape: str) -> str:
        """Let the partner hear the words."""
        key = self._partner.hears([self._heard(sound) for sound in sounds], may_press=bool(escape))
        return key if key and key in escape else ""

    async def wait_digit(self, timeout_s: float) -> str:
        """Ask the partner for a key; the time passes when there is none."""
        key = self._partner.key(timeout_s)
        if not key:
            self._host.pass_time(timeout_s)
        return key

    async def set_language(self, code: str) -> None:
        """Nothing: there is no channel."""

    def _heard(self, sound: Sound) -> Heard:
        language, _, prompt = sound.path.partition("/")
        other = "en" if language == "zh" else "zh"
        return Heard(prompt, self._words(prompt, language) or self._words(prompt, other) or f"[{prompt}]")


class RehearsalHost:
    """Satisfies `ccd.ivr.ports.Host`: whatever happens outside of the flow is the partner's to say."""

    def __init__(
        self, book: Book, partner: Partner, at: datetime, channel: Mapping[str, str] | None = None
    ) -> None:
        self.entries: list[Entry] = []
        """The call's history."""
        self.pending: tuple[Place, str] | None = None
        """Where the call comes back after the dialplan's turn, and how that went."""
        self.locks = Locks()
        self._channel = dict(channel or {})
        self._book = book
        self._partner = partner
        self._started = at
        self._now = 0.0

    def note(self, entry: Entry) -> None:
        """Keep the history."""
        self.entries.append(entry)

    def now(self) -> float:
        """Give the seconds since the call began."""
        return self._now

    def wall(self) -> datetime:
        """Give the date that the rehearsal supposes."""
        return self._started + timedelta(seconds=self._now)

    def pass_time(self, seconds: float) -> None:
        """Let time pass."""
        self._now += seconds

    async def arrived(self, place: Place) -> None:
        """Nothing: no restart is rehearsed."""

    async def queue(self, place: Place, node: Queue) -> str | None:
        """Ask how the wait ends: by an outcome, or by a key that leads elsewhere."""
        outcomes = (*_endings(node), *self._book.choices(node))
        outcome = self.ask(Question("queue", node.queue, outcomes)).outcome
        if outcome != QueueOutcome.ANSWERED:
            return outcome
        self.pending = (place, outcome)
        return None

    async def agent(self, place: Place, node: Agent) -> str | None:
        """Ask how the call to an agent ends."""
        outcome = self.ask(Question("agent", node.agent, _endings(node))).outcome
        if outcome != QueueOutcome.ANSWERED:
            return outcome
        self.pending = (place, outcome)
        return None

    async def dial(self, place: Place, node: Dial) -> str | None:
        """Ask how the dial ends."""
        self.pending = (place, self.ask(Question("dial", node.number, _endings(node))).outcome)
        return None

    def listed(self, name: str, number: str) -> bool:  # noqa: ARG002
        """Ask whether the caller is on a list."""
        return self.ask(Question("list", name, ("not_listed", "listed"))).outcome == "listed"

    async def read_channel(self, names: Sequence[str]) -> Mapping[str, str]:
        """Give what the scene begins with, and what was written since."""
        return {name: self._channel[name] for name in names if name in self._channel}

    async def write_channel(self, variables: Mapping[str, str]) -> None:
        """Keep it for who reads it."""
        self._channel |= variables

    async def lookup(self, name: str, question: Mapping[str, Any]) -> LookupAnswer:  # noqa: ARG002
        """Ask what the business's system says."""
        answer = self.ask(Question("lookup", name, tuple(LookupOutcome)))
        values = dict(answer.values)
        priority = values.pop("priority", "")
        return LookupAnswer(
            outcome=LookupOutcome(answer.outcome),
            priority=int(priority) if priority.removeprefix("-").isdecimal() else None,
            queue=values.pop("queue", None),
            agent=values.pop("agent", None),
            language=values.pop("language", None),
            variables=values,
        )

    async def mailbox(self, place: Place, name: str) -> "TextTape":  # noqa: ARG002
        """Begin a visit to a mailbox."""
        return TextTape(name, self)

    def callback_terms(self, queue: str) -> Callback | None:  # noqa: ARG002
        """Give the usual terms."""
        return Callback()

    def may_call_back(self, queue: str, number: str) -> bool:  # noqa: ARG002
        """Take any number: the outbound policy is not rehearsed."""
        return number.removeprefix("+").isdecimal()

    async def promise_callback(self, queue: str, number: str) -> Promise:  # noqa: ARG002
        """Ask what comes of it."""
        return Promise(self.ask(Question("callback", queue, tuple(Promise))).outcome)

    def ask(self, question: Question) -> Answer:
        """Put a question to the partner; raises AgiHangupError when the caller hangs up instead."""
        answer = self._partner.answer(question)
        if answer.outcome == HUNG_UP:
            raise AgiHangupError("the caller hung up")
        return answer


class TextTape:
    """Satisfies `ccd.ivr.ports.Tape` (and its `Take`): the partner says what becomes of a message."""

    length_s: float | None = None
    stored = False

    def __init__(self, mailbox: str, host: RehearsalHost) -> None:
        self._mailbox = mailbox
        self._host = host

    async def found(self) -> Take:
        """Nothing: no restart is rehearsed."""
        return self

    async def record(self, box: Mailbox) -> float | None:
        """Ask what the caller says; time passes."""
        spoken = self._host.ask(Question("voicemail", self._mailbox, ("message", "short", "failed")))
        length_s = {"message": box.max_s / 2, "short": box.min_s / 2}.get(spoken.outcome)
        self._host.pass_time(length_s or 0.0)
        return length_s

    def sound(self) -> Sound:
        """Give the message itself."""
        return Sound(path=f"en/{_MESSAGE}")

    async def discard(self) -> None:
        """Nothing: there is no file."""

    def end(self, result: str) -> None:
        """Nothing: there is no record."""


def _endings(node: Queue | Dial | Agent) -> tuple[str, ...]:
    """Name how a node may end, from its own branches."""
    return tuple(name.removeprefix("on_") for name in type(node).model_fields if name.startswith("on_"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Scene:
    """Who calls where and when."""

    flow: str
    caller: str
    called: str
    at: datetime
    """Aware."""
    language: str
    channel: Mapping[str, str] = field(default_factory=dict)
    """Variables of the channel, as the dialplan set them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Performance:
    """A call that is over."""

    ending: str
    """`hangup`: the flow ended the call; `return`: it is done, and a dialplan that sent the caller by Gosub
    goes on, else the call ends; `caller`: the caller hung up; `left`: the partner left."""
    caller: Caller
    entries: tuple[Entry, ...]

    @property
    def way(self) -> list[tuple[Place, str]]:
        """Give the nodes in the order of walking, each with its result."""
        return [
            (Place(entry.flow, entry.node), entry.result)
            for entry in self.entries
            if isinstance(entry, NodeVisited)
        ]


async def rehearse(book: Book, words: Words, scene: Scene, partner: Partner) -> Performance:
    """Play one call from the start of a flow to its end."""
    host = RehearsalHost(book, partner, scene.at, scene.channel)
    voice = TextVoice(partner, words, host)
    caller = Caller(
        call_id=CallId("rehearsal"), number=scene.caller, called=scene.called, language=scene.language
    )
    interpreter = Interpreter(book, Texts(), watch=partner.entered)
    place, resume = book.start(scene.flow), None
    ending = "return"
    try:
        for _ in range(_MAX_HANDOFFS):
            if place is None:
                break
            ended = await interpreter.walk(caller, place, resume, voice, host)
            if ended is Ended.HUNG_UP:
                ending = "hangup"
            if ended is not Ended.HANDED_OFF or host.pending is None:
                break
            (place, resume), host.pending = host.pending, None
    except AgiHangupError:
        ending = "caller"
    except Curtain:
        ending = "left"
    return Performance(ending=ending, caller=caller, entries=tuple(host.entries))
