"""Routes by which operators take a hand in a call under way. Each answers the `Call` as it was."""

from aiohttp import web

from ccd.http import params
from ccd.http.answers import answer, backend_of
from ccd.http.bodies import EmptyBody, RedirectBody, SuperviseBody, TransferBody

routes = web.RouteTableDef()


@routes.post("/calls/{call}/hangup")
async def hang_up(request: web.Request) -> web.Response:
    """End a call."""
    await params.body(request, EmptyBody)
    return answer(await backend_of(request).call_hang_up(params.call(request)))


@routes.post("/calls/{call}/transfer")
async def transfer(request: web.Request) -> web.Response:
    """Have a number called for the caller."""
    body = await params.body(request, TransferBody)
    return answer(await backend_of(request).call_transfer(params.call(request), body.number))


@routes.post("/calls/{call}/redirect")
async def redirect(request: web.Request) -> web.Response:
    """Send the caller to a queue or a flow."""
    body = await params.body(request, RedirectBody)
    return answer(await backend_of(request).call_redirect(params.call(request), body.to))


@routes.post("/calls/{call}/recording/pause")
async def recording_pause(request: web.Request) -> web.Response:
    """Let the recording hold silence."""
    await params.body(request, EmptyBody)
    return answer(await backend_of(request).recording_pause(params.call(request)))


@routes.post("/calls/{call}/recording/resume")
async def recording_resume(request: web.Request) -> web.Response:
    """Let the recording hold sound again, or begin one on demand."""
    await params.body(request, EmptyBody)
    return answer(await backend_of(request).recording_resume(params.call(request)))


@routes.post("/calls/{call}/supervise")
async def supervise(request: web.Request) -> web.Response:
    """Let a supervisor's phone into a call; answers when it has answered."""
    body = await params.body(request, SuperviseBody)
    return answer(await backend_of(request).call_supervise(params.call(request), body.mode, body.extension))
