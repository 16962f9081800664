"""Scripted conversations: what they find, and what they say when a flow goes another way."""

import asyncio
import re
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from ccd.config import load
from ccd.config.flow_tests import OUTSIDE, Step, load_tests
from ccd.config.voicemail import Mailbox
from ccd.errors import ConfigError
from ccd.ivr import rehearsal
from ccd.ivr.book import Book
from ccd.ivr.conversation import Coverage, Result, run_test
from ccd.ivr.kinds import KINDS
from ccd.ivr.ports import Place
from ccd.ivr.rehearsal import Scene
from ccd.prompts.manifest import Manifest
from tests.unit.ivr.fakes import HOTLINE, SATISFACTION, flows

ROOT = Path(__file__).parents[3]
EXAMPLES = sorted((ROOT / "examples" / "flow-tests").glob("*.yaml"))


def words(prompt: str, language: str) -> str | None:
    """Give a prompt's words."""
    entry = Manifest.shipped().prompts.get(prompt)
    return entry.text("zh" if language == "zh" else "en") if entry else None


def book_of(nodes: dict[str, Any], **more: Any) -> Book:
    """Make a book of one flow, `main`."""
    return Book(
        flows=flows(main=nodes, **more),
        timezone=ZoneInfo("Asia/Shanghai"),
        surveys={"satisfaction": SATISFACTION},
        queues=frozenset({"sales"}),
        mailboxes={"sales": Mailbox()},
        queue_choices={"sales": {"5": "operator"}},
    )


def play(book: Book, path: Path, **scene: Any) -> list[Result]:
    """Play every test of a file."""
    given = {"flow": "main", "caller": "13800000001", "called": "4000", "language": "en"} | scene
    at = datetime(2026, 11, 20, 2, 0, tzinfo=UTC)
    return [
        asyncio.run(run_test(located, book, words, Scene(at=at, **given | _own(located))))
        for located in load_tests(path)
    ]


def _own(located: Any) -> dict[str, Any]:
    test = located.test
    named = {"flow": test.flow, "caller": test.caller, "language": test.language}
    return {key: value for key, value in named.items() if value is not None}


@pytest.fixture
def script(tmp_path):
    """Write a script of one test; give what comes of it, with the flow's book."""

    def written(steps: str, nodes: dict[str, Any] = HOTLINE, variables: str = "{}", **scene: Any) -> Result:
        path = tmp_path / "test.yaml"
        path.write_text(f"flow: main\nvariables: {variables}\nsteps:\n{steps}", encoding="utf-8")
        (result,) = play(book_of(nodes), path, **scene)
        return result

    return written


def lines(*steps: str) -> str:
    """Write steps, the first one on line 4."""
    return "".join(f"  - {step}\n" for step in steps)


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.name)
def test_the_examples_pass(path):
    """They are played against the demo, as their heads say."""
    book = Book.of(load(ROOT / "examples" / "demo" / "ccd.yaml", {"CCD_ASTERISK__AMI__SECRET": "x"}))
    results = play(book, path)
    assert [result.differences for result in results] == [()] * len(results)
    assert Coverage.of(book, results).unvisited == []


@pytest.mark.parametrize(
    "steps",
    [
        (
            "{hears: welcome}",
            "{presses: '1'}",
            "{queue: sales, outcome: timed_out}",
            "{hears: all-busy}",
            "{ends: hangup}",
        ),
        ("{presses: '1', early: true}", "{queue: sales}"),
        (
            "{node: menu}",
            "{presses: '1'}",
            "{node: main:sales}",
            "{queue: sales, outcome: '5'}",
            "{dial: '1001'}",
        ),
        (
            "{silent: 2}",
            "{dial: '1001', outcome: busy}",
            "{queue: sales, outcome: hung_up}",
            "{ends: caller}",
        ),
        ("{presses: '2'}", "{presses: '123'}", "{hears: [n-1, n-2, n-3]}", "{queue: sales}"),
        ("{presses: '2'}", "{presses: '1234'}", "{hears_text: one two three four}", "{queue: sales}"),
        (
            "{presses: '2'}",
            "{presses: '12#'}",
            "{hears: invalid-entry}",
            "{presses: '777#'}",
            "{queue: sales}",
        ),
        ("{presses: '9'}", "{hears_text: 销售咨询请按1}", "{hangs_up: true}", "{ends: caller}"),
        ("{hears: welcome}",),
    ],
)
def test_a_conversation_that_goes_as_written_passes(script, steps):
    """Prompts in between need not be written; what is left open at the end stays open."""
    assert script(lines(*steps)).differences == ()


