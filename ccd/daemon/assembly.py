"""The parts of the daemon, put together; nothing runs yet, and nothing outside is touched."""

from collections.abc import Awaitable, Callable, Mapping
from pathlib import Path
from random import SystemRandom
from zoneinfo import ZoneInfo

import structlog
from prometheus_client import CollectorRegistry

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
from ccd.calls.announcing import target_of
from ccd.calls.background import Background
from ccd.calls.book import CallBook, LiveCall
from ccd.calls.callbacks.desk import Desk
from ccd.calls.control import Control
from ccd.calls.design import Design
from ccd.calls.desk_calls import DeskCalls
from ccd.calls.dialling import PhonesCall
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
from ccd.calls.pin_locks import kept_locks
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
from ccd.daemon.channels import Channels
from ccd.daemon.filing import Filing
from ccd.http.server import HttpServer, HttpSettings
from ccd.lookup.client import Lookups
from ccd.model import CallId
from ccd.notices.outbox import Outbox
from ccd.recording.convert import Form
from ccd.recording.recorder import Recorder, RecorderSettings
from ccd.records.voicemail import Message
from ccd.routing.engine import Engine
from ccd.storage.accounts import Accounts
from ccd.storage.store import Store
from ccd.storage.writer import RecordWriter
from ccd.voicemail.mailroom import Mailroom

log = structlog.get_logger(__name__)


