"""What the calls of one telephone share: its line (socket, identity, password), and how a dialog asks."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field

from tests.asterisk.sip_message import Message, authorization, parameter, quoted, response_to, token, uri
from tests.asterisk.sip_transactions import Address, OnRequest, Transactions

PATIENCE_S = 10.0
ALLOW = "INVITE, ACK, CANCEL, BYE, UPDATE, INFO, NOTIFY, REFER, OPTIONS"
Headers = list[tuple[str, str]]


class Line:
    """A telephone's socket and identity: who it says it is and how it proves it."""

    def __init__(
        self, server: Address, user: str, *, name: str, password: str, on_request: OnRequest
    ) -> None:
        self.server = server
        self.user = user
        self.name = name
        self.transactions = Transactions(on_request, server)
        self._password = password
        self._challenge = ""
        self._registration = (token(), token())
        self._register_sequence = 0

    @property
    def host(self) -> str:
        """The address that the telephone is bound to."""
        return self.transactions.address[0]

    @property
    def contact(self) -> str:
        """The Contact header."""
        host, port = self.transactions.address
        return f"<sip:{self.user}@{host}:{port}>"

    def address_of(self, number: str) -> str:
        """Give the URI of a number at the server."""
        return f"sip:{number}@{self.server[0]}:{self.server[1]}"

    def heed(self, refusal: Message) -> bool:
        """Take a digest challenge; give whether trying again with `authorization` makes sense."""
        challenge = refusal.get("WWW-Authenticate") or refusal.get("Proxy-Authenticate")
        self._challenge = challenge or self._challenge
        return refusal.status in {401, 407} and bool(self._password) and bool(challenge)

    def authorization(self, method: str, target: str) -> tuple[str, str]:
        """Give the header that answers the last challenge."""
        answer = authorization(
            self._challenge, method=method, target=target, user=self.user, password=self._password
        )
        return ("Authorization", answer)

    async def register(self, expires_s: int) -> int:
        """Register, or with 0 take the registration back; give the status that came of it."""
        target = f"sip:{self.server[0]}:{self.server[1]}"
        response = await self._register(target, expires_s, [])
        if self.heed(response):
            response = await self._register(target, expires_s, [self.authorization("REGISTER", target)])
        return response.status

    async def _register(self, target: str, expires_s: int, more: Headers) -> Message:
        self._register_sequence += 1
        call_id, tag = self._registration
        address = f"<sip:{self.user}@{self.server[0]}>"
        headers = [("Via", self.transactions.via()), ("Max-Forwards", "70"), ("From", f"{address};tag={tag}")]
        headers += [("To", address), ("Call-ID", call_id), ("CSeq", f"{self._register_sequence} REGISTER")]
        headers += [("Contact", self.contact), ("Expires", str(expires_s)), *more]
        return await final_response(self.transactions, Message(f"REGISTER {target} SIP/2.0", headers))


async def final_response(transactions: Transactions, request: Message) -> Message:
    """Send a request and give its final response; 408 when there is none."""
    done: asyncio.Future[Message] = asyncio.get_running_loop().create_future()

    def take(response: Message) -> None:
        if response.status >= 200 and not done.done():
            done.set_result(response)

    transactions.request(request, take)
    try:
        return await asyncio.wait_for(done, PATIENCE_S)
    except TimeoutError:
        return response_to(request, 408)


