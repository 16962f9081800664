"""Nodes that bring the caller to somebody: queue, dial, agent."""

from collections.abc import Iterator

from pydantic import Field

from ccd.config.base import Level, Name
from ccd.config.direct import Direct
from ccd.config.flow_values import DialTarget, Key, QueueTarget, Target, placeholders
from ccd.config.flows.node import Edge, Node, Pace, Translate
from ccd.config.problems import Location


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
    """Ring an extension or, with `outside: true`, a number outside: `{dial: "1001", on_busy: sales}`.

    `"{variable}"` dials what a variable holds: digits only, else it goes on by on_failed.
    """

    kind = "dial"
    may_end = True
    many_branches = True

    dial: DialTarget
    outside: bool = False
    """Dialled through the trunk, under the outbound policy."""
    timeout_s: float = Field(default=30.0, gt=0, le=600)
    on_answered: Target | None = None
    on_busy: Target | None = None
    on_no_answer: Target | None = None
    on_failed: Target | None = None

    def edges(self) -> Iterator[Edge]:
        """Give how ringing may end."""
        yield Edge(("on_answered",), "answered", self.on_answered, Pace.WAITED)
        yield Edge(("on_busy",), "busy", self.on_busy, Pace.INSTANT)
        yield Edge(("on_no_answer",), "no answer", self.on_no_answer, Pace.WAITED)
        yield Edge(("on_failed",), "failed", self.on_failed, Pace.INSTANT)

    def reads(self) -> Iterator[tuple[Location, str]]:
        """Give the variable that holds the number."""
        yield from ((("dial",), name) for name in placeholders(self.dial))

    def summary(self, word: Translate, /) -> str:
        """Tell the number, and how long it rings."""
        outside = f", {word('outside')}" if self.outside else ""
        return f"{self.dial}{outside}, {self.timeout_s:g} {word('s')}"


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
