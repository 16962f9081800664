"""What is wrong with flows, found before any caller does: all problems at once, each at the key to change."""

import difflib
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from graphlib import CycleError, TopologicalSorter

from ccd.config.flow_values import BUILT_IN, placeholders
from ccd.config.flows import AskCallback, CallFlow, Dial, Edge, Flow, Menu, Node, Pace, Say
from ccd.config.problems import Location
from ccd.config.surveys import Survey
from ccd.config.voicemail import Mailbox
from ccd.ivr.book import resolve
from ccd.ivr.ports import Place
from ccd.ivr.problems import Problem, problem
from ccd.ivr.secrets import given_away, secret_variables
from ccd.ivr.subflows import SubFlows
from ccd.ivr.values import spoken


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """What flows may refer to."""

    queues: frozenset[str] = frozenset()
    callbacks: frozenset[str] = frozenset()
    """Queues that call back."""
    surveys: frozenset[str] = frozenset()
    hours: frozenset[str] = frozenset()
    lookups: frozenset[str] = frozenset()
    lists: frozenset[str] = frozenset()
    mailboxes: frozenset[str] = frozenset()
    prompts: frozenset[str] | None = None
    """Ids of the manifest and of the prompt folder; None: not looked at."""
    choices: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    """Where keys lead from each queue itself."""
    may_dial: Callable[[str], bool] = lambda _number: True
    """Whether the outbound policy lets an outside number be dialled."""

    @property
    def names(self) -> Mapping[str, frozenset[str]]:
        """Give the names by the sort of thing that has them, in the words of `Node.refers`."""
        return {
            "queue": self.queues,
            "survey": self.surveys,
            "calendar": self.hours,
            "lookup": self.lookups,
            "list": self.lists,
            "mailbox": self.mailboxes,
        }


def check_flows(flows: Mapping[str, Flow], known: Known) -> list[Problem]:
    """List all problems of all flows, those of one flow together, in the order of the configuration."""
    return _Checker(flows, known).problems()


def check_named_prompts(named: Iterable[tuple[Location, str]], known: Known) -> list[Problem]:
    """List the prompts that are named anywhere and that there are not."""
    return [each for at, prompt in named for each in _missing("prompt", prompt, known.prompts, at)]


def check_surveys(surveys: Mapping[str, Survey], known: Known) -> list[Problem]:
    """List the prompts that surveys name and nothing says."""
    return [
        problem
        for name, survey in surveys.items()
        for key, prompts in (
            ("prompt", survey.prompt),
            ("invalid", (survey.invalid,)),
            ("thanks", (survey.thanks,)),
        )
        for prompt in prompts
        if prompt is not None
        for problem in _missing("prompt", prompt, known.prompts, ("surveys", name, key))
    ]


def check_queue_prompts(
    queues: Mapping[str, Iterable[tuple[Location, str]]], known: Known
) -> Iterator[Problem]:
    """Give the prompts that queues name, each with its key, and nothing says."""
    for queue, prompts in queues.items():
        for key, prompt in prompts:
            yield from _missing("prompt", prompt, known.prompts, ("queues", queue, *key))


def check_choices(flows: Mapping[str, Flow], known: Known) -> Iterator[Problem]:
    """Give the choices of queues that lead nowhere."""
    for queue, choices in known.choices.items():
        for key, target in choices.items():
            to, at = resolve(target, ""), ("queues", queue, "choices", key)
            if to.flow in flows:
                yield from _missing("node", to.node, flows[to.flow].nodes, at)
            else:
                yield from _missing("flow", to.flow, flows, at)


def check_mailboxes(mailboxes: Mapping[str, Mailbox], known: Known) -> list[Problem]:
    """List the greetings that nothing says, and the queues that there are not."""
    return [
        problem
        for name, box in mailboxes.items()
        for kind, wanted, there, key in (
            ("prompt", (box.greeting,), known.prompts, ("greeting",)),
            ("queue", box.queues, known.queues, ("queues",)),
        )
        for each in wanted
        for problem in _missing(kind, each, there, ("voicemail", "mailboxes", name, *key))
    ]


