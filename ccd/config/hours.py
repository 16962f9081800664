"""Opening hours as they are written in the configuration; `ccd.ivr.hours` answers whether it is open now.

    hours:
      office:
        timezone: Asia/Shanghai            # default: the daemon's
        weekly:
          mon-fri: ["09:00-12:00", "13:00-18:00"]
          sat: ["10:00-14:00"]             # a day that is not named is closed
        holidays: CN                       # country, or country-region: US-CA
        make_up: mon                       # 调休: the weekday whose hours hold on a make-up workday
        closed: [2026-12-31]
        open: {2026-10-10: ["09:00-18:00"]}
        override: null                     # open | closed: whatever the calendar says

A range may run past midnight ("22:00-06:00"): it belongs to the day on which it starts.
"""

import re
from datetime import date
from enum import StrEnum
from typing import Annotated, NamedTuple, Self

from pydantic import (
    AfterValidator,
    Field,
    PlainSerializer,
    PlainValidator,
    WithJsonSchema,
    model_validator,
)

from ccd.config.base import Section, TimeZone
from ccd.config.told import told

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
MINUTES_A_DAY = 24 * 60

_RANGE = re.compile(r"(\d{1,2}):(\d{2})\s*-\s*(\d{1,2}):(\d{2})")
_COUNTRY = re.compile(r"([A-Z]{2,3})(?:-([A-Za-z0-9-]{1,16}))?")


class TimeRange(NamedTuple):
    """Minutes since midnight of the day on which it starts; `end` over 1440 lies on the next day."""

    start: int
    end: int

    def __str__(self) -> str:
        """Write it as in the configuration: `22:00-06:00`."""
        end = self.end if self.end <= MINUTES_A_DAY else self.end - MINUTES_A_DAY
        return f"{self.start // 60:02}:{self.start % 60:02}-{end // 60:02}:{end % 60:02}"


def parse_range(text: object) -> TimeRange:
    """Read `09:00-12:00`; an end at or before the start is on the next day. Raises ValueError."""
    if isinstance(text, TimeRange):
        return text
    found = _RANGE.fullmatch(text.strip()) if isinstance(text, str) else None
    if found is None:
        raise told(
            f"{text!r} is no range of time",
            'write it like "09:00-18:00"',
            f"{text!r} 不是时间段",
            '写成 "09:00-18:00"',
        )
    hour, minute, end_hour, end_minute = map(int, found.groups())
    start, end = hour * 60 + minute, end_hour * 60 + end_minute
    if minute > 59 or end_minute > 59 or start >= MINUTES_A_DAY or end > MINUTES_A_DAY:
        raise told(
            f"{text!r} holds a time that no clock shows",
            "times go from 00:00 to 23:59, and to 24:00 at the end of a range",
            f"{text!r} 含有不存在的时间",
            "时间从 00:00 到 23:59,时间段的末尾可为 24:00",
        )
    if start == end:
        raise told(
            f"{text!r} is empty", 'a whole day is "00:00-24:00"', f"{text!r} 为空", '全天写成 "00:00-24:00"'
        )
    return TimeRange(start, end if end > start else end + MINUTES_A_DAY)


def parse_days(text: str) -> tuple[str, ...]:
    """Read `mon`, `mon-fri`, `sat-mon` or `mon,wed,fri` into day names. Raises ValueError."""
    days: list[str] = []
    for part in text.split(","):
        first, dash, last = (word.strip().lower()[:3] for word in part.partition("-"))
        if first not in DAYS or (dash and last not in DAYS):
            named = ", ".join(DAYS)
            raise told(
                f"{text!r} names no days",
                f"use {named}, or a span such as mon-fri",
                f"{text!r} 不是星期",
                f"可用 {named},或 mon-fri 这样的范围",
            )
        start = DAYS.index(first)
        length = (DAYS.index(last) - start) % 7 + 1 if dash else 1
        days += [DAYS[(start + step) % 7] for step in range(length)]
    return tuple(days)


def _check_days(text: str) -> str:
    parse_days(text)
    return text


def _check_country(code: str) -> str:
    import holidays  # noqa: PLC0415 - 250 ms that only a calendar with holidays should cost

    found = _COUNTRY.fullmatch(code)
    regions = holidays.list_supported_countries().get(found[1]) if found else None
    if found is None or regions is None:
        raise told(
            f"no holidays are known for {code!r}",
            "use a country's code such as CN, HK or US-CA",
            f"没有 {code!r} 的节假日数据",
            "使用国家或地区代码，例如 CN、HK、US-CA",
        )
    if found[2] and found[2] not in regions:
        known = ", ".join(regions) or "-"
        raise told(
            f"{found[1]} has no region {found[2]!r}",
            f"known are: {known}",
            f"{found[1]} 没有地区 {found[2]!r}",
            f"可用的有：{known}",
        )
    holidays.country_holidays(found[1])  # loads the country's tables now, not within a call
    return code


Range = Annotated[
    TimeRange,
    PlainValidator(parse_range),
    PlainSerializer(str),
    WithJsonSchema({"type": "string", "pattern": r"^\d{1,2}:\d{2}\s*-\s*\d{1,2}:\d{2}$"}),
]
Days = Annotated[str, AfterValidator(_check_days)]


class Override(StrEnum):
    """What an operator decided, whatever the calendar says."""

    OPEN = "open"
    CLOSED = "closed"


class Hours(Section):
    """One calendar of opening hours."""

    timezone: TimeZone | None = None
    """IANA name of the calendar's time zone; null: the daemon's."""
    weekly: dict[Days, tuple[Range, ...]] = Field(default_factory=dict)
    """Days to ranges; a day that is not named is closed."""
    holidays: Annotated[str, AfterValidator(_check_country)] | None = None
    """Country (CN) or country-region (US-CA) whose public holidays close."""
    make_up: Annotated[str, AfterValidator(_check_days)] = "mon"
    """The weekday whose hours hold on a make-up workday (调休上班)."""
    closed: frozenset[date] = frozenset()
    """Dates on which it is closed."""
    open: dict[date, tuple[Range, ...]] = Field(default_factory=dict)
    """Dates with hours of their own, holiday or not."""
    override: Override | None = None
    """open or closed, whatever the calendar says."""

    @model_validator(mode="after")
    def _unambiguous(self) -> Self:
        seen: dict[str, str] = {}
        for span in self.weekly:
            for day in parse_days(span):
                if day in seen:
                    raise told(
                        f"weekly: {day} stands in {seen[day]!r} and in {span!r}",
                        "name it once",
                        f"weekly: {day} 同时在 {seen[day]!r} 和 {span!r} 中",
                        "只写一次",
                    )
                seen[day] = span
        if len(parse_days(self.make_up)) != 1:
            raise told(
                f"make_up: {self.make_up!r} is several days",
                "name one weekday, such as mon",
                f"make_up: {self.make_up!r} 是多天",
                "只写一个星期几，例如 mon",
            )
        if both := sorted(self.closed & self.open.keys()):
            raise told(
                f"{both[0]} stands in both closed and open",
                "keep one",
                f"{both[0]} 同时在 closed 和 open 中",
                "只保留一处",
            )
        return self

    def ranges_of(self, weekday: int) -> tuple[TimeRange, ...]:
        """Give the weekly ranges of a weekday, 0 for Monday as in `date.weekday()`."""
        for span, ranges in self.weekly.items():
            if DAYS[weekday] in parse_days(span):
                return ranges
        return ()
