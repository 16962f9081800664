"""Where a number is from, what time it is, secrets, the channel's variables, numbers in variables."""

import asyncio
from collections import Counter
from typing import Any

import pytest
from pydantic import ValidationError
from structlog.testing import capture_logs

from ccd.config.flows import Channel
from ccd.history import FactsLearnt
from ccd.ivr.locks import MAX_KEPT, Locks, lock_key
from ccd.ivr.regions import region_of
from ccd.model import LookupAnswer, LookupOutcome
from tests.unit.ivr.fakes import Call, flows

ENDS: dict[str, Any] = {name: {"play": name} for name in ("welcome", "goodbye", "closed")}


async def ends(node: dict[str, Any], **more: Any) -> tuple[str, Call]:
    """Walk one node; give the prompt to which it led, and the call."""
    number, variables = more.pop("number", None), more.pop("variables", {})
    call = Call(nodes={"node": node} | ENDS, **more)
    call.caller.variables |= variables
    if number is not None:
        call.caller.number = number
    await call.walk()
    return call.voice.heard[-1].removeprefix(f"{call.caller.language}/"), call


REGION = {
    "region": "caller",
    "cases": [
        {"region": ["浙江", "shanghai"], "line": "fixed", "next": "welcome"},
        {"country": "HK", "next": "goodbye"},
    ],
    "default": "closed",
}


@pytest.mark.parametrize(
    ("number", "led_to"),
    [
        ("057188880000", "welcome"),
        ("+8657188880000", "welcome"),
        ("02155550000", "welcome"),
        ("13800138000", "closed"),
        ("+85223456789", "goodbye"),
        ("anonymous", "closed"),
        ("", "closed"),
        ("+" * 40, "closed"),
    ],
)
async def test_a_number_tells_where_it_is_from(number, led_to):
    """In either language, with or without the country's code; what is no number is from nowhere."""
    assert (await ends(REGION, number=number))[0] == led_to


@pytest.mark.parametrize(("language", "place"), [("en", "Hangzhou, Zhejiang"), ("zh", "浙江省杭州市")])
async def test_where_it_is_from_stands_in_variables_and_in_the_history(language, place):
    """In the caller's language."""
    _, call = await ends(REGION, number="057188880000", language=language)
    told = {"country": "CN", "region": place, "line": "fixed"}
    assert call.caller.variables == told
    (learnt,) = (each for each in call.host.entries if isinstance(each, FactsLearnt))
    assert (learnt.source, dict(learnt.facts)) == ("region", told)


def test_sorts_of_lines():
    """Mobile, fixed, and the rest."""
    assert [region_of(each, "CN").line for each in ("13800138000", "02155550000", "4008001234")] == [
        "mobile",
        "fixed",
        "other",
    ]


TIME = {
    "time": "local",
    "cases": [
        {"at": ["11:30-13:30", "22:00-02:00"], "on": "mon-fri", "next": "welcome"},
        {"dates": ["12-24..01-02", "2026-10-01"], "next": "goodbye"},
    ],
    "default": "closed",
}


@pytest.mark.parametrize(
    ("at", "led_to"),
    [
        ("2026-11-20T11:30:00+08:00", "welcome"),
        ("2026-11-20T13:30:00+08:00", "closed"),
        ("2026-11-21T12:00:00+08:00", "closed"),
        ("2026-11-20T23:00:00+08:00", "welcome"),
        ("2026-11-21T01:59:00+08:00", "welcome"),
        ("2026-11-23T01:00:00+08:00", "closed"),
        ("2026-12-24T08:00:00+08:00", "goodbye"),
        ("2027-01-02T23:59:00+08:00", "goodbye"),
        ("2027-01-03T00:00:00+08:00", "closed"),
        ("2026-10-01T08:00:00+08:00", "goodbye"),
        ("2027-10-01T08:00:00+08:00", "closed"),
        ("2026-11-20T04:00:00+00:00", "welcome"),
    ],
)
async def test_the_time_decides(at, led_to):
    """A night belongs to the day on which it began; dates hold every year unless they have one."""
    assert (await ends(TIME, at=at))[0] == led_to


@pytest.mark.parametrize(
    "case",
    [{}, {"at": "25:00-26:00"}, {"on": "someday"}, {"dates": "2026-02-30"}, {"dates": "2026-12-24..12-31"}],
)
def test_times_that_no_clock_shows_are_refused(case):
    """With a word about what would be right."""
    with pytest.raises(ValidationError):
        flows(main={"a": {"time": "local", "cases": [case | {"next": "a"}], "default": "a"}})


PIN = {
    "pin": "pin",
    "equals": "{expected}",
    "tries": 2,
    "lock_after": 3,
    "lock_s": 100,
    "on_ok": "welcome",
    "on_wrong": "goodbye",
    "on_locked": "closed",
}


