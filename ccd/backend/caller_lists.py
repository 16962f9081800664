"""Lists of callers as the API has them: told, changed in the database and in memory together."""

from collections.abc import Sequence
from datetime import datetime

from ccd.calls.caller_lists import MAX_ENTRIES, entry_number
from ccd.calls.house import House
from ccd.errors import NotFoundError, RefusedError
from ccd.http import shapes
from ccd.http.backend import NewListEntry
from ccd.records.caller_lists import ListEntry
from ccd.records.text import clean
from ccd.storage.store import Store

PAGE = 1000


class ListDesk:
    """Answers the routes of lists."""

    def __init__(self, house: House, store: Store) -> None:
        self._house = house
        self._store = store

    async def lists(self) -> list[shapes.CallerList]:
        """Give all lists, in the configuration's order."""
        config, now = self._house.config, self._now()
        told: list[shapes.CallerList] = []
        for name, each in config.lists.items():
            entries = list(self._house.caller_lists.entries(name))
            told.append(
                {
                    "name": name,
                    "labels": {"en": each.labels.en, "zh": each.labels.zh},
                    "entries": len(entries),
                    "expired": sum(not entry.counts(now) for entry in entries),
                    "blacklist": config.blacklist.list == name,
                }
            )
        return told

    async def list_entries(self, name: str, after: str) -> shapes.ListPage:
        """Give a page of a list's entries, those whose numbers follow `after`."""
        self._known(name)
        found = [each for each in self._house.caller_lists.entries(name) if each.number > after][:PAGE]
        return {
            "items": [self._told(each) for each in found],
            "next_cursor": found[-1].number if len(found) == PAGE else None,
        }

    async def list_change(
        self, name: str, add: Sequence[NewListEntry], remove: Sequence[str], *, dry_run: bool
    ) -> shapes.ListResult:
        """Add and remove, all or nothing: with a problem, or on a dry run, nothing is changed."""
        self._known(name)
        lists, country = self._house.caller_lists, self._house.config.outbound.country
        problems: list[shapes.ImportProblem] = []
        entries: dict[str, ListEntry] = {}
        for row, told in enumerate(add, 1):
            number = entry_number(told.number, country)
            if number is None:
                problems.append({"row": row, "number": clean(told.number), **shapes.fault(_NO_NUMBER)})
            elif number in entries:
                problems.append({"row": row, "number": number, **shapes.fault(_TWICE)})
            else:
                entries[number] = ListEntry(
                    list=name, number=number, note=told.note, until_at=told.until_at, added_at=self._now()
                )
        gone = {entry_number(each, country) or each for each in remove}
        present = {number for number in gone if lists.get(name, number) is not None}
        known = {number for number in entries if lists.get(name, number) is not None}
        if len(lists) + len(entries) - len(known) > MAX_ENTRIES:
            raise RefusedError(
                "more than {most} entries: remove some first", reason="lists_full", most=MAX_ENTRIES
            )
        if not problems and not dry_run:
            await self._write(name, entries, present)
        return {
            "added": len(entries) - len(known),
            "changed": len(known),
            "removed": len(present),
            "missing": sorted(gone - present),
            "problems": problems,
        }

    async def _write(self, name: str, entries: dict[str, ListEntry], gone: set[str]) -> None:
        async with self._store.unit() as tx:
            await tx.caller_lists.remove(name, gone)
            await tx.caller_lists.put(entries.values())
        self._house.caller_lists.remove(name, gone)
        self._house.caller_lists.put(entries.values())

    def _known(self, name: str) -> None:
        lists = self._house.config.lists
        if name not in lists:
            known = ", ".join(lists) or "-"
            raise NotFoundError(
                "there is no list {name}; lists are keys of `lists`: {known}",
                reason="no_such_list",
                name=name,
                known=known,
            )

    def _now(self) -> datetime:
        return self._house.clock.wall(self._house.clock.now())

    def _told(self, entry: ListEntry) -> shapes.ListEntry:
        return {
            "number": entry.number,
            "note": entry.note,
            "until_at": None if entry.until_at is None else shapes.instant(entry.until_at),
            "added_at": shapes.instant(entry.added_at),
            "expired": not entry.counts(self._now()),
        }


_NO_NUMBER = RefusedError("neither a number nor a beginning such as 0571*", reason="no_list_number")
_TWICE = RefusedError("the number stands twice", reason="number_twice")
