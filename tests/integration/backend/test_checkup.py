"""What the doctor sees from inside the daemon: systems on loopback that answer or not, a tray, programs."""

import socket
from collections.abc import AsyncIterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from aiohttp import web

from ccd.asterisk.findings import Finding
from ccd.backend.checkup import look_around
from ccd.clock import SystemClock
from ccd.config.lookups import Lookup
from ccd.config.voicemail import Voicemail
from ccd.lookup.client import Lookups
from ccd.voicemail.mailroom import Mailroom


@pytest.fixture
async def system() -> AsyncIterator[SimpleNamespace]:
    """Serve a business's system on a free port of loopback; `seen` is what came, `status` what HEAD gets."""
    seen: list[tuple[str, dict[str, str]]] = []
    found = SimpleNamespace(seen=seen, status=405)

    async def serve(request: web.Request) -> web.Response:
        seen.append((request.method, dict(request.headers)))
        return web.Response(status=found.status if request.method == "HEAD" else 500)

    app = web.Application()
    app.router.add_route("*", "/ccd", serve)
    runner = web.AppRunner(app, shutdown_timeout=0.1)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    found.port = site._server.sockets[0].getsockname()[1]
    yield found
    await runner.cleanup()


@pytest.fixture
async def lookups() -> AsyncIterator[Lookups]:
    """Give a client that is closed at the end."""
    client = Lookups(SystemClock())
    yield client
    await client.close()


def lookup(port: int, **more: Any) -> Lookup:
    """Give a system that is asked on loopback."""
    url = f"http://127.0.0.1:{port}/ccd?key=Choose-Your-Own-1"
    return Lookup.model_validate({"url": url, "allow_private": True, "timeout_s": 0.5} | more)


def house(lookups: Lookups, root: Path, systems: dict[str, Lookup], boxes: dict[str, Any]) -> Any:
    """Give the part of a house that is looked at."""
    return SimpleNamespace(
        lookups=lookups,
        mailroom=Mailroom(root, lambda _message: None, is_live=lambda _call: False),
        config=SimpleNamespace(
            lookups=systems,
            voicemail=Voicemail.model_validate({"mailboxes": boxes}),
            recording=SimpleNamespace(directory=str(root)),
        ),
    )


async def told(given: Any) -> dict[str, tuple[str, str]]:
    """Give what was found: result and message by name."""
    found: list[Finding] = await look_around(given, "en")
    assert all(bool(each.remedy) == (each.result != "ok") for each in found)
    assert "Choose-Your-Own-1" not in str(found)
    return {each.name: (each.result.value, each.message) for each in found}


async def test_systems_are_asked_for_nothing_and_must_answer(system, lookups, tmp_path):
    """Whatever one says to a request that is no question; a gateway without it, a closed port, do not."""
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        systems = {
            "crm": lookup(system.port, secret="Choose-Your-Own-1"),
            "gone": lookup(closed.getsockname()[1]),
        }
        given = house(lookups, tmp_path, systems, {})
        found = await told(given)
    assert found["lookup crm"] == ("ok", f"http://127.0.0.1:{system.port}/ccd answers")
    result, message = found["lookup gone"]
    assert (result, "does not answer" in message) == ("failed", True)
    ((method, headers),) = system.seen
    assert (method, "Authorization" in headers) == ("HEAD", False)
    system.status = 503
    assert "status 503" in (await told(given))["lookup crm"][1]


async def test_a_system_that_is_left_alone_is_told_with_its_last_failure(system, lookups, tmp_path):
    """It answers, but not as it should: callers go on without it."""
    settings = lookup(system.port, breaker={"failures": 1, "open_s": 60})
    await lookups.ask("crm", settings, {"call_id": "1.1"})
    result, message = (await told(house(lookups, tmp_path, {"crm": settings}, {})))["lookup crm"]
    assert (result, "status 500" in message) == ("failed", True)


async def test_messages_need_a_tray_and_the_programs_that_tell_of_them(lookups, tmp_path):
    """Nothing is left behind; without mailboxes there is nothing to look at."""
    root = tmp_path / "recordings"
    root.mkdir()
    there = {"notify": {"command": ["sh", "-c", "true"]}}
    assert await told(house(lookups, root, {}, {})) == {}
    assert (await told(house(lookups, root, {}, {"sales": there})))["voicemail"][0] == "ok"
    assert [path for path in root.rglob("*") if path.is_file()] == []
    lacking = {"notify": {"command": ["no-such-program-here", "{number}"]}}
    result, message = (await told(house(lookups, root, {}, {"sales": there, "it": lacking})))["voicemail"]
    assert (result, message.endswith(": no-such-program-here")) == ("failed", True)
    (tmp_path / "file").write_text("no folder")
    result, message = (await told(house(lookups, tmp_path / "file", {}, {"sales": there})))["voicemail"]
    assert (result, "messages are not taken" in message) == ("failed", True)