@pytest.mark.parametrize(
    ("keys", "expected", "led_to"),
    [
        (".4711#", "4711", "welcome"),
        (".0000#.4711#", "4711", "welcome"),
        (".0000#.0001#", "4711", "goodbye"),
        ("", "4711", "goodbye"),
        (".471#.471#", "471", "goodbye"),
        (".#.#", "", "goodbye"),
    ],
)
async def test_who_knows_the_secret_is_let_through(keys, expected, led_to):
    """Within the tries; too short, or nothing at all, is never right."""
    found, call = await ends(PIN, keys=keys, variables={"expected": expected})
    assert found == led_to
    assert "4711" not in str(call.host.entries)
    assert call.caller.secrets == {"pin": "main:node"}


async def test_whoever_guesses_too_often_is_locked_out_for_a_while():
    """Over calls; the right one does not help then, and after the time it does."""
    locks, now = Locks(), 0.0
    led = []
    for keys in (".0000#.0001#", ".0002#.0003#", ".4711#"):
        call = Call(nodes={"node": PIN} | ENDS, keys=keys)
        call.caller.variables["expected"] = "4711"
        call.host.locks, call.host._now = locks, now
        await call.walk()
        now = call.host._now
        led.append(call.host.path())
    assert led == ["node=wrong goodbye=done", "node=locked closed=done", "node=locked closed=done"]
    call = Call(nodes={"node": PIN} | ENDS, keys=".4711#")
    call.caller.variables["expected"] = "4711"
    call.host.locks, call.host._now = locks, now + 101
    await call.walk()
    assert call.host.path() == "node=ok welcome=done"


async def test_guessing_on_many_lines_at_once_gains_nothing():
    """No more guesses than one after the other, while the business's system takes its time; none is right."""
    node = {**PIN, "tries": 1, "lock_by": "account", "equals": None, "system": "bank"}
    locks, calls = Locks(), [Call(nodes={"node": node} | ENDS, keys=f".000{n}#") for n in range(9)]
    calls.append(Call(nodes={"node": node} | ENDS, keys=".4711#"))
    for call in calls:
        call.host.locks, call.host.lookup_s = locks, 0.01
        call.host.answer = LookupAnswer(outcome=LookupOutcome.NOT_FOUND)
    await asyncio.gather(*(call.walk() for call in calls))
    assert sum(len(call.host.asked) for call in calls) == 3
    paths = Counter(call.host.path() for call in calls)
    assert paths == {"node=wrong goodbye=done": 3, "node=locked closed=done": 7}


async def test_a_system_that_does_not_answer_locks_nobody():
    """What could not be checked was no wrong entry."""
    node = {**PIN, "tries": 1, "lock_after": 1, "equals": None, "system": "bank", "on_failed": "goodbye"}
    locks = Locks()
    for _ in range(2):
        call = Call(nodes={"node": node} | ENDS, keys=".4711#")
        call.host.locks, call.host.answer = locks, LookupAnswer(outcome=LookupOutcome.FAILED)
        await call.walk()
        assert call.host.path() == "node=failed goodbye=done"


def test_what_is_kept_of_locks_locks_the_next_process():
    """Every wrong entry is told, and the right one; nothing readable of what they are counted by."""
    told: list[tuple[str, int, float]] = []
    first = Locks(lambda *entry: told.append(entry))
    key = lock_key("main:pin", "6222021234567890")
    first.count_wrong(key, 5.0)
    first.count_wrong(key, 7.0)
    first.forget(lock_key("main:pin", "another"), 8.0)
    assert told == [(key, 1, 5.0), (key, 2, 7.0)]
    assert "6222" not in key
    second = Locks(lambda *entry: told.append(entry))
    second.remember(told[-1:])
    assert second.is_locked(key, 2, 10.0, 16.9)
    assert not second.is_locked(key, 3, 10.0, 16.9)
    second.forget(key, 16.9)
    assert told[2:] == [(key, 0, 16.9)]


def test_locks_are_bounded_and_forgotten():
    """Whoever calls from ten thousand numbers does not fill the memory."""
    locks = Locks()
    for number in range(MAX_KEPT + 5):
        locks.count_wrong(str(number), 0.0)
    assert not locks.is_locked("0", 1, 10.0, 1.0)
    assert locks.is_locked("9999", 1, 10.0, 1.0)
    locks.forget("9999", 1.0)
    assert not locks.is_locked("9999", 1, 10.0, 1.0)
    assert not locks.is_locked("9998", 1, 10.0, 10.0)


