"""What goes wrong is a problem document that says what, and what would be right; and nothing gets out."""

import asyncio
import io
from collections.abc import AsyncIterator
from typing import Any

import aiohttp
import pytest
from aiohttp import web
from structlog.testing import capture_logs

from ccd.errors import CcdError
from ccd.http import border
from ccd.http.border import Border
from ccd.http.client import ApiError, Client, UnreachableError
from ccd.http.shapes import ConfigProblem
from tests.integration.http.conftest import Served
from tests.integration.http.fake_backend import bad_configuration, record
from tests.support import until

LONG = "x" * 5000


@pytest.mark.parametrize(
    ("path", "status", "code"),
    [
        ("/agents/9999", 404, "not_found"),
        ("/queues/nowhere", 404, "not_found"),
        ("/nothing", 404, "not_found"),
        ("/records/export/more", 404, "not_found"),
    ],
)
async def test_what_does_not_exist_is_404(served: Served, path: str, status: int, code: str):
    """Names and addresses alike."""
    async with served.local.get(f"/api/v1{path}") as answer:
        assert answer.status == status
        assert answer.content_type == "application/problem+json"
        told = await answer.json()
    assert told["code"] == code
    assert told["status"] == status
    assert told["detail"]


async def test_a_wrong_method_says_which_are_right(served: Served):
    """405 with Allow."""
    async with served.local.delete("/api/v1/queues") as answer:
        assert answer.status == 405
        assert "GET" in answer.headers["Allow"]
        assert (await answer.json())["code"] == "method_not_allowed"


async def test_a_refused_wish_is_409_with_the_reason(served: Served):
    """The backend's sentence is shown as it is."""
    async with served.local.post("/api/v1/agents/1001/wrap-up-done") as answer:
        assert answer.status == 409
        assert (await answer.json())["detail"] == "agent 1001 is not in wrap-up"


async def test_a_bad_configuration_is_422(served: Served):
    """A reload that is refused says where the configuration is wrong."""
    served.backend.failure = bad_configuration()
    async with served.local.post("/api/v1/reload") as answer:
        assert answer.status == 422
        (told,) = (await answer.json())["problems"]
    assert set(told) == set(ConfigProblem.__annotations__)
    assert (told["file"], told["line"], told["key"]) == ("/etc/ccd/ccd.yaml", 12, "queues.sales.strategy")


async def test_an_unexpected_failure_is_logged_and_says_nothing(served: Served):
    """500 without the error's text: that may hold secrets; the log has it."""
    served.backend.failure = ZeroDivisionError("password=geheim")
    with capture_logs() as logs:
        async with served.local.get("/api/v1/status") as answer:
            assert answer.status == 500
            assert "geheim" not in await answer.text()
    assert [entry["event"] for entry in logs] == ["request failed"]
    served.backend.failure = None
    async with served.local.get("/api/v1/status") as answer:
        assert answer.status == 200


async def test_any_other_error_of_ours_is_told(served: Served):
    """What we raise on purpose has a message for people."""
    served.backend.failure = CcdError("the database is locked; try again")
    async with served.local.get("/api/v1/status") as answer:
        assert answer.status == 500
        assert (await answer.json())["detail"] == "the database is locked; try again"


QUERIES: list[tuple[str, str]] = [
    ("/records?limit=0", "200"),
    ("/records?limit=201", "200"),
    ("/records?limit=-1", "200"),
    ("/records?limit=1e2", "200"),
    ("/records?limit=٣", "200"),
    ("/records?limit=99999999999999999999", "200"),
    ("/records?order=newest;drop", "oldest"),
    ("/records?outcome=ANSWERED", "ivr_ended"),
    ("/records?sort=number", "cursor"),
    ("/records?limit=1&limit=2", "more than once"),
    ("/records?since=yesterday", "2026-"),
    ("/records?since=2026-11-21", "+08:00"),
    ("/records?since=2026-13-41T00:00:00Z", "2026-"),
    ("/records?queue=Sales", "a-z"),
    ("/records?queue=%00", "a-z"),
    ("/records?agent=1001%0d%0aX", "0-9"),
    ("/records?number=1%27%20OR%201=1", "digits"),
    (f"/records?queue={LONG}", "64"),
    (f"/records?cursor={LONG[:600]}", "next_cursor"),
    ("/records?cursor=forged", "next_cursor"),
    ("/records/export?format=xml", "asterisk-csv"),
    ("/records/export?limit=5", "format"),
    ("/surveys/report?group_by=week", "agent"),
    ("/queues/..%2f..%2fetc", "a-z"),
    ("/agents/%e5%bc%a0", "0-9"),
    ("/calls/%1b[31m", "printable"),
    (f"/recordings/{LONG[:200]}", "128"),
    ("/doctor?language=fr", "zh"),
    ("/status?verbose=1", "unknown parameter"),
]


