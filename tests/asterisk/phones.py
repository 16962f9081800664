"""Who telephones in the tests: callers behind the trunk, agents' phones, and the outside world.

Real SIP and RTP on real sockets, many telephones in one process, steered by the test and read by it:

    async with Phone(server, "1001", password) as phone, Caller(server, "13800000001") as caller:
        phone.behaviour = Answer(after_s=0.2, talk_s=1.0, tone_hz=500)
        call = caller.call("4001")
        await call.until_answered()
        offered = await phone.next_call()
        assert offered.peer_number == "13800000001"
"""

import asyncio
import contextlib
from typing import Self

from tests.asterisk.sip import Answer, Behaviour, Call, CallState, Ignore, Refuse, Ring
from tests.asterisk.sip_dialog import PATIENCE_S, Line
from tests.asterisk.sip_message import Message, parameter, response_to, token
from tests.asterisk.sip_transactions import Address

__all__ = [
    "Answer",
    "Behaviour",
    "Call",
    "CallState",
    "Caller",
    "Ignore",
    "Outside",
    "Phone",
    "Refuse",
    "Ring",
    "UserAgent",
]


class UserAgent:
    """One SIP peer on a port of its own. `server` is Asterisk's address.

    With `media=False` its calls negotiate audio but neither send nor read it: for timing by the hundred.
    """

    def __init__(
        self,
        server: Address,
        user: str,
        *,
        name: str = "",
        password: str = "",
        media: bool = True,
        port: int = 0,
    ) -> None:
        self.user = user
        self.behaviour: Behaviour = Answer()
        """What is done with calls that come in; a test may change it at any moment."""
        self.script: list[Behaviour] = []
        """Behaviours for the next calls, one each, before `behaviour` holds again."""
        self.calls: list[Call] = []
        """Every call received, oldest first."""
        self._line = Line(server, user, name=name, password=password, on_request=self._on_request)
        self._media = media
        self._port = port
        self._dialogs: dict[str, Call] = {}
        self._arrived = asyncio.Event()
        self._given_out = 0

    async def __aenter__(self) -> Self:
        """Open the socket."""
        await self._line.transactions.open("127.0.0.1", self._port)
        return self

    async def __aexit__(self, *_: object) -> None:
        """Hang up and close."""
        await self.close()

    async def close(self) -> None:
        """Hang up every call and close the socket."""
        ignored = [
            call for call in self._dialogs.values() if call.incoming and call.state is CallState.CALLING
        ]
        for call in ignored:
            call.abandon()
        live = [call for call in self._dialogs.values() if call.state is not CallState.ENDED]
        for call in live:
            call.hang_up()
        with contextlib.suppress(AssertionError):
            for call in live:
                await call.until_ended(1.0)
        for call in self._dialogs.values():
            call.abandon()
        self._line.transactions.close()

    def call(self, target: str, *, media: bool | None = None) -> Call:
        """Call a number; returns as soon as the INVITE is sent."""
        call = Call(self._line, incoming=False, media=self._media if media is None else media)
        call.place(target)
        self._dialogs[call.call_id] = call
        return call

    async def next_call(self, timeout_s: float = PATIENCE_S) -> Call:
        """Give the oldest call that was not yet given out, waiting for it if need be."""
        return await self.nth_call(self._given_out + 1, timeout_s)

    async def nth_call(self, count: int, timeout_s: float = PATIENCE_S) -> Call:
        """Give the n-th call (from 1) that this peer received, waiting for it if need be."""
        try:
            async with asyncio.timeout(timeout_s):
                while len(self.calls) < count:
                    self._arrived.clear()
                    await self._arrived.wait()
        except TimeoutError:
            missing = f"{self.user} got no call within {timeout_s} s; it has had {len(self.calls)}"
            raise AssertionError(missing) from None
        self._given_out = max(self._given_out, count)
        return self.calls[count - 1]

    def forget_ended(self) -> None:
        """Drop the calls that are over, and what was heard in them: for a telephone that stays for days."""
        self._dialogs = {
            key: call for key, call in self._dialogs.items() if call.state is not CallState.ENDED
        }
        self.calls = [call for call in self.calls if call.state is not CallState.ENDED]

    def lose_network(self, *, lost: bool = True) -> None:
        """Neither send nor hear anything any more, as with a cable pulled; `lost=False` plugs it in again."""
        self._line.transactions.deaf = lost

    def _on_request(self, request: Message, at: float) -> None:
        known = self._dialogs.get(request.get("Call-ID"))
        if known is not None:
            known.on_request(request, at)
        elif request.method == "INVITE" and not parameter(request.get("To"), "tag"):
            behaviour = self.script.pop(0) if self.script else self.behaviour
            call = Call(self._line, incoming=True, media=self._media)
            self._dialogs[request.get("Call-ID")] = call
            self.calls.append(call)
            call.receive(request, at, behaviour)
            self._arrived.set()
        elif request.method != "ACK":
            status = 200 if request.method in {"OPTIONS", "NOTIFY"} else 481
            self._line.transactions.respond(request, response_to(request, status, to_tag=token()))


class Caller(UserAgent):
    """Someone outside who calls in through the trunk; `number` is the caller id that they show."""

    def __init__(
        self, server: Address, number: str = "13800000001", *, name: str = "", media: bool = True
    ) -> None:
        super().__init__(server, number, name=name, media=media)


class Phone(UserAgent):
    """An agent's phone, which registers with its digest password."""

    def __init__(self, server: Address, extension: str, password: str, *, media: bool = True) -> None:
        super().__init__(server, extension, password=password, media=media)
        self.extension = extension
        self.registered = False

    async def __aenter__(self) -> Self:
        """Open the socket and register."""
        await super().__aenter__()
        try:
            await self.register()
        except BaseException:
            await self.close()
            raise
        return self

    async def register(self, expires_s: int = 3600) -> None:
        """Register."""
        status = await self._line.register(expires_s)
        assert status == 200, f"REGISTER of {self.extension} got {status}"
        self.registered = expires_s > 0

    async def unregister(self) -> None:
        """Take the registration back."""
        await self.register(0)

    async def close(self) -> None:
        """Hang up, take the registration back and close."""
        self.behaviour, self.script = Refuse(status=480), []
        self.lose_network(lost=False)
        try:
            if self.registered:
                await self.unregister()
        finally:
            await super().close()


class Outside(UserAgent):
    """The other end of the trunk, which receives what is dialled to outside numbers."""

    def __init__(self, server: Address, port: int, *, media: bool = True) -> None:
        super().__init__(server, "outside", media=media, port=port)

    @staticmethod
    def dialled(call: Call) -> str:
        """Give the outside number that was dialled."""
        return call.invite.start.split()[1].removeprefix("sip:").partition("@")[0]
