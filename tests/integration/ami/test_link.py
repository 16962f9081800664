"""The link to a scripted Asterisk: coming up, staying in step, going down, coming back."""

import asyncio
import itertools
import time
from typing import Never

import pytest
from structlog.testing import capture_logs

from ccd.ami import AmiClient, AmiCounters, AmiSettings
from ccd.ami.delivery import TURN_S
from ccd.ami.link import ManagerLink
from ccd.errors import AmiAuthError, AmiDownError, AmiValueError
from ccd.events import ChannelGone, Held, LinkLost, LiveChannel, Synchronised
from ccd.model import DeviceState
from tests.integration.ami.peer import GREETING, VERSION
from tests.support import until

FREE, BUSY = DeviceState.NOT_INUSE, DeviceState.INUSE


def channel(uniqueid: str) -> dict[str, str]:
    """Describe a channel of CoreShowChannels."""
    return {"Channel": f"PJSIP/1-{uniqueid}", "Uniqueid": uniqueid, "Linkedid": uniqueid, "BridgeId": ""}


async def test_the_house_learns_what_exists(peer, house):
    """Phones and channels come as one Synchronised, asked for on a session that hears no events."""
    peer.devices = {"PJSIP/1001": "NOT_INUSE", "Local/x@y": "INUSE"}
    peer.channels = [channel("1.1")]
    before = asyncio.get_running_loop().time()
    up = await house()
    await up.synchronised()
    await until(lambda: up.told)
    (told,) = up.told
    assert told.devices == {"PJSIP/1001": FREE}
    assert told.channels == (LiveChannel(channel="1.1", name="PJSIP/1-1.1", linkedid="1.1"),)
    assert before <= told.asked_at <= asyncio.get_running_loop().time()
    assert up.client.connected
    assert up.client.version == VERSION
    assert [action["Events"] for action in peer.actions_named("Login")] == ["system,call,dtmf", "off"]


async def test_events_are_told_in_order(peer, house):
    """None is lost, none comes twice, 张 whole."""
    up = await house()
    await up.synchronised()
    for number in range(20):
        peer.emit("Hangup", Uniqueid=f"1.{number}", Cause="16", Linkedid="张伟")
        peer.emit("VarSet", Uniqueid=f"1.{number}", Variable="X", Value="y")
    await until(lambda: len(up.told.of(ChannelGone)) == 20)
    assert up.told[1:] == [
        ChannelGone(channel=f"1.{number}", cause=16, linkedid="张伟") for number in range(20)
    ]
    counters = up.client.counters()
    assert (counters.events, counters.queued, counters.resyncs) == (20, 0, 1)
    assert counters.messages >= 40


async def test_nothing_is_asked_before_asterisk_has_booted(peer, house):
    """An Asterisk that boots does not know its phones yet, nor DeviceStateList."""
    peer.booted = False
    up = await house()
    await until(lambda: peer.logins == 2)
    peer.emit("DeviceStateChange", Device="PJSIP/1001", State="INUSE")
    with pytest.raises(AmiDownError, match="nothing was sent"):
        await up.client.action("CoreSettings")
    assert not peer.actions_named("DeviceStateList")
    peer.devices["PJSIP/1001"] = "NOT_INUSE"
    peer.boot()
    await up.synchronised()
    await until(lambda: up.told)
    assert up.told[0].devices == {"PJSIP/1001": BUSY}


async def test_a_user_that_never_hears_of_the_boot_works_all_the_same(peer, house):
    """Without read=system FullyBooted does not come; when it comes late, Asterisk is asked again."""
    peer.booted = False
    up = await house(boot_timeout_s=0.05)
    await up.synchronised()
    peer.boot()
    await until(lambda: len(up.told.of(Synchronised)) == 2)


