"""The border around each request: nothing gets out but an answer, and nothing takes for ever."""

import asyncio
from collections.abc import Awaitable, Callable

import structlog
from aiohttp import web

from ccd.errors import CcdError
from ccd.http.problems import answer_to, answer_to_http, problem

log = structlog.get_logger(__name__)

REQUEST_TIMEOUT_S = 60.0
"""Nobody waits longer for an answer. Streams bound each of their pieces instead."""
WRITE_TIMEOUT_S = 30.0
"""A reader who takes nothing for so long is cut off."""
MAX_IN_FLIGHT = 64
"""Requests at a time, of one application, from their first line to the last byte of their answer."""

_FAILED = CcdError("the daemon failed to answer; its log says why", reason="failed")

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]

_STREAMING: set[Handler] = set()


def streams(handler: Handler) -> Handler:
    """Mark a handler that sends its answer itself, piece by piece, and may take long."""
    _STREAMING.add(handler)
    return handler


async def anonymous(_request: web.Request, response: web.StreamResponse) -> None:
    """Say no versions: whoever reaches the port need not know them."""
    response.headers["Server"] = "ccd"


class Border:
    """The border of one application."""

    def __init__(self, *, timeout_s: float = REQUEST_TIMEOUT_S, max_in_flight: int = MAX_IN_FLIGHT) -> None:
        self._timeout_s = timeout_s
        self._max_in_flight = max_in_flight
        self._in_flight = 0

    @web.middleware
    async def around(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        """Answer a request, whatever happens."""
        if self._in_flight >= self._max_in_flight:
            return problem(request, 503, "busy", self._busy())
        self._in_flight += 1
        try:
            response = await self._answer(request, handler)
            await _send(request, response)
        finally:
            self._in_flight -= 1
        return response

    async def _answer(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        limit = None if request.match_info.handler in _STREAMING else self._timeout_s
        try:
            async with asyncio.timeout(limit):
                return await handler(request)
        except CcdError as error:
            return answer_to(request, error)
        except web.HTTPException as error:
            return answer_to_http(request, error)
        except TimeoutError:
            log.warning("request timed out", method=request.method, path=request.path)
            return problem(request, 504, "timed_out", self._timed_out())
        except ConnectionError:
            raise  # the client went away: aiohttp closes its side
        except Exception:
            log.exception("request failed", method=request.method, path=request.path)
            return problem(request, 500, "failed", _FAILED)

    def _busy(self) -> CcdError:
        return CcdError("{count} requests are under way; try again", reason="busy", count=self._max_in_flight)

    def _timed_out(self) -> CcdError:
        return CcdError(
            "the daemon did not answer within {seconds:.0f} s", reason="timed_out", seconds=self._timeout_s
        )


async def _send(request: web.Request, response: web.StreamResponse) -> None:
    """Send an answer within the time limit; what a stream has sent already is not sent again."""
    try:
        async with asyncio.timeout(WRITE_TIMEOUT_S):
            await response.prepare(request)
            await response.write_eof()
    except TimeoutError:
        cut(request, "the reader takes nothing")


def cut(request: web.Request, reason: str) -> None:
    """Break the connection off, so that nobody takes half an answer for a whole one."""
    log.warning("answer cut off", method=request.method, path=request.path, reason=reason)
    if request.transport is not None:
        request.transport.abort()
