"""Whether a calendar is open at an instant: weekly hours, public holidays, make-up workdays, overrides.

Public holidays come from the `holidays` library. In China the State Council swaps weekends and workdays
(调休): its days off are unbroken runs around a holiday, and some weekend days become workdays. The library
knows both once the notice for a year is published, usually in November of the year before.
"""

from collections.abc import Iterator
from datetime import date, datetime, timedelta, tzinfo
from enum import StrEnum
from functools import lru_cache
from typing import NamedTuple
from zoneinfo import ZoneInfo

import holidays

from ccd.config.hours import DAYS, MINUTES_A_DAY, Hours, TimeRange

_DAY = timedelta(days=1)
_RUNS_OF_DAYS_OFF = {"CN"}
"""Countries where the weekend next to a holiday is officially part of it."""


class HoursState(StrEnum):
    """What a calendar answers."""

    OPEN = "open"
    CLOSED = "closed"
    HOLIDAY = "holiday"


class _Year(NamedTuple):
    days_off: frozenset[date]
    make_up: frozenset[date]


def hours_state(hours: Hours, at: datetime, timezone: tzinfo) -> HoursState:
    """Tell whether it is open at `at`, an aware datetime; `timezone` serves calendars without their own.

    An override decides first, then the shift that began yesterday and runs past midnight, then today.
    """
    if at.tzinfo is None:
        raise ValueError("an aware datetime is needed to know which day it is")
    if hours.override is not None:
        return HoursState(hours.override.value)
    local = at.astimezone(ZoneInfo(hours.timezone) if hours.timezone else timezone)
    today, minute = local.date(), local.hour * 60 + local.minute
    _, yesterdays = _plan(hours, today - _DAY)
    state, ranges = _plan(hours, today)
    if any(minute + MINUTES_A_DAY < span.end for span in yesterdays):
        return HoursState.OPEN
    if any(span.start <= minute < span.end for span in ranges):
        return HoursState.OPEN
    return state


def _plan(hours: Hours, day: date) -> tuple[HoursState, tuple[TimeRange, ...]]:
    """Give a day's ranges, and what the day is called outside of them."""
    if day in hours.closed:
        return HoursState.CLOSED, ()
    if day in hours.open:
        return HoursState.CLOSED, hours.open[day]
    weekday = day.weekday()
    if hours.holidays is not None:
        year = _year(hours.holidays, day.year)
        if day in year.days_off:
            return HoursState.HOLIDAY, ()
        if day in year.make_up:
            weekday = DAYS.index(hours.make_up.strip().lower()[:3])
    return HoursState.CLOSED, hours.ranges_of(weekday)


@lru_cache(maxsize=64)
def _year(code: str, year: int) -> _Year:
    """Read one year of a country; its neighbours too, since days are swapped across New Year."""
    country, _, region = code.partition("-")
    calendar = holidays.country_holidays(
        country, subdiv=region or None, years=range(max(year - 1, 1), min(year + 1, 9999) + 1)
    )
    days_off = set(calendar)
    if country in _RUNS_OF_DAYS_OFF:
        days_off.update([off for day in days_off for off in _run_around(calendar, day)])
    make_up = frozenset(day for day in calendar.weekend_workdays if day.year == year)
    return _Year(frozenset(day for day in days_off if day.year == year), make_up)


def _run_around(calendar: holidays.HolidayBase, day: date) -> Iterator[date]:
    """Give the days off that touch a day, to both sides."""
    for step in (-_DAY, _DAY):
        near = day + step
        while not calendar.is_working_day(near):
            yield near
            near += step
