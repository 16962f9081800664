"""Routes of messages that callers left, and of what others are told."""

from aiohttp import web

from ccd.http import params
from ccd.http.answers import answer, backend_of
from ccd.http.bodies import EmptyBody, HeardBody, PlayBody
from ccd.http.filters import MessageFilter, MessageState, NoticeState
from ccd.http.params import PAGE_KEYS

routes = web.RouteTableDef()

_KEYS = ("mailbox", "state", "since", "until", "number")


def _message(request: web.Request) -> str:
    params.query(request, ())
    return params.identity(request.match_info["message"])


@routes.get("/voicemail")
async def messages(request: web.Request) -> web.Response:
    """Answer a `VoicemailPage`."""
    given = params.query(request, (*_KEYS, *PAGE_KEYS, "order"))
    which = MessageFilter(
        mailbox=params.name(given["mailbox"]) if "mailbox" in given else None,
        state=params.choice(MessageState, "state", given["state"]) if "state" in given else None,
        since=params.moment("since", given["since"]) if "since" in given else None,
        until=params.moment("until", given["until"]) if "until" in given else None,
        number=params.number(given["number"]) if "number" in given else None,
    )
    return answer(await backend_of(request).voicemail(which, params.page(given)))


@routes.get("/mailboxes")
async def mailboxes(request: web.Request) -> web.Response:
    """Answer a list of `Mailbox`."""
    params.query(request, ())
    return answer(await backend_of(request).mailboxes())


@routes.get("/voicemail/{message}")
async def message(request: web.Request) -> web.Response:
    """Answer a `VoicemailFile`."""
    return answer(await backend_of(request).voicemail_message(_message(request)))


@routes.post("/voicemail/{message}/heard")
async def heard(request: web.Request) -> web.Response:
    """Mark a message as heard, or as new again; answer the `VoicemailMessage`."""
    body = await params.body(request, HeardBody)
    return answer(await backend_of(request).voicemail_heard(_message(request), heard=body.heard))


@routes.post("/voicemail/{message}/play")
async def play(request: web.Request) -> web.Response:
    """Ring a phone and play a message on it; answers when it has answered, with the `VoicemailMessage`."""
    body = await params.body(request, PlayBody)
    return answer(await backend_of(request).voicemail_play(_message(request), body.extension))


@routes.delete("/voicemail/{message}")
async def delete(request: web.Request) -> web.Response:
    """Delete a message's sound; answer the `VoicemailMessage`."""
    return answer(await backend_of(request).voicemail_delete(_message(request)))


@routes.get("/notices")
async def notices(request: web.Request) -> web.Response:
    """Answer a `NoticePage`."""
    given = params.query(request, ("state", *PAGE_KEYS))
    state = params.choice(NoticeState, "state", given["state"]) if "state" in given else None
    return answer(await backend_of(request).notices(state, params.page(given)))


@routes.post("/notices/{notice}/retry")
async def retry(request: web.Request) -> web.Response:
    """Send a notice once more, as if it were new; answer the `Notice`."""
    await params.body(request, EmptyBody)
    params.query(request, ())
    wanted = params.identity(request.match_info["notice"])
    return answer(await backend_of(request).notice_retry(wanted))
