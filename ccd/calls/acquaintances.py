"""熟客识别: which agents know a caller. The customer's owner first, then who last talked with this number."""

import asyncio
from collections.abc import Awaitable, Callable

import structlog

from ccd.errors import StorageError
from ccd.model import AgentNumber

log = structlog.get_logger(__name__)

LOOKUP_S = 0.25
"""A caller never waits longer than this for being recognised."""

Lookup = Callable[[str, int], Awaitable[tuple[AgentNumber, ...]]]
"""Number and days to the agents who know it, best first (see `ccd.storage.customers`)."""


class Acquaintances:
    """The lookup, bounded in time: a slow database costs a caller the recognition, not the call."""

    def __init__(self, lookup: Lookup) -> None:
        self._lookup = lookup

    async def of(self, number: str, days: int) -> tuple[AgentNumber, ...]:
        """Give the agents who know a number, best first; none for a withheld number."""
        if not number:
            return ()
        try:
            async with asyncio.timeout(LOOKUP_S):
                return await self._lookup(number, days)
        except (TimeoutError, StorageError) as problem:
            log.warning("caller not looked up", reason=str(problem) or f"over {LOOKUP_S} s")
            return ()
