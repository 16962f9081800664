"""Nodes that are passed in no time and decide where it goes on: hours, set, branch, goto."""

from collections.abc import Iterator
from typing import Annotated, Self

from pydantic import AfterValidator, Field, model_validator

from ccd.config.base import Name, Section
from ccd.config.flow_values import OwnVariable, Target, Text, Variable, Word, not_empty, placeholders
from ccd.config.flows.node import Edge, Node, Pace, Translate, case_edges
from ccd.config.problems import Location
from ccd.config.told import told


class AskHours(Node):
    """Branch by a calendar: `{hours: office, on_open: menu, on_closed: closed, on_holiday: holiday}`."""

    kind = "hours"

    hours: Name
    on_open: Target
    on_closed: Target
    on_holiday: Target | None = None
    """Default: as on_closed."""

    def refers(self) -> Iterator[tuple[Location, str, str]]:
        """Name the calendar."""
        yield ("hours",), "calendar", self.hours

    def edges(self) -> Iterator[Edge]:
        """Give what the calendar may answer."""
        yield Edge(("on_open",), "open", self.on_open, Pace.INSTANT)
        if self.on_holiday is None:
            yield Edge(("on_closed",), "closed, holiday", self.on_closed, Pace.INSTANT)
        else:
            yield Edge(("on_closed",), "closed", self.on_closed, Pace.INSTANT)
            yield Edge(("on_holiday",), "holiday", self.on_holiday, Pace.INSTANT)


class Set(Node):
    """Set variables of the call: `{set: {reason: "billing", number: "{caller}"}, next: menu}`."""

    kind = "set"

    set: Annotated[dict[OwnVariable, Text], Field(min_length=1)]
    next: Target | None = None

    def edges(self) -> Iterator[Edge]:
        """Go on."""
        yield Edge(("next",), "", self.next, Pace.INSTANT)

    def reads(self) -> Iterator[tuple[Location, str]]:
        """Give the variables in the texts."""
        yield from ((("set", key), name) for key, text in self.set.items() for name in placeholders(text))

    def writes(self) -> tuple[str, ...]:
        """Give what is set."""
        return tuple(self.set)

    def summary(self, _: Translate, /) -> str:
        """Write the assignments."""
        return ", ".join(f'{name} = "{text}"' for name, text in self.set.items())


class Case(Section):
    """One test of a branch, of exactly one sort: `equals`, `prefix` or `in`."""

    equals: Word | None = None
    prefix: Word | None = None
    one_of: tuple[Word, ...] | None = Field(default=None, alias="in")
    next: Target

    @model_validator(mode="after")
    def _one_sort(self) -> Self:
        if sum(test is not None for test in (self.equals, self.prefix, self.one_of)) != 1:
            raise told(
                "a case has one test",
                "write exactly one of equals, prefix, in",
                "每个 case 只有一个条件",
                "只写 equals、prefix、in 之一",
            )
        return self

    @property
    def label(self) -> str:
        """The test in a few characters, for people: `138…`, `= 1001`, `1001, 1002`."""
        if self.prefix is not None:
            return f"{self.prefix}…"
        return f"= {self.equals}" if self.equals is not None else ", ".join(self.one_of or ())

    def holds(self, value: str) -> bool:
        """Whether the variable's value passes the test."""
        if self.equals is not None:
            return value == self.equals
        if self.prefix is not None:
            return value.startswith(self.prefix)
        return value in (self.one_of or ())


class Branch(Node):
    """Go on by a variable, the caller's or the dialled number, the language.

    `{branch: caller, cases: [{prefix: "138", next: mobile}, {in: ["1001"], next: staff}], default: menu}`
    """

    kind = "branch"

    branch: Variable
    cases: Annotated[tuple[Case, ...], AfterValidator(not_empty)]
    default: Target

    def edges(self) -> Iterator[Edge]:
        """Give the cases in order, then the default."""
        yield from case_edges(((case.label, case.next) for case in self.cases), self.default)

    def reads(self) -> Iterator[tuple[Location, str]]:
        """Give the variable that decides."""
        yield ("branch",), self.branch


class Goto(Node):
    """Go on elsewhere: `{goto: menu}` or `{goto: "main:menu"}`."""

    kind = "goto"

    goto: Target

    def edges(self) -> Iterator[Edge]:
        """Go on there."""
        yield Edge(("goto",), "", self.goto, Pace.INSTANT)
