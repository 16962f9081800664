"""Callers who reach the server as Asterisk sends them, over real sockets."""

import asyncio

import pytest
from structlog.testing import capture_logs

from ccd.errors import AgiHangupError, AgiProtocolError
from tests.integration.agi.peer import Peer, calling, environment
from tests.support import until


@pytest.mark.parametrize("split", [False, True])
async def test_a_caller_is_greeted_and_handed_to_the_dialplan(serving, split):
    """Environment, prompt, digit, variables, close; also when every byte comes by itself."""
    seen = []

    async def handler(session):
        seen.append((session.request.script, session.request.args, session.request.callerid_name))
        seen.append(await session.stream_file("welcome", escape_digits="12", length_s=1.0))
        seen.append(await session.get_variable("CHANNEL(language)"))
        await session.set_variables({"CCD_DIAL": "PJSIP/1001", "CCD_NEXT": "dial"})

    server = await serving(handler)
    async with calling(server, split=split) as peer:
        await peer.obey('STREAM FILE "welcome" "12"', "200 result=49 endpos=4000")
        await peer.obey('GET VARIABLE "CHANNEL(language)"', "200 result=1 (zh_张)")
        await peer.obey('EXEC "MSet" "CCD_DIAL=PJSIP/1001,CCD_NEXT=dial"')
        assert await peer.command() == ""
    assert seen == [("next", ("number/4000", ""), "张伟"), "1", "zh_张"]
    await until(lambda: server.sessions == 0)
    assert (server.counters.sessions, server.counters.failures) == (1, 0)


@pytest.mark.parametrize("split", [False, True])
async def test_hangup_in_the_stream_reaches_a_waiting_handler(serving, split):
    """A caller who waits with music and hangs up frees the handler at once."""
    left = asyncio.Event()

    async def handler(session):
        await session.music(on=True)
        await session.hung_up.wait()
        left.set()

    server = await serving(handler)
    async with calling(server, split=split) as peer:
        await peer.obey("SET MUSIC ON")
        await peer.send(b"HANGUP\nHANGUP\n")
        await asyncio.wait_for(left.wait(), 5)
        assert await peer.closed()


@pytest.mark.parametrize("ending", ["inline", "result", "511", "leave", "drop"])
async def test_a_hangup_in_the_middle_of_a_command_ends_the_verb(serving, ending):
    """However Asterisk tells it, the verb under way and those after it raise AgiHangupError."""
    outcome = asyncio.get_running_loop().create_future()

    async def handler(session):
        with pytest.raises(AgiHangupError):
            await session.stream_file("welcome", length_s=5.0)
        with pytest.raises(AgiHangupError):
            await session.set_variables({"CCD_NEXT": "hangup"})
        outcome.set_result(session.hung_up.is_set())

    server = await serving(handler)
    async with calling(server) as peer:
        assert (await peer.command()).startswith("STREAM FILE")
        match ending:
            case "inline":
                await peer.send(b"HANGUP\n")
            case "result":
                await peer.send(b"200 result=-1 endpos=4000\nHANGUP\nHANGUP\n")
            case "511":
                await peer.send(b"511 Command Not Permitted on a dead channel or intercept routine\n")
            case "leave":
                await peer.leave()
            case "drop":
                peer.drop()
        assert await asyncio.wait_for(outcome, 5) is True
    assert server.counters.failures == 0


async def test_a_prompt_is_cut_short_for_an_agent_who_became_free(serving):
    """A cancelled announcement makes room for the handoff within the same session."""

    async def handler(session):
        announcing = asyncio.create_task(session.stream_file("position", length_s=10.0))
        await until(lambda: session._flight is not None)
        announcing.cancel()
        await session.set_variables({"CCD_NEXT": "dial"})

    server = await serving(handler)
    async with calling(server) as peer:
        assert (await peer.command()).startswith("STREAM FILE")
        await peer.obey("NOOP")  # and no reply of STREAM FILE, as Asterisk does it
        await peer.obey('EXEC "MSet" "CCD_NEXT=dial"')
        assert await peer.command() == ""
    assert server.counters.failures == 0


