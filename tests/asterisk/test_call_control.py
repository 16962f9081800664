"""Operators and supervisors take a hand in calls under way, seen and heard from the telephones."""

from typing import Any

from tests.asterisk.lab import Lab
from tests.asterisk.phones import Answer
from tests.asterisk.stories import record_of, segments, until_free, until_state, until_waiting
from tests.support import until


async def call_of(lab: Lab, number: str) -> dict[str, Any]:
    """Give the live call of a caller."""
    found: list[dict[str, Any]] = []

    async def is_there() -> bool:
        found[:] = [each for each in await lab.ask("calls") if each["number"] == number]
        return bool(found)

    await until(is_there, what=f"a live call of {number}")
    return found[0]


async def test_who_waits_is_transferred_to_a_phone(lab, phones, callers):
    """The stay ends as transferred, the phone rings, and the two talk, all in one record."""
    (phone,) = await phones("1004")
    (caller,) = await callers("13811115001")
    phone.behaviour = Answer(after_s=0.1, talk_s=None, tone_hz=500)
    call = await caller.call("5007").until_answered()
    call.audio.tone(900)
    await until_waiting(lab, "t-linear", 1)
    waiting = await call_of(lab, "13811115001")
    await lab.ccd("call", "transfer", waiting["id"], "1004")
    offered = await phone.nth_call(1)
    await until(lambda: call.audio.hears_tone(500), what="the caller hears the phone")
    await until(lambda: offered.audio.hears_tone(900), what="the phone hears the caller")
    await until_waiting(lab, "t-linear", 0)
    offered.hang_up()
    await call.until_ended(10.0)
    record = await record_of(lab, "13811115001")
    assert [each["kind"] for each in record["segments"]] == ["queue", "dial"]
    assert [each["result"] for each in record["segments"]] == ["transferred", "ANSWER"]


async def test_a_caller_is_taken_out_of_a_talk_into_another_queue(lab, agents, callers):
    """The agent is rid of them and in wrap-up; the caller stays, and another agent has them."""
    first, second = await agents("1001", "1002")
    (caller,) = await callers("13811115002")
    first.behaviour = second.behaviour = Answer(after_s=0.1, talk_s=None)
    call = await caller.call("5015").until_answered()
    taken = await (await first.nth_call(1)).until_answered()
    await until_state(lab, "in_call", "1001")
    talking = await call_of(lab, "13811115002")
    await lab.ccd("call", "redirect", talking["id"], "queue/t-linear")
    await taken.until_ended(5.0)
    again = await (await second.nth_call(1)).until_answered()
    await until_state(lab, "in_call", "1002")
    again.hang_up()
    await call.until_ended(10.0)
    await until_free(lab, "1001", "1002")
    record = await record_of(lab, "13811115002")
    assert [each["queue"] for each in segments(record, "queue")] == ["t-wrap-up", "t-linear"]
    assert [(each["agent"], each["result"]) for each in segments(record, "talk")] == [
        ("1001", "system"),
        ("1002", "agent"),
    ]


async def test_a_supervisor_listens_whispers_and_barges(lab, agents, phones, callers):
    """Listening is heard by nobody, whispering by the agent alone, barging by both; keys change it."""
    (agent,) = await agents("1001")
    (supervisor,) = await phones("1004")
    (caller,) = await callers("13811115003")
    agent.behaviour = Answer(after_s=0.1, talk_s=None, tone_hz=500)
    supervisor.behaviour = Answer(after_s=0.1, talk_s=None, tone_hz=700)
    call = await caller.call("5007").until_answered()
    call.audio.tone(900)
    offered = await agent.nth_call(1)
    await until(lambda: call.audio.hears_tone(500, share=0.1), what="the talk")
    live = await call_of(lab, "13811115003")

    await lab.ccd("call", "listen", live["id"], "--phone", "1004")
    ear = await supervisor.nth_call(1)
    await until(lambda: ear.audio.hears_tone(500, share=0.1), what="the supervisor hears the agent")
    await until(lambda: ear.audio.hears_tone(900, share=0.1), what="the supervisor hears the caller")
    assert not offered.audio.hears_tone(700, share=0.1)
    assert not call.audio.hears_tone(700, share=0.1)

    await ear.press("5")
    ear.audio.tone(700)
    await until(lambda: offered.audio.hears_tone(700, share=0.1), what="the agent hears the whisper")
    assert not call.audio.hears_tone(700, share=0.1)

    await ear.press("6")
    ear.audio.tone(700)
    await until(lambda: call.audio.hears_tone(700, share=0.1), what="the caller hears who barges in")

    ear.hang_up()
    await ear.until_ended()
    offered.hang_up()
    await call.until_ended(10.0)
    record = await record_of(lab, "13811115003")
    (supervision,) = segments(record, "supervision")
    assert (supervision["result"], supervision["detail"]["extension"]) == ("listen", "1004")
    assert supervision["ended_at"] is not None


async def test_a_call_is_hung_up_by_an_operator(lab, agents, callers):
    """Both sides are cut off, and the record says that neither of them ended it."""
    (agent,) = await agents("1001")
    (caller,) = await callers("13811115004")
    agent.behaviour = Answer(after_s=0.1, talk_s=None)
    call = await caller.call("5007").until_answered()
    offered = await (await agent.nth_call(1)).until_answered()
    await until_state(lab, "in_call", "1001")
    live = await call_of(lab, "13811115004")
    await lab.ccd("call", "hangup", live["id"])
    await call.until_ended(5.0)
    await offered.until_ended(5.0)
    record = await record_of(lab, "13811115004")
    assert record["hung_up_by"] == "system"
    assert [each["result"] for each in segments(record, "talk")] == ["system"]


async def test_a_wish_that_cannot_be_is_explained_and_the_call_goes_on(lab, phones, callers):
    """An outside number that the policy forbids, a supervisor's phone that is not there."""
    (caller,) = await callers("13811115005")
    call = await caller.call("5007").until_answered()
    await until_waiting(lab, "t-linear", 1)
    live = await call_of(lab, "13811115005")
    refused = await lab.try_ccd("call", "transfer", live["id"], "0081312345678")
    assert (refused.code, "outbound" in refused.errors) == (1, True)
    deaf = await lab.try_ccd("call", "listen", live["id"], "--phone", "1005")
    assert (deaf.code, "1005" in deaf.errors) == (1, True)
    await until_waiting(lab, "t-linear", 1)
    call.hang_up()
    await call.until_ended(5.0)
