"""`ccd flow show` draws a flow as text: every node once, columns straight, in both languages."""

import pytest
from rich.cells import cell_len

from ccd.config.flows import KINDS
from ccd.ivr import draw as draw_module
from ccd.ivr.draw import draw
from ccd.prompts.manifest import Manifest
from tests.unit.ivr.fakes import HOTLINE, flows

MANIFEST = Manifest.shipped()
CASES = [{"prefix": "138", "next": "queue"}, {"in": ["1", "2"], "next": "dial"}]


def texts(prompt: str, language: str) -> str | None:
    entry = MANIFEST.prompts.get(prompt)
    return entry.text("zh" if language == "zh" else "en") if entry else None


def test_a_flow_is_drawn_as_a_tree():
    """Branches with what leads along them, revisits marked, a sole way on at the same depth."""
    assert draw(flows(main=HOTLINE)["main"], "en").splitlines() == [
        "welcome: play welcome",
        "→ menu: menu main-menu other-language, 2 × 5 s",
        "├─ 1 → sales: queue sales, priority 5",
        "├─ 2 → account: collect account, 3–4 digits",
        "│  ├─ entered → told: say digits {account}",
        "│  │  → sales ↑",
        "│  └─ timeout, invalid → hang up",
        "├─ 9 → swap: language other",
        "│  → menu ↑",
        "└─ timeout, invalid → operator: dial 1001, 30 s",
        "   ├─ busy → sales ↑",
        "   ├─ no answer → sales ↑",
        "   └─ failed → sales ↑",
    ]


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_of_node_has_a_chinese_word(kind):
    """A kind that is added has its word in the drawing."""
    assert draw_module._KIND_WORDS.get(kind, kind) in draw_module._CHINESE


def test_drawings_have_words_in_both_languages():
    """Chinese drawings are Chinese but for names."""
    nodes = {
        "play": {"play": "welcome", "next": "hours"},
        "hours": {"hours": "office", "on_open": "menu", "on_closed": "bye", "on_holiday": "other:x"},
        "menu": {"menu": "main-menu", "choices": {"1": "branch"}, "on_timeout": "bye", "on_invalid": "gone"},
        "branch": {"branch": "caller", "cases": CASES, "default": "set"},
        "queue": {"queue": "sales", "on_answered": "survey"},
        "dial": {"dial": "01012345678", "outside": True, "timeout_s": 20.5},
        "set": {"set": {"a": "{caller}"}, "next": "say"},
        "say": {"say": "date", "next": "language"},
        "language": {"language": "other", "next": "collect"},
        "collect": {"collect": "b", "prompt": "enter-number"},
        "survey": {"survey": "satisfaction", "next": "voicemail"},
        "voicemail": {"voicemail": "box", "on_empty": "bye"},
        "lonely": {"goto": "play"},
        "bye": {"hangup": "goodbye"},
    }  # fmt: skip
    flow = flows(main=nodes)["main"]
    assert draw(flow, "zh").splitlines() == [
        "play: 播放 welcome",
        "→ hours: 工作时间 office",
        "├─ 工作时间 → menu: 菜单 main-menu, 3 × 5 秒",
        "│  ├─ 1 → branch: 分支 caller",
        "│  │  ├─ 138… → queue: 队列 sales",
        "│  │  │  └─ 接通 → survey: 满意度 satisfaction",
        "│  │  │     → voicemail: 语音信箱 box",
        "│  │  │     └─ 未留言 → bye: 挂机 goodbye",
        "│  │  ├─ 1, 2 → dial: 呼叫 01012345678, 外线, 20.5 秒",
        '│  │  └─ 其他 → set: 设置 a = "{caller}"',
        "│  │     → say: 播报 日期",
        "│  │     → language: 语言 另一种",
        "│  │     → collect: 收号 b, 1–20 位",
        "│  │     ├─ 已输入 → 挂机",
        "│  │     └─ 超时或无效 → 挂机",
        "│  ├─ 超时 → bye ↑",
        "│  └─ 无效 → gone (不存在)",
        "├─ 非工作时间 → bye ↑",
        "└─ 节假日 → other:x",
        "",
        "(不可达) lonely: 转到 play",
        "→ play ↑",
    ]


def test_words_stand_in_a_straight_column():
    """A Chinese character is two columns wide; rows end where they should."""
    for language, welcome in (("en", "Welcome"), ("zh", "您好")):
        drawn = draw(flows(main=HOTLINE)["main"], language, texts=texts, width=80)
        beside = {
            cell_len(row[: row.index(start)])
            for row in drawn.splitlines()
            for start in (welcome, "For sales", "销售咨询")
            if start in row
        }
        assert len(beside) == 1
        assert max(map(cell_len, drawn.splitlines())) <= 80
        assert "…" in drawn


def test_a_deep_flow_is_drawn_too():
    """Hundreds of branches within branches need no deep recursion."""
    chain = {
        f"n{number}": {"hours": "office", "on_open": f"n{number + 1}", "on_closed": "end"}
        for number in range(400)
    }
    drawn = draw(
        flows(main=chain | {"n400": {"goto": "end"}, "end": {"hangup": None}})["main"], "en", width=2000
    )
    assert drawn.count("hours office") == 400
