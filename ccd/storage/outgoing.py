"""Calls that were let out: what counts for the limits, and who called a number last."""

from datetime import datetime

from sqlalchemy import BindParameter, Select, select
from sqlalchemy.ext.asyncio import AsyncConnection

from ccd.model import AgentNumber
from ccd.records.outgoing import OutgoingCall
from ccd.storage import tables as t


class Outgoing:
    """The repository."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def since(self, moment: datetime) -> tuple[OutgoingCall, ...]:
        """Give the calls that were let out since an aware date, the oldest first."""
        rows = await self._connection.execute(
            select(t.outgoing_call).where(t.outgoing_call.c.at >= moment).order_by(t.outgoing_call.c.at)
        )
        return tuple(
            OutgoingCall(
                call_id=row.call_id,
                at=row.at,
                person=row.person,
                agent=None if row.agent is None else AgentNumber(row.agent),
                callee=row.callee,
                tail=row.tail,
                answered=row.answered,
                talk_s=row.talk_s,
            )
            for row in rows
        )


def last_callers(
    tail: str | BindParameter[str],
    since: datetime | BindParameter[datetime],
    *,
    answered: bool,
    limit: int = 4,
) -> Select[tuple[str, datetime]]:
    """Ask which agents called this number and when, the latest call first; `answered`: and reached it."""
    columns = t.outgoing_call.c
    asked = select(columns.agent, columns.at).where(
        columns.tail == tail, columns.at >= since, columns.agent.is_not(None)
    )
    if answered:
        asked = asked.where(columns.answered)
    return asked.order_by(columns.at.desc()).limit(limit)
