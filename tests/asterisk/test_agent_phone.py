"""Agents at their phones, on the real Asterisk: codes dialled, digits sent, what is said heard."""

import contextlib
from contextlib import asynccontextmanager
from pathlib import Path

from tests.asterisk.lamps import LampPhone
from tests.asterisk.phones import Answer, Call, Ring
from tests.asterisk.spoken import toned, until_told
from tests.asterisk.stories import record_of, until_free, until_state, until_waiting
from tests.asterisk.test_people import agent_is
from tests.support import until

SAID = {
    name: 400 + 100 * place
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
            "agent-disposition",
            "agent-disposition-taken",
            "standing-wrap-up",
            "agent-wrap-up-longest",
            "agent-no-wrap-up",
            "agent-moved",
            "agent-replaced",
            "agent-in-talk",
            "agent-calling-back",
            "agent-no-last-caller",
            "agent-break-used-up",
            "agent-break-over",
            "agent-displaced",
            "agent-elsewhere",
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


async def talk(caller, number: str) -> None:
    """Have a short talk that the agent ends."""
    await caller.call(number).until_ended(10.0)


async def test_the_wrap_up_lasts_until_a_disposition_is_given_by_phone(lab, agents, callers):
    """*15 asks for it; the code is in the record of a call that ended long before; *22 gives another one."""
    (phone,) = await agents("1001")
    (caller,) = await callers("13857020001")
    phone.behaviour = Answer(talk_s=0.2)
    async with toned(lab, SAID):
        await talk(caller, "5702")
        await until_state(lab, "wrap_up", "1001")
        record = await record_of(lab, "13857020001")
        assert (record["outcome"], record["disposition_code"]) == ("answered", None)
        assert (await lab.ccd_json("agent", "show", "1001"))["owes_disposition"]
        assert (await lab.try_ccd("agent", "wrap-up-done", "1001")).code == 1
        async with code(phone, "*15") as call:
            await until_told(call, SAID, "agent-disposition")
            await call.press("7")
            await until_told(call, SAID, "agent-disposition", "invalid-choice", "agent-disposition")
            await call.press("1")
            asked = ("agent-disposition", "invalid-choice", "agent-disposition", "agent-disposition-taken")
            await until_told(call, SAID, *asked, "agent-ready", "waiting-none")
        await until_disposed(lab, record["id"], "sold")
        async with code(phone, "*222") as call:
            await until_told(call, SAID, "agent-disposition-taken", "agent-ready", "waiting-none")
        await until_disposed(lab, record["id"], "not-sold")
        assert "not-sold" in await lab.ccd("cdr", "export", "--number", "13857020001")


async def until_disposed(lab, call: str, wanted: str) -> None:
    """Wait until a stored record has a disposition."""

    async def so() -> bool:
        return (await lab.ask("records", call))["disposition_code"] == wanted

    await until(so, what=f"disposition {wanted}")


async def test_a_disposition_is_owed_over_a_restart_and_the_wrap_up_is_extended(lab, agents, callers):
    """A new process still waits for the code; *21 extends what is left, up to the cap."""
    (phone,) = await agents("1001")
    (caller,) = await callers("13857020002")
    phone.behaviour = Answer(talk_s=0.2)
    await talk(caller, "5702")
    await until_state(lab, "wrap_up", "1001")
    await lab.do("restart", "ccd")
    await until_state(lab, "wrap_up", "1001")
    assert (await lab.ccd_json("agent", "show", "1001"))["owes_disposition"]
    await lab.ccd("agent", "disposition", "1001", "sold")
    await until_disposed(lab, (await record_of(lab, "13857020002"))["id"], "sold")
    await until_free(lab, "1001")
    async with toned(lab, SAID):
        async with code(phone, "*21") as call:
            await until_told(call, SAID, "agent-no-wrap-up")
        await caller.call("5015").until_ended(10.0)
        async with code(phone, "*21") as call:
            await until_told(call, SAID, "standing-wrap-up")
        until_at = (await lab.ccd_json("agent", "show", "1001"))["wrap_up_until_at"]
        assert until_at is not None
        async with code(phone, "*15") as call:
            await until_told(call, SAID, "agent-ready", "waiting-none")
        await until_free(lab, "1001")


async def test_a_break_that_lasts_too_long_is_seen(lab, agents):
    """`*135` may last a second."""
    (phone,) = await agents("1001")
    async with code(phone, "*135"):
        await agent_is(lab, "1001", "paused", "short", "1001")

    async def overdue() -> bool:
        return (await lab.ask("agents", "1001"))["overdue"]

    await until(overdue)
    assert "short (overdue)" in await lab.ccd("agent", "list")


async def test_a_shift_has_so_many_breaks(lab, agents):
    """`*136` may be taken once: the second time is refused in words, over a restart and sign-in too."""
    (phone,) = await agents("1003")
    async with toned(lab, SAID):
        async with code(phone, "*136") as call:
            await until_told(call, SAID, "agent-paused")
        await agent_is(lab, "1003", "paused", "once", "1003")
        await lab.do("restart", "ccd")
        await lab.ccd("agent", "sign-out", "1003")
        await lab.ccd("agent", "sign-in", "1003", "1003")
        async with code(phone, "*136") as call:
            await until_told(call, SAID, "agent-break-used-up")
        await agent_is(lab, "1003", "available", extension="1003")
    assert "once: 1" in await lab.ccd("agent", "show", "1003")
    refused = await lab.try_ccd("agent", "pause", "1003", "--reason", "once")
    assert (refused.code, "per_shift" in refused.errors) == (1, True)


async def test_an_agent_moves_to_another_phone_but_not_during_a_talk(lab, agents, phones, callers):
    """Hot desk: the former phone is left, the former agent signed out, each said; a talk is not disturbed."""
    (phone,) = await agents("1001")
    (other,) = await phones("1004")
    (caller,) = await callers("13857030101")
    pin = f"{lab.pin('1001')}#"
    phone.behaviour = Answer()
    async with toned(lab, SAID):
        talking = await caller.call("5701").until_answered()
        await (await phone.next_call()).until_answered()
        async with code(other, "*111001") as call:
            await until_told(call, SAID, "agent-enter-pin")
            await call.press(pin)
            await until_told(call, SAID, "agent-enter-pin", "agent-in-talk")
        await agent_is(lab, "1001", "available", extension="1001")
        talking.hang_up()
        await until_free(lab, "1001")
        await lab.ccd("agent", "sign-in", "1002", "1004")
        async with code(other, "*111001") as call:
            await until_told(call, SAID, "agent-enter-pin")
            await call.press(pin)
            moved = ("agent-signed-in", "agent-moved", "agent-replaced", "waiting-none")
            await until_told(call, SAID, "agent-enter-pin", *moved)
        await agent_is(lab, "1001", "available", extension="1004")
        await agent_is(lab, "1002", "logged_out", "replaced")
        async with code(phone, "*16") as call:
            await until_told(call, SAID, "agent-not-signed-in")
    await lab.do("restart", "ccd")
    await agent_is(lab, "1001", "available", extension="1004")


@asynccontextmanager
async def desk_calls(lab):
    """Have agents' phones rung for what they would not hear else."""
    file = Path(lab.facts["ccd"]["config"]).parent / "conf.d" / "desk.yaml"
    file.write_text("desk_calls: {break_over: true, displaced: true}\n")
    await lab.ccd("reload")
    try:
        yield
    finally:
        file.unlink()
        await lab.ccd("reload")


async def until_rung_and_told(phone, *prompts: str) -> Call:
    """Answer the phone and hear what it was rung for; the call ends by itself."""
    phone.behaviour = Answer()
    call = await (await phone.next_call()).until_answered()
    await until_told(call, SAID, *prompts)
    await call.until_ended(5.0)
    return call


async def test_phones_are_rung_for_what_their_agents_would_not_hear(lab, agents, phones):
    """A break is over; the agent moved away; a colleague signed them out: at their own phone, or here."""
    first, second = await agents("1001", "1002")
    (other,) = await phones("1004")
    async with toned(lab, SAID), desk_calls(lab):
        async with code(first, "*135"):
            pass
        call = await until_rung_and_told(first, "agent-break-over")
        assert (call.peer_number, second.calls) == ("*14", [])
        await lab.ccd("agent", "ready", "1001")
        async with code(other, "*111001") as call:  # moves from 1001 to 1004
            await until_told(call, SAID, "agent-enter-pin")
            await call.press(f"{lab.pin('1001')}#")
        await until_rung_and_told(first, "agent-elsewhere")
        async with code(other, "*111002") as call:  # comes from 1002, and signs 1001 out, whose phone is 1001
            await until_told(call, SAID, "agent-enter-pin")
            await call.press(f"{lab.pin('1002')}#")
        await until_rung_and_told(second, "agent-elsewhere")
        await until_rung_and_told(first, "agent-displaced")
        await lab.ccd("agent", "sign-in", "1001", "1001")
        await lab.ccd("agent", "sign-in", "1003", "1001")  # nobody dialled it there: the phone itself is rung
        await until_rung_and_told(first, "agent-displaced")
    assert other.calls == [], "what a code did is said by the code"


async def test_the_last_caller_is_called_back(lab, agents, callers, outside):
    """*19 says the number and dials it through the trunk, as the policy allows."""
    (phone,) = await agents("1001")
    (caller,) = await callers("13857030201")
    phone.behaviour = Answer(talk_s=0.2)
    await talk(caller, "5701")
    await record_of(lab, "13857030201")
    outside.behaviour = Answer(tone_hz=500)
    async with toned(lab, SAID):
        call = await phone.call("*19").until_answered()
        await until_told(call, SAID, "agent-calling-back")
        await until(lambda: call.audio.hears_tone(500), 15.0)
    assert outside.dialled(outside.calls[0]) == "13857030201"
    call.hang_up()


async def test_lamps_follow_agents_and_queues_and_restarts(lab, telephones, agents, callers):
    """A desk phone's lamps: agent ready, in a call, on a break; a queue with callers; both restarts."""
    watcher = LampPhone(lab.server, "1005", lab.password("1005"))
    await telephones.enter_async_context(watcher)
    (phone,) = await agents("1001")
    (caller,) = await callers("13857030301")
    for lamp in ("*51001", "*65701", "*6t-agent"):
        await watcher.subscribe(lamp)
    await watcher.until_lit("*51001", "terminated")
    phone.behaviour = Ring()
    waiting = await caller.call("5701").until_answered()
    await watcher.until_lit("*51001", "early")
    await watcher.until_lit("*65701", "early")
    rung = await phone.next_call()
    rung.answer()
    await watcher.until_lit("*51001", "confirmed")
    await watcher.until_lit("*65701", "terminated")
    waiting.hang_up()
    await watcher.until_lit("*51001", "terminated")
    await lab.ccd("agent", "pause", "1001")
    await watcher.until_lit("*51001", "confirmed")
    await lab.do("stop", "ccd")
    await lab.asterisk("devstate change Custom:ccd-agent-1001 NOT_INUSE")
    await watcher.until_lit("*51001", "terminated")
    await lab.do("start", "ccd")
    await watcher.until_lit("*51001", "confirmed")
    await lab.do("stop", "asterisk")
    await lab.ccd("agent", "sign-out", "1001")
    await lab.do("start", "asterisk")

    async def told_anew() -> bool:
        hint = await lab.asterisk("core show hint *51001")
        return "State:Unavailable" in hint

    await until(told_anew, 15.0)
