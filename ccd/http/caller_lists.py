"""Routes of lists of callers."""

from aiohttp import web

from ccd.http import params
from ccd.http.answers import answer, backend_of
from ccd.http.bodies import ListBody
from ccd.http.problems import in_language

routes = web.RouteTableDef()


@routes.get("/lists")
async def lists(request: web.Request) -> web.Response:
    """Answer a list of `CallerList`."""
    params.query(request, ())
    return answer(await backend_of(request).lists())


@routes.get("/lists/{list}")
async def entries(request: web.Request) -> web.Response:
    """Answer a `ListPage`."""
    given = params.query(request, ("after",))
    after = params.number(given["after"]) if given.get("after") else ""
    return answer(await backend_of(request).list_entries(params.name(request.match_info["list"]), after))


@routes.post("/lists/{list}")
async def change(request: web.Request) -> web.Response:
    """Add and remove entries; answer a `ListResult`."""
    params.query(request, ())
    body = await params.body(request, ListBody)
    done = await backend_of(request).list_change(
        params.name(request.match_info["list"]),
        [each.value() for each in body.add],
        body.remove,
        dry_run=body.dry_run,
    )
    return answer({**done, "problems": [in_language(request, each) for each in done["problems"]]})
