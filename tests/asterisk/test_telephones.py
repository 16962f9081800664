"""The telephones of the tests, on the real Asterisk: what other tests rely on, seen once by itself.

sipp and baresip vouch for our own telephones.
"""

import pytest

from tests.asterisk.independent import BARESIP_HZ, Baresip, sipp_callers
from tests.asterisk.phones import Answer, Ignore, Phone, Refuse, Ring
from tests.support import until


async def test_a_wrong_password_does_not_register(lab):
    """Asterisk refuses it."""
    with pytest.raises(AssertionError, match="401"):
        await Phone(lab.server, "1001", "not the password").__aenter__()


async def test_phones_call_each_other_and_hear_each_other(phones):
    """Tones travel both ways; the caller id is the extension."""
    one, two = await phones("1001", "1002")
    two.behaviour = Answer(after_s=0.1, tone_hz=500)
    call = await one.call("1002").until_answered()
    received = await two.nth_call(1)
    call.audio.tone(700)
    await until(lambda: call.audio.hears_tone(500) and received.audio.hears_tone(700))
    assert received.peer_number == "1001"
    assert received.times.answered - received.times.ringing >= 0.1


async def test_hold_and_resume_are_heard(phones):
    """On hold the other side hears music, then the voice again."""
    one, two = await phones("1001", "1002")
    call = await one.call("1002").until_answered()
    received = await two.nth_call(1)
    call.audio.tone(500)
    await until(lambda: received.audio.hears_tone(500))
    await call.hold()
    await until(lambda: received.audio.hears_sound() and not received.audio.hears_tone(500))
    await call.resume()
    await until(lambda: received.audio.hears_tone(500))


@pytest.mark.parametrize("behaviour", [Refuse(status=486), Refuse(status=603, after_s=0.1)])
async def test_a_phone_that_refuses_is_heard_of(phones, behaviour):
    """The caller's call ends without an answer."""
    one, two = await phones("1001", "1002")
    two.behaviour = behaviour
    call = await one.call("1002").until_ended()
    assert call.status >= 400
    assert two.calls[0].status == behaviour.status


async def test_a_caller_who_gives_up_stops_the_ringing(phones):
    """CANCEL travels through Asterisk; a phone whose network is gone is none of its concern."""
    one, two, three = await phones("1001", "1002", "1003")
    two.behaviour, three.behaviour = Ring(), Ignore()
    call = await one.call("1002").until_ringing()
    ringing = await two.nth_call(1)
    call.hang_up()
    await ringing.until_ended()
    assert (ringing.status, ringing.ended_by_us) == (487, False)
    await call.until_ended()
    unanswered = one.call("1003")
    await three.nth_call(1)
    unanswered.hang_up()
    await unanswered.until_ended()


async def test_calls_are_transferred_blindly_and_attended(phones, outside):
    """The party that is left talks with the new one."""
    one, two, three = await phones("1001", "1002", "1003")
    two.behaviour, three.behaviour = Answer(tone_hz=500), Answer(tone_hz=700)
    call = await one.call("1002").until_answered()
    received = await two.nth_call(1)
    await until(lambda: call.audio.hears_tone(500))
    assert await received.transfer("1003") == 202
    await until(lambda: call.audio.hears_tone(700))
    await received.until_ended()
    third = await three.nth_call(1)
    outside.behaviour = Answer(tone_hz=900)
    consultation = await three.call("13800138000").until_answered()
    assert outside.dialled(await outside.nth_call(1)) == "13800138000"
    await until(lambda: consultation.audio.hears_tone(900))
    assert await third.transfer("13800138000", replaces=consultation) == 202
    await until(lambda: call.audio.hears_tone(900))


async def test_baresip_rings_answers_and_is_heard(lab, phones, tmp_path):
    """A telephone that is not ours, with real audio."""
    (one,) = await phones("1001")
    async with Baresip(lab.server, "1002", lab.password("1002"), folder=tmp_path) as baresip:
        call = await one.call("1002").until_answered()
        await until(lambda: call.audio.hears_tone(BARESIP_HZ))
        await baresip.command("hangup")
        await call.until_ended()


async def test_sipp_places_calls_to_a_queue(lab, agents, tmp_path):
    """Callers that are not ours are all served, one after the other."""
    (one,) = await agents("1001")
    one.behaviour = Answer(talk_s=0.2)
    done = await sipp_callers(lab.server, "4003", calls=5, per_s=5, folder=tmp_path)
    assert done.code == 0, done.output + done.errors
    assert len(one.calls) == 5
