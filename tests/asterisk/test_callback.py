"""Callers who do not want to wait are called back in their turn: heard from all three telephones."""

from collections.abc import AsyncIterator
from datetime import datetime

import pytest

from tests.asterisk.lab import Lab
from tests.asterisk.phones import Answer, Call, Caller, Refuse, Ring
from tests.asterisk.stories import may_choose, record_of, segments, until_free, until_waiting
from tests.asterisk.test_restarts import kill_ccd
from tests.support import until

AGENT = Answer(after_s=0.1, tone_hz=500)
CUSTOMER = Answer(after_s=0.2, tone_hz=900)


@pytest.fixture(autouse=True)
async def promises(lab: Lab) -> AsyncIterator[None]:
    """When the telephones of a test are gone, take back what was promised and not kept: lines are empty."""
    yield

    async def none_is_open() -> bool:
        left = await lab.ask("callbacks", open="true")
        for each in left:
            await lab.try_ccd("callback", "cancel", str(each["id"]))  # refused while somebody is called
        return not left

    await until(none_is_open, 15.0, what="every callback is closed")


async def ask_to_be_called(lab, caller: Caller, number: str, queue: str, *, keys: str = "") -> None:
    """Wait in a queue, press 1, and `keys` for the number; hang up when it is promised."""
    call = await caller.call(number).until_answered()
    await until_waiting(lab, queue, 1)
    await may_choose(call)
    await call.press("1")
    for key in keys:
        await until(call.audio.hears_sound)
        await call.press(key)
    await until_promised(lab, caller.user)
    call.hang_up()


async def until_promised(lab, number: str) -> None:
    """Wait until a callback to a number is stored."""

    async def is_stored() -> bool:
        return any(each["number"] == number for each in await lab.ask("callbacks"))

    await until(is_stored, what=f"a callback to {number}")


async def callback_of(lab, number: str, status: str) -> dict:
    """Wait until the last callback to a number has a status, and give it."""
    found = {}

    async def is_so() -> bool:
        told = [each for each in await lab.ask("callbacks") if each["number"] == number]
        found.update(told[0] if told else {})
        return found.get("status") == status

    await until(is_so, 15.0, what=f"callback to {number} {status}, last {found}")
    return found


async def figures_of(lab: Lab, queue: str) -> list[int]:
    """Give how many a queue was offered, promised a call, called back, and answered otherwise."""
    figures = (await lab.ask("queues", queue))["figures"]
    return [figures[each] for each in ("offered", "callbacks", "called_back", "answered")]


async def both_hear(agent: Call, customer: Call) -> None:
    """Wait until each hears the other."""
    await until(lambda: agent.audio.hears_tone(900), what="the agent hears the customer")
    await until(lambda: customer.audio.hears_tone(500), what="the customer hears the agent")


async def test_the_agent_first_then_the_customer(lab, phones, callers, outside):
    """Key, number confirmed, hung up; an agent signs in, both are rung and talk; all of it is on record."""
    before = await figures_of(lab, "t-later")
    (caller,) = await callers("13856000001")
    await ask_to_be_called(lab, caller, "5601", "t-later", keys="1")
    asked = await record_of(lab, "13856000001")
    assert (asked["outcome"], asked["direction"]) == ("callback", "inbound")
    outside.behaviour = CUSTOMER
    (queue,) = [each for each in await lab.ask("queues") if each["name"] == "t-later"]
    assert (queue["waiting"], queue["callbacks_waiting"]) == (0, 1)
    (phone,) = await phones("1001")
    phone.behaviour = AGENT
    await lab.ccd("agent", "sign-in", "1001", "1001")
    leg = await phone.next_call()
    assert leg.peer_number == "13856000001"
    customer = await outside.next_call()
    assert outside.dialled(customer) == "13856000001"
    assert customer.peer_number == "4000"
    await both_hear(leg, customer)
    leg.hang_up()
    await until(lambda: not customer.audio.hears_tone(500))
    await until(customer.audio.hears_sound, what="the survey")
    await customer.press("1")
    await customer.until_ended()
    await until_free(lab, "1001")
    record = await record_of(lab, "13856000001", 2)
    assert (record["outcome"], record["direction"], record["agent"]) == ("answered", "outbound", "1001")
    (moment,) = segments(record, "callback")
    assert moment["detail"] == {"callback": moment["detail"]["callback"], "of": asked["id"], "attempt": 1,
                                "order": "agent_first"}  # fmt: skip
    assert [each["result"] for each in segments(record, "survey")] == ["1"]
    assert [each["segment"] is not None for each in record["recordings"]] == [True]
    done = await callback_of(lab, "13856000001", "done")
    assert (done["tries"], done["agent"]) == (1, "1001")
    after = await figures_of(lab, "t-later")
    assert [now - then for now, then in zip(after, before, strict=True)] == [1, 1, 1, 0]


