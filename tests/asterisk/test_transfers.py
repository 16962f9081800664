"""What agents do with callers by keys during a talk, on the real Asterisk: digits sent, voices heard."""

import contextlib

from tests.asterisk.phones import Answer, Refuse, Ring
from tests.asterisk.rtp import share_of_tone
from tests.asterisk.stories import record_of, segments, talk_on, until_free, until_state, until_waiting
from tests.support import until

AGENT, SECOND, CALLER = 500, 700, 900


async def press_and_go(call, keys: str) -> None:
    """Press keys of which the last one ends the call, maybe while it is still down."""
    with contextlib.suppress(AssertionError):
        await call.press(keys)


async def given_talk(agents, callers, number: str, *others: str):
    """Give an agent's call and their caller's, who talk, and phones whose agents are not asked first."""
    phones = await agents("1001", *others)
    for phone, hz in zip(phones, (AGENT, SECOND, SECOND), strict=False):
        phone.behaviour = Answer(tone_hz=hz)
    (caller,) = await callers(number)
    call = await caller.call("5703").until_answered()
    call.audio.tone(CALLER)
    talk = await (await phones[0].next_call()).until_answered()
    await until(lambda: call.audio.hears_tone(AGENT) and talk.audio.hears_tone(CALLER))
    return phones, call, talk


async def test_a_blind_transfer_to_an_agents_phone(lab, agents, callers):
    """## 1002 #: the caller talks with the other agent, the first one is in wrap-up; one record tells it."""
    phones, call, talk = await given_talk(agents, callers, "13857030001", "1002")
    await talk.press("##")
    await until(talk.audio.hears_sound)
    await press_and_go(talk, "1002#")
    await talk.until_ended()
    await until(lambda: call.audio.hears_tone(SECOND), 10.0)
    await until_state(lab, "wrap_up", "1001")
    await until_state(lab, "in_call", "1002")
    phones[1].calls[-1].hang_up()
    await call.until_ended(10.0)
    record = await record_of(lab, "13857030001")
    (spoke,) = segments(record, "talk")
    assert (spoke["agent"], spoke["detail"]["sent_to"]) == ("1001", "1002")
    assert segments(record, "dial")[0]["detail"]["target"] == "1002"
    await rests_for_it(lab, record, "1002")


async def rests_for_it(lab, record, agent: str) -> None:
    """See that whoever was sent the caller has the queue's wrap-up, as the record tells, and may end it."""
    dialled = segments(record, "dial")[0]["detail"]
    assert (dialled["reached"], dialled["wrap_up_s"]) == (agent, 30.0)
    assert f"agent {agent} had the caller, wrap-up 30 s" in await lab.ccd("explain", record["id"])
    await until_state(lab, "wrap_up", agent)
    await lab.ccd("agent", "wrap-up-done", agent)
    await until_free(lab, agent)


async def test_a_blind_transfer_to_a_queue(lab, agents, callers):
    """## 5701 #: the caller waits there, in the same call, and reaches its agent."""
    _, call, talk = await given_talk(agents, callers, "13857030002")
    await talk.press("##")
    await until(talk.audio.hears_sound)
    await press_and_go(talk, "5701#")
    await talk.until_ended()
    await until_waiting(lab, "t-agent", 1)
    await lab.ccd("agent", "ready", "1001")
    await until(lambda: call.audio.hears_tone(AGENT), 10.0)
    call.hang_up()
    record = await record_of(lab, "13857030002")
    assert [each["queue"] for each in segments(record, "queue")] == ["t-handed", "t-agent"]
    assert [each["queue"] for each in segments(record, "talk")] == ["t-handed", "t-agent"]


async def test_the_survey_by_a_key(lab, agents, callers):
    """*9: the agent leaves, the caller rates them; the rating is theirs."""
    _, call, talk = await given_talk(agents, callers, "13857030003")
    await press_and_go(talk, "*9")
    await talk.until_ended()
    await until(call.audio.hears_sound)
    await call.press("1")
    await call.until_ended(20.0)
    record = await record_of(lab, "13857030003")
    assert (record["survey"]["digit"], record["survey"]["agent"]) == ("1", "1001")
    assert segments(record, "talk")[0]["detail"]["sent_to"] == "survey"


