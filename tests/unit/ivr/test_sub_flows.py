"""Sub-flows: through another flow and back, and what the check says of them."""

from typing import Any

import pytest

from ccd.ivr.check import Known, check_flows
from ccd.ivr.ports import Ended
from tests.unit.ivr.fakes import Call, flows

MAIN: dict[str, Any] = {
    "ask": {"call": "verify", "into": "level", "next": "decide"},
    "decide": {"branch": "level", "cases": [{"equals": "gold", "next": "vip"}], "default": "bye"},
    "vip": {"play": "welcome", "next": "bye"},
    "bye": {"hangup": None},
}
VERIFY: dict[str, Any] = {
    "menu": {"menu": "main-menu", "choices": {"1": "gold"}, "on_timeout": "none"},
    "gold": {"set": {"found": "gold"}, "next": "out"},
    "out": {"return": "{found}"},
    "none": {"return": None},
}


async def test_a_flow_comes_back_to_where_it_was_called_with_what_it_returns():
    """The way back is forgotten then."""
    call = Call(nodes=MAIN, more={"verify": VERIFY}, keys=".1")
    assert await call.walk() is Ended.HUNG_UP
    assert call.host.path() == ("ask=verify menu=1 gold=done out=return decide=case 1 vip=done bye=hangup")
    assert call.caller.returns == []
    assert call.host.kinds().count("FlowEntered") == call.host.kinds().count("FlowLeft") == 3


async def test_without_a_value_the_variable_is_empty():
    """Whatever it held before."""
    nodes = {"set": {"set": {"level": "gold"}, "next": "ask"}, **MAIN}
    call = Call(nodes=nodes, more={"verify": VERIFY}, keys="")
    await call.walk()
    assert call.caller.variables["level"] == ""
    assert call.host.path().endswith("decide=default bye=hangup")


async def test_a_walk_that_begins_inside_a_sub_flow_comes_back_too():
    """The way back travels with the call: a process that never saw the call node knows it."""
    call = Call(nodes=MAIN, more={"verify": VERIFY}, place="verify:menu", keys=".1")
    call.caller.returns = ["main:ask"]
    assert await call.walk() is Ended.HUNG_UP
    assert call.caller.variables["level"] == "gold"


async def test_the_outermost_return_leaves_ccd():
    """For the dialplan that sent the caller by Gosub."""
    call = Call(nodes=VERIFY, keys=".1")
    assert await call.walk() is Ended.FINISHED


async def test_a_place_that_is_gone_ends_the_flow():
    """A reload may take the calling node away."""
    call = Call(nodes=MAIN, more={"verify": VERIFY}, place="verify:menu", keys=".1")
    call.caller.returns = ["main:gone"]
    assert await call.walk() is Ended.FINISHED


async def test_calls_have_a_depth():
    """A configuration that nobody checked ends the call with an apology."""
    call = Call(nodes={"again": {"call": "main"}})
    assert await call.walk() is Ended.HUNG_UP
    assert call.voice.heard == ["en/system-error"]
    assert len(call.caller.returns) == 5


async def test_what_is_returned_of_a_secret_is_one():
    """Masked digits stay out of everything."""
    pin = {"pin": {"collect": "pin", "prompt": "enter-number", "max": 4, "mask": True, "next": "out"}}
    call = Call(nodes=MAIN, more={"verify": pin | {"out": {"return": "x{pin}"}}}, keys=".1234")
    await call.walk()
    assert call.caller.variables["level"] == "x1234"
    assert call.caller.secrets == {"pin": "verify:pin", "level": "verify:pin"}
    assert "1234" not in str(call.host.entries)


def complaints(**named: Any) -> list[str]:
    """Check flows and give `key: message` of each problem."""
    known = Known(queues=frozenset({"sales"}))
    return [f"{each.path}: {each.message}" for each in check_flows(flows(**named), known)]


def test_good_sub_flows_are_good():
    """Two callers of one flow make no circle, a loop through a flow that asks for a key neither."""
    again = {"a": {"call": "ask", "next": "b"}, "b": {"call": "ask", "next": "a"}}
    ask = {"menu": {"menu": "m", "choices": {"1": "out"}, "on_timeout": "bye"}, "out": {"return": None},
           "bye": {"hangup": None}}  # fmt: skip
    assert complaints(main=MAIN, verify=VERIFY) == []
    assert complaints(main=again, ask=ask) == []


@pytest.mark.parametrize(
    ("named", "said"),
    [
        (
            {"main": {"a": {"call": "other", "next": "a"}}, "other": {"b": {"play": "w"}}},
            "flows.main.nodes.a.call: flow 'other' never returns",
        ),
        (
            {"main": {"a": {"call": "main", "next": "b"}, "b": {"return": None}}},
            "flows.main.nodes.a.call: flow 'main' leads back to this node without a return",
        ),
        (
            {"main": {"a": {"call": "other"}}, "other": {"b": {"goto": "main:a"}}},
            "flows.main.nodes.a.call: flow 'other' leads back to this node without a return",
        ),
        (
            {"main": {"a": {"call": "other", "next": "a"}}, "other": {"b": {"return": None}}},
            "flows.main.nodes.a: a caller who presses nothing goes round for ever: main:a → main:a",
        ),
        ({"main": {"a": {"call": "othr"}}}, "flows.main.nodes.a.call: there is no flow 'othr'"),
    ],
)
def test_what_is_wrong_with_sub_flows_is_told(named, said):
    """At the call."""
    assert said in complaints(**named)
