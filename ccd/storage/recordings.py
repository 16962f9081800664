"""Recordings: where each lies, what it holds, and how long it is."""

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Row, or_, select, tuple_
from sqlalchemy.ext.asyncio import AsyncConnection

from ccd.errors import NotFoundError
from ccd.model import AgentNumber, CallId, OfferId, QueueName
from ccd.records.record import RecordingInfo
from ccd.storage import tables as t


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordingFilter:
    """Which recordings are meant; a field that is None does not restrict."""

    since: datetime | None = None
    until: datetime | None = None
    agent: AgentNumber | None = None
    queue: QueueName | None = None
    number: str | None = None
    """The caller's."""


ALL_RECORDINGS: Final = RecordingFilter()


class Recordings:
    """The repository. What was never finished (no length known) is not listed."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def list(
        self, which: RecordingFilter = ALL_RECORDINGS, *, limit: int = 50, after: str | None = None
    ) -> tuple[RecordingInfo, ...]:
        """Give a page of recordings, the newest first; `after` is the id of the last one before."""
        columns = t.recording.c
        query = select(t.recording).where(columns.length_s.is_not(None), columns.started_at.is_not(None))
        if which.since is not None:
            query = query.where(columns.started_at >= which.since)
        if which.until is not None:
            query = query.where(columns.started_at < which.until)
        if which.agent is not None:
            query = query.where(columns.agent == which.agent)
        if which.queue is not None:
            query = query.where(columns.queue == which.queue)
        if which.number is not None:
            theirs = select(t.call_record.c.id).where(t.call_record.c.number == which.number)
            query = query.where(columns.call_id.in_(theirs))
        if after is not None:
            last = await self.get(after)
            query = query.where(tuple_(columns.started_at, columns.path) < (last.started_at, last.path))
        found = await self._connection.execute(
            query.order_by(columns.started_at.desc(), columns.path.desc()).limit(limit)
        )
        return tuple(recording_of(row) for row in found)

    async def of_call(self, call_id: CallId) -> tuple[RecordingInfo, ...]:
        """Give a call's recordings, the first first, finished or not."""
        found = await self._connection.execute(
            select(t.recording).where(t.recording.c.call_id == call_id).order_by(t.recording.c.path)
        )
        return tuple(recording_of(row) for row in found)

    async def get(self, asked: str) -> RecordingInfo:
        """Give a recording by its id, or a call's first by the call's; `NotFoundError` when there is none."""
        found = await self._connection.execute(
            select(t.recording)
            .where(or_(t.recording.c.id == asked, t.recording.c.call_id == asked))
            .order_by(t.recording.c.path)
        )
        row = found.first()
        if row is None:
            raise NotFoundError(
                "there is no recording {recording}, and none of a call of this id",
                reason="no_recording",
                recording=asked,
            )
        return recording_of(row)


def recording_of(row: Row[Any]) -> RecordingInfo:
    """Turn a row into what it says."""
    return RecordingInfo(
        call_id=CallId(row.call_id),
        path=row.path,
        started_at=row.started_at,
        offer_id=None if row.offer_id is None else OfferId(row.offer_id),
        segment=row.segment,
        queue=None if row.queue is None else QueueName(row.queue),
        agent=None if row.agent is None else AgentNumber(row.agent),
        stored_at=row.stored_at,
        length_s=row.length_s,
        size=row.size,
        sha256=row.sha256,
        problem=row.problem,
        pauses=None if row.pauses is None else tuple((start, end) for start, end in json.loads(row.pauses)),
    )
