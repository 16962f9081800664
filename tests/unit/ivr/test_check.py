"""What is wrong with flows is found before use: all at once, at the key to change, with a remedy."""

import asyncio
import re
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from ccd.config.flows import Flow
from ccd.config.surveys import Survey
from ccd.ivr.check import Known, check_choices, check_flows, check_surveys
from ccd.ivr.ports import Ended
from ccd.ivr.problems import TEXTS
from tests.unit.ivr.fakes import HOTLINE, Call, flows

KNOWN = Known(
    queues=frozenset({"sales", "support"}),
    surveys=frozenset({"satisfaction"}),
    hours=frozenset({"office"}),
    prompts=frozenset(
        [
            "welcome",
            "main-menu",
            "other-language",
            "no-input",
            "invalid-choice",
            "invalid-entry",
            "enter-number",
        ]
    ),
)
END = {"hangup": None}


def found(**named: Any) -> dict[str, str]:
    """Give the problems of flows as path → message."""
    return {problem.path: problem.message for problem in check_flows(flows(**named), KNOWN)}


def test_choices_of_a_queue_lead_to_nodes_that_exist():
    """And a node to which only they lead is reached."""
    known = replace(KNOWN, choices={"sales": {"1": "main:aside", "2": "main:gone", "3": "other:a"}})
    named = flows(main={"start": {"hangup": None}, "aside": END})
    assert check_flows(named, known) == []
    assert {each.path: each.message for each in check_choices(named, known)} == {
        "queues.sales.choices.2": "there is no node 'gone'",
        "queues.sales.choices.3": "there is no flow 'other'",
    }


def test_a_sound_flow_has_no_problems():
    """The hotline of these tests is as it should be."""
    assert found(main=HOTLINE) == {}


@pytest.mark.parametrize(
    ("node", "key", "message"),
    [
        ({"play": "welcome", "next": "gone"}, "next", "there is no node 'gone'"),
        ({"goto": "gone:a"}, "goto", "there is no flow 'gone'"),
        ({"goto": "main:gone"}, "goto", "there is no node 'gone'"),
        ({"menu": "main-menu", "choices": {"1": "gone"}}, "choices.1", "there is no node 'gone'"),
        (
            {
                "branch": "caller",
                "cases": [{"equals": "1", "next": "end"}, {"in": ["2"], "next": "gone"}],
                "default": "end",
            },
            "cases[1].next",
            "there is no node 'gone'",
        ),
        ({"hours": "office", "on_open": "end", "on_closed": "gone"}, "on_closed", "there is no node 'gone'"),
        ({"dial": "1001", "on_busy": "gone"}, "on_busy", "there is no node 'gone'"),
        ({"queue": "gone"}, "queue", "there is no queue 'gone'"),
        ({"survey": "gone"}, "survey", "there is no survey 'gone'"),
        ({"hours": "gone", "on_open": "end", "on_closed": "end"}, "hours", "there is no calendar 'gone'"),
        ({"play": ["welcome", "gone"]}, "play", "there is no prompt 'gone'"),
        ({"menu": "gone", "choices": {"1": "end"}}, "menu", "there is no prompt 'gone'"),
        (
            {"menu": "main-menu", "choices": {"1": "end"}, "invalid": "gone"},
            "invalid",
            "there is no prompt 'gone'",
        ),
        (
            {"collect": "x", "prompt": "enter-number", "no_input": "gone"},
            "no_input",
            "there is no prompt 'gone'",
        ),
        ({"hangup": "gone"}, "hangup", "there is no prompt 'gone'"),
        ({"say": "money", "value": "12 yuan"}, "value", "'12 yuan' cannot be read as money"),
        ({"say": "date", "value": "2026-02-30"}, "value", "'2026-02-30' cannot be read as date"),
        ({"say": "money", "value": "1", "on_invalid": "gone"}, "on_invalid", "there is no node 'gone'"),
        ({"say": "number", "value": "{gone}"}, "value", "no node gives the variable 'gone' a value"),
        ({"set": {"x": "{gone}"}}, "set.x", "no node gives the variable 'gone' a value"),
        (
            {"branch": "gone", "cases": [{"equals": "1", "next": "end"}], "default": "end"},
            "branch",
            "no node gives the variable 'gone' a value",
        ),
    ],
)
def test_a_name_that_nothing_has_is_told_at_its_key(node, key, message):
    """Nodes, flows, queues, surveys, calendars, prompts, variables."""
    problems = found(
        main={
            "start": {"branch": "caller", "cases": [{"equals": "1", "next": "end"}], "default": "a"},
            "a": node,
            "end": END,
        }
    )
    assert problems == {f"flows.main.nodes.a.{key}": message}


def test_a_start_that_is_no_node_is_told():
    """The flow could not begin."""
    broken = flows(main={"a": END})["main"].model_copy(update={"start": "b"})
    problems = check_flows({"main": broken}, KNOWN)
    assert problems[0].path == "flows.main.start"
    assert [problem.path for problem in problems[1:]] == ["flows.main.nodes.a"]


