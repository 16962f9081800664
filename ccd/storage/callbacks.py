"""Promises of a call back: made before the caller is told, changed with each try, closed once.

A promise that is open is waiting or dialling; there is one at most for a number in a queue. Closed ones stay
for whoever asks what became of them.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import Row, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from ccd.errors import NotFoundError
from ccd.model import AgentNumber, CallId, QueueName
from ccd.storage import tables as t


class CallbackStatus(StrEnum):
    """Where a promise stands."""

    WAITING = "waiting"
    """In its place in the queue, or before the time of the next try, or for the queue to open."""
    DIALLING = "dialling"
    """The customer is being called by the call `last_call_id`: written before anything is dialled."""
    DONE = "done"
    """The customer was reached."""
    FAILED = "failed"
    """Given up: `reason` is `tries`, `expired`, `not_allowed` or `queue_gone`."""
    CANCELLED = "cancelled"
    """No longer wanted: `reason` is `called_again` or `operator`."""

    @property
    def open(self) -> bool:
        """Whether it is still to be kept."""
        return self in {CallbackStatus.WAITING, CallbackStatus.DIALLING}


@dataclass(frozen=True, slots=True, kw_only=True)
class NewCallback:
    """A promise to make. Dates are aware."""

    queue: QueueName
    number: str
    requested_at: datetime
    joined_at: datetime
    """When the caller had joined the queue: their place."""
    expires_at: datetime
    priority: int = 0
    needs: Mapping[str, int] = field(default_factory=dict)
    language: str = "en"
    call_id: CallId | None = None
    """The call in which it was asked for; None: entered by hand."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Callback(NewCallback):
    """A promise as it is stored."""

    id: int
    status: CallbackStatus = CallbackStatus.WAITING
    reason: str = ""
    tries: int = 0
    """How often the customer was dialled."""
    not_before: datetime | None = None
    """When the next try may be made; None: as soon as it is their turn."""
    last_call_id: CallId | None = None
    """The call of the last try."""
    agent: AgentNumber | None = None
    """Who talked with the customer."""
    closed_at: datetime | None = None


class Callbacks:
    """The repository."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def add(self, new: NewCallback) -> tuple[Callback, bool]:
        """Store a promise; where one is open for that number and queue, give that one and False."""
        same = select(t.callback).where(
            t.callback.c.queue == new.queue,
            t.callback.c.number == new.number,
            t.callback.c.closed_at.is_(None),
        )
        known = (await self._connection.execute(same)).first()
        if known is not None:
            return _callback(known), False
        values = {
            "queue": new.queue,
            "number": new.number,
            "status": CallbackStatus.WAITING.value,
            "reason": "",
            "requested_at": new.requested_at,
            "joined_at": new.joined_at,
            "priority": new.priority,
            "needs": dict(new.needs),
            "language": new.language,
            "call_id": new.call_id,
            "tries": 0,
            "expires_at": new.expires_at,
        }
        done = await self._connection.execute(insert(t.callback).returning(t.callback), [values])
        return _callback(done.one()), True

    async def save(self, callback: Callback) -> None:
        """Store where a promise stands now. One that is closed stays as it was closed."""
        await self._connection.execute(
            update(t.callback)
            .where(t.callback.c.id == callback.id, t.callback.c.closed_at.is_(None))
            .values(
                status=callback.status.value,
                reason=callback.reason,
                tries=callback.tries,
                not_before=callback.not_before,
                last_call_id=callback.last_call_id,
                agent=callback.agent,
                closed_at=callback.closed_at,
            )
        )

    async def get(self, id_: int) -> Callback:
        """Give one; `NotFoundError` when there is none of this number."""
        row = (await self._connection.execute(select(t.callback).where(t.callback.c.id == id_))).first()
        if row is None:
            raise NotFoundError("there is no callback {callback}", reason="no_callback", callback=id_)
        return _callback(row)

    async def open(self) -> tuple[Callback, ...]:
        """Give all that are still to be kept, the oldest first."""
        query = select(t.callback).where(t.callback.c.closed_at.is_(None)).order_by(t.callback.c.id)
        return tuple(_callback(row) for row in await self._connection.execute(query))

    async def latest(
        self,
        *,
        limit: int,
        queue: QueueName | None = None,
        number: str | None = None,
        only_open: bool = False,
    ) -> tuple[Callback, ...]:
        """Give the newest, open or closed, of one queue or number or only open ones if asked so."""
        query = select(t.callback).order_by(t.callback.c.id.desc()).limit(limit)
        if queue is not None:
            query = query.where(t.callback.c.queue == queue)
        if number is not None:
            query = query.where(t.callback.c.number == number)
        if only_open:
            query = query.where(t.callback.c.closed_at.is_(None))
        return tuple(_callback(row) for row in await self._connection.execute(query))


def _callback(row: Row[Any]) -> Callback:
    return Callback(
        id=row.id,
        queue=QueueName(row.queue),
        number=row.number,
        status=CallbackStatus(row.status),
        reason=row.reason,
        requested_at=row.requested_at,
        joined_at=row.joined_at,
        priority=row.priority,
        needs=row.needs,
        language=row.language,
        call_id=None if row.call_id is None else CallId(row.call_id),
        tries=row.tries,
        not_before=row.not_before,
        expires_at=row.expires_at,
        last_call_id=None if row.last_call_id is None else CallId(row.last_call_id),
        agent=None if row.agent is None else AgentNumber(row.agent),
        closed_at=row.closed_at,
    )
