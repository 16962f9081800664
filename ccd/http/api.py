"""The local API: every route under `/api/v1`, for the CLI and for whoever may open the socket.

The socket's file permissions are the authorisation, so nothing here asks who speaks. This application is
never bound to a TCP port.
"""

from aiohttp import web

from ccd.http import (
    agents,
    archive,
    callbacks,
    caller_lists,
    control,
    live,
    operation,
    outbound,
    prompts,
    queues,
    voicemail,
)
from ccd.http.answers import BACKEND
from ccd.http.backend import Backend
from ccd.http.border import Border, anonymous

PREFIX = "/api/v1"
MAX_BODY = 4 * 1024 * 1024
"""An import of ten thousand agents; everything else is far smaller."""


def make_api(backend: Backend) -> web.Application:
    """Build the application that is served on the local socket."""
    app = web.Application(middlewares=[Border().around], client_max_size=MAX_BODY)
    app.on_response_prepare.append(anonymous)
    app[BACKEND] = backend
    for table in (
        live.routes,
        callbacks.routes,
        control.routes,
        agents.routes,
        archive.routes,
        operation.routes,
        outbound.routes,
        prompts.routes,
        queues.routes,
        voicemail.routes,
        caller_lists.routes,
    ):
        for route in table:
            if isinstance(route, web.RouteDef):
                app.router.add_route(route.method, PREFIX + route.path, route.handler)
    return app