async def test_a_consultation_is_taken_back_then_becomes_a_conference(lab, agents, callers):
    """*2 1002 #: the caller hears music; *1 takes them back; the second time *3 has all three talk."""
    phones, call, talk = await given_talk(agents, callers, "13857030004", "1002")
    for key in ("*1", "*3"):
        await talk.press("*2")
        await until(lambda: not talk.audio.hears_tone(CALLER) and talk.audio.hears_sound())
        await talk.press("1002#")
        await until(lambda: talk.audio.hears_tone(SECOND), 10.0)
        await until(lambda: not call.audio.hears_tone(AGENT) and call.audio.hears_sound())
        await talk.press(key)
        if key == "*1":
            await until(lambda: call.audio.hears_tone(AGENT) and talk.audio.hears_tone(CALLER))
            await phones[1].calls[-1].until_ended()
    third = phones[1].calls[-1]
    await until(lambda: share(call, AGENT) and share(call, SECOND), what="the caller hears both")
    await until(lambda: share(third, AGENT) and share(third, CALLER), what="the third hears both")
    await until_state(lab, "in_call", "1001")
    await talk_on(call, 2.0)
    talk.hang_up()
    await until(lambda: not share(call, AGENT) and share(call, SECOND), what="the two go on")
    await talk_on(call, 1.2)
    (live,) = await lab.ask("calls")
    assert live["phase"] == "outside"
    call.hang_up()
    record = await record_of(lab, "13857030004")
    (spoke,) = segments(record, "talk")
    assert spoke["detail"]["conference"] == ["1002"]
    assert spoke["duration_s"] - spoke["detail"]["on_hold_s"] > 2.0
    (after,) = segments(record, "dial")
    assert (after["detail"]["target"], after["detail"]["reached"]) == ("1002", "1002")
    assert after["detail"]["talk_s"] > 1.0


async def test_a_third_who_leaves_a_conference_leaves_nothing_behind(lab, agents, callers):
    """Caller and agent go on; when the agent hangs up, the caller's way goes on as after any talk."""
    phones, call, talk = await given_talk(agents, callers, "13857030021", "1002")
    await talk.press("*2")
    await until(lambda: not talk.audio.hears_tone(CALLER) and talk.audio.hears_sound())
    await talk.press("1002#")
    await until(lambda: talk.audio.hears_tone(SECOND), 10.0)
    await talk.press("*3")
    await until(lambda: share(call, AGENT) and share(call, SECOND), what="the caller hears both")
    phones[1].calls[-1].hang_up()
    await until(lambda: call.audio.hears_tone(AGENT) and talk.audio.hears_tone(CALLER))
    talk.hang_up()
    await until(lambda: call.audio.hears_sound() and not call.audio.hears_tone(AGENT), what="the survey")
    call.hang_up()
    record = await record_of(lab, "13857030021")
    assert (segments(record, "dial"), len(segments(record, "survey"))) == ([], 1)


async def record_with(lab, call: str):
    """Wait for the finished record of a call, and give all of it."""

    async def is_there() -> bool:
        return call in {each["id"] for each in (await lab.ask("records"))["items"]}

    await until(is_there, what=f"the record of {call}")
    return await lab.ask("records", call)


async def consult_queue(lab, talk, number: str) -> None:
    """Press the key, wait for the question, and press a queue's number."""
    await talk.press("*2")
    await until(lambda: not talk.audio.hears_tone(CALLER) and talk.audio.hears_sound())
    await talk.press(f"{number}#")


async def test_a_queue_is_consulted_and_its_agent_has_the_caller(lab, agents, callers):
    """One story: the queue's agent is in one talk from the question to the caller's end."""
    await lab.ccd("agent", "update", "1002", "--queue", "t-agent")
    phones, call, talk = await given_talk(agents, callers, "13857030014", "1002")
    await consult_queue(lab, talk, "5701")
    await until(lambda: talk.audio.hears_tone(SECOND), 10.0)
    (asked,) = [each for each in await lab.ask("calls") if each["number"] == "1001"]
    assert (asked["direction"], asked["agent"]) == ("internal", "1002")
    await talk_on(talk, 1.0)
    talk.hang_up()
    await until(lambda: call.audio.hears_tone(SECOND), 10.0)
    await until_state(lab, "in_call", "1002")
    await talk_on(call, 0.5)
    phones[1].calls[-1].hang_up()
    await until(lambda: call.audio.hears_sound() and not call.audio.hears_tone(SECOND), what="the survey")
    call.hang_up()
    record = await record_of(lab, "13857030014")
    assert segments(record, "talk")[0]["detail"]["sent_to"] == "5701"
    (had,) = segments(record, "dial")
    assert (had["detail"]["reached"], had["detail"]["consultation"]) == ("1002", asked["id"])
    consultation = await record_with(lab, asked["id"])
    assert (consultation["direction"], consultation["linkedid"]) == ("internal", record["id"])
    assert (consultation["agent"], consultation["outcome"]) == ("1002", "answered")
    assert consultation["talk_s"] > had["detail"]["talk_s"] + 0.9
    assert segments(consultation, "survey") == []
    await until_free(lab, "1002")
    await lab.restore_queues()


