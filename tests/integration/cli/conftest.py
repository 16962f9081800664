"""A daemon's API in a thread of its own, and the command line run against it as its users run it."""

import asyncio
import json
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import structlog
from prometheus_client import CollectorRegistry
from structlog.testing import capture_logs

from ccd.cli import main
from ccd.http.server import HttpServer, HttpSettings
from tests.integration.http.fake_backend import FakeBackend


@dataclass(frozen=True, kw_only=True)
class Ran:
    """What one command line did."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        """What was printed, as JSON."""
        return json.loads(self.out)


class Ccd:
    """The command line, in this process: starting a new one for each test would take all the time."""

    def __init__(self, backend: FakeBackend, capsys: pytest.CaptureFixture[str], socket: Path) -> None:
        self.backend = backend
        self.socket = socket
        self._capsys = capsys

    def __call__(self, *words: str, language: str = "en") -> Ran:
        """Run one command line."""
        self._capsys.readouterr()
        with capture_logs():  # the daemon's, which shares this process's stdout
            code = main.run([*words, "--lang", language, "--socket", str(self.socket)])
        told = self._capsys.readouterr()
        return Ran(code=code, out=told.out, err=told.err)


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[list[FakeBackend], Path]]:
    """Serve the API; the list holds the backend, which each test replaces."""
    socket = tmp_path_factory.mktemp("run") / "ccd.sock"
    backends = [FakeBackend()]
    loop = asyncio.new_event_loop()
    started = threading.Event()
    stop = asyncio.Event()

    class Current:
        """Whatever backend is first in the list now."""

        def __getattr__(self, name: str) -> Any:
            return getattr(backends[0], name)

    async def serve() -> None:
        settings = HttpSettings(socket=socket, port=0, shutdown_s=0.1)
        server = HttpServer(Current(), settings, CollectorRegistry())  # type: ignore[arg-type]
        await server.start()
        started.set()
        await stop.wait()
        await server.stop()

    thread = threading.Thread(target=loop.run_until_complete, args=[serve()])
    thread.start()
    assert started.wait(5.0)
    yield backends, socket
    loop.call_soon_threadsafe(stop.set)
    thread.join(5.0)
    loop.close()


@pytest.fixture
def ccd(
    served: tuple[list[FakeBackend], Path],
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> Ccd:
    for variable in ("CCD_SOCKET", "CCD_CONFIG", "CCD_LANG", "CCD_AGENT_PIN"):
        monkeypatch.delenv(variable, raising=False)
    monkeypatch.setenv("TZ", "UTC")
    backends, socket = served
    backends[0] = FakeBackend()
    return Ccd(backends[0], capsys, socket)


@pytest.fixture(autouse=True)
def logging_as_before() -> Iterator[None]:
    """Undo what a command does to the log of its process, which here is everybody's."""
    before = structlog.get_config()
    yield
    structlog.configure(**before)
