"""The FastAGI server: bounded in time, in bytes and in sessions, whoever connects.

One `asyncio.Protocol` a connection, and no task before the environment is complete: a connection that comes
and goes, or says nothing, costs an accept and a timer. When all places are taken, the oldest connection that
has not yet said who it is makes way, so that silent peers cannot keep callers out; are all of them callers,
the new one is closed at once and its dialplan asks again.
"""

import asyncio
import socket
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import cast

import structlog

from ccd.agi.deadlines import Deadlines
from ccd.agi.limits import AgiLimits
from ccd.agi.request import AgiRequest
from ccd.agi.session import Session
from ccd.agi.wire import Decoder, Environment, Hangup, Reply
from ccd.errors import AgiCommandError, AgiHangupError, AgiProtocolError

log = structlog.get_logger(__name__)

Handler = Callable[[Session], Awaitable[None]]

_KERNEL_BACKLOG = 4096
_ACCEPTS_A_TURN = 64
"""Connections accepted in one turn of the event loop, so that a flood does not stall what else runs."""
_READ_SIZE = 16_384
_WARN_EVERY_S = 10.0


@dataclass(slots=True, kw_only=True)
class AgiCounters:
    """What the server has seen since it started."""

    connections: int = 0
    sessions: int = 0
    """Connections that brought a valid environment."""
    refused: int = 0
    """Connections closed because all places were taken."""
    breaches: int = 0
    """Connections closed because the peer broke the protocol or was too slow."""
    failures: int = 0
    """Sessions whose handler raised."""


class AgiServer:
    """Serves Asterisk's `AGI(agi://…)`: one call of `handler` a session, closed when it returns.

    A handler may let AgiHangupError escape: that is how most sessions end.
    """

    def __init__(self, handler: Handler, *, host: str, port: int, limits: AgiLimits | None = None) -> None:
        self.counters = AgiCounters()
        self.limits = limits or AgiLimits()
        self.deadlines = Deadlines()
        self.buffer = memoryview(bytearray(_READ_SIZE))
        self._handler = handler
        self._host = host
        self._port = port
        self._listener: asyncio.Server | None = None
        self._connections: set[_Connection] = set()
        self._silent: dict[_Connection, None] = {}  # without an environment yet, oldest first
        self._tasks: set[asyncio.Task[None]] = set()
        self._loop = asyncio.get_running_loop()
        self._quiet_until: dict[str, float] = {}

    @property
    def port(self) -> int:
        """The port that is listened on; the one that was chosen, when 0 was asked for."""
        return self._port

    @property
    def sessions(self) -> int:
        """How many connections are open, those without an environment included."""
        return len(self._connections)

    async def start(self) -> None:
        """Listen. Raises OSError when the address cannot be had."""
        (family, _, _, _, address), *_ = await self._loop.getaddrinfo(
            self._host, self._port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        )
        listener = socket.create_server(address[:2], family=family)
        self._port = listener.getsockname()[1]
        # asyncio takes its backlog for the number of accepts in a turn, too: it gets that, the kernel ours.
        self._listener = await self._loop.create_server(
            lambda: _Connection(self), sock=listener, backlog=_ACCEPTS_A_TURN
        )
        listener.listen(_KERNEL_BACKLOG)

    async def stop(self) -> None:
        """Stop listening, close every session and wait for the handlers, which get `stop_s` to end."""
        if self._listener is None:
            return
        listener, self._listener = self._listener, None
        listener.close()
        for connection in tuple(self._connections):
            await connection.close()
        if self._tasks:
            await asyncio.wait(self._tasks, timeout=self.limits.stop_s)
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        for connection in tuple(self._connections):
            connection.abort()
        await listener.wait_closed()

    # ------------------------------------------------------------ for connections

    def admit(self, connection: "_Connection") -> bool:
        """Give a new connection a place; False when there is none."""
        self.counters.connections += 1
        if len(self._connections) >= self.limits.max_sessions:
            if not self._silent:
                self._refuse()
                return False
            next(iter(self._silent)).breach("made way for others before it named a channel")
        self._connections.add(connection)
        self._silent[connection] = None
        self.deadlines.set(connection, self._loop.time() + self.limits.environment_s)
        return True

    def dismiss(self, connection: "_Connection") -> None:
        """Take a connection's place back."""
        self._connections.discard(connection)
        self._identified(connection)

    def begin(self, connection: "_Connection", session: Session) -> None:
        """Start the handler of a session."""
        self._identified(connection)
        self.counters.sessions += 1
        task = self._loop.create_task(self._serve(session))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    def _identified(self, connection: "_Connection") -> None:
        if connection in self._silent:
            del self._silent[connection]
            self.deadlines.clear(connection)

    async def _serve(self, session: Session) -> None:
        try:
            await self._handler(session)
        except AgiHangupError:
            pass
        except (AgiProtocolError, AgiCommandError) as error:
            self.counters.failures += 1
            log.warning("agi_session_failed", channel=session.request.channel, error=str(error))
        except Exception:
            self.counters.failures += 1
            log.exception("agi_session_crashed", channel=session.request.channel)
        finally:
            await session.close()

    def note_breach(self, **facts: object) -> None:
        """Count a peer that was closed, and log it."""
        self.counters.breaches += 1
        self._warn("agi_peer_closed", breaches=self.counters.breaches, **facts)

    def _refuse(self) -> None:
        self.counters.refused += 1
        self._warn(
            "agi_sessions_full",
            max_sessions=self.limits.max_sessions,
            refused=self.counters.refused,
            remedy="callers go to the dialplan's fallback; if this is load, raise asterisk.agi.max_sessions",
        )

    def _warn(self, event: str, **facts: object) -> None:
        """Log a warning that a flood could repeat: one line each `_WARN_EVERY_S`, with the count so far."""
        now = self._loop.time()
        if now >= self._quiet_until.get(event, 0.0):
            self._quiet_until[event] = now + _WARN_EVERY_S
            log.warning(event, **facts)