@dataclass(slots=True, kw_only=True)
class Dialog:
    """RFC 3261 §12: the state that every request inside a call is built from."""

    line: Line
    log: Callable[[str, Message], None]
    call_id: str
    local: str
    remote: str
    target: str
    routes: list[str] = field(default_factory=list)
    sequence: int = 0
    challenged: bool = False

    @classmethod
    def outgoing(cls, line: Line, target: str, log: Callable[[str, Message], None]) -> "Dialog":
        """Begin a dialog to a number."""
        name = f"{quoted(line.name)} " if line.name else ""
        local = f"{name}<sip:{line.user}@{line.server[0]}>;tag={token()}"
        address = line.address_of(target)
        return cls(line=line, log=log, call_id=token(), local=local, remote=f"<{address}>", target=address)

    @classmethod
    def incoming(cls, line: Line, invite: Message, log: Callable[[str, Message], None]) -> "Dialog":
        """Begin the dialog that an INVITE asks for."""
        return cls(
            line=line,
            log=log,
            call_id=invite.get("Call-ID"),
            local=f"{invite.get('To')};tag={token()}",
            remote=invite.get("From"),
            target=uri(invite.get("Contact")),
            routes=invite.all("Record-Route"),
        )

    def learn(self, answer: Message) -> None:
        """Take the other side's tag, address and route from the answer to our INVITE."""
        self.remote = answer.get("To")
        self.target = uri(answer.get("Contact")) or self.target
        self.routes = list(reversed(answer.all("Record-Route")))

    def build(
        self, method: str, *, more: Headers | None = None, content_type: str = "", body: str = ""
    ) -> Message:
        """Give the next request of the dialog."""
        self.sequence += 1
        headers = [("Via", self.line.transactions.via()), ("Max-Forwards", "70")]
        headers += [("Route", route) for route in self.routes]
        headers += [("From", self.local), ("To", self.remote), ("Call-ID", self.call_id)]
        headers += [("CSeq", f"{self.sequence} {method}"), ("Contact", self.line.contact), ("Allow", ALLOW)]
        if self.challenged:
            headers.append(self.line.authorization(method, self.target))
        if body:
            headers.append(("Content-Type", content_type))
        return Message(f"{method} {self.target} SIP/2.0", headers + (more or []), body)

    def send(self, request: Message, on_response: Callable[[Message], None]) -> None:
        """Send a request; every response goes to `on_response`."""
        self.log("→", request)
        self.line.transactions.request(request, on_response)

    async def ask(
        self, method: str, *, more: Headers | None = None, content_type: str = "", body: str = ""
    ) -> Message:
        """Send a request and give its final response, answering a digest challenge."""
        while True:
            request = self.build(method, more=more, content_type=content_type, body=body)
            self.log("→", request)
            response = await final_response(self.line.transactions, request)
            self.log("←", response)
            if method == "INVITE":
                self.acknowledge(request, response)
            if self.challenged or not self.line.heed(response):
                return response
            self.challenged = True

    def acknowledge(self, invite: Message, response: Message) -> None:
        """Send the ACK: of the same transaction for a refusal, of one of its own for an answer."""
        accepted = response.status < 300
        via = self.line.transactions.via() if accepted else invite.get("Via")
        target = self.target if accepted else invite.start.split()[1]
        headers = [("Via", via), ("Max-Forwards", "70"), *(("Route", route) for route in self.routes)]
        headers += [("From", invite.get("From")), ("To", response.get("To")), ("Call-ID", self.call_id)]
        ack = Message(f"ACK {target} SIP/2.0", [*headers, ("CSeq", f"{response.sequence} ACK")])
        self.line.transactions.send(ack)

    def cancel(self, invite: Message) -> None:
        """Send the CANCEL of an INVITE."""
        same = {"Via", "Max-Forwards", "From", "To", "Call-ID"}
        headers = [(name, value) for name, value in invite.headers if name in same]
        headers.append(("CSeq", f"{invite.sequence} CANCEL"))
        self.send(Message(invite.start.replace("INVITE", "CANCEL", 1), headers), lambda _response: None)

    def respond(self, request: Message, status: int, *, sdp: str = "") -> None:
        """Answer a request of the other side."""
        response = response_to(request, status, to_tag=parameter(self.local, "tag"))
        response.headers.append(("Contact", self.line.contact))
        if sdp:
            response.headers.append(("Content-Type", "application/sdp"))
            response.body = sdp
        self.log("→", response)
        self.line.transactions.respond(request, response)

    def replaces(self) -> str:
        """Give the Replaces parameter by which another call can take this one's place (RFC 3891)."""
        tags = f"to-tag={parameter(self.remote, 'tag')};from-tag={parameter(self.local, 'tag')}"
        escaped = f"{self.call_id};{tags}".replace(";", "%3B").replace("=", "%3D").replace("@", "%40")
        return f"Replaces={escaped}"
