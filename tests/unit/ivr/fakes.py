"""A caller with fingers and ears, and a call that writes down its history: what flows are tested with."""

import asyncio
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

from ccd.config.callbacks import Callback
from ccd.config.flows import Agent, Dial, Flow, Queue
from ccd.config.hours import Hours
from ccd.config.surveys import Survey
from ccd.config.voicemail import Mailbox
from ccd.errors import AgiHangupError
from ccd.history import Entry, NodeVisited
from ccd.ivr.book import Book
from ccd.ivr.interpreter import Interpreter
from ccd.ivr.locks import Locks
from ccd.ivr.ports import Caller, Ended, Place, Promise
from ccd.model import AgentNumber, CallId, LookupAnswer, LookupOutcome, QueueName, Sound

SILENCE = "."
"""In a script of keys: the caller lets one prompt or one wait pass without pressing anything."""
HANGUP = "!"
"""In a script of keys: the caller hangs up there."""


class FakeSounds:
    """Has one sound for every prompt but those in `missing`."""

    def __init__(self, missing: Iterable[str] = ()) -> None:
        self._missing = set(missing)

    def sounds(self, prompt: str, language: str) -> tuple[Sound, ...]:
        """Give `language/prompt`."""
        return () if prompt in self._missing else (Sound(path=f"{language}/{prompt}"),)


class FakeVoice:
    """A caller who follows a script: one key for each prompt that may be cut short and each wait.

    `SILENCE` lets it pass, `HANGUP` ends the call; when the script is over there is silence.
    """

    def __init__(self, script: str = "") -> None:
        self._script = list(script)
        self._gone = False
        self.heard: list[str] = []
        """Paths of sounds, and `wait 5` for each wait."""
        self.language: str | None = None

    def _next(self, allowed: str) -> str:
        if self._gone:
            raise AgiHangupError("the caller is gone")
        key = self._script.pop(0) if self._script else SILENCE
        if key == HANGUP:
            self._gone = True
            raise AgiHangupError("the caller is gone")
        return key if key in allowed else ""

    async def play(self, sounds: Sequence[Sound], escape: str) -> str:
        """Hear sounds; a prompt that cannot be cut short takes no key from the script."""
        assert sounds, "nothing to play"
        takes_part = escape or self._gone or self._script[:1] == [HANGUP]
        key = self._next(escape) if takes_part else ""
        self.heard.append(" ".join(sound.path for sound in sounds))
        return key

    async def wait_digit(self, timeout_s: float) -> str:
        """Press the next key."""
        self.heard.append(f"wait {timeout_s:g}")
        return self._next("0123456789*#")

    async def set_language(self, code: str) -> None:
        """Remember the language."""
        self.language = code


@dataclass
class FakeTape:
    """Records messages of the lengths that were ordered; None: it cannot."""

    takes: list[float | None] = field(default_factory=lambda: [10.0])
    length_s: float | None = None
    """Found of an earlier process."""
    stored: bool = False
    mailbox: str = ""
    story: list[str] = field(default_factory=list)
    """What was done with it."""

    async def found(self) -> "FakeTape":
        """Show what there is."""
        return self

    async def record(self, box: Mailbox) -> float | None:  # noqa: ARG002 - the port's signature
        """Take the next message; when the script is over the caller hangs up while speaking."""
        self.story.append("record")
        if not self.takes:
            raise AgiHangupError("the caller is gone")
        return self.takes.pop(0)

    def sound(self) -> Sound:
        """Give the message."""
        return Sound(path="message")

    async def discard(self) -> None:
        """Note it."""
        self.story.append("discard")

    def end(self, result: str) -> None:
        """Note it."""
        self.story.append(result)


