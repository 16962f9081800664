"""Conversations: what a caller presses, what they hear and where they end."""

import pytest
from structlog.testing import capture_logs

from ccd.ivr.ports import Ended
from tests.unit.ivr.fakes import HOTLINE, Call


@pytest.mark.parametrize(
    ("keys", "path", "place"),
    [
        (".1", "welcome=done menu=1 sales=queue", "main:sales"),
        ("1", "welcome=done menu=1 sales=queue", "main:sales"),
        ("..1", "welcome=done menu=1 sales=queue", "main:sales"),
        ("", "welcome=done menu=timeout operator=dial", "main:operator"),
        (".5.1", "welcome=done menu=1 sales=queue", "main:sales"),
        (".5..5", "welcome=done menu=invalid operator=dial", "main:operator"),
        (".9.1", "welcome=done menu=9 swap=zh menu=1 sales=queue", "main:sales"),
        (".91", "welcome=done menu=9 swap=zh menu=1 sales=queue", "main:sales"),
        (".2.123#", "welcome=done menu=2 account=123 told=done sales=queue", "main:sales"),
        (".2.1234", "welcome=done menu=2 account=1234 told=done sales=queue", "main:sales"),
        (".2.123", "welcome=done menu=2 account=123 told=done sales=queue", "main:sales"),
        (".2.12*789#", "welcome=done menu=2 account=789 told=done sales=queue", "main:sales"),
        (".2.12#.456#", "welcome=done menu=2 account=456 told=done sales=queue", "main:sales"),
    ],
)
async def test_callers_reach_what_they_choose(keys, path, place):
    """Early keys, wrong keys, silence, entries too short: each ends where a caller would expect."""
    call = Call(nodes=HOTLINE, keys=keys)
    assert await call.walk() is Ended.HANDED_OFF
    assert call.host.path() == path
    assert [str(where) for where, _ in call.host.handed] == [place]


@pytest.mark.parametrize(("keys", "path"), [(".2", "account=timeout"), (".2.12#.1#", "account=invalid")])
async def test_an_entry_that_never_comes_ends_with_goodbye(keys, path):
    """Without a branch for it, the caller hears goodbye and the call ends."""
    call = Call(nodes=HOTLINE, keys=keys)
    assert await call.walk() is Ended.FINISHED
    assert call.host.path() == f"welcome=done menu=2 {path}"
    assert call.voice.heard[-1] == "en/goodbye"


async def test_what_a_silent_caller_hears():
    """The menu twice, a hint between, five seconds of silence each, then the operator is dialled."""
    call = Call(nodes=HOTLINE)
    await call.walk()
    menu = "en/main-menu en/other-language"
    assert call.voice.heard == ["en/welcome", menu, "wait 5", "en/no-input", menu, "wait 5"]


async def test_a_wrong_key_is_told_before_another_try_and_not_after_the_last():
    """The prompt asks for another try: at the last one it would lie."""
    call = Call(nodes=HOTLINE, keys=".5..5")
    await call.walk()
    assert call.voice.heard.count("en/invalid-choice") == 1
    assert call.voice.heard[-2:] == ["en/main-menu en/other-language", "wait 5"]


async def test_the_other_language_is_spoken_from_then_on():
    """Prompts, the caller and Asterisk itself change over; a second change comes back."""
    call = Call(nodes=HOTLINE, keys=".9.")
    await call.walk()
    assert (call.voice.heard[2], call.voice.language, call.caller.language) == (
        "zh/main-menu zh/other-language",
        "zh",
        "zh",
    )
    back = Call(nodes=HOTLINE, keys=".9.1", language="zh")
    await back.walk()
    assert back.caller.language == "en"


async def test_a_prompt_that_may_not_be_cut_short_is_heard_to_its_end():
    """With barge_in off a key counts only after the prompt."""
    nodes = {
        "notice": {"play": "notice", "barge_in": False, "next": "menu"},
        "menu": {"menu": "main-menu", "choices": {"1": "sales"}, "barge_in": False},
        "sales": {"queue": "sales"},
    }
    call = Call(nodes=nodes, keys="1")
    await call.walk()
    assert call.voice.heard == ["en/notice", "en/main-menu", "wait 5"]
    assert call.host.path() == "notice=done menu=1 sales=queue"