async def test_a_caller_waits_where_their_agent_waited_for_somebody_to_consult(lab, agents, callers):
    """The agent hangs up before anybody answers: the caller stands in that queue, in one call."""
    _, call, talk = await given_talk(agents, callers, "13857030015")
    await consult_queue(lab, talk, "5701")
    await until_waiting(lab, "t-agent", 1)
    (asked,) = [each for each in await lab.ask("calls") if each["number"] == "1001"]
    await talk_on(talk, 0.5)  # Asterisk has taken in that the queue has answered
    talk.hang_up()

    async def is_there() -> bool:
        callers_now = (await lab.ask("queues", "t-agent"))["callers"]
        return [each["number"] for each in callers_now] == ["13857030015"]

    await until(is_there, what="the caller has the place")
    await lab.ccd("agent", "ready", "1001")
    await until(lambda: call.audio.hears_tone(AGENT), 10.0)
    call.hang_up()
    record = await record_of(lab, "13857030015")
    assert [each["queue"] for each in segments(record, "talk")] == ["t-handed", "t-agent"]
    assert [each["queue"] for each in segments(record, "queue")] == ["t-handed", "t-agent"]
    assert (await record_with(lab, asked["id"]))["outcome"] == "transferred"


def share(call, hz: int) -> bool:
    """Whether a tone is among what is heard."""
    return share_of_tone(call.audio.heard(0.4), hz) > 0.2


async def test_a_consultation_that_ends_in_a_transfer(lab, agents, callers):
    """The agent hangs up: caller and third talk, the agent is in wrap-up; at the end nobody is stuck."""
    _, call, talk = await given_talk(agents, callers, "13857030005", "1002")
    await talk.press("*2")
    await until(lambda: not talk.audio.hears_tone(CALLER) and talk.audio.hears_sound())
    await talk.press("1002#")
    await until(lambda: talk.audio.hears_tone(SECOND), 10.0)
    talk.hang_up()
    await until(lambda: call.audio.hears_tone(SECOND), 10.0)
    await until_state(lab, "wrap_up", "1001")
    await until_state(lab, "in_call", "1002")
    call.hang_up()
    record = await record_of(lab, "13857030005")
    assert segments(record, "talk")[0]["detail"]["sent_to"] == "1002"
    (dialled,) = segments(record, "dial")
    assert (dialled["detail"]["target"], dialled["result"]) == ("1002", "ANSWER")
    assert 0 < dialled["detail"]["talk_s"] <= record["talk_s"]
    await rests_for_it(lab, record, "1002")


async def test_a_transfer_that_nobody_answers_gives_the_caller_back_to_the_queue(lab, agents, callers):
    """The phone refuses: the caller waits in the queue of the talk again, before who came after them."""
    phones, call, talk = await given_talk(agents, callers, "13857030006", "1002")
    await lab.ccd("agent", "pause", "1002")
    (later,) = await callers("13857030011")
    behind = await later.call("5703").until_answered()
    await until_waiting(lab, "t-handed", 1)
    phones[1].behaviour = Ring()
    await talk.press("##")
    await until(talk.audio.hears_sound)
    await press_and_go(talk, "1002#")
    rung = await (await phones[1].next_call()).until_ringing()
    rung.refuse(486)
    await until_waiting(lab, "t-handed", 2)
    standing = (await lab.ask("queues", "t-handed"))["callers"]
    assert [each["number"] for each in standing] == ["13857030006", "13857030011"]
    behind.hang_up()
    call.hang_up()
    first, second = segments(await record_of(lab, "13857030006"), "queue")
    assert second["started_at"] > first["ended_at"]  # what they waited before the talk is not told twice


async def test_whom_one_agent_was_called_by_goes_back_to_them_from_a_transfer(lab, agents, callers):
    """A direct number knows no queue: the colleague refuses, and the agent's own phone rings again."""
    phones = await agents("1002", "1003")
    phones[0].behaviour, phones[1].behaviour = Answer(tone_hz=AGENT), Ring()
    (caller,) = await callers("13857030012")
    call = await caller.call("5803").until_answered()
    talk = await (await phones[0].next_call()).until_answered()
    await until(lambda: call.audio.hears_tone(AGENT))
    await talk.press("##")
    await until(talk.audio.hears_sound)
    await press_and_go(talk, "1003#")
    (await (await phones[1].next_call()).until_ringing()).refuse(486)
    again = await (await phones[0].next_call()).until_answered()
    await until(lambda: call.audio.hears_tone(AGENT), 10.0)
    again.hang_up()
    await call.until_ended(10.0)
    record = await record_of(lab, "13857030012")
    assert [each["agent"] for each in segments(record, "talk")] == ["1002", "1002"]
    assert [each["result"] for each in segments(record, "dial")] == ["BUSY"]
    assert len(record["recordings"]) == 2


