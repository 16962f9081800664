"""The open database, and the one transaction boundary.

    async with store.unit() as tx:
        await tx.customers.set_owner("13800138000", agent)

Repositories never commit: leaving the block does, and an exception undoes all of it. A unit must not be
opened within another: it would wait for its own end.
"""

import asyncio
from collections.abc import AsyncIterator, Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from datetime import timedelta
from functools import cached_property
from typing import Final

from sqlalchemy import Connection
from sqlalchemy.exc import DBAPIError, SQLAlchemyError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError
from sqlalchemy.ext.asyncio import AsyncConnection

from ccd.clock import Clock
from ccd.errors import StorageError
from ccd.model import AgentNumber, FromOutgoing, QueueName
from ccd.storage import schema
from ccd.storage.agents import Agents
from ccd.storage.callbacks import Callbacks
from ccd.storage.caller_lists import CallerLists
from ccd.storage.customers import CallerLookup, Customers
from ccd.storage.database import WRITES, Engines, create_engines
from ccd.storage.doors import Doors, QueueDoor
from ccd.storage.messages import Messages
from ccd.storage.notices import Notices
from ccd.storage.outgoing import Outgoing
from ccd.storage.pin_locks import PinLocks
from ccd.storage.recordings import Recordings
from ccd.storage.records import Records
from ccd.storage.surveys import Surveys
from ccd.storage.talks import Talks

TURN_S: Final = 30.0
"""How long a writer waits for the others of this process."""


class Unit:
    """One transaction's repositories."""

    def __init__(self, connection: AsyncConnection, clock: Clock) -> None:
        self._connection = connection
        self._clock = clock

    @cached_property
    def agents(self) -> Agents:
        """Agents, their queues, and what the engine remembers of them."""
        return Agents(self._connection, self._clock)

    @cached_property
    def callbacks(self) -> Callbacks:
        """Promises of a call back."""
        return Callbacks(self._connection)

    @cached_property
    def caller_lists(self) -> CallerLists:
        """Lists of callers."""
        return CallerLists(self._connection)

    @cached_property
    def doors(self) -> Doors:
        """Queues that were opened or closed by hand."""
        return Doors(self._connection)

    @cached_property
    def customers(self) -> Customers:
        """Who knows which caller."""
        return Customers(self._connection)

    @cached_property
    def records(self) -> Records:
        """Call records."""
        return Records(self._connection)

    @cached_property
    def recordings(self) -> Recordings:
        """Recordings."""
        return Recordings(self._connection)

    @cached_property
    def messages(self) -> Messages:
        """Messages that callers left."""
        return Messages(self._connection)

    @cached_property
    def notices(self) -> Notices:
        """What others are to be told of."""
        return Notices(self._connection)

    @cached_property
    def outgoing(self) -> Outgoing:
        """Calls that were let out."""
        return Outgoing(self._connection)

    @cached_property
    def pin_locks(self) -> PinLocks:
        """Wrong entries of secrets in flows."""
        return PinLocks(self._connection)

    @cached_property
    def surveys(self) -> Surveys:
        """Survey answers."""
        return Surveys(self._connection)

    @cached_property
    def talks(self) -> Talks:
        """Talks that are over."""
        return Talks(self._connection, self._clock)


