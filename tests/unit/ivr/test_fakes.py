"""The fakes behave as a caller and a call do, or nothing that is tested with them means anything."""

import pytest

from ccd.errors import AgiHangupError
from ccd.history import FlowEntered, NodeVisited
from ccd.model import CallId, QueueOutcome, Sound
from tests.unit.ivr.fakes import FakeHost, FakeSounds, FakeVoice, flows

HELLO = (Sound(path="hello"),)


async def test_the_caller_presses_in_the_order_of_the_script():
    """A key cuts a prompt short where it may, is dropped where it may not, and silence follows the script."""
    voice = FakeVoice("1.2")
    assert await voice.play(HELLO, "123") == "1"
    assert await voice.play(HELLO, "123") == ""
    assert await voice.wait_digit(5) == "2"
    assert await voice.wait_digit(2.5) == ""
    assert voice.heard == ["hello", "hello", "wait 5", "wait 2.5"]


async def test_a_prompt_that_cannot_be_cut_short_takes_no_key():
    """The key is pressed at the next question instead."""
    voice = FakeVoice("1")
    assert await voice.play(HELLO, "") == ""
    assert await voice.wait_digit(1) == "1"


async def test_a_caller_who_hung_up_stays_away():
    """From then on everything raises, as an AGI session does."""
    voice = FakeVoice("!1")
    for _ in range(2):
        with pytest.raises(AgiHangupError):
            await voice.play(HELLO, "")
    with pytest.raises(AgiHangupError):
        await voice.wait_digit(1)
    assert voice.heard == ["wait 1"]


async def test_the_call_keeps_its_history_and_answers_for_the_queue():
    """Entries are kept in order, time passes, and the outcome is what was ordered."""
    host = FakeHost(outcome=QueueOutcome.FULL)
    host.note(FlowEntered(call_id=CallId("1"), at=host.now(), flow="main"))
    host.note(NodeVisited(call_id=CallId("1"), at=host.now(), flow="main", node="menu", result="1"))
    assert (host.kinds(), host.path()) == (["FlowEntered", "NodeVisited"], "menu=1")
    assert [entry.at for entry in host.entries] == [1, 2]
    assert host.wall().isoformat() == "2026-11-20T02:00:00+00:00"


def test_flows_start_with_their_first_node_and_sounds_can_be_missing():
    """The short forms that the tests use say what they seem to say."""
    assert flows(main={"a": {"play": "welcome"}, "b": {"hangup": None}})["main"].start == "a"
    assert FakeSounds(["gone"]).sounds("gone", "en") == ()
    assert FakeSounds().sounds("here", "zh") == (Sound(path="zh/here"),)