async def test_an_event_during_the_snapshot_is_not_overtaken_by_it(peer, house):
    """A phone that became busy after the list was made is busy; a channel that went is gone afterwards."""
    peer.devices = {"PJSIP/1001": "NOT_INUSE", "PJSIP/1002": "NOT_INUSE"}
    peer.channels = [channel("1.1")]

    def meanwhile() -> None:
        peer.emit("DeviceStateChange", Device="PJSIP/1001", State="RINGING")
        peer.emit("DeviceStateChange", Device="PJSIP/1001", State="INUSE")
        peer.emit("Hangup", Uniqueid="1.1", Cause="16")

    peer.before_answer["CoreShowChannels"] = meanwhile
    up = await house()
    await until(lambda: len(up.told) == 2)
    assert up.told[0].devices == {"PJSIP/1001": BUSY, "PJSIP/1002": FREE}
    assert up.told[1] == ChannelGone(channel="1.1", cause=16)


async def test_what_asterisk_had_ready_is_part_of_the_snapshot(peer, house):
    """The lists and the events come on two sessions: the snapshot waits until the second one is read up."""
    peer.devices = {"PJSIP/1001": "NOT_INUSE"}
    peer.before_answer["Ping"] = lambda: peer.emit("DeviceStateChange", Device="PJSIP/1001", State="INUSE")
    up = await house()
    await until(lambda: up.told)
    assert up.told[0].devices == {"PJSIP/1001": BUSY}
    assert up.told.kinds() == ["Synchronised"]


async def test_a_reset_is_noticed_and_repaired(peer, house):
    """LinkLost at once, Synchronised again within two seconds, with what changed meanwhile."""
    peer.devices = {"PJSIP/1001": "NOT_INUSE"}
    up = await house()
    await up.synchronised()
    peer.devices["PJSIP/1001"] = "INUSE"
    peer.sessions[0].reset()
    await until(lambda: up.told.kinds() == ["Synchronised", "LinkLost", "Synchronised"], 2.0)
    assert up.told[2].devices == {"PJSIP/1001": BUSY}
    assert up.client.counters().reconnects == 1


async def test_either_session_takes_the_link_down_with_it(peer, house):
    """A link with only one of its sessions is none."""
    up = await house()
    for number, session in itertools.product((1, 2), (0, 1)):
        await up.synchronised()
        count = len(up.told.of(LinkLost))
        peer.sessions[session].close()
        await until(lambda count=count: len(up.told.of(LinkLost)) == count + 1, what=f"{number} {session}")
    await up.synchronised()


async def test_a_peer_that_refuses_connections_is_tried_until_it_is_back(peer, house):
    """The house is told once that the link is lost, and once that it is back."""
    up = await house()
    await up.synchronised()
    await peer.refuse()
    await until(lambda: up.client.counters().reconnects >= 5)
    assert not up.client.connected
    await peer.listen()
    await up.synchronised()
    await until(lambda: len(up.told) == 3)
    assert up.told.kinds() == ["Synchronised", "LinkLost", "Synchronised"]


async def test_a_half_open_link_is_noticed(peer, house):
    """No packet says that the peer is gone: its silence does."""
    up = await house(ping_interval_s=0.1, ping_timeout_s=0.2)
    await up.synchronised()
    await until(lambda: up.client.counters().last_pong_at is not None)
    peer.speaking.clear()
    await until(lambda: up.told.of(LinkLost), 1.0)
    peer.speaking.set()
    await until(lambda: up.told.kinds()[-1] == "Synchronised")


async def test_a_busy_link_is_not_taken_for_a_dead_one(peer, house):
    """As long as bytes come, Asterisk is there, even when it answers no ping in time."""
    up = await house(ping_interval_s=0.05, ping_timeout_s=0.1)
    await up.synchronised()
    peer.mute_at.add("Ping")
    actions = peer.sessions[1]
    for number in range(40):  # one event every 10 ms
        peer.emit("Hangup", Uniqueid=f"1.{number}")
        actions.send(b"Event: VarSet\r\n\r\n")
        await asyncio.sleep(0.01)
    assert up.client.synchronised.is_set()
    await until(lambda: up.told.of(LinkLost), 2.0)