@pytest.mark.parametrize(
    ("steps", "line", "what", "details"),
    [
        (("{hears: goodbye}",), 4, "key", {"at": "main:menu", "heard": "welcome main-menu other-language"}),
        (("{hears: welcome}", "{ends: hangup}"), 5, "key", {"at": "main:menu"}),
        (("{presses: '1'}", "{queue: support}"), 5, "outside", {"kind": "queue", "subject": "sales"}),
        (("{presses: '1'}", "{hears: goodbye}"), 5, "outside", {"kind": "queue", "subject": "sales"}),
        (("{presses: '1'}", "{queue: sales, outcome: maybe}"), 5, "outcome", {"at": "main:sales"}),
        (
            ("{presses: '1'}", "{queue: sales, outcome: full}", "{hears: goodbye}"),
            6,
            "over",
            {"heard": "all-busy", "ending": "return"},
        ),
        (
            ("{presses: '1'}", "{queue: sales, outcome: full}", "{ends: caller}"),
            6,
            "over",
            {"ending": "return"},
        ),
        (
            ("{presses: '1'}", "{queue: sales, outcome: hung_up}", "{hears: goodbye}"),
            6,
            "over",
            {"ending": "caller"},
        ),
    ],
)
def test_what_goes_another_way_is_told_with_its_line(script, steps, line, what, details):
    """The first difference ends the play: what follows would only confuse."""
    (difference,) = script(lines(*steps)).differences
    assert (difference.line, difference.what) == (line, what)
    assert {key: difference.details[key] for key in details} == details


def test_variables_are_compared_in_the_end(script):
    """Those that every call has, too."""
    steps = lines("{presses: '2'}", "{presses: '777#'}", "{queue: sales, outcome: full}")
    assert script(steps, variables="{account: '777', caller: '13800000001'}").differences == ()
    (difference,) = script(steps, variables="{account: '778'}").differences
    assert (difference.line, difference.what, difference.details["value"]) == (2, "variable", "777")


def test_a_lookup_finds_what_the_script_gives(script):
    """Variables that the node takes, the queue, the language."""
    nodes = {
        "ask": {"lookup": "crm", "take": ["balance"], "on_found": "told", "on_failed": "end"},
        "told": {"say": "money", "value": "{balance}", "next": "wait"},
        "wait": {"queue": "{queue}"},
        "end": {"hangup": "goodbye"},
    }
    steps = lines(
        "{lookup: crm, outcome: found, gives: {balance: '101.5', queue: sales, language: zh, priority: '5'}}",
        "{hears_text: 一百零一元五角}",
        "{queue: sales}",
    )
    assert script(steps, nodes).differences == ()
    assert script(lines("{lookup: crm, outcome: failed}", "{hears: goodbye}"), nodes).differences == ()


@pytest.mark.parametrize(
    ("outcome", "heard"),
    [("message", "voicemail-saved"), ("short", "voicemail-too-short"), ("failed", "voicemail-failed")],
)
def test_a_message_is_left_or_not(script, outcome, heard):
    """The review's keys are the caller's."""
    visit = [f"{{voicemail: sales, outcome: {outcome}}}"]
    if outcome == "message":
        visit += ["{hears: voicemail-review}", "{presses: '1'}"]
    if outcome == "short":
        visit *= 2
    steps = lines("{hears: voicemail-greeting}", *visit, f"{{hears: {heard}}}", "{ends: hangup}")
    assert script(steps, {"box": {"voicemail": "sales"}}).differences == ()


def test_time_passes_in_a_rehearsal(script):
    """A caller who waits past closing time finds the calendar closed, whatever the clock on the wall says."""
    nodes = {
        "menu": {
            "menu": "main-menu",
            "choices": {"1": "end"},
            "tries": 1,
            "timeout_s": 20,
            "on_timeout": "time",
        },
        "time": {"say": "time", "next": "end"},
        "end": {"hangup": None},
    }
    result = script(
        lines("{silent: 1}", "{hears_text: ten o'clock}"), nodes | {"menu": nodes["menu"] | {"tries": 3}}
    )
    (difference,) = result.differences
    assert difference.what == "key"
    silent = script(
        lines("{silent: 3}", "{hears_text: ten oh one A.M.}"), nodes | {"menu": nodes["menu"] | {"tries": 3}}
    )
    assert silent.differences == ()


def test_a_flow_that_returns_ends_so(script):
    """Without a dialplan that waits for it, that is the end of the call; hanging up is no return."""
    done, gone = (
        {"say": {"play": "welcome"}},
        {"say": {"play": "welcome", "next": "end"}, "end": {"hangup": None}},
    )
    for end in ("return", "hangup"):
        assert script(lines(f"{{ends: {end}}}"), done).differences == ()
    assert script(lines("{ends: hangup}"), gone).differences == ()
    assert [each.what for each in script(lines("{ends: return}"), gone).differences] == ["over"]


