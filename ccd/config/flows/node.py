"""What all kinds of node share: how a kind tells its branches, its prompts and its variables.

Whatever asks about a flow without walking it (the check, the drawing, the list of missing prompts) asks the
nodes themselves: a kind says all of it where it is defined.
"""

from collections.abc import Callable, Iterable, Iterator
from enum import Enum, auto
from typing import ClassVar, NamedTuple

from ccd.config.base import Section
from ccd.config.problems import Location

Translate = Callable[[str], str]
"""Gives an English word of a drawing in the reader's language."""


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
    """What leads along it, e.g. `1`, `timeout`; the drawing has the Chinese words."""
    target: str | None
    pace: Pace


def case_edges(cases: Iterable[tuple[str, str]], default: str) -> Iterator[Edge]:
    """Give the branches of cases, each by what holds there and where it leads; then the default."""
    for number, (label, target) in enumerate(cases):
        yield Edge(("cases", number, "next"), label, target, Pace.INSTANT)
    yield Edge(("default",), "else", default, Pace.INSTANT)


class Node(Section):
    """One node. A kind says in these methods what the check and the drawing ask of it."""

    kind: ClassVar[str]
    """The key that names the kind; its value says what the node is about."""
    may_end: ClassVar[bool] = False
    """A call may well end here: the node is an exit of a menu."""
    many_branches: ClassVar[bool] = False
    """It has many branches, most often left to their defaults: the drawing leaves those out."""

    def edges(self) -> Iterator[Edge]:
        """Give the branches in the order in which people think of them."""
        yield from ()

    def prompts(self) -> Iterator[tuple[Location, str]]:
        """Give the prompts that the node names, each with its key."""
        yield from ()

    def heard(self) -> tuple[str, ...]:
        """Give the prompts that callers hear first at the node."""
        return ()

    def refers(self) -> Iterator[tuple[Location, str, str]]:
        """Give what else the node names: its key, of what sort (`queue`, `survey`, …), its name."""
        yield from ()

    def reads(self) -> Iterator[tuple[Location, str]]:
        """Give the variables that the node reads, each with its key."""
        yield from ()

    def writes(self) -> tuple[str, ...]:
        """Give the variables to which the node gives a value."""
        return ()

    def summary(self, _: Translate, /) -> str:
        """Say in a few words what the node is about, for the drawing; what is no name is translated."""
        return str(getattr(self, self.kind))