async def test_an_early_key_outlives_a_notice_that_must_be_heard():
    """Pressed during the welcome, it still chooses in the menu after the notice."""
    nodes = {
        "welcome": {"play": "welcome", "next": "notice"},
        "notice": {"play": "notice", "barge_in": False, "next": "menu"},
        "menu": {"menu": "main-menu", "choices": {"1": "sales"}},
        "sales": {"queue": "sales"},
    }
    call = Call(nodes=nodes, keys="1")
    await call.walk()
    assert call.voice.heard == ["en/welcome", "en/notice"]
    assert call.host.path() == "welcome=done notice=done menu=1 sales=queue"


@pytest.mark.parametrize(
    ("branches", "keys", "expected"),
    [
        ({"on_timeout": "a", "on_invalid": "b"}, "", "a"),
        ({"on_timeout": "a", "on_invalid": "b"}, ".5", "b"),
        ({"on_timeout": "a"}, ".5", "a"),
        ({"on_invalid": "b"}, "", "b"),
    ],
)
async def test_the_last_failure_chooses_the_branch_and_one_serves_for_both(branches, keys, expected):
    """Silence and wrong keys may lead apart; a sole branch takes both."""
    nodes = {
        "menu": {"menu": "main-menu", "choices": {"1": "a"}, "tries": 1, **branches},
        "a": {"queue": "a"},
        "b": {"queue": "b"},
    }
    call = Call(nodes=nodes, keys=keys)
    await call.walk()
    assert call.host.handed[0][0].node == expected


async def test_secret_digits_stay_out_of_the_history():
    """The variable holds them, the record shows asterisks."""
    nodes = {
        "pin": {"collect": "pin", "prompt": "enter-number", "mask": True, "next": "end"},
        "end": {"hangup": None},
    }
    call = Call(nodes=nodes, keys=".4711#")
    await call.walk()
    assert call.caller.variables == {"pin": "4711"}
    assert call.host.path() == "pin=**** end=hangup"
    assert "4711" not in repr(call.host.entries)


@pytest.mark.parametrize(
    ("say", "language", "heard"),
    [
        ({"say": "number", "value": "{count}"}, "en", "en/n-20 en/n-1"),
        ({"say": "number", "value": "{count}"}, "zh", "zh/n-2 zh/n-10 zh/n-1"),
        ({"say": "digits", "value": "{called}"}, "en", "en/n-4 en/n-0 en/n-0 en/n-0"),
        ({"say": "date"}, "zh", "zh/month-11 zh/n-2 zh/n-10 zh/n-1 zh/ri zh/day-sat"),
        ({"say": "time"}, "en", "en/n-12 en/oh en/n-5 en/am"),
        ({"say": "number", "value": "{caller}x"}, "en", None),
        ({"say": "number", "value": "٣"}, "en", None),
        ({"say": "digits", "value": "{language}"}, "en", None),
        ({"say": "money", "value": "{count}.5"}, "zh", "zh/n-2 zh/n-10 zh/n-1 zh/yuan zh/n-5 zh/jiao"),
        ({"say": "date", "value": "2026-11-22", "relative": True}, "en", "en/tomorrow"),
        ({"say": "date", "value": "{count}"}, "en", None),
    ],
)
async def test_values_are_read_in_the_callers_language(say, language, heard):
    """Numbers, digits, the local date and time; what cannot be read is passed over and the flow goes on."""
    nodes = {
        "set": {"set": {"count": "21"}, "next": "say"},
        "say": {**say, "next": "end"},
        "end": {"hangup": "goodbye"},
    }
    call = Call(nodes=nodes, language=language, at="2026-11-20T16:05:00+00:00")
    assert await call.walk() is Ended.HUNG_UP
    assert call.voice.heard == [*([heard] if heard else []), f"{language}/goodbye"]


@pytest.mark.parametrize(("value", "path"), [("21.50", "done"), ("-", "invalid"), ("{gone}", "invalid")])
async def test_a_value_that_cannot_be_read_may_have_a_branch(value, path):
    """The caller hears nothing wrong, the record shows it, and the flow decides what to do."""
    nodes = {
        "say": {"say": "money", "value": value, "next": "end", "on_invalid": "ask"},
        "end": {"hangup": None},
        "ask": {"hangup": "goodbye"},
    }
    call = Call(nodes=nodes)
    await call.walk()
    assert call.host.path() == f"say={path} {'end' if path == 'done' else 'ask'}=hangup"


