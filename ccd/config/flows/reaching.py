"""Nodes that bring the caller to somebody: queue, dial, agent."""

from collections.abc import Iterator
from typing import Literal, Self

from pydantic import Field, model_validator

from ccd.config.base import Level, Name
from ccd.config.direct import Direct
from ccd.config.flow_values import DialList, DialTarget, Key, QueueTarget, Target, placeholders
from ccd.config.flows.node import Edge, Node, Pace, Translate
from ccd.config.problems import Location
from ccd.config.told import told


class Queue(Node):
    """Wait for an agent: `{queue: sales, choices: {"1": message}, on_timed_out: sorry, on_empty: closed}`.

    Without `on_answered` the queue's survey follows, if it has one, and then the call ends.
    """

    kind = "queue"
    may_end = True
    many_branches = True

    queue: QueueTarget
    """The queue's name, or `"{variable}"` that holds one, as a lookup's answer may: where no queue is called
    so, it goes on by on_failed."""
    priority: int | None = Field(default=None, ge=-1000, le=1000)
    """Default: the queue's. What a lookup answered for this caller goes before both."""
    needs: dict[Name, Level] = Field(default_factory=dict)
    """Level by skill: instead of the queue's level, or besides its needs; 0 asks for nothing."""
    choices: dict[Key, Target] = Field(default_factory=dict)
    """Where a key leads that is pressed while the caller waits or phones ring; besides the queue's own."""
    on_answered: Target | None = None
    on_timed_out: Target | None = None
    on_full: Target | None = None
    on_empty: Target | None = None
    on_closed: Target | None = None
    """The queue is closed, by its calendar or by hand."""
    on_failed: Target | None = None

    def edges(self) -> Iterator[Edge]:
        """Give how a stay may end."""
        yield from (Edge(("choices", key), key, to, Pace.PRESSED) for key, to in self.choices.items())
        yield Edge(("on_answered",), "answered", self.on_answered, Pace.WAITED)
        yield Edge(("on_timed_out",), "timed out", self.on_timed_out, Pace.WAITED)
        yield Edge(("on_full",), "full", self.on_full, Pace.INSTANT)
        yield Edge(("on_empty",), "empty", self.on_empty, Pace.INSTANT)
        yield Edge(("on_closed",), "closed", self.on_closed, Pace.INSTANT)
        yield Edge(("on_failed",), "failed", self.on_failed, Pace.INSTANT)

    def refers(self) -> Iterator[tuple[Location, str, str]]:
        """Name the queue, unless a variable does."""
        if not placeholders(self.queue):
            yield ("queue",), "queue", self.queue

    def reads(self) -> Iterator[tuple[Location, str]]:
        """Give the variable that names the queue."""
        yield from ((("queue",), name) for name in placeholders(self.queue))

    def summary(self, word: Translate, /) -> str:
        """Name the queue, and the priority where there is one."""
        return self.queue + (f", {word('priority')} {self.priority}" if self.priority is not None else "")


class Dial(Node):
    """Ring an extension, several, or with `outside: true` a number outside: `{dial: "1001", on_busy: sales}`.

    `"{variable}"` dials what a variable holds: digits only, else it goes on by on_failed. Several extensions,
    `{dial: ["1001", "1002"], strategy: linear}`, are a ring group: nobody there needs to be signed in.
    """

    kind = "dial"
    may_end = True
    many_branches = True

    dial: DialList
    outside: bool = False
    """Dialled through the trunk, under the outbound policy."""
    strategy: Literal["ringall", "linear"] = "ringall"
    """Of several extensions: all ring at once, or one after the other in their order."""
    timeout_s: float = Field(default=30.0, gt=0, le=600)
    """How long it rings; with linear at each extension."""
    on_answered: Target | None = None
    on_busy: Target | None = None
    on_no_answer: Target | None = None
    on_failed: Target | None = None

    @model_validator(mode="after")
    def _one_outside(self) -> Self:
        if self.outside and len(self.dial) > 1:
            raise told(
                "a ring group has extensions only",
                "dial one outside number, and the next one by on_no_answer",
                "振铃组只能由分机组成",
                "每次只拨一个外线号码，下一个通过 on_no_answer 拨打",
            )
        return self

    @property
    def number(self) -> str:
        """The number; those of a ring group in one text."""
        return ", ".join(self.dial)

    def edges(self) -> Iterator[Edge]:
        """Give how ringing may end."""
        yield Edge(("on_answered",), "answered", self.on_answered, Pace.WAITED)
        yield Edge(("on_busy",), "busy", self.on_busy, Pace.INSTANT)
        yield Edge(("on_no_answer",), "no answer", self.on_no_answer, Pace.WAITED)
        yield Edge(("on_failed",), "failed", self.on_failed, Pace.INSTANT)

    def reads(self) -> Iterator[tuple[Location, str]]:
        """Give the variable that holds the number."""
        yield from ((("dial",), name) for number in self.dial for name in placeholders(number))

    def summary(self, word: Translate, /) -> str:
        """Tell the number, and how long it rings."""
        how = f", {word('outside')}" if self.outside else f", {self.strategy}" if len(self.dial) > 1 else ""
        return f"{self.number}{how}, {self.timeout_s:g} {word('s')}"


class Agent(Direct, Node):
    """Call one agent, on whichever phone they are signed in: `{agent: "1001", on_no_answer: sales}`.

    `"{variable}"` calls whom a variable names. How long the caller waited counts in a queue that follows.
    """

    kind = "agent"
    may_end = True
    many_branches = True

    agent: DialTarget
    on_answered: Target | None = None
    on_busy: Target | None = None
    """The agent talks, or rests, or was not free within max_wait_s."""
    on_no_answer: Target | None = None
    on_away: Target | None = None
    """Signed out, on a break, the phone unreachable, or no such agent."""

    def edges(self) -> Iterator[Edge]:
        """Give how the call to the agent may end."""
        yield Edge(("on_answered",), "answered", self.on_answered, Pace.WAITED)
        waits = Pace.WAITED if self.when_busy == "wait" else Pace.INSTANT
        yield Edge(("on_busy",), "busy", self.on_busy, waits)
        yield Edge(("on_no_answer",), "no answer", self.on_no_answer, Pace.WAITED)
        yield Edge(("on_away",), "away", self.on_away, Pace.INSTANT)

    def reads(self) -> Iterator[tuple[Location, str]]:
        """Give the variable that holds the number."""
        yield from ((("agent",), name) for name in placeholders(self.agent))

    def summary(self, word: Translate, /) -> str:
        """Tell the agent, and how long the phone rings."""
        return f"{self.agent}, {self.ring_s:g} {word('s')}"
