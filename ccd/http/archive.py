"""Routes of what is past: records, recordings, surveys, and who owns a customer."""

from aiohttp import web

from ccd.http import params
from ccd.http.answers import answer, backend_of, stream
from ccd.http.bodies import OwnerBody
from ccd.http.border import streams
from ccd.http.filters import ExportFormat, SurveyFilter, SurveyGroup
from ccd.http.params import PAGE_KEYS, RECORD_KEYS, RECORDING_KEYS, SURVEY_KEYS

routes = web.RouteTableDef()

_EXPORTS = {
    ExportFormat.CSV: ("text/csv; charset=utf-8", "calls.csv"),
    ExportFormat.ASTERISK_CSV: ("text/csv; charset=utf-8", "Master.csv"),
    ExportFormat.JSONL: ("application/jsonl; charset=utf-8", "calls.jsonl"),
}


@routes.get("/records")
async def records(request: web.Request) -> web.Response:
    """Answer a `RecordPage`."""
    given = params.query(request, (*RECORD_KEYS, *PAGE_KEYS, "order"))
    return answer(await backend_of(request).records(params.record_filter(given), params.page(given)))


@routes.get("/records/export")
@streams
async def export(request: web.Request) -> web.StreamResponse:
    """Stream records as a file."""
    given = params.query(request, ("format", *RECORD_KEYS))
    kind = params.choice(ExportFormat, "format", given.get("format", ExportFormat.CSV))
    content_type, filename = _EXPORTS[kind]
    pieces = backend_of(request).export(kind, params.record_filter(given))
    return await stream(request, pieces, content_type=content_type, filename=filename)


@routes.get("/records/{call}")
async def record(request: web.Request) -> web.Response:
    """Answer one `FullRecord`."""
    return answer(await backend_of(request).record(params.call(request)))


@routes.get("/recordings")
async def recordings(request: web.Request) -> web.Response:
    """Answer a `RecordingPage`."""
    given = params.query(request, (*RECORDING_KEYS, *PAGE_KEYS))
    return answer(await backend_of(request).recordings(params.record_filter(given), params.page(given)))


@routes.get("/recordings/{recording}")
async def recording(request: web.Request) -> web.Response:
    """Answer a `RecordingPath`."""
    params.query(request, ())
    wanted = params.identity(request.match_info["recording"])
    return answer(await backend_of(request).recording_path(wanted))


@routes.get("/surveys/report")
async def survey_report(request: web.Request) -> web.Response:
    """Answer a `SurveyReport`."""
    given = params.query(request, SURVEY_KEYS)
    which = SurveyFilter(
        since=params.moment("since", given["since"]) if "since" in given else None,
        until=params.moment("until", given["until"]) if "until" in given else None,
        survey=params.name(given["survey"]) if "survey" in given else None,
        queue=params.name(given["queue"]) if "queue" in given else None,
        agent=params.agent(given["agent"]) if "agent" in given else None,
        group_by=params.choice(SurveyGroup, "group_by", given.get("group_by", SurveyGroup.SURVEY)),
    )
    return answer(await backend_of(request).survey_report(which))


@routes.get("/customers/{number}/owner")
async def owner(request: web.Request) -> web.Response:
    """Answer an `Owner`."""
    params.query(request, ())
    return answer(await backend_of(request).owner(params.number(request.match_info["number"])))


@routes.put("/customers/{number}/owner")
async def set_owner(request: web.Request) -> web.Response:
    """Set or clear the owner; answer the `Owner`."""
    params.query(request, ())
    number = params.number(request.match_info["number"])
    body = await params.body(request, OwnerBody)
    return answer(await backend_of(request).set_owner(number, body.agent))
