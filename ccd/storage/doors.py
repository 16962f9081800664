"""Queues that somebody opened or closed by hand: it outlives a restart."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Row, delete, insert, select
from sqlalchemy.ext.asyncio import AsyncConnection

from ccd.model import QueueName
from ccd.storage import tables as t


@dataclass(frozen=True, slots=True, kw_only=True)
class QueueDoor:
    """A queue that somebody opened or closed by hand."""

    queue: QueueName
    open: bool
    say: str = ""
    """Prompt for those who are not taken in; empty: none of its own."""
    keep: bool = True
    """Those who wait are served."""
    until_at: datetime | None = None
    """Until when it holds; None: until somebody changes it."""
    since_at: datetime


class Doors:
    """The repository."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def list(self) -> tuple[QueueDoor, ...]:
        """Give all of them, by queue."""
        rows = await self._connection.execute(select(t.queue_door).order_by(t.queue_door.c.queue))
        return tuple(_door(row) for row in rows)

    async def put(self, door: QueueDoor) -> None:
        """Store one, in the place of what was stored of the queue."""
        await self.drop(door.queue)
        await self._connection.execute(
            insert(t.queue_door).values(
                queue=door.queue,
                open=door.open,
                say=door.say,
                keep=door.keep,
                until_at=door.until_at,
                since_at=door.since_at,
            )
        )

    async def drop(self, queue: QueueName) -> None:
        """Forget one, if it is there."""
        await self._connection.execute(delete(t.queue_door).where(t.queue_door.c.queue == queue))


def _door(row: Row[Any]) -> QueueDoor:
    return QueueDoor(
        queue=QueueName(row.queue),
        open=row.open,
        say=row.say,
        keep=row.keep,
        until_at=row.until_at,
        since_at=row.since_at,
    )