async def test_a_shutdown_loses_the_link_at_once(peer, house):
    """Asterisk says that it goes before it closes."""
    up = await house()
    await up.synchronised()
    peer.emit("Shutdown", Shutdown="Cleanly", Restart="False")
    await until(lambda: "LinkLost" in up.told.kinds(), 1.0)


async def test_wrong_credentials_stop_with_the_remedy(peer):
    """Asterisk is asked once, not hammered, and the secret is not in the message."""
    client = AmiClient(peer.settings(secret="wrong-secret"), print)
    with pytest.raises(
        AmiAuthError, match=r"refused the manager user 'ccd' .*Authentication failed.*manager.conf"
    ) as caught:
        await client.run()
    assert peer.logins == 1
    assert "wrong-secret" not in str(caught.value)
    assert "wrong-secret" not in repr(peer.settings(secret="wrong-secret"))


async def test_a_second_login_that_is_refused_stops_too(peer):
    """Without allowmultiplelogin the session for actions is not let in."""
    peer.before_answer["Login"] = lambda: peer.errors.update(
        {"Login": "Login Already In Use"} if peer.logins else {}
    )
    with pytest.raises(AmiAuthError, match=r"Login Already In Use.*allowmultiplelogin=yes"):
        await AmiClient(peer.settings(), print).run()
    await until(lambda: not peer.sessions)


async def test_an_asterisk_that_goes_down_refuses_logins_for_a_while(peer, house):
    """That is no reason to give up: it is tried again until it is back."""
    peer.errors["Login"] = "Asterisk is shutting down"
    up = await house()
    await until(lambda: up.client.counters().reconnects >= 3)
    assert not up.task.done()
    del peer.errors["Login"]
    await up.synchronised()


async def test_a_secret_that_ami_cannot_carry_stops_too(peer):
    """CR LF in the configuration's secret is our mistake, to be told and not to be sent."""
    with pytest.raises(AmiValueError, match="header Secret"):
        await AmiClient(peer.settings(secret="a\r\nAction: Originate"), print).run()
    assert peer.received == []


async def test_a_refused_list_is_tried_again(peer, house):
    """A right that the user lacks, or a module that is not loaded yet."""
    peer.errors["DeviceStateList"] = "Permission denied"
    up = await house()
    await until(lambda: up.client.counters().reconnects >= 2)
    assert up.told == []
    del peer.errors["DeviceStateList"]
    await up.synchronised()


@pytest.mark.parametrize(
    "garbage",
    [
        b"\x00\xff\r\n\r\n",
        b"HTTP/1.1 400\r\n\r\n",
        b"Event: Hangup\r\n\r\n",
        b"Event: X\r\nY: " + b"x" * 70_000,
    ],
    ids=["bytes", "http", "lacking", "endless"],
)
async def test_garbage_costs_the_connection_and_nothing_else(peer, house, garbage):
    """The link comes up again."""
    up = await house()
    await up.synchronised()
    peer.piece = 0
    peer.emit_raw(garbage)
    await until(lambda: up.told.kinds() == ["Synchronised", "LinkLost", "Synchronised"])


async def test_another_service_behind_the_port_is_no_asterisk(peer, house):
    """What is wrong is logged, once, and it is tried again."""
    peer.greeting = b"SSH-2.0-OpenSSH_9.6\r\n"
    with capture_logs() as logs:
        up = await house()
        await until(lambda: up.client.counters().reconnects >= 3)
    aloud = [line["reason"] for line in logs if line["log_level"] == "warning"]
    assert len(aloud) == 1
    assert "before the answer" in aloud[0] or "is this the port of Asterisk's manager interface" in aloud[0]
    peer.greeting = GREETING
    await up.synchronised()


