"""Routes of the outbound policy."""

from aiohttp import web

from ccd.http import params
from ccd.http.answers import answer, backend_of

routes = web.RouteTableDef()


@routes.get("/outbound/check")
async def check(request: web.Request) -> web.Response:
    """Answer an `OutboundCheck`."""
    given = params.query(request, ("number", "agent", "phone", "queue", "at"))
    found = await backend_of(request).outbound_check(
        params.number(given.get("number", "")),
        agent=params.agent(given["agent"]) if given.get("agent") else None,
        phone=params.agent(given["phone"]) if given.get("phone") else None,
        queue=params.name(given["queue"]) if given.get("queue") else None,
        at=params.moment("at", given["at"]) if given.get("at") else None,
    )
    return answer(found)


@routes.get("/outbound/limits")
async def limits(request: web.Request) -> web.Response:
    """Answer an `OutboundLimits`."""
    params.query(request, ())
    return answer(await backend_of(request).outbound_limits())