class Store:
    """An open database, migrated to the present schema."""

    def __init__(self, engines: Engines, clock: Clock) -> None:
        self.engine = engines.asynchronous
        self._plain = engines.plain
        self._callers = CallerLookup(engines.plain.dialect)
        self.clock = clock
        self._writing = self.engine.execution_options(**{WRITES: True})
        self._writer = ThreadPoolExecutor(1, thread_name_prefix="storage")
        self._reader = ThreadPoolExecutor(1, thread_name_prefix="lookup")
        # SQLite's writers of this process take turns here, in order; its own lock would have them poll.
        self._turns = asyncio.Semaphore(1 if engines.on_sqlite else 4)

    @classmethod
    async def open(cls, url: str, clock: Clock) -> "Store":
        """Open the database and bring it to the present schema; `StorageError` says why it cannot be used."""
        store = cls(create_engines(url), clock)
        try:
            await store.in_thread(schema.upgrade)
        except SQLAlchemyError as error:
            await store.close()
            raise StorageError(
                "the database cannot be opened: {problem}",
                reason="database_not_opened",
                problem=reason(error),
            ) from error
        except BaseException:
            await store.close()
            raise
        return store

    async def close(self) -> None:
        """Close all connections; a transaction in the thread is waited for."""
        for thread in (self._writer, self._reader):
            await asyncio.to_thread(thread.shutdown)
        self._plain.dispose()
        await self.engine.dispose()

    async def put_door(self, door: QueueDoor) -> None:
        """Keep that a queue was opened or closed by hand."""
        async with self.unit() as tx:
            await tx.doors.put(door)

    async def drop_door(self, queue: QueueName) -> None:
        """Forget that a queue was opened or closed by hand."""
        async with self.unit() as tx:
            await tx.doors.drop(queue)

    async def in_thread(self, work: Callable[[Connection], None]) -> None:
        """Do a whole writing transaction in a thread; for this folder only."""

        def transact() -> None:
            with self._plain.execution_options(**{WRITES: True}).begin() as connection:
                work(connection)

        async with self._turn():
            await asyncio.get_running_loop().run_in_executor(self._writer, transact)

    async def last_caller(self, agent: AgentNumber) -> str | None:
        """Give the number of the last who called and talked with an agent; `StorageError` as of `reading`."""
        async with self.reading() as tx:
            return await tx.records.last_caller(agent)

    async def who_knows(
        self, number: str, *, days: int, outgoing: FromOutgoing = "never"
    ) -> tuple[AgentNumber, ...]:
        """Give the agents who know a caller, best first (see `ccd.storage.customers`): a caller waits for it.

        `StorageError` when the database is locked, full or gone.
        """
        since = self.clock.wall(self.clock.now()) - timedelta(days=days)

        def ask() -> tuple[AgentNumber, ...]:
            connection = self._plain.raw_connection()
            try:
                return self._callers.ask(connection, number, since, outgoing)
            finally:
                connection.close()

        try:
            return await asyncio.get_running_loop().run_in_executor(self._reader, ask)
        except (self._plain.dialect.loaded_dbapi.Error, DBAPIError, PoolTimeoutError) as error:
            raise _refused(error) from error

    @asynccontextmanager
    async def transaction(self) -> AsyncIterator[AsyncConnection]:
        """Give a bare connection within a writing transaction; for this folder only."""
        async with self._turn(), self._writing.begin() as connection:
            yield connection

    @asynccontextmanager
    async def _turn(self) -> AsyncIterator[None]:
        try:
            async with asyncio.timeout(TURN_S):
                await self._turns.acquire()
        except TimeoutError as error:
            raise TimeoutError(f"other writers kept the database for {TURN_S:.0f} s") from error
        try:
            yield
        finally:
            self._turns.release()

    @asynccontextmanager
    async def unit(self) -> AsyncIterator[Unit]:
        """One transaction that may write. `StorageError` when the database is locked, full or gone."""
        try:
            async with self.transaction() as connection:
                yield Unit(connection, self.clock)
        except (DBAPIError, PoolTimeoutError, TimeoutError) as error:
            raise _refused(error) from error

    @asynccontextmanager
    async def reading(self) -> AsyncIterator[Unit]:
        """One transaction that only reads: it never waits for a writer."""
        try:
            async with self.engine.connect() as connection:
                yield Unit(connection, self.clock)
        except (DBAPIError, PoolTimeoutError) as error:
            raise _refused(error) from error


def _refused(error: BaseException) -> StorageError:
    return StorageError("the database refused: {problem}", reason="database_refused", problem=reason(error))


def reason(error: BaseException) -> str:
    """Give what the driver said, without the statement and its values: those may be customers' data."""
    said = str(getattr(error, "orig", None) or error).strip().splitlines()
    return said[0] if said else type(error).__name__
