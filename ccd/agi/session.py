"""One caller's channel in our hands: typed verbs over one FastAGI connection.

Asterisk carries out one command at a time, and what is written while one runs is no queue: bytes that come
during `STREAM FILE` end it at once *without a reply of its own*, and `WAIT FOR DIGIT` ends with the reply
`1` (both seen on 22.10.1). So commands are strictly serialised, one write each; and a prompt or a wait that
is abandoned (its task was cancelled) is ended by a `NOOP`, whose reply tells where the stream stands.

`HANGUP`, the end of the stream and 511 all mean that *this session* is over: the caller hung up, or AMI
redirected the channel, or its lease ran out. Only AMI tells which.

The lease: while the session lives, `TIMEOUT(absolute)` is set to `lease_s` again every `renew_s`. A command
that may last longer than what is left of it sets a longer one first.
"""

import asyncio
import socket
from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum, auto

import structlog

from ccd.agi.deadlines import Deadlines
from ccd.agi.limits import AgiLimits
from ccd.agi.request import AgiRequest
from ccd.agi.taken import Taken, cannot_write, is_over, taken
from ccd.agi.variables import set_commands
from ccd.agi.wire import Reply, command
from ccd.errors import AgiCommandError, AgiHangupError, AgiProtocolError, AgiRecordingCutError

log = structlog.get_logger(__name__)

_NOOP = command("NOOP")
_STATUS = command("CHANNEL STATUS")
_DIGITS = "0123456789*#ABCD"


class _Ends(Enum):
    """How a running command takes the bytes of another."""

    BY_ITSELF = auto()
    SILENTLY = auto()
    """`STREAM FILE`: ends at once, without a reply; had it ended before, its reply has an `endpos`."""
    WITH_REPLY = auto()
    """`WAIT FOR DIGIT`: ends at once, with a reply."""


@dataclass(slots=True, kw_only=True)
class _Flight:
    """The command that is under way."""

    line: bytes
    ends: _Ends
    waiter: asyncio.Future[Reply] | None
    """None for a renewal of the lease, which nobody awaits."""
    owed: int = 1
    """Replies that Asterisk still owes."""
    interrupted: bool = False

    @property
    def name(self) -> str:
        """The command for messages, without its end."""
        return self.line[:80].decode("utf-8", "replace").rstrip("\n")


