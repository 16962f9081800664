"""Errors as RFC 9457 problem documents: `code` and `reason` for programs, `detail` for people."""

import dataclasses
import json
from collections.abc import Mapping, Sequence
from typing import Any

from aiohttp import web

from ccd.errors import CcdError, ConfigError, NotFoundError, RefusedError
from ccd.http.language import language_of
from ccd.http.shapes import Fault, fault
from ccd.refusals import told, translated


class BadRequestError(CcdError):
    """The request itself is wrong: an unknown parameter, a value out of bounds, a body that is not JSON."""

    def __init__(
        self,
        message: str = "",
        /,
        *,
        reason: str = "",
        faults: Sequence[CcdError] = (),
        allowed: Sequence[str] = (),
        **values: object,
    ) -> None:
        super().__init__(message, reason=reason, faults=faults, **values)
        self.allowed = tuple(allowed)
        """What would have been right, where that can be listed."""


def problem(
    request: web.Request, status: int, code: str, error: CcdError, extra: Mapping[str, Any] | None = None
) -> web.Response:
    """Make the answer, in the language of the request.

    `reason` and `values` tell programs what `detail` tells people; `faults` has them of each where there are
    several.
    """
    language = language_of(request)
    of_error = fault(error)
    body: dict[str, Any] = {
        "type": "about:blank",
        "status": status,
        "code": code,
        "detail": told(error, language),
        "reason": of_error["reason"],
        "values": of_error["values"],
    }
    if error.faults:
        body["faults"] = [in_language(request, fault(each)) for each in error.faults]
    body.update(extra or {})
    return web.Response(
        status=status,
        text=json.dumps(body, ensure_ascii=False),
        content_type="application/problem+json",
        headers={"Content-Language": language.value},
    )


def in_language(request: web.Request, each: Fault) -> Fault:
    """Say a fault that stands within an answer in the language of the request."""
    said = translated(each["reason"], each["values"], language_of(request))
    return {**each, "message": said or each["message"]}


def answer_to(request: web.Request, error: CcdError) -> web.Response:
    """Give the problem document of an error raised on purpose."""
    match error:
        case BadRequestError():
            extra = {"allowed": list(error.allowed)} if error.allowed else None
            return problem(request, 400, "bad_request", error, extra)
        case NotFoundError():
            return problem(request, 404, "not_found", error)
        case RefusedError():
            return problem(request, 409, "refused", error)
        case ConfigError():
            problems = [dataclasses.asdict(each) for each in error.problems]
            return problem(request, 422, "bad_configuration", error, {"problems": problems})
        case _:
            return problem(request, 500, "failed", error)


_HTTP = {
    404: ("not_found", CcdError("there is nothing at this address", reason="nothing_here")),
    405: (
        "method_not_allowed",
        CcdError("this address does not take that method", reason="method_not_allowed"),
    ),
    413: ("too_large", CcdError("the request is larger than this address accepts", reason="too_large")),
}


def answer_to_http(request: web.Request, error: web.HTTPException) -> web.StreamResponse:
    """Give the problem document of an error that aiohttp raised: no such address, body too large."""
    if error.status < 400:
        return error
    code, ours = _HTTP.get(error.status, ("bad_request", CcdError(error.reason)))
    answer = problem(request, error.status, code, ours)
    if "Allow" in error.headers:
        answer.headers["Allow"] = error.headers["Allow"]
    return answer
