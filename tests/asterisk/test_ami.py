"""The manager link on a real Asterisk: what it tells of real calls, and each action that ccd uses."""

import asyncio
from collections.abc import AsyncIterator, Callable
from typing import Any, Self

import pytest

from ccd.ami import AmiClient, AmiSettings, Origination
from ccd.ami.wire import MAX_LINE
from ccd.errors import AmiActionError, AmiAuthError
from ccd.events import (
    ChannelGone,
    DeviceStateChanged,
    Event,
    HangupRequested,
    Held,
    LegEnded,
    LegRang,
    LinkLost,
    Synchronised,
)
from ccd.model import ChannelId, DeviceState, DialStatus
from tests.asterisk.lab import Lab
from tests.asterisk.phones import Answer, Refuse, Ring
from tests.support import until


class Listener:
    """A link of our own beside ccd's, and what it told."""

    def __init__(self, lab: Lab, **changes: Any) -> None:
        secret = (lab.state / "ami-secret").read_text().strip()
        port = int(lab.variables["LAB_AMI_PORT"])
        self.told: list[Event] = []
        self.client = AmiClient(AmiSettings(**({"port": port, "secret": secret} | changes)), self.told.append)

    async def __aenter__(self) -> Self:
        """Connect and learn what exists."""
        self._running = asyncio.create_task(self.client.run())
        await until(self.client.synchronised.is_set)
        return self

    async def __aexit__(self, *_: object) -> None:
        """Disconnect."""
        self._running.cancel()
        await asyncio.gather(self._running, return_exceptions=True)

    def of(self, *kinds: type[Event]) -> list[Any]:
        """Give the events of some kinds, in order."""
        return [event for event in self.told if isinstance(event, kinds)]

    async def the(self, kind: type[Event], which: Callable[[Any], bool] = lambda _: True) -> Any:
        """Wait for the first event of a kind for which `which` holds."""
        found: list[Any] = []

        def is_there() -> bool:
            found[:] = [event for event in self.of(kind) if which(event)]
            return bool(found)

        await until(is_there, what=f"{kind.__name__} among {self.told}")
        return found[0]


@pytest.fixture
async def link(lab: Lab) -> AsyncIterator[Listener]:
    """Give a link that is synchronised."""
    async with Listener(lab) as listener:
        yield listener


async def test_the_house_learns_phones_and_channels(lab, phones, callers):
    """Registered phones are free, others unavailable, and a caller who waits is there."""
    await phones("1001")
    (caller,) = await callers("13866660001", media=False)
    await caller.call("4003").until_answered()
    async with Listener(lab) as listener:
        (told,) = listener.of(Synchronised)
    assert told.devices["PJSIP/1001"] is DeviceState.NOT_INUSE
    assert told.devices["PJSIP/1002"] is DeviceState.UNAVAILABLE
    (channel,) = told.channels
    assert channel.name.startswith("PJSIP/trunk")
    assert channel.application
    assert (channel.state, channel.bridge) == ("Up", "")
    assert channel.channel == channel.linkedid
    assert listener.client.version.startswith((await lab.status())["asterisk"]["version"])


async def test_a_talk_is_told_from_ringing_to_the_last_hang_up(link, agents, callers):
    """The leg rings, is answered, holds and resumes; the agent asks to hang up before the leg is gone."""
    (phone,) = await agents("1001")
    phone.behaviour = Answer(after_s=0.1, talk_s=None)
    (caller,) = await callers("13866660002")
    call = await caller.call("4003").until_answered()
    rang = await link.the(LegRang)
    ended = await link.the(LegEnded)
    leg = phone.calls[0]
    await leg.hold()
    await leg.resume()
    leg.hang_up()
    gone = await link.the(ChannelGone, lambda event: event.channel == rang.leg)
    call.hang_up()
    await link.the(ChannelGone, lambda event: event.channel == rang.caller)
    assert (ended.caller, ended.leg, ended.status) == (rang.caller, rang.leg, DialStatus.ANSWER)
    assert (rang.device, gone.cause, gone.linkedid) == ("PJSIP/1001", 16, rang.caller)
    assert link.of(Held) == [Held(channel=rang.leg, on=True), Held(channel=rang.leg, on=False)]
    asked = link.of(HangupRequested, ChannelGone)
    assert asked.index(HangupRequested(channel=rang.leg)) < asked.index(gone)
    states = [event.state for event in link.of(DeviceStateChanged) if event.device == "PJSIP/1001"]
    in_call = states[states.index(DeviceState.RINGING) :]
    assert [state for state in in_call if state is not DeviceState.ONHOLD][:2] == [
        DeviceState.RINGING,
        DeviceState.INUSE,
    ]


