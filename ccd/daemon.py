"""The composition root: the one place where all the rooms meet; start, supervision, reload, stop.

Order of start: configuration, database, what is remembered, then the listeners, then Asterisk. Callers may
come in from the first moment; agents are offered calls once Asterisk was asked which phones are busy. A
background task that dies takes the daemon down, non-zero: the supervisor restarts it, and callers survive.
"""

import asyncio
import contextlib
import gc
import signal
from collections.abc import Coroutine
from datetime import timedelta
from pathlib import Path
from random import SystemRandom
from typing import Any
from zoneinfo import ZoneInfo

import structlog
from prometheus_client import CollectorRegistry

import ccd
from ccd import logs, notify
from ccd.agi.limits import AgiLimits
from ccd.agi.server import AgiServer
from ccd.agi.session import Session
from ccd.ami.client import AmiClient, AmiSettings
from ccd.backend.archive import Archive
from ccd.backend.backend import DaemonBackend, Parts
from ccd.backend.callbacks import Promises
from ccd.backend.caller_lists import ListDesk
from ccd.backend.dates import Dates
from ccd.backend.live import Live
from ccd.backend.messages import MessageDesk
from ccd.backend.operation import Operation
from ccd.backend.outbound import OutboundDesk
from ccd.backend.people import People
from ccd.backend.prompts import PromptAnswers
from ccd.backend.queueing import Queueing
from ccd.calls.acquaintances import Acquaintances
from ccd.calls.announcing import notices_of, target_of
from ccd.calls.book import CallBook, LiveCall
from ccd.calls.callbacks.desk import Desk
from ccd.calls.control import Control
from ccd.calls.design import Design
from ccd.calls.dialling import OutsideCall
from ccd.calls.dispatcher import Dispatcher, Outlets
from ccd.calls.doors import Doors
from ccd.calls.feature_codes.answer import FeatureCode
from ccd.calls.handler import NextStep
from ccd.calls.house import House
from ccd.calls.lamps import Lamps
from ccd.calls.mailbox import leave as leave_mailbox
from ccd.calls.messages import Messages
from ccd.calls.outgoing import Outgoing
from ccd.calls.phone_events import PhoneEvents
from ccd.calls.playing import Player
from ccd.calls.prompt_desk import PromptDesk
from ccd.calls.queue_log import QueueLogger
from ccd.calls.recordings import Recordings
from ccd.calls.roster import Roster
from ccd.calls.scribe import Scribe
from ccd.calls.talk_keys import TalkKey
from ccd.calls.tally import Tally
from ccd.calls.targets import Target
from ccd.clock import SystemClock
from ccd.commands import Command
from ccd.errors import AmiActionError, AmiDownError, AmiUnknownOutcomeError, ConfigError, RefusedError
from ccd.events import AgentsConfigured, BreaksConfigured, DrainBegan, QueuesConfigured
from ccd.history import RecordingStored
from ccd.http.server import HttpServer, HttpSettings
from ccd.lookup.client import Lookups
from ccd.model import LOOP_CONTEXT
from ccd.notices.outbox import Outbox
from ccd.recording.convert import Form
from ccd.recording.disk import Limits, Room, free_mb, judge
from ccd.recording.recorder import Recorder, RecorderSettings
from ccd.recording.retention import sweep
from ccd.records.record import RecordingInfo
from ccd.records.voicemail import Message
from ccd.routing.engine import Engine
from ccd.storage.accounts import Accounts
from ccd.storage.claim import claimed
from ccd.storage.store import Store
from ccd.storage.writer import RecordWriter
from ccd.voicemail.mailroom import Mailroom

log = structlog.get_logger(__name__)

ASTERISK_WAIT_S = 8.0
"""How long the start waits for Asterisk before it says READY all the same."""
SWEEP_EVERY_S = 6 * 3600.0
DISK_EVERY_S = 20.0
SPOOL_S = 5.0
"""How long the start waits for what an earlier outage of the database left to be stored."""
STORED_S = 30.0
"""How long the count of new messages waits for the last one to be stored."""
FLUSH_S = 10.0
"""How long a stop waits for what is still to be stored; the rest is spooled for the next start."""


