"""Routes of what is live: status, top, queues, calls, and why a call went as it went."""

from aiohttp import web

from ccd.http import params
from ccd.http.answers import answer, backend_of

routes = web.RouteTableDef()


@routes.get("/status")
async def status(request: web.Request) -> web.Response:
    """Answer a `Status`."""
    params.query(request, ())
    return answer(await backend_of(request).status())


@routes.get("/top")
async def top(request: web.Request) -> web.Response:
    """Answer a `Top`."""
    params.query(request, ())
    return answer(await backend_of(request).top())


@routes.get("/queues")
async def queues(request: web.Request) -> web.Response:
    """Answer a list of `QueueSummary`."""
    params.query(request, ())
    return answer(await backend_of(request).queues())


@routes.get("/queues/{queue}")
async def queue(request: web.Request) -> web.Response:
    """Answer a `Queue`."""
    params.query(request, ())
    return answer(await backend_of(request).queue(params.name(request.match_info["queue"])))


@routes.get("/calls")
async def calls(request: web.Request) -> web.Response:
    """Answer a list of `Call`."""
    params.query(request, ())
    return answer(await backend_of(request).calls())


@routes.get("/calls/{call}")
async def call(request: web.Request) -> web.Response:
    """Answer a `Call`."""
    return answer(await backend_of(request).call(params.call(request)))


@routes.get("/calls/{call}/explain")
async def explain(request: web.Request) -> web.Response:
    """Answer an `Explanation`."""
    return answer(await backend_of(request).explain(params.call(request)))
