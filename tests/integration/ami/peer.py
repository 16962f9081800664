"""A scripted AMI server on loopback that speaks as Asterisk 22.10.1 was seen to, and misbehaves on demand.

    async with AmiPeer() as peer:
        peer.devices["PJSIP/1001"] = "NOT_INUSE"
        client = AmiClient(peer.settings(), events.append)
        …
        peer.emit("Hangup", Uniqueid="1.1", Cause="16")      # to every session that has events on
        peer.drop_at.add("Redirect")                         # closes the session when that action arrives
        peer.actions_named("Redirect")                       # what was asked, as dicts

Every write can be split at every byte (`piece=1`). What it is told to do takes effect at once.
"""

import asyncio
import contextlib
import struct
from collections.abc import Callable
from socket import SO_LINGER, SOL_SOCKET
from typing import Any, Self

from ccd.ami import AmiSettings
from tests.support import until

GREETING = b"Asterisk Call Manager/11.0.0\r\n"
VERSION = "22.10.1"

Headers = dict[str, str]


def message(*headers: tuple[str, str]) -> bytes:
    """Write a message as Asterisk does."""
    return "".join(f"{name}: {value}\r\n" for name, value in headers).encode() + b"\r\n"


class PeerSession:
    """One connection to the peer."""

    def __init__(self, peer: "AmiPeer", writer: asyncio.StreamWriter) -> None:
        self.peer = peer
        self.writer = writer
        self.events = False
        self.logged_in = False
        self._to_write: asyncio.Queue[bytes] = asyncio.Queue()

    def send(self, raw: bytes) -> None:
        """Queue bytes; they go out in pieces of the peer's size, in order."""
        self._to_write.put_nowait(raw)

    def close(self) -> None:
        """Close it in an orderly way."""
        self.writer.close()

    def reset(self) -> None:
        """Break it off by a TCP reset."""
        raw = self.writer.get_extra_info("socket")
        raw.setsockopt(SOL_SOCKET, SO_LINGER, struct.pack("ii", 1, 0))
        self.writer.transport.abort()

    async def write(self) -> None:
        """Write what is queued until the connection ends."""
        while True:
            raw = await self._to_write.get()
            size = self.peer.piece or len(raw)
            for start in range(0, len(raw), size):
                await self.peer.speaking.wait()
                self.writer.write(raw[start : start + size])
                await self.writer.drain()
                if self.peer.piece:
                    await asyncio.sleep(0)


