"""Lookups against a real HTTP server on loopback that answers, stalls, lies and breaks."""

import asyncio
import json
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any

import pytest
from aiohttp import web
from structlog.testing import capture_logs

from ccd.clock import SystemClock
from ccd.config.lookups import Breaker, Lookup
from ccd.lookup.breaker import BreakerState
from ccd.lookup.client import Lookups
from ccd.model import LookupOutcome
from tests.support import until

QUESTION = {"call_id": "1.1", "caller": "13800000001", "variables": {"account": "4711", "name": "王"}}
Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


class Crm:
    """The business's system: `handler` answers, `questions` is what it was asked."""

    def __init__(self) -> None:
        self.handler: Handler = self._found
        self.questions: list[tuple[dict[str, str], Any]] = []
        self.port = 0

    async def serve(self, request: web.Request) -> web.StreamResponse:
        """Note the question and answer it."""
        self.questions.append((dict(request.headers), await request.json()))
        return await self.handler(request)

    @staticmethod
    async def _found(_: web.Request) -> web.StreamResponse:
        return web.json_response({"queue": "vip"})

    def lookup(self, **settings: Any) -> Lookup:
        """Give the configuration of a lookup that asks here."""
        where = {"url": f"http://127.0.0.1:{self.port}/ccd", "allow_private": True, "timeout_s": 0.5}
        return Lookup.model_validate(where | settings)


@pytest.fixture
async def crm() -> AsyncIterator[Crm]:
    """Serve on a free port of loopback."""
    system = Crm()
    app = web.Application()
    app.router.add_post("/ccd", system.serve)
    runner = web.AppRunner(app, shutdown_timeout=0.1)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    system.port = site._server.sockets[0].getsockname()[1]
    yield system
    await runner.cleanup()


@pytest.fixture
async def lookups() -> AsyncIterator[Lookups]:
    """Give a client that is closed at the end."""
    client = Lookups(SystemClock())
    yield client
    await client.close()


def answering(status: int = 200, body: bytes = b"{}", **headers: str) -> Handler:
    """Make a handler that always answers the same."""

    async def handler(_: web.Request) -> web.StreamResponse:
        return web.Response(status=status, body=body, headers=headers)

    return handler


async def test_the_question_goes_out_as_json_with_headers_and_secret(crm, lookups):
    """And the answer comes back."""
    settings = crm.lookup(headers={"X-Tenant": "7"}, secret="Choose-Your-Own-1")
    answer = await lookups.ask("crm", settings, QUESTION)
    assert (answer.outcome, answer.queue) == (LookupOutcome.FOUND, "vip")
    ((headers, question),) = crm.questions
    assert question == QUESTION
    assert (headers["X-Tenant"], headers["Authorization"]) == ("7", "Bearer Choose-Your-Own-1")


@pytest.mark.parametrize("status", [204, 404])
async def test_a_caller_who_is_not_known(crm, lookups, status):
    """Two statuses say so, besides `found: false`."""
    crm.handler = answering(status)
    assert (await lookups.ask("crm", crm.lookup(), QUESTION)).outcome is LookupOutcome.NOT_FOUND


@pytest.mark.parametrize(
    ("handler", "reason"),
    [
        (answering(500), "status 500"),
        (answering(401), "status 401"),
        (answering(302, Location="/ccd"), "status 302"),
        (answering(200, b"<html>"), "a wrong answer"),
        (answering(200, b'{"queue": "a b"}'), "queue"),
        (answering(200, json.dumps({"x": "y" * 20_000}).encode()), "more than 16384 bytes"),
    ],
)
async def test_what_is_no_answer_is_a_failure(crm, lookups, handler, reason):
    """With a reason that an operator understands, and never with what was sent or answered."""
    crm.handler = handler
    with capture_logs() as logs:
        answer = await lookups.ask("crm", crm.lookup(), QUESTION)
    assert answer.outcome is LookupOutcome.FAILED
    assert reason in answer.reason
    assert logs[0]["event"] == "lookup failed"
    assert "4711" not in str(logs)
    assert len(crm.questions) == 1


