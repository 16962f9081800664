"""Call records read back: pages by time, one in full, all in constant memory.

Filters by queue and agent mean the last queue that the call stood in and the last agent who talked, as the
outcome does: `queue=sales, outcome=abandoned` is "abandoned in sales", not "was there, and abandoned later".
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import Any, Final

from sqlalchemy import BindParameter, Row, Select, func, or_, select, tuple_
from sqlalchemy.ext.asyncio import AsyncConnection

from ccd.errors import NotFoundError
from ccd.model import AgentNumber, CallId, Direction, OfferId, QueueName, Side, StickyResult
from ccd.records.record import (
    CallRecord,
    CdrDisposition,
    Decision,
    DecisionCandidate,
    DispositionInfo,
    Outcome,
    Segment,
    SegmentKind,
)
from ccd.storage import tables as t
from ccd.storage.recordings import recording_of
from ccd.storage.surveys import answer_of

Mark = tuple[datetime, CallId]
"""Where a page ended: when its last call began, and its id."""


class Order(StrEnum):
    """Order of records, by the time at which the call began."""

    NEWEST = "newest"
    OLDEST = "oldest"


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordFilter:
    """Which calls are meant; a field that is None does not restrict."""

    since: datetime | None = None
    """Calls that began at or after it."""
    until: datetime | None = None
    """Calls that began before it."""
    number: str | None = None
    called: str | None = None
    agent: AgentNumber | None = None
    queue: QueueName | None = None
    outcomes: frozenset[Outcome] | None = None


EVERYTHING: Final = RecordFilter()


class Records:
    """The repository."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def list(
        self,
        which: RecordFilter = EVERYTHING,
        *,
        limit: int = 50,
        after: CallId | None = None,
        order: Order = Order.NEWEST,
        segments: bool = False,
    ) -> tuple[CallRecord, ...]:
        """Give a page of records, without decisions.

        `after` is the last call of the page before; `NotFoundError` when there is no such record.
        """
        mark = None if after is None else ((await self._row(after)).started_at, after)
        return await self.page(which, mark, order=order, limit=limit, segments=segments)

    async def page(
        self, which: RecordFilter, mark: Mark | None, *, order: Order, limit: int, segments: bool
    ) -> tuple[CallRecord, ...]:
        """Give the records that follow a mark; None: from the beginning."""
        place = tuple_(t.call_record.c.started_at, t.call_record.c.id)
        query = _where(select(t.call_record), which).limit(limit)
        if order is Order.NEWEST:
            query = query.order_by(t.call_record.c.started_at.desc(), t.call_record.c.id.desc())
            query = query if mark is None else query.where(place < mark)
        else:
            query = query.order_by(t.call_record.c.started_at, t.call_record.c.id)
            query = query if mark is None else query.where(place > mark)
        found = await self._connection.execute(query)
        return await self._records(found.all(), segments=segments)

    async def get(self, call_id: CallId) -> CallRecord:
        """Give one record in full, decisions too; `NotFoundError` when there is none."""
        row = await self._row(call_id)
        (record,) = await self._records([row], segments=True)
        return replace(record, decisions=await self._decisions(call_id))

    async def count(self, which: RecordFilter = EVERYTHING) -> int:
        """Count the records of a filter."""
        counted = await self._connection.scalar(
            _where(select(func.count()).select_from(t.call_record), which)
        )
        return counted or 0

    async def last_caller(self, agent: AgentNumber) -> str | None:
        """Give the number of the last who called and talked with an agent; None: nobody, or withheld."""
        columns = t.call_record.c
        number: str | None = await self._connection.scalar(
            select(columns.number)
            .where(columns.agent == agent, columns.direction == Direction.INBOUND.value)
            .order_by(columns.started_at.desc())
            .limit(1)
        )
        return number or None

    # ------------------------------------------------------------ reading

    async def _row(self, call_id: CallId) -> Row[Any]:
        found = await self._connection.execute(select(t.call_record).where(t.call_record.c.id == call_id))
        row = found.first()
        if row is None:
            raise NotFoundError("there is no record of a call {call}", reason="no_record", call=call_id)
        return row

    async def _records(self, rows: Sequence[Row[Any]], *, segments: bool) -> tuple[CallRecord, ...]:
        ids = [row.id for row in rows]
        if not ids:
            return ()
        recordings = await self._by_call(
            select(t.recording).where(t.recording.c.call_id.in_(ids)).order_by(t.recording.c.path)
        )
        surveys = await self._by_call(
            select(t.survey_answer)
            .where(t.survey_answer.c.call_id.in_(ids))
            .order_by(t.survey_answer.c.offered_at)
        )
        dispositions = await self._by_call(
            select(t.disposition)
            .where(t.disposition.c.call_id.in_(ids))
            .order_by(t.disposition.c.chosen_at, t.disposition.c.offer_id)
        )
        parts: Mapping[str, Sequence[Row[Any]]] = {}
        if segments:
            parts = await self._by_call(
                select(t.call_segment)
                .where(t.call_segment.c.call_id.in_(ids))
                .order_by(t.call_segment.c.call_id, t.call_segment.c.seq)
            )
        return tuple(
            replace(
                _record(row, recordings.get(row.id, ()), surveys.get(row.id, ()), parts.get(row.id, ())),
                dispositions=tuple(_disposition(each) for each in dispositions.get(row.id, ())),
            )
            for row in rows
        )

    async def _by_call(self, query: Select[Any]) -> Mapping[str, Sequence[Row[Any]]]:
        found: dict[str, list[Row[Any]]] = {}
        for row in await self._connection.execute(query):
            found.setdefault(row.call_id, []).append(row)
        return found

    async def _decisions(self, call_id: CallId) -> tuple[Decision, ...]:
        rows = await self._connection.execute(
            select(t.call_decision)
            .where(t.call_decision.c.call_id == call_id)
            .order_by(t.call_decision.c.seq)
        )
        return tuple(_decision(row) for row in rows)