class AmiPeer:
    """The server. Its public attributes are its script."""

    def __init__(self, *, piece: int = 0) -> None:
        self.username = "ccd"
        self.secret = "peer-secret-1"
        self.greeting = GREETING
        self.piece = piece
        """Bytes of one write; 0: all at once."""
        self.devices: dict[str, str] = {}
        self.channels: list[Headers] = []
        self.variables: Headers = {}
        self.booted = True
        self.drop_at: set[str] = set()
        """Actions at which the session is closed, unanswered."""
        self.mute_at: set[str] = set()
        """Actions that are never answered."""
        self.errors: Headers = {}
        """Actions that are refused, with the words."""
        self.before_answer: dict[str, Callable[[], None]] = {}
        """What happens when an action has come, before its answer goes out."""
        self.received: list[Headers] = []
        self.logins = 0
        self.sessions: list[PeerSession] = []
        self.speaking = asyncio.Event()
        """Cleared: connections stay open, and nothing is written: a link that is half open."""
        self.speaking.set()
        self.port = 0
        self._server: asyncio.Server | None = None

    # ------------------------------------------------------------ running

    async def __aenter__(self) -> Self:
        await self.listen()
        return self

    async def __aexit__(self, *_: object) -> None:
        self.speaking.set()
        await self.refuse()

    async def listen(self) -> None:
        """Take connections, on the same port as before if there was one."""
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", self.port)
        self.port = self._server.sockets[0].getsockname()[1]

    async def refuse(self) -> None:
        """Close every session and take no connection any more."""
        assert self._server is not None
        self._server.close()
        for session in list(self.sessions):
            session.close()
        await until(lambda: not self.sessions)
        await self._server.wait_closed()

    def settings(self, **changes: Any) -> AmiSettings:
        """Give settings for this peer, with short waits."""
        quick = {"reconnect_first_s": 0.01, "reconnect_max_s": 0.05, "action_timeout_s": 2.0}
        place = {"host": "127.0.0.1", "port": self.port, "username": self.username, "secret": self.secret}
        return AmiSettings(**(place | quick | changes))

    # ------------------------------------------------------------ what it does by itself

    def emit(self, event: str, **headers: str) -> None:
        """Send an event to every session that has events on."""
        self.emit_raw(message(("Event", event), ("Privilege", "call,all"), *headers.items()))

    def emit_raw(self, raw: bytes) -> None:
        """Send bytes to every session that has events on."""
        for session in self.sessions:
            if session.events:
                session.send(raw)

    def change_device(self, device: str, state: str) -> None:
        """Let a device change its state, and say so."""
        self.devices[device] = state
        self.emit("DeviceStateChange", Device=device, State=state)

    def boot(self) -> None:
        """Become fully booted, and say so."""
        self.booted = True
        self.emit("FullyBooted", Status="Fully Booted")

    def actions_named(self, name: str) -> list[Headers]:
        """Give the actions of that name that came so far."""
        return [action for action in self.received if action["Action"] == name]

    # ------------------------------------------------------------ serving

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        session = PeerSession(self, writer)
        self.sessions.append(session)
        writing = asyncio.create_task(session.write())
        session.send(self.greeting)
        try:
            while raw := await reader.readuntil(b"\r\n\r\n"):
                lines = raw.decode().removesuffix("\r\n\r\n").split("\r\n")
                action = dict(line.split(": ", 1) for line in lines)
                self.received.append(action)
                self._handle(session, action)
        except (asyncio.IncompleteReadError, ConnectionError):
            pass
        finally:
            writing.cancel()
            await asyncio.gather(writing, return_exceptions=True)
            with contextlib.suppress(ConnectionError):
                writer.close()
                await writer.wait_closed()
            self.sessions.remove(session)

    def _handle(self, session: PeerSession, action: Headers) -> None:
        name, action_id = action["Action"], ("ActionID", action["ActionID"])
        self.before_answer.get(name, lambda: None)()
        if name in self.drop_at:
            session.reset()
        elif name in self.mute_at:
            pass
        elif name in self.errors:
            session.send(message(("Response", "Error"), action_id, ("Message", self.errors[name])))
        elif name == "Login":
            self._login(session, action)
        elif name == "DeviceStateList":
            items = [{"Device": device, "State": state} for device, state in self.devices.items()]
            session.send(self._list("DeviceStateChange", "DeviceStateListComplete", action_id, items))
        elif name == "CoreShowChannels":
            session.send(self._list("CoreShowChannel", "CoreShowChannelsComplete", action_id, self.channels))
        else:
            session.send(message(("Response", "Success"), action_id, *self._answer(name, action).items()))

    def _login(self, session: PeerSession, action: Headers) -> None:
        self.logins += 1
        action_id = ("ActionID", action["ActionID"])
        if (action["Username"], action["Secret"]) != (self.username, self.secret):
            session.send(message(("Response", "Error"), action_id, ("Message", "Authentication failed")))
            return
        session.logged_in = True
        session.events = action["Events"] != "off"
        session.send(message(("Response", "Success"), action_id, ("Message", "Authentication accepted")))
        if session.events and self.booted:
            session.send(message(("Event", "FullyBooted"), ("Status", "Fully Booted")))

    def _answer(self, name: str, action: Headers) -> Headers:
        match name:
            case "Ping":
                return {"Ping": "Pong"}
            case "CoreSettings":
                return {"AMIversion": "11.0.0", "AsteriskVersion": VERSION}
            case "Getvar":
                variable = action["Variable"]
                return {"Variable": variable, "Value": self.variables.get(variable, "")}
            case "Setvar":
                self.variables[action["Variable"]] = action["Value"]
                return {"Message": "Variable Set"}
            case _:
                return {"Message": f"{name} done"}

    @staticmethod
    def _list(item: str, complete: str, action_id: tuple[str, str], items: list[Headers]) -> bytes:
        start = message(
            ("Response", "Success"), action_id, ("EventList", "start"), ("Message", "will follow")
        )
        body = [message(("Event", item), action_id, *one.items()) for one in items]
        end = message(
            ("Event", complete), action_id, ("EventList", "Complete"), ("ListItems", str(len(items)))
        )
        return b"".join([start, *body, end])
