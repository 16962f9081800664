"""Errors as RFC 9457 problem documents: `code` for programs, `detail` for people."""

import dataclasses
import json
from collections.abc import Mapping, Sequence
from typing import Any

from aiohttp import web

from ccd.errors import CcdError, ConfigError, NotFoundError, RefusedError


class BadRequestError(CcdError):
    """The request itself is wrong: an unknown parameter, a value out of bounds, a body that is not JSON."""

    def __init__(self, message: str, *, allowed: Sequence[str] = ()) -> None:
        super().__init__(message)
        self.allowed = tuple(allowed)
        """What would have been right, where that can be listed."""


def problem(status: int, code: str, detail: str, extra: Mapping[str, Any] | None = None) -> web.Response:
    """Make the answer."""
    body: dict[str, Any] = {"type": "about:blank", "status": status, "code": code, "detail": detail}
    body.update(extra or {})
    return web.Response(
        status=status,
        text=json.dumps(body, ensure_ascii=False),
        content_type="application/problem+json",
    )


def answer_to(error: CcdError) -> web.Response:
    """Give the problem document of an error raised on purpose."""
    match error:
        case BadRequestError():
            extra = {"allowed": list(error.allowed)} if error.allowed else None
            return problem(400, "bad_request", str(error), extra)
        case NotFoundError():
            return problem(404, "not_found", str(error))
        case RefusedError():
            return problem(409, "refused", str(error))
        case ConfigError():
            problems = [dataclasses.asdict(each) for each in error.problems]
            return problem(422, "bad_configuration", str(error), {"problems": problems})
        case _:
            return problem(500, "failed", str(error))


def answer_to_http(error: web.HTTPException) -> web.StreamResponse:
    """Give the problem document of an error that aiohttp raised: no such address, body too large."""
    if error.status < 400:
        return error
    details = {
        404: ("not_found", "there is nothing at this address"),
        405: ("method_not_allowed", "this address does not take that method"),
        413: ("too_large", "the request is larger than this address accepts"),
    }
    code, detail = details.get(error.status, ("bad_request", error.reason))
    answer = problem(error.status, code, detail)
    if "Allow" in error.headers:
        answer.headers["Allow"] = error.headers["Allow"]
    return answer
