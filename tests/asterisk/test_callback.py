"""Callers who do not want to wait are called back in their turn: heard from all three telephones."""

import time

from tests.asterisk.phones import Answer, Call, Caller
from tests.asterisk.stories import record_of, segments, until_free, until_waiting
from tests.support import until

AGENT = Answer(after_s=0.1, tone_hz=500)
CUSTOMER = Answer(after_s=0.2, tone_hz=900)


async def ask_to_be_called(lab, caller: Caller, number: str, queue: str, *, keys: str = "") -> None:
    """Wait in a queue, press 1, and `keys` for the number; hang up when it is promised."""
    call = await caller.call(number).until_answered()
    await until_waiting(lab, queue, 1)
    began = time.monotonic()
    await until(lambda: time.monotonic() - began > 0.4)  # keys of the first moments are a menu's
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


async def both_hear(agent: Call, customer: Call) -> None:
    """Wait until each hears the other."""
    await until(lambda: agent.audio.hears_tone(900), what="the agent hears the customer")
    await until(lambda: customer.audio.hears_tone(500), what="the customer hears the agent")


async def test_the_agent_first_then_the_customer(lab, phones, callers, outside):
    """Key, number confirmed, hung up; an agent signs in, both are rung and talk; all of it is on record."""
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
    await until(customer.audio.hears_sound, what="the survey")
    customer.hang_up()
    await until_free(lab, "1001")
    record = await record_of(lab, "13856000001", 2)
    assert (record["outcome"], record["direction"], record["agent"]) == ("answered", "outbound", "1001")
    (moment,) = segments(record, "callback")
    assert moment["detail"] == {"callback": moment["detail"]["callback"], "of": asked["id"], "attempt": 1,
                                "order": "agent_first"}  # fmt: skip
    assert len(segments(record, "survey")) == 1
    assert [each["segment"] is not None for each in record["recordings"]] == [True]
    done = await callback_of(lab, "13856000001", "done")
    assert (done["tries"], done["agent"]) == (1, "1001")
    figures = (await lab.ask("queues", "t-later"))["figures"]
    counts = [figures[each] for each in ("offered", "callbacks", "called_back", "answered")]
    assert counts == [1, 1, 1, 0]
