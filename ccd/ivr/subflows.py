"""Sub-flows as the check sees them: how fast one comes back, whether it does, whether it calls itself."""

from collections.abc import Callable, Iterator, Mapping, Sequence

from ccd.config.flows import CallFlow, Edge, Flow, Node, Pace, Return
from ccd.ivr.ports import Place

Find = Callable[[Place, Edge], Place | None]
"""Gives the node that a branch leads to."""
_QUIET = (Pace.INSTANT, Pace.SILENT)


class SubFlows:
    """The flows that others call, asked about over the graph of all nodes."""

    def __init__(self, flows: Mapping[str, Flow], nodes: Mapping[Place, Node], to: Find) -> None:
        self._flows = flows
        self._nodes = nodes
        self._to = to
        self._known: dict[tuple[str, bool], bool] = {}

    def edges(self, node: Node) -> tuple[Edge, ...]:
        """List the branches of a node; from one that calls a flow a branch leads into that flow, too.

        The branch behind the call is as fast as the other flow: one that asks for a key breaks a circle.
        """
        if not isinstance(node, CallFlow) or (start := self._start(node.call)) is None:
            return tuple(node.edges())
        pace = Pace.INSTANT if self.comes_back(node.call, quietly=True) else Pace.PRESSED
        into = Edge(("call",), "", str(start), Pace.INSTANT)
        return (*(edge._replace(pace=pace) for edge in node.edges()), into)

    def comes_back(self, flow: str, *, quietly: bool = False) -> bool:
        """Whether a `return` is reached from a flow's start; `quietly`: without a key from the caller."""
        key = flow, quietly
        if key not in self._known:
            self._known[key] = False  # a flow that calls itself does not come back by that
            self._known[key] = any(
                isinstance(self._nodes[place], Return) for place in self._walk(flow, quietly=quietly)
            )
        return self._known[key]

    def calls_itself(self, place: Place, node: CallFlow) -> bool:
        """Whether the flow that a node calls leads back to the node without having returned."""
        return place in set(self._walk(node.call, into_calls=True))

    def _start(self, name: str) -> Place | None:
        flow = self._flows.get(name)
        start = Place(name, flow.start) if flow is not None else None
        return start if start in self._nodes else None

    def _walk(self, flow: str, *, quietly: bool = False, into_calls: bool = False) -> Iterator[Place]:
        """Give the nodes that are reached from a flow's start."""
        start = self._start(flow)
        todo, seen = [start] if start is not None else [], set[Place]()
        while todo:
            place = todo.pop()
            if place in seen:
                continue
            seen.add(place)
            yield place
            todo += self._next(place, quietly=quietly, into_calls=into_calls)

    def _next(self, place: Place, *, quietly: bool, into_calls: bool) -> Sequence[Place]:
        node = self._nodes[place]
        ways = [edge for edge in node.edges() if not quietly or edge.pace in _QUIET]
        if isinstance(node, CallFlow) and not self.comes_back(node.call, quietly=quietly):
            ways = []
        found = [to for edge in ways if (to := self._to(place, edge)) is not None]
        if into_calls and isinstance(node, CallFlow) and (start := self._start(node.call)) is not None:
            found.append(start)
        return found