@pytest.mark.parametrize(
    ("behaviour", "told"),
    [
        (Refuse(status=486), (DialStatus.BUSY, 17)),
        (Refuse(status=603), (DialStatus.NOANSWER, 21)),
        (Refuse(status=480), (DialStatus.NOANSWER, 19)),
        (Refuse(status=404), (DialStatus.NOANSWER, 1)),
        (Refuse(status=503), (DialStatus.CONGESTION, 34)),
    ],
)
async def test_how_a_phone_refuses_is_told_by_status_and_cause(link, agents, callers, behaviour, told):
    """DialEnd alone does not tell a declined call from one that nobody took: the hang-up's cause does."""
    (phone,) = await agents("1001", media=False)
    phone.behaviour = behaviour
    (caller,) = await callers("13866660003", media=False)
    await caller.call("4003").until_answered()
    ended = await link.the(LegEnded)
    gone = await link.the(ChannelGone, lambda event: event.channel == ended.leg)
    assert (ended.status, gone.cause) == told


async def test_a_caller_taken_out_of_dial_cancels_the_ringing(link, agents, callers):
    """Redirect takes the channel's uniqueid as well as its name; the leg ends with CANCEL."""
    (phone,) = await agents("1001", media=False)
    phone.behaviour = Ring()
    (caller,) = await callers("13866660004", media=False)
    call = await caller.call("4003").until_answered()
    rang = await link.the(LegRang)
    await link.client.redirect(rang.caller, "ccd-loop", "go_hangup")
    ended = await link.the(LegEnded)
    assert (ended.leg, ended.status) == (rang.leg, DialStatus.CANCEL)
    await call.until_ended()


async def test_a_hang_up_carries_its_cause(link, callers):
    """Asked for by the channel's uniqueid."""
    (caller,) = await callers("13866660005", media=False)
    call = await caller.call("4003").until_answered()
    (channel,) = await link.client.action_list("CoreShowChannels")
    uniqueid = channel.get("Uniqueid") or ""
    await link.client.hangup(uniqueid, cause=17)
    assert (await link.the(ChannelGone)).cause == 17
    await call.until_ended()


async def test_variables_keep_quotes_chinese_and_what_looks_like_dialplan(link, callers):
    """What is set is read back as it was, up to the longest line that Asterisk reads."""
    (caller,) = await callers("13866660006", media=False)
    await caller.call("4003").until_answered()
    (channel,) = await link.client.action_list("CoreShowChannels")
    name = channel.get("Channel") or ""
    for value in ('a,b;"c" \\d\\ ${EPOCH} $[1+1] 张伟', "x" * (MAX_LINE - len("Value: ")), ""):
        await link.client.setvar("CCD_TEST", value, name)
        assert await link.client.getvar("CCD_TEST", name) == value
    assert await link.client.getvar("CCD_NEVER_SET", name) == ""
    assert (await link.client.getvar("EPOCH")).isdigit()


async def test_refusals_say_asterisks_words(link):
    """A channel that is gone, an action that does not exist, rights that our user does not have."""
    client = link.client
    for asking, words in (
        (
            client.redirect("PJSIP/none-1", "ccd-loop", "ask"),
            "Redirect: Channel does not exist: PJSIP/none-1",
        ),
        (client.hangup("PJSIP/none-1"), "Hangup: No such channel"),
        (client.getvar("X", "PJSIP/none-1"), "Getvar: No such channel"),
        (client.setvar("X", "1", "PJSIP/none-1"), "Setvar: No such channel"),
        (client.action("NoSuchAction"), "NoSuchAction: Invalid/unknown command"),
        (
            client.action("Originate", {"Channel": "PJSIP/1001", "Application": "System", "Data": "id"}),
            "Originate Access Forbidden",
        ),
        (client.getvar("SHELL(id)"), "Getvar: GetVar Access Forbidden"),
    ):
        with pytest.raises(AmiActionError, match=words):
            await asking


