"""Routes of the callbacks."""

from aiohttp import web

from ccd.http import params
from ccd.http.answers import answer, backend_of
from ccd.http.bodies import EmptyBody, NewCallbackBody
from ccd.http.problems import BadRequestError

routes = web.RouteTableDef()

MOST = 1000


def _id(request: web.Request) -> int:
    params.query(request, ())
    text = request.match_info["callback"]
    if not (text.isascii() and text.isdecimal() and len(text) <= 18):
        raise BadRequestError(
            "a callback's number is digits, not {given!r}", reason="bad_callback", given=text[:32]
        )
    return int(text)


@routes.get("/callbacks")
async def callbacks(request: web.Request) -> web.Response:
    """Answer a list of `Callback`, the newest first; of one queue or number, open ones only if asked so."""
    given = params.query(request, ("queue", "number", "open", "limit"))
    limit = given.get("limit", "200")
    if not (limit.isascii() and limit.isdecimal() and 0 < int(limit) <= MOST):
        raise BadRequestError(
            "limit: {given!r} is not a whole number from 1 to {most}",
            reason="bad_limit",
            given=limit[:64],
            most=MOST,
        )
    if given.get("open", "false") not in {"true", "false"}:
        raise BadRequestError("open must be true or false", reason="bad_open")
    found = await backend_of(request).callbacks(
        queue=given.get("queue"),
        number=given.get("number"),
        only_open=given.get("open") == "true",
        limit=int(limit),
    )
    return answer(found)


@routes.post("/callbacks")
async def add(request: web.Request) -> web.Response:
    """Promise a call back by hand; answer the `Callback`."""
    params.query(request, ())
    body = await params.body(request, NewCallbackBody)
    return answer(await backend_of(request).callback_add(body.queue, body.number), status=201)


@routes.get("/callbacks/{callback}")
async def callback(request: web.Request) -> web.Response:
    """Answer one `Callback`."""
    return answer(await backend_of(request).callback(_id(request)))


@routes.post("/callbacks/{callback}/cancel")
async def cancel(request: web.Request) -> web.Response:
    """Take a promise back; answer it."""
    await params.body(request, EmptyBody)
    return answer(await backend_of(request).callback_cancel(_id(request)))


@routes.post("/callbacks/{callback}/now")
async def now(request: web.Request) -> web.Response:
    """Let the next try be made without waiting for its time; answer the promise."""
    await params.body(request, EmptyBody)
    return answer(await backend_of(request).callback_now(_id(request)))
