"""Actions: answered, refused, never answered, and never sent twice."""

import asyncio
import gc

import pytest

from ccd.ami import AmiClient
from ccd.ami.client import MAX_PENDING
from ccd.errors import AmiActionError, AmiDownError, AmiUnknownOutcomeError, AmiValueError
from tests.support import until


@pytest.fixture
async def up(house):
    """Give a client that is synchronised."""
    up = await house()
    await up.synchronised()
    return up


async def test_an_answer_comes_to_whoever_asked(peer, up):
    """Many at once; each gets the answer to its own question."""
    peer.variables = {f"V{number}": f"张伟 {number}" for number in range(10)}
    values = await asyncio.gather(*(up.client.getvar(f"V{number}") for number in range(10)))
    assert values == [f"张伟 {number}" for number in range(10)]


async def test_a_variable_that_is_not_set_is_empty(peer, up):
    """As Asterisk says it."""
    assert await up.client.getvar("NOTHING", "PJSIP/1-1") == ""
    assert peer.actions_named("Getvar")[-1]["Channel"] == "PJSIP/1-1"


async def test_what_ccd_asks_is_written_as_asterisk_reads_it(peer, up):
    """Redirect, Hangup and Setvar, header by header."""
    await up.client.redirect("PJSIP/1-1", "ccd-loop", "s")
    await up.client.hangup("1.1", cause=17)
    await up.client.setvar("CCD_NEXT", 'a,b;"c" ${X}', "1.1")
    await up.client.setvar("GLOBAL", "")
    asked = [{k: v for k, v in action.items() if k != "ActionID"} for action in peer.received[-4:]]
    assert asked == [
        {"Action": "Redirect", "Channel": "PJSIP/1-1", "Context": "ccd-loop", "Exten": "s", "Priority": "1"},
        {"Action": "Hangup", "Channel": "1.1", "Cause": "17"},
        {"Action": "Setvar", "Variable": "CCD_NEXT", "Value": 'a,b;"c" ${X}', "Channel": "1.1"},
        {"Action": "Setvar", "Variable": "GLOBAL", "Value": ""},
    ]  # fmt: skip


async def test_actions_travel_on_the_session_without_events(peer, up):
    """So that they never wait behind events."""
    peer.drop_at.add("Redirect")
    events, actions = peer.sessions
    with pytest.raises(AmiUnknownOutcomeError):
        await up.client.redirect("PJSIP/1-1", "x", "s")
    assert events.events
    assert not actions.events
    assert actions not in peer.sessions


async def test_a_list_is_given_without_its_frame(peer, up):
    """Only the items, however many."""
    peer.channels = [{"Channel": f"PJSIP/1-{number}", "Uniqueid": f"1.{number}"} for number in range(20)]
    items = await up.client.action_list("CoreShowChannels")
    assert [item.get("Uniqueid") for item in items] == [f"1.{number}" for number in range(20)]
    peer.channels = []
    assert await up.client.action_list("CoreShowChannels") == []
    assert await up.client.action_list("Ping") == []


async def test_a_refusal_says_asterisks_words(peer, up):
    """Of a plain action and of a list."""
    peer.errors = {"Redirect": "Channel does not exist: PJSIP/1-1", "CoreShowChannels": "Permission denied"}
    with pytest.raises(AmiActionError, match="Redirect: Channel does not exist: PJSIP/1-1"):
        await up.client.redirect("PJSIP/1-1", "x", "s")
    with pytest.raises(AmiActionError, match="CoreShowChannels: Permission denied"):
        await up.client.action_list("CoreShowChannels")


async def test_silence_ends_in_an_unknown_outcome(peer, house):
    """After the timeout, with the action's name; the link stays up."""
    up = await house(action_timeout_s=0.3)
    await up.synchronised()
    peer.mute_at.add("Redirect")
    with pytest.raises(AmiUnknownOutcomeError, match=r"Redirect: .* within 0.3 s: .* not known"):
        await up.client.redirect("PJSIP/1-1", "x", "s")
    assert up.client.connected
    assert up.client.counters().unknown_outcomes == 1
    assert await up.client.getvar("X") == ""


async def test_a_late_answer_is_nobodys(peer, up):
    """It neither crashes nor answers another action."""
    peer.mute_at.add("CoreShowChannels")
    asking = asyncio.create_task(up.client.action("CoreShowChannels"))
    await until(lambda: len(peer.actions_named("CoreShowChannels")) == 2)
    asking.cancel()
    with pytest.raises(asyncio.CancelledError):
        await asking
    late = peer.actions_named("CoreShowChannels")[-1]["ActionID"]
    peer.sessions[1].send(b"Response: Success\r\nActionID: %b\r\nEventList: start\r\n\r\n" % late.encode())
    peer.sessions[1].send(b"Event: CoreShowChannel\r\nActionID: %b\r\nUniqueid: 1.1\r\n\r\n" % late.encode())
    assert await up.client.getvar("X") == ""
    assert up.told.kinds() == ["Synchronised"]