def last_agents(
    number: str | BindParameter[str], since: datetime | BindParameter[datetime], limit: int = 30
) -> Select[tuple[str, datetime]]:
    """Ask who talked with this number and when, the latest talk first, by one index."""
    return (
        select(t.call_record.c.agent, t.call_record.c.started_at)
        .where(
            t.call_record.c.number == number,
            t.call_record.c.started_at >= since,
            t.call_record.c.agent.is_not(None),
            # Else it is a phone that called a customer: only a callback's number is the one that was called.
            or_(
                t.call_record.c.direction == Direction.INBOUND.value,
                t.call_record.c.called == t.call_record.c.number,
            ),
        )
        .order_by(t.call_record.c.started_at.desc())
        .limit(limit)
    )


def _where(query: Select[Any], which: RecordFilter) -> Select[Any]:
    columns = t.call_record.c
    wanted: Iterable[tuple[Any, Any]] = (
        (columns.number, which.number),
        (columns.called, which.called),
        (columns.agent, which.agent),
        (columns.queue, which.queue),
    )
    for column, value in wanted:
        if value is not None:
            query = query.where(column == value)
    if which.since is not None:
        query = query.where(columns.started_at >= which.since)
    if which.until is not None:
        query = query.where(columns.started_at < which.until)
    if which.outcomes is not None:
        query = query.where(columns.outcome.in_([each.value for each in which.outcomes]))
    return query


def _record(
    row: Row[Any], recordings: Sequence[Row[Any]], surveys: Sequence[Row[Any]], segments: Sequence[Row[Any]]
) -> CallRecord:
    told = row._asdict()
    told |= {
        "direction": Direction(row.direction),
        "outcome": None if row.outcome is None else Outcome(row.outcome),
        "cdr_disposition": CdrDisposition(row.cdr_disposition),
        "hung_up_by": None if row.hung_up_by is None else Side(row.hung_up_by),
        "sticky": StickyResult(row.sticky),
        "recordings": tuple(recording_of(each) for each in recordings),
        "survey": answer_of(surveys[-1]) if surveys else None,
        "segments": tuple(_segment(each) for each in segments),
    }
    return CallRecord(**told)


def _disposition(row: Row[Any]) -> DispositionInfo:
    return DispositionInfo(
        call_id=CallId(row.call_id),
        offer_id=OfferId(row.offer_id),
        queue=QueueName(row.queue),
        agent=AgentNumber(row.agent),
        code=row.code,
        chosen_at=row.chosen_at,
    )


def _segment(row: Row[Any]) -> Segment:
    told = row._asdict()
    told.pop("call_id")
    return Segment(**(told | {"kind": SegmentKind(row.kind)}))


def _decision(row: Row[Any]) -> Decision:
    return Decision(
        at=row.at,
        offer_id=OfferId(row.offer_id),
        queue=QueueName(row.queue),
        strategy=row.strategy,
        rule=row.rule,
        trigger=row.trigger,
        waited_s=row.waited_s,
        ahead=row.ahead,
        members=row.members,
        candidates=tuple(
            DecisionCandidate(agent=AgentNumber(agent), verdict=verdict, key=key)
            for agent, verdict, key in row.candidates
        ),
    )
