"""Flows on the real Asterisk: the business's system asked, sub-flows, what outlives a restart."""

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
from aiohttp import web

from tests.asterisk.lab import Lab
from tests.asterisk.phones import Answer, CallState, Ring
from tests.asterisk.spoken import toned, until_told
from tests.asterisk.stories import SHORT_TALK, record_of, ringing, segments, until_waiting
from tests.asterisk.test_restarts import kill_ccd
from tests.support import until

TONES = {
    "enter-number": 700,
    "enter-pin": 800,
    "one-moment": 900,
    "welcome": 1100,
    "call-failed": 1500,
    "goodbye": 1900,
    "not-served": 2100,
    "wrong-pin": 2300,
    "pin-locked": 2500,
}


class Crm:
    """A business's system on loopback: `answers` is what it says next, `questions` what it was asked."""

    def __init__(self) -> None:
        self.questions: list[dict[str, Any]] = []
        self.takes_s = 0.0
        self.answer: dict[str, Any] = {}

    async def serve(self, request: web.Request) -> web.Response:
        """Answer after a while."""
        self.questions.append(await request.json())
        await asyncio.sleep(self.takes_s)
        return web.json_response(self.answer)


@asynccontextmanager
async def edited(lab: Lab, name: str, change: Callable[[str], str]) -> AsyncIterator[None]:
    """Change a file of the configuration, and change it back."""
    file = Path(lab.facts["ccd"]["config"]).parent / "conf.d" / name
    before = await asyncio.to_thread(file.read_text)
    await asyncio.to_thread(file.write_text, change(before))
    await lab.ccd("reload")
    try:
        yield
    finally:
        await asyncio.to_thread(file.write_text, before)
        await lab.ccd("reload")


@pytest.fixture
async def crm(lab) -> AsyncIterator[Crm]:
    """Serve the system that the lookup of these tests asks."""
    system = Crm()
    app = web.Application()
    app.router.add_post("/ccd", system.serve)
    runner = web.AppRunner(app, shutdown_timeout=0.1)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    port = runner.addresses[0][1]
    async with edited(lab, "flow.yaml", lambda text: text.replace("127.0.0.1:9/", f"127.0.0.1:{port}/")):
        yield system
    await runner.cleanup()


@pytest.fixture
async def tones(lab) -> AsyncIterator[Callable[..., Awaitable[None]]]:
    """Let the prompts of these flows be tones; give what waits until they were heard."""
    async with toned(lab, TONES):

        async def told(call, *wanted: str) -> None:
            await until_told(call, TONES, *wanted)

        yield told


async def test_the_businesss_system_chooses_the_agent(lab, agents, callers, crm, tones):
    """Digits go out, the caller hears that something goes on, and the agent it names is rung first."""
    first, chosen = await agents("1001", "1002")
    first.behaviour = chosen.behaviour = Answer(after_s=0.1, tone_hz=500)
    (caller,) = await callers("13851010001")
    crm.takes_s = 1.0
    crm.answer = {
        "queue": "t-linear",
        "agent": "1002",
        "priority": 7,
        "variables": {"level": "gold", "unasked": "x"},
        "data": {"Kunde": "A-17", "姓名": "王"},
    }
    call = await caller.call("5101").until_answered()
    await tones(call, "enter-number")
    await call.press("12")
    await tones(call, "enter-number", "enter-pin")
    await call.press("34")
    await tones(call, "enter-number", "enter-pin", "one-moment")
    await until(lambda: call.audio.hears_tone(500), what="the caller hears the agent")
    (live,) = await lab.ccd_json("call", "list")
    assert live["data"] == {"Kunde": "A-17", "姓名": "王"}
    call.hang_up()
    assert (len(first.calls), len(chosen.calls)) == (0, 1)
    (question,) = crm.questions
    assert question["caller"] == "13851010001"
    assert question["variables"] == {"account": "12", "pin": "34"}

    record = await record_of(lab, "13851010001")
    assert (record["queue"], record["agent"]) == ("t-linear", "1002")
    assert record["data"] == {"Kunde": "A-17", "姓名": "王"}
    (stay,) = segments(record, "queue")
    assert stay["detail"]["priority"] == 7
    visits = {each["node"]: each["result"] for each in segments(record, "ivr")[0]["detail"]["nodes"]}
    assert (visits["account"], visits["pin"], visits["ask"]) == ("12", "**", "found")


