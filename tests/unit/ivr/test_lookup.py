"""The lookup node: what is asked, what is taken, where it goes on."""

import asyncio
from typing import Any

import pytest

from ccd.errors import AgiHangupError
from ccd.history import FactsLearnt, LanguageChosen
from ccd.ivr.ports import Ended
from ccd.model import LookupAnswer, LookupOutcome
from tests.unit.ivr.fakes import Call

ASK: dict[str, Any] = {
    "lookup": "crm",
    "send": ["account"],
    "take": ["balance"],
    "on_found": "wait",
    "on_not_found": "unknown",
    "on_failed": "sorry",
}
NODES: dict[str, Any] = {
    "start": {"set": {"account": "4711", "other": "no business of theirs"}, "next": "ask"},
    "ask": ASK,
    "wait": {"queue": "{queue}", "on_failed": "sorry"},
    "unknown": {"play": "welcome"},
    "sorry": {"play": "call-failed"},
}
FOUND = LookupAnswer(
    outcome=LookupOutcome.FOUND,
    queue="vip",
    agent="8001",
    priority=7,
    language="zh",
    skills={"english": 3},
    variables={"balance": "12", "account": "0"},
    data={"Customer": "A-17"},
)


async def test_the_answer_chooses_queue_agent_priority_language_and_skills():
    """And its data stand in the history; a variable that the node does not take is passed over."""
    call = Call(nodes=NODES)
    call.host.answer = FOUND
    assert await call.walk() is Ended.HANDED_OFF
    ((place, node),) = call.host.handed
    assert (place.node, node.queue) == ("wait", "vip")
    caller = call.caller
    assert (caller.preferred_agent, caller.priority, caller.needs) == ("8001", 7, {"english": 3})
    assert (caller.language, call.voice.language) == ("zh", "zh")
    assert (caller.variables["balance"], caller.variables["account"]) == ("12", "4711")
    assert caller.data == {"Customer": "A-17"}
    assert [each.facts for each in call.host.entries if isinstance(each, FactsLearnt)] == [
        (("Customer", "A-17"),)
    ]
    assert any(isinstance(each, LanguageChosen) for each in call.host.entries)


async def test_only_what_is_named_is_sent():
    """The call, both numbers, the language, and the variables of `send`."""
    call = Call(nodes=NODES)
    await call.walk()
    assert call.host.asked == [
        (
            "crm",
            {
                "call_id": "1700000000.1",
                "caller": "13800000001",
                "called": "4000",
                "language": "en",
                "lookup": "crm",
                "variables": {"account": "4711"},
            },
        )
    ]


@pytest.mark.parametrize("key", ["send", "send_secret"])
async def test_a_secret_is_sent_only_as_one(key):
    """What was collected masked, and what was made of it, must be named in `send_secret`."""
    nodes = {
        "pin": {"collect": "pin", "prompt": "enter-number", "max": 4, "mask": True, "next": "copy"},
        "copy": {"set": {"account": "7-{pin}"}, "next": "ask"},
        **{name: node for name, node in NODES.items() if name != "start"},
        "ask": ASK | {"send": [], key: ["account", "pin"]},
    }
    call = Call(nodes=nodes, keys=".1234")
    await call.walk()
    sent = call.host.asked[0][1]["variables"]
    assert sent == ({} if key == "send" else {"account": "7-1234", "pin": "1234"})


@pytest.mark.parametrize(
    ("outcome", "heard"),
    [(LookupOutcome.NOT_FOUND, "welcome"), (LookupOutcome.FAILED, "call-failed")],
)
async def test_the_other_ways(outcome, heard):
    """Who is not known, and when nobody knows."""
    call = Call(nodes=NODES)
    call.host.answer = LookupAnswer(outcome=outcome, queue="vip")
    await call.walk()
    assert call.voice.heard == [f"en/{heard}"]
    assert "queue" not in call.caller.variables


async def test_branches_that_are_left_out_go_the_way_of_failure():
    """One way is enough for those who only want the data."""
    for outcome in LookupOutcome:
        call = Call(nodes={"ask": {"lookup": "crm", "on_failed": "next"}, "next": {"play": "welcome"}})
        call.host.answer = LookupAnswer(outcome=outcome)
        await call.walk()
        assert call.host.path() == f"ask={outcome} next=done"


@pytest.mark.parametrize(("takes_s", "heard"), [(0.0, []), (0.1, ["en/one-moment"])])
async def test_the_caller_hears_something_only_when_it_takes_longer(takes_s, heard):
    """The prompt is said while the answer is awaited."""
    nodes = {"ask": ASK | {"meanwhile": "one-moment", "meanwhile_after_s": 0.03, "on_found": "bye"}}
    call = Call(nodes=nodes | {"bye": {"hangup": None}})
    call.host.answer, call.host.lookup_s = FOUND, takes_s
    await call.walk()
    assert call.voice.heard == heard


async def test_nobody_asks_on_for_a_caller_who_hung_up():
    """The question is withdrawn when the caller leaves during the prompt."""
    nodes = {"ask": ASK | {"meanwhile": "one-moment", "meanwhile_after_s": 0}}
    call = Call(nodes=nodes, keys="!")
    call.host.lookup_s = 60.0
    with pytest.raises(AgiHangupError):
        await call.walk()
    await asyncio.sleep(0)
    assert [task for task in asyncio.all_tasks() if task is not asyncio.current_task()] == []


@pytest.mark.parametrize("queue", ["", "nowhere", "sales,1"])
async def test_a_queue_that_does_not_exist_is_a_failure(queue):
    """A variable may hold anything."""
    nodes = {"set": {"set": {"queue": queue}, "next": "wait"}, **NODES}
    call = Call(nodes=nodes)
    await call.walk()
    assert call.host.path() == "set=done wait=queue sorry=done"
    assert call.host.handed == []


async def test_the_survey_after_a_queue_by_variable_is_that_queues():
    """The caller remembers in which queue they talked."""
    nodes = {"wait": {"queue": "{queue}"}}
    call = Call(nodes=nodes, place="main:wait", resume="answered", keys=".1")
    call.caller.variables["queue"] = "sales"
    await call.walk()
    assert call.host.kinds() == ["SurveyOffered", "SurveyEnded"]
