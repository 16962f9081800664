"""Who is on a list: numbers however they are written, beginnings, entries that end."""

from datetime import UTC, datetime, timedelta

import pytest

from ccd.calls.caller_lists import CallerLists, entry_number
from ccd.records.caller_lists import ListEntry

NOW = datetime(2026, 11, 21, 9, 30, tzinfo=UTC)


def lists(*numbers: str, until: datetime | None = None) -> CallerLists:
    """Give lists of which `vip` has these numbers."""
    found = CallerLists()
    told = [entry_number(number, "CN") for number in numbers]
    found.put(ListEntry(list="vip", number=number, until_at=until, added_at=NOW) for number in told if number)
    return found


def listed(found: CallerLists, number: str, name: str = "vip") -> bool:
    """Ask."""
    return found.is_listed(name, number, "CN", NOW)


@pytest.mark.parametrize("kept", ["13800138000", "+86 138 0013 8000", "008613800138000", "138-0013-8000"])
@pytest.mark.parametrize("shown", ["13800138000", "+8613800138000", "008613800138000"])
def test_a_number_is_one_however_it_is_written(kept, shown):
    """As people write it, and as trunks show it."""
    assert listed(lists(kept), shown)
    assert not listed(lists(kept), "13800138001")


@pytest.mark.parametrize(
    ("beginning", "shown", "there"),
    [
        ("0571*", "057188880000", True),
        ("0571*", "+8657188880000", True),
        ("0571*", "02155550000", False),
        ("+85*", "+85223456789", True),
        ("0085*", "+85223456789", True),
        ("138*", "13800138000", True),
        ("138*", "13900138000", False),
    ],
)
def test_a_beginning_stands_for_all_that_begin_so(beginning, shown, there):
    """National ones as they are dialled in the country."""
    assert listed(lists(beginning), shown) is there


def test_an_entry_counts_until_it_ends():
    """To the very instant."""
    assert listed(lists("13800138000", until=NOW + timedelta(seconds=1)), "13800138000")
    assert not listed(lists("13800138000", until=NOW), "13800138000")


def test_nobody_is_on_a_list_that_is_empty_or_unknown():
    """And whoever hides their number is on none, unless the word that the trunk shows is."""
    assert not listed(CallerLists(), "13800138000")
    assert not listed(lists("13800138000"), "13800138000", "other")
    assert not listed(lists("13800138000"), "")
    assert listed(lists("anonymous"), "anonymous")


def test_entries_are_replaced_and_removed():
    """One number stands once."""
    found = lists("13800138000", "13800138001", "138*")
    found.put([ListEntry(list="vip", number="+8613800138000", note="new", added_at=NOW)])
    assert len(found) == 3
    assert [each.number for each in found.entries("vip")] == ["+86138*", "+8613800138000", "+8613800138001"]
    found.remove("vip", ["+86138*", "+8613800138001"])
    assert listed(found, "13800138000")
    assert not listed(found, "13800138001")


@pytest.mark.parametrize("told", ["", "*", "1*", "1 3; drop", "12*34", "x" * 41, "+*", "1\n2,3"])
def test_what_is_neither_number_nor_beginning_is_refused(told):
    """Whatever an imported sheet holds."""
    assert entry_number(told, "CN") is None
