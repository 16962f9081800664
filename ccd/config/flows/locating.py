"""Nodes that decide by where a number is from and by what time it is: region, time."""

import re
from collections.abc import Iterator
from datetime import date, datetime
from typing import Annotated, Literal, Self

from pydantic import AfterValidator, BeforeValidator, Field, StringConstraints, model_validator

from ccd.config.base import Section, TimeZone
from ccd.config.flow_values import Target, Variable, not_empty
from ccd.config.flows.node import Edge, Node, Translate, case_edges
from ccd.config.hours import DAYS, MINUTES_A_DAY, Days, Range, parse_days
from ccd.config.problems import Location
from ccd.config.shape import Shape
from ccd.config.told import told

Country = Annotated[
    str,
    Shape(r"[A-Z]{2}", "two capital letters, such as CN", "两个大写字母，例如 CN"),
]
Words = Annotated[str, StringConstraints(min_length=1, max_length=64)]
LineKind = Literal["mobile", "fixed", "other"]


def _several(value: object) -> object:
    return (value,) if isinstance(value, str) else value


_One = BeforeValidator(_several)


class RegionCase(Section):
    """One test of a region: everything that is given must hold, of a list one entry."""

    country: Annotated[tuple[Country, ...], _One] = ()
    """ISO codes: CN, HK, US."""
    region: Annotated[tuple[Words, ...], _One] = ()
    """Parts of a province's or a city's name, in Chinese or in English: 浙江, Shanghai."""
    line: LineKind | None = None
    """mobile, fixed or other."""
    next: Target

    @model_validator(mode="after")
    def _tests(self) -> Self:
        if not (self.country or self.region or self.line):
            raise told(
                "a case tests something",
                "write country, region or line",
                "case 需要条件",
                "请写 country、region 或 line",
            )
        return self

    @property
    def label(self) -> str:
        """The test in a few characters, for people."""
        return " ".join((*self.country, *self.region, *((self.line,) if self.line else ())))


class AskRegion(Node):
    """Branch by where a number is from (号码归属地).

    `{region: caller, cases: [{region: [浙江, 上海], next: east}, {country: US, next: us}], default: menu}`

    It also sets the variables country (CN), region (in the caller's language), line (mobile, fixed, other).
    """

    kind = "region"

    region: Variable
    """The variable that holds the number: caller, or one that was collected."""
    cases: Annotated[tuple[RegionCase, ...], Field(max_length=50)] = ()
    default: Target

    def edges(self) -> Iterator[Edge]:
        """Give the cases in order, then the default."""
        yield from case_edges(((case.label, case.next) for case in self.cases), self.default)

    def reads(self) -> Iterator[tuple[Location, str]]:
        """Give the variable that holds the number."""
        yield ("region",), self.region

    def writes(self) -> tuple[str, ...]:
        """Give what is told of the number."""
        return ("country", "region", "line")


_DATE = re.compile(r"(?:(\d{4})-)?(\d{2})-(\d{2})")


def _parse_date(text: str) -> tuple[int | None, int, int]:
    found = _DATE.fullmatch(text.strip())
    wrong = told(
        f"{text!r} is no date",
        'write it like "2026-12-24", or "12-24" for every year',
        f"{text!r} 不是日期",
        '写成 "2026-12-24"，或每年都适用的 "12-24"',
    )
    if found is None:
        raise wrong
    year, month, day = int(found[1] or 2000), int(found[2]), int(found[3])
    try:
        date(year, month, day)
    except ValueError:
        raise wrong from None
    return (year if found[1] else None), month, day


def _check_dates(text: str) -> str:
    first, _, last = text.partition("..")
    ends = [_parse_date(each) for each in ((first, last) if last else (first,))]
    if len({end[0] is None for end in ends}) > 1:
        raise told(
            f"{text!r} has a year on one side only",
            "give both a year, or neither",
            f"{text!r} 只有一边写了年份",
            "两边都写年份，或都不写",
        )
    return text


Dates = Annotated[str, AfterValidator(_check_dates)]
"""`2026-12-24`, `2026-12-24..2026-12-31`, `12-24..01-02` in every year."""


class TimeCase(Section):
    """One test of the time: everything that is given must hold, of a list one entry."""

    at: Annotated[tuple[Range, ...], _One] = ()
    """Times of day: "11:30-13:30"; one that runs past midnight belongs to the day on which it starts."""
    on: Annotated[tuple[Days, ...], _One] = ()
    """Days of the week: mon-fri."""
    dates: Annotated[tuple[Dates, ...], _One] = ()
    """Dates: 2026-12-24, 2026-12-24..2026-12-31, or 12-24..01-02 in every year."""
    next: Target

    @model_validator(mode="after")
    def _tests(self) -> Self:
        if not (self.at or self.on or self.dates):
            raise told(
                "a case tests something", "write at, on or dates", "case 需要条件", "请写 at、on 或 dates"
            )
        return self

    @property
    def label(self) -> str:
        """The test in a few characters, for people."""
        return " ".join(map(str, (*self.at, *self.on, *self.dates)))

    def holds(self, local: datetime) -> bool:
        """Whether a local instant passes the test."""
        minute = local.hour * 60 + local.minute
        if self._holds(local.date(), minute):
            return True
        yesterday = date.fromordinal(max(1, local.date().toordinal() - 1))
        return bool(self.at) and self._holds(yesterday, minute + MINUTES_A_DAY)

    def _holds(self, day: date, minute: int) -> bool:
        """Whether a day and a minute of it, or of the night that follows, pass."""
        return (
            (not self.at or any(span.start <= minute < span.end for span in self.at))
            and (not self.on or any(DAYS[day.weekday()] in parse_days(days) for days in self.on))
            and (not self.dates or any(_within(day, dates) for dates in self.dates))
        )


def _within(day: date, dates: str) -> bool:
    first, _, last = dates.partition("..")
    (year, *begin), (_, *end) = _parse_date(first), _parse_date(last or first)
    if year is not None:
        return date.fromisoformat(first.strip()) <= day <= date.fromisoformat((last or first).strip())
    at = [day.month, day.day]
    return begin <= at <= end if begin <= end else at >= begin or at <= end


class AskTime(Node):
    """Branch by the time of day, the day of the week, the date.

    `{time: local, cases: [{at: "11:30-13:30", on: mon-fri, next: busy}], default: menu}`

    Whether the hotline is open is a calendar's matter: see hours.
    """

    kind = "time"

    time: Literal["local"] | TimeZone
    """local: the time zone of the configuration; or another one, such as Asia/Tokyo."""
    cases: Annotated[tuple[TimeCase, ...], AfterValidator(not_empty)]
    default: Target

    def edges(self) -> Iterator[Edge]:
        """Give the cases in order, then the default."""
        yield from case_edges(((case.label, case.next) for case in self.cases), self.default)

    def summary(self, word: Translate, /) -> str:
        """Name the time zone."""
        return word(self.time)
