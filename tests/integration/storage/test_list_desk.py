"""Lists of callers, changed in the database and in memory together."""

from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import Any

import pytest

from ccd.backend.caller_lists import ListDesk
from ccd.calls.caller_lists import CallerLists
from ccd.clock import SystemClock
from ccd.config.lists import Blacklist, CallerList
from ccd.errors import NotFoundError
from ccd.http.backend import NewListEntry
from ccd.storage.store import Store

LATER = datetime.now(UTC) + timedelta(days=1)


@pytest.fixture
def house() -> Any:
    """Give what a desk needs of the house."""
    config = SimpleNamespace(
        lists={"vip": CallerList(), "blocked": CallerList()},
        blacklist=Blacklist(list="blocked"),
        outbound=SimpleNamespace(country="CN"),
    )
    return SimpleNamespace(config=config, caller_lists=CallerLists(), clock=SystemClock())


def entries(*numbers: str, **more: Any) -> list[NewListEntry]:
    """Give entries to add."""
    return [NewListEntry(number=number, **more) for number in numbers]


async def test_what_is_changed_is_changed_in_memory_and_in_the_database(house, store: Store):
    """Numbers in their international form, each once."""
    desk = ListDesk(house, store)
    added = entries("13800138000", "0571*", until_at=LATER)
    done = await desk.list_change("vip", added, [], dry_run=False)
    assert (done["added"], done["changed"], done["problems"]) == (2, 0, [])
    again = await desk.list_change(
        "vip", entries("+8613800138000", note="new"), ["0571*", "999"], dry_run=False
    )
    assert (again["added"], again["changed"], again["removed"]) == (0, 1, 1)
    assert again["missing"] == ["+86999"]
    async with store.reading() as tx:
        kept = await tx.caller_lists.all()
    assert [(each.number, each.note, each.until_at) for each in kept] == [("+8613800138000", "new", None)]
    page = await desk.list_entries("vip", "")
    assert [each["number"] for each in page["items"]] == ["+8613800138000"]
    assert [(each["name"], each["entries"], each["blacklist"]) for each in await desk.lists()] == [
        ("vip", 1, False),
        ("blocked", 0, True),
    ]


async def test_a_dry_run_and_a_problem_change_nothing(house, store: Store):
    """All or nothing; each bad row is told."""
    desk = ListDesk(house, store)
    dry = await desk.list_change("vip", entries("13800138000"), [], dry_run=True)
    assert dry["added"] == 1
    wrong = await desk.list_change(
        "vip", entries("1", "13800138000", "x y;", "008613800138000"), [], dry_run=False
    )
    assert [(each["row"], each["message"]) for each in wrong["problems"]] == [
        (3, "neither a number nor a beginning such as 0571*"),
        (4, "the number stands twice"),
    ]
    assert len(house.caller_lists) == 0


async def test_only_lists_of_the_configuration_are_kept(house, store: Store):
    """A name that is mistyped is told with those that there are."""
    with pytest.raises(NotFoundError, match="vip, blocked"):
        await ListDesk(house, store).list_change("vipp", entries("13800138000"), [], dry_run=False)
