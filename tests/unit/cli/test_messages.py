"""Chinese and English are equals: nothing that a user reads is in one language only."""

import ast
import string
from enum import StrEnum
from pathlib import Path

import pytest

import ccd.cli
import ccd.ivr
from ccd import model
from ccd.cli import chinese, messages
from ccd.cli.explain import story
from ccd.http import shapes
from ccd.http.filters import Outcome
from ccd.http.shapes import ProblemCode
from ccd.ivr.hours import HoursState
from ccd.ivr.kinds import KINDS
from ccd.ivr.ports import Promise
from tests.integration.http.fake_backend import explanation, segment

FOLDER = Path(ccd.cli.__file__).parent
FLOWS = Path(ccd.ivr.__file__).parent


def said() -> dict[str, str]:
    """Read every `_("…")` of the sources; give where each text stands."""
    found = {}
    for path in sorted(FOLDER.glob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "_":
                (text,) = node.args
                assert isinstance(text, ast.Constant), f"{path.name}:{node.lineno}: not a literal"
                found[text.value] = f"{path.name}:{node.lineno}"
    return found


def led_to() -> set[str]:
    """Read what nodes of flows lead to: written out in the sources, or of an enumeration."""
    found = {kind.kind for kind, treated in KINDS.items() if treated.leaves_flow}
    for path in sorted(FLOWS.glob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
                first = node.args[0] if node.args else None
                if node.func.id in {"Step", "_refuse"} and isinstance(first, ast.Constant):
                    found.add(str(first.value))
    return found | {*HoursState, *Promise, *model.LookupOutcome, "hangup", "timeout", "invalid"}


def placeholders(text: str) -> set[str]:
    return {name for _literal, name, _spec, _conversion in string.Formatter().parse(text) if name}


def test_every_text_has_a_translation_and_every_translation_a_text():
    """No English left in a Chinese terminal, and no dead entry in the table."""
    texts = said()
    assert not {where: text for text, where in texts.items() if text not in chinese.TEXTS}
    assert not set(chinese.TEXTS) - set(texts)


def test_translations_have_the_placeholders_of_their_texts():
    """A number is not lost in translation."""
    assert {text for text, zh in chinese.TEXTS.items() if placeholders(text) != placeholders(zh)} == set()


@pytest.mark.parametrize(
    "codes",
    [
        model.AgentStatus,
        model.AgentState,
        model.OfferResult,
        model.QueueOutcome,
        model.StickyResult,
        model.Side,
        Outcome,
        ProblemCode,
    ],
)
def test_every_code_has_a_word_in_both_languages(codes: type[StrEnum]):
    """Enumerations of the API are never shown raw in Chinese; English ones lose their underscores."""
    assert {code.value for code in codes} <= set(chinese.WORDS)
    assert messages.word("lost_race") == "lost race"


def test_whatever_a_node_leads_to_has_a_word_in_both_languages():
    """A new kind of node cannot leave English behind in a Chinese story."""
    results = led_to()
    assert {"listed", "not_found", "locked", "asked again", "voicemail", "done"} <= results
    messages.use("en")
    assert messages.led_to("not_listed") == "not listed"
    assert messages.led_to("case 2") == "case 2"
    messages.use("zh")
    assert messages.led_to("case 2") == "条件 2"
    assert messages.led_to("13800138000") == "13800138000"
    assert {result for result in results if messages.led_to(result).isascii()} == set()


def test_every_problem_of_the_daemon_has_an_english_sentence():
    """`ami_disconnected` alone helps nobody."""
    assert set(messages.PROBLEMS) == {code.value for code in ProblemCode}


@pytest.mark.parametrize(
    ("english", "chinese_"),
    [
        ("idle 12.4 s", "空闲 12.4 秒"),
        ("3 calls", "3 个通话"),
        ("position 2", "位置 2"),
        ("rrmemory after position 2", "轮流振铃，上次位置 2"),
        ("agent 1002 free", "坐席 1002 空闲"),
        ("Missing argument 'AGENT'.", "缺少参数 AGENT"),
        ("No such command 'lst'. Did you mean 'list'?", "没有命令 lst。是否想用 'list'？"),
        ("something new", "something new"),
    ],
)
def test_phrases_are_put_into_chinese(english: str, chinese_: str):
    """What the engine and Typer say is translated by pattern; what is unknown stays readable."""
    messages.use("zh")
    assert messages.phrase(english) == chinese_
    messages.use("en")
    assert messages.phrase(english) == english


def test_labels_fall_back_to_english_then_to_any():
    """A queue without a Chinese name shows the one it has."""
    messages.use("zh")
    assert messages.label({"en": "Sales", "zh": "销售"}) == "销售"
    assert messages.label({"en": "Sales"}) == "Sales"
    assert messages.label({"fr": "Ventes"}) == "Ventes"
    assert messages.label({}) == ""


def test_a_call_is_explained_in_chinese():
    """The whole story, decision by decision, without an English word."""
    messages.use("zh")
    told = "\n".join(story(explanation()))
    assert "sales 的分配：轮流振铃，上次位置 2，起因：坐席 1001 空闲" in told
    assert "分配给坐席 1001 (PJSIP/1001)：5.0 秒后无应答（熟客）" in told
    assert "满意度 satisfaction：1 非常满意" in told
    assert "接通，共 40.0 秒，主叫结束" in told
    for word in ("decision", "waited", "offered", "agent ", "answered", "chosen", "position"):
        assert word not in told


def told_of(*segments: shapes.Segment) -> str:
    """Give the story of a call of these segments."""
    return "\n".join(story({**explanation(), "segments": list(segments), "decisions": []}))


def visited(**nodes: str) -> list[dict[str, str]]:
    """Make visits of nodes, `name="kind result"`."""
    return [
        {"node": name, "kind": kind, "result": result}
        for name, (kind, result) in ((name, told.split(" ", 1)) for name, told in nodes.items())
    ]


def test_nodes_are_told_by_what_they_led_to_in_the_readers_language():
    """And a node whose name is a word stays the name that it is."""
    nodes = visited(vip="list not_listed", crm="lookup found", pin="pin ok", on="goto open")
    flow = segment(1, "ivr", 0, detail={"flow": "main", "nodes": nodes})
    messages.use("zh")
    assert "vip (不在名单上) → crm (已查到) → pin (正确) → on (open)" in told_of(flow)
    messages.use("en")
    assert "vip (not listed) → crm (found) → pin (ok) → on (open)" in told_of(flow)


def test_dials_consent_and_callbacks_are_told_in_the_readers_language():
    """No code of Asterisk's, and no name of a segment, is left as it stands."""
    detail = {"callback": 7, "number": "13800138000", "attempt": 2, "order": "agent_first"}
    segments = (
        segment(1, "consent", 0, result="told", detail={}),
        segment(2, "callback", 1, queue="sales", result="requested", detail=detail),
        segment(3, "callback", 2, queue="sales", result="try", detail=detail),
        segment(4, "dial", 3, result="CHANUNAVAIL", detail={"target": "1001"}),
        segment(5, "dial", 4, result="REFUSED", detail={"target": "0085", "reason": "denied"}),
        segment(6, "talk", 5, agent="1001", result="agent", detail={"sent_to": "survey"}),
    )
    messages.use("zh")
    told = told_of(*segments)
    for words in (
        "录音告知：已告知",
        "队列 sales 的回呼 7：已答应回呼 13800138000",
        "队列 sales 的回呼 7：第 2 次，先呼坐席",
        "拨打 1001：不可达",
        "拨打 0085：拒绝 (禁止拨打)",
        "坐席把来电者转至 评价",
    ):
        assert words in told
    messages.use("en")
    told = told_of(*segments)
    for words in (
        "the caller and the recording: told",
        "callback 7 of queue sales promised to 13800138000",
        "callback 7 of queue sales, attempt 2, agent first",
        "dials 1001: unreachable",
        "dials 0085: refused (denied)",
        "the agent sent the caller to survey",
    ):
        assert words in told


def test_in_the_same_instant_the_queue_comes_before_the_decision_and_the_offer_after_it():
    """Cause before effect, also when the clock cannot tell."""
    call = explanation()
    call["decisions"][0]["at"] = call["segments"][1]["started_at"]
    call["segments"][2]["started_at"] = call["segments"][1]["started_at"]
    told = "\n".join(story(call))
    assert told.index("queue sales, at position") < told.index("decision in sales") < told.index("offered to")


def test_a_call_is_explained_in_english():
    """Each decision comes before what it led to, with its candidates and their reasons."""
    told = story(explanation())
    decision = next(at for at, line in enumerate(told) if "decision in sales" in line)
    assert told[decision].startswith("   10.000 s")
    assert "rrmemory after position 2, because agent 1001 free" in told[decision]
    assert told[decision + 1].split() == ["1001", "chosen", "position", "3"]
    assert told[decision + 2].split() == ["1003", "logged", "out"]
    assert told[decision + 3].split() == ["…", "and", "1", "more"]
    assert (
        "offered to agent 1001 on PJSIP/1001: no answer after 5.0 s (knows this caller)" in told[decision + 4]
    )