@pytest.mark.parametrize(
    ("liked", "detail", "language"),
    [
        ("zh-CN,zh;q=0.9,en;q=0.8", "没有名为 nowhere 的队列；可用的有：sales, support", "zh"),
        ("en-GB,en;q=0.9,zh;q=0.8", "there is no queue 'nowhere'; there are: sales, support", "en"),
        ("ZH-hant", "没有名为 nowhere 的队列；可用的有：sales, support", "zh"),
        ("fr, de;q=0.5, zh;q=0.1", "没有名为 nowhere 的队列；可用的有：sales, support", "zh"),
        ("fr", "there is no queue 'nowhere'; there are: sales, support", "en"),
        ("zh;q=nonsense, ,;;=,", "there is no queue 'nowhere'; there are: sales, support", "en"),
        (None, "there is no queue 'nowhere'; there are: sales, support", "en"),
    ],
)
async def test_a_refusal_speaks_the_readers_language_and_tells_programs_why(
    served: Served, liked: str | None, detail: str, language: str
):
    """By Accept-Language; reason and values are the same in both."""
    headers = {} if liked is None else {"Accept-Language": liked}
    async with served.local.get("/api/v1/queues/nowhere", headers=headers) as answer:
        assert answer.headers["Content-Language"] == language
        told = await answer.json()
    assert told["detail"] == detail
    assert (told["code"], told["reason"]) == ("not_found", "no_such_queue")
    assert told["values"] == {"queue": "nowhere", "known": "sales, support"}


async def test_every_fault_of_a_body_is_told_in_chinese(served: Served):
    """By pydantic's types of errors; patterns with braces are shown as they stand."""
    body = {"number": "10 01", "name": "a\x00b", "pin": 4711, "queues": {"sales": -1}, "role": "admin"}
    headers = {"Accept-Language": "zh"}
    async with served.local.post("/api/v1/agents", json=body, headers=headers) as answer:
        assert answer.status == 400
        told = await answer.json()
    assert told["detail"].split("；") == [
        "number：须符合 ^[0-9A-Za-z_-]{1,32}$",
        "name：不允许控制字符或不可见字符",
        "pin：须为字符串",
        "queues.sales：不得小于 0",
        "role：没有此项",
    ]
    assert [each["values"]["key"] for each in told["faults"]] == [
        "number",
        "name",
        "pin",
        "queues.sales",
        "role",
    ]


async def test_the_border_speaks_chinese_too(served: Served):
    """No such address, no such method, a failure of ours."""
    headers = {"Accept-Language": "zh"}
    async with served.local.get("/api/v1/nothing", headers=headers) as answer:
        assert (await answer.json())["detail"] == "这个地址没有内容"
    async with served.local.delete("/api/v1/queues", headers=headers) as answer:
        assert (await answer.json())["detail"] == "这个地址不接受该方法"
    served.backend.failure = ZeroDivisionError()
    with capture_logs():
        async with served.local.get("/api/v1/status", headers=headers) as answer:
            assert (await answer.json())["detail"] == "守护进程未能应答；原因见其日志"


@pytest.mark.parametrize(("path", "hint"), QUERIES)
async def test_a_bad_parameter_is_400_and_says_what_is_right(served: Served, path: str, hint: str):
    """Sorting, filtering and paging are enumerations and bounds; names and ids are patterns."""
    async with served.local.get(f"/api/v1{path}") as answer:
        assert answer.status == 400, await answer.text()
        told = await answer.json()
    assert hint in told["detail"] + " ".join(told.get("allowed", []))
    assert "\x1b" not in told["detail"]


