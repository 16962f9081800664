"""Phones dial outside numbers: what the trunk sees, what the phone hears, what the record says."""

import array
import asyncio
import contextlib
import os
import signal
import wave
from pathlib import Path
from typing import Any

import pytest

from tests.asterisk.lab import Lab
from tests.asterisk.phones import Answer, CallState, Refuse, Ring
from tests.asterisk.rtp import share_of_tone
from tests.asterisk.stories import record_of, until_state
from tests.asterisk.test_restarts import kill_ccd
from tests.support import until


async def record_to(lab: Lab, called: str, count: int = 1) -> dict[str, Any]:
    """Wait for the finished record of the last call to a number, its `count`-th, and give all of it."""
    found: list[dict[str, Any]] = []

    async def is_there() -> bool:
        found[:] = (await lab.ask("records", called=called))["items"]
        return len(found) >= count

    await until(is_there, what=f"{count} records of calls to {called}")
    record: dict[str, Any] = await lab.ask("records", found[0]["id"])
    return record


async def test_an_agent_calls_a_customer(lab, agents, outside):
    """The trunk is shown the house's number; the two hear each other; one record says who, whom, how long."""
    (phone,) = await agents("1001")
    outside.behaviour = Answer(after_s=0.4, tone_hz=500)
    call = phone.call("02155580001")
    offered = await outside.next_call()
    assert outside.dialled(offered) == "02155580001"
    assert offered.peer_number == "01080000000"
    await call.until_answered()
    call.audio.tone(700)
    await until(lambda: call.audio.hears_tone(500) and offered.audio.hears_tone(700))
    await until_state(lab, "in_call", "1001")
    (live,) = await lab.ask("calls")
    assert (live["direction"], live["phase"], live["agent"]) == ("outbound", "talking", "1001")
    offered.hang_up()
    await call.until_ended()
    record = await record_to(lab, "02155580001")
    assert (record["direction"], record["number"], record["agent"]) == ("outbound", "1001", "1001")
    assert (record["outcome"], record["cdr_disposition"], record["queue"]) == ("answered", "ANSWERED", None)
    assert (record["hung_up_by"], record["hangup_cause"]) == ("caller", 16)
    assert record["ring_s"] >= 0.4
    assert record["talk_s"] > 0.15
    (segment,) = record["segments"]
    assert (segment["kind"], segment["result"]) == ("dial", "ANSWER")
    assert segment["detail"]["rule"] == "allow"


@pytest.mark.parametrize(("status", "outcome", "cause"), [(486, "busy", 17), (503, "failed", 34)])
async def test_a_customer_who_does_not_answer(lab, phones, outside, status, outcome, cause):  # noqa: PLR0917
    """The phone is told as a telephone is; the record has the status of the dial."""
    (phone,) = await phones("1004")
    outside.behaviour = Refuse(status=status)
    call = await phone.call(f"0215558{cause:04}").until_ended()
    assert call.status >= 400
    record = await record_to(lab, f"0215558{cause:04}")
    assert (record["outcome"], record["hangup_cause"]) == (outcome, cause)
    assert (record["agent"], record["number"], record["talk_s"]) == (None, "1004", 0)


async def test_a_phone_that_gives_up_and_one_that_is_cut_off(lab, phones, outside):
    """Hung up while it rings: cancelled. A rule's longest talk ends the call."""
    (phone,) = await phones("1004")
    outside.behaviour = Ring()
    call = await phone.call("02155580003").until_ringing()
    offered = await outside.next_call()
    call.hang_up()
    await offered.until_ended()
    record = await record_to(lab, "02155580003")
    assert (record["outcome"], record["hung_up_by"]) == ("cancelled", "agent")
    outside.behaviour = Answer()
    call = await phone.call("02159580003").until_answered()
    await call.until_ended(5.0)
    assert 0.8 < (await record_to(lab, "02159580003"))["talk_s"] < 2.0


