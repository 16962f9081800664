"""Who knows which caller: the customer's owner first, then who talked with them last. For sticky routing."""

from collections.abc import Iterable
from datetime import datetime
from typing import Final

from sqlalchemy import Connection, Select, delete, insert, select
from sqlalchemy.ext.asyncio import AsyncConnection

from ccd.errors import NotFoundError
from ccd.model import AgentNumber
from ccd.storage import tables as t
from ccd.storage.records import last_agents

_MOST: Final = 4
"""Agents that are named at most."""
_LEAST_DIGITS: Final = 3
"""Callers who hide their number come as nothing or a word: they are not all one customer."""


class Customers:
    """The repository."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def owner(self, number: str) -> AgentNumber | None:
        """Give the agent who owns a customer, if that agent is still here."""
        owner: str | None = await self._connection.scalar(_owner_of(number))
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


def sticky_agents(connection: Connection, number: str, since: datetime) -> tuple[AgentNumber, ...]:
    """Give the agents who know a caller, best first: the owner, then who talked with them since then."""
    if sum(each.isdigit() for each in number) < _LEAST_DIGITS:
        return ()
    owners: Iterable[str] = connection.scalars(_owner_of(number))
    talked: Iterable[str] = connection.scalars(last_agents(number, since))
    return tuple(dict.fromkeys(AgentNumber(agent) for agent in (*owners, *talked)))[:_MOST]


def _owner_of(number: str) -> Select[tuple[str]]:
    return (
        select(t.customer_number.c.owner)
        .join(t.agent, t.agent.c.number == t.customer_number.c.owner)
        .where(t.customer_number.c.number == number, t.agent.c.removed_at.is_(None))
    )