async def test_the_customer_first_then_the_agent(lab, phones, callers, outside):
    """The customer hears who calls, then music, while the agent's phone rings; a hang-up ends it for both."""
    (caller,) = await callers("13856000002")
    await ask_to_be_called(lab, caller, "5602", "t-customer")
    outside.behaviour = CUSTOMER
    (phone,) = await phones("1001")
    phone.behaviour = Answer(after_s=1.0, tone_hz=500)
    await lab.ccd("agent", "sign-in", "1001", "1001")
    customer = await outside.next_call()
    assert phone.calls == []
    await until(customer.audio.hears_sound, what="who calls")
    leg = await phone.next_call()
    assert leg.peer_number == "13856000002"
    await both_hear(leg, customer)
    customer.hang_up()
    await leg.until_ended()
    await until_free(lab, "1001")
    record = await record_of(lab, "13856000002", 2)
    assert (record["outcome"], record["hung_up_by"], record["agent"]) == ("answered", "caller", "1001")
    assert segments(record, "callback")[0]["detail"]["order"] == "customer_first"
    assert (await callback_of(lab, "13856000002", "done"))["tries"] == 1


async def test_a_customer_who_does_not_answer_is_called_again_and_then_no_more(lab, phones, callers, outside):
    """The agent hears why and is free; two tries were agreed, each is a call on record."""
    (caller,) = await callers("13856000003")
    await ask_to_be_called(lab, caller, "5603", "t-tries")
    outside.script = [Ring(), Refuse(status=486)]
    (phone,) = await phones("1001")
    phone.behaviour = AGENT
    await lab.ccd("agent", "sign-in", "1001", "1001")
    first = await phone.next_call()
    await (await outside.next_call()).until_ended()
    await first.until_ended(15.0)
    waiting = await callback_of(lab, "13856000003", "waiting")
    assert (waiting["tries"], waiting["reason"]) == (1, "")
    await outside.next_call()
    closed = await callback_of(lab, "13856000003", "failed")
    assert (closed["tries"], closed["reason"]) == (2, "tries")
    assert len(outside.calls) == len(phone.calls) == 2
    record = await record_of(lab, "13856000003", 3)
    assert (record["outcome"], record["cdr_disposition"]) == ("not_reached", "NO ANSWER")
    assert [each["detail"]["attempt"] for each in segments(record, "callback")] == [2]
    assert (await lab.ccd_json("agent", "show", "1001"))["missed_in_a_row"] == 0


async def test_no_agent_talks_to_an_answering_machine(lab, phones, callers, outside):
    """Whoever answers presses 1; the machine presses nothing, and the agent's phone does not ring."""
    (caller,) = await callers("13856000004")
    await ask_to_be_called(lab, caller, "5604", "t-person")
    outside.behaviour = CUSTOMER
    (phone,) = await phones("1001")
    phone.behaviour = AGENT
    await lab.ccd("agent", "sign-in", "1001", "1001")
    machine = await outside.next_call()
    await machine.until_ended(40.0)
    assert phone.calls == []
    person = await outside.next_call(15.0)
    await until(person.audio.hears_sound, what="who calls")
    await person.press("1")
    leg = await phone.next_call()
    await both_hear(leg, person)
    leg.hang_up()
    assert (await callback_of(lab, "13856000004", "done"))["tries"] == 2
    record = await record_of(lab, "13856000004", 3)
    assert (record["outcome"], record["agent"]) == ("answered", "1001")
    tried = (await lab.ask("records", number="13856000004"))["items"][1]
    assert (tried["outcome"], tried["hung_up_by"]) == ("not_reached", "system")


async def test_who_calls_again_is_not_called_back_and_has_their_old_place(lab, phones, callers):
    """The promise is off the list, and whoever came in between is served after them."""
    first, second = await callers("13856000006", "13856000007")
    await ask_to_be_called(lab, first, "5601", "t-later", keys="1")
    waiting = await second.call("5601").until_answered()
    await until_waiting(lab, "t-later", 2)
    again = await first.call("5601").until_answered()
    closed = await callback_of(lab, "13856000006", "cancelled")
    assert closed["reason"] == "called_again"
    await until_waiting(lab, "t-later", 2)
    callers_now = (await lab.ask("queues", "t-later"))["callers"]
    assert [each["number"] for each in callers_now] == ["13856000006", "13856000007"]
    assert callers_now[0]["joined_at"] == closed["joined_at"]
    again.hang_up()
    waiting.hang_up()