class _Connection(asyncio.BufferedProtocol):
    """One TCP connection: bytes to the decoder, its events to the session.

    All connections read into one buffer, since each read is consumed before the next one begins. A plain
    `asyncio.Protocol` allocates 256 KB for each read, which costs more than the read.
    """

    __slots__ = ("_decoder", "_server", "_session", "_transport")

    _transport: asyncio.Transport

    def __init__(self, server: AgiServer) -> None:
        self._server = server
        self._decoder = Decoder()
        self._session: Session | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast("asyncio.Transport", transport)  # uvloop's transports are no subclasses
        if not self._server.admit(self):
            self._transport.abort()
            return

    def overdue(self) -> None:
        """Close a peer whose environment did not come in time."""
        self.breach("no AGI environment in time")

    def get_buffer(self, sizehint: int) -> memoryview:  # noqa: ARG002 - asyncio's signature
        return self._server.buffer

    def buffer_updated(self, nbytes: int) -> None:
        if self._transport.is_closing():
            return
        try:
            self._decoder.feed(self._server.buffer[:nbytes])
            while (event := self._decoder.next_event()) is not None:
                self._take(event)
        except AgiProtocolError as error:
            self.breach(str(error))

    def connection_lost(self, exc: Exception | None) -> None:  # noqa: ARG002 - asyncio's signature
        self._leave()

    def _leave(self) -> None:
        self._server.dismiss(self)
        if self._session is not None:
            self._session.connection_over()

    def breach(self, why: str) -> None:
        """Close the connection of a peer that does not behave."""
        self._server.note_breach(peer=self._transport.get_extra_info("peername"), why=why)
        self._transport.abort()
        self._leave()

    def abort(self) -> None:
        """Close now, whatever is not written yet."""
        self._transport.abort()

    async def close(self) -> None:
        """End the session, or the connection that has none."""
        if self._session is not None:
            await self._session.close()
        else:
            self._transport.abort()

    def _take(self, event: Environment | Reply | Hangup) -> None:
        if self._session is None:
            if isinstance(event, Environment):
                self._begin(AgiRequest.parse(event.fields))
        elif isinstance(event, Reply):
            self._session.reply_received(event)
        else:
            self._session.connection_over()

    def _begin(self, request: AgiRequest) -> None:
        server = self._server
        self._session = Session(request, self._transport, server.limits, server.deadlines)
        server.begin(self, self._session)
