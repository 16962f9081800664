"""熟客识别: which agents know a caller. The customer's owner first, then who last talked with this number."""

import asyncio
from typing import Protocol

import structlog

from ccd.errors import StorageError
from ccd.model import AgentNumber, FromOutgoing

log = structlog.get_logger(__name__)

LOOKUP_S = 0.25
"""A caller never waits longer than this for being recognised."""


class Customers(Protocol):
    """The stored knowledge (see `ccd.storage.store`)."""

    async def who_knows(
        self, number: str, *, days: int, outgoing: FromOutgoing = "never"
    ) -> tuple[AgentNumber, ...]:
        """Give the agents who know a number, best first; `StorageError` when that cannot be told."""
        ...


class Acquaintances:
    """The lookup, bounded in time: a slow database costs a caller the recognition, not the call."""

    def __init__(self, customers: Customers) -> None:
        self._customers = customers

    async def of(self, number: str, days: int, outgoing: FromOutgoing = "never") -> tuple[AgentNumber, ...]:
        """Give the agents who know a number, best first; none for a withheld number."""
        if not number:
            return ()
        try:
            async with asyncio.timeout(LOOKUP_S):
                return await self._customers.who_knows(number, days=days, outgoing=outgoing)
        except (TimeoutError, StorageError) as problem:
            log.warning("caller not looked up", reason=str(problem) or f"over {LOOKUP_S} s")
            return ()