async def test_wrong_credentials_stop_with_the_remedy(lab):
    """Asterisk's own refusal, which takes it a second."""
    with pytest.raises(
        AmiAuthError, match=r"refused the manager user 'ccd' .*Authentication failed.*manager.conf"
    ):
        await Listener(lab, secret="wrong").client.run()


async def test_only_what_is_wanted_comes_over_the_wire(link, agents, callers):
    """The manager user's filters keep the hundred other events of a call away, and Local devices too."""
    (phone,) = await agents("1001", media=False)
    phone.behaviour = Answer(after_s=0.05, talk_s=0.1)
    before = link.client.counters()
    (caller,) = await callers("13866660007", media=False)
    await caller.call("4003").until_ended(8.0)
    await link.the(ChannelGone, lambda event: event.channel == event.linkedid)
    after = link.client.counters()
    pings = 4
    assert 6 <= after.events - before.events <= 20
    assert after.messages - before.messages <= after.events - before.events + pings


async def test_an_asterisk_that_restarts_is_noticed_and_found_again(lab, link):
    """It says that it goes; when it is booted again, the house knows anew what exists."""
    await lab.do("restart", "asterisk")
    await until(lambda: len(link.of(Synchronised)) == 2, 20.0)
    kinds = [type(event) for event in link.of(Synchronised, LinkLost)]
    assert kinds == [Synchronised, LinkLost, Synchronised]
    assert "PJSIP/1001" in link.of(Synchronised)[1].devices
    assert link.of(Synchronised)[1].channels == ()


@pytest.mark.parametrize(
    ("behaviour", "told"),
    [
        (Answer(after_s=0.1, talk_s=0.2), DialStatus.ANSWER),
        (Refuse(status=486), DialStatus.BUSY),
        (Refuse(status=603), DialStatus.NOANSWER),
        (Refuse(status=503), DialStatus.CONGESTION),
        (Ring(), DialStatus.NOANSWER),
    ],
)
async def test_a_call_of_our_own_tells_how_it_ended(link, phones, behaviour, told):
    """The phone shows who calls."""
    (phone,) = await phones("1001", media=False)
    phone.behaviour = behaviour
    assert await link.client.originate(_own_call(f"test-{told}-{id(behaviour)}")) is told
    assert [leg.peer_number for leg in phone.calls] == ["13866660008"]


async def test_nobody_is_called_twice_at_once(link, phones):
    """The channel has the id that we chose, and Asterisk refuses a second one of it."""
    (phone,) = await phones("1001", media=False)
    phone.behaviour = Answer(after_s=0.5, talk_s=0.2)
    call = _own_call("test-twice")
    first, second = await asyncio.gather(link.client.originate(call), link.client.originate(call))
    assert {first, second} == {DialStatus.ANSWER, DialStatus.CHANUNAVAIL}
    assert len(phone.calls) == 1
    await link.the(ChannelGone, lambda event: event.channel == call.channel_id)


def _own_call(channel_id: str, dial: str = "PJSIP/1001") -> Origination:
    return Origination(
        dial=dial,
        channel_id=ChannelId(channel_id),
        context="ccd-phones",
        exten="1002",
        ring_s=1.0,
        caller_number="13866660008",
        caller_name='"Zhang" <Wei>',
        variables={"CCD_TEST": 'a,b;"c"'},
    )


async def test_a_phone_that_is_not_there_is_told_as_such(link):
    """Nobody was called."""
    call = _own_call("test-nobody", "PJSIP/1002")
    assert await link.client.originate(call) is DialStatus.CHANUNAVAIL


async def test_the_doctor_knows_whether_asterisk_has_read_the_keys(lab):
    """A file that changed is told until Asterisk has read it; a business's system that is not there, too."""

    async def said(name: str) -> str:
        checks = (await lab.ask("doctor"))["checks"]
        return str({each["name"]: each["result"] for each in checks}[name])

    assert await said("asterisk keys") == "ok"
    assert await said("lookup t-crm") == "failed"
    assert await said("voicemail") == "ok"
    rendered = lab.state / "asterisk" / "etc" / "features_ccd.conf"

    async def changed() -> bool:
        await asyncio.to_thread(rendered.touch)
        return await said("asterisk keys") == "failed"

    await until(changed, what="the change is told")
    await lab.asterisk("module reload features")
    assert await said("asterisk keys") == "ok"
