"""Serving both applications: the local API on the Unix socket, health and metrics on TCP."""

from dataclasses import dataclass
from pathlib import Path

import structlog
from aiohttp import web
from prometheus_client import CollectorRegistry

from ccd.errors import RefusedError
from ccd.http.api import make_api
from ccd.http.backend import Backend
from ccd.http.health import make_health
from ccd.http.local_socket import LocalSocket

log = structlog.get_logger(__name__)

IDLE_TIMEOUT_S = 30.0
"""A connection that asks nothing for so long, or never finishes its request line, is closed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class HttpSettings:
    """Where to listen."""

    socket: Path
    host: str = "127.0.0.1"
    port: int = 8080
    """0: any free one."""
    shutdown_s: float = 5.0
    """How long requests under way may go on when the daemon stops."""


class HttpServer:
    """Both listeners. `start` raises `RefusedError` when an address is taken."""

    def __init__(self, backend: Backend, settings: HttpSettings, registry: CollectorRegistry) -> None:
        self._settings = settings
        self._api = self._runner(make_api(backend))
        self._health = self._runner(make_health(backend, registry))
        self._local: LocalSocket | None = None
        self.port: int | None = None
        """The TCP port in use, once started."""

    def _runner(self, app: web.Application) -> web.AppRunner:
        return web.AppRunner(
            app,
            access_log=None,
            handle_signals=False,
            keepalive_timeout=IDLE_TIMEOUT_S,
            shutdown_timeout=self._settings.shutdown_s,
        )

    async def start(self) -> None:
        """Listen on both; on failure nothing stays open."""
        self._local = LocalSocket(self._settings.socket)
        try:
            await self._api.setup()
            await web.SockSite(self._api, self._local.socket).start()
            await self._health.setup()
            await self._listen_tcp()
        except BaseException:
            await self.stop()
            raise
        log.info("http listening", socket=str(self._settings.socket), port=self.port)

    async def _listen_tcp(self) -> None:
        host, port = self._settings.host, self._settings.port
        try:
            await web.TCPSite(self._health, host, port).start()
        except OSError as error:
            raise RefusedError(
                "http {host}:{port}: {error}; change `http.host` or `http.port`",
                reason="http_address",
                host=host,
                port=port,
                error=error.strerror or error,
            ) from error
        self.port = int(self._health.addresses[0][1])

    async def stop(self) -> None:
        """Let requests under way end, then close and remove the socket. May be called twice."""
        await self._health.cleanup()
        await self._api.cleanup()
        if self._local is not None:
            self._local.release()
            self._local = None