async def test_lost_events_are_made_good_by_asking_anew(peer, house):
    """More events at once than the queue takes: what is so now is told, and no history with holes."""
    up = await house(queue_limit=10)
    await up.synchronised()
    peer.piece = 0
    peer.channels = [channel("2.1")]
    peer.emit_raw(b"".join(b"Event: Hold\r\nUniqueid: 1.%d\r\n\r\n" % number for number in range(25)))
    await until(lambda: len(up.told.of(Synchronised)) == 2)
    await until(lambda: up.told[-1] == Held(channel="1.24", on=True))
    assert up.told.of(LinkLost) == []
    assert up.told.of(Synchronised)[1].channels[0].channel == "2.1"
    counters = up.client.counters()
    assert (counters.overflows, counters.resyncs) == (2, 2)
    peer.emit("Unhold", Uniqueid="1.25")
    await until(lambda: up.told[-1] == Held(channel="1.25", on=False))


async def test_events_lost_during_the_snapshot_are_made_good_by_another_one(peer, house):
    """A snapshot with a hole behind it is not told: Asterisk is asked once more."""
    peer.piece = 0
    burst = b"".join(b"Event: Hold\r\nUniqueid: 1.%d\r\n\r\n" % number for number in range(15))

    def meanwhile() -> None:
        if len(peer.actions_named("CoreShowChannels")) == 1:
            peer.emit_raw(burst)

    peer.before_answer["CoreShowChannels"] = meanwhile
    up = await house(queue_limit=10)
    await until(lambda: len(up.told) == 6)
    assert up.told.kinds() == ["Synchronised"] + ["Held"] * 5
    assert up.told[-1] == Held(channel="1.14", on=True)
    assert len(peer.actions_named("CoreShowChannels")) == 2


async def test_news_of_a_lost_link_does_not_outlive_it(peer, house):
    """What was held back for a snapshot that never came is older than the next snapshot."""
    peer.devices = {"PJSIP/1001": "NOT_INUSE"}
    peer.before_answer["CoreShowChannels"] = lambda: peer.emit(
        "DeviceStateChange", Device="PJSIP/1001", State="INUSE"
    )
    peer.mute_at.add("CoreShowChannels")
    up = await house()
    await until(lambda: up.client.counters().events == 1)
    peer.before_answer.clear()
    peer.mute_at.clear()
    peer.sessions[1].reset()
    await until(lambda: up.told)
    assert up.told[0].devices == {"PJSIP/1001": FREE}


async def test_a_stop_tells_nothing_that_still_waits(peer):
    """A daemon that ends hears no more, although events are queued."""
    told: list[object] = []

    def slow(event: object) -> None:
        time.sleep(TURN_S)
        told.append(event)

    client = AmiClient(peer.settings(), slow)
    running = asyncio.create_task(client.run())
    await until(lambda: len(told) == 1)
    peer.piece = 0
    peer.emit_raw(b"Event: Hold\r\nUniqueid: 1.1\r\n\r\n" * 500)
    await until(lambda: client.counters().queued > 50)
    running.cancel()
    with pytest.raises(asyncio.CancelledError):
        await running
    count = len(told)
    assert client.counters().queued == 0
    for _ in range(5):
        await asyncio.sleep(0)
    assert len(told) == count


async def test_a_stop_is_silent_and_complete(peer, house):
    """Cancelled, the client closes both sessions and tells nothing more."""
    up = await house()
    await up.synchronised()
    count = len(up.told)
    up.task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await up.task
    await until(lambda: not peer.sessions)
    assert not up.client.connected
    assert len(up.told) == count


async def test_the_pause_between_attempts_grows_to_a_bound_by_chance():
    """Two seconds at most, so that the link is back soon after Asterisk is."""
    link = ManagerLink(AmiSettings(secret="x"), _never, AmiCounters(), print)
    pauses = [[link._pause_s(attempt) for _ in range(50)] for attempt in range(40)]
    assert all(0.05 <= pause <= 0.1 for pause in pauses[0])
    assert all(1.0 <= pause <= 2.0 for later in pauses[5:] for pause in later)
    assert len(set(pauses[-1])) > 1


async def _never(*_: object) -> Never:
    raise AssertionError
