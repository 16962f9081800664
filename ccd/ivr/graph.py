"""A flow as a graph: which branches leave a node, and what has to happen before they are taken."""

from collections.abc import Iterator
from enum import Enum, auto
from typing import NamedTuple

from ccd.config.flow_values import placeholders
from ccd.config.flows import (
    AskHours,
    AskSurvey,
    Branch,
    Collect,
    Dial,
    Goto,
    Hangup,
    Language,
    Menu,
    Node,
    Play,
    Queue,
    Say,
    Set,
)
from ccd.config.problems import Location


class Pace(Enum):
    """What a branch waits for."""

    INSTANT = auto()
    """Nothing but prompts."""
    SILENT = auto()
    """A timeout: the caller need not be there at all."""
    PRESSED = auto()
    """A key."""
    WAITED = auto()
    """A stay in a queue, ringing, a talk."""


class Edge(NamedTuple):
    """One branch of a node; without a target it ends the call."""

    key: Location
    """Its path within the node, e.g. `("choices", "1")`."""
    label: str
    """What leads along it, e.g. `1`, `timeout`."""
    target: str | None
    pace: Pace


def edges(node: Node) -> tuple[Edge, ...]:
    """List the branches of a node in the order in which people think of them."""
    return tuple(_edges(node))


def _edges(node: Node) -> Iterator[Edge]:
    match node:
        case Play() | Say() | Set() | Language():
            yield Edge(("next",), "", node.next, Pace.INSTANT)
        case AskSurvey():
            yield Edge(("next",), "", node.next, Pace.SILENT)
        case Goto():
            yield Edge(("goto",), "", node.goto, Pace.INSTANT)
        case Menu():
            yield from (Edge(("choices", key), key, to, Pace.PRESSED) for key, to in node.choices.items())
            yield from _failures(node)
        case Collect():
            yield Edge(("next",), "entered", node.next, Pace.PRESSED)
            yield from _failures(node)
        case AskHours():
            yield from _hours(node)
        case Branch():
            yield from _cases(node)
        case Queue():
            yield Edge(("on_answered",), "answered", node.on_answered, Pace.WAITED)
            yield Edge(("on_timed_out",), "timed out", node.on_timed_out, Pace.WAITED)
            yield Edge(("on_full",), "full", node.on_full, Pace.INSTANT)
            yield Edge(("on_empty",), "empty", node.on_empty, Pace.INSTANT)
            yield Edge(("on_failed",), "failed", node.on_failed, Pace.INSTANT)
        case Dial():
            yield Edge(("on_answered",), "answered", node.on_answered, Pace.WAITED)
            yield Edge(("on_busy",), "busy", node.on_busy, Pace.INSTANT)
            yield Edge(("on_no_answer",), "no answer", node.on_no_answer, Pace.WAITED)
            yield Edge(("on_failed",), "failed", node.on_failed, Pace.INSTANT)


def _failures(node: Menu | Collect) -> Iterator[Edge]:
    """Give the branches of a caller who presses nothing, or nothing right; one may serve for both."""
    if node.on_timeout is None and node.on_invalid is not None:
        yield Edge(("on_invalid",), "timeout, invalid", node.on_invalid, Pace.SILENT)
    elif node.on_invalid is None:
        yield Edge(("on_timeout",), "timeout, invalid", node.on_timeout, Pace.SILENT)
    else:
        yield Edge(("on_timeout",), "timeout", node.on_timeout, Pace.SILENT)
        yield Edge(("on_invalid",), "invalid", node.on_invalid, Pace.PRESSED)


def _hours(node: AskHours) -> Iterator[Edge]:
    yield Edge(("on_open",), "open", node.on_open, Pace.INSTANT)
    if node.on_holiday is None:
        yield Edge(("on_closed",), "closed, holiday", node.on_closed, Pace.INSTANT)
    else:
        yield Edge(("on_closed",), "closed", node.on_closed, Pace.INSTANT)
        yield Edge(("on_holiday",), "holiday", node.on_holiday, Pace.INSTANT)


def _cases(node: Branch) -> Iterator[Edge]:
    for number, case in enumerate(node.cases):
        yield Edge(("cases", number, "next"), case.label, case.next, Pace.INSTANT)
    yield Edge(("default",), "else", node.default, Pace.INSTANT)


def prompts_of(node: Node) -> Iterator[tuple[Location, str]]:
    """List the prompts that a node names, each with its key."""
    match node:
        case Play():
            yield from ((("play",), prompt) for prompt in node.play)
        case Menu() | Collect():
            key, named = ("menu", node.menu) if isinstance(node, Menu) else ("prompt", node.prompt)
            yield from (((key,), prompt) for prompt in named)
            yield from (((key,), prompt) for key, prompt in _asides(node) if prompt)
        case Hangup(hangup=str(prompt)):
            yield ("hangup",), prompt
        case _:
            return


def _asides(node: Menu | Collect) -> Iterator[tuple[str, str | None]]:
    yield "invalid", node.invalid
    yield "no_input", node.no_input


def variables_read(node: Node) -> Iterator[tuple[Location, str]]:
    """List the variables that a node reads, each with its key."""
    match node:
        case Say(value=str(value)):
            yield from ((("value",), name) for name in placeholders(value))
        case Set():
            yield from ((("set", key), name) for key, text in node.set.items() for name in placeholders(text))
        case Branch():
            yield ("branch",), node.branch
        case _:
            return


def variables_written(node: Node) -> tuple[str, ...]:
    """List the variables that a node gives a value."""
    match node:
        case Set():
            return tuple(node.set)
        case Collect():
            return (node.collect,)
        case _:
            return ()
