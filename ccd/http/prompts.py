"""Routes for the sounds that callers and agents hear."""

from aiohttp import web

from ccd.http import params
from ccd.http.answers import answer, backend_of
from ccd.http.bodies import EmptyBody

routes = web.RouteTableDef()


@routes.post("/prompts/refresh")
async def refresh(request: web.Request) -> web.Response:
    """Look at the prompt folder again: what was put there is heard from now on; answer a `PromptsSeen`."""
    params.query(request, ())
    await params.body(request, EmptyBody)
    return answer(await backend_of(request).prompts_refresh())
