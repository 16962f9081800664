"""The node that lets only those through who know a secret: pin."""

from collections.abc import Iterator
from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from ccd.config.base import Name
from ccd.config.flow_values import (
    OwnVariable,
    PromptList,
    PromptName,
    Target,
    Text,
    Variable,
    Wait,
    placeholders,
)
from ccd.config.flows.asking import check_lengths
from ccd.config.flows.node import Edge, Node, Pace, Translate
from ccd.config.problems import Location
from ccd.config.told import told


class Pin(Node):
    """Ask for a secret and check it: `{pin: pin, equals: "{expected}", on_ok: account, on_wrong: bye}`.

    It is compared with `equals`, or a system of the business is asked (`lookup`), which answers that it has
    found it or not. After `tries` wrong entries the call goes on by on_wrong; after `lock_after` of them,
    over calls, by on_locked for `lock_s` seconds. The variable is masked everywhere.
    """

    kind = "pin"

    pin: OwnVariable
    """The variable that keeps the digits."""
    prompt: PromptList = ("enter-pin",)
    equals: Text | None = None
    """What is right: usually a variable that a lookup has set. Empty is never right."""
    system: Name | None = None
    """Instead of equals: a key of `lookups`, asked with the digits and with what send names."""
    send: Annotated[tuple[Variable, ...], Field(max_length=30)] = ()
    min: int = Field(default=4, ge=1, le=40)
    max: int = Field(default=8, ge=1, le=40)
    terminator: Literal["#", "*", ""] = "#"
    barge_in: bool = True
    tries: int = Field(default=3, ge=1, le=10)
    timeout_s: Wait = 5.0
    wrong: PromptName | None = "wrong-pin"
    """Said after a wrong entry."""
    lock_after: int = Field(default=5, ge=1, le=100)
    """Wrong entries in a row, over calls, after which nobody is asked any more."""
    lock_s: Annotated[float, Field(ge=1, le=86_400)] = 900.0
    lock_by: Text = "{caller}"
    """Whose entries are counted together: the caller's number, or better the account that was entered."""
    on_ok: Target
    on_wrong: Target | None = None
    on_locked: Target | None = None
    """Default: as on_wrong; without one the caller hears why."""
    on_failed: Target | None = None
    """When the system does not answer; default: as on_wrong."""

    @model_validator(mode="after")
    def _sensible(self) -> Self:
        if (self.equals is None) == (self.system is None):
            raise told(
                "a PIN is checked in one way",
                "write exactly one of equals, system",
                "密码只有一种校验方式",
                "只写 equals、system 之一",
            )
        check_lengths(self.min, self.max)
        return self

    def edges(self) -> Iterator[Edge]:
        """Give what may come of it."""
        yield Edge(("on_ok",), "ok", self.on_ok, Pace.PRESSED)
        yield Edge(("on_wrong",), "wrong", self.on_wrong, Pace.SILENT)
        if self.on_locked is not None:
            yield Edge(("on_locked",), "locked", self.on_locked, Pace.INSTANT)
        if self.on_failed is not None:
            yield Edge(("on_failed",), "failed", self.on_failed, Pace.PRESSED)

    def prompts(self) -> Iterator[tuple[Location, str]]:
        """Give the question and what is said after a wrong entry."""
        yield from ((("prompt",), prompt) for prompt in self.prompt)
        if self.wrong:
            yield ("wrong",), self.wrong

    def heard(self) -> tuple[str, ...]:
        """Give the question."""
        return self.prompt

    def refers(self) -> Iterator[tuple[Location, str, str]]:
        """Name the system."""
        if self.system is not None:
            yield ("system",), "lookup", self.system

    def reads(self) -> Iterator[tuple[Location, str]]:
        """Give what is compared, sent, and counted by."""
        yield from ((("equals",), name) for name in placeholders(self.equals or ""))
        yield from ((("send", number), name) for number, name in enumerate(self.send))
        yield from ((("lock_by",), name) for name in placeholders(self.lock_by))

    def writes(self) -> tuple[str, ...]:
        """Give the variable of the digits."""
        return (self.pin,)

    def summary(self, word: Translate, /) -> str:
        """Tell the length and the tries."""
        return f"{self.min}–{self.max} {word('digits')}, {self.tries} ×"
