"""All that a walk looks up: flows, surveys, calendars. A reload makes a new book; a walk keeps its own."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import tzinfo

from ccd.config.flows import AnyNode, Flow, Queue
from ccd.config.hours import Hours
from ccd.config.surveys import Survey
from ccd.ivr.ports import Place

_STRAIGHT = "queue/"
"""No configured flow can be called so: names hold no slash."""
_QUEUE_NODE = "queue"


def straight_to_queue(queue: str) -> Flow:
    """Give the flow of a number that goes straight to a queue, with all of a queue node's defaults."""
    return Flow(start=_QUEUE_NODE, nodes={_QUEUE_NODE: Queue(queue=queue)})


def straight_place(queue: str) -> Place:
    """Name the place where such a call begins."""
    return Place(f"{_STRAIGHT}{queue}", _QUEUE_NODE)


def is_straight(flow: str) -> bool:
    """Whether a flow is the implicit one of a number that goes straight to a queue."""
    return flow.startswith(_STRAIGHT)


def resolve(target: str, here: str) -> Place:
    """Find the place that a branch names; `here` is the flow in which it stands."""
    flow, colon, node = target.rpartition(":")
    return Place(flow, node) if colon else Place(here, node)


@dataclass(frozen=True, slots=True, kw_only=True)
class Book:
    """Flows, checked before use (`ccd.ivr.check`), and what they refer to."""

    flows: Mapping[str, Flow]
    timezone: tzinfo
    """Of calendars that name none."""
    hours: Mapping[str, Hours] = field(default_factory=dict)
    surveys: Mapping[str, Survey] = field(default_factory=dict)
    queue_surveys: Mapping[str, str] = field(default_factory=dict)
    """The survey that follows a talk, by queue; queues without one are not in it."""

    def flow(self, name: str) -> Flow | None:
        """Find a flow, an implicit one too."""
        return straight_to_queue(name.removeprefix(_STRAIGHT)) if is_straight(name) else self.flows.get(name)

    def node(self, place: Place) -> AnyNode | None:
        """Find a node; None when the configuration no longer has it."""
        flow = self.flow(place.flow)
        return flow.nodes.get(place.node) if flow else None

    def start(self, name: str) -> Place | None:
        """Say where a flow begins; None when there is no such flow."""
        flow = self.flow(name)
        return Place(name, flow.start) if flow else None
