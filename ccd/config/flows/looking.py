"""Nodes that learn something about the caller: lookup."""

from collections.abc import Iterator
from typing import Annotated

from pydantic import Field

from ccd.config.base import Name
from ccd.config.flow_values import OwnVariable, PromptList, Target, Variable
from ccd.config.flows.node import Edge, Node, Pace
from ccd.config.problems import Location

Variables = Annotated[tuple[Variable, ...], Field(max_length=30)]


class AskSystem(Node):
    """Ask the business's own system about the caller (智能路由).

    `{lookup: crm, send: [account], take: [balance], meanwhile: one-moment, on_found: known, on_failed: menu}`

    The answer's `variables` that `take` names become variables of the call, its `queue` and `agent` the
    variables of these names; priority, skills and agent count at the next queue, the language at once, and
    `data` is for the agent's screen.
    """

    kind = "lookup"

    lookup: Name
    """A key of `lookups`."""
    send: Variables = ()
    """Variables that are sent, besides the call's id, both numbers and the language."""
    send_secret: Variables = ()
    """Variables that are sent although they were masked when they were collected."""
    take: Annotated[tuple[OwnVariable, ...], Field(max_length=30)] = ()
    """Variables that the answer may give a value; others that it holds are passed over."""
    meanwhile: PromptList | None = None
    """Said when the answer takes longer than meanwhile_after_s, while it is still waited for."""
    meanwhile_after_s: Annotated[float, Field(ge=0, le=10)] = 0.4
    on_found: Target | None = None
    """Default: as on_failed."""
    on_not_found: Target | None = None
    """Default: as on_failed."""
    on_failed: Target
    """The way that callers go when the system does not answer in time, or answers nonsense."""

    def refers(self) -> Iterator[tuple[Location, str, str]]:
        """Name the system."""
        yield ("lookup",), "lookup", self.lookup

    def edges(self) -> Iterator[Edge]:
        """Give what may come of the question."""
        others = {"found": self.on_found, "not found": self.on_not_found}
        for label, target in others.items():
            if target is not None:
                yield Edge((f"on_{label.replace(' ', '_')}",), label, target, Pace.INSTANT)
        label = "else" if None in others.values() else "failed"
        yield Edge(("on_failed",), label, self.on_failed, Pace.INSTANT)

    def prompts(self) -> Iterator[tuple[Location, str]]:
        """Give what is said meanwhile."""
        yield from ((("meanwhile",), prompt) for prompt in self.meanwhile or ())

    def heard(self) -> tuple[str, ...]:
        """Give what is said meanwhile."""
        return self.meanwhile or ()

    def reads(self) -> Iterator[tuple[Location, str]]:
        """Give what is sent."""
        for key in ("send", "send_secret"):
            yield from (((key, number), name) for number, name in enumerate(getattr(self, key)))

    def writes(self) -> tuple[str, ...]:
        """Give what the answer may set."""
        return ("queue", "agent", *self.take)
