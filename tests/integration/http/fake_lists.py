"""The part of the fake backend that keeps lists of callers."""

from collections.abc import Sequence

from ccd.errors import NotFoundError, RefusedError
from ccd.http import shapes
from ccd.http.backend import NewListEntry

PAGE = 2
NO_NUMBER = RefusedError("no number", reason="no_list_number")


class FakeLists:
    """One list, `vip`, kept as it is told; a number that begins with x is none."""

    def __init__(self) -> None:
        self.vip: dict[str, shapes.ListEntry] = {}

    async def lists(self) -> list[shapes.CallerList]:
        """Give the one list."""
        return [
            {
                "name": "vip",
                "labels": {"en": "VIP", "zh": "贵宾"},
                "entries": len(self.vip),
                "expired": 0,
                "blacklist": False,
            }
        ]

    async def list_entries(self, name: str, after: str) -> shapes.ListPage:
        """Give two entries at a time."""
        if name != "vip":
            raise NotFoundError("there is no list {name}", reason="no_such_list", name=name, known="vip")
        found = [self.vip[number] for number in sorted(self.vip) if number > after][:PAGE]
        return {"items": found, "next_cursor": found[-1]["number"] if len(found) == PAGE else None}

    async def list_change(
        self, name: str, add: Sequence[NewListEntry], remove: Sequence[str], *, dry_run: bool
    ) -> shapes.ListResult:
        """Keep what is told."""
        assert name == "vip"
        problems: list[shapes.ImportProblem] = [
            {"row": row, "number": each.number, **shapes.fault(NO_NUMBER)}
            for row, each in enumerate(add, 1)
            if each.number.startswith("x")
        ]
        if not dry_run and not problems:
            for each in add:
                self.vip[each.number] = {
                    "number": each.number,
                    "note": each.note,
                    "until_at": None if each.until_at is None else shapes.instant(each.until_at),
                    "added_at": "2026-11-21T09:30:00.000Z",
                    "expired": False,
                }
        there = [each for each in remove if each in self.vip]
        for each in there:
            del self.vip[each]
        return {
            "added": len(add),
            "changed": 0,
            "removed": len(there),
            "missing": [each for each in remove if each not in there],
            "problems": problems,
        }