class Daemon:
    """One ccd, from start to stop."""

    def __init__(self, config_path: Path, design: Design, store: Store, clock: SystemClock) -> None:
        self._config_path = config_path
        self._store = store
        self._stopping = asyncio.Event()
        self._known = asyncio.Event()
        """Set when the engine has what outlived the last process."""
        self._background: set[asyncio.Task[None]] = set()
        self._listening: asyncio.Task[None] | None = None
        self.draining = False
        config = design.config
        self.writer = RecordWriter(store, Path(config.state_directory))
        scribe = Scribe(clock, self.writer)
        self.queue_log = None if config.queue_log is None else QueueLogger(clock, Path(config.queue_log))
        book = CallBook()
        dispatcher = Dispatcher(
            Engine(SystemRandom().getrandbits(64)),
            clock,
            Outlets(
                book=book,
                memory=self.writer,
                note=scribe.note,
                interrupt=self._interrupt,
                callbacks=self._takes,
            ),
        )
        self.house = House(
            design=design,
            clock=clock,
            book=book,
            scribe=scribe,
            dispatcher=dispatcher,
            acquaintances=Acquaintances(store),
            lookups=Lookups(clock),
            ami_up=lambda: self.ami.connected,
            mailroom=Mailroom(
                Path(config.recording.directory),
                self._message_left,
                is_live=lambda call_id: book.get(call_id) is not None,
            ),
            notices=Outbox(
                store, clock, lambda key: target_of(self.house.config, key), stored=self.writer.flush
            ),
            outgoing=Outgoing(lambda: self.house.design, clock, self.writer, ZoneInfo(config.timezone)),
            keep_state=lambda call: self._spawn(self._keep_state(call)),
        )
        self.house.doors = Doors(lambda: self.house.design, clock, dispatcher, store)
        self.house.farewells.append(lambda call, at: leave_mailbox(self.house, call, at))
        self._messages = Messages(self.house, store)
        phone_events = PhoneEvents(self.house)
        self.ami = AmiClient(_ami_settings(design), phone_events)
        accounts = Accounts(store)
        roster = Roster(dispatcher, accounts)
        control = Control(self.house, roster, self.ami)
        phone_events.watchers.append(control.channel_gone)
        self.lamps = Lamps(self.house, self.ami, self._spawn)
        phone_events.when_synchronised.append(self.lamps.refresh)
        self._callbacks = self._open_callbacks(phone_events)
        self._next_step = NextStep(self.house)
        self._outside_call = OutsideCall(self.house, roster)
        self._target = Target(self.house)
        self._feature_code = FeatureCode(self.house, roster, self._messages, store.last_caller)
        self._prompt_desk = PromptDesk(self.house, self.ami)
        agi = config.asterisk.agi
        self.agi = AgiServer(
            self._session, host=agi.host, port=agi.port, limits=AgiLimits(max_sessions=agi.max_sessions)
        )
        self._recorder = Recorder(
            Path(config.recording.directory),
            self._stored,
            is_live=lambda call_id: book.get(call_id) is not None,
            settings=RecorderSettings(form=self._form),
        )
        self._recordings = Recordings(self.house, self._recorder, self.ami)
        self._talk_key = TalkKey(self.house, roster, self._recordings)
        self._tally = Tally(clock, ZoneInfo(config.timezone))
        scribe.witnesses += [book.note, self._recordings.note, self.house.outgoing.note]
        scribe.listeners += [self._tally.note, self.lamps.note]
        if self.queue_log is not None:
            scribe.listeners.append(self.queue_log.note)
        live = Live(self.house, self._tally, Dates(clock))
        self.house.outgoing.caller_id_of = live.caller_id_of
        self._people = People(accounts, roster, dispatcher, live)
        self._operation = Operation(self.house, self, live, config_path, clock.now())
        parts = Parts(
            live=live,
            callbacks=Promises(self._callbacks),
            control=control,
            recordings=self._recordings,
            people=self._people,
            archive=Archive(
                self.house,
                store,
                MessageDesk(self.house, store, self._messages, Player(self._messages, self.ami)),
            ),
            operation=self._operation,
            prompts=PromptAnswers(self.house, self._prompt_desk),
            lists=ListDesk(self.house, store),
            queueing=Queueing(self.house, live),
            outbound=OutboundDesk(self.house, roster),
        )
        http = HttpSettings(socket=Path(config.socket), host=config.http.host, port=config.http.port)
        self._http = HttpServer(DaemonBackend(parts), http, CollectorRegistry())
        self._accounts = accounts

    # ------------------------------------------------------------ from start to stop

    async def run(self) -> None:
        """Serve until a signal asks to stop. A part that fails ends it all, by an ExceptionGroup."""
        async with asyncio.TaskGroup() as group:
            parts = [
                group.create_task(part, name=name)
                for name, part in (
                    ("writer", self.writer.run()),
                    ("recorder", self._recorder.run()),
                    ("mailroom", self.house.mailroom.run()),
                    ("messages", self._messages.keep_house()),
                    ("notices", self.house.notices.run()),
                    ("retention", self._sweep_recordings()),
                    ("disk", self._watch_disk()),
                    ("doors", self._tend_doors()),
                    ("watchdog", _feed_watchdog()),
                    ("callbacks", self._keep_promises()),
                )
            ]
            try:
                await self._prepare()
                # Only now: the callers that Asterisk tells of find their queues.
                self._listening = group.create_task(self.ami.run(), name="ami")
                await self._start()
                await self._stopping.wait()
            finally:
                await self._stop()
                for part in parts:
                    part.cancel()

    async def _prepare(self) -> None:
        loop = asyncio.get_running_loop()
        for number in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(number, self._stopping.set)
        loop.add_signal_handler(signal.SIGHUP, lambda: self._spawn(self._reload()))
        await self._remember()
        await self._http.start()
        if self.queue_log is not None:
            self.queue_log.start()

    async def _start(self) -> None:
        try:
            await self.agi.start()
        except OSError as error:
            agi = self.house.config.asterisk.agi
            raise RefusedError(
                f"asterisk.agi {agi.host}:{agi.port}: {error.strerror or error}; stop the program that has "
                "it (`ss -lntp` names it), or change `asterisk.agi.port` and render the dialplan again"
            ) from error
        log.info("listening", agi_port=self.agi.port, http_port=self._http.port)
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(ASTERISK_WAIT_S):
                await self.ami.synchronised.wait()
                self._recorder.rescue()  # now it is known which calls go on
                self.house.mailroom.rescue()
        # What lives until the end needs no visits of the garbage collector; a full one costs tens of ms.
        gc.collect()
        gc.freeze()
        notify.ready("serving" if self.ami.connected else "waiting for Asterisk")

    async def _remember(self) -> None:
        """Give the engine what outlived the last process, what an outage left in the spool included."""
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(SPOOL_S):
                await self.writer.flush()
        async with self._store.reading() as tx:
            known = await tx.agents.list()
            snapshots = await tx.agents.snapshots()
            positions = await tx.agents.queue_positions()
            doors = await tx.doors.list()
            since = self.house.clock.wall(self.house.clock.now()) - timedelta(days=1)
            outgoing = await tx.outgoing.since(since)
            listed = await tx.caller_lists.all()
        self.house.caller_lists.put(listed)
        self.house.outgoing.remember(outgoing)
        feed = self.house.dispatcher.feed
        feed(BreaksConfigured(limits=self.house.config.break_limits()))
        feed(QueuesConfigured(queues=self.house.config.queue_settings(), last_positions=positions))
        self.house.doors.restore(doors)
        self.house.doors.look()
        feed(AgentsConfigured(agents=tuple(account.profile for account in known), snapshots=snapshots))
        self._people.know(known)
        await self._callbacks.load()
        self._known.set()

    async def _tend_doors(self) -> None:
        """Open and close queues by their hours, as soon as it is known what was done by hand."""
        await self._known.wait()
        await self.house.doors.run()

    async def _stop(self) -> None:
        """Hand the callers over and store what is left: nothing new is assigned, nobody is cut off."""
        self.draining = self.house.stopping = True
        notify.stopping()
        log.info("stopping", calls=len(self.house.book))
        self.house.dispatcher.feed(DrainBegan())
        await self.agi.stop()
        await self._http.stop()
        await self.house.lookups.close()
        self.house.dispatcher.close()
        await self._recorder.close()
        if self._listening is not None:  # up to here every call that ends is seen, from here none
            self._listening.cancel()
            await asyncio.wait([self._listening])
        self.house.scribe.write()
        await self.writer.close(FLUSH_S)
        if self.queue_log is not None:
            await asyncio.to_thread(self.queue_log.close)

    async def _reload(self) -> None:
        """Reload on SIGHUP; what is wrong is in the log and in `ccd status`."""
        notify.reloading()
        with contextlib.suppress(ConfigError):
            await self._operation.reload()
        notify.ready("serving")

    # ------------------------------------------------------------ between the rooms

    async def _session(self, session: Session) -> None:
        """Lead an AGI session to whom it asks for."""
        match session.request.script:
            case "next":
                await self._next_step(session)
            case "out":
                await self._outside_call(session)
            case "callback":
                await self._callbacks.agent_session(session)
            case "feature":
                await self._feature_code(session)
            case "target":
                await self._target(session)
            case "key":
                await self._talk_key(session)
            case "prompt":
                await self._prompt_desk(session)
            case unknown:
                log.warning("unknown AGI script", script=unknown, channel=session.request.channel)

    def _open_callbacks(self, phone_events: PhoneEvents) -> Desk:
        """Join the desks that hear of phones and of one another."""
        self._messages.when_counted.append(self.lamps.mailboxes)
        desk = Desk(self.house, self._store, self.ami)
        self.house.callbacks = desk
        phone_events.watchers.append(desk.channel_gone)
        phone_events.surveyors.append(desk.synchronised)
        return desk

    def _takes(self, command: Command) -> bool:
        return self._callbacks.takes(command)

    async def _keep_promises(self) -> None:
        """Call back whom it was promised, once the queues are there."""
        await self._known.wait()
        await self._callbacks.run()

    async def _sweep_recordings(self) -> None:
        """Delete the recordings that are past their time, at the start and every few hours."""
        while True:
            recording, zone = self.house.config.recording, ZoneInfo(self.house.config.timezone)
            today = self.house.clock.wall(self.house.clock.now()).astimezone(zone).date()
            deleted = await sweep(Path(recording.directory), keep_days=recording.keep_days, today=today)
            if deleted:
                log.info("recordings deleted", count=len(deleted), keep_days=recording.keep_days)
            await asyncio.sleep(SWEEP_EVERY_S)

    async def _watch_disk(self) -> None:
        """Look how much room there is for recordings; a full disk costs recordings, never a call."""
        while True:
            recording = self.house.config.recording
            limits = Limits(warn_free_mb=recording.warn_free_mb, stop_free_mb=recording.stop_free_mb)
            with contextlib.suppress(OSError):  # a folder that is gone is `recordings_unwritable`
                free = await asyncio.to_thread(free_mb, Path(recording.directory))
                room = judge(free, limits, self.house.room)
                if room is not self.house.room:
                    level = log.info if room is Room.ENOUGH else log.error
                    level("recordings disk", room=room.value, free_mb=round(free), folder=recording.directory)
                self.house.room = room
            await asyncio.sleep(DISK_EVERY_S)

    def _form(self) -> Form:
        """Give the form in which recordings are kept now."""
        recording = self.house.config.recording
        return Form(format=recording.format, bitrate_kbps=recording.bitrate_kbps)

    def _stored(self, entry: RecordingStored) -> None:
        """Keep what was measured of a finished recording."""
        self.house.scribe.note(entry)
        self.writer.put_recording(
            RecordingInfo(
                call_id=entry.call_id,
                path=entry.path,
                stored_at=self.house.clock.wall(entry.at),
                length_s=entry.length_s,
                size=entry.size,
                sha256=entry.sha256,
                problem=entry.problem,
            )
        )

    def _message_left(self, message: Message) -> None:
        """Keep a message that is in its place."""
        self.writer.put_message(message)
        for notice in notices_of(self.house, message, self.house.clock.wall(self.house.clock.now())):
            self.writer.put_notice(notice)
        self.house.notices.stir()
        self._spawn(self._count_messages())
        log.info("voicemail_left", message=message.id, mailbox=message.mailbox, length_s=message.length_s)

    async def _count_messages(self) -> None:
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(STORED_S):
                await self.writer.flush()
        await self._messages.recount()

    def _interrupt(self, call: LiveCall) -> None:
        """Take a caller out of `Dial`; its dialplan asks again what is next."""
        self._spawn(self._redirect(call))

    async def _redirect(self, call: LiveCall) -> None:
        try:
            await self.ami.redirect(call.channel_name, LOOP_CONTEXT, "withdrawn", 1)
        except (AmiActionError, AmiUnknownOutcomeError) as problem:
            log.info("caller not taken out of Dial", call=call.call_id, reason=str(problem))

    async def _keep_state(self, call: LiveCall) -> None:
        try:
            state = call.token(self.house.epoch).encode()
            await self.ami.setvar("CCD_STATE", state, call.channel_name)
        except (AmiActionError, AmiDownError, AmiUnknownOutcomeError) as problem:
            log.info("state not written on a channel", call=call.call_id, reason=str(problem))

    def _spawn(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.ensure_future(work)
        self._background.add(task)
        task.add_done_callback(self._background.discard)


async def _feed_watchdog() -> None:
    """Show the supervisor that the event loop turns; without a watchdog there is nothing to do."""
    period_s = notify.watchdog_period_s()
    while period_s is not None:
        notify.watchdog()
        await asyncio.sleep(period_s / 3)


def _ami_settings(design: Design) -> AmiSettings:
    ami = design.config.asterisk.ami
    return AmiSettings(
        host=ami.host, port=ami.port, username=ami.username, secret=ami.secret.get_secret_value()
    )


async def serve(config_path: Path) -> None:
    """Run one daemon; raises CcdError when it cannot start, an ExceptionGroup when a part failed."""
    design = await asyncio.to_thread(Design.load, config_path)
    clock = SystemClock()
    with claimed(Path(design.config.state_directory)):
        store = await Store.open(design.config.database.get_secret_value(), clock)
        try:
            await Daemon(config_path, design, store, clock).run()
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