class FakeHost:
    """A call: keeps its history, lets every instant last a second, hands off or answers for queues."""

    def __init__(self, *, outcome: str | None = None, at: str = "2026-11-20T10:00:00+08:00") -> None:
        self.entries: list[Entry] = []
        self.handed: list[tuple[Place, Queue | Dial]] = []
        self.places: list[Place] = []
        self.asked: list[tuple[str, dict[str, Any]]] = []
        """Questions to the business's systems."""
        self.answer = LookupAnswer(outcome=LookupOutcome.FAILED)
        self.lookup_s = 0.0
        self.refused: str | None = None
        """The branch that a dial takes instead of being dialled."""
        self.locks = Locks()
        self.channel: dict[str, str] = {}
        self.lists: dict[str, tuple[str, ...]] = {}
        self.tape = FakeTape()
        self.terms: Callback | None = Callback()
        """How the queue calls back."""
        self.promise = Promise.GIVEN
        self.promised: list[tuple[str, str]] = []
        """Queue and number of each promise that was asked for."""
        self._outcome = outcome
        self._wall = datetime.fromisoformat(at).astimezone(UTC)
        self._now = 0.0

    def note(self, entry: Entry) -> None:
        """Keep an entry."""
        self.entries.append(entry)

    def now(self) -> float:
        """Let a second pass."""
        self._now += 1
        return self._now

    def wall(self) -> datetime:
        """Give the date that was ordered."""
        return self._wall

    async def arrived(self, place: Place) -> None:
        """Keep where the caller came by."""
        self.places.append(place)

    async def queue(self, place: Place, node: Queue) -> str | None:
        """Give the outcome that was ordered."""
        self.handed.append((place, node))
        return self._outcome

    async def agent(self, place: Place, node: Agent) -> str | None:
        """Give the outcome that was ordered."""
        self.handed.append((place, node))
        return self._outcome

    async def lookup(self, name: str, question: Mapping[str, Any]) -> LookupAnswer:
        """Give the answer that was ordered, after as long as was ordered."""
        self.asked.append((name, dict(question)))
        await asyncio.sleep(self.lookup_s)
        return self.answer

    async def mailbox(self, place: Place, name: str) -> "FakeTape":
        """Give the tape that was ordered."""
        self.places.append(place)
        self.tape.mailbox = name
        return self.tape

    def callback_terms(self, queue: str) -> Callback | None:
        """Give what was ordered."""
        assert queue == "sales"
        return self.terms

    def may_call_back(self, queue: str, number: str) -> bool:
        """Chinese mobile numbers may be called."""
        assert queue == "sales"
        return len(number) == 11 and number.startswith("1")

    async def promise_callback(self, queue: str, number: str) -> Promise:
        """Remember what was asked for; give what was ordered."""
        self.promised.append((queue, number))
        return self.promise

    async def dial(self, place: Place, node: Dial) -> str | None:
        """Remember what was dialled, or refuse it as was ordered."""
        if self.refused is None:
            self.handed.append((place, node))
        return self.refused

    def listed(self, name: str, number: str) -> bool:
        """Look it up in what was ordered."""
        return number in self.lists.get(name, ())

    async def read_channel(self, names: Sequence[str]) -> Mapping[str, str]:
        """Give what the channel holds."""
        return {name: self.channel[name] for name in names if name in self.channel}

    async def write_channel(self, variables: Mapping[str, str]) -> None:
        """Set what the channel holds."""
        self.channel |= variables

    def path(self) -> str:
        """Give the history as `welcome=done menu=1 …`."""
        visits = (entry for entry in self.entries if isinstance(entry, NodeVisited))
        return " ".join(f"{visit.node}={visit.result}" for visit in visits)

    def kinds(self) -> list[str]:
        """Give the history as names of entries."""
        return [type(entry).__name__ for entry in self.entries]


def flows(**named: Mapping[str, Any]) -> dict[str, Flow]:
    """Make flows of nodes as they stand in YAML; each starts with its first node."""
    return {
        name: Flow.model_validate({"start": next(iter(nodes)), "nodes": nodes})
        for name, nodes in named.items()
    }


HOTLINE: dict[str, Any] = {
    "welcome": {"play": "welcome", "next": "menu"},
    "menu": {
        "menu": ["main-menu", "other-language"],
        "choices": {"1": "sales", "2": "account", "9": "swap"},
        "tries": 2,
        "no_input": "no-input",
        "on_timeout": "operator",
    },
    "swap": {"language": "other", "next": "menu"},
    "account": {
        "collect": "account",
        "prompt": "enter-number",
        "min": 3,
        "max": 4,
        "tries": 2,
        "next": "told",
    },
    "told": {"say": "digits", "value": "{account}", "next": "sales"},
    "sales": {"queue": "sales", "priority": 5},
    "operator": {"dial": "1001", "on_busy": "sales", "on_no_answer": "sales", "on_failed": "sales"},
}
"""Welcome, menu with another language and an entry of digits, a queue, an operator."""

SATISFACTION = Survey.model_validate(
    {
        "prompt": "survey-question",
        "digits": {"1": {"en": "satisfied", "zh": "满意"}, "3": {"en": "not satisfied", "zh": "不满意"}},
    }
)


@dataclass(kw_only=True)
class Call:
    """One walk through flows: what is given, and what came of it."""

    nodes: Mapping[str, Any]
    keys: str = ""
    place: str = ""
    resume: str | None = None
    outcome: str | None = None
    language: str = "en"
    more: Mapping[str, Any] = field(default_factory=dict)
    """Other flows."""
    hours: Mapping[str, Any] = field(default_factory=dict)
    choices: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    """Of queues."""
    at: str = "2026-11-20T10:00:00+08:00"
    missing: Iterable[str] = ()

    def __post_init__(self) -> None:
        self.voice = FakeVoice(self.keys)
        self.host = FakeHost(outcome=self.outcome, at=self.at)
        self.caller = Caller(
            call_id=CallId("1700000000.1"),
            number="13800000001",
            called="4000",
            language=self.language,
            queue=QueueName("sales"),
            agent=AgentNumber("8001"),
        )

    async def walk(self) -> Ended:
        """Walk from `place`, or from the start of flow `main`."""
        book = Book(
            flows=flows(main=self.nodes, **self.more),
            timezone=ZoneInfo("Asia/Shanghai"),
            hours={name: Hours.model_validate(hours) for name, hours in self.hours.items()},
            surveys={"satisfaction": SATISFACTION},
            queues=frozenset({"sales", "vip"}),
            queue_surveys={"sales": "satisfaction"},
            queue_choices=self.choices,
            mailboxes={"sales": Mailbox(), "quick": Mailbox(review=False, greeting="welcome")},
        )
        place = Place.parse(self.place) if self.place else book.start("main")
        assert place is not None
        interpreter = Interpreter(book, FakeSounds(self.missing))
        return await interpreter.walk(self.caller, place, self.resume, self.voice, self.host)