@pytest.mark.parametrize(
    ("case", "value", "holds"),
    [
        ({"equals": "13800000001"}, "{caller}", True),
        ({"equals": "1380000000"}, "{caller}", False),
        ({"prefix": "138"}, "{caller}", True),
        ({"prefix": "139"}, "{caller}", False),
        ({"in": ["4000", "4001"]}, "{called}", True),
        ({"in": ["400"]}, "{called}", False),
        ({"equals": "en"}, "{language}", True),
    ],
)
async def test_branches_follow_variables_and_numbers(case, value, holds):
    """equals, prefix and in compare text; what fits none takes the default."""
    nodes = {
        "set": {"set": {"x": value}, "next": "which"},
        "which": {"branch": "x", "cases": [{**case, "next": "yes"}], "default": "no"},
        "yes": {"hangup": None},
        "no": {"hangup": None},
    }
    call = Call(nodes=nodes)
    await call.walk()
    taken = "which=case 1 yes=hangup" if holds else "which=default no=hangup"
    assert call.host.path() == f"set=done {taken}"


async def test_variables_are_set_all_at_once():
    """Values refer to what was there before; an unknown name is empty."""
    nodes = {
        "one": {"set": {"a": "1", "b": "2"}, "next": "two"},
        "two": {"set": {"a": "{b}", "b": "{a}", "c": "<{nothing}>"}},
    }
    call = Call(nodes=nodes)
    await call.walk()
    assert call.caller.variables == {"a": "2", "b": "1", "c": "<>"}


@pytest.mark.parametrize(
    ("at", "node", "heard"),
    [
        ("2026-11-20T10:00:00+08:00", "open", "en/welcome"),
        ("2026-11-20T20:00:00+08:00", "closed", "en/closed"),
        ("2026-10-01T10:00:00+08:00", "holiday", "en/closed-holiday"),
        ("2026-10-10T10:00:00+08:00", "open", "en/welcome"),
    ],
)
async def test_opening_hours_choose_the_branch(at, node, heard):
    """Workday, evening, National Day, make-up Saturday."""
    nodes = {
        "hours": {"hours": "office", "on_open": "open", "on_closed": "closed", "on_holiday": "holiday"},
        "open": {"hangup": "welcome"},
        "closed": {"hangup": "closed"},
        "holiday": {"hangup": "closed-holiday"},
    }
    call = Call(
        nodes=nodes, at=at, hours={"office": {"weekly": {"mon-fri": ["09:00-18:00"]}, "holidays": "CN"}}
    )
    await call.walk()
    assert (call.host.path(), call.voice.heard) == (f"hours={node} {node}=hangup", [heard])


async def test_holidays_follow_closed_where_they_have_no_branch():
    """One branch for both is enough."""
    nodes = {
        "hours": {"hours": "office", "on_open": "a", "on_closed": "b"},
        "a": {"hangup": None},
        "b": {"hangup": None},
    }
    call = Call(nodes=nodes, at="2026-10-01T10:00:00+08:00", hours={"office": {"holidays": "CN"}})
    await call.walk()
    assert call.host.path() == "hours=holiday b=hangup"


async def test_a_flow_may_go_on_in_another():
    """The history shows where one flow was left and the other entered."""
    call = Call(
        nodes={"a": {"play": "welcome", "next": "other:x"}},
        more={"other": {"x": {"goto": "y"}, "y": {"hangup": None}}},
    )
    await call.walk()
    assert call.host.kinds() == [
        *("FlowEntered", "NodeVisited", "FlowLeft"),
        *("FlowEntered", "NodeVisited", "NodeVisited", "FlowLeft"),
    ]
    assert [entry.flow for entry in call.host.entries] == ["main"] * 3 + ["other"] * 4


async def test_a_missing_sound_is_passed_over_and_logged():
    """The call matters more than the prompt; the operator finds it in the log."""
    with capture_logs() as logs:
        call = Call(nodes=HOTLINE, keys=".1", missing=["welcome"])
        assert await call.walk() is Ended.HANDED_OFF
    assert [(entry["event"], entry["prompt"]) for entry in logs] == [("prompt is missing", "welcome")]