@pytest.mark.parametrize(
    ("number", "reason"),
    [
        ("09001234567", "denied"),
        ("0085221234567", "hours"),
        ("0044123456789", "not_allowed"),
        ("0" * 25, None),
    ],
)
async def test_a_refused_number_never_reaches_the_trunk(lab, phones, outside, number, reason):
    """The phone hears why, as early media: the call is never answered; the refusal is a record."""
    (phone,) = await phones("1005")
    call = phone.call(number)
    if reason is not None:
        await until(lambda: call.state is CallState.RINGING and call.audio.hears_sound(), what="the reason")
    await call.until_ended(15.0)
    assert call.times.answered is None
    assert not outside.calls
    if reason is not None:
        record = await record_to(lab, number)
        assert (record["outcome"], record["direction"]) == ("refused", "outbound")
        assert record["segments"][0]["detail"]["reason"] == reason


async def test_nobody_is_called_too_often(lab, phones, outside):
    """Four calls within the window are let out, the fifth is not; an emergency call always is."""
    (phone,) = await phones("1004", media=False)
    outside.behaviour = Refuse(status=486)
    for _ in range(4):
        await phone.call("02155580004").until_ended()
    await phone.call("02155580004").until_ended(10.0)
    assert len(outside.calls) == 4
    record = await record_to(lab, "02155580004", 5)
    assert record["segments"][0]["detail"]["rule"] == "limits.callee.at_once"
    for _ in range(5):
        await phone.call("120").until_ended()
    assert len(outside.calls) == 9


async def test_the_policy_can_be_asked_without_dialling(lab, agents, outside):
    """It says what would be shown and why others are refused; the counts are those of the calls made."""
    (phone,) = await agents("1001")
    await phone.call("02158580009").until_answered()
    told = await lab.ccd_json("outbound", "check", "02158580009", "--agent", "1001")
    assert (told["rule"], told["target"]) == ("recorded", "PJSIP/902158580009@trunk")
    refused = await lab.try_ccd("outbound", "check", "0900123456")
    assert (refused.code, refused.output.splitlines()[0]) == (1, "0900123456 is refused by deny: denied")
    used = await lab.ccd_json("outbound", "limits")
    assert used["concurrent"] == 1
    mine = [each for each in used["people"] if each["person"] == "agent/1001"]
    assert mine[0]["day"] >= 1
    status = await lab.ask("status")
    assert (status["outgoing"], status["outgoing_let_out"]) == (1, used["let_out"])
    assert len(outside.calls) == 1


async def test_a_call_for_a_queue_shows_the_queues_number(lab, agents, outside):
    """The code in front is cut off; the record has the queue."""
    (phone,) = await agents("1002")
    outside.behaviour = Answer(talk_s=0.2)
    await phone.call("*8102155580005").until_answered()
    offered = await outside.next_call()
    assert (outside.dialled(offered), offered.peer_number) == ("02155580005", "01081111111")
    record = await record_to(lab, "02155580005")
    assert (record["queue"], record["agent"]) == ("exports", "1002")
    assert record["segments"][0]["detail"]["caller_id"] == "01081111111"


async def test_a_customer_whom_an_agent_called_reaches_that_agent(lab, agents, outside, callers):
    """However they write their number; the agent's own number is shown, and a rest follows the talk."""
    for agent in ("1002", "1003"):
        await lab.ccd("agent", "update", agent, "--queue", "exports")
    await lab.ccd("agent", "update", "1003", "--caller-id", "01083333333")
    first, second = await agents("1002", "1003")
    first.behaviour = second.behaviour = Answer(talk_s=0.2)
    outside.behaviour = Answer(talk_s=0.2)
    call = await second.call("013811580001").until_answered()
    assert (await outside.next_call()).peer_number == "01083333333"
    await call.until_ended()
    await until_state(lab, "wrap_up", "1003")
    await until_state(lab, "idle", "1003")
    (customer,) = await callers("13811580001")
    await customer.call("5802").until_ended(10.0)
    assert (len(first.calls), len(second.calls)) == (0, 1)
    record = await record_of(lab, "13811580001")
    assert (record["agent"], record["sticky"]) == ("1003", "hit")
    await lab.restore_queues()
    await lab.ccd("agent", "update", "1003", "--caller-id", "")


