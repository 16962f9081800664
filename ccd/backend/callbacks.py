"""Callbacks, as the API shows them."""

from ccd.calls.callbacks.desk import Desk
from ccd.http import shapes
from ccd.model import QueueName
from ccd.storage.callbacks import Callback


class Promises:
    """The use cases of callbacks."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    async def list(
        self, *, queue: str | None, number: str | None, only_open: bool, limit: int
    ) -> list[shapes.Callback]:
        """Give the newest."""
        found = await self._desk.latest(limit=limit, queue=queue, number=number, only_open=only_open)
        return [self._shape(each) for each in found]

    async def get(self, id_: int) -> shapes.Callback:
        """Give one."""
        return self._shape(await self._desk.get(id_))

    async def add(self, queue: str, number: str) -> shapes.Callback:
        """Promise by hand."""
        return self._shape(await self._desk.add(QueueName(queue), number))

    async def cancel(self, id_: int) -> shapes.Callback:
        """Take a promise back."""
        return self._shape(await self._desk.cancel(id_))

    async def now(self, id_: int) -> shapes.Callback:
        """Let the next try be made."""
        return self._shape(await self._desk.now(id_))

    def _shape(self, stored: Callback) -> shapes.Callback:
        date = shapes.instant
        return {
            "id": stored.id,
            "queue": stored.queue,
            "number": stored.number,
            "status": stored.status.value,
            "phase": self._desk.phase(stored.id) if stored.closed_at is None else "",
            "reason": stored.reason,
            "requested_at": date(stored.requested_at),
            "joined_at": date(stored.joined_at),
            "priority": stored.priority,
            "tries": stored.tries,
            "not_before": None if stored.not_before is None else date(stored.not_before),
            "expires_at": date(stored.expires_at),
            "call_id": stored.call_id,
            "last_call_id": stored.last_call_id,
            "agent": stored.agent,
            "closed_at": None if stored.closed_at is None else date(stored.closed_at),
        }
