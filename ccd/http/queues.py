"""Routes by which operators open and close queues, and move those who wait."""

from aiohttp import web

from ccd.http import params
from ccd.http.answers import answer, backend_of
from ccd.http.bodies import CallMoveBody, CloseBody, MoveBody, OpenBody, PriorityBody

routes = web.RouteTableDef()


def _queue(request: web.Request) -> str:
    params.query(request, ())
    return params.name(request.match_info["queue"])


@routes.post("/queues/{queue}/close")
async def close(request: web.Request) -> web.Response:
    """Close a queue by hand; answer the `Queue`."""
    body = await params.body(request, CloseBody)
    closed = backend_of(request).queue_close(
        _queue(request), say=body.say, keep=body.waiting == "keep", until=body.until
    )
    return answer(await closed)


@routes.post("/queues/{queue}/open")
async def open_(request: web.Request) -> web.Response:
    """Open a queue by hand; answer the `Queue`."""
    body = await params.body(request, OpenBody)
    return answer(await backend_of(request).queue_open(_queue(request), until=body.until))


@routes.post("/queues/{queue}/move")
async def move(request: web.Request) -> web.Response:
    """Move those who wait to another queue; answer `Moved`."""
    body = await params.body(request, MoveBody)
    return answer(await backend_of(request).queue_move(_queue(request), body.to, body.limit))


@routes.post("/calls/{call}/move")
async def call_move(request: web.Request) -> web.Response:
    """Move one caller who waits to another queue; answer the `Call`."""
    body = await params.body(request, CallMoveBody)
    return answer(await backend_of(request).call_move(params.call(request), body.queue))


@routes.post("/calls/{call}/priority")
async def call_priority(request: web.Request) -> web.Response:
    """Give a caller who waits another priority; answer the `Call`."""
    body = await params.body(request, PriorityBody)
    return answer(await backend_of(request).call_priority(params.call(request), body.priority))
