"""The outbox: what others are to be told of, what is due, and what became of it."""

from datetime import datetime
from typing import Any

from sqlalchemy import Row, delete, func, select, tuple_, update
from sqlalchemy.ext.asyncio import AsyncConnection

from ccd.errors import NotFoundError
from ccd.records.notice import Notice, NoticeState
from ccd.storage import tables as t


class Notices:
    """The repository."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def due(self, now: datetime, *, limit: int) -> tuple[Notice, ...]:
        """Give what is to be sent now, what has waited longest first."""
        columns = t.notice.c
        found = await self._connection.execute(
            select(t.notice)
            .where(columns.state == NoticeState.PENDING.value, columns.next_at <= now)
            .order_by(columns.next_at, columns.id)
            .limit(limit)
        )
        return tuple(_notice(row) for row in found)

    async def next_at(self) -> datetime | None:
        """Say when the next one is due; None: none waits."""
        columns = t.notice.c
        found = await self._connection.execute(
            select(columns.next_at)
            .where(columns.state == NoticeState.PENDING.value)
            .order_by(columns.next_at)
            .limit(1)
        )
        moment: datetime | None = found.scalar()
        return moment

    async def list(
        self, state: NoticeState | None = None, *, limit: int = 50, after: str | None = None
    ) -> tuple[Notice, ...]:
        """Give a page of notices, the newest first; `after` is the id of the last one before."""
        columns = t.notice.c
        query = select(t.notice)
        if state is not None:
            query = query.where(columns.state == state.value)
        if after is not None:
            last = await self.get(after)
            query = query.where(tuple_(columns.created_at, columns.id) < (last.created_at, last.id))
        found = await self._connection.execute(
            query.order_by(columns.created_at.desc(), columns.id.desc()).limit(limit)
        )
        return tuple(_notice(row) for row in found)

    async def get(self, notice: str) -> Notice:
        """Give one; raises NotFoundError."""
        row = (await self._connection.execute(select(t.notice).where(t.notice.c.id == notice))).first()
        if row is None:
            raise NotFoundError("there is no notice {notice}", reason="no_notice", notice=notice)
        return _notice(row)

    async def count(self, state: NoticeState) -> int:
        """Count those in a state."""
        query = select(func.count()).select_from(t.notice).where(t.notice.c.state == state.value)
        return int((await self._connection.execute(query)).scalar() or 0)

    async def put(self, notice: Notice) -> None:
        """Write down what became of a try."""
        await self._connection.execute(
            update(t.notice)
            .where(t.notice.c.id == notice.id)
            .values(
                state=notice.state.value,
                attempts=notice.attempts,
                next_at=notice.next_at,
                done_at=notice.done_at,
                error=notice.error,
            )
        )

    async def again(self, notice: str, now: datetime) -> Notice:
        """Let a notice be sent once more, with all of its time before it; raises NotFoundError."""
        await self.get(notice)
        await self._connection.execute(
            update(t.notice)
            .where(t.notice.c.id == notice)
            .values(state=NoticeState.PENDING.value, attempts=0, next_at=now, done_at=None, created_at=now)
        )
        return await self.get(notice)

    async def forget(self, before: datetime) -> int:
        """Drop what was settled before an instant; tell how many."""
        columns = t.notice.c
        found = await self._connection.execute(
            delete(t.notice).where(columns.state != NoticeState.PENDING.value, columns.done_at < before)
        )
        return found.rowcount


def _notice(row: Row[Any]) -> Notice:
    return Notice(**(row._asdict() | {"state": NoticeState(row.state)}))
