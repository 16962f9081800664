"""One call of a test telephone, placed or received: what a test does with it and what was seen of it.

The instants (`time.monotonic()`) are those at which messages were on the wire.
"""

import asyncio
import contextlib
import enum
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from tests.asterisk.rtp import Stream
from tests.asterisk.sip_dialog import PATIENCE_S, Dialog, Line
from tests.asterisk.sip_message import Message, Sdp, display_name, number


class CallState(enum.StrEnum):
    """Where a call is."""

    CALLING = "calling"
    RINGING = "ringing"
    UP = "up"
    ENDED = "ended"


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """Ring, answer after `after_s`, then send a tone or some speech; hang up `talk_s` later (None: never)."""

    after_s: float = 0.0
    talk_s: float | None = None
    tone_hz: float | None = None
    speech: Sequence[int] = ()
    """Samples that are played once."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Refuse:
    """Refuse, after ringing for `after_s`: 486 busy, 603 declined, 480 unavailable, 500 broken."""

    status: int = 603
    after_s: float = 0.0


@dataclass(frozen=True, slots=True)
class Ring:
    """Ring and leave the rest to the test, which may `answer()` or `refuse()` the call."""


@dataclass(frozen=True, slots=True)
class Ignore:
    """Say nothing at all, as a phone whose cable was pulled."""


Behaviour = Answer | Refuse | Ring | Ignore


@dataclass(slots=True)
class Times:
    """When things were seen or done, in `time.monotonic()` seconds; None: not yet, or never."""

    invited: float | None = None
    """INVITE sent or received."""
    ringing: float | None = None
    answered: float | None = None
    """200 sent or received."""
    confirmed: float | None = None
    """ACK sent or received."""
    ended: float | None = None


class Call:
    """One call. Made by `UserAgent.call` or by an INVITE, never by a test itself."""

    def __init__(self, line: Line, *, incoming: bool, media: bool) -> None:
        self.incoming = incoming
        self.state = CallState.CALLING
        self.times = Times()
        self.status: int | None = None
        """The final status of the INVITE: 200, 486, 603, 487 (cancelled), 408 (no answer at all) …"""
        self.ended_by_us = False
        self.transfer_status: int | None = None
        """What NOTIFY said last of a transfer that we asked for."""
        self.trace: list[str] = []
        """Every message's first line with its instant, for a failed test's message."""
        self.audio = Stream(line.host)
        self.invite: Message
        """The INVITE that began the call."""
        self._line = line
        self._media = media
        self._dialog: Dialog
        self._sdp_version = 0
        self._direction = "sendrecv"
        self._events: int | None = 101
        self._provisional_came = False
        self._cancelling = False
        self._changed = asyncio.Event()
        self._tasks: set[asyncio.Task[None]] = set()

    def __repr__(self) -> str:
        """Name the call as a test's failure should show it."""
        way = "from" if self.incoming else "to"
        return f"<Call {self._line.user} {way} {self.peer_number} {self.state} status={self.status}>"

    @property
    def call_id(self) -> str:
        """SIP's Call-ID."""
        return self._dialog.call_id

    @property
    def peer_number(self) -> str:
        """The number of the other side: the caller id of a received call."""
        return number(self._dialog.remote)

    @property
    def peer_name(self) -> str:
        """The name that the other side shows."""
        return display_name(self._dialog.remote)

    async def until_ringing(self, timeout_s: float = PATIENCE_S) -> "Call":
        """Wait for 180 or 183 (or the answer)."""
        return await self._until(lambda: self.times.ringing or self.times.answered, "ring", timeout_s)

    async def until_answered(self, timeout_s: float = PATIENCE_S) -> "Call":
        """Wait for the answer, and on the answering side for its confirmation."""
        return await self._until(lambda: self.times.confirmed, "be answered", timeout_s)

    async def until_ended(self, timeout_s: float = PATIENCE_S) -> "Call":
        """Wait for the end, answered or not."""
        return await self._until(lambda: self.state is CallState.ENDED, "end", timeout_s)

    async def until_transferred(self, timeout_s: float = PATIENCE_S) -> "Call":
        """Wait until NOTIFY has told the outcome of a transfer; a success ends the call."""
        return await self._until(lambda: (self.transfer_status or 0) >= 200, "be transferred", timeout_s)

    async def _until(self, reached: Callable[[], object], what: str, timeout_s: float) -> "Call":
        try:
            async with asyncio.timeout(timeout_s):
                while not reached():
                    if self.state is CallState.ENDED:
                        raise AssertionError(f"{self!r} ended before it could {what}\n{self.story()}")
                    self._changed.clear()
                    await self._changed.wait()
        except TimeoutError:
            raise AssertionError(f"{self!r} did not {what} within {timeout_s} s\n{self.story()}") from None
        return self

    def story(self) -> str:
        """Give the messages of the call."""
        return "\n".join(self.trace)

    def answer(self) -> None:
        """Answer a ringing call."""
        if self.state is CallState.RINGING and self.incoming:
            self._connect_audio(self.invite.body)
            self.status = 200
            self._enter(CallState.UP)
            self.times.answered = time.monotonic()
            self._dialog.respond(self.invite, 200, sdp=self._sdp())

    def refuse(self, status: int = 603) -> None:
        """Refuse a ringing call."""
        if self.state is CallState.RINGING and self.incoming:
            self.ended_by_us = True
            self._dialog.respond(self.invite, status)
            self._end(status)

    def hang_up(self) -> None:
        """End the call, whatever its state: BYE, CANCEL or a refusal."""
        if self.state is CallState.UP:
            self.ended_by_us = True
            self._dialog.send(self._dialog.build("BYE"), lambda _response: None)
            self._end(200)
        elif self.incoming:
            self.refuse()
        elif self.state is not CallState.ENDED and not self._cancelling:
            self.ended_by_us = self._cancelling = True
            if self._provisional_came:  # else CANCEL waits for the first provisional response
                self._dialog.cancel(self.invite)

    async def press(self, keys: str, *, hold_s: float = 0.1, gap_s: float = 0.06) -> None:
        """Press keys as RFC 4733 events; returns when the last one is released."""
        await self.audio.press(keys, hold_s=hold_s, gap_s=gap_s)

    async def press_by_info(self, keys: str) -> None:
        """Press keys by SIP INFO."""
        for key in keys:
            body = f"Signal={key}\r\nDuration=100\r\n"
            await self._dialog.ask("INFO", content_type="application/dtmf-relay", body=body)

    async def hold(self) -> None:
        """Put the other side on hold (re-INVITE, sendonly)."""
        await self._offer_again("sendonly")
        self.audio.mute()

    async def resume(self) -> None:
        """Take the other side off hold."""
        await self._offer_again("sendrecv")
        self.audio.unmute()

    async def _offer_again(self, direction: str) -> None:
        self._direction = direction
        response = await self._dialog.ask("INVITE", content_type="application/sdp", body=self._sdp())
        assert response.status == 200, f"{self!r}: re-INVITE got {response.start}\n{self.story()}"

    async def transfer(self, target: str, *, replaces: "Call | None" = None) -> int:
        """Transfer the other side (REFER) to a number, or to who is at the other end of the call `replaces`.

        Gives the status of the REFER itself; `transfer_status` follows by NOTIFY.
        """
        address = self._line.address_of(target)
        if replaces is not None:
            address += f"?{replaces._dialog.replaces()}"
        more = [("Refer-To", f"<{address}>"), ("Referred-By", f"<{self._line.address_of(self._line.user)}>")]
        return (await self._dialog.ask("REFER", more=more)).status

    def place(self, target: str) -> None:
        """Send the INVITE; for `UserAgent.call`."""
        self._dialog = Dialog.outgoing(self._line, target, self._log)
        self.times.invited = time.monotonic()
        self._send_invite()

    def _send_invite(self) -> None:
        self._provisional_came = False
        self.invite = self._dialog.build("INVITE", content_type="application/sdp", body=self._sdp())
        self._dialog.send(self.invite, self._on_invite_response)

    def _on_invite_response(self, response: Message) -> None:
        if self.state in {CallState.UP, CallState.ENDED} and response.status >= 200:
            self._dialog.acknowledge(self.invite, response)  # a repetition: our ACK was lost
            return
        self._log("←", response)
        if response.status < 200:
            self._on_progress(response)
        elif response.status < 300:
            self._on_answer(response)
        else:
            self._on_refusal(response)

    def _on_progress(self, response: Message) -> None:
        if response.status >= 180:
            self.times.ringing = self.times.ringing or time.monotonic()
            self._connect_audio(response.body)
            self._enter(CallState.RINGING)
        if self._cancelling and not self._provisional_came:
            self._dialog.cancel(self.invite)
        self._provisional_came = True

    def _on_answer(self, response: Message) -> None:
        self.times.answered = time.monotonic()
        self.status = response.status
        self._dialog.learn(response)
        self._connect_audio(response.body)
        self._dialog.acknowledge(self.invite, response)
        self.times.confirmed = time.monotonic()
        self._enter(CallState.UP)
        if self._cancelling:  # the answer crossed our CANCEL
            self.hang_up()

    def _on_refusal(self, response: Message) -> None:
        self._dialog.acknowledge(self.invite, response)
        if not self._dialog.challenged and self._line.heed(response):
            self._dialog.challenged = True
            self._send_invite()
        else:
            self._end(response.status)

    def receive(self, invite: Message, at: float, behaviour: Behaviour) -> None:
        """Take an INVITE; for `UserAgent`."""
        self._dialog = Dialog.incoming(self._line, invite, self._log)
        self.invite = invite
        self.times.invited = at
        self._log("←", invite)
        if isinstance(behaviour, Ignore):
            return
        self.times.ringing = time.monotonic()
        self._enter(CallState.RINGING)
        if not (isinstance(behaviour, Refuse) and behaviour.after_s <= 0):
            self._dialog.respond(invite, 180)
        match behaviour:
            case Answer():
                self._later(behaviour.after_s, lambda: self._answer_as(behaviour))
            case Refuse():
                self._later(behaviour.after_s, lambda: self.refuse(behaviour.status))
            case Ring():
                pass

    def _answer_as(self, behaviour: Answer) -> None:
        self.answer()
        if behaviour.tone_hz is not None:
            self.audio.tone(behaviour.tone_hz)
        elif behaviour.speech:
            self.audio.play(behaviour.speech)
        if behaviour.talk_s is not None:
            self._later(behaviour.talk_s, self.hang_up)

    def _later(self, delay_s: float, action: Callable[[], None]) -> None:
        """Do something after a delay; at once when there is none, and not at all once the call has ended."""
        if delay_s <= 0:
            action()
            return

        async def wait() -> None:
            await asyncio.sleep(delay_s)
            action()

        task = asyncio.ensure_future(wait())
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    def on_request(self, request: Message, at: float) -> None:
        """Take a request inside this call; for `UserAgent`."""
        self._log("←", request)
        match request.method:
            case "ACK":
                self.times.confirmed = self.times.confirmed or at
                self._changed.set()
            case "BYE":
                self._dialog.respond(request, 200)
                self._end(200, at)
            case "CANCEL":
                self._dialog.respond(request, 200)
                if self.state in {CallState.CALLING, CallState.RINGING}:
                    self._dialog.respond(self.invite, 487)
                    self._end(487, at)
            case "INVITE" | "UPDATE":
                self._on_offer(request)
            case "NOTIFY":
                self._dialog.respond(request, 200)
                self._on_notify(request)
            case "INFO" | "OPTIONS" | "MESSAGE":
                self._dialog.respond(request, 200)
            case _:
                self._dialog.respond(request, 501)

    def _on_offer(self, request: Message) -> None:
        """Answer a re-INVITE or UPDATE, by which Asterisk changes the caller id or the media."""
        self._connect_audio(request.body)
        self._dialog.remote = request.get("From")
        wanted = bool(request.body) or request.method == "INVITE"
        self._dialog.respond(request, 200, sdp=self._sdp() if wanted else "")
        self._changed.set()

    def _on_notify(self, request: Message) -> None:
        words = request.body.split()
        if words[:1] == ["SIP/2.0"] and words[1].isdigit():
            self.transfer_status = int(words[1])
            self._changed.set()
            if 200 <= self.transfer_status < 300:  # as telephones do
                self.hang_up()

    def _sdp(self) -> str:
        self._sdp_version += 1
        ours = Sdp(host=self._line.host, port=self.audio.port, events=self._events, direction=self._direction)
        return ours.encode(self._sdp_version)

    def _connect_audio(self, text: str) -> None:
        with contextlib.suppress(ValueError):  # no SDP, or none that offers audio
            offer = Sdp.parse(text)
            self._events = offer.events
            if self._media and offer.codecs:
                self.audio.connect((offer.host, offer.port), offer.codecs[0], offer.events)

    def _enter(self, state: CallState) -> None:
        self.state = state
        self._changed.set()

    def abandon(self) -> None:
        """Forget the call without a word; for `UserAgent.close`."""
        self._end(self.status or 0)

    def _end(self, status: int, at: float | None = None) -> None:
        if self.state is not CallState.ENDED:
            self.status = status
            self.times.ended = at or time.monotonic()
            self._enter(CallState.ENDED)
            self.audio.close()
            for task in tuple(self._tasks):
                task.cancel()

    def _log(self, way: str, message: Message) -> None:
        line = f"{time.monotonic():.4f} {self._line.user} {way} {message.start} [{message.get('CSeq')}]"
        self.trace.append(f"  {line}")