async def test_who_calls_again_while_being_called_has_their_place(lab, phones, callers, outside):
    """Their phone stops ringing, the agent who waited is let go, and takes the new call in the old place."""
    (caller,) = await callers("13856000018")
    await ask_to_be_called(lab, caller, "5601", "t-later", keys="1")
    outside.behaviour = Ring()
    (phone,) = await phones("1001")
    phone.behaviour = AGENT
    await lab.ccd("agent", "sign-in", "1001", "1001")
    waiting = await (await phone.next_call()).until_answered()
    rung = await (await outside.next_call()).until_ringing()
    again = await caller.call("5601").until_answered()
    again.audio.tone(900)
    await rung.until_ended()
    await waiting.until_ended(10.0)
    await both_hear(await phone.nth_call(2), again)
    closed = await callback_of(lab, "13856000018", "cancelled")
    assert (closed["reason"], closed["tries"]) == ("called_again", 1)
    again.hang_up()
    record = await record_of(lab, "13856000018", 3)
    assert record["queue_wait_s"] < record["segments"][0]["detail"]["waited_s"]
    tried = (await lab.ask("records", number="13856000018"))["items"][1]
    assert (tried["direction"], tried["outcome"]) == ("outbound", "cancelled")


async def test_an_agent_who_is_signed_out_while_the_customer_is_called(lab, phones, callers, outside):
    """They are let go, and whoever signs in takes the customer, who has answered in the meantime."""
    (caller,) = await callers("13856000019")
    await ask_to_be_called(lab, caller, "5601", "t-later", keys="1")
    outside.behaviour = Ring()
    first, second = await phones("1001", "1002")
    first.behaviour = second.behaviour = AGENT
    await lab.ccd("agent", "sign-in", "1001", "1001")
    waiting = await (await first.next_call()).until_answered()
    rung = await (await outside.next_call()).until_ringing()
    await lab.ccd("agent", "sign-out", "1001")
    await waiting.until_ended(10.0)
    rung.answer()
    rung.audio.tone(900)
    await until(rung.audio.hears_sound, what="who calls, and music")
    await lab.ccd("agent", "sign-in", "1002", "1002")
    await both_hear(await second.next_call(), rung)
    rung.hang_up()
    assert (await callback_of(lab, "13856000019", "done"))["tries"] == 1


async def test_outside_of_its_hours_a_place_is_kept_and_nobody_is_called(lab, phones, callers, outside):
    """An operator cancels it; the number may be promised again, by hand too, but not twice."""
    (caller,) = await callers("13856000005")
    await ask_to_be_called(lab, caller, "5605", "t-shut")
    (phone,) = await phones("1001")
    await lab.ccd("agent", "sign-in", "1001", "1001")
    (kept,) = await lab.ask("callbacks", number="13856000005")
    assert (kept["status"], kept["phase"]) == ("waiting", "resting")
    assert (await lab.ask("queues", "t-shut"))["callers"] == []
    told = await lab.ccd("callback", "cancel", str(kept["id"]))
    assert "cancelled" in told
    made = await lab.ccd_json("callback", "add", "13856000005", "--queue", "t-shut")
    assert made["id"] > kept["id"]
    assert "13856000005" in await lab.ccd("callback", "list")
    assert [outside.calls, phone.calls] == [[], []]
    await lab.ccd("callback", "cancel", str(made["id"]))


async def test_a_kill_before_the_promise_keeps_the_callers_place(lab, callers):
    """Between the key and the confirmed number: what is promised then is the place from before the kill."""
    (caller,) = await callers("13856000020")
    call = await caller.call("5601").until_answered()
    await until_waiting(lab, "t-later", 1)
    (standing,) = (await lab.ask("queues", "t-later"))["callers"]
    await may_choose(call)
    await call.press("1")
    await until_waiting(lab, "t-later", 0)
    await kill_ccd(lab)

    async def promised() -> bool:
        await call.press("1")  # until the question is asked again, it is nobody's key
        return bool(await lab.ask("callbacks", number="13856000020"))

    await until(promised, 20.0)
    (kept,) = await lab.ask("callbacks", number="13856000020")
    assert kept["requested_at"] > kept["joined_at"]
    assert abs(seconds(kept["joined_at"]) - seconds(standing["joined_at"])) < 0.1
    call.hang_up()
    await lab.ccd("callback", "cancel", str(kept["id"]))


def seconds(instant: str) -> float:
    """Read a date of the API."""
    return datetime.fromisoformat(instant).timestamp()


async def test_a_kill_loses_no_promise_and_calls_nobody_twice(lab, phones, callers, outside):
    """Killed after the promise; again while the customer's phone rings: that very call is served."""
    (caller,) = await callers("13856000008")
    await ask_to_be_called(lab, caller, "5601", "t-later", keys="1")
    await kill_ccd(lab)
    outside.behaviour = Answer(after_s=6.0, tone_hz=900)
    (phone,) = await phones("1001")
    phone.behaviour = AGENT
    await lab.ccd("agent", "sign-in", "1001", "1001")
    await phone.next_call()
    customer = await outside.next_call()
    await callback_of(lab, "13856000008", "dialling")
    await kill_ccd(lab)
    leg = await phone.next_call(30.0)
    await both_hear(leg, customer)
    leg.hang_up()
    assert (await callback_of(lab, "13856000008", "done"))["tries"] == 1
    assert len(outside.calls) == 1
