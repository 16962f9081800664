"""Opening hours: weekly ranges, nights, holidays with make-up workdays, overrides, broken calendars."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from ccd.config.hours import Hours, TimeRange, parse_days, parse_range
from ccd.ivr.hours import HoursState, hours_state

SHANGHAI = ZoneInfo("Asia/Shanghai")
OFFICE = {"mon-fri": ["09:00-12:00", "13:00-18:00"], "sat": ["10:00-14:00"]}
ALWAYS = {"mon-sun": ["00:00-24:00"]}


def state(text: str, **keys: object) -> str:
    """Ask a calendar at a Shanghai time such as `2026-01-04 10:00`."""
    at = datetime.fromisoformat(text).replace(tzinfo=SHANGHAI)
    return hours_state(Hours.model_validate(keys), at, SHANGHAI).value


@pytest.mark.parametrize(
    ("at", "expected"),
    [
        ("2026-11-20 08:59", "closed"),
        ("2026-11-20 09:00", "open"),
        ("2026-11-20 11:59", "open"),
        ("2026-11-20 12:00", "closed"),
        ("2026-11-20 13:00", "open"),
        ("2026-11-20 18:00", "closed"),
        ("2026-11-21 10:00", "open"),
        ("2026-11-21 14:00", "closed"),
        ("2026-11-22 10:00", "closed"),
    ],
)
def test_weekly_hours_hold_to_the_minute(at, expected):
    """Ranges include their first minute and exclude their last, on each day their own."""
    assert state(at, weekly=OFFICE) == expected


@pytest.mark.parametrize(
    ("at", "expected"),
    [
        ("2026-11-20 21:59", "closed"),
        ("2026-11-20 22:00", "open"),
        ("2026-11-20 23:59", "open"),
        ("2026-11-21 00:00", "open"),
        ("2026-11-21 05:59", "open"),
        ("2026-11-21 06:00", "closed"),
        ("2026-11-20 02:00", "closed"),
    ],
)
def test_a_night_shift_runs_past_midnight(at, expected):
    """A range past midnight belongs to the day on which it starts."""
    assert state(at, weekly={"fri": ["22:00-06:00"]}) == expected


@pytest.mark.parametrize(
    "day",
    [
        # the State Council's notices for 2025 and 2026
        *("2025-01-26", "2025-02-08", "2025-04-27", "2025-09-28", "2025-10-11"),
        *("2026-01-04", "2026-02-14", "2026-02-28", "2026-05-09", "2026-09-20", "2026-10-10"),
    ],
)
def test_make_up_workdays_in_china_are_open(day):
    """调休: a Saturday or Sunday that is worked has the hours of a Monday."""
    assert date.fromisoformat(day).weekday() >= 5
    assert state(f"{day} 16:00", weekly=OFFICE, holidays="CN") == "open"
    assert state(f"{day} 16:00", weekly=OFFICE) == "closed"


@pytest.mark.parametrize(
    ("first", "last"),
    [
        ("2025-01-01", "2025-01-01"),
        ("2025-01-28", "2025-02-04"),
        ("2025-04-04", "2025-04-06"),
        ("2025-05-01", "2025-05-05"),
        ("2025-05-31", "2025-06-02"),
        ("2025-10-01", "2025-10-08"),
        ("2026-01-01", "2026-01-03"),
        ("2026-02-15", "2026-02-23"),
        ("2026-04-04", "2026-04-06"),
        ("2026-05-01", "2026-05-05"),
        ("2026-06-19", "2026-06-21"),
        ("2026-09-25", "2026-09-27"),
        ("2026-10-01", "2026-10-07"),
    ],
)
def test_official_days_off_in_china_are_holidays(first, last):
    """Every day of the official run is a holiday, weekends inside and beside it too, and none around it."""
    day, end = date.fromisoformat(first), date.fromisoformat(last)
    assert state(f"{day - timedelta(days=1)} 10:00", weekly=ALWAYS, holidays="CN") == "open"
    while day <= end:
        assert state(f"{day} 10:00", weekly=ALWAYS, holidays="CN") == "holiday"
        day += timedelta(days=1)
    assert state(f"{day} 10:00", weekly=ALWAYS, holidays="CN") == "open"


def test_make_up_workdays_may_follow_another_weekday():
    """`make_up` names the weekday whose hours hold."""
    weekly = {"mon-thu": ["09:00-18:00"], "fri": ["09:00-15:00"]}
    assert state("2026-01-04 16:00", weekly=weekly, holidays="CN") == "open"
    assert state("2026-01-04 16:00", weekly=weekly, holidays="CN", make_up="fri") == "closed"


def test_a_regions_holidays_are_its_own():
    """A region such as US-CA adds to its country's holidays; weekends beside a holiday stay weekends."""
    cesar_chavez_day = "2026-03-31 10:00"
    assert state(cesar_chavez_day, weekly=ALWAYS, holidays="US-CA") == "holiday"
    assert state(cesar_chavez_day, weekly=ALWAYS, holidays="US") == "open"
    labor_day, saturday_before = "2026-09-07 10:00", "2026-09-05 10:00"
    assert state(labor_day, weekly=ALWAYS, holidays="US") == "holiday"
    assert state(saturday_before, weekly=ALWAYS, holidays="US") == "open"


