"""Who knows which caller: the customer's owner first, then who talked with them last. For sticky routing."""

from datetime import timedelta
from typing import Final

from sqlalchemy import delete, insert, select
from sqlalchemy.ext.asyncio import AsyncConnection

from ccd.clock import Clock
from ccd.errors import NotFoundError
from ccd.model import AgentNumber
from ccd.storage import tables as t
from ccd.storage.records import Records

_LEAST_DIGITS: Final = 3
"""Callers who hide their number come as nothing or a word: they are not all one customer."""


class Customers:
    """The repository."""

    def __init__(self, connection: AsyncConnection, clock: Clock) -> None:
        self._connection = connection
        self._clock = clock

    async def owner(self, number: str) -> AgentNumber | None:
        """Give the agent who owns a customer, if that agent is still here."""
        owner = await self._connection.scalar(
            select(t.customer_number.c.owner)
            .join(t.agent, t.agent.c.number == t.customer_number.c.owner)
            .where(t.customer_number.c.number == number, t.agent.c.removed_at.is_(None))
        )
        return None if owner is None else AgentNumber(owner)

    async def set_owner(self, number: str, agent: AgentNumber | None) -> None:
        """Set who owns a customer; None: nobody. `NotFoundError` when there is no such agent."""
        if agent is not None:
            known = select(t.agent.c.number).where(t.agent.c.number == agent, t.agent.c.removed_at.is_(None))
            if await self._connection.scalar(known) is None:
                raise NotFoundError(f"there is no agent {agent}")
        await self._connection.execute(delete(t.customer_number).where(t.customer_number.c.number == number))
        if agent is not None:
            await self._connection.execute(insert(t.customer_number), {"number": number, "owner": agent})

    async def sticky_agents(self, number: str, *, days: int) -> tuple[AgentNumber, ...]:
        """Give the agents who know this caller, best first: the owner, then who talked last within `days`."""
        if sum(each.isdigit() for each in number) < _LEAST_DIGITS:
            return ()
        owner = await self.owner(number)
        since = self._clock.wall(self._clock.now()) - timedelta(days=days)
        last = await Records(self._connection).last_agents(number, since=since)
        known = last if owner is None else (owner, *last)
        return tuple(dict.fromkeys(known))
