"""Floods, slow peers, garbage: real callers are served, memory is bounded, the log stays readable."""

import asyncio

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from structlog.testing import capture_logs

from ccd.agi import AgiLimits, AgiServer
from tests.integration.agi.peer import Peer, calling, environment
from tests.support import until


async def greet(session):
    """Do what a healthy call takes."""
    await session.answer()


async def assert_serves(server):
    """Call as a real caller and get an answer."""
    async with calling(server) as peer:
        await peer.obey("ANSWER")
        assert await peer.command() == ""


async def test_connect_and_close_costs_nothing(serving):
    """Port scans and health checks leave no session, no failure and no log."""
    server = await serving(greet)
    with capture_logs() as logs:
        for number in range(50):
            peer = await Peer.connect(server.port)
            if number % 2:
                peer.drop()
            else:
                await peer.leave()
        await until(lambda: server.counters.connections == 50 and server.sessions == 0)
    assert (server.counters.sessions, server.counters.breaches, logs) == (0, 0, [])
    await assert_serves(server)


async def test_a_peer_that_leaves_within_the_environment_is_forgotten(serving):
    """Half a block and gone."""
    server = await serving(greet)
    peer = await Peer.connect(server.port)
    await peer.send(environment()[:50])
    await peer.leave()
    await until(lambda: server.counters.connections == 1 and server.sessions == 0)
    assert server.counters.sessions == 0


@pytest.mark.parametrize("said", [b"", b"agi_network: yes\n", b"a"])
async def test_a_slow_peer_is_closed(serving, said):
    """Who has not finished the environment in time makes room, however much was said."""
    server = await serving(greet, environment_s=0.05)
    with capture_logs() as logs:
        peer = await Peer.connect(server.port)
        await peer.send(said)
        assert await peer.closed()
    assert [(log["event"], log["why"]) for log in logs] == [("agi_peer_closed", "no AGI environment in time")]
    await peer.leave()
    await assert_serves(server)


async def test_a_peer_that_trickles_bytes_is_closed_at_the_same_deadline(serving):
    """Each byte buys no further time."""
    server = await serving(greet, environment_s=0.1)
    peer = await Peer.connect(server.port)

    async def trickle():
        for byte in environment() * 20:
            await peer.send(bytes([byte]))
            await asyncio.sleep(0.005)

    trickling = asyncio.create_task(trickle())
    await until(lambda: server.counters.breaches == 1, 2.0)
    trickling.cancel()
    await peer.leave()
    assert server.counters.sessions == 0


@pytest.mark.parametrize(
    "garbage",
    [
        b"GET / HTTP/1.1\r\nHost: x\r\n\r\n",
        b"\x16\x03\x01\x02\x00",
        b"agi_" + b"x" * 200_000,
        b"agi_network: yes\n\n",
        environment() + b"200 result=1\n",
        environment() + b"\x00\xff" * 10_000 + b"\n",
        environment(calleridname="x\nagi_channel: forged"),
    ],
)
async def test_garbage_closes_its_connection_only(serving, garbage):
    """Another protocol, endless lines, forged fields, replies to nothing."""

    async def wait(session):
        if session.request.callerid == "healthy":
            await session.answer()
        await session.hung_up.wait()

    server = await serving(wait)
    async with calling(server, callerid="healthy") as healthy:
        assert await healthy.command() == "ANSWER"
        peer = await Peer.connect(server.port)
        await peer.send(garbage)
        assert await peer.closed()
        await peer.leave()
        await until(lambda: server.counters.breaches == 1 and server.sessions == 1)
        await healthy.send(b"200 result=0\n")
        assert server.counters.failures == 0


@settings(max_examples=30, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.binary(max_size=60), max_size=6))
def test_no_bytes_break_the_server(chunks):
    """Whatever comes after a valid environment, the server goes on serving."""

    async def scenario():
        server = AgiServer(greet, host="127.0.0.1", port=0, limits=AgiLimits(command_s=0.2))
        await server.start()
        try:
            peer = await Peer.connect(server.port)
            await peer.send(environment())
            for chunk in chunks:
                await peer.send(chunk)
            await peer.leave()
            await assert_serves(server)
        finally:
            await server.stop()
        assert server.sessions == 0

    with capture_logs():
        asyncio.run(scenario())


async def test_silent_peers_cannot_keep_callers_out(serving):
    """All places are taken by peers that say nothing: the oldest of them makes way."""
    server = await serving(greet, max_sessions=5)
    silent = [await Peer.connect(server.port) for _ in range(5)]
    await until(lambda: server.sessions == 5)
    await assert_serves(server)
    assert await silent[0].closed()
    assert server.counters.refused == 0
    for peer in silent:
        await peer.leave()


async def test_past_the_cap_a_caller_is_closed_at_once_with_one_log_line(serving):
    """Places are taken by callers: others go to their dialplan's fallback, and the log says so once."""

    async def wait(session):
        await session.hung_up.wait()

    server = await serving(wait, max_sessions=3)
    peers = [await Peer.connect(server.port) for _ in range(3)]
    for peer in peers:
        await peer.send(environment())
    await until(lambda: server.counters.sessions == 3)
    with capture_logs() as logs:
        for _ in range(10):
            refused = await Peer.connect(server.port)
            assert await refused.closed()
            await refused.leave()
    assert [(log["event"], log["max_sessions"]) for log in logs] == [("agi_sessions_full", 3)]
    assert (server.sessions, server.counters.refused) == (3, 10)
    await peers[0].leave()
    await until(lambda: server.sessions == 2)
    async with calling(server):
        await until(lambda: server.counters.sessions == 4)
    for peer in peers[1:]:
        await peer.leave()


async def test_a_flood_of_breaches_is_one_line_of_log(serving):
    """The log of a flood does not become the next flood; the counter tells how many."""
    server = await serving(greet)
    with capture_logs() as logs:
        for _ in range(30):
            peer = await Peer.connect(server.port)
            await peer.send(b"garbage\n")
            assert await peer.closed()
            await peer.leave()
    assert server.counters.breaches == 30
    assert [log["event"] for log in logs] == ["agi_peer_closed"]


async def test_a_peer_that_only_writes_is_bounded(serving):
    """Megabytes of replies that nobody asked for: closed at the first, the rest is never kept."""
    server = await serving(greet)
    peer = await Peer.connect(server.port)
    await peer.send(environment())
    assert await peer.command() == "ANSWER"
    await peer.send(b"200 result=0\n" * 100_000)
    assert await peer.closed()
    await peer.leave()
    await until(lambda: server.sessions == 0)
    await assert_serves(server)
