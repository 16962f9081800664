"""What is wrong with flows, found before any caller does: all problems at once, each at the key to change."""

import difflib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from graphlib import CycleError, TopologicalSorter

from ccd.config.flow_values import BUILT_IN
from ccd.config.flows import AskHours, AskSurvey, Dial, Flow, Hangup, Menu, Node, Queue
from ccd.config.surveys import Survey
from ccd.ivr.book import resolve
from ccd.ivr.graph import Edge, Pace, edges, prompts_of, variables_read, variables_written
from ccd.ivr.ports import Place


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """One thing to change in the configuration."""

    path: str
    """The key, e.g. `flows.main.nodes.menu.choices.1`."""
    message: str
    remedy: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """What flows may refer to."""

    queues: frozenset[str] = frozenset()
    surveys: frozenset[str] = frozenset()
    hours: frozenset[str] = frozenset()
    prompts: frozenset[str] | None = None
    """Ids of the manifest and of the prompt folder; None: not looked at."""


def check_flows(flows: Mapping[str, Flow], known: Known) -> list[Problem]:
    """List all problems of all flows, those of one flow together, in the order of the configuration."""
    return _Checker(flows, known).problems()


def check_surveys(surveys: Mapping[str, Survey], known: Known) -> list[Problem]:
    """List the prompts that surveys name and nothing says."""
    problems: list[Problem] = []
    for name, survey in surveys.items():
        asides = [
            (key, prompt)
            for key, prompt in (("invalid", survey.invalid), ("thanks", survey.thanks))
            if prompt
        ]
        for key, prompt in [*(("prompt", prompt) for prompt in survey.prompt), *asides]:
            problems += _missing("prompt", prompt, known.prompts, f"surveys.{name}.{key}")
    return problems


def _path(place: Place, key: str = "") -> str:
    return f"flows.{place.flow}.nodes.{place.node}" + (f".{key}" if key else "")


def _missing(kind: str, name: str, there: Iterable[str] | None, path: str) -> Iterator[Problem]:
    """Complain of a name that nothing has, with the nearest one that something has."""
    if there is None or name in (names := sorted(there)):
        return
    near = difflib.get_close_matches(name, names, n=1)
    if near:
        remedy = f"did you mean {near[0]}?"
    elif kind == "prompt":
        remedy = f"add {name} to the prompt manifest, or put {name}.wav into the prompt folder's en and zh"
    else:
        remedy = f"known are: {', '.join(names[:20])}" if names else f"there is none yet; add a {kind} {name}"
    yield Problem(path=path, message=f"there is no {kind} {name!r}", remedy=remedy)


class _Checker:
    """All flows as one graph, and the questions that are put to it."""

    def __init__(self, flows: Mapping[str, Flow], known: Known) -> None:
        self._flows = flows
        self._known = known
        self._nodes = {
            Place(name, node): model for name, flow in flows.items() for node, model in flow.nodes.items()
        }
        self._edges = {place: edges(node) for place, node in self._nodes.items()}
        self._written = set(BUILT_IN).union(*map(variables_written, self._nodes.values()))

    def problems(self) -> list[Problem]:
        found = [
            *self._starts(),
            *(problem for place, node in self._nodes.items() for problem in self._names(place, node)),
            *self._unreachable(),
            *self._endless(),
            *self._menus_without_exit(),
        ]
        order = {name: index for index, name in enumerate(self._flows)}
        return sorted(found, key=lambda problem: order[problem.path.split(".")[1]])

    def _to(self, place: Place, edge: Edge) -> Place | None:
        """Give the node that a branch leads to; None when it ends the call or leads nowhere."""
        to = resolve(edge.target, place.flow) if edge.target else None
        return to if to in self._nodes else None

    def _starts(self) -> Iterator[Problem]:
        for name, flow in self._flows.items():
            yield from _missing("node", flow.start, flow.nodes, f"flows.{name}.start")

    def _names(self, place: Place, node: Node) -> Iterator[Problem]:
        """Look up everything that a node refers to by name."""
        for edge in self._edges[place]:
            if edge.target is not None:
                yield from self._target(resolve(edge.target, place.flow), _path(place, edge.key))
        match node:
            case Queue():
                yield from _missing("queue", node.queue, self._known.queues, _path(place, "queue"))
            case AskSurvey():
                yield from _missing("survey", node.survey, self._known.surveys, _path(place, "survey"))
            case AskHours():
                yield from _missing("calendar of hours", node.hours, self._known.hours, _path(place, "hours"))
            case _:
                pass
        for key, prompt in prompts_of(node):
            yield from _missing("prompt", prompt, self._known.prompts, _path(place, key))
        for key, name in variables_read(node):
            if name not in self._written:
                yield Problem(
                    path=_path(place, key),
                    message=f"no node gives the variable {name!r} a value",
                    remedy=f"set or collect it before, or use one of: {', '.join(sorted(self._written))}",
                )

    def _target(self, to: Place, path: str) -> Iterator[Problem]:
        if to.flow in self._flows:
            yield from _missing("node", to.node, self._flows[to.flow].nodes, path)
        else:
            yield from _missing("flow", to.flow, self._flows, path)

    def _unreachable(self) -> Iterator[Problem]:
        """Find nodes to which no branch leads from the start of any flow."""
        todo = [Place(name, flow.start) for name, flow in self._flows.items()]
        reached: set[Place] = set()
        while todo:
            place = todo.pop()
            if place in self._nodes and place not in reached:
                reached.add(place)
                todo += [to for edge in self._edges[place] if (to := self._to(place, edge))]
        for place in self._nodes:
            if place not in reached:
                yield Problem(
                    path=_path(place),
                    message=f"node {place.node!r} is never reached from the start of a flow",
                    remedy="lead a branch to it, or delete it",
                )

    def _endless(self) -> Iterator[Problem]:
        """Find circles that a caller who presses nothing would never leave."""
        for circle in self._circles(Pace.INSTANT, Pace.SILENT):
            waits = any(isinstance(self._nodes[place], Menu) for place in circle)
            way = " → ".join(str(place) for place in (*circle, circle[0]))
            yield Problem(
                path=_path(circle[0]),
                message=f"a caller who presses nothing goes round for ever: {way}",
                remedy="let on_timeout lead out: to a queue, a dial or a hangup node"
                if waits
                else "let one of these nodes lead out, or wait for the caller in a menu or a queue",
            )

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
                yield Problem(
                    path=_path(place, "choices"),
                    message=f"menu {place.node!r} has no exit: every choice comes back to a menu",
                    remedy="let a choice, on_timeout or on_invalid lead to a queue, a dial or a hangup node",
                )

    def _ends(self, place: Place, node: Node) -> bool:
        """Whether the flow may end at a node: unknown targets count, they are reported already."""
        if isinstance(node, Queue | Dial | Hangup):
            return True
        return any(
            self._to(place, edge) is None
            for edge in self._edges[place]
            if edge.target is not None or not edge.key.startswith("on_")
        )