def test_dates_of_their_own_win_over_week_and_holiday():
    """`closed` closes a workday, `open` opens a holiday for its ranges only."""
    calendar = {
        "weekly": OFFICE,
        "holidays": "CN",
        "closed": ["2026-12-31"],
        "open": {"2026-10-01": ["10:00-12:00"]},
    }
    assert state("2026-12-31 10:00", **calendar) == "closed"
    assert state("2026-10-01 11:00", **calendar) == "open"
    assert state("2026-10-01 13:00", **calendar) == "closed"
    assert state("2026-10-02 11:00", **calendar) == "holiday"


def test_a_shift_begun_before_a_holiday_is_finished():
    """The night into a holiday is still worked; the night into the next workday is not."""
    calendar = {"weekly": {"mon-sun": ["20:00-04:00"]}, "holidays": "CN"}
    assert state("2026-10-01 02:00", **calendar) == "open"
    assert state("2026-10-01 05:00", **calendar) == "holiday"
    assert state("2026-10-08 02:00", **calendar) == "closed"


@pytest.mark.parametrize("override", ["open", "closed"])
def test_an_operators_override_beats_everything(override):
    """`override` answers for every instant."""
    for at in ("2026-10-01 10:00", "2026-11-20 10:00", "2026-11-20 03:00"):
        assert state(at, weekly=OFFICE, holidays="CN", override=override) == override


def test_a_calendar_lives_in_its_own_time_zone():
    """The same instant is day in Shanghai and night in Berlin."""
    at = datetime(2026, 11, 20, 2, 0, tzinfo=UTC)
    assert hours_state(Hours.model_validate({"weekly": OFFICE}), at, SHANGHAI) is HoursState.OPEN
    berlin = Hours.model_validate({"weekly": OFFICE, "timezone": "Europe/Berlin"})
    assert hours_state(berlin, at, SHANGHAI) is HoursState.CLOSED


def test_an_instant_without_a_time_zone_is_refused():
    """A naive datetime is our own mistake and says so."""
    with pytest.raises(ValueError, match="aware"):
        hours_state(Hours(), datetime(2026, 11, 20), SHANGHAI)  # noqa: DTZ001 - the point of the test


minutes = st.integers(0, 1439)
instants = st.datetimes(datetime(1990, 1, 1), datetime(2090, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001


@given(instants, minutes, minutes)
def test_open_is_exactly_the_ranges_of_the_day(at, start, end):
    """For any range on every day, open means that the local minute lies in it, modulo a day."""
    span = TimeRange(start, end if end > start else end + 1440)
    hours = Hours.model_validate({"weekly": {"mon-sun": [span]}})
    local = at.astimezone(SHANGHAI)
    minute = local.hour * 60 + local.minute
    inside = span.start <= minute < span.end or minute + 1440 < span.end
    assert (hours_state(hours, at, SHANGHAI) is HoursState.OPEN) == inside


@given(st.dates(date(2005, 1, 1), date(2040, 1, 1)))
def test_a_day_is_never_both_off_and_made_up(day):
    """With hours round the clock a day in China is wholly open or wholly a holiday."""
    hours = Hours.model_validate({"weekly": ALWAYS, "holidays": "CN"})
    at = [datetime.combine(day, time(hour), SHANGHAI) for hour in (0, 12, 23)]
    assert len({hours_state(hours, moment, SHANGHAI) for moment in at}) == 1


@given(minutes, st.integers(1, 1440))
def test_ranges_are_read_as_they_are_written(start, end):
    """Writing a range and reading it gives the same minutes; hours without a leading zero do too."""
    if start == end:
        return
    span = TimeRange(start, end if end > start else end + 1440)
    assert parse_range(str(span)) == span
    assert parse_range(str(span).removeprefix("0")) == span


@pytest.mark.parametrize(
    ("text", "days"),
    [
        ("mon", ("mon",)),
        ("Mon-Wed", ("mon", "tue", "wed")),
        ("sat-mon", ("sat", "sun", "mon")),
        ("mon, wed,fri", ("mon", "wed", "fri")),
        ("monday-sunday", ("mon", "tue", "wed", "thu", "fri", "sat", "sun")),
    ],
)
def test_days_may_be_spans_and_lists(text, days):
    """Names, spans (over the weekend too) and lists."""
    assert parse_days(text) == days


@pytest.mark.parametrize(
    ("calendar", "says"),
    [
        ({"weekly": {"mon": ["9-18"]}}, "no range of time"),
        ({"weekly": {"mon": ["09:60-10:00"]}}, "no clock shows"),
        ({"weekly": {"mon": ["24:00-25:00"]}}, "no clock shows"),
        ({"weekly": {"mon": ["09:00-09:00"]}}, "is empty"),
        ({"weekly": {"mon": [540]}}, "no range of time"),
        ({"weekly": {"someday": []}}, "names no days"),
        ({"weekly": {"mon-fri": [], "fri": []}}, "fri stands in"),
        ({"timezone": "Mars/Olympus"}, "no time zone"),
        ({"timezone": "../../etc/passwd"}, "no time zone"),
        ({"holidays": "XX"}, "no holidays are known"),
        ({"holidays": "US-XX"}, "has no region"),
        ({"holidays": "china"}, "no holidays are known"),
        ({"make_up": "mon-tue"}, "several days"),
        ({"closed": ["2026-01-01"], "open": {"2026-01-01": []}}, "both closed and open"),
        ({"closed": ["soon"]}, "date"),
        ({"override": "maybe"}, "'open' or 'closed'"),
        ({"weekdays": {}}, "not permitted"),
    ],
)
def test_a_broken_calendar_says_what_is_wrong(calendar, says):
    """Each mistake has a message that names it."""
    with pytest.raises(ValidationError, match=says):
        Hours.model_validate(calendar)