def test_a_node_that_nothing_leads_to_is_told():
    """Most often a branch was mistyped; a branch of another flow reaches it too."""
    lonely = {"a": END, "b": {"play": "welcome", "next": "c"}, "c": END}
    assert set(found(main=lonely)) == {"flows.main.nodes.b", "flows.main.nodes.c"}
    assert found(main=lonely, other={"x": {"goto": "main:b"}}) == {}


@pytest.mark.parametrize(
    ("nodes", "path", "way"),
    [
        ({"a": {"goto": "a"}}, "a", "main:a → main:a"),
        ({"a": {"play": "welcome", "next": "b"}, "b": {"goto": "a"}}, "a", "main:a → main:b → main:a"),
        (
            {"a": {"play": "welcome", "next": "b"}, "b": {"goto": "c"}, "c": {"goto": "b"}},
            "b",
            "main:b → main:c → main:b",
        ),
        (
            {"a": {"queue": "sales", "on_full": "b"}, "b": {"play": "welcome", "next": "a"}},
            "a",
            "main:a → main:b → main:a",
        ),
        ({"a": {"dial": "1001", "on_busy": "a"}}, "a", "main:a → main:a"),
        (
            {"a": {"menu": "main-menu", "choices": {"1": "b"}, "on_timeout": "a"}, "b": END},
            "a",
            "main:a → main:a",
        ),
        (
            {"a": {"menu": "main-menu", "choices": {"1": "b"}, "on_invalid": "a"}, "b": END},
            "a",
            "main:a → main:a",
        ),
        ({"a": {"survey": "satisfaction", "next": "a"}}, "a", "main:a → main:a"),
        (
            {
                "a": {"collect": "x", "prompt": "enter-number", "next": "b", "on_timeout": "c"},
                "b": END,
                "c": {"goto": "a"},
            },
            "a",
            "main:a → main:c → main:a",
        ),
    ],
)
def test_a_circle_without_the_callers_doing_is_told(nodes, path, way):
    """Who puts the telephone down beside its cradle would stay for ever."""
    problems = found(main=nodes)
    assert problems == {
        f"flows.main.nodes.{path}": f"a caller who presses nothing goes round for ever: {way}"
    }


@pytest.mark.parametrize(
    "nodes",
    [
        {"a": {"queue": "sales", "on_timed_out": "a"}},
        {"a": {"dial": "1001", "on_no_answer": "a"}},
        {"a": {"menu": "main-menu", "choices": {"1": "a"}, "on_timeout": "b"}, "b": END},
        {"a": {"menu": "main-menu", "choices": {"1": "b"}, "on_timeout": "b", "on_invalid": "a"}, "b": END},
    ],
)
def test_a_circle_that_waits_for_someone_is_no_problem(nodes):
    """Waiting in the queue again, ringing again, a key that repeats the menu."""
    assert found(main=nodes) == {}


@pytest.mark.parametrize(
    "choices",
    [{"1": "a"}, {"1": "b"}, {"1": "b", "2": "more"}],
)
def test_a_menu_that_no_choice_leads_out_of_is_told(choices):
    """Giving up after the tries is no exit that a caller could choose."""
    nodes = {
        "a": {"menu": "main-menu", "choices": choices},
        "b": {"play": "welcome", "next": "a"},
        "more": {"menu": "main-menu", "choices": {"9": "a"}},
    }
    used = {name: node for name, node in nodes.items() if name == "a" or name in choices.values()}
    message = found(main=used)["flows.main.nodes.a.choices"]
    assert message == "menu 'a' has no exit: every choice comes back to a menu"


def test_all_problems_are_told_at_once_in_both_languages():
    """Flow by flow; each with what would be right, near names first."""
    problems = check_flows(
        flows(
            main={"a": {"play": "welcom", "next": "b"}, "b": {"queue": "billing"}, "c": {"goto": "c"}},
            other={"x": {"survey": "satisfcation"}},
        ),
        KNOWN,
    )
    assert [(problem.path, problem.remedy) for problem in problems] == [
        ("flows.main.nodes.a.play", "did you mean welcome?"),
        ("flows.main.nodes.b.queue", "there are: sales, support"),
        ("flows.main.nodes.c", "lead a branch to it, or delete it"),
        (
            "flows.main.nodes.c",
            "let one of these nodes lead out, to a queue, a dial or a hangup node, or to a menu",
        ),
        ("flows.other.nodes.x.survey", "did you mean satisfaction?"),
    ]
    assert (problems[1].message_zh, problems[1].remedy_zh) == (
        "没有名为 'billing' 的队列",
        "可用的有：sales, support",
    )
    assert problems[0].at == ("flows", "main", "nodes", "a", "play")


def test_prompts_are_not_looked_at_where_they_are_not_known():
    """Without a prompt folder at hand everything else is checked still."""
    nodes = flows(main={"a": {"play": "anything", "next": "b"}, "b": {"queue": "gone"}})
    assert [problem.path for problem in check_flows(nodes, Known())] == ["flows.main.nodes.b.queue"]


