"""Agents at their phones, on the real Asterisk: codes dialled, digits sent, what is said heard."""

import contextlib
from contextlib import asynccontextmanager

from tests.asterisk.phones import Ring
from tests.asterisk.spoken import toned, until_told
from tests.asterisk.stories import until_free, until_waiting
from tests.asterisk.test_people import agent_is

SAID = {
    name: 400 + 150 * place
    for place, name in enumerate(
        (
            "agent-enter-number",
            "agent-enter-pin",
            "agent-signed-in",
            "agent-paused",
            "break/lunch",
            "agent-ready",
            "waiting-none",
            "waiting-one",
            "standing-ready",
            "queue/t-agent",
            "waiting-longest",
            "invalid-choice",
            "agent-pause-reason",
            "agent-not-signed-in",
        )
    )
}


@asynccontextmanager
async def code(phone, digits: str):
    """Dial a code and stay until the end of what it says."""
    call = await phone.call(digits).until_answered()
    yield call
    await call.until_ended(20.0)


async def test_each_code_says_what_it_did(lab, phones, callers):
    """Sign-in with the number inline, who waits, a break by its digit, ready, how things stand."""
    (phone,) = await phones("1003")
    (caller,) = await callers("13857010001")
    async with toned(lab, SAID):
        async with code(phone, "*16") as call:
            await until_told(call, SAID, "agent-not-signed-in")
        waiting = await caller.call("5701").until_answered()
        await until_waiting(lab, "t-agent", 1)
        phone.behaviour = Ring()
        async with code(phone, "*111002") as call:
            await until_told(call, SAID, "agent-enter-pin")
            await call.press(f"{lab.pin('1002')}#")
            await until_told(call, SAID, "agent-enter-pin", "agent-signed-in", "waiting-one")
        await agent_is(lab, "1002", "available", extension="1003")
        rung = await (await phone.next_call()).until_ringing()
        async with code(phone, "*131") as call:
            await until_told(call, SAID, "agent-paused", "break/lunch")
        await agent_is(lab, "1002", "paused", "lunch", "1003")
        waiting.hang_up()
        await rung.until_ended()
        async with code(phone, "*139") as call:
            await until_told(call, SAID, "invalid-choice", "agent-pause-reason")
            await call.press("1")
            await until_told(
                call, SAID, "invalid-choice", "agent-pause-reason", "agent-paused", "break/lunch"
            )
        async with code(phone, "*14") as call:
            await until_told(call, SAID, "agent-ready", "waiting-none")
        await until_free(lab, "1002")


async def test_the_standing_names_the_queue_and_the_longest_wait(lab, agents, callers):
    """*16 says the status, then the queue in which somebody waits first; a key stops it."""
    (phone,) = await agents("1001")
    (caller,) = await callers("13857010002")
    await lab.ccd("agent", "pause", "1001")
    await lab.ccd("agent", "ready", "1001")
    async with toned(lab, SAID):
        phone.behaviour = Ring()
        waiting = await caller.call("5701").until_answered()
        await (await phone.next_call()).until_ringing()
        call = await phone.call("*16").until_answered()
        await until_told(call, SAID, "standing-ready", "queue/t-agent", "waiting-one", "waiting-longest")
        with contextlib.suppress(AssertionError):  # the call may end before the key is up
            await call.press("#")
        await call.until_ended(1.0)
        waiting.hang_up()
