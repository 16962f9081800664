"""Wrong entries of a secret in flows: a lock outlives a restart."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import Connection, delete, select
from sqlalchemy.ext.asyncio import AsyncConnection

from ccd.records.pin_lock import PinLock
from ccd.storage import tables as t

LONGEST_LOCK: Final = timedelta(days=1)
"""Of `lock_s`: what is older counts no more."""


class PinLocks:
    """The repository; rows are written by `ccd.storage.writer`."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def since(self, moment: datetime, limit: int) -> Iterable[PinLock]:
        """Give the latest since an aware date, the oldest first."""
        columns = t.pin_lock.c
        latest = (
            select(t.pin_lock)
            .where(columns.last_at >= moment, columns.wrong > 0)
            .order_by(columns.last_at.desc())
            .limit(limit)
        )
        rows = (await self._connection.execute(latest)).all()
        return [PinLock(key=row.key, wrong=row.wrong, last_at=row.last_at) for row in reversed(rows)]


def forget_before(connection: Connection, moment: datetime) -> None:
    """Delete what counts no more."""
    connection.execute(delete(t.pin_lock).where(t.pin_lock.c.last_at < moment))