async def test_a_handler_that_fails_costs_one_call(serving):
    """The crash is logged with the channel, the connection closed, and the next caller served."""

    async def handler(session):
        if session.request.callerid == "666":
            raise ZeroDivisionError
        await session.answer()

    server = await serving(handler)
    with capture_logs() as logs:
        async with calling(server, callerid="666") as peer:
            assert await peer.command() == ""
        async with calling(server) as peer:
            await peer.obey("ANSWER")
            assert await peer.command() == ""
    assert [(log["event"], log["channel"]) for log in logs] == [
        ("agi_session_crashed", "PJSIP/trunk-0000002a")
    ]
    assert (server.counters.sessions, server.counters.failures) == (2, 1)


async def test_a_stalled_command_is_a_failure_of_that_session(serving):
    """Asterisk that never answers: the handler learns it, one warning is logged."""
    errors = []

    async def handler(session):
        try:
            await session.answer()
        except AgiProtocolError as error:
            errors.append(str(error))
            raise

    server = await serving(handler, command_s=0.05)
    with capture_logs() as logs:
        async with calling(server) as peer:
            assert await peer.command() == "ANSWER"
            assert await peer.closed()
    assert errors == ["no reply in time to 'ANSWER' on PJSIP/trunk-0000002a"]
    assert [log["event"] for log in logs] == ["agi_session_failed"]


async def test_a_waiting_caller_keeps_the_lease_through_an_announcement(serving):
    """The lease is renewed while idle, never inside a prompt, and once more right after it."""
    go_on = asyncio.Event()

    async def handler(session):
        await go_on.wait()
        await session.stream_file("position", length_s=0.1)
        await session.hung_up.wait()

    server = await serving(handler, lease_s=0.6, renew_s=0.05, command_s=0.2)
    renewal = 'SET VARIABLE "TIMEOUT(absolute)" "0.6"'
    async with calling(server) as peer:
        await peer.obey(renewal, "200 result=1")
        await peer.obey(renewal, "200 result=1")
        go_on.set()
        while (line := await peer.command()) == renewal:
            await peer.send(b"200 result=1\n")
        assert line.startswith("STREAM FILE")
        with pytest.raises(TimeoutError):  # the prompt plays past the next renewal
            await asyncio.wait_for(peer.command(), 0.12)
        await peer.send(b"200 result=0 endpos=800\n")
        await peer.obey(renewal, "200 result=1")
        await peer.send(b"HANGUP\n")
        assert await peer.closed()
    assert server.counters.failures == 0


async def test_stopping_closes_waiting_callers_and_waits_for_their_handlers(serving):
    """Every channel goes back to its dialplan; handlers get to tidy up."""
    tidied = []

    async def handler(session):
        await session.hung_up.wait()
        await asyncio.sleep(0)
        tidied.append(session.request.uniqueid)

    server = await serving(handler)
    peers = [await Peer.connect(server.port) for _ in range(20)]
    for number, peer in enumerate(peers):
        await peer.send(environment(uniqueid=f"1.{number}"))
    await until(lambda: server.counters.sessions == 20)
    await server.stop()
    assert sorted(tidied) == sorted(f"1.{number}" for number in range(20))
    for peer in peers:
        assert await peer.closed()
        await peer.leave()
    with pytest.raises(ConnectionRefusedError):
        await Peer.connect(server.port)


async def test_stopping_does_not_wait_for_a_handler_that_hangs(serving):
    """After its grace it is cancelled."""
    ended = []

    async def handler(session):
        try:
            await asyncio.Event().wait()
        finally:
            ended.append(session.request.channel)

    server = await serving(handler, stop_s=0.05)
    async with calling(server):
        await until(lambda: server.counters.sessions == 1)
        await asyncio.wait_for(server.stop(), 2)
    assert ended == ["PJSIP/trunk-0000002a"]


async def test_a_thousand_callers_at_once(serving):
    """Each gets their own answer."""
    asyncio.get_running_loop().set_debug(False)  # it takes a stack trace for each callback

    async def handler(session):
        await session.set_variables({"CCD_STATE": session.request.uniqueid})

    server = await serving(handler)

    async def call(number):
        async with calling(server, uniqueid=f"1.{number}") as peer:
            await peer.obey(f'EXEC "MSet" "CCD_STATE=1.{number}"')
            assert await peer.command() == ""

    await asyncio.gather(*(call(number) for number in range(1000)))
    assert (server.counters.sessions, server.counters.failures, server.counters.refused) == (1000, 0, 0)
    await until(lambda: server.sessions == 0)
