"""Routes for the sounds that callers and agents hear."""

from aiohttp import web

from ccd.http import params
from ccd.http.answers import answer, backend_of
from ccd.http.bodies import EmptyBody, PromptBody
from ccd.http.problems import in_language

routes = web.RouteTableDef()


@routes.post("/prompts/refresh")
async def refresh(request: web.Request) -> web.Response:
    """Look at the prompt folder again: what was put there is heard from now on; answer a `PromptsSeen`."""
    params.query(request, ())
    await params.body(request, EmptyBody)
    return answer(await backend_of(request).prompts_refresh())


@routes.post("/prompts/record")
async def record(request: web.Request) -> web.Response:
    """Ring a phone to record a prompt; answer a `PromptErrand` when it was answered."""
    params.query(request, ())
    body = await params.body(request, PromptBody)
    return answer(await backend_of(request).prompts_record(body.prompt, body.language, body.extension))


@routes.post("/prompts/play")
async def play(request: web.Request) -> web.Response:
    """Ring a phone to hear a prompt; answer a `PromptErrand` when it was answered."""
    params.query(request, ())
    body = await params.body(request, PromptBody)
    return answer(await backend_of(request).prompts_play(body.prompt, body.language, body.extension))


@routes.get("/prompts/errands/{errand}")
async def errand(request: web.Request) -> web.Response:
    """Answer how far an errand is: a `PromptErrand`."""
    params.query(request, ())
    found = await backend_of(request).prompts_errand(params.identity(request.match_info["errand"]))
    if found["problem"] is None:
        return answer(found)
    problem = in_language(request, found["problem"])
    return answer({**found, "problem": problem, "reason": problem["message"]})
