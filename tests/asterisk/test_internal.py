"""Phones call one another: what the two hear, what the agents are in the meantime, what the record says."""

from tests.asterisk.phones import Answer, Refuse, Ring
from tests.asterisk.stories import segments, until_free, until_state
from tests.asterisk.test_outgoing import record_to
from tests.asterisk.test_restarts import kill_ccd
from tests.support import until

FIRST, SECOND, THIRD = 500, 700, 900


async def count_to(lab, called: str) -> int:
    """Count the records of calls to a phone."""
    return len((await lab.ask("records", called=called))["items"])


async def test_an_agent_calls_a_colleague(lab, agents):
    """Both are in a call, then free again; one record says who, whom, how long, and the sound."""
    first, second = await agents("1001", "1002")
    before = await count_to(lab, "1002")
    second.behaviour = Answer(after_s=0.4, tone_hz=SECOND)
    call = await first.call("1002").until_answered()
    call.audio.tone(FIRST)
    taken = await second.next_call()
    assert taken.peer_number == "1001"
    await until(lambda: call.audio.hears_tone(SECOND) and taken.audio.hears_tone(FIRST))
    await until_state(lab, "in_call", "1001", "1002")
    (live,) = await lab.ask("calls")
    assert (live["direction"], live["phase"], live["agent"]) == ("internal", "talking", "1001")
    assert (await lab.ask("status"))["outgoing"] == 0
    taken.hang_up()
    await call.until_ended()
    await until_free(lab, "1001", "1002")
    record = await record_to(lab, "1002", before + 1)
    assert (record["direction"], record["number"], record["called"]) == ("internal", "1001", "1002")
    assert (record["agent"], record["outcome"], record["queue"]) == ("1001", "answered", None)
    assert (record["hung_up_by"], record["hangup_cause"]) == ("agent", 16)
    assert record["ring_s"] >= 0.4
    assert record["talk_s"] > 0.15
    (dial,) = segments(record, "dial")
    assert (dial["detail"]["rule"], dial["detail"]["called_agent"]) == ("internal", "1002")

    async def stored() -> bool:
        return any(each["length_s"] for each in (await lab.ask("records", record["id"]))["recordings"])

    await until(stored, timeout_s=15.0, what="the recording is stored")


async def test_a_phone_that_is_not_answered(lab, phones):
    """Busy, given up, or not there: the caller's phone is told, and the record says so."""
    caller, called = await phones("1004", "1005")
    before, before_missing = await count_to(lab, "1005"), await count_to(lab, "1006")
    called.behaviour = Refuse(status=486)
    assert (await caller.call("1005").until_ended()).status == 486
    called.behaviour = Ring()
    ringing = await caller.call("1005").until_ringing()
    rung = await called.nth_call(2)
    ringing.hang_up()
    await rung.until_ended()
    assert (await caller.call("1006").until_ended()).status >= 400
    missing = await record_to(lab, "1006", before_missing + 1)
    assert (missing["outcome"], missing["talk_s"]) == ("failed", 0)
    await record_to(lab, "1005", before + 2)
    given_up, busy = (await lab.ask("records", called="1005"))["items"][:2]
    told = [(each["outcome"], each["hung_up_by"], each["agent"]) for each in (busy, given_up)]
    assert told == [("busy", "system", None), ("cancelled", "caller", None)]


async def test_who_answers_sends_the_caller_to_a_third_phone(lab, agents):
    """REFER: one call and one record; the first talk is over when the second phone rings."""
    first, second, third = await agents("1001", "1002", "1003")
    before = await count_to(lab, "1002")
    second.behaviour, third.behaviour = Answer(tone_hz=SECOND), Answer(tone_hz=THIRD)
    call = await first.call("1002").until_answered()
    taken = await (await second.next_call()).until_answered()
    await until(lambda: call.audio.hears_tone(SECOND))
    assert await taken.transfer("1003") == 202
    await until(lambda: call.audio.hears_tone(THIRD), 10.0)
    await until_state(lab, "in_call", "1001", "1003")
    await until_free(lab, "1002")
    call.hang_up()
    record = await record_to(lab, "1002", before + 1)
    told = [(each["result"], each["detail"]["target"]) for each in segments(record, "dial")]
    assert told == [("ANSWER", "1002"), ("ANSWER", "1003")]
    assert record["talk_s"] <= record["duration_s"]


async def test_a_customer_whom_an_agent_called_is_sent_to_a_phone(lab, agents, outside):
    """They talk with whoever answers there; nobody takes the trunk for a phone, after a kill neither."""
    first, second = await agents("1001", "1002")
    outside.behaviour, second.behaviour = Answer(tone_hz=FIRST), Answer(tone_hz=SECOND)
    call = await first.call("02155580021").until_answered()
    customer = await outside.next_call()
    await until(lambda: call.audio.hears_tone(FIRST))
    assert await call.transfer("1002") == 202
    await until(lambda: customer.audio.hears_tone(SECOND), 10.0)
    await kill_ccd(lab)
    await until_state(lab, "in_call", "1002")
    assert await lab.ask("calls") == []
    customer.hang_up()


async def test_phones_call_one_another_without_ccd(lab, phones):
    """The call is made, and goes on; the ccd that comes finds it, and writes its record."""
    caller, called = await phones("1004", "1005")
    called.behaviour = Answer(tone_hz=SECOND)
    await lab.do("stop", "ccd")
    call = await caller.call("1005").until_answered()
    await until(lambda: call.audio.hears_tone(SECOND))
    await lab.do("start", "ccd")

    async def is_found() -> bool:
        return [each["direction"] for each in await lab.ask("calls")] == ["internal"]

    await until(is_found, what="the call is found again")
    before = await count_to(lab, "1005")
    call.hang_up()
    record = await record_to(lab, "1005", before + 1)
    assert (record["direction"], record["number"], record["recovered"]) == ("internal", "1004", False)
    assert (record["outcome"], segments(record, "dial")[0]["detail"]["rule"]) == ("answered", "without_ccd")
