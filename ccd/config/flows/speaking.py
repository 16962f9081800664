"""Nodes that speak, and the one that says goodbye: play, say, language, hangup."""

from collections.abc import Iterator
from enum import StrEnum
from typing import Literal, Self

from pydantic import model_validator

from ccd.config.flow_values import PromptList, PromptName, Target, Text, placeholders
from ccd.config.flows.node import Edge, Node, Pace, Translate
from ccd.config.problems import Location
from ccd.config.told import told


class SayKind(StrEnum):
    """How a value is read out."""

    NUMBER = "number"
    DIGITS = "digits"
    DATE = "date"
    TIME = "time"


class Play(Node):
    """Say prompts: `{play: [welcome, news], barge_in: false, next: menu}`; one prompt needs no list."""

    kind = "play"

    play: PromptList
    barge_in: bool = True
    """A digit cuts it short and counts for the next menu."""
    next: Target | None = None

    def edges(self) -> Iterator[Edge]:
        """Go on."""
        yield Edge(("next",), "", self.next, Pace.INSTANT)

    def prompts(self) -> Iterator[tuple[Location, str]]:
        """Give what is played."""
        yield from ((("play",), prompt) for prompt in self.play)

    def heard(self) -> tuple[str, ...]:
        """Give what is played."""
        return self.play

    def summary(self, _: Translate, /) -> str:
        """Name the prompts."""
        return " ".join(self.play)


class Say(Node):
    """Read a value out: `{say: number, value: "{balance}", next: menu}`; dates and times are of now."""

    kind = "say"

    say: SayKind
    value: Text | None = None
    """What is read; not for date and time."""
    barge_in: bool = True
    next: Target | None = None

    @model_validator(mode="after")
    def _has_value(self) -> Self:
        wants = self.say in {SayKind.NUMBER, SayKind.DIGITS}
        if wants and self.value is None:
            raise told(
                f"say: {self.say} has no value",
                'give it one, e.g. value: "{caller}"',
                f"say: {self.say} 缺少 value",
                '请给出，例如 value: "{caller}"',
            )
        if not wants and self.value is not None:
            raise told(
                f"say: {self.say} says the present {self.say}",
                "leave value out",
                f"say: {self.say} 播报当前日期或时间",
                "去掉 value",
            )
        return self

    def edges(self) -> Iterator[Edge]:
        """Go on."""
        yield Edge(("next",), "", self.next, Pace.INSTANT)

    def reads(self) -> Iterator[tuple[Location, str]]:
        """Give the variables in the value."""
        yield from ((("value",), name) for name in placeholders(self.value or ""))

    def summary(self, word: Translate, /) -> str:
        """Tell how what is read."""
        return f"{word(self.say)} {self.value or ''}".rstrip()


class Language(Node):
    """Change the caller's language: `{language: zh, next: menu}`; `other` swaps English and Chinese."""

    kind = "language"

    language: Literal["en", "zh", "other"]
    next: Target | None = None

    def edges(self) -> Iterator[Edge]:
        """Go on."""
        yield Edge(("next",), "", self.next, Pace.INSTANT)

    def summary(self, word: Translate, /) -> str:
        """Name the language."""
        return word(self.language)


class Hangup(Node):
    """End the call: `{hangup: goodbye}` says goodbye first, `{hangup: null}` does not."""

    kind = "hangup"
    may_end = True

    hangup: PromptName | None

    def prompts(self) -> Iterator[tuple[Location, str]]:
        """Give the goodbye."""
        if self.hangup:
            yield ("hangup",), self.hangup

    def heard(self) -> tuple[str, ...]:
        """Give the goodbye."""
        return (self.hangup,) if self.hangup else ()

    def summary(self, _: Translate, /) -> str:
        """Name the goodbye."""
        return self.hangup or ""
