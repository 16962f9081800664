"""Agents at their phones: feature codes, states that last, calls of their own."""

from tests.asterisk.phones import Answer
from tests.asterisk.stories import until_state
from tests.support import until


async def dial_code(phone, code: str, *answers: str) -> None:
    """Dial a feature code and answer what it asks, each by digits and #."""
    call = await phone.call(code).until_answered()
    for answer in answers:
        await until(call.audio.hears_sound, what=f"{code} asks")
        await call.press(answer)
    await call.until_ended(20.0)


async def agent_is(lab, number: str, status: str, reason: str = "", extension: str | None = None) -> None:
    """Wait until an agent has a status."""

    async def so() -> bool:
        agent = await lab.ask("agents", number)
        return (agent["status"], agent["reason"], agent["extension"]) == (status, reason, extension)

    await until(so, what=f"agent {number} {status} {reason} on {extension}")


async def test_an_agent_signs_in_takes_a_break_comes_back_and_signs_out_by_phone(lab, phones):
    """*11 with number and PIN, *13 with a reason, *14, *12: at any phone, here 1003."""
    (phone,) = await phones("1003")
    await dial_code(phone, "*11", "1002#", f"{lab.pin('1002')}#")
    await agent_is(lab, "1002", "available", extension="1003")
    await dial_code(phone, "*13", "1")
    await agent_is(lab, "1002", "paused", "lunch", "1003")
    await dial_code(phone, "*14")
    await agent_is(lab, "1002", "available", extension="1003")
    await dial_code(phone, "*12")
    await agent_is(lab, "1002", "logged_out")


async def test_a_wrong_pin_signs_nobody_in(lab, phones):
    """The caller id of the phone proves nothing; the PIN does."""
    (phone,) = await phones("1003")
    call = await phone.call("*11").until_answered()
    for answer in ("1002#", "000000#"):
        await until(call.audio.hears_sound)
        await call.press(answer)
    await until(call.audio.hears_sound)
    call.hang_up()
    await agent_is(lab, "1002", "logged_out")


async def test_states_of_agents_survive_a_restart(lab, agents):
    """Break with its reason, phone and queues are as they were."""
    await agents("1001", "1002", media=False)
    await lab.ccd("agent", "pause", "1002", "--reason", "lunch")
    await lab.do("restart", "ccd")
    await agent_is(lab, "1001", "available", extension="1001")
    await agent_is(lab, "1002", "paused", "lunch", "1002")
    await until_state(lab, "idle", "1001", "1002")


async def test_phones_call_each_other(phones):
    """Extension to extension, without ccd."""
    one, other = await phones("1004", "1005")
    other.behaviour = Answer(tone_hz=500)
    call = await one.call("1005").until_answered()
    assert other.calls[0].peer_number == "1004"
    await until(lambda: call.audio.hears_tone(500))
    call.hang_up()


async def test_phones_dial_outside_numbers_that_the_policy_allows(phones, outside):
    """A mobile number goes through the trunk, an international one does not."""
    (phone,) = await phones("1004")
    outside.behaviour = Answer()
    call = await phone.call("13912345678").until_answered()
    assert outside.dialled(outside.calls[0]) == "13912345678"
    call.hang_up()
    refused = phone.call("0044123456789")
    await refused.until_ended()
    assert refused.status != 200
    assert len(outside.calls) == 1


async def test_a_flow_dials_an_outside_number(lab, callers, outside):
    """A `dial` node with outside: true."""
    (caller,) = await callers("13844440001")
    outside.behaviour = Answer(talk_s=0.5)
    await caller.call("5018").until_ended(10.0)
    assert outside.dialled(outside.calls[0]) == "02155550000"


async def test_signing_in_elsewhere_takes_the_phone_over(lab, agents):
    """Who was signed in on that phone is signed out."""
    await agents("1001", media=False)
    await lab.ccd("agent", "sign-in", "1002", "1001")
    await agent_is(lab, "1001", "logged_out", "replaced")
    await agent_is(lab, "1002", "available", extension="1001")
