"""The node that promises something for later: callback."""

from collections.abc import Iterator

from ccd.config.base import Name
from ccd.config.flow_values import Target
from ccd.config.flows.node import Edge, Node, Pace
from ccd.config.problems import Location


class AskCallback(Node):
    """Offer a call back: `{callback: sales, next: bye, on_refused: menu}`.

    The caller confirms their number or enters another one; whoever had been waiting in the queue keeps their
    place in it, others have the place of now. How it is done is said in the queue's `callback`.
    """

    kind = "callback"
    may_end = True

    callback: Name
    """The queue whose agents call back."""
    next: Target | None = None
    """Behind the promise."""
    on_refused: Target | None = None
    """Nothing was promised: no number that may be called, or the caller wanted none. Default: words, then
    the end."""

    def refers(self) -> Iterator[tuple[Location, str, str]]:
        """Name the queue."""
        yield ("callback",), "queue", self.callback

    def edges(self) -> Iterator[Edge]:
        """Give both ends."""
        yield Edge(("next",), "promised", self.next, Pace.INSTANT)
        yield Edge(("on_refused",), "refused", self.on_refused, Pace.INSTANT)
