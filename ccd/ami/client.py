"""Asterisk's manager interface, as the rest of ccd sees it; and panoramisk, fenced in.

This is the only module that imports panoramisk. Taken from it: the connection (`Manager` with its
`protocol_factory`) and the matching of answers by ActionID (`Action`, `AMIProtocol.handle_message`). Ours,
because panoramisk 1.4 loses split characters, replays actions, waits for ever and reconnects by itself:
bytes, messages, timeouts, login, pings, events.
"""

import asyncio
import socket
from collections.abc import Callable, Collection, Iterator
from functools import partial
from typing import Any

from panoramisk.actions import Action
from panoramisk.ami_protocol import AMIProtocol
from panoramisk.manager import Manager

from ccd.ami.link import ManagerLink
from ccd.ami.message import AmiMessage
from ccd.ami.originate import Origination
from ccd.ami.session import Headers, OnEvents, Session
from ccd.ami.settings import AmiCounters, AmiSettings
from ccd.ami.wire import Framer, encode, event_name
from ccd.errors import AmiDownError, AmiProtocolError, AmiUnknownOutcomeError, AmiValueError
from ccd.events import Event
from ccd.model import DialStatus

__all__ = ["AmiClient", "AmiCounters", "AmiSettings"]

RECEIVE_BUFFER = 4 * 1024 * 1024
"""Asked of the kernel, which may give less: Asterisk drops a session that is slow to take its events."""
MAX_PENDING = 1000
"""Actions that may wait for their answers on one connection."""
MAX_LIST = 100_000
"""Items of one list."""
_ANSWERS = b"\r\nActionID: "


class AmiClient:
    """ccd's link to Asterisk: `run()` keeps it up, `on_event` is told what happens, actions go the other way.

    Actions raise AmiDownError (no link: nothing was sent), AmiValueError (a value that AMI cannot carry:
    nothing was sent), AmiActionError (Asterisk refused, with its words), AmiUnknownOutcomeError (sent, and
    never answered).
    """

    def __init__(self, settings: AmiSettings, on_event: Callable[[Event], None]) -> None:
        self._settings = settings
        self._counters = AmiCounters()
        connect = partial(_connect, settings, self._counters)
        self._link = ManagerLink(settings, connect, self._counters, on_event)

    async def run(self) -> None:
        """Keep the link up until cancelled. AmiAuthError: Asterisk refused us; it is not tried again."""
        await self._link.run()

    @property
    def connected(self) -> bool:
        """Whether both sessions are up and Asterisk is booted, so that actions can be sent."""
        return self._link.sessions is not None

    @property
    def synchronised(self) -> asyncio.Event:
        """Set while the house knows what exists in Asterisk: after `Synchronised`, until `LinkLost`."""
        return self._link.synchronised

    @property
    def version(self) -> str:
        """Asterisk's version, as it writes it, at the last connection; `""` before the first one."""
        return self._link.version

    def counters(self) -> AmiCounters:
        """Give what was counted until now."""
        pongs = [session.last_pong_at for session in self._link.sessions or ()]
        known = [pong for pong in pongs if pong is not None]
        return self._counters.snapshot(
            queued=len(self._link.delivery), last_pong_at=min(known) if len(known) == 2 else None
        )

    # ---------------------------------------------------------------- actions

    async def action(self, name: str, headers: Headers | None = None) -> AmiMessage:
        """Do an action; give its response."""
        return (await self._session().request(name, headers))[0]

    async def action_list(self, name: str, headers: Headers | None = None) -> list[AmiMessage]:
        """Do an action that is answered by a list; give the list's items."""
        return await self._session().request_list(name, headers)

    async def redirect(self, channel: str, context: str, exten: str, priority: int = 1) -> None:
        """Send a channel, by its name or uniqueid, to another place in the dialplan."""
        place = {"Context": context, "Exten": exten, "Priority": str(priority)}
        await self.action("Redirect", {"Channel": channel, **place})

    async def hangup(self, channel: str, cause: int = 16) -> None:
        """Hang up one channel, by its name or uniqueid, with a Q.850 cause."""
        if channel.startswith("/"):
            raise AmiValueError(
                f"{channel!r} is a pattern, by which Asterisk would hang up any number of channels"
            )
        await self.action("Hangup", {"Channel": channel, "Cause": str(cause)})

    async def mute_recording(self, channel: str, *, on: bool) -> None:
        """Let the `MixMonitor` of a channel write silence for both sides, or sound again."""
        state = "1" if on else "0"
        await self.action("MixMonitorMute", {"Channel": channel, "Direction": "both", "State": state})

    async def originate(self, call: Origination) -> DialStatus:
        """Begin a call of our own and wait until it is answered, or not: how it ended, ANSWER or why not.

        AmiDownError, AmiValueError, AmiActionError: nobody was called. AmiUnknownOutcomeError: perhaps; ask
        Asterisk for the channel by its `channel_id`, and never begin this one again.
        """
        session = self._session()
        with self._link.originations.begun(call.channel_id) as begun:
            await session.request("Originate", call.headers() | {"ActionID": begun.action_id})
            return await begun.outcome(call.ring_s)

    async def getvar(self, variable: str, channel: str = "") -> str:
        """Read a variable of a channel, or a global one; `""` if it is not set."""
        answer = await self.action("Getvar", {"Variable": variable} | _of(channel))
        return answer.get("Value") or ""

    async def setvar(self, variable: str, value: str, channel: str = "") -> None:
        """Set a variable of a channel, or a global one. Asterisk drops blanks before the value."""
        await self.action("Setvar", {"Variable": variable, "Value": value} | _of(channel))

    def _session(self) -> Session:
        if self._link.sessions is None:
            raise AmiDownError(
                "no link to Asterisk's manager interface at {host}:{port}: nothing was sent",
                reason="no_link",
                host=self._settings.host,
                port=self._settings.port,
            )
        return self._link.sessions[1]


