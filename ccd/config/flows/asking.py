"""Nodes that wait for the caller's keys: menu, collect, survey."""

from collections.abc import Iterator
from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from ccd.config.base import Name
from ccd.config.flow_values import Key, OwnVariable, PromptList, PromptName, Target, Wait
from ccd.config.flows.node import Edge, Node, Pace, Translate
from ccd.config.problems import Location
from ccd.config.told import told


def failures(on_timeout: str | None, on_invalid: str | None) -> Iterator[Edge]:
    """Give the branches of a caller who presses nothing, or nothing right; one may serve for both."""
    if on_timeout is None and on_invalid is not None:
        yield Edge(("on_invalid",), "timeout, invalid", on_invalid, Pace.SILENT)
    elif on_invalid is None:
        yield Edge(("on_timeout",), "timeout, invalid", on_timeout, Pace.SILENT)
    else:
        yield Edge(("on_timeout",), "timeout", on_timeout, Pace.SILENT)
        yield Edge(("on_invalid",), "invalid", on_invalid, Pace.PRESSED)


def check_lengths(shortest: int, longest: int) -> None:
    """Refuse an entry that could not be long enough and short enough."""
    if shortest > longest:
        raise told(
            f"min: {shortest} is more than max: {longest}",
            "exchange them",
            f"min: {shortest} 大于 max: {longest}",
            "请对调",
        )


def asides(invalid: str | None, no_input: str | None) -> Iterator[tuple[Location, str]]:
    """Give the prompts that are said between two tries."""
    yield from (((key,), prompt) for key, prompt in (("invalid", invalid), ("no_input", no_input)) if prompt)


class Menu(Node):
    """Let the caller choose by one digit.

    `{menu: main-menu, choices: {"1": sales, "2": support}, tries: 3, timeout_s: 5, on_timeout: operator}`

    After `tries` rounds the kind of the last failure decides: `on_timeout` or `on_invalid`. Where only one
    of the two is given it serves for both.
    """

    kind = "menu"

    menu: PromptList
    choices: Annotated[dict[Key, Target], Field(min_length=1)]
    barge_in: bool = True
    """A digit may be pressed while the menu is said."""
    tries: int = Field(default=3, ge=1, le=10)
    timeout_s: Wait = 5.0
    invalid: PromptName | None = "invalid-choice"
    """Said after a wrong digit."""
    no_input: PromptName | None = None
    """Said when nothing was pressed."""
    on_timeout: Target | None = None
    on_invalid: Target | None = None

    def edges(self) -> Iterator[Edge]:
        """Give the choices, then the failures."""
        yield from (Edge(("choices", key), key, to, Pace.PRESSED) for key, to in self.choices.items())
        yield from failures(self.on_timeout, self.on_invalid)

    def prompts(self) -> Iterator[tuple[Location, str]]:
        """Give the menu and what is said after a failure."""
        yield from ((("menu",), prompt) for prompt in self.menu)
        yield from asides(self.invalid, self.no_input)

    def heard(self) -> tuple[str, ...]:
        """Give the menu."""
        return self.menu

    def summary(self, word: Translate, /) -> str:
        """Tell how long and how often."""
        return f"{' '.join(self.menu)}, {self.tries} × {self.timeout_s:g} {word('s')}"


class Collect(Node):
    """Take digits into a variable: `{collect: account, prompt: enter-account, min: 4, max: 12, next: found}`.

    Entry ends at `max` digits, at the terminator, or after `timeout_s` of silence; `*` or `#`, whichever is
    not the terminator, starts it over. Failures branch as a menu's do.
    """

    kind = "collect"

    collect: OwnVariable
    prompt: PromptList
    min: int = Field(default=1, ge=1, le=40)
    max: int = Field(default=20, ge=1, le=40)
    terminator: Literal["#", "*", ""] = "#"
    mask: bool = False
    """Digits are secret: the record shows asterisks."""
    barge_in: bool = True
    tries: int = Field(default=3, ge=1, le=10)
    timeout_s: Wait = 5.0
    invalid: PromptName | None = "invalid-entry"
    no_input: PromptName | None = None
    next: Target | None = None
    on_timeout: Target | None = None
    on_invalid: Target | None = None

    @model_validator(mode="after")
    def _lengths(self) -> Self:
        check_lengths(self.min, self.max)
        return self

    def edges(self) -> Iterator[Edge]:
        """Go on with an entry, or by how it failed."""
        yield Edge(("next",), "entered", self.next, Pace.PRESSED)
        yield from failures(self.on_timeout, self.on_invalid)

    def prompts(self) -> Iterator[tuple[Location, str]]:
        """Give the question and what is said after a failure."""
        yield from ((("prompt",), prompt) for prompt in self.prompt)
        yield from asides(self.invalid, self.no_input)

    def heard(self) -> tuple[str, ...]:
        """Give the question."""
        return self.prompt

    def writes(self) -> tuple[str, ...]:
        """Give the variable of the entry."""
        return (self.collect,)

    def summary(self, word: Translate, /) -> str:
        """Tell the variable and the length."""
        return f"{self.collect}, {self.min}–{self.max} {word('digits')}"


class AskSurvey(Node):
    """Ask for a rating: `{survey: satisfaction, next: bye}`."""

    kind = "survey"

    survey: Name
    next: Target | None = None

    def refers(self) -> Iterator[tuple[Location, str, str]]:
        """Name the survey."""
        yield ("survey",), "survey", self.survey

    def edges(self) -> Iterator[Edge]:
        """Go on, with an answer or without."""
        yield Edge(("next",), "", self.next, Pace.SILENT)
