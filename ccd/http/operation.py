"""Routes for those who run the daemon."""

from aiohttp import web

from ccd.http import params
from ccd.http.answers import answer, backend_of
from ccd.http.bodies import EmptyBody
from ccd.http.filters import Language

routes = web.RouteTableDef()


@routes.post("/reload")
async def reload(request: web.Request) -> web.Response:
    """Take the configuration on disk; answer a `ReloadResult`, or 422 with every `ConfigProblem`."""
    params.query(request, ())
    await params.body(request, EmptyBody)
    return answer(await backend_of(request).reload())


@routes.get("/config/diff")
async def config_diff(request: web.Request) -> web.Response:
    """Answer a list of `ConfigChange`, or 422 with every `ConfigProblem`."""
    params.query(request, ())
    return answer(await backend_of(request).config_diff())


@routes.get("/doctor")
async def doctor(request: web.Request) -> web.Response:
    """Answer a `DoctorReport`."""
    given = params.query(request, ("language",))
    language = params.choice(Language, "language", given.get("language", Language.EN))
    return answer(await backend_of(request).doctor(language))
