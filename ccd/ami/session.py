"""One manager session: logged in, watched, and every action answered, refused or of unknown outcome.

A link can be half open: the peer is gone, and no packet says so. So both sessions are pinged, and one that
has said nothing at all since the ping went out is closed.
"""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Collection, Iterator, Mapping, Sequence
from contextlib import asynccontextmanager
from typing import Protocol

from ccd.ami.message import AmiMessage
from ccd.ami.settings import AmiSettings
from ccd.errors import AmiActionError, AmiAuthError, AmiUnknownOutcomeError

Headers = Mapping[str, str | Sequence[str]]

FINAL_REFUSALS = ("Authentication failed", "Login Already In Use")
"""Asterisk's words when it is of no use to try the login again; an ACL that keeps us out gives the first."""


class Connection(Protocol):
    """What a session needs of the library that holds the socket."""

    lost: asyncio.Future[str]
    """Done, with the reason, as soon as the connection is of no use any more."""
    bytes_received: int

    async def request(self, name: str, headers: Headers, *, timeout_s: float) -> list[AmiMessage]:
        """Send an action; give its response and, if that starts a list, all of the list.

        AmiValueError, AmiDownError: nothing was sent. AmiUnknownOutcomeError: it was, and no answer came.
        """
        ...

    def close(self, reason: str) -> None:
        """Close at once; what is not answered yet fails."""
        ...


OnEvents = Callable[[Iterator[AmiMessage]], None]
"""Takes, synchronously and to the end, the wanted events that came at once, in order."""
Connect = Callable[[Collection[str], OnEvents], Awaitable[Connection]]
"""Connects; wants events of these names."""


class Session:
    """A connection on which we are logged in."""

    def __init__(self, connection: Connection, settings: AmiSettings) -> None:
        self._connection = connection
        self._settings = settings
        self.last_pong_at: float | None = None
        self.lost = connection.lost

    async def login(self, event_classes: str) -> None:
        """Log in; AmiAuthError with the remedy if Asterisk does not know us or does not let us in twice."""
        settings = self._settings
        headers = {"Username": settings.username, "Secret": settings.secret, "Events": event_classes}
        try:
            await self.request("Login", headers)
        except AmiActionError as refusal:
            # There are passing reasons too: "Asterisk is shutting down".
            if not str(refusal).endswith(FINAL_REFUSALS):
                raise
            raise AmiAuthError(
                f"Asterisk at {settings.host}:{settings.port} refused the manager user {settings.username!r} "
                f"({refusal}): compare user name and secret with manager.conf, where this user also needs a "
                "permit for our address and allowmultiplelogin=yes"
            ) from None

    async def request(
        self, name: str, headers: Headers | None = None, *, timeout_s: float | None = None
    ) -> list[AmiMessage]:
        """Do an action. AmiActionError: Asterisk refused it; for the rest see `Connection.request`."""
        limit = self._settings.action_timeout_s if timeout_s is None else timeout_s
        answer = await self._connection.request(name, headers or {}, timeout_s=limit)
        if answer[0].response == "Error":
            raise AmiActionError(f"{name}: {answer[0].get('Message') or 'refused without a reason'}")
        return answer

    async def request_list(self, name: str, headers: Headers | None = None) -> list[AmiMessage]:
        """Do an action that is answered by a list; give its items."""
        answer = await self.request(name, headers, timeout_s=self._settings.list_timeout_s)
        return [item for item in answer[1:] if item.get("EventList") is None]

    def close(self, reason: str) -> None:
        """Close the connection at once."""
        self._connection.close(reason)

    async def watch(self) -> None:
        """Ping until the connection is silent, then close it."""
        settings = self._settings
        while True:
            await asyncio.sleep(settings.ping_interval_s)
            heard = self._connection.bytes_received
            try:
                await self.request("Ping", timeout_s=settings.ping_timeout_s)
            except AmiUnknownOutcomeError:
                if self._connection.bytes_received == heard:
                    self.close(f"Asterisk has been silent for {settings.ping_timeout_s:g} s")
                    return
            else:
                self.last_pong_at = asyncio.get_running_loop().time()


@asynccontextmanager
async def open_session(
    connection: Connection, settings: AmiSettings, event_classes: str
) -> AsyncIterator[Session]:
    """Log in on a connection and watch it until the block is left; then close it."""
    session = Session(connection, settings)
    try:
        await session.login(event_classes)
        watchdog = asyncio.create_task(session.watch(), name="AMI watchdog")
        try:
            yield session
        finally:
            watchdog.cancel()
            await asyncio.gather(watchdog, return_exceptions=True)
    finally:
        session.close("ccd closed the link")