_ANY_TIME = datetime(2026, 1, 1, tzinfo=UTC)
_MAX_NAMED = 16
_CHINESE = {
    "node": "节点",
    "flow": "流程",
    "queue": "队列",
    "survey": "满意度调查",
    "calendar": "日历",
    "lookup": "业务系统（lookups）",
    "list": "名单",
    "mailbox": "语音信箱",
    "prompt": "提示音",
}


def _at(place: Place, *key: str | int) -> Location:
    return ("flows", place.flow, "nodes", place.node, *key)


def _missing(kind: str, name: str, there: Iterable[str] | None, at: Location) -> Iterator[Problem]:
    """Complain of a name that nothing has, with the nearest one that something has."""
    if there is None or name in (names := sorted(there)):
        return
    near = difflib.get_close_matches(name, names, n=1)
    if near:
        remedy, remedy_zh = f"did you mean {near[0]}?", f"是否想写 {near[0]}?"
    elif kind == "prompt":
        remedy = f"add it to the prompt manifest, or put {name}.wav into the prompt folder's en and zh"
        remedy_zh = f"在提示音清单中添加，或将 {name}.wav 放入提示音目录的 en 和 zh"
    elif names:
        listed = ", ".join(names[:_MAX_NAMED]) + (", …" if len(names) > _MAX_NAMED else "")
        remedy, remedy_zh = f"there are: {listed}", f"可用的有：{listed}"
    else:
        remedy, remedy_zh = "there is none yet; add it", "目前一个也没有，请添加"
    told = {"remedy": remedy, "remedy_zh": remedy_zh}
    yield problem("unknown", at, kind=kind, kind_zh=_CHINESE[kind], name=name, **told)


