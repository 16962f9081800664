"""Lists of callers."""

from collections.abc import Iterable

from sqlalchemy import delete, insert, select
from sqlalchemy.ext.asyncio import AsyncConnection

from ccd.records.caller_lists import ListEntry
from ccd.storage import tables as t

_AT_A_TIME = 500


class CallerLists:
    """The repository."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def all(self) -> tuple[ListEntry, ...]:
        """Give every entry of every list."""
        rows = await self._connection.execute(select(t.caller_list))
        return tuple(ListEntry(**row._asdict()) for row in rows)

    async def put(self, entries: Iterable[ListEntry]) -> None:
        """Add entries, or replace those of the same numbers."""
        told = list(entries)
        for start in range(0, len(told), _AT_A_TIME):
            part = told[start : start + _AT_A_TIME]
            for name in {each.list for each in part}:
                await self.remove(name, [each.number for each in part if each.list == name])
            await self._connection.execute(
                insert(t.caller_list),
                [
                    {
                        "list": each.list,
                        "number": each.number,
                        "note": each.note,
                        "until_at": each.until_at,
                        "added_at": each.added_at,
                    }
                    for each in part
                ],
            )

    async def remove(self, name: str, numbers: Iterable[str]) -> None:
        """Take numbers off a list."""
        told = list(numbers)
        for start in range(0, len(told), _AT_A_TIME):
            part = told[start : start + _AT_A_TIME]
            await self._connection.execute(
                delete(t.caller_list).where(t.caller_list.c.list == name, t.caller_list.c.number.in_(part))
            )