async def test_callers_go_on_when_the_system_does_not_answer(lab, callers, crm, tones):
    """Bounded in time; after two failures nobody waits for it any more, and status says so."""
    crm.takes_s = 30.0
    for number in ("13851010002", "13851010003"):
        (caller,) = await callers(number)
        call = await caller.call("5101").until_answered()
        await call.press("12")
        await call.press("34")
        await until(lambda: call.audio.hears_tone(1500), what="the apology")  # noqa: B023 - awaited here
        await call.until_ended(5.0)
    assert len(crm.questions) == 2
    (caller,) = await callers("13851010004")
    call = await caller.call("5101").until_answered()
    await call.press("12")
    await call.press("34")
    await call.until_ended(5.0)
    assert len(crm.questions) == 2
    status = (await lab.try_ccd("status")).output
    assert "a lookup fails and is not asked for a while: t-crm: no answer within 1.5 s" in status
    visits = segments(await record_of(lab, "13851010004"), "ivr")[0]["detail"]["nodes"]
    asked, pin = (next(each for each in visits if each["node"] == name) for name in ("ask", "pin"))
    assert asked["result"] == "failed"
    assert asked["after_s"] - pin["after_s"] < 0.5


async def test_a_sub_flow_comes_back_with_what_was_pressed(lab, callers, tones):
    """The branch behind the call reads it."""
    (caller,) = await callers("13851010005")
    call = await caller.call("5102").until_answered()
    await tones(call, "enter-number")
    await call.press("71")
    await tones(call, "enter-number", "welcome")
    await call.until_ended(5.0)
    flows = [each["detail"]["flow"] for each in segments(await record_of(lab, "13851010005"), "ivr")]
    assert flows == ["t-sub", "t-ask", "t-sub"]


async def test_a_dialplan_that_sent_the_caller_by_gosub_has_them_back(lab, callers, tones):
    """Twice: two records, each a call of its own, and the foreign dialplan's sound between them."""
    sound = lab.state / "prompts" / "en"
    steps = [
        "Answer()",
        "Gosub(ccd-flow,s,1(t-ask))",
        f"Playback({sound}/goodbye)",
        "Gosub(ccd-flow,s,1(t-ask))",
        f"Playback({sound}/welcome)",
        "Hangup()",
    ]
    for number, step in enumerate(steps, 1):
        await lab.asterisk(f"dialplan add extension 5190,{number},{step} into ccd-numbers replace")
    (caller,) = await callers("13851010006")
    try:
        call = await caller.call("5190").until_answered()
        await tones(call, "enter-number")
        await call.press("11")
        await tones(call, "enter-number", "goodbye", "enter-number")
        await call.press("22")
        await tones(call, "enter-number", "goodbye", "enter-number", "welcome")
        await call.until_ended(5.0)
    finally:
        await lab.asterisk("dialplan remove extension 5190@ccd-numbers")
    last = await record_of(lab, "13851010006", count=2)
    items = (await lab.ask("records", number="13851010006"))["items"]
    ids = sorted(each["id"] for each in items)
    assert ids == [ids[0], f"{ids[0]}-2"]
    assert {each["outcome"] for each in items} == {"ivr_ended"}
    assert segments(last, "ivr")[0]["result"] == "return"


async def test_a_queue_that_was_entered_by_gosub_gives_the_caller_back(lab, agents, callers, tones):
    """When the agent has hung up, the dialplan that sent the caller goes on."""
    (phone,) = await agents("1001")
    phone.behaviour = SHORT_TALK
    steps = ["Gosub(ccd-queue,s,1(t-linear))", f"Playback({lab.state}/prompts/en/goodbye)", "Hangup()"]
    for number, step in enumerate(steps, 1):
        await lab.asterisk(f"dialplan add extension 5192,{number},{step} into ccd-numbers replace")
    (caller,) = await callers("13851010008")
    try:
        call = await caller.call("5192").until_answered()
        await until(lambda: call.audio.hears_tone(TONES["goodbye"]), what="the dialplan goes on")
        await call.until_ended(5.0)
    finally:
        await lab.asterisk("dialplan remove extension 5192@ccd-numbers")
    record = await record_of(lab, "13851010008")
    assert (record["outcome"], record["agent"], record["queue"]) == ("answered", "1001", "t-linear")


