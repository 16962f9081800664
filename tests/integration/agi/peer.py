"""A scripted Asterisk: connects as `AGI(agi://…)` does, and behaves as badly as it is told to."""

import asyncio
import contextlib
import socket
from collections.abc import AsyncIterator, Mapping

from ccd.agi import AgiServer

ENVIRONMENT: Mapping[str, str] = {
    "agi_network": "yes",
    "agi_network_script": "next",
    "agi_request": "agi://127.0.0.1:4573/next",
    "agi_channel": "PJSIP/trunk-0000002a",
    "agi_language": "zh",
    "agi_type": "PJSIP",
    "agi_uniqueid": "1795291036.1",
    "agi_callerid": "13800000000",
    "agi_calleridname": "张伟",
    "agi_dnid": "4000",
    "agi_context": "ccd-inbound",
    "agi_extension": "4000",
    "agi_arg_1": "number/4000",
    "agi_arg_2": "",
}


def environment(**changed: str) -> bytes:
    """Give the environment block, with some fields changed (without their `agi_`)."""
    fields = {**ENVIRONMENT, **{f"agi_{name}": value for name, value in changed.items()}}
    return "".join(f"{name}: {value}\n" for name, value in fields.items()).encode() + b"\n"


class Peer:
    """One connection of Asterisk to the server under test."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, *, split: bool) -> None:
        self._reader = reader
        self._writer = writer
        self._split = split

    @classmethod
    async def connect(cls, port: int, *, split: bool = False) -> "Peer":
        """Connect and say nothing yet; `split`: every byte goes in a packet of its own."""
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.get_extra_info("socket").setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        return cls(reader, writer, split=split)

    async def send(self, data: bytes) -> None:
        """Send bytes as they are; a server that has closed already is no error here."""
        pieces = [data[i : i + 1] for i in range(len(data))] if self._split else [data]
        with contextlib.suppress(ConnectionError):
            for piece in pieces:
                if self._writer.is_closing():
                    return
                self._writer.write(piece)
                await self._writer.drain()
                await asyncio.sleep(0)

    async def command(self) -> str:
        """Give the server's next command, or an empty text when it closed."""
        try:
            line = await asyncio.wait_for(self._reader.readline(), 5.0)
        except ConnectionError:
            return ""
        return line.decode().removesuffix("\n")

    async def obey(self, expected: str, reply: str = "200 result=0") -> None:
        """Take a command that must begin so, and answer it."""
        line = await self.command()
        assert line.startswith(expected), f"expected {expected!r}, got {line!r}"
        await self.send(f"{reply}\n".encode())

    async def closed(self) -> bool:
        """Wait for the server to close; whatever it still sends is passed over."""
        with contextlib.suppress(ConnectionError):
            while await asyncio.wait_for(self._reader.read(4096), 5.0):
                pass
        return True

    def drop(self) -> None:
        """Vanish with a reset."""
        self._writer.transport.abort()

    async def leave(self) -> None:
        """Close as Asterisk does."""
        self._writer.close()
        with contextlib.suppress(ConnectionError):
            await self._writer.wait_closed()


@contextlib.asynccontextmanager
async def calling(server: AgiServer, *, split: bool = False, **changed: str) -> AsyncIterator[Peer]:
    """Be a channel whose dialplan asks the server."""
    peer = await Peer.connect(server.port, split=split)
    try:
        await peer.send(environment(**changed))
        yield peer
    finally:
        await peer.leave()
