"""Errors as RFC 9457 problem documents, and the one border where whatever a request raised becomes one."""

import asyncio
import dataclasses
import json
from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Any

import structlog
from aiohttp import web

from ccd.errors import CcdError, ConfigError, NotFoundError, RefusedError

log = structlog.get_logger(__name__)

REQUEST_TIMEOUT_S = 60.0
"""Nobody waits longer for an answer. Streams (exports) bound each write instead."""
MAX_IN_FLIGHT = 64
"""Requests at a time, of one application."""


class BadRequestError(CcdError):
    """The request itself is wrong: an unknown parameter, a value out of bounds, a body that is not JSON."""

    def __init__(self, message: str, *, allowed: Sequence[str] = ()) -> None:
        super().__init__(message)
        self.allowed = tuple(allowed)
        """What would have been right, where that can be listed."""


def problem(status: int, code: str, detail: str, extra: Mapping[str, Any] | None = None) -> web.Response:
    """Make the answer: `code` is for programs, `detail` for people."""
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


def _of_aiohttp(error: web.HTTPException) -> web.StreamResponse:
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


Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]

_STREAMING: set[Handler] = set()


def streams(handler: Handler) -> Handler:
    """Mark a handler whose answer may take long: it bounds each write instead of the whole."""
    _STREAMING.add(handler)
    return handler


class Border:
    """The border around one application's requests."""

    def __init__(self, *, timeout_s: float = REQUEST_TIMEOUT_S, max_in_flight: int = MAX_IN_FLIGHT) -> None:
        self._timeout_s = timeout_s
        self._max_in_flight = max_in_flight
        self._in_flight = 0

    @web.middleware
    async def around(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        """Let no error of one request out, no request last for ever, and not too many in."""
        if self._in_flight >= self._max_in_flight:
            return problem(503, "busy", f"{self._max_in_flight} requests are under way; try again")
        self._in_flight += 1
        limit = None if request.match_info.handler in _STREAMING else self._timeout_s
        try:
            async with asyncio.timeout(limit):
                return await handler(request)
        except CcdError as error:
            return answer_to(error)
        except web.HTTPException as error:
            return _of_aiohttp(error)
        except TimeoutError:
            log.warning("request_timed_out", method=request.method, path=request.path)
            return problem(504, "timed_out", f"the daemon did not answer within {self._timeout_s:.0f} s")
        except ConnectionError:
            raise  # the client went away: aiohttp closes its side
        except Exception:
            log.exception("request_failed", method=request.method, path=request.path)
            return problem(500, "failed", "the daemon failed to answer; its log says why")
        finally:
            self._in_flight -= 1