async def test_a_caller_is_transferred_outside_under_the_agents_policy(lab, agents, outside, callers):
    """The agent's number is shown, the agent is counted, and the dial is a part of the caller's record."""
    (phone,) = await agents("1001")
    phone.behaviour, outside.behaviour = Answer(), Answer(tone_hz=500)
    (caller,) = await callers("13811580020")
    call = await caller.call("5007").until_answered()
    leg = await (await phone.next_call()).until_answered()
    assert await leg.transfer("02155580010") == 202
    assert (await outside.next_call()).peer_number == "01080000000"
    await until(lambda: call.audio.hears_tone(500))
    outside.calls[0].hang_up()
    await call.until_ended()
    record = await record_of(lab, "13811580020")
    assert (record["direction"], record["agent"]) == ("inbound", "1001")
    (dial,) = [each for each in record["segments"] if each["kind"] == "dial"]
    assert (dial["result"], dial["agent"], dial["detail"]["extension"]) == ("ANSWER", "1001", "1001")
    assert dial["detail"]["target"] == "02155580010"


async def test_a_rule_records_and_chooses_the_trunk(lab, agents, outside):
    """The recording has both voices, the customer's on the left, and belongs to the call."""
    (phone,) = await agents("1001")
    outside.behaviour = Answer(tone_hz=500)
    call = await phone.call("02158580006").until_answered()
    assert outside.dialled(await outside.next_call()) == "902158580006"
    call.audio.tone(700)
    await until(lambda: call.audio.hears_tone(500, 1.0))
    call.hang_up()
    record = await record_to(lab, "02158580006")
    assert record["hung_up_by"] == "agent"

    async def stored() -> bool:
        found = (await lab.ask("records", record["id"]))["recordings"]
        return bool(found) and found[0]["length_s"] is not None

    await until(stored, timeout_s=15.0, what="the recording is stored")
    (recording,) = (await lab.ask("records", record["id"]))["recordings"]
    assert (recording["agent"], recording["segment"]) == ("1001", 1)
    path = Path((await lab.ccd("recording", "path", recording["id"])).strip())
    with wave.open(str(path)) as file:
        samples = array.array("h", file.readframes(file.getnframes()))
    left, right = samples[0::2], samples[1::2]
    middle = len(left) // 2
    around = slice(middle - 1600, middle + 1600)
    assert share_of_tone(left[around], 500) > 0.5
    assert share_of_tone(right[around], 700) > 0.5


async def test_a_direct_number_rings_its_agent_wherever_they_sit(lab, agents, phones, callers):
    """On the phone where they are signed in; the talk is theirs, recorded, in one record."""
    await agents("1001")
    (other,) = await phones("1004")
    await lab.ccd("agent", "sign-in", "1002", "1004")
    await until_state(lab, "idle", "1002")
    other.behaviour = Answer(talk_s=0.3)
    (caller,) = await callers("13811580011")
    await caller.call("5803").until_ended(10.0)
    assert len(other.calls) == 1
    record = await record_of(lab, "13811580011")
    assert (record["agent"], record["outcome"], record["called"]) == ("1002", "answered", "5803")
    assert (record["queue"], len(record["recordings"])) == ("agent/1002", 1)
    assert "agent/1002" not in {each["name"] for each in await lab.ask("queues")}
    assert "agent/1002" not in (await lab.ask("agents", "1002"))["queues"]


async def test_whom_the_agent_does_not_take_the_queue_does(lab, agents, callers):
    """Not answered, busy, on a break, or signed out: and the time that was waited counts in the queue."""
    await lab.ccd("agent", "update", "1001", "--queue", "desk")
    desk, owner = await agents("1001", "1002")
    owner.behaviour, desk.behaviour = Ring(), Answer(talk_s=0.2)
    first, second, third = await callers("13811580012", "13811580013", "13811580014")
    await first.call("5803").until_ended(10.0)
    assert (len(owner.calls), len(desk.calls)) == (1, 1)
    record = await record_of(lab, "13811580012")
    assert (record["agent"], record["queue"]) == ("1001", "desk")
    kinds = [(each["kind"], each["queue"], each["result"]) for each in record["segments"]]
    assert ("queue", "agent/1002", "timed_out") in kinds
    assert ("queue", "desk", "answered") in kinds
    await lab.ccd("agent", "pause", "1002")
    await second.call("5803").until_ended(10.0)
    await lab.ccd("agent", "sign-out", "1002")
    await third.call("5803").until_ended(10.0)
    assert (len(owner.calls), len(desk.calls)) == (1, 3)
    await lab.restore_queues()