BODIES: list[tuple[Any, str]] = [
    (b"{", "JSON"),
    (b'{"number": "\xff"}', "body"),
    (b"[]", "body"),
    (b"null", "body"),
    (b'"1001"', "body"),
    (b"[" * 100_000, "body"),
    ({}, "number"),
    ({"number": 1001}, "number"),
    ({"number": "10 01"}, "number"),
    ({"number": "1001\n"}, "number"),
    ({"number": "2001", "role": "admin"}, "role"),
    ({"number": "2001", "name": LONG}, "name"),
    ({"number": "2001", "name": "a\x00b"}, "name"),
    ({"number": "2001", "name": "gnp\u202e.exe"}, "name"),
    ({"number": "2001", "pin": ""}, "pin"),
    ({"number": "2001", "pin": "123"}, "pin"),
    ({"number": "2001", "pin": "１２３４"}, "pin"),
    ({"number": "2001", "extension": "1001&PJSIP/1002"}, "extension"),
    ({"number": "2001", "queues": "sales"}, "queues"),
    ({"number": "2001", "queues": {"Sales": 0}}, "queues"),
    ({"number": "2001", "queues": {"sales": -1}}, "queues.sales"),
    ({"number": "2001", "queues": {"sales": "1"}}, "queues.sales"),
    ({"number": "2001", "queues": {"sales": {"ring_s": 0}}}, "queues.sales.ring_s"),
    ({"number": "2001", "queues": {"sales": {"rings": 5}}}, "queues.sales.rings"),
    ({"number": "2001", "queues": {f"q{at}": 0 for at in range(201)}}, "queues"),
]


@pytest.mark.parametrize(("body", "hint"), BODIES)
async def test_a_bad_body_is_400_and_names_the_key(served: Served, body: Any, hint: str):
    """Strict types, bounds, no unknown keys; nothing of it reaches the backend, nothing is echoed."""
    sent = (
        {"data": body, "headers": {"Content-Type": "application/json"}}
        if isinstance(body, bytes)
        else {"json": body}
    )
    async with served.local.post("/api/v1/agents", **sent) as answer:
        assert answer.status == 400, await answer.text()
        told = (await answer.json())["detail"]
    assert hint in told
    assert len(told) < 2000
    assert served.backend.added == []
    sent["headers"] = {**sent.get("headers", {}), "Accept-Language": "zh"}
    async with served.local.post("/api/v1/agents", **sent) as answer:
        assert answer.status == 400, await answer.text()
        chinese = (await answer.json())["detail"]
    assert all("：" in each for each in chinese.split("；"))
    assert not {"valid", "should", "must", "required"} & set(chinese.lower().split())


async def test_a_body_must_say_that_it_is_json(served: Served):
    """A form from some page in a browser is not taken for a wish."""
    async with served.local.post("/api/v1/reload", data={"a": "b"}) as answer:
        assert answer.status == 400
        assert "application/json" in (await answer.json())["detail"]


async def test_a_body_that_is_too_large_is_413(served: Served):
    """Memory is bounded whatever is sent."""
    headers = {"Content-Type": "application/json"}
    async with served.local.post(
        "/api/v1/agents", data=io.BytesIO(b" " * 5_000_000), headers=headers
    ) as answer:
        assert answer.status == 413
        assert (await answer.json())["code"] == "too_large"


async def test_pins_are_not_echoed(served: Served):
    """A body that is refused is not shown in the refusal."""
    body = {"number": "2001", "pin": "x" * 200}
    async with served.local.post("/api/v1/agents", json=body) as answer:
        assert answer.status == 400
        assert "xxx" not in await answer.text()


async def test_garbage_instead_of_http_is_answered_and_forgotten(served: Served):
    """The daemon goes on serving."""
    reader, writer = await asyncio.open_unix_connection(str(served.socket))
    writer.write(b"\x16\x03\x01\x02\x00 garbage\r\n\r\n")
    assert b"400" in await asyncio.wait_for(reader.read(64), 5.0)
    writer.close()
    async with served.local.get("/api/v1/status") as answer:
        assert answer.status == 200


async def test_an_export_that_fails_at_once_is_an_error(served: Served):
    """Before the first byte the status can still tell."""
    served.backend.pieces = [CcdError("the database is gone")]
    async with served.local.get("/api/v1/records/export") as answer:
        assert answer.status == 500
        assert "the database is gone" in await answer.text()