class _Checker:
    """All flows as one graph, and the questions that are put to it."""

    def __init__(self, flows: Mapping[str, Flow], known: Known) -> None:
        self._flows = flows
        self._known = known
        self._nodes = {
            Place(name, node): model for name, flow in flows.items() for node, model in flow.nodes.items()
        }
        self._sub_flows = SubFlows(flows, self._nodes, self._to)
        self._edges = {place: self._sub_flows.edges(node) for place, node in self._nodes.items()}
        self._written = set(BUILT_IN).union(*(node.writes() for node in self._nodes.values()))
        self._variables = ", ".join(sorted(self._written))

    def problems(self) -> list[Problem]:
        found = [
            *self._starts(),
            *(problem for place, node in self._nodes.items() for problem in self._names(place, node)),
            *(problem for place, node in self._nodes.items() for problem in self._said(place, node)),
            *self._calls(),
            *self._secrets(),
            *self._unreachable(),
            *self._endless(),
            *self._menus_without_exit(),
        ]
        order = {name: index for index, name in enumerate(self._flows)}
        return sorted(found, key=lambda problem: order[str(problem.at[1])])

    def _to(self, place: Place, edge: Edge) -> Place | None:
        """Give the node that a branch leads to; None when it ends the call or leads nowhere."""
        to = resolve(edge.target, place.flow) if edge.target else None
        return to if to in self._nodes else None

    def _starts(self) -> Iterator[Problem]:
        for name, flow in self._flows.items():
            yield from _missing("node", flow.start, flow.nodes, ("flows", name, "start"))

    def _names(self, place: Place, node: Node) -> Iterator[Problem]:
        """Look up everything that a node refers to by name."""
        for edge in self._edges[place]:
            if edge.target is not None:
                yield from self._target(resolve(edge.target, place.flow), _at(place, *edge.key))
        for key, sort, name in node.refers():
            there = self._flows.keys() if sort == "flow" else self._known.names[sort]
            yield from _missing(sort, name, there, _at(place, *key))
        match node:
            case Dial(outside=True, number=number) if not (
                placeholders(number) or self._known.may_dial(number)
            ):
                yield problem("not_let_out", _at(place, "dial"), number=number)
            case AskCallback(callback=queue) if queue in self._known.queues - self._known.callbacks:
                yield problem("no_callback", _at(place, "callback"), queue=queue)
            case _:
                pass
        for key, prompt in node.prompts():
            yield from _missing("prompt", prompt, self._known.prompts, _at(place, *key))
        for key, name in node.reads():
            if name not in self._written:
                yield problem("never_set", _at(place, *key), name=name, variables=self._variables)

    def _said(self, place: Place, node: Node) -> Iterator[Problem]:
        """Read what `say` is given where it is no variable: it can be judged now."""
        if not isinstance(node, Say) or node.value is None or placeholders(node.value):
            return
        if spoken(node, node.value, _ANY_TIME, "en"):
            return
        yield problem("unreadable", _at(place, "value"), value=node.value, say=node.say)

    def _secrets(self) -> Iterator[Problem]:
        """Find where a masked entry would leave the call."""
        secrets = secret_variables(self._nodes.values())
        for place, node in self._nodes.items():
            for key, name in given_away(node, secrets):
                yield problem("given_away", _at(place, *key), name=name)

    def _calls(self) -> Iterator[Problem]:
        """Find flows that are called by themselves, and those that are called and never come back."""
        for place, node in self._nodes.items():
            if not isinstance(node, CallFlow) or node.call not in self._flows:
                continue
            if self._sub_flows.calls_itself(place, node):
                yield problem("calls_itself", _at(place, "call"), flow=node.call)
            elif node.next is not None and not self._sub_flows.comes_back(node.call):
                yield problem("never_returns", _at(place, "call"), flow=node.call)

    def _target(self, to: Place, at: Location) -> Iterator[Problem]:
        if to.flow in self._flows:
            yield from _missing("node", to.node, self._flows[to.flow].nodes, at)
        else:
            yield from _missing("flow", to.flow, self._flows, at)

    def _unreachable(self) -> Iterator[Problem]:
        """Find nodes to which no branch leads from the start of any flow."""
        todo = [Place(name, flow.start) for name, flow in self._flows.items()]
        todo += [resolve(to, "") for choices in self._known.choices.values() for to in choices.values()]
        reached: set[Place] = set()
        while todo:
            place = todo.pop()
            if place in self._nodes and place not in reached:
                reached.add(place)
                todo += [to for edge in self._edges[place] if (to := self._to(place, edge))]
        for place in self._nodes:
            if place not in reached:
                yield problem("never_reached", _at(place), node=place.node)

    def _endless(self) -> Iterator[Problem]:
        """Find circles that a caller who presses nothing would never leave."""
        for circle in self._circles(Pace.INSTANT, Pace.SILENT):
            waits = any(isinstance(self._nodes[place], Menu) for place in circle)
            way = " → ".join(str(place) for place in (*circle, circle[0]))
            yield problem("endless_wait" if waits else "endless", _at(circle[0]), way=way)

    def _circles(self, *paces: Pace) -> Iterator[list[Place]]:
        """Give circles along branches of some paces, each as the places in the order of walking."""
        ahead = {
            place: {to for edge in found if edge.pace in paces and (to := self._to(place, edge))}
            for place, found in self._edges.items()
        }
        order = {place: index for index, place in enumerate(self._nodes)}
        while True:
            try:
                TopologicalSorter(ahead).prepare()
            except CycleError as error:
                # the sorter reads the branches as "comes after": its circle runs backwards, first place twice
                circle: list[Place] = error.args[1][:0:-1]
                first = min(range(len(circle)), key=lambda index: order[circle[index]])
                yield circle[first:] + circle[:first]
                ahead = {place: to - set(circle) for place, to in ahead.items() if place not in circle}
            else:
                return

    def _menus_without_exit(self) -> Iterator[Problem]:
        """Find menus whose ways all come back to menus; that a menu gives up in the end is no exit."""
        out = {place for place, node in self._nodes.items() if self._ends(place, node)}
        while more := {
            place
            for place, found in self._edges.items()
            if place not in out and any(self._to(place, edge) in out for edge in found)
        }:
            out |= more
        for place, node in self._nodes.items():
            if isinstance(node, Menu) and place not in out:
                yield problem("no_exit", _at(place, "choices"), menu=place.node)

    def _ends(self, place: Place, node: Node) -> bool:
        """Whether the flow may end at a node: unknown targets count, they are reported already."""
        if node.may_end:
            return True
        return any(
            self._to(place, edge) is None
            for edge in self._edges[place]
            if edge.target is not None or not str(edge.key[0]).startswith("on_")
        )
