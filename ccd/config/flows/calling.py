"""Sub-flows: a node that goes through another flow and comes back, and the node that comes back."""

from collections.abc import Iterator
from typing import ClassVar

from pydantic import Field

from ccd.config.base import Name
from ccd.config.flow_values import OwnVariable, Target, Text, placeholders
from ccd.config.flows.node import Edge, Node, Pace, Translate
from ccd.config.problems import Location


class CallFlow(Node):
    """Go through another flow, then on: `{call: verify, into: verified, next: menu}`.

    The other flow comes back at its `return` node; the variables are the same here and there. Calls may be
    nested five deep; a flow that leads back into itself is refused.
    """

    kind = "call"

    call: Name
    """The flow."""
    into: OwnVariable | None = None
    """The variable that takes what the other flow returns."""
    next: Target | None = None

    def edges(self) -> Iterator[Edge]:
        """Go on when the other flow is done; how long that takes, the check finds out."""
        yield Edge(("next",), "", self.next, Pace.INSTANT)

    def refers(self) -> Iterator[tuple[Location, str, str]]:
        """Name the flow."""
        yield ("call",), "flow", self.call

    def writes(self) -> tuple[str, ...]:
        """Give the variable of the result."""
        return () if self.into is None else (self.into,)


class Return(Node):
    """Come back to the node that called this flow: `{return: "{verified}"}`, or `{return: null}`.

    At the outermost it goes back to the dialplan that sent the caller here by Gosub; without one the call is
    over.
    """

    kind = "return"
    may_end: ClassVar[bool] = True

    value: Text | None = Field(alias="return")
    """What the calling node's `into` gets."""

    def reads(self) -> Iterator[tuple[Location, str]]:
        """Give the variables in the value."""
        yield from ((("return",), name) for name in placeholders(self.value or ""))

    def summary(self, _: Translate, /) -> str:
        """Give the value."""
        return self.value or ""
