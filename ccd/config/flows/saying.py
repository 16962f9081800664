"""The node that reads a value out: numbers, money, digits, telephone numbers, dates, times, durations."""

from collections.abc import Iterator
from enum import StrEnum
from typing import Self

from pydantic import model_validator

from ccd.config.flow_values import Target, Text, placeholders
from ccd.config.flows.node import Edge, Node, Pace, Translate
from ccd.config.problems import Location
from ccd.config.told import told


class SayKind(StrEnum):
    """How a value is read out."""

    NUMBER = "number"
    ORDINAL = "ordinal"
    MONEY = "money"
    DIGITS = "digits"
    PHONE = "phone"
    DATE = "date"
    TIME = "time"
    DATETIME = "datetime"
    DURATION = "duration"


class Currency(StrEnum):
    """A currency whose amounts can be said, by its ISO 4217 code."""

    CNY = "CNY"
    USD = "USD"
    EUR = "EUR"
    GBP = "GBP"
    HKD = "HKD"
    TWD = "TWD"
    JPY = "JPY"
    KRW = "KRW"
    SGD = "SGD"
    AUD = "AUD"
    CAD = "CAD"


_OF_NOW = frozenset({SayKind.DATE, SayKind.TIME, SayKind.DATETIME})
_WITH_DATE = frozenset({SayKind.DATE, SayKind.DATETIME})


class Say(Node):
    """Read a value out: `{say: money, value: "{balance}", currency: CNY, next: menu, on_invalid: agent}`.

    `number` (with decimals), `ordinal`, `money`, `digits`, `phone` and `duration` (seconds) want a value.
    `date`, `time` and `datetime` read one as ISO 8601 (`2026-10-01`, `14:05`, `2026-10-01T14:05+08:00`);
    without one they are of now.
    """

    kind = "say"

    say: SayKind
    value: Text | None = None
    """What is read; dates and times may leave it out for now."""
    currency: Currency | None = None
    """Of money. Default: CNY."""
    relative: bool = False
    """Of date and datetime: yesterday, today and tomorrow are said so."""
    year: bool | None = None
    """Of date and datetime: whether the year is said. Default: when it is not the present one."""
    barge_in: bool = True
    next: Target | None = None
    on_invalid: Target | None = None
    """Where a value leads that cannot be read so. Default: nothing is said, and `next`."""

    @model_validator(mode="after")
    def _has_value(self) -> Self:
        if self.say not in _OF_NOW and self.value is None:
            raise told(
                f"say: {self.say} has no value",
                'give it one, e.g. value: "{caller}"',
                f"say: {self.say} 缺少 value",
                '请给出，例如 value: "{caller}"',
            )
        return self

    @model_validator(mode="after")
    def _options_fit(self) -> Self:
        fitting = {"currency": self.say is SayKind.MONEY}
        fitting |= dict.fromkeys(("relative", "year"), self.say in _WITH_DATE)
        for key, fits in fitting.items():
            if key in self.model_fields_set and not fits:
                raise told(
                    f"say: {self.say} has no {key}",
                    "leave it out; currency is for money, relative and year are for date and datetime",
                    f"say: {self.say} 没有 {key}",
                    "请去掉；currency 用于 money，relative 和 year 用于 date 和 datetime",
                )
        return self

    def edges(self) -> Iterator[Edge]:
        """Go on; a value that cannot be read may have a branch of its own."""
        if self.on_invalid is None:
            yield Edge(("next",), "", self.next, Pace.INSTANT)
            return
        yield Edge(("next",), "said", self.next, Pace.INSTANT)
        yield Edge(("on_invalid",), "invalid", self.on_invalid, Pace.INSTANT)

    def reads(self) -> Iterator[tuple[Location, str]]:
        """Give the variables in the value."""
        yield from ((("value",), name) for name in placeholders(self.value or ""))

    def summary(self, word: Translate, /) -> str:
        """Tell how what is read."""
        return " ".join(filter(None, (word(self.say), self.value, self.currency)))