def test_sub_flows_and_the_channel_are_played(tmp_path):
    """What a sub-flow returns, what the dialplan set; the branch behind the call counts as taken."""
    book = book_of(
        {
            "in": {"channel": {"read": {"plan": "CUSTOMER_PLAN"}}, "next": "ask"},
            "ask": {"call": "sub", "into": "account", "next": "told"},
            "told": {"say": "digits", "value": "{account}"},
        },
        sub={
            "entry": {"collect": "typed", "prompt": "enter-number", "max": 3, "next": "back"},
            "back": {"return": "{typed}"},
        },
    )
    path = tmp_path / "test.yaml"
    path.write_text(
        "flow: main\nchannel: {CUSTOMER_PLAN: gold}\nvariables: {plan: gold, account: '123'}\nsteps:\n"
        + lines("{presses: '123'}", "{hears: [n-1, n-2, n-3]}", "{ends: return}")
    )
    (result,) = play(book, path, channel={"CUSTOMER_PLAN": "gold"})
    assert result.differences == ()
    coverage = Coverage.of(book, [result])
    assert coverage.unvisited == []
    assert coverage.branches[Place("main", "ask"), Place("main", "told")]


@pytest.mark.parametrize(("lists", "heard"), [("[vip]", "welcome"), ("[]", "goodbye")])
def test_a_caller_is_on_the_lists_that_the_test_names(tmp_path, lists, heard):
    """And on no others; no step is needed for the question."""
    nodes = {
        "vip": {"list": "vip", "on_listed": "yes", "on_not_listed": "no"},
        "yes": {"hangup": "welcome"},
        "no": {"hangup": "goodbye"},
    }
    path = tmp_path / "test.yaml"
    path.write_text(f"flow: main\nlists: {lists}\nsteps:\n" + lines(f"{{hears: {heard}}}", "{ends: hangup}"))
    (result,) = play(book_of(nodes), path)
    assert result.differences == ()


def test_coverage_counts_nodes_and_branches(tmp_path):
    """Of the flows that the tests came to; what nobody visited is named."""
    path = tmp_path / "test.yaml"
    path.write_text(
        "flow: main\nsteps:\n" + lines("{presses: '1'}", "{queue: sales, outcome: full}", "{ends: hangup}")
    )
    book = book_of(HOTLINE, other={"x": {"hangup": None}})
    coverage = Coverage.of(book, play(book, path))
    assert {place.node for place in coverage.unvisited} == {"swap", "account", "told", "operator"}
    taken = {(str(place), to and to.node) for (place, to), seen in coverage.branches.items() if seen}
    assert taken == {("main:welcome", "menu"), ("main:menu", "sales"), ("main:sales", None)}


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("flow: main\nsteps: []", "steps"),
        ("flow: main\nsteps:\n  - {hears: welcome, presses: '1'}", "steps[0]"),
        ("flow: main\nsteps:\n  - {}", "steps[0]"),
        ("flow: main\nsteps:\n  - {press: '1'}", "steps[0].press"),
        ("flow: main\nsteps:\n  - {presses: one}", "steps[0].presses"),
        ("flow: main\nat: soon\nsteps:\n  - {presses: '1'}", "at"),
        ("tests:\n  - {flow: main}", "tests[0].steps"),
        ("tests: []", "tests"),
        ("steps:\n  - {presses: '1'}", "flow"),
    ],
)
def test_a_broken_script_is_told_with_file_line_and_key(tmp_path, text, told):
    """All at once, as for the configuration."""
    path = tmp_path / "test.yaml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(ConfigError) as caught:
        load_tests(path)
    assert told in {each.key for each in caught.value.problems}
    assert all(each.file == str(path) for each in caught.value.problems)


def test_whatever_is_asked_of_the_world_can_be_scripted():
    """A new question of the host's wants a key in a script's steps: `ccd.config.flow_tests.OUTSIDE`."""
    source = Path(rehearsal.__file__).read_text(encoding="utf-8")
    asked = set(re.findall(r'Question\(\s*"(\w+)"', source))
    assert asked - {"list"} <= set(OUTSIDE)
    assert set(OUTSIDE) <= set(Step.model_fields)
    outside = {model.kind for model, kind in KINDS.items() if kind.leaves_flow}
    assert outside - {"survey"} <= set(OUTSIDE)


@pytest.mark.parametrize(
    ("outcome", "heard"),
    [
        ("promised", "callback-promised"),
        ("promised_before", "callback-already"),
        ("refused", "callback-refused"),
    ],
)
def test_a_call_back_is_promised_or_not(script, outcome, heard):
    """The caller confirms the number; what comes of the promise is the script's."""
    steps = lines(
        "{hears: callback-number}",
        "{presses: '1'}",
        f"{{callback: sales, outcome: {outcome}}}",
        f"{{hears: {heard}}}",
        "{ends: hangup}",
    )
    assert script(steps, {"offer": {"callback": "sales"}}).differences == ()
