"""Routes of the agents: who they are, and what they do."""

from aiohttp import web

from ccd.http import params
from ccd.http.answers import answer, backend_of
from ccd.http.bodies import (
    AgentChangeBody,
    DispositionBody,
    EmptyBody,
    ImportBody,
    NewAgentBody,
    PauseBody,
    SignInBody,
)
from ccd.http.problems import in_language

routes = web.RouteTableDef()


def _agent(request: web.Request) -> str:
    params.query(request, ())
    return params.agent(request.match_info["agent"])


@routes.get("/agents")
async def agents(request: web.Request) -> web.Response:
    """Answer a list of `Agent`."""
    params.query(request, ())
    return answer(await backend_of(request).agents())


@routes.post("/agents")
async def add(request: web.Request) -> web.Response:
    """Create an agent; answer it."""
    params.query(request, ())
    new = await params.body(request, NewAgentBody)
    return answer(await backend_of(request).agent_add(new.value()), status=201)


@routes.post("/agents/import")
async def import_(request: web.Request) -> web.Response:
    """Create or change many; answer an `ImportResult`."""
    params.query(request, ())
    body = await params.body(request, ImportBody)
    rows = [each.value() for each in body.agents]
    done = await backend_of(request).agent_import(rows, dry_run=body.dry_run)
    return answer({**done, "problems": [in_language(request, each) for each in done["problems"]]})


@routes.get("/agents/{agent}")
async def agent(request: web.Request) -> web.Response:
    """Answer one `Agent`."""
    return answer(await backend_of(request).agent(_agent(request)))


@routes.patch("/agents/{agent}")
async def update(request: web.Request) -> web.Response:
    """Change an agent; answer it."""
    change = await params.body(request, AgentChangeBody)
    return answer(await backend_of(request).agent_update(_agent(request), change.value()))


@routes.delete("/agents/{agent}")
async def remove(request: web.Request) -> web.Response:
    """Delete an agent."""
    await backend_of(request).agent_remove(_agent(request))
    return web.Response(status=204)


@routes.post("/agents/{agent}/sign-in")
async def sign_in(request: web.Request) -> web.Response:
    """Sign in on a phone; answer the `Agent`."""
    body = await params.body(request, SignInBody)
    return answer(await backend_of(request).agent_sign_in(_agent(request), body.extension))


@routes.post("/agents/{agent}/sign-out")
async def sign_out(request: web.Request) -> web.Response:
    """Sign out; answer the `Agent`."""
    await params.body(request, EmptyBody)
    return answer(await backend_of(request).agent_sign_out(_agent(request)))


@routes.post("/agents/{agent}/pause")
async def pause(request: web.Request) -> web.Response:
    """Begin a break; answer the `Agent`."""
    body = await params.body(request, PauseBody)
    return answer(await backend_of(request).agent_pause(_agent(request), body.reason))


@routes.post("/agents/{agent}/ready")
async def ready(request: web.Request) -> web.Response:
    """End a break or a wrap-up; answer the `Agent`."""
    await params.body(request, EmptyBody)
    return answer(await backend_of(request).agent_ready(_agent(request)))


@routes.post("/agents/{agent}/wrap-up-done")
async def wrap_up_done(request: web.Request) -> web.Response:
    """End the wrap-up early; answer the `Agent`."""
    await params.body(request, EmptyBody)
    return answer(await backend_of(request).agent_wrap_up_done(_agent(request)))


@routes.post("/agents/{agent}/wrap-up-more")
async def wrap_up_more(request: web.Request) -> web.Response:
    """Extend the wrap-up; answer the `Agent`."""
    await params.body(request, EmptyBody)
    return answer(await backend_of(request).agent_wrap_up_more(_agent(request)))


@routes.post("/agents/{agent}/disposition")
async def disposition(request: web.Request) -> web.Response:
    """Say what came of the agent's talk; answer the `Agent`."""
    body = await params.body(request, DispositionBody)
    return answer(await backend_of(request).agent_dispose(_agent(request), body.code))
