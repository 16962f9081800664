"""Survey answers, for `ccd.records.survey` to count."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Row, select, tuple_
from sqlalchemy.ext.asyncio import AsyncConnection

from ccd.model import AgentNumber, CallId, QueueName
from ccd.records.record import SurveyAnswer
from ccd.storage import tables as t


@dataclass(frozen=True, slots=True, kw_only=True)
class SurveyFilter:
    """Which surveys are meant; a field that is None does not restrict."""

    since: datetime | None = None
    """Offered at or after it."""
    until: datetime | None = None
    """Offered before it."""
    survey: str | None = None
    queue: QueueName | None = None
    agent: AgentNumber | None = None


ALL_SURVEYS: Final = SurveyFilter()


class Surveys:
    """The repository."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def page(
        self, which: SurveyFilter, after: SurveyAnswer | None, *, limit: int
    ) -> tuple[SurveyAnswer, ...]:
        """Give surveys that were offered, answered or not, the oldest first, that follow one of them."""
        columns = t.survey_answer.c
        place = columns.offered_at, columns.call_id, columns.survey
        query = select(t.survey_answer).order_by(*place).limit(limit)
        if after is not None:
            query = query.where(tuple_(*place) > (after.offered_at, after.call_id, after.survey))
        if which.since is not None:
            query = query.where(columns.offered_at >= which.since)
        if which.until is not None:
            query = query.where(columns.offered_at < which.until)
        if which.survey is not None:
            query = query.where(columns.survey == which.survey)
        if which.queue is not None:
            query = query.where(columns.queue == which.queue)
        if which.agent is not None:
            query = query.where(columns.agent == which.agent)
        return tuple(answer_of(row) for row in await self._connection.execute(query))


def answer_of(row: Row[Any]) -> SurveyAnswer:
    """Turn a row into what it says."""
    return SurveyAnswer(
        call_id=CallId(row.call_id),
        survey=row.survey,
        offered_at=row.offered_at,
        answered_at=row.answered_at,
        digit=row.digit,
        label=row.label,
        queue=None if row.queue is None else QueueName(row.queue),
        agent=None if row.agent is None else AgentNumber(row.agent),
    )