@pytest.mark.parametrize(
    ("outcome", "led_to"),
    [
        (LookupOutcome.FOUND, "welcome"),
        (LookupOutcome.NOT_FOUND, "goodbye"),
        (LookupOutcome.FAILED, "closed"),
    ],
)
async def test_a_system_may_say_whether_it_is_right(outcome, led_to):
    """It is asked with the digits; that it does not answer is not the caller's fault."""
    node = {
        "pin": "pin",
        "system": "bank",
        "send": ["account"],
        "tries": 1,
        "on_ok": "welcome",
        "on_wrong": "goodbye",
        "on_failed": "closed",
    }
    call = Call(nodes={"node": node} | ENDS, keys=".4711#")
    call.caller.variables["account"] = "7"
    call.host.answer = LookupAnswer(outcome=outcome)
    await call.walk()
    assert call.voice.heard[-1] == f"en/{led_to}"
    assert call.host.asked[0][1]["variables"] == {"account": "7", "pin": "4711"}


async def test_variables_go_to_the_channel_and_come_from_it():
    """What is not set is empty; a secret is not written."""
    node = {
        "channel": {
            "read": {"account": "ACCOUNT", "level": "LEVEL"},
            "write": {"CRM_ID": "7-{account}", "CRM_PIN": "{pin}"},
        },
        "next": "welcome",
    }
    call = Call(nodes={"node": node} | ENDS)
    call.host.channel = {"ACCOUNT": "4711", "OTHER": "x"}
    call.caller.variables["pin"] = "0000"
    call.caller.secrets["pin"] = "main:pin"
    await call.walk()
    assert call.host.channel == {"ACCOUNT": "4711", "OTHER": "x", "CRM_ID": "7-4711"}
    assert (call.caller.variables["account"], call.caller.variables["level"]) == ("4711", "")


@pytest.mark.parametrize(
    "exchange",
    [
        {},
        *({"read": {"a": name}} for name in ("CCD_STATE", "SHELL(x)", "account", "GOTO_ON_BLINDXFR")),
        {"write": {"TRANSFER_CONTEXT": "x"}},
        {"read": {"caller": "ACCOUNT"}},
    ],
)
def test_functions_and_names_that_steer_asterisk_are_refused(exchange):
    """Strict names."""
    with pytest.raises(ValidationError):
        Channel.model_validate({"channel": exchange})


@pytest.mark.parametrize(
    ("value", "dialled"),
    [("02155550000", True), ("+862155550000", True), ("1001&1002", False), ("", False), ("1001,2", False)],
)
async def test_a_number_may_stand_in_a_variable(value, dialled):
    """Digits only; anything else is a dial that failed."""
    node = {"dial": "{to}", "outside": True, "on_failed": "goodbye"}
    call = Call(nodes={"node": node} | ENDS)
    call.caller.variables["to"] = value
    await call.walk()
    assert [each.dial for _, each in call.host.handed] == ([(value,)] if dialled else [])
    assert call.voice.heard == ([] if dialled else ["en/goodbye"])


async def test_a_ring_group_has_those_whose_number_is_known():
    """A variable that holds none is left out; a group of nobody has failed."""
    node = {"dial": ["1001", "{night}", "{nobody}"], "strategy": "linear", "on_failed": "goodbye"}
    call = Call(nodes={"node": node} | ENDS)
    call.caller.variables |= {"night": "1002", "nobody": ""}
    await call.walk()
    assert [(each.dial, each.strategy) for _, each in call.host.handed] == [(("1001", "1002"), "linear")]
    call = Call(nodes={"node": node | {"dial": ["{nobody}"]}} | ENDS)
    await call.walk()
    assert call.voice.heard == ["en/goodbye"]


async def test_what_the_policy_refuses_has_failed():
    """The flow goes on."""
    call = Call(nodes={"node": {"dial": "{to}", "outside": True, "on_failed": "goodbye"}} | ENDS)
    call.caller.variables["to"], call.host.refused = "00123", "failed"
    await call.walk()
    assert call.voice.heard == ["en/goodbye"]


@pytest.mark.parametrize(("number", "led_to"), [("13800000001", "welcome"), ("13900000001", "goodbye")])
async def test_a_list_decides(number, led_to):
    """By the caller's number, or that of a variable."""
    for node, variables in (
        ({"list": "vip", "on_listed": "welcome", "on_not_listed": "goodbye"}, {}),
        (
            {"list": "vip", "number": "entered", "on_listed": "welcome", "on_not_listed": "goodbye"},
            {"entered": number},
        ),
    ):
        call = Call(nodes={"node": node} | ENDS)
        call.host.lists = {"vip": ("13800000001",)}
        call.caller.number, call.caller.variables = number, variables
        await call.walk()
        assert call.voice.heard == [f"en/{led_to}"]


async def test_a_secret_that_names_no_queue_is_in_no_log():
    """What was masked stays so where it leads nowhere."""
    call = Call(nodes={"node": {"queue": "{pin}", "on_failed": "goodbye"}} | ENDS)
    call.caller.variables["pin"], call.caller.secrets["pin"] = "4711", "main:ask"
    with capture_logs() as logs:
        await call.walk()
    assert call.voice.heard == ["en/goodbye"]
    assert [each["event"] for each in logs] == ["no such queue"]
    assert "4711" not in str(logs)
