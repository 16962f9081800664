"""The node that decides by a list of callers: list."""

from collections.abc import Iterator

from ccd.config.base import Name
from ccd.config.flow_values import Target, Variable
from ccd.config.flows.node import Edge, Node, Pace
from ccd.config.problems import Location


class AskList(Node):
    """Branch by a list of callers (VIP, blacklist): `{list: vip, on_listed: fast, on_not_listed: menu}`."""

    kind = "list"

    list: Name
    """A key of `lists`; who is on it: `ccd list show`."""
    number: Variable = "caller"
    """The variable that holds the number."""
    on_listed: Target
    on_not_listed: Target

    def edges(self) -> Iterator[Edge]:
        """Give both ways."""
        yield Edge(("on_listed",), "listed", self.on_listed, Pace.INSTANT)
        yield Edge(("on_not_listed",), "not listed", self.on_not_listed, Pace.INSTANT)

    def refers(self) -> Iterator[tuple[Location, str, str]]:
        """Name the list."""
        yield ("list",), "list", self.list

    def reads(self) -> Iterator[tuple[Location, str]]:
        """Give the variable that holds the number."""
        yield ("number",), self.number