@pytest.mark.parametrize("loss", ["drop_at", "mute_at"])
async def test_an_action_lost_with_the_link_is_unknown_and_never_sent_again(peer, up, loss):
    """After the reconnect nothing is replayed: Redirect and Originate are not idempotent."""
    getattr(peer, loss).add("Redirect")
    asking = asyncio.create_task(up.client.redirect("PJSIP/1-1", "x", "s"))
    await until(lambda: peer.actions_named("Redirect"))
    if loss == "mute_at":
        peer.sessions[1].reset()
    with pytest.raises(AmiUnknownOutcomeError, match=r"Redirect: .* before the answer: .* not known"):
        await asking
    getattr(peer, loss).clear()
    await until(lambda: up.told.kinds() == ["Synchronised", "LinkLost", "Synchronised"])
    assert await up.client.getvar("X") == ""
    assert len(peer.actions_named("Redirect")) == 1


async def test_a_list_has_a_bound(peer, up, monkeypatch):
    """An Asterisk gone mad does not fill our memory: the link is given up."""
    monkeypatch.setattr("ccd.ami.client.MAX_LIST", 10)
    peer.channels = [{"Channel": f"PJSIP/1-{number}", "Uniqueid": f"1.{number}"} for number in range(20)]
    with pytest.raises(AmiUnknownOutcomeError, match="a list of more than 10 items"):
        await up.client.action_list("CoreShowChannels")


async def test_an_action_given_up_while_the_link_is_lost_leaves_no_trace(peer, up):
    """Whoever asked was cancelled in that very moment: no error is left that nobody reads."""
    complaints: list[object] = []
    asyncio.get_running_loop().set_exception_handler(lambda _, context: complaints.append(context))
    peer.mute_at.add("Redirect")
    asking = asyncio.create_task(up.client.redirect("PJSIP/1-1", "x", "s"))
    await until(lambda: peer.actions_named("Redirect"))
    up.client._link.sessions[1].close("closed by the test")
    asking.cancel()
    await asyncio.gather(asking, return_exceptions=True)
    del asking
    gc.collect()
    assert complaints == []


async def test_without_a_link_nothing_is_sent(peer):
    """The error says so: whoever asked may ask again."""
    client = AmiClient(peer.settings(), print)
    with pytest.raises(AmiDownError, match=rf"127.0.0.1:{peer.port}: nothing was sent"):
        await client.hangup("1.1")
    assert client.version == ""
    assert not client.connected
    assert peer.received == []


async def test_a_header_of_its_own_is_refused_before_sending(peer, up):
    """CR LF in a value from outside never becomes an action, nor is a place taken by it."""
    count = len(peer.received)
    with pytest.raises(AmiValueError, match="header Value: character 2"):
        await up.client.setvar("X", "y\r\nAction: Originate")
    with pytest.raises(AmiValueError, match="no name of an AMI header"):
        await up.client.action("Ping", {"X\r\nAction: Originate": "y"})
    await up.client.getvar("X")
    assert len(peer.received) == count + 1


async def test_patterns_and_the_command_line_are_refused(peer, up):
    """`Hangup` of /regex/ hangs up everybody; `Command` is not ours."""
    count = len(peer.received)
    with pytest.raises(AmiValueError, match="pattern"):
        await up.client.hangup("/.*/")
    with pytest.raises(AmiValueError, match="no right"):
        await up.client.action("Command", {"Command": "core stop now"})
    assert len(peer.received) == count


async def test_as_many_actions_wait_as_are_allowed(peer, house):
    """An Asterisk that answers nothing does not fill our memory."""
    up = await house(action_timeout_s=0.3)
    await up.synchronised()
    peer.mute_at.add("Getvar")
    async with asyncio.TaskGroup() as group:
        waiting = [group.create_task(_outcome(up.client.getvar("X"))) for _ in range(MAX_PENDING + 1)]
    kinds = [type(task.result()) for task in waiting]
    assert kinds.count(AmiDownError) == 1
    assert kinds.count(AmiUnknownOutcomeError) == MAX_PENDING
    peer.mute_at.clear()
    assert await up.client.getvar("X") == ""


async def _outcome(asking):
    try:
        return await asking
    except (AmiDownError, AmiUnknownOutcomeError) as error:
        return error