async def endless(request: web.Request) -> web.StreamResponse:
    """Answer without end, a little at a time."""
    response = web.StreamResponse()
    await response.prepare(request)
    while True:
        await response.write(b" ")
        await asyncio.sleep(0.01)


async def silent(_: web.Request) -> web.StreamResponse:
    """Say nothing."""
    await asyncio.Event().wait()
    return web.Response()


@pytest.mark.parametrize("handler", [silent, endless])
async def test_the_caller_waits_no_longer_than_the_time_limit(crm, lookups, handler):
    """Whether it says nothing or dribbles."""
    crm.handler = handler
    started = time.monotonic()
    answer = await lookups.ask("crm", crm.lookup(timeout_s=0.2), QUESTION)
    assert (answer.outcome, answer.reason) == (LookupOutcome.FAILED, "no answer within 0.2 s")
    assert time.monotonic() - started < 0.4


async def test_nobody_listens(lookups, unused_tcp_port):
    """A connection that is refused is a failure like any other."""
    settings = Lookup(url=f"http://127.0.0.1:{unused_tcp_port}/", allow_private=True)
    assert (await lookups.ask("crm", settings, QUESTION)).outcome is LookupOutcome.FAILED


async def test_a_system_that_fails_is_left_alone_and_tried_again(crm, lookups):
    """After two failures nothing is sent; after the rest one question goes out and closes the breaker."""
    clock = SteppedClock()
    client = Lookups(clock)
    settings = crm.lookup(breaker=Breaker(failures=2, open_s=30))
    crm.handler = answering(500)
    with capture_logs() as logs:
        for _ in range(4):
            assert (await client.ask("crm", settings, QUESTION)).outcome is LookupOutcome.FAILED
    assert len(crm.questions) == 2
    assert [each["event"] for each in logs] == ["lookup failed", "lookup suspended"]
    (status,) = client.statuses({"crm": settings})
    assert (status.state, status.last_failure) == (BreakerState.OPEN, "status 500")
    assert status.counts[LookupOutcome.FAILED] == 4

    clock.at += 30
    crm.handler = answering(200)
    with capture_logs() as logs:
        assert (await client.ask("crm", settings, QUESTION)).outcome is LookupOutcome.FOUND
    assert [each["event"] for each in logs] == ["lookup answers again"]
    (status,) = client.statuses({"crm": settings})
    assert status.state is BreakerState.CLOSED
    await client.close()


class SteppedClock(SystemClock):
    """A clock that a test moves."""

    at = 0.0

    def now(self) -> float:
        """Give the instant that was set."""
        return self.at


async def test_a_caller_who_hangs_up_does_not_count_against_the_system(crm, lookups):
    """The question is withdrawn: the breaker learns nothing."""
    crm.handler = silent
    asking = asyncio.ensure_future(lookups.ask("crm", crm.lookup(timeout_s=5), QUESTION))
    await until(lambda: bool(crm.questions), what="the question is there")
    asking.cancel()
    with pytest.raises(asyncio.CancelledError):
        await asking
    (status,) = lookups.statuses({"crm": crm.lookup()})
    assert status.counts[LookupOutcome.FAILED] == 0


async def test_a_name_that_leads_into_our_own_network_is_not_asked(crm, lookups, monkeypatch):
    """Whatever a name server says, and although the configuration showed a public name."""

    async def inside(*_: Any, **__: Any) -> list[Any]:
        return [(2, 1, 6, "", ("127.0.0.1", crm.port))]

    monkeypatch.setattr(asyncio.get_running_loop(), "getaddrinfo", inside)
    settings = Lookup(url=f"https://crm.example.com:{crm.port}/ccd")
    answer = await lookups.ask("crm", settings, QUESTION)
    assert answer.outcome is LookupOutcome.FAILED
    assert "not public" in answer.reason
    assert crm.questions == []


async def test_no_cookie_is_kept(crm, lookups):
    """One caller's session is not the next one's."""
    crm.handler = answering(200, b"{}", **{"Set-Cookie": "session=1"})
    for _ in range(2):
        await lookups.ask("crm", crm.lookup(), QUESTION)
    assert all("Cookie" not in headers for headers, _ in crm.questions)