class Assembly:
    """Everything that a daemon consists of. Parts that need one another find them when they are used."""

    def __init__(self, config_path: Path, design: Design, store: Store, clock: SystemClock) -> None:
        config = design.config
        background = Background()
        self.spawn = background.spawn
        self.store = store
        self.writer = RecordWriter(store, Path(config.state_directory))
        self.queue_log = None if config.queue_log is None else QueueLogger(clock, Path(config.queue_log))
        self.house = self._house(design, clock)
        self.messages = Messages(self.house, store)
        self._filing = Filing(self.house, self.writer, self.messages, background)
        phone_events = PhoneEvents(self.house)
        self.ami = AmiClient(_ami_settings(design), phone_events)
        self._channels = Channels(self.ami, self.house.epoch, background)
        self.lamps = Lamps(self.house, self.ami, self.spawn)
        self.recorder = self._open_recorder()
        self._recordings = Recordings(self.house, self.recorder, self.ami)
        self._tally = Tally(clock, ZoneInfo(config.timezone))
        self._live = Live(self.house, self._tally, Dates(clock))
        self.callbacks = Desk(self.house, store, self.ami)
        accounts = Accounts(store)
        self._roster = Roster(self.house.dispatcher, accounts)
        self._control = Control(self.house, self._roster, self.ami)
        self._desk_calls = DeskCalls(self.house, self.ami, self.spawn, self._live.own_extension)
        self._prompt_desk = PromptDesk(self.house, self.ami)
        self.people = People(accounts, self._roster, self.house.dispatcher, self._live)
        self.operation = Operation(self.house, self, self._live, config_path, clock.now())
        self._introduce(phone_events)
        self._sessions = self._answers()
        agi, http = config.asterisk.agi, config.http
        limits = AgiLimits(max_sessions=agi.max_sessions)
        self.agi = AgiServer(self._session, host=agi.host, port=agi.port, limits=limits)
        listen = HttpSettings(socket=Path(config.socket), host=http.host, port=http.port)
        self.http = HttpServer(self._backend(), listen, CollectorRegistry())

    def _house(self, design: Design, clock: SystemClock) -> House:
        """Make what every part of a call's life has at hand."""
        config, store = design.config, self.store
        scribe = Scribe(clock, self.writer)
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
        house = House(
            design=design,
            clock=clock,
            book=book,
            scribe=scribe,
            dispatcher=dispatcher,
            acquaintances=Acquaintances(store),
            lookups=Lookups(clock),
            locks=kept_locks(clock, self.writer),
            ami_up=lambda: self.ami.connected,
            mailroom=Mailroom(
                Path(config.recording.directory),
                self._message_left,
                is_live=self._is_live,
            ),
            notices=Outbox(
                store, clock, lambda key: target_of(self.house.config, key), stored=self.writer.flush
            ),
            outgoing=Outgoing(lambda: self.house.design, clock, self.writer, ZoneInfo(config.timezone)),
            keep_state=self._keep_state,
            interrupt=self._interrupt,
        )
        house.doors = Doors(lambda: self.house.design, clock, dispatcher, store)
        return house

    def _open_recorder(self) -> Recorder:
        return Recorder(
            Path(self.house.config.recording.directory),
            self._filing.recording_stored,
            is_live=self._is_live,
            settings=RecorderSettings(form=self._form),
        )

    def _introduce(self, phone_events: PhoneEvents) -> None:
        """Let the parts hear of phones, of the history and of one another."""
        house = self.house
        house.callbacks = self.callbacks
        house.farewells.append(lambda call, at: leave_mailbox(house, call, at))
        house.outgoing.caller_id_of = self._live.caller_id_of
        phone_events.watchers += [self._control.channel_gone, self.callbacks.channel_gone]
        phone_events.surveyors += [self._control.synchronised, self.callbacks.synchronised]
        phone_events.when_synchronised.append(self.lamps.refresh)
        self.messages.when_counted.append(self.lamps.mailboxes)
        house.scribe.witnesses += [house.book.note, self._recordings.note, house.outgoing.note]
        house.scribe.listeners += [self._tally.note, self.lamps.note, self._desk_calls.note]
        self._roster.when_seated.append(self._desk_calls.seated)
        if self.queue_log is not None:
            house.scribe.listeners.append(self.queue_log.note)

    def _answers(self) -> Mapping[str, Callable[[Session], Awaitable[None]]]:
        """Give who answers an AGI session, by the script that it asks for."""
        house, roster = self.house, self._roster
        phones_call = PhonesCall(house, roster)
        return {
            "next": NextStep(house),
            "out": phones_call,
            "within": phones_call,
            "callback": self.callbacks.agent_session,
            "feature": FeatureCode(house, roster, self.messages, self.store.last_caller),
            "target": Target(house),
            "key": TalkKey(house, roster, self._recordings),
            "prompt": self._prompt_desk,
        }

    def _backend(self) -> DaemonBackend:
        """Join who answers the API."""
        house, store = self.house, self.store
        desk = MessageDesk(house, store, self.messages, Player(self.messages, self.ami))
        return DaemonBackend(
            Parts(
                live=self._live,
                callbacks=Promises(self.callbacks),
                control=self._control,
                recordings=self._recordings,
                people=self.people,
                archive=Archive(house, store, desk),
                operation=self.operation,
                prompts=PromptAnswers(house, self._prompt_desk),
                lists=ListDesk(house, store),
                queueing=Queueing(house, self._live),
                outbound=OutboundDesk(house, self._roster),
            )
        )

    # ------------------------------------------------------------ between the rooms

    async def _session(self, session: Session) -> None:
        """Lead an AGI session to whom it asks for."""
        script = session.request.script
        if (answer := self._sessions.get(script)) is not None:
            await answer(session)
        else:
            log.warning("unknown AGI script", script=script, channel=session.request.channel)

    def _interrupt(self, call: LiveCall) -> None:
        self._channels.interrupt(call)

    def _keep_state(self, call: LiveCall) -> None:
        self._channels.keep_state(call)

    def _takes(self, command: Command) -> bool:
        return self.callbacks.takes(command)

    def _message_left(self, message: Message) -> None:
        self._filing.message_left(message)

    def _is_live(self, call_id: CallId) -> bool:
        return self.house.book.get(call_id) is not None

    def _form(self) -> Form:
        """Give the form in which recordings are kept now."""
        recording = self.house.config.recording
        return Form(format=recording.format, bitrate_kbps=recording.bitrate_kbps)


def _ami_settings(design: Design) -> AmiSettings:
    ami = design.config.asterisk.ami
    return AmiSettings(
        host=ami.host, port=ami.port, username=ami.username, secret=ami.secret.get_secret_value()
    )
