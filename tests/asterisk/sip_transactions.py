"""SIP's transaction layer over one UDP socket: retransmission, duplicates, time-outs (RFC 3261 §17)."""

import asyncio
import contextlib
import time
from collections import OrderedDict
from collections.abc import Callable

from tests.asterisk.sip_message import Message, response_to, token

T1_S = 0.5
T2_S = 4.0
GIVE_UP_S = 32.0
REMEMBERED = 4000
"""How many finished transactions are kept to recognise what is repeated."""

Address = tuple[str, int]
OnResponse = Callable[[Message], None]
OnRequest = Callable[[Message, float], None]


class Repeater:
    """Sends a datagram again and again, more and more slowly, until it is stopped or gives up."""

    def __init__(self, send: Callable[[], None], on_give_up: Callable[[], None], longest_s: float) -> None:
        self._send = send
        self._on_give_up = on_give_up
        self._longest_s = longest_s
        self._interval_s = T1_S
        self._until = time.monotonic() + GIVE_UP_S
        self._timer = asyncio.get_running_loop().call_later(T1_S, self._again)
        send()

    def _again(self) -> None:
        if time.monotonic() > self._until:
            self._on_give_up()
            return
        self._send()
        self._interval_s = min(self._interval_s * 2, self._longest_s)
        self._timer = asyncio.get_running_loop().call_later(self._interval_s, self._again)

    def stop(self) -> None:
        """Send no more."""
        self._timer.cancel()


class Transactions(asyncio.DatagramProtocol):
    """One socket: requests out and their responses, requests in and what was answered to them."""

    def __init__(self, on_request: OnRequest, server: Address) -> None:
        self._on_request = on_request
        self._server = server
        self._transport: asyncio.DatagramTransport | None = None
        self._waiting: OrderedDict[tuple[str, str], OnResponse] = OrderedDict()
        self._repeaters: dict[tuple[str, str], Repeater] = {}
        self._answered: OrderedDict[tuple[str, str], bytes | None] = OrderedDict()
        self.address: Address = ("127.0.0.1", 0)
        self.deaf = False
        """While set, whatever arrives is lost: a phone whose network is gone."""

    async def open(self, host: str, port: int) -> None:
        """Bind the socket."""
        loop = asyncio.get_running_loop()
        self._transport, _ = await loop.create_datagram_endpoint(lambda: self, local_addr=(host, port))
        self.address = self._transport.get_extra_info("sockname")[:2]

    def close(self) -> None:
        """Close the socket and forget everything."""
        for repeater in self._repeaters.values():
            repeater.stop()
        if self._transport is not None:
            self._transport.close()

    def via(self) -> str:
        """Give a Via header of a fresh transaction."""
        return f"SIP/2.0/UDP {self.address[0]}:{self.address[1]};branch=z9hG4bK{token()};rport"

    def send(self, message: Message) -> None:
        """Send a message once: a provisional response, or an ACK."""
        self._write(message.encode())

    def _write(self, datagram: bytes) -> None:
        if self._transport is not None and not self._transport.is_closing() and not self.deaf:
            self._transport.sendto(datagram, self._server)

    def request(self, message: Message, on_response: OnResponse) -> None:
        """Send a request until something comes back; responses go to `on_response`, silence is a 408."""
        key = (message.branch, message.method)
        self._waiting[key] = on_response
        while len(self._waiting) > REMEMBERED:
            self._waiting.popitem(last=False)
        datagram = message.encode()
        longest_s = GIVE_UP_S if message.method == "INVITE" else T2_S
        self._repeaters[key] = Repeater(
            lambda: self._write(datagram), lambda: self._time_out(key, message, on_response), longest_s
        )

    def _time_out(self, key: tuple[str, str], message: Message, on_response: OnResponse) -> None:
        del self._repeaters[key]
        on_response(response_to(message, 408))

    def respond(self, request: Message, response: Message) -> None:
        """Answer a request; the answer is kept for the request's repetitions, and repeated until the ACK."""
        datagram = response.encode()
        key = (request.branch, request.method)
        self._answered[key] = datagram
        if request.method == "INVITE" and response.status >= 200:
            ack = (request.get("Call-ID"), request.get("CSeq").split()[0])
            self._stop_repeating(ack)
            self._repeaters[ack] = Repeater(
                lambda: self._write(datagram), lambda: self._stop_repeating(ack), T2_S
            )
        else:
            self._write(datagram)

    def _stop_repeating(self, key: tuple[str, str]) -> None:
        repeater = self._repeaters.pop(key, None)
        if repeater is not None:
            repeater.stop()

    def datagram_received(self, data: bytes, addr: Address) -> None:  # noqa: ARG002
        """Sort what comes in: responses to their requests, repetitions to their answers, the rest upwards."""
        now = time.monotonic()
        if self.deaf or not data.strip():
            return
        with contextlib.suppress(ValueError):
            message = Message.parse(data)
            if message.status:
                self._take_response(message)
            elif message.method == "ACK":
                self._stop_repeating((message.get("Call-ID"), message.get("CSeq").split()[0]))
                self._on_request(message, now)
            else:
                self._take_request(message, now)

    def _take_response(self, response: Message) -> None:
        key = (response.branch, response.method)
        self._stop_repeating(key)
        on_response = self._waiting.get(key)
        if on_response is not None:
            on_response(response)

    def _take_request(self, request: Message, now: float) -> None:
        key = (request.branch, request.method)
        if key in self._answered:
            datagram = self._answered[key]
            if datagram is not None:
                self._write(datagram)
            return
        self._answered[key] = None
        while len(self._answered) > REMEMBERED:
            self._answered.popitem(last=False)
        self._on_request(request, now)

    def error_received(self, exc: Exception) -> None:
        """Go on repeating: nobody listens at the server's port just now."""