class Session:
    """The verbs on one channel. After a hangup every verb raises AgiHangupError, and `hung_up` is set.

    Verbs may be cancelled at any time and called from several tasks; they run one after the other. A reply
    that does not come in time raises AgiProtocolError and ends the session, since nothing on the stream can
    be trusted any more. What Asterisk refuses raises AgiCommandError; the session goes on.
    """

    __slots__ = (
        "_deadlines",
        "_flight",
        "_idle",
        "_lease_timer",
        "_lease_until",
        "_limits",
        "_loop",
        "_renewal_due",
        "_transport",
        "_turn",
        "hung_up",
        "request",
    )

    def __init__(
        self,
        request: AgiRequest,
        transport: asyncio.WriteTransport,
        limits: AgiLimits,
        deadlines: Deadlines,
    ) -> None:
        self.request = request
        self.hung_up = asyncio.Event()
        """Set when this session is over, whatever the reason."""
        self._transport = transport
        self._limits = limits
        self._deadlines = deadlines
        self._loop = loop = asyncio.get_running_loop()
        self._turn = asyncio.Lock()
        self._flight: _Flight | None = None
        self._idle: asyncio.Future[None] | None = None
        self._renewal_due = False
        self._lease_until = loop.time() + limits.lease_s
        self._lease_timer = loop.call_later(limits.renew_s, self._renewal_came)

    # ------------------------------------------------------------ verbs

    async def answer(self) -> None:
        """Answer the channel; Asterisk waits up to 0.5 s for the caller's first sound."""
        if (await self._ask(command("ANSWER"))).result == "-1":
            raise self._over()

    async def hangup(self) -> None:
        """Hang the channel up."""
        await self._ask(command("HANGUP"))

    async def stream_file(self, sound: str, *, escape_digits: str = "", length_s: float | None = None) -> str:
        """Play a prompt; give the digit that ended it, or an empty text at its end.

        `sound` is a name without extension, `length_s` how long it is: the deadline follows it, and a prompt
        that plays on after it is cut. A prompt that Asterisk cannot play is logged and passed over.
        """
        within_s = self._limits.unknown_length_s if length_s is None else length_s
        line = command("STREAM FILE", sound, escape_digits)
        reply = await self._ask(line, within_s=within_s + self._limits.command_s, ends=_Ends.SILENTLY)
        if reply.result != "-1":
            return _digit(reply)
        if reply.end_position:
            raise self._over()
        # Asterisk says the same of a caller who left and of a prompt that is not there.
        await self._ask(_STATUS)
        log.warning("agi_prompt_not_played", sound=sound, channel=self.request.channel)
        return ""

    async def wait_digit(self, timeout_s: float) -> str:
        """Wait for a key; give it, or an empty text when none came in time."""
        until = self._loop.time() + timeout_s
        while (left_s := until - self._loop.time()) > 0:
            wait_s = min(left_s, self._limits.renew_s)
            line = command("WAIT FOR DIGIT", str(max(1, round(wait_s * 1000))))
            reply = await self._ask(line, within_s=wait_s + self._limits.command_s, ends=_Ends.WITH_REPLY)
            if reply.result == "-1":
                raise self._over()
            if digit := _digit(reply):
                return digit
        return ""

    async def record_file(
        self, file: str, *, max_s: float, silence_s: float = 0.0, escape_digits: str = "#", beep: bool = True
    ) -> Taken:
        """Record what the caller says, into `file`.wav, until a key, a silence, `max_s` or the hang-up.

        `file` is a path as Asterisk sees it, without extension; what it held is lost. `silence_s`: that many
        seconds of silence, whole ones, end it; 0: none does. When the caller leaves, AgiRecordingCutError is
        raised and what they said is in the file; when the file cannot be written, AgiCommandError.

        Asterisk listens to nothing while it records: a recording whose task is cancelled goes on to its end,
        also without us, and then the session's next command goes. The lease is made long enough beforehand.
        """
        extras = (["BEEP"] if beep else []) + ([f"s={round(silence_s)}"] if silence_s >= 1 else [])
        line = command("RECORD FILE", file, "wav", escape_digits, str(max(1, round(max_s * 1000))), *extras)
        reply = await self._ask(line, within_s=max_s + 2 * self._limits.command_s)  # the beep, and the grace
        if cannot_write(reply):
            raise AgiCommandError(
                f"Asterisk cannot write {file}.wav: is its folder there, may Asterisk write into it, "
                "and is there room on the disk?"
            )
        what = taken(reply, escape_digits)
        if is_over(reply):
            self.connection_over()
            raise AgiRecordingCutError(
                f"the caller of {self.request.channel} left while they spoke", length_s=what.length_s
            )
        return what

    async def set_variables(self, variables: Mapping[str, str]) -> None:
        """Set channel variables in the mapping's order, in one round trip unless they are over 1.4 KB.

        Raises AgiCommandError, before anything is sent, for a name or value that cannot be carried.
        """
        for line in list(set_commands(variables)):
            await self._ask(line)

    async def get_variable(self, name: str) -> str | None:
        """Read a variable or function, `None` when it is not set. Asterisk cuts it at 1,023 bytes."""
        reply = await self._ask(command("GET VARIABLE", name))
        return (reply.data or "") if reply.result == "1" else None

    async def music(self, on: bool, class_: str = "") -> None:
        """Start music on hold of a class, or stop it. It plays on after the session ends."""
        await self._ask(command("SET MUSIC ON", class_ or "default") if on else command("SET MUSIC OFF"))

    async def exec_(self, app: str, *args: str, within_s: float | None = None) -> str:
        """Run a dialplan application; give its result. `within_s`: how long it may take, if not at once.

        Commas inside an argument separate as they do in the dialplan.
        """
        grace_s = self._limits.command_s
        reply = await self._ask(
            command("EXEC", app, ",".join(args)),
            within_s=grace_s if within_s is None else within_s + grace_s,
        )
        if reply.result == "-2":
            raise AgiCommandError(f"Asterisk has no application {app!r}: is its module loaded?")
        return reply.result

    async def renew_lease(self) -> None:
        """Set the channel's lease to its full length now; the session does so by itself every `renew_s`."""
        await self._ask(_lease(self._limits.lease_s))
        self._lease_until = self._loop.time() + self._limits.lease_s

    async def close(self) -> None:
        """End the session: what was written is flushed, and the dialplan goes on after `AGI()`."""
        self._end(AgiHangupError("the session was closed"))
        self._transport.close()

    # ------------------------------------------------------------ what the connection tells

    def reply_received(self, reply: Reply) -> None:
        """Take Asterisk's reply. Raises AgiProtocolError when nothing was asked."""
        if (flight := self._flight) is None:
            if self.hung_up.is_set():
                return  # the reply to what was under way when the channel went
            raise AgiProtocolError(f"a reply to no command: {reply.code} {reply.result}{reply.text}")
        if flight.interrupted and flight.ends is _Ends.SILENTLY and reply.end_position is not None:
            return  # the prompt had ended by itself before the NOOP came
        flight.owed -= 1
        if flight.owed:
            return
        self._land()
        if flight.waiter is not None and not flight.waiter.done():
            flight.waiter.set_result(reply)
        if self._renewal_due:
            self._renew()

    def connection_over(self) -> None:
        """Take note of `HANGUP` or of the end of the stream."""
        self._end(AgiHangupError(f"the caller's channel {self.request.channel} is gone"))

    def overdue(self) -> None:
        """Take note that no reply came in time: a prompt is cut, anything else ends the session."""
        if (flight := self._flight) is None:
            return
        if flight.ends is _Ends.SILENTLY and not flight.interrupted:
            log.warning("agi_prompt_cut", command=flight.name, channel=self.request.channel)
            self._interrupt(flight)  # longer than announced; its waiter gets the reply of the NOOP
            return
        error = AgiProtocolError(f"no reply in time to {flight.name!r} on {self.request.channel}")
        if flight.waiter is None or flight.waiter.done():
            log.warning("agi_overdue", error=str(error))
        self._end(error)
        self._transport.abort()

    # ------------------------------------------------------------ one command at a time

    async def _ask(self, line: bytes, *, within_s: float = 0.0, ends: _Ends = _Ends.BY_ITSELF) -> Reply:
        within_s = within_s or self._limits.command_s
        async with self._turn:
            if self._loop.time() + within_s >= self._lease_until:
                lease_s = within_s + self._limits.lease_s
                self._checked(await self._exchange(_lease(lease_s), self._limits.command_s, _Ends.BY_ITSELF))
                self._lease_until = self._loop.time() + lease_s
            return self._checked(await self._exchange(line, within_s, ends))

    async def _exchange(self, line: bytes, within_s: float, ends: _Ends) -> Reply:
        while self._flight is not None:  # a renewal of the lease, or what an abandoned command left
            self._idle = self._loop.create_future()
            await self._idle
        if self.hung_up.is_set():
            raise self._over()
        waiter: asyncio.Future[Reply] = self._loop.create_future()
        flight = _Flight(line=line, ends=ends, waiter=waiter)
        self._depart(flight, within_s)
        try:
            return await waiter
        except asyncio.CancelledError:
            if self._flight is flight:
                self._interrupt(flight)
            raise

    def _depart(self, flight: _Flight, within_s: float) -> None:
        self._flight = flight
        self._deadlines.set(self, self._loop.time() + within_s)
        self._write(flight.line)

    def _write(self, line: bytes) -> None:
        """Write, unless the connection has broken just now: that is told next, and uvloop raises here."""
        if not self._transport.is_closing():
            self._transport.write(line)

    def _land(self) -> None:
        self._flight = None
        self._deadlines.clear(self)
        if self._idle is not None and not self._idle.done():
            self._idle.set_result(None)

    def _interrupt(self, flight: _Flight) -> None:
        """End what can be ended; the replies that are owed are waited for before the next command."""
        if flight.ends is _Ends.BY_ITSELF or flight.interrupted:
            return
        flight.interrupted = True
        if flight.ends is _Ends.WITH_REPLY:
            flight.owed += 1
            _acknowledge_at_once(self._transport)
        self._deadlines.set(self, self._loop.time() + self._limits.command_s)
        self._write(_NOOP)

    # ------------------------------------------------------------ the lease

    def _renewal_came(self) -> None:
        self._renewal_due = True
        if self._flight is None:
            self._renew()

    def _renew(self) -> None:
        limits = self._limits
        self._renewal_due = False
        self._depart(
            _Flight(line=_lease(limits.lease_s), ends=_Ends.BY_ITSELF, waiter=None), limits.command_s
        )
        self._lease_until = self._loop.time() + limits.lease_s
        self._lease_timer = self._loop.call_later(limits.renew_s, self._renewal_came)

    # ------------------------------------------------------------ the end

    def _checked(self, reply: Reply) -> Reply:
        if reply.code == 200:
            return reply
        if reply.code == 511:
            raise self._over()
        raise AgiCommandError(f"Asterisk refused an AGI command: {reply.code} {reply.text}")

    def _over(self) -> AgiHangupError:
        self.connection_over()
        return AgiHangupError(f"the session of {self.request.channel} is over")

    def _end(self, error: AgiHangupError | AgiProtocolError) -> None:
        if self.hung_up.is_set():
            return
        self.hung_up.set()
        self._renewal_due = False
        self._lease_timer.cancel()
        flight = self._flight
        self._land()
        if flight is not None and flight.waiter is not None and not flight.waiter.done():
            flight.waiter.set_exception(error)


def _lease(seconds: float) -> bytes:
    return command("SET VARIABLE", "TIMEOUT(absolute)", f"{seconds:.3f}".rstrip("0").rstrip("."))


def _acknowledge_at_once(transport: asyncio.WriteTransport) -> None:
    """Spare the second reply 40 ms: Asterisk's kernel holds it until ours acknowledges the first."""
    peer = transport.get_extra_info("socket")
    if peer is not None and hasattr(socket, "TCP_QUICKACK"):
        peer.setsockopt(socket.IPPROTO_TCP, socket.TCP_QUICKACK, 1)


def _digit(reply: Reply) -> str:
    """Give the key whose character code is the result; an empty text for 0 and for what is no key."""
    digit = chr(int(reply.result)) if reply.result.isdecimal() and len(reply.result) <= 3 else ""
    return digit if digit and digit in _DIGITS else ""
