"""Calls of our own: answered twice, never begun again, and of unknown outcome when the link is lost."""

import asyncio

import pytest

from ccd.ami import Origination
from ccd.errors import AmiActionError, AmiUnknownOutcomeError, AmiValueError
from ccd.model import ChannelId, DialStatus
from tests.support import until


def given_call(**changes) -> Origination:
    """Give a call to begin."""
    usual = {
        "dial": "PJSIP/1001",
        "channel_id": ChannelId("cb-1"),
        "context": "ccd-callback",
        "exten": "agent",
        "ring_s": 0.3,
    }
    return Origination(**(usual | changes))


@pytest.fixture
async def up(house):
    """Give a client that is synchronised."""
    up = await house()
    await up.synchronised()
    return up


async def asked(peer):
    """Wait for the action; give it."""
    await until(lambda: peer.actions_named("Originate"))
    return peer.actions_named("Originate")[-1]


@pytest.mark.parametrize(
    ("response", "reason", "told"),
    [
        ("Success", "4", DialStatus.ANSWER),
        ("Failure", "3", DialStatus.NOANSWER),
        ("Failure", "0", DialStatus.CHANUNAVAIL),
        ("Failure", "weird", DialStatus.CHANUNAVAIL),
    ],
)
async def test_how_it_ended_is_told_by_the_event_of_the_same_action(peer, up, response, reason, told):
    """Another origination's event is not taken for it."""
    calling = asyncio.create_task(up.client.originate(given_call(ring_s=5.0)))
    action = await asked(peer)
    peer.emit("OriginateResponse", ActionID="originate/other", Response="Success", Reason="4")
    peer.emit("OriginateResponse", ActionID=action["ActionID"], Response=response, Reason=reason)
    assert await calling is told


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ("BUSY", DialStatus.BUSY),
        ("CONGESTION", DialStatus.CONGESTION),
        ("NOANSWER", DialStatus.NOANSWER),
        ("ANSWER", DialStatus.NOANSWER),
        ("new", DialStatus.UNKNOWN),
    ],
)
async def test_why_nobody_answered_is_told_by_the_end_of_the_leg(peer, up, said, told):
    """The event of the action itself says 0 for all of it; of two with one id the first has the channel."""
    calling = asyncio.create_task(up.client.originate(given_call(ring_s=5.0)))
    action = await asked(peer)
    again = asyncio.create_task(up.client.originate(given_call(ring_s=5.0)))
    await until(lambda: len(peer.actions_named("Originate")) == 2)
    second = (await asked(peer))["ActionID"]
    peer.emit("OriginateResponse", ActionID=second, Response="Failure", Reason="0")
    assert await again is DialStatus.CHANUNAVAIL
    peer.emit("OriginateResponse", ActionID=action["ActionID"], Response="Failure", Reason="0")
    peer.emit("DialEnd", DestUniqueid="cb-1", DestChannel="PJSIP/1001-1", DialStatus=said)
    assert await calling is told


async def test_the_action_is_written_as_asterisk_reads_it(peer, up):
    """Each variable in a header of its own; what would end the caller id's quotes is left out."""
    call = given_call(
        ring_s=20.0, caller_number="4000>", caller_name='A "B" <c>', variables={"CCD_ENTRY": "callback/7"}
    )
    calling = asyncio.create_task(up.client.originate(call))
    action = await asked(peer)
    peer.emit("OriginateResponse", ActionID=action.pop("ActionID"), Response="Success", Reason="4")
    await calling
    assert action == {
        "Action": "Originate", "Channel": "PJSIP/1001", "ChannelId": "cb-1", "Context": "ccd-callback",
        "Exten": "agent", "Priority": "1", "Timeout": "20000", "Async": "true",
        "CallerID": '"A B c" <4000>', "Variable": "CCD_ENTRY=callback/7",
    }  # fmt: skip


async def test_a_refusal_is_told_at_once(peer, up):
    """Nobody was called."""
    peer.errors = {"Originate": "Channel not specified"}
    with pytest.raises(AmiActionError, match="Originate: Channel not specified"):
        await up.client.originate(given_call())


async def test_an_end_that_is_never_told_is_unknown(peer, up, monkeypatch):
    """Time ran out."""
    monkeypatch.setattr("ccd.ami.originate.SLACK_S", 0.1)
    with pytest.raises(AmiUnknownOutcomeError, match="ask for the channel"):
        await up.client.originate(given_call(ring_s=0.1))
    assert len(peer.actions_named("Originate")) == 1


@pytest.mark.parametrize("session", [0, 1])
async def test_a_link_lost_meanwhile_makes_it_unknown(peer, up, session):
    """Whichever session it was; nothing is begun again."""
    calling = asyncio.create_task(up.client.originate(given_call(ring_s=30.0)))
    await asked(peer)
    peer.sessions[session].reset()
    with pytest.raises(AmiUnknownOutcomeError):
        await asyncio.wait_for(calling, 5.0)
    await until(lambda: up.told.kinds() == ["Synchronised", "LinkLost", "Synchronised"])
    assert len(peer.actions_named("Originate")) == 1


@pytest.mark.parametrize(
    "change",
    [
        {"channel_id": ChannelId("a b")},
        {"channel_id": ChannelId("")},
        {"context": "default"},
        {"dial": "PJSIP/1001&PJSIP/1002"},
        {"variables": {"X": "y\r\nAction: Hangup"}},
        {"exten": "s\r\nAction: Hangup"},
    ],
)
async def test_what_must_not_be_begun_is_refused_before_sending(peer, up, change):
    """Strange ids, foreign contexts, several phones, headers of their own."""
    with pytest.raises(AmiValueError):
        await up.client.originate(given_call(**change))
    assert peer.actions_named("Originate") == []