async def test_an_export_that_breaks_off_is_no_whole_file(served: Served):
    """The reader sees that the end is missing."""
    served.backend.pieces = [b"x" * 100_000, RuntimeError("disk")]
    client = Client(served.socket)
    with pytest.raises(UnreachableError):
        await asyncio.to_thread(lambda: b"".join(client.stream("records", "export")))


async def test_a_reader_who_takes_nothing_is_cut_off_and_holds_up_nobody(
    served: Served, monkeypatch: pytest.MonkeyPatch
):
    """The export's source is closed; all others are served meanwhile."""
    monkeypatch.setattr(border, "WRITE_TIMEOUT_S", 0.05)
    closed = asyncio.Event()

    async def endless(*_: Any) -> AsyncIterator[bytes]:
        try:
            while True:
                yield b"x" * 65_536
        finally:
            closed.set()

    served.backend.export = endless  # type: ignore[method-assign]
    _reader, writer = await asyncio.open_unix_connection(str(served.socket), limit=1024)
    writer.write(b"GET /api/v1/records/export HTTP/1.1\r\nHost: localhost\r\n\r\n")
    async with served.local.get("/api/v1/status") as answer:
        assert answer.status == 200
    await asyncio.wait_for(closed.wait(), 5.0)
    writer.close()


async def test_an_answer_that_nobody_takes_is_dropped(served: Served, monkeypatch: pytest.MonkeyPatch):
    """A client who asks for much and reads nothing keeps neither memory nor a place."""
    monkeypatch.setattr(border, "WRITE_TIMEOUT_S", 0.05)
    served.backend.past = [record(name="x" * 50_000)] * 200
    _reader, writer = await asyncio.open_unix_connection(str(served.socket), limit=1024)
    with capture_logs() as logs:
        writer.write(b"GET /api/v1/records?limit=200 HTTP/1.1\r\nHost: localhost\r\n\r\n")
        await until(lambda: [entry["event"] for entry in logs] == ["answer cut off"])
    writer.close()
    async with served.local.get("/api/v1/status") as answer:
        assert answer.status == 200


async def test_no_request_lasts_for_ever_and_not_too_many_at_a_time(aiohttp_client: Any):
    """504 after the time limit; 503 for the one too many, served again afterwards."""
    waiting = asyncio.Event()

    async def never(_request: web.Request) -> web.Response:
        waiting.set()
        await asyncio.Event().wait()
        raise AssertionError

    async def quick(_request: web.Request) -> web.Response:
        return web.Response(text="quick")

    app = web.Application(middlewares=[Border(timeout_s=0.2, max_in_flight=1).around])
    app.router.add_get("/never", never)
    app.router.add_get("/quick", quick)
    client: aiohttp.ClientSession = await aiohttp_client(app)
    slow = asyncio.create_task(client.get("/never"))  # type: ignore[arg-type]
    await waiting.wait()
    assert (await client.get("/quick")).status == 503
    assert (await slow).status == 504
    assert (await client.get("/quick")).status == 200


async def test_the_client_raises_what_the_daemon_said(served: Served):
    """Status, code, message and the values allowed."""
    client = Client(served.socket)
    with pytest.raises(ApiError) as caught:
        await asyncio.to_thread(client.get, "records", order="best")
    assert caught.value.status == 400
    assert caught.value.allowed == ["newest", "oldest"]


async def test_a_client_of_a_daemon_that_dies_is_told_so(tmp_path):
    """A connection that closes without an answer is no answer."""
    path = tmp_path / "dying.sock"

    async def die(_reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.close()

    async with await asyncio.start_unix_server(die, str(path)):
        with pytest.raises(UnreachableError):
            await asyncio.to_thread(Client(path).get, "status")


async def test_a_client_bounds_its_patience(tmp_path):
    """A daemon that accepts and says nothing costs the timeout and no more."""
    path = tmp_path / "silent.sock"
    writers: list[asyncio.StreamWriter] = []

    async def listen(_reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writers.append(writer)

    async with await asyncio.start_unix_server(listen, str(path)):
        with pytest.raises(UnreachableError):
            await asyncio.to_thread(Client(path, timeout_s=0.05).get, "status")
        await until(lambda: bool(writers))
        for writer in writers:
            writer.close()