def _of(channel: str) -> dict[str, str]:
    return {"Channel": channel} if channel else {}


# -------------------------------------------------------------------- panoramisk


class _PendingAction(Action):  # type: ignore[misc]  # panoramisk has no types
    """An action that waits for its answer, which says itself whether a list follows."""

    responses: list[AmiMessage]

    def add_message(self, message: AmiMessage) -> bool:
        """Take one message of the answer; whether it was the last."""
        if len(self.responses) > MAX_LIST:
            raise AmiProtocolError(f"{self['Action']}: a list of more than {MAX_LIST} items")
        self.responses.append(message)
        place = (message.get("EventList") or "").lower()
        complete = place != "start" if message.response else place != ""
        if complete and not self.future.done():
            self.future.set_result(self.responses)
        return complete


class _Protocol(AMIProtocol):  # type: ignore[misc]
    """One connection: bytes in and out, answers to their actions, wanted events to their listener."""

    def __init__(self, wanted: Collection[str], on_events: OnEvents, counters: AmiCounters) -> None:
        self._wanted = frozenset(name.encode() for name in wanted)
        self._on_events = on_events
        self._counters = counters
        self._framer = Framer()
        self.bytes_received = 0
        self.lost: asyncio.Future[str] = asyncio.get_running_loop().create_future()

    def connection_made(self, transport: asyncio.Transport) -> None:
        super().connection_made(transport)
        raw: socket.socket = transport.get_extra_info("socket")
        raw.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, RECEIVE_BUFFER)

    def data_received(self, data: bytes) -> None:
        self.bytes_received += len(data)
        self._counters.bytes_received += len(data)
        try:
            self._on_events(self._events(data))
        except AmiProtocolError as error:
            self.give_up(str(error))

    def _events(self, data: bytes) -> Iterator[AmiMessage]:
        """Give the wanted events of what came, each read when its turn is; answers go their own way."""
        frames = self._framer.feed(data)
        self._counters.messages += len(frames)
        for frame in frames:
            name = event_name(frame)
            if name in self._wanted:
                yield AmiMessage(frame)
            elif name is None or _ANSWERS in frame:
                self._answered(AmiMessage(frame))

    def _answered(self, message: AmiMessage) -> None:
        # The answer to an action that is no longer awaited is nobody's.
        if message.action_id in self.responses:
            self.handle_message(message)

    def send(self, data: _PendingAction, as_list: object = None) -> Any:  # noqa: ARG002 (the Manager passes it)
        """Send an action that panoramisk's Manager hands over; its future gets all messages of the answer."""
        if self.lost.done():
            raise AmiDownError(f"{data['Action']}: {self.lost.result()}: nothing was sent")
        if len(self.responses) >= MAX_PENDING:
            raise AmiDownError(
                f"{data['Action']}: {MAX_PENDING} actions wait for Asterisk already: nothing was sent"
            )
        raw = encode(data.items())
        self.responses[data.id] = data
        self.transport.write(raw)
        return data.future

    async def request(self, name: str, headers: Headers, *, timeout_s: float) -> list[AmiMessage]:
        """Send an action and wait for all of its answer (see `ccd.ami.session.Connection`)."""
        if name == "Command":
            raise AmiValueError(
                "Command is Asterisk's command line, to which ccd's manager user has no right"
            )
        action = _PendingAction({"Action": name, **headers})
        future: asyncio.Future[list[AmiMessage]] = self.factory.send_action(action)
        try:
            await asyncio.wait((future,), timeout=timeout_s)
            if future.done():
                return future.result()
        finally:
            self.responses.pop(action.id, None)
            future.cancel()
        self._counters.unknown_outcomes += 1
        raise AmiUnknownOutcomeError(
            "{action}: Asterisk has not answered within {timeout_s:g} s: whether it was done is not known",
            reason="outcome_unknown",
            action=name,
            timeout_s=timeout_s,
        )

    def give_up(self, reason: str) -> None:
        """Close at once; actions without an answer fail, and are not sent again."""
        if self.lost.done():
            return
        self.lost.set_result(reason)
        self.transport.abort()
        for action in self.responses.values():
            if not action.future.done():
                self._counters.unknown_outcomes += 1
                unknown = f"{action['Action']}: {reason} before the answer: whether it was done is not known"
                action.future.set_exception(AmiUnknownOutcomeError(unknown))

    def close(self, reason: str = "the link was closed") -> None:
        self.give_up(reason)

    def connection_lost(self, exc: Exception | None) -> None:
        self.give_up(f"the connection was lost: {exc}" if exc else "Asterisk closed the connection")


class _Manager(Manager):  # type: ignore[misc]
    """panoramisk's Manager for one connection: it neither logs in, nor pings, nor reconnects by itself."""

    def connection_made(self, f: asyncio.Future[tuple[asyncio.Transport, _Protocol]]) -> None:
        if not f.cancelled() and f.exception() is None:
            _, self.protocol = f.result()
            self.protocol.factory = self


async def _connect(
    settings: AmiSettings,
    counters: AmiCounters,
    wanted: Collection[str],
    on_events: OnEvents,
) -> _Protocol:
    manager = _Manager(
        host=settings.host,
        port=settings.port,
        loop=asyncio.get_running_loop(),
        protocol_factory=partial(_Protocol, wanted, on_events, counters),
    )
    try:
        async with asyncio.timeout(settings.connect_timeout_s):
            await manager.connect()
    except TimeoutError:
        raise AmiDownError(f"no connection within {settings.connect_timeout_s:g} s") from None
    return manager.protocol
