"""A scripted peer, and a client of it that runs."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from typing import Any

import pytest

from ccd.ami import AmiClient
from ccd.events import Event
from tests.integration.ami.peer import AmiPeer
from tests.support import until


class Told(list[Event]):
    """What the house was told, in order."""

    def kinds(self) -> list[str]:
        """Give the names of the events."""
        return [type(event).__name__ for event in self]

    def of(self, kind: type[Event]) -> list[Any]:
        """Give the events of one kind."""
        return [event for event in self if isinstance(event, kind)]


class House:
    """A client that runs, and what it told."""

    def __init__(self, peer: AmiPeer, **settings: Any) -> None:
        self.told = Told()
        self.client = AmiClient(peer.settings(**settings), self.told.append)
        self.task = asyncio.create_task(self.client.run())

    async def synchronised(self) -> None:
        """Wait until it is."""
        await until(self.client.synchronised.is_set, what="synchronised")


@pytest.fixture(params=[0, 1], ids=["whole writes", "single bytes"])
async def peer(request: pytest.FixtureRequest) -> AsyncIterator[AmiPeer]:
    """Give a peer that listens; every test sees it write whole messages and single bytes."""
    async with AmiPeer(piece=request.param) as peer:
        yield peer


@pytest.fixture
async def house(peer: AmiPeer) -> AsyncIterator[Callable[..., Any]]:
    """Make clients of the peer that are stopped when the test is over."""
    async with AsyncExitStack() as stack:

        async def make(**settings: Any) -> House:
            return await stack.enter_async_context(_running(peer, settings))

        yield make


@asynccontextmanager
async def _running(peer: AmiPeer, settings: dict[str, Any]) -> AsyncIterator[House]:
    house = House(peer, **settings)
    try:
        yield house
    finally:
        house.task.cancel()
        with suppress(asyncio.CancelledError):
            await house.task