async def test_what_a_flow_knows_outlives_a_kill(lab, agents, callers, tones):
    """Variables come back from the channel whatever they hold; a masked one is asked for again."""
    (phone,) = await agents("1001")
    await lab.ccd("agent", "pause", "1001")
    (caller,) = await callers("13851010007")
    call = await caller.call("5103").until_answered()
    await tones(call, "enter-number")
    await call.press("12")
    await tones(call, "enter-number", "enter-pin")
    await call.press("56")
    await until_waiting(lab, "t-linear", 1)
    noted = await lab.asterisk("core show channels concise")
    channel = next(line.split("!")[0] for line in noted.splitlines() if "trunk" in line)
    variables = await lab.asterisk(f"core show channel {channel}")
    assert "account=12" in variables
    assert "56" not in [part.split("=")[-1] for part in variables.replace("&", "\n").splitlines()]

    await kill_ccd(lab)
    await until_waiting(lab, "t-linear", 1)
    assert call.state is CallState.UP
    phone.behaviour = SHORT_TALK
    await lab.ccd("agent", "ready", "1001")
    await (await phone.nth_call(1)).until_ended(10.0)
    await until(lambda: call.audio.hears_tone(TONES["enter-pin"]), what="the secret is asked for again")
    await call.press("56")
    # the flow goes on behind the node that asks: the caller waits once more, and what was kept decides
    await (await phone.nth_call(2)).until_ended(10.0)
    await until(lambda: call.audio.hears_tone(TONES["welcome"]), what="all of it is known")
    await call.until_ended(5.0)
    record = await record_of(lab, "13851010007")
    assert json.dumps(record).count('"56"') == 0


async def test_lists_and_the_callers_region_decide(lab, callers, tones):
    """Kept by command; whoever is on the blacklist hears so, if anything, and is not answered."""
    shanghai, elsewhere, refused = await callers("02151040001", "13851040002", "13951040003")
    await lab.ccd("list", "add", "t-vip", "+862151040001")
    await lab.ccd("list", "add", "t-blocked", "1395104*", "--days", "1")
    heard = {
        shanghai: ("one-moment", "welcome"),
        elsewhere: ("goodbye",),
    }
    try:
        for caller, told in heard.items():
            call = await caller.call("5104").until_answered()
            await tones(call, *told)
            await call.until_ended(5.0)
        call = await refused.call("5104").until_ringing()
        await tones(call, "not-served")
        await call.until_ended(5.0)
        assert (call.status, call.times.answered) == (486, None), call.story()
        async with edited(
            lab, "flow.yaml", lambda text: text.replace("prompt: not-served", "signal: rejected")
        ):
            call = await refused.call("5104").until_ended(5.0)
        assert (call.status, call.times.ringing) == (403, None), call.story()
        call = await refused.call("5107").until_answered()
        await tones(call, "goodbye")
        await call.until_ended(5.0)
    finally:
        await lab.ccd("list", "remove", "t-vip", "+862151040001")
        await lab.ccd("list", "remove", "t-blocked", "1395104*")
    record = await record_of(lab, "02151040001")
    assert record["data"] == {"country": "CN", "region": "Shanghai", "line": "fixed"}
    await record_of(lab, "13951040003", count=3)
    first = (await lab.ask("records", number="13951040003"))["items"][-1]
    (ivr,) = segments(await lab.ask("records", first["id"]), "ivr")
    assert (ivr["detail"]["flow"], ivr["result"]) == ("blacklist", "hangup")


