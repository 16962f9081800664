"""One daemon, from start to stop.

Order of start: configuration, database, what is remembered, then the listeners, then Asterisk. Callers may
come in from the first moment; agents are offered calls once Asterisk was asked which phones are busy. A
background task that dies takes the daemon down, non-zero: the supervisor restarts it, and callers survive.
"""

import asyncio
import contextlib
import gc
import signal
from datetime import timedelta
from pathlib import Path

import structlog

import ccd
from ccd import logs, notify
from ccd.calls.design import Design
from ccd.calls.pin_locks import recall_locks
from ccd.clock import SystemClock
from ccd.daemon.assembly import Assembly
from ccd.daemon.upkeep import feed_watchdog, sweep_recordings, watch_disk
from ccd.errors import ConfigError, RefusedError
from ccd.events import AgentsConfigured, BreaksConfigured, DrainBegan, QueuesConfigured
from ccd.routing.estimates import RECENT_S
from ccd.storage.claim import claimed
from ccd.storage.store import Store

log = structlog.get_logger(__name__)

ASTERISK_WAIT_S = 8.0
"""How long the start waits for Asterisk before it says READY all the same."""
SPOOL_S = 5.0
"""How long the start waits for what an earlier outage of the database left to be stored."""
FLUSH_S = 10.0
"""How long a stop waits for what is still to be stored; the rest is spooled for the next start."""


class Daemon:
    """Runs the parts."""

    def __init__(self, parts: Assembly) -> None:
        self._parts = parts
        self._house = parts.house
        self._stopping = asyncio.Event()
        self._known = asyncio.Event()
        """Set when the engine has what outlived the last process."""
        self._listening: asyncio.Task[None] | None = None

    async def run(self) -> None:
        """Serve until a signal asks to stop. A part that fails ends it all, by an ExceptionGroup."""
        parts, house = self._parts, self._house
        async with asyncio.TaskGroup() as group:
            tasks = [
                group.create_task(work, name=name)
                for name, work in (
                    ("writer", parts.writer.run()),
                    ("recorder", parts.recorder.run()),
                    ("mailroom", house.mailroom.run()),
                    ("messages", parts.messages.keep_house()),
                    ("notices", house.notices.run()),
                    ("retention", sweep_recordings(house)),
                    ("disk", watch_disk(house)),
                    ("doors", self._tend_doors()),
                    ("watchdog", feed_watchdog()),
                    ("callbacks", self._keep_promises()),
                )
            ]
            try:
                await self._prepare()
                # Only now: the callers that Asterisk tells of find their queues.
                self._listening = group.create_task(parts.ami.run(), name="ami")
                await self._start()
                await self._stopping.wait()
            finally:
                await self._stop()
                for task in tasks:
                    task.cancel()

    async def _prepare(self) -> None:
        parts, loop = self._parts, asyncio.get_running_loop()
        for number in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(number, self._stopping.set)
        loop.add_signal_handler(signal.SIGHUP, lambda: parts.spawn(self._reload()))
        await self._remember()
        await parts.http.start()
        if parts.queue_log is not None:
            parts.queue_log.start()

    async def _start(self) -> None:
        parts = self._parts
        try:
            await parts.agi.start()
        except OSError as error:
            agi = self._house.config.asterisk.agi
            raise RefusedError(
                "asterisk.agi {host}:{port}: {error}; stop the program that has it (`ss -lntp` names it), "
                "or change `asterisk.agi.port` and render the dialplan again",
                reason="agi_address",
                host=agi.host,
                port=agi.port,
                error=error.strerror or error,
            ) from error
        log.info("listening", agi_port=parts.agi.port, http_port=parts.http.port)
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(ASTERISK_WAIT_S):
                await parts.ami.synchronised.wait()
                parts.recorder.rescue()  # now it is known which calls go on
                self._house.mailroom.rescue()
        # What lives until the end needs no visits of the garbage collector; a full one costs tens of ms.
        gc.collect()
        gc.freeze()
        notify.ready("serving" if parts.ami.connected else "waiting for Asterisk")

    async def _remember(self) -> None:
        """Give the engine what outlived the last process, what an outage left in the spool included."""
        parts, house = self._parts, self._house
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(SPOOL_S):
                await parts.writer.flush()
        async with parts.store.reading() as tx:
            known = await tx.agents.list()
            snapshots = await tx.agents.snapshots()
            positions = await tx.agents.queue_positions()
            talks = await tx.talks.recent(timedelta(seconds=RECENT_S))
            doors = await tx.doors.list()
            outgoing = await tx.outgoing.since(house.clock.wall(house.clock.now()) - timedelta(days=1))
            listed = await tx.caller_lists.all()
        house.caller_lists.put(listed)
        house.outgoing.remember(outgoing)
        feed = house.dispatcher.feed
        config = house.config
        feed(BreaksConfigured(limits=config.break_limits(), shift_gap_s=config.shift_gap_s))
        queues = house.config.queue_settings()
        feed(QueuesConfigured(queues=queues, last_positions=positions, recent_talks=talks))
        house.doors.restore(doors)
        house.doors.look()
        feed(AgentsConfigured(agents=tuple(account.profile for account in known), snapshots=snapshots))
        parts.people.know(known)
        await recall_locks(house.locks, house.clock, parts.store)
        await parts.callbacks.load()
        self._known.set()

    async def _tend_doors(self) -> None:
        """Open and close queues by their hours, as soon as it is known what was done by hand."""
        await self._known.wait()
        await self._house.doors.run()

    async def _keep_promises(self) -> None:
        """Call back whom it was promised, once the queues are there."""
        await self._known.wait()
        await self._parts.callbacks.run()

    async def _stop(self) -> None:
        """Hand the callers over and store what is left: nothing new is assigned, nobody is cut off."""
        parts, house = self._parts, self._house
        house.stopping = True
        notify.stopping()
        log.info("stopping", calls=len(house.book))
        house.dispatcher.feed(DrainBegan())
        await parts.agi.stop()
        await parts.http.stop()
        await house.lookups.close()
        house.dispatcher.close()
        await parts.recorder.close()
        if self._listening is not None:  # up to here every call that ends is seen, from here none
            self._listening.cancel()
            await asyncio.wait([self._listening])
        house.scribe.write()
        await parts.writer.close(FLUSH_S)
        if parts.queue_log is not None:
            await asyncio.to_thread(parts.queue_log.close)

    async def _reload(self) -> None:
        """Reload on SIGHUP; what is wrong is in the log and in `ccd status`."""
        notify.reloading()
        with contextlib.suppress(ConfigError):
            await self._parts.operation.reload()
        notify.ready("serving")


async def serve(config_path: Path) -> None:
    """Run one daemon; raises CcdError when it cannot start, an ExceptionGroup when a part failed."""
    design = await asyncio.to_thread(Design.load, config_path)
    clock = SystemClock()
    with claimed(Path(design.config.state_directory)):
        store = await Store.open(design.config.database.get_secret_value(), clock)
        try:
            await Daemon(Assembly(config_path, design, store, clock)).run()
        finally:
            await store.close()


def main(config_path: Path) -> None:
    """Be the program `ccd run`; returns after a stop that was asked for."""
    logs.configure()
    log.info("starting", version=ccd.__version__, config=str(config_path))
    try:
        import uvloop  # noqa: PLC0415 - an extra: it may not be there
    except ImportError:
        asyncio.run(serve(config_path))
    else:
        uvloop.run(serve(config_path))
    log.info("stopped")
