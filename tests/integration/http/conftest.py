"""A running API over the fake backend."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path

import aiohttp
import pytest
from prometheus_client import CollectorRegistry

from ccd.http.server import HttpServer, HttpSettings
from tests.integration.http.fake_backend import FakeBackend


@dataclass(frozen=True, kw_only=True)
class Served:
    """The server, its backend, and sessions that speak to both of its listeners."""

    backend: FakeBackend
    server: HttpServer
    socket: Path
    local: aiohttp.ClientSession
    tcp: aiohttp.ClientSession


@pytest.fixture
async def served(tmp_path: Path) -> AsyncIterator[Served]:
    backend = FakeBackend()
    path = tmp_path / "ccd.sock"
    server = HttpServer(backend, HttpSettings(socket=path, port=0, shutdown_s=0.2), CollectorRegistry())
    await server.start()
    connector = aiohttp.UnixConnector(str(path))
    async with (
        aiohttp.ClientSession("http://localhost", connector=connector) as local,
        aiohttp.ClientSession(f"http://127.0.0.1:{server.port}") as tcp,
    ):
        yield Served(backend=backend, server=server, socket=path, local=local, tcp=tcp)
    await server.stop()