async def test_a_secret_lets_through_and_locks(lab, callers, tones):
    """The right one at the second try; two wrong ones lock the number out, over calls and a kill of ccd."""
    first, second = await callers("13851050001", "13851050002")
    call = await first.call("5105").until_answered()
    await tones(call, "enter-pin")
    await call.press("0000#")
    await tones(call, "enter-pin", "wrong-pin", "enter-pin")
    await call.press("4711#")
    await tones(call, "enter-pin", "wrong-pin", "enter-pin", "welcome")
    await call.until_ended(5.0)
    record = await record_of(lab, "13851050001")
    assert "4711" not in json.dumps(segments(record, "ivr"))

    call = await second.call("5105").until_answered()
    for told in (("enter-pin",), ("enter-pin", "wrong-pin", "enter-pin")):
        await tones(call, *told)
        await call.press("1111#")
    await tones(call, "enter-pin", "wrong-pin", "enter-pin", "goodbye")
    await call.until_ended(5.0)
    await kill_ccd(lab)
    call = await second.call("5105").until_answered()
    await tones(call, "pin-locked")
    await call.until_ended(5.0)


async def test_variables_go_to_the_dialplan_and_come_from_it(lab, callers, tones):
    """A dialplan before ccd sets one, and one behind ccd reads what the flow made of it."""
    sound = lab.state / "prompts" / "en"
    steps = [
        "Set(CRM_WORD=welco)",
        "Answer()",
        "Gosub(ccd-flow,s,1(t-channel))",
        f"Playback({sound}/${{CRM_SOUND}})",
        "Hangup()",
    ]
    for number, step in enumerate(steps, 1):
        await lab.asterisk(f"dialplan add extension 5191,{number},{step} into ccd-numbers replace")
    (caller,) = await callers("13851070001")
    try:
        call = await caller.call("5191").until_answered()
        await tones(call, "welcome")
        await call.until_ended(5.0)
    finally:
        await lab.asterisk("dialplan remove extension 5191@ccd-numbers")


async def test_a_number_that_was_pressed_is_dialled_if_the_policy_lets_it_out(lab, callers, outside, tones):
    """An allowed one rings outside; one that is not allowed is none, and the flow goes on."""
    outside.behaviour = Answer(after_s=0.1, talk_s=0.5, tone_hz=500)
    allowed, refused = await callers("13851060001", "13851060002")
    call = await allowed.call("5106").until_answered()
    await tones(call, "enter-number")
    await call.press("02155550000#")
    away = await outside.nth_call(1)
    assert outside.dialled(away) == "02155550000"
    await until(lambda: call.audio.hears_tone(500), what="the caller hears the other side")
    await until(lambda: call.audio.hears_tone(TONES["welcome"]), what="the flow goes on")
    await call.until_ended(5.0)
    call = await refused.call("5106").until_answered()
    await tones(call, "enter-number")
    await call.press("00123456#")
    await tones(call, "enter-number", "call-failed")
    await call.until_ended(5.0)
    assert len(outside.calls) == 1


async def test_a_ring_group_rings_together_or_in_turn(lab, phones, callers, tones):
    """Nobody is signed in. One answers and the others stop; in turn it goes on while ccd is dead."""
    first, second = await phones("1001", "1002")
    first.behaviour = second.behaviour = Ring()
    together, turns = await callers("13851080001", "13851080002")
    call = together.call("5108")
    rung = await ringing(first), await ringing(second)
    rung[1].answer()
    rung[1].audio.tone(500)
    await rung[0].until_ended(2.0)
    await until(lambda: call.audio.hears_tone(500), what="the caller hears the second phone")
    rung[1].hang_up()
    await until(lambda: call.audio.hears_tone(TONES["welcome"]), what="the flow goes on")
    await call.until_ended(5.0)
    (dialled,) = segments(await record_of(lab, "13851080001"), "dial")
    assert (dialled["detail"]["target"], dialled["result"]) == ("1002", "ANSWER")

    call = turns.call("5108")
    await (await second.nth_call(2)).until_ended(5.0)
    await first.nth_call(3)
    assert len(second.calls) == 2, "out of turn"
    second.behaviour = Answer(tone_hz=500)
    await kill_ccd(lab)
    turn = await ringing(second)
    await until(lambda: call.audio.hears_tone(500), what="the caller hears the second phone")
    turn.hang_up()
    await until(lambda: call.audio.hears_tone(TONES["welcome"]), what="the flow goes on")
    await call.until_ended(5.0)
    *_, dialled = segments(await record_of(lab, "13851080002"), "dial")
    assert (dialled["detail"]["target"], dialled["result"]) == ("1002", "ANSWER")
    assert dialled["detail"]["talk_s"] > 0.0
