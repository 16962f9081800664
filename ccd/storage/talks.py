"""Talks that are over: from how long they took, a queue's estimated wait follows again after a restart."""

from datetime import timedelta
from typing import Final

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from ccd.clock import Clock
from ccd.model import QueueName
from ccd.records.record import SegmentKind
from ccd.storage import tables as t

_CALL: Final = timedelta(hours=3)
"""Calls that began longer before are not looked at: what they took says nothing of the others."""
_MOST: Final = 20_000


class Talks:
    """The repository."""

    def __init__(self, connection: AsyncConnection, clock: Clock) -> None:
        self._connection = connection
        self._clock = clock

    async def recent(self, within: timedelta) -> dict[QueueName, list[tuple[float, float]]]:
        """Give the talks of each queue that ended within this time: (monotonic instant of the end, seconds).

        In order of their ends; of very many the last ones.
        """
        segment, began = t.call_segment.c, t.call_record.c.started_at
        since = self._clock.wall(self._clock.now()) - within
        rows = await self._connection.execute(
            select(segment.queue, segment.started_at, segment.ended_at)
            .join(t.call_record, t.call_record.c.id == segment.call_id)
            .where(
                began >= since - _CALL,  # by an index
                segment.kind == SegmentKind.TALK,
                segment.ended_at >= since,
                segment.queue.is_not(None),
            )
            .order_by(segment.ended_at.desc())
            .limit(_MOST)
        )
        found: dict[QueueName, list[tuple[float, float]]] = {}
        for row in reversed(rows.all()):
            length_s = (row.ended_at - row.started_at).total_seconds()
            ended_at = self._clock.monotonic(row.ended_at)
            found.setdefault(QueueName(row.queue), []).append((ended_at, length_s))
        return found