async def test_outside_numbers_are_transferred_to_under_the_policy(lab, agents, callers, outside):
    """A mobile number is allowed, and is the agent's."""
    outside.behaviour = Answer(tone_hz=SECOND)
    _, call, talk = await given_talk(agents, callers, "13857030007")
    await talk.press("##")
    await until(talk.audio.hears_sound)
    await press_and_go(talk, "13912345678#")
    await until(lambda: call.audio.hears_tone(SECOND), 10.0)
    assert outside.dialled(outside.calls[0]) == "13912345678"
    await until_state(lab, "wrap_up", "1001")
    call.hang_up()
    record = await record_of(lab, "13857030007")
    (dialled,) = segments(record, "dial")
    assert (dialled["detail"]["target"], dialled["agent"]) == ("13912345678", "1001")


async def test_whom_nobody_takes_outside_is_back_in_the_queue(lab, agents, callers, outside):
    """The mobile is busy: the caller waits where they stood, and the agent may have them again."""
    outside.behaviour = Refuse(status=486)
    phones, call, talk = await given_talk(agents, callers, "13857030023")
    await talk.press("##")
    await until(talk.audio.hears_sound)
    await press_and_go(talk, "13912345678#")
    await until_waiting(lab, "t-handed", 1)
    await lab.ccd("agent", "ready", "1001")
    again = await (await phones[0].next_call()).until_answered()
    await until(lambda: call.audio.hears_tone(AGENT), 10.0)
    again.hang_up()
    await until(lambda: call.audio.hears_sound() and not call.audio.hears_tone(AGENT), what="the survey")
    call.hang_up()
    record = await record_of(lab, "13857030023")
    assert [each["result"] for each in segments(record, "dial")] == ["BUSY"]
    assert [each["queue"] for each in segments(record, "talk")] == ["t-handed", "t-handed"]


async def test_what_the_policy_refuses_ends_the_call(lab, agents, callers, outside):
    """In words; nobody outside is called."""
    _, call, talk = await given_talk(agents, callers, "13857030008")
    await talk.press("##")
    await until(talk.audio.hears_sound)
    await press_and_go(talk, "0044123456789#")
    await call.until_ended(15.0)
    assert outside.calls == []
    assert segments(await record_of(lab, "13857030008"), "dial")[0]["result"] == "REFUSED"


async def test_a_phones_own_transfer_leads_to_a_queue(lab, agents, callers):
    """REFER: the same places, one call, the agent in wrap-up."""
    _, call, talk = await given_talk(agents, callers, "13857030009")
    assert await talk.transfer("5701") == 202
    await until_waiting(lab, "t-agent", 1)
    await until_state(lab, "wrap_up", "1001")
    await lab.ccd("agent", "ready", "1001")
    await until(lambda: call.audio.hears_tone(AGENT), 10.0)
    call.hang_up()
    record = await record_of(lab, "13857030009")
    assert [each["queue"] for each in segments(record, "talk")] == ["t-handed", "t-agent"]
    assert segments(record, "talk")[0]["detail"]["sent_to"] == "5701"


async def test_keys_work_while_ccd_is_away(lab, agents, callers):
    """Consulting and taking back need no ccd; it finds the talk again and tells it as it was."""
    _, call, talk = await given_talk(agents, callers, "13857030010", "1002")
    await lab.do("stop", "ccd")
    await talk.press("*2")
    await until(lambda: not talk.audio.hears_tone(CALLER) and talk.audio.hears_sound())
    await talk.press("1002#")
    await until(lambda: talk.audio.hears_tone(SECOND), 10.0)
    await talk.press("*1")
    await until(lambda: call.audio.hears_tone(AGENT) and talk.audio.hears_tone(CALLER))
    await lab.do("start", "ccd")
    await until_state(lab, "in_call", "1001")
    talk.hang_up()
    await until(lambda: call.audio.hears_sound() and not call.audio.hears_tone(AGENT), what="the survey")
    call.hang_up()
    record = await record_of(lab, "13857030010")
    assert [each["agent"] for each in segments(record, "talk")] == ["1001"]
    await until_state(lab, "wrap_up", "1001")