async def test_a_caller_waits_for_a_busy_agent_over_a_kill_of_ccd(lab, agents, callers):
    """One after the other, in order; no queue's caller is put in between."""
    (owner,) = await agents("1002")
    owner.behaviour = Answer()
    first, second, third = await callers("13811580015", "13811580016", "13811580017")
    one = await first.call("5804").until_answered()
    leg = await (await owner.next_call()).until_answered()
    two = await second.call("5804").until_answered()
    await until_phase(lab, "13811580016", "waiting")
    assert len(owner.calls) == 1
    await kill_ccd(lab)
    await until_phase(lab, "13811580016", "waiting")
    await until_state(lab, "in_call", "1002")
    leg.hang_up()
    await one.until_ended()
    await (await owner.next_call()).until_answered()
    assert owner.calls[1].peer_number == "13811580016"
    three = await third.call("5804").until_answered()
    await until(three.audio.hears_sound, what="music")
    two.hang_up()
    assert (await owner.next_call()).peer_number == "13811580017"
    three.hang_up()
    assert (await record_of(lab, "13811580016"))["agent"] == "1002"


async def until_phase(lab: Lab, number: str, phase: str) -> None:
    """Wait until a caller's call is in a phase."""

    async def is_so() -> bool:
        return phase in {each["phase"] for each in await lab.ask("calls") if each["number"] == number}

    await until(is_so, what=f"{number} {phase}")


async def test_a_conversation_outlives_a_kill_of_ccd(lab, agents, outside):
    """The two go on talking, the agent is in a call, and the record is made by the next process."""
    (phone,) = await agents("1001")
    outside.behaviour = Answer(tone_hz=500)
    call = await phone.call("02158580007").until_answered()
    offered = await outside.next_call()
    await until(lambda: call.audio.hears_tone(500))
    await until_state(lab, "in_call", "1001")
    await kill_ccd(lab)
    await until_state(lab, "in_call", "1001")
    await until(lambda: call.audio.hears_tone(500))
    (live,) = await lab.ask("calls")
    assert (live["called"], live["direction"], live["agent"]) == ("02158580007", "outbound", "1001")
    offered.hang_up()
    await call.until_ended()
    record = await record_to(lab, "02158580007")
    assert (record["outcome"], record["agent"], record["recovered"]) == ("answered", "1001", True)
    assert record["talk_s"] > 1.0
    assert len(record["recordings"]) == 1


@contextlib.asynccontextmanager
async def hung(lab: Lab):
    """Have ccd hang, so that it accepts and says nothing."""
    pid = (await lab.status())["ccd"]["pid"]
    os.kill(pid, signal.SIGSTOP)
    try:
        yield
    finally:
        os.kill(pid, signal.SIGCONT)


async def test_a_hanging_ccd_does_not_keep_a_phone_from_calling(lab, phones, outside):
    """After a bounded time the number is dialled by the rules of the dialplan; what they deny is not."""
    (phone,) = await phones("1004", media=False)
    outside.behaviour = Answer()
    async with hung(lab):
        call = await phone.call("02155580008").until_answered(6.0)
        assert (await outside.next_call()).peer_number == "01080000000"
        refused = await phone.call("0085221234568").until_ended(6.0)
        assert refused.status >= 400
    await asyncio.wait_for(call.until_answered(), 1)
    call.hang_up()
    record = await record_to(lab, "02155580008")
    assert record["outcome"] == "answered"
    assert len(outside.calls) == 1
