"""The manager link as one thing: two sessions, kept up, and the house told in one order what is so.

Asterisk serves the actions and the events of a session in one thread, so there is a session for each.
Whenever the link comes up, and whenever events were lost, Asterisk is asked what exists (`resync`). Nothing
is ever sent again.
"""

import asyncio
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from random import SystemRandom

import structlog

from ccd.ami import resync
from ccd.ami.delivery import Delivery
from ccd.ami.message import AmiMessage
from ccd.ami.originate import RESPONSE, Originations
from ccd.ami.session import Connect, Session, open_session
from ccd.ami.settings import AmiCounters, AmiSettings
from ccd.ami.translate import EVENTS_WANTED, READ_CLASSES, translate
from ccd.errors import AmiActionError, AmiDownError, AmiUnknownOutcomeError, PeerError
from ccd.events import Event, LinkLost, Synchronised
from ccd.model import CONTEXTS

log = structlog.get_logger(__name__)

_chance = SystemRandom()

TRANSIENT = (OSError, PeerError, AmiDownError, AmiUnknownOutcomeError, AmiActionError)
"""Failures of a link after which it is worth while to connect again."""


class ManagerLink:
    """Keeps both sessions up and tells what happens: `Synchronised` first, `LinkLost` at the end."""

    def __init__(
        self,
        settings: AmiSettings,
        connect: Connect,
        counters: AmiCounters,
        on_event: Callable[[Event], None],
    ) -> None:
        self._settings = settings
        self._connect = connect
        self.counters = counters
        self.delivery = Delivery(
            on_event, limit=settings.queue_limit, counters=counters, overflowed=self._overflowed
        )
        self.synchronised = asyncio.Event()
        self.version = ""
        self.sessions: tuple[Session, Session] | None = None
        """The sessions for events and for actions, while both are up and Asterisk has booted."""
        self.originations = Originations()
        self._news = asyncio.Event()
        self._booted = False
        self._shutdown = False
        self._stale = False
        self._last_failure = ""

    async def run(self) -> None:
        """Keep the link up until cancelled. AmiAuthError: Asterisk refused us; it is not tried again."""
        attempt = 0
        clock = asyncio.get_running_loop().time
        try:
            while True:
                began = clock()
                try:
                    await self._serve()
                except TRANSIENT as error:
                    lasted = self.synchronised.is_set() and clock() - began > self._settings.reconnect_max_s
                    attempt = 0 if lasted else attempt + 1
                    self._report(error)
                self._lost()
                await asyncio.sleep(self._pause_s(attempt))
                self.counters.reconnects += 1
        finally:
            self.sessions = None
            self.originations.lost()
            self.synchronised.clear()
            self.delivery.stop()

    async def _serve(self) -> None:
        """Connect, log in, and stay in step with Asterisk; it ends by an error of TRANSIENT."""
        settings = self._settings
        self._booted, self._shutdown, self._stale = False, False, True
        self.delivery.hold()
        events_connection = await self._connect(EVENTS_WANTED, self._heard)
        async with open_session(events_connection, settings, ",".join(READ_CLASSES)) as events:
            actions_connection = await self._connect((), self._heard)
            async with open_session(actions_connection, settings, "off") as actions:
                pair = (events, actions)
                for session in pair:
                    session.lost.add_done_callback(lambda _: self._news.set())
                await self._fully_booted(pair)
                self.version = (await actions.request("CoreSettings"))[0].get("AsteriskVersion") or ""
                self.sessions = pair
                while True:
                    await self._until(lambda: self._stale, pair)
                    await self._resync(*pair)

    async def _fully_booted(self, pair: Sequence[Session]) -> None:
        """Wait: before that, Asterisk does not know its phones, nor even every action."""
        try:
            async with asyncio.timeout(self._settings.boot_timeout_s):
                await self._until(lambda: self._booted, pair)
        except TimeoutError:
            log.warning(
                "Asterisk has not said that it is fully booted; going on without",
                waited_s=self._settings.boot_timeout_s,
                remedy=f"the manager user {self._settings.username!r} needs read=system,call in manager.conf",
            )

    async def _resync(self, events: Session, actions: Session) -> None:
        """Ask what exists, and tell it before anything that came meanwhile (see `ccd.ami.resync`)."""
        self._stale = False
        self.delivery.hold()
        asked_at = asyncio.get_running_loop().time()
        devices = resync.devices_of(await actions.request_list("DeviceStateList"))
        channels = resync.channels_of(await actions.request_list("CoreShowChannels"))
        if any(each.context in CONTEXTS for each in channels):
            asked = {"Variables": ",".join(resync.NOTED)}
            notes = resync.notes_of(await actions.request_list("Status", asked))
            channels = resync.with_notes(channels, notes)
        # Its answer comes after every event that Asterisk had ready for this session.
        await events.request("Ping")
        if self._stale:
            return
        snapshot = Synchronised(devices=devices, channels=channels, asked_at=asked_at)
        self.delivery.release(partial(resync.join, snapshot))
        self.counters.resyncs += 1
        if not self.synchronised.is_set():
            log.info(
                "synchronised with Asterisk",
                version=self.version,
                phones=len(devices),
                channels=len(channels),
            )
        self._last_failure = ""
        self.synchronised.set()

    async def _until(self, condition: Callable[[], bool], pair: Sequence[Session]) -> None:
        """Wait for it. AmiDownError: a session was lost meanwhile."""
        while not condition():
            self._news.clear()
            if self._shutdown:
                raise AmiDownError("Asterisk is shutting down")
            for session in pair:
                if session.lost.done():
                    raise AmiDownError(session.lost.result())
            await self._news.wait()

    def _heard(self, messages: Iterator[AmiMessage]) -> None:
        """Take wanted events of the events session, in the order in which Asterisk sent them."""
        try:
            for message in messages:
                event = translate(message)
                if event is not None:
                    self.counters.events += 1
                    self.delivery.live(event)
                elif message.event == "DialEnd":
                    self.originations.leg_ended(message)
                elif message.event == RESPONSE:
                    self.originations.heard(message)
                elif message.event == "FullyBooted":
                    self._booted = self._stale = True
                    self._news.set()
                elif message.event == "Shutdown":
                    self._shutdown = True
                    self._news.set()
        finally:
            self.delivery.flush()

    def _overflowed(self) -> None:
        log.warning(
            "events came faster than they could be handled; asking Asterisk anew",
            dropped=self._settings.queue_limit,
        )
        self._stale = True
        self._news.set()

    def _lost(self) -> None:
        self.sessions = None
        self.originations.lost()
        self.delivery.forget_held()
        if self.synchronised.is_set():
            self.synchronised.clear()
            self.delivery.tell(LinkLost())

    def _report(self, error: Exception) -> None:
        """Log why there is no link: aloud when the reason is a new one."""
        failure = str(error) or type(error).__name__
        level = log.debug if failure == self._last_failure else log.warning
        self._last_failure = failure
        level("no link to Asterisk", host=self._settings.host, port=self._settings.port, reason=failure)

    def _pause_s(self, attempt: int) -> float:
        settings = self._settings
        longest = min(settings.reconnect_max_s, settings.reconnect_first_s * 2 ** min(attempt, 16))
        return _chance.uniform(longest / 2, longest)
