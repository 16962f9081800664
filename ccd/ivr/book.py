"""All that a walk looks up: flows, surveys, calendars. A reload makes a new book; a walk keeps its own."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import tzinfo
from enum import StrEnum
from typing import Self, assert_never
from zoneinfo import ZoneInfo

from ccd.config import Config
from ccd.config.direct import Direct
from ccd.config.flows import Agent, AnyNode, AskSurvey, Dial, Flow, Queue, Voicemail
from ccd.config.hours import Hours
from ccd.config.queues import Number
from ccd.config.surveys import Survey
from ccd.config.voicemail import Mailbox
from ccd.ivr.ports import Place


class Straight(StrEnum):
    """Flows of one node that no configuration writes: what a number, a transfer leads to without a flow.

    They are called `queue/sales`, `dial/1001`, `outside/10086`; names of configured flows hold no slash.
    """

    QUEUE = "queue"
    DIAL = "dial"
    OUTSIDE = "outside"
    TRANSFER = "transfer"
    """`transfer/1002@sales`: an agent sends the caller to a phone; unanswered they go back to the queue.

    `transfer/1002@agent/1001`: to the agent whom they had called."""
    SURVEY = "survey"

    def place(self, to: str) -> Place:
        """Name the place where a call to `to` begins."""
        return Place(f"{self}/{to}", self.value)

    def flow(self, to: str) -> Flow:
        """Give the flow, with all of the node's defaults."""
        match self:
            case Straight.QUEUE:
                node: Queue | Dial | AskSurvey = Queue(queue=to)
            case Straight.DIAL:
                node = Dial(dial=(to,))
            case Straight.OUTSIDE:
                node = Dial(dial=(to,), outside=True)
            case Straight.TRANSFER:
                return _transfer(*to.split("@"))
            case Straight.SURVEY:
                node = AskSurvey(survey=to)
            case _:
                assert_never(self)
        return Flow(start=self.value, nodes={self.value: node})


def _transfer(phone: str, queue: str) -> Flow:
    """Give the flow of a caller whom an agent sends to a phone; `queue` is the line that they came from."""
    kind, _, agent = queue.partition("/")
    if agent:
        back: Queue | Agent = Agent(agent=agent, when_busy="wait", when_paused="wait")
    else:
        back, kind = Queue(queue=queue), Straight.QUEUE.value
    start = Straight.TRANSFER.value
    node = Dial(dial=(phone,), on_busy=kind, on_no_answer=kind, on_failed=kind)
    return Flow(start=start, nodes={start: node, kind: back})


def given_back(number: str, queue: str) -> Place:
    """Give the place of a caller whom an agent sent to a number, digits only, where nobody took them."""
    kind, slash, _ = queue.partition("/")
    return Place(f"{Straight.TRANSFER}/{number}@{queue}", kind if slash else Straight.QUEUE.value)


AGENT = "agent"
"""Begins the names of flows of numbers that call one agent: `agent/5801`."""
_FALLBACK = "fallback"


def _direct(number: Number, flows: Mapping[str, Flow]) -> Flow:
    """Give the flow of a number that calls one agent."""
    fallback = number.fallback
    nodes: dict[str, AnyNode] = {}
    to = None
    if fallback is not None and fallback.queue is not None:
        to, nodes[_FALLBACK] = _FALLBACK, Queue(queue=fallback.queue)
    elif fallback is not None and fallback.flow is not None:
        to = f"{fallback.flow}:{flows[fallback.flow].start}"
    options = number.model_dump(include=set(Direct.model_fields))
    branches = dict.fromkeys(("on_busy", "on_no_answer", "on_away"), to)
    nodes[AGENT] = Agent.model_validate({"agent": number.agent, **options, **branches})
    return Flow(start=AGENT, nodes=nodes)


_UNSERVED = ("on_timed_out", "on_full", "on_empty", "on_closed", "on_failed")
_MAILBOX_NODE = "voicemail"


def _queue_with_mailbox(queue: str, mailbox: str) -> Flow:
    """Give the flow of a number that goes straight to a queue: whom nobody answers leaves a message."""
    unserved = dict.fromkeys(_UNSERVED, _MAILBOX_NODE)
    nodes = {
        Straight.QUEUE.value: Queue.model_validate({"queue": queue, **unserved}),
        _MAILBOX_NODE: Voicemail(voicemail=mailbox),
    }
    return Flow(start=Straight.QUEUE.value, nodes=nodes)


def is_straight(flow: str) -> bool:
    """Whether a flow is one that no configuration writes."""
    return "/" in flow


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
    country: str = "CN"
    """In which numbers without a country code are dialled."""
    queues: frozenset[str] = frozenset()
    """Queues by name, for those who are sent to one by a variable."""
    queue_surveys: Mapping[str, str] = field(default_factory=dict)
    """The survey that follows a talk, by queue; queues without one are not in it."""
    queue_choices: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    """Where keys lead that are pressed while waiting, by queue."""
    direct: Mapping[str, Flow] = field(default_factory=dict)
    """The flows of numbers that call one agent, by number."""
    mailboxes: Mapping[str, Mailbox] = field(default_factory=dict)
    queue_mailboxes: Mapping[str, str] = field(default_factory=dict)
    """Where those leave a message whom nobody answers, by queue; queues without one are not in it."""

    @classmethod
    def of(cls, config: Config) -> Self:
        """Put together what a configuration has."""
        queues = config.queues
        return cls(
            flows=config.flows,
            timezone=ZoneInfo(config.timezone),
            hours=config.hours,
            surveys=config.surveys,
            country=config.outbound.country,
            queues=frozenset(queues),
            queue_surveys={name: queue.survey for name, queue in queues.items() if queue.survey is not None},
            direct={
                name: _direct(number, config.flows)
                for name, number in config.numbers.items()
                if number.agent is not None
            },
            queue_choices={name: queue.choices for name, queue in queues.items()},
            mailboxes=config.voicemail.mailboxes,
            queue_mailboxes={
                name: queue.voicemail for name, queue in queues.items() if queue.voicemail is not None
            },
        )

    def choices(self, node: Queue) -> Mapping[str, str]:
        """Give where keys lead from a queue node: its own, and those of its queue that it does not have."""
        return {**self.queue_choices.get(node.queue, {}), **node.choices}

    def flow(self, name: str) -> Flow | None:
        """Find a flow, an implicit one too."""
        kind, slash, to = name.partition("/")
        if not slash:
            return self.flows.get(name)
        if kind == AGENT:
            return self.direct.get(to)
        if kind == Straight.QUEUE and (mailbox := self.queue_mailboxes.get(to)) is not None:
            return _queue_with_mailbox(to, mailbox)
        return Straight(kind).flow(to) if kind in set(Straight) else None

    def node(self, place: Place) -> AnyNode | None:
        """Find a node; None when the configuration no longer has it."""
        flow = self.flow(place.flow)
        return flow.nodes.get(place.node) if flow else None

    def start(self, name: str) -> Place | None:
        """Say where a flow begins; None when there is no such flow."""
        flow = self.flow(name)
        return Place(name, flow.start) if flow else None
