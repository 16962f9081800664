"""How flows are written in YAML: what may be written, and what is said of what may not."""

from pathlib import Path

import pytest
import yaml
from pydantic import TypeAdapter, ValidationError

from ccd.config.flows import KINDS, AnyNode, Flow, Menu
from ccd.config.surveys import Survey
from ccd.ivr.check import Known, check_flows, check_surveys
from ccd.prompts.manifest import Manifest

NODE: TypeAdapter[AnyNode] = TypeAdapter(AnyNode)


def node(text: str) -> AnyNode:
    return NODE.validate_python(yaml.safe_load(text))


def test_a_menu_takes_digits_without_quotes():
    """A single digit cannot be misread by YAML."""
    menu = node('{menu: main-menu, choices: {1: a, "*": "other:b"}}')
    assert isinstance(menu, Menu)
    assert menu.choices == {"1": "a", "*": "other:b"}
    assert menu.menu == ("main-menu",)


@pytest.mark.parametrize(
    ("text", "at", "says"),
    [
        ("{plya: welcome}", (), "did you mean play"),
        ("{}", (), "kinds are play"),
        ("{play: a, menu: b}", (), "several kinds of node: play, menu"),
        ("[play, a]", (), "is no node"),
        ("{play: welcome, nxt: a}", ("nxt",), "not permitted"),
        ("{play: []}", ("play",), "list is empty"),
        ("{play: ../../etc/passwd}", ("play", 0), "id of a prompt"),
        ("{play: welcome, next: 'no such name'}", ("next",), "name of a node"),
        ("{play: welcome, next: 'a:b:c'}", ("next",), "name of a node"),
        ("{menu: a, choices: {}}", ("choices",), "at least 1"),
        ("{menu: a, choices: {12: b}}", ("choices", 12, "[key]"), "valid string"),
        ("{menu: a, choices: {'12': b}}", ("choices", "12", "[key]"), "one key in quotes"),
        ("{menu: a, choices: {'1': b}, tries: 0}", ("tries",), "greater than or equal to 1"),
        ("{menu: a, choices: {'1': b}, timeout_s: 60}", ("timeout_s",), "less than or equal to 20"),
        ("{collect: caller, prompt: a}", ("collect",), "belongs to the call"),
        ("{collect: 'a b', prompt: a}", ("collect",), "name of a variable"),
        ("{collect: x, prompt: a, min: 5, max: 4}", (), "min: 5 is more than max: 4"),
        ("{collect: x, prompt: a, terminator: '5'}", ("terminator",), "'#', '*' or ''"),
        ("{say: number}", (), "has no value"),
        ("{say: money}", (), "has no value"),
        ("{say: number, value: '1', currency: CNY}", (), "has no currency"),
        ("{say: time, year: true}", (), "has no year"),
        ("{say: money, value: '1', relative: true}", (), "has no relative"),
        ("{say: number, value: '{x'}", ("value",), "braces that hold no variable"),
        ("{say: number, value: '${EXEC}'}", ("value",), "braces that hold no variable"),
        ("{say: number, value: 5}", ("value",), "write it in quotes"),
        ("{set: {}}", ("set",), "at least 1"),
        ("{set: {vip: yes}}", ("set", "vip"), "YAML reads this as True"),
        ("{set: {called: '1'}}", ("set", "called", "[key]"), "belongs to the call"),
        ("{branch: caller, cases: [], default: a}", ("cases",), "list is empty"),
        ("{branch: caller, cases: [{next: a}], default: a}", ("cases", 0), "exactly one of equals"),
        (
            "{branch: caller, cases: [{equals: '1', prefix: '1', next: a}], default: a}",
            ("cases", 0),
            "exactly one of",
        ),
        (
            "{branch: caller, cases: [{in: [0101], next: a}], default: a}",
            ("cases", 0, "in", 0),
            "write it in quotes",
        ),
        ("{dial: 1001}", ("dial", 0), "write it in quotes"),
        ("{dial: '1001&1002'}", ("dial", 0), "digits only"),
        ("{dial: '1001,60'}", ("dial", 0), "digits only"),
        ("{dial: 'PJSIP/1001'}", ("dial", 0), "digits only"),
        ("{dial: []}", ("dial",), "list is empty"),
        ("{dial: ['1001', 1002]}", ("dial", 1), "write it in quotes"),
        ("{dial: ['13800138000', '13900139000'], outside: true}", (), "extensions only"),
        ("{dial: '1001', strategy: random}", ("strategy",), "'ringall' or 'linear'"),
        ("{queue: Sales}", ("queue",), ""),
        ("{queue: sales, priority: high}", ("priority",), "valid integer"),
        ("{language: fr}", ("language",), "'en', 'zh' or 'other'"),
    ],
)
def test_a_mistake_is_told_at_its_key(text, at, says):
    """One error for one mistake, at the path of the YAML, in words that say what to write."""
    with pytest.raises(ValidationError) as caught:
        node(text)
    errors = caught.value.errors()
    assert [(error["loc"], says in error["msg"]) for error in errors] == [(at, True)]


def test_editors_get_a_schema_with_every_kind():
    """The JSON Schema has the kinds as alternatives, with their patterns."""
    schema = Flow.model_json_schema()
    alternatives = schema["properties"]["nodes"][
        "additionalProperties"
        if "additionalProperties" in schema["properties"]["nodes"]
        else "patternProperties"
    ]
    assert str(alternatives).count("$ref") == len(KINDS)
    number = r"^(?:\+?[0-9]{1,32}|\{[a-z][a-z0-9_]{0,31}\})$"
    one, several = schema["$defs"]["Dial"]["properties"]["dial"]["anyOf"]
    assert (one["pattern"], several["items"]["pattern"]) == (number, number)


def test_the_demo_says_what_it_promises():
    """1 sales, 2 support, 0 operator, 9 the other language; every prompt is in the manifest."""
    demo = yaml.safe_load(Path("examples/demo/conf.d/flows.yaml").read_text(encoding="utf-8"))
    demo_flows = {name: Flow.model_validate(flow) for name, flow in demo["flows"].items()}
    surveys = {name: Survey.model_validate(survey) for name, survey in demo["surveys"].items()}
    known = Known(
        queues=frozenset({"sales", "support"}),
        surveys=frozenset(surveys),
        prompts=frozenset(Manifest.shipped().prompts),
    )
    assert check_flows(demo_flows, known) + check_surveys(surveys, known) == []
    menu = demo_flows["main"].nodes["menu"]
    assert isinstance(menu, Menu)
    assert menu.choices == {"1": "sales", "2": "support", "0": "operator", "9": "other-language"}
    assert [label.zh for label in surveys["satisfaction"].digits.values()] == [
        "非常满意",
        "基本满意",
        "不满意",
    ]
