"""What may be asked over TCP without a word about who asks: alive, ready, metrics.

It holds no caller's number, no call's id and no configuration: whoever reaches the port may read it.
"""

from aiohttp import web
from prometheus_client import CollectorRegistry

from ccd.http.answers import BACKEND, answer, backend_of
from ccd.http.backend import Backend
from ccd.http.border import Border, anonymous
from ccd.http.metrics import CONTENT_TYPE, exposition
from ccd.http.shapes import Level

REGISTRY: web.AppKey[CollectorRegistry] = web.AppKey("registry", CollectorRegistry)


async def healthz(_request: web.Request) -> web.Response:
    """Say that the event loop turns; nothing more."""
    return answer({"alive": True})


async def readyz(request: web.Request) -> web.Response:
    """Say whether calls can be served, with the reasons when not."""
    problems = [{"code": each["code"], "level": each["level"]} for each in backend_of(request).problems()]
    ready = all(each["level"] != Level.CRITICAL for each in problems)
    return answer({"ready": ready, "problems": problems}, status=200 if ready else 503)


async def metrics(request: web.Request) -> web.Response:
    """Give the figures in Prometheus's text format."""
    backend = backend_of(request)
    told = exposition(request.app[REGISTRY], await backend.status(), await backend.queues())
    return web.Response(body=told, headers={"Content-Type": CONTENT_TYPE})


def make_health(backend: Backend, registry: CollectorRegistry) -> web.Application:
    """Build the application that is served on `http.host:port`."""
    app = web.Application(middlewares=[Border().around], client_max_size=1024)
    app.on_response_prepare.append(anonymous)
    app[BACKEND] = backend
    app[REGISTRY] = registry
    app.router.add_get("/healthz", healthz)
    app.router.add_get("/readyz", readyz)
    app.router.add_get("/metrics", metrics)
    return app
