"""Nodes that speak prompts, and the one that says goodbye: play, language, hangup."""

from collections.abc import Iterator
from typing import Literal

from ccd.config.flow_values import PromptList, PromptName, Target
from ccd.config.flows.node import Edge, Node, Pace, Translate
from ccd.config.problems import Location


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