def test_a_surveys_prompts_are_looked_up():
    """Question, wrong key and thanks."""
    survey = Survey.model_validate(
        {"prompt": "ask", "digits": {"1": {"en": "good", "zh": "好"}}, "thanks": None}
    )
    problems = check_surveys({"stars": survey}, KNOWN)
    assert [problem.path for problem in problems] == ["surveys.stars.prompt"]


NAMES = ["a", "b", "c", "d", "e"]
TARGET = st.sampled_from(NAMES)
MAYBE = st.none() | TARGET
KEYS = st.sampled_from("0123456789*#")


def some(**keys: Any) -> st.SearchStrategy[dict[str, Any]]:
    """Draw nodes with these keys; what is no strategy stands as it is."""
    drawn = {
        key: value if isinstance(value, st.SearchStrategy) else st.just(value) for key, value in keys.items()
    }
    return st.fixed_dictionaries(drawn)


NODES = st.one_of(
    some(play="welcome", next=MAYBE),
    some(
        menu="main-menu",
        choices=st.dictionaries(KEYS, TARGET, min_size=1, max_size=3),
        tries=2,
        on_timeout=MAYBE,
        on_invalid=MAYBE,
        barge_in=st.booleans(),
    ),
    some(collect="x", prompt="enter-number", max=3, next=MAYBE, on_timeout=MAYBE),
    some(language="other", next=MAYBE),
    some(branch="language", cases=some(equals="zh", next=TARGET).map(lambda case: [case]), default=TARGET),
    some(goto=TARGET),
    some(survey="satisfaction", next=MAYBE),
    some(queue="sales", on_full=MAYBE),
    some(dial="1001"),
    some(hangup="welcome"),
)


@settings(max_examples=60, suppress_health_check=[HealthCheck.filter_too_much])
@given(
    st.fixed_dictionaries(dict.fromkeys(NAMES, NODES)),
    st.text("0123456789*#.", max_size=30),
    st.sampled_from([None, "full"]),
)
def test_a_flow_that_passes_the_check_ends_for_every_caller(nodes, keys, outcome):
    """Random flows, random keys, then silence: a checked flow never needs the cap on nodes."""
    unreachable = "lead a branch to it, or delete it"
    assume(all(problem.remedy == unreachable for problem in check_flows(flows(main=nodes), KNOWN)))
    call = Call(nodes=nodes, keys=keys, outcome=outcome)
    assert asyncio.run(call.walk()) in Ended
    assert "en/system-error" not in call.voice.heard
    assert "zh/system-error" not in call.voice.heard


def test_a_flow_dials_no_outside_number_that_the_policy_forbids():
    """Flows obey the same outbound policy as phones; extensions are no outside numbers."""
    flows = {
        "main": Flow.model_validate(
            {
                "start": "out",
                "nodes": {
                    "out": {"dial": "0044123456", "outside": True, "on_busy": "inside"},
                    "inside": {"dial": "1001"},
                },
            }
        )
    }
    (problem,) = check_flows(flows, Known(may_dial=lambda number: number.startswith("1")))
    assert problem.path == "flows.main.nodes.out.dial"
    assert check_flows(flows, Known(may_dial=lambda number: number.startswith("00"))) == []


def test_a_secret_that_would_leave_the_call_is_told():
    """Masked digits, and what is made of them: at the key that would give them away."""
    nodes = {
        "pin": {"collect": "pin", "prompt": "enter-number", "mask": True, "next": "copy"},
        "copy": {"set": {"copy": "7{pin}"}, "next": "ask"},
        "ask": {"lookup": "crm", "send": ["copy"], "send_secret": ["pin"], "on_failed": "link"},
        "link": {"channel": {"write": {"X": "{pin}", "Y": "{caller}"}}, "next": "call"},
        "call": {"call": "sub", "into": "back", "next": "out"},
        "out": {"dial": "{back}"},
    }
    known = Known(lookups=frozenset({"crm"}))
    named = flows(main=nodes, sub={"out": {"return": "{copy}"}})
    found = [(each.path, each.message.split("'")[1]) for each in check_flows(named, known)]
    assert found == [
        ("flows.main.nodes.ask.send[0]", "copy"),
        ("flows.main.nodes.link.channel.write.X", "pin"),
        ("flows.main.nodes.out.dial", "back"),
    ]


@pytest.mark.parametrize("code", TEXTS)
def test_both_languages_tell_the_same(code):
    """What is wrong and what to do have the same blanks in English and Chinese."""
    text = TEXTS[code]
    blanks = [
        set(re.findall(r"\{(\w+)[}!]", f"{message} {remedy}".replace("_zh", "")))
        for message, remedy in ((text.message, text.remedy), (text.message_zh, text.remedy_zh))
    ]
    assert blanks[0] == blanks[1]
