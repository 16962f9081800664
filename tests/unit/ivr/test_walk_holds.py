"""What holds for every walk: a whole history, an end, little time."""

import asyncio
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st
from structlog.testing import capture_logs

from ccd.config.flows import KINDS
from ccd.errors import AgiHangupError
from ccd.history import FlowEntered, FlowLeft, NodeVisited
from ccd.ivr.kinds import KINDS as EXECUTED
from ccd.ivr.ports import Ended
from tests.unit.ivr.fakes import HOTLINE, Call


@pytest.mark.parametrize("keys", ["!", ".!", ".9!", ".2.1!", ".2.123#!"])
async def test_a_hang_up_anywhere_leaves_a_whole_history(keys):
    """The error passes through; the node in which it happened is named, and the flow is left."""
    call = Call(nodes=HOTLINE, keys=keys)
    with pytest.raises(AgiHangupError):
        await call.walk()
    assert isinstance(call.host.entries[0], FlowEntered)
    assert isinstance(call.host.entries[-2], NodeVisited)
    assert call.host.entries[-2].result == "hangup"
    assert isinstance(call.host.entries[-1], FlowLeft)


async def test_a_circle_that_nobody_checked_ends_the_call():
    """After 500 nodes without a key the caller hears an apology, and the log says what to do."""
    call = Call(nodes={"a": {"goto": "b"}, "b": {"goto": "a"}})
    with capture_logs() as logs:
        assert await call.walk() is Ended.HUNG_UP
    assert call.voice.heard == ["en/system-error"]
    assert len(call.host.entries) == 500 + 2
    assert "ccd check" in logs[-1]["event"]


async def test_a_caller_who_presses_keys_is_not_counted_out():
    """Only nodes passed in silence count."""
    call = Call(nodes=HOTLINE, keys=".9" * 600 + ".1")
    assert await call.walk() is Ended.HANDED_OFF


def test_every_kind_of_node_is_walked():
    """A kind that is added to the configuration has its place in the interpreter."""
    assert set(EXECUTED) == set(KINDS.values())


@given(st.text("0123456789*#.!", max_size=60))
def test_any_keys_end_the_walk_with_a_whole_history(keys):
    """Whatever is pressed, the call is handed off, finished or hung up, and the flow is left exactly once."""
    call = Call(nodes=HOTLINE, keys=keys)
    try:
        assert asyncio.run(call.walk()) in Ended
    except AgiHangupError:
        assert "!" in keys
    kinds = call.host.kinds()
    assert kinds.count("FlowEntered") == kinds.count("FlowLeft") == 1
    assert kinds[-1] == "FlowLeft"


async def test_a_node_costs_under_a_millisecond():
    """A flow of 30 nodes takes far less of our time than one of its prompts."""
    nodes = {f"n{number}": {"play": "welcome", "next": f"n{number + 1}"} for number in range(30)}
    call = Call(nodes=nodes | {"n30": {"hangup": None}})
    started = time.process_time()
    await call.walk()
    assert (time.process_time() - started) / 30 < 0.001


@pytest.mark.parametrize(
    ("asked_at", "path"),
    [
        ("main:pin", "pin=**** check=case 1"),
        ("other:pin", "check=default"),
    ],
)
async def test_a_secret_that_a_restart_lost_is_asked_for_again(asked_at, path):
    """By the same flow's node; what another flow asked for is empty."""
    nodes = {
        "pin": {"collect": "pin", "prompt": "enter-number", "max": 4, "mask": True, "next": "check"},
        "check": {"branch": "pin", "cases": [{"equals": "4711", "next": "bye"}], "default": "bye"},
        "bye": {"play": "goodbye"},
    }
    call = Call(nodes=nodes, place="main:check", keys=".4711")
    call.caller.lost = {"pin": asked_at}
    await call.walk()
    assert call.host.path() == f"{path} bye=done"
    assert call.caller.lost == {}


async def test_masked_digits_stand_nowhere_in_the_history():
    """Nor does what is made of them; the record shows how many there were."""
    nodes = {
        "pin": {"collect": "pin", "prompt": "enter-number", "max": 4, "mask": True, "next": "copy"},
        "copy": {"set": {"copy": "a{pin}", "twice": "{copy}{pin}"}, "next": "said"},
        "said": {"say": "digits", "value": "{copy}"},
    }
    call = Call(nodes=nodes, keys=".4711")
    with capture_logs() as logs:
        await call.walk()
    assert "4711" not in str((call.host.entries, logs))
    assert call.caller.secrets.keys() == {"pin", "copy", "twice"}
