"""A phone with lamps (BLF): it subscribes to extensions (RFC 6665, dialog-info) and keeps what it is told."""

import re

from tests.asterisk.phones import Phone
from tests.asterisk.sip_dialog import final_response
from tests.asterisk.sip_message import Message, response_to, token
from tests.asterisk.sip_transactions import Address
from tests.support import until


class LampPhone(Phone):
    """A registered phone with lamps."""

    def __init__(self, server: Address, extension: str, password: str) -> None:
        super().__init__(server, extension, password)
        self.lamps: dict[str, list[str]] = {}
        """What each lamp was told, by its extension, oldest first: terminated, confirmed, early."""
        self._sequence = 0

    async def subscribe(self, extension: str) -> None:
        """Ask to be told of an extension's state."""
        target = self._line.address_of(extension)
        call_id, tag = token(), token()
        response = await self._subscribe(target, call_id, tag, [])
        if self._line.heed(response):
            more = [self._line.authorization("SUBSCRIBE", target)]
            response = await self._subscribe(target, call_id, tag, more)
        assert response.status == 200, f"SUBSCRIBE {extension} got {response.start}"

    async def _subscribe(self, target: str, call_id: str, tag: str, more: list[tuple[str, str]]) -> Message:
        self._sequence += 1
        me = f"<sip:{self.user}@{self._line.server[0]}>;tag={tag}"
        headers = [("Via", self._line.transactions.via()), ("Max-Forwards", "70"), ("From", me)]
        headers += [("To", f"<{target}>"), ("Call-ID", call_id), ("CSeq", f"{self._sequence} SUBSCRIBE")]
        headers += [("Contact", self._line.contact), ("Expires", "3600"), ("Event", "dialog")]
        headers += [("Accept", "application/dialog-info+xml"), *more]
        return await final_response(self._line.transactions, Message(f"SUBSCRIBE {target} SIP/2.0", headers))

    def _on_request(self, request: Message, at: float) -> None:
        entity = re.search(r'entity="sip:([^@"]+)@', request.body)
        if request.method != "NOTIFY" or entity is None:
            super()._on_request(request, at)
            return
        state = re.search(r"<state>(\w+)</state>", request.body)
        self.lamps.setdefault(entity[1], []).append(state[1] if state else "")
        self._line.transactions.respond(request, response_to(request, 200, to_tag=token()))

    async def until_lit(self, extension: str, state: str) -> None:
        """Wait until a lamp shows a state."""
        await until(
            lambda: self.lamps.get(extension, [""])[-1] == state,
            what=f"{extension} {state}: {self.lamps.get(extension)}",
        )
