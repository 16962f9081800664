"""A flow as readable text: a tree of its nodes, each drawn once, with what callers hear beside it.

main
welcome: play welcome                     Welcome to our customer service line.
→ menu: menu main-menu, 3 × 5 s           For sales, press 1. For support, press 2.
├─ 1 → sales: queue sales
└─ 9 → other-language: language other
   → menu ↑
"""

from collections.abc import Callable, Iterator
from functools import partial

from rich.cells import cell_len, set_cell_size

from ccd.config.flows import Edge, Flow, Node

Texts = Callable[[str, str], str | None]
"""Gives the words of a prompt (first) in a language (second), None where there are none."""

_FARTHEST_COLUMN = 56
"""No farther right do the words begin, however deep the tree."""

_KIND_WORDS = {"hangup": "hang up"}
"""Kinds whose key is no words."""
_CHINESE = {
    "play": "播放", "say": "播报", "menu": "菜单", "collect": "收号", "hours": "工作时间", "language": "语言",
    "set": "设置", "branch": "分支", "queue": "队列", "dial": "呼叫", "agent": "坐席", "survey": "满意度",
    "voicemail": "语音信箱", "message kept": "已留言", "no message": "未留言", "goto": "转到",
    "hang up": "挂机", "priority": "优先级", "outside": "外线", "digits": "位", "other": "另一种",
    "number": "数字", "date": "日期", "time": "时间", "money": "金额", "ordinal": "序数", "phone": "电话号码",
    "datetime": "日期时间", "duration": "时长", "said": "已播报",
    "s": "秒", "not reached": "不可达", "nowhere": "不存在",
    "timeout": "超时", "invalid": "无效", "timeout, invalid": "超时或无效", "entered": "已输入",
    "open": "工作时间", "closed": "非工作时间", "holiday": "节假日", "closed, holiday": "非工作时间或节假日",
    "else": "其他", "answered": "接通", "timed out": "等待超时", "full": "已满", "empty": "无坐席",
    "failed": "失败", "busy": "忙", "no answer": "无应答", "away": "不在", "lookup": "查询业务系统",
    "found": "查到", "not found": "未查到", "region": "归属地", "pin": "密码", "return": "返回",
    "list": "名单", "listed": "在名单中", "not listed": "不在名单中",
    "channel": "通道变量", "local": "本地", "ok": "正确", "wrong": "错误", "locked": "已锁定",
    "call": "子流程", "callback": "回呼", "promised": "已答应", "refused": "未登记",
}  # fmt: skip


def draw(flow: Flow, language: str, *, texts: Texts | None = None, width: int = 110) -> str:
    """Draw a flow from its start, in English or Chinese; rows end at `width` columns.

    A node that is drawn already is marked ↑, one in another flow is named with it, nodes that nothing leads
    to come last. With `texts` the words of the prompts stand beside the tree.
    """
    artist = _Artist(flow, language, texts)
    rows = list(artist.rows())
    column = min(_FARTHEST_COLUMN, max(cell_len(tree) for tree, _ in rows) + 2)
    return "\n".join(_fit(tree, words, column, width) for tree, words in rows)


def describe(node: Node, language: str) -> str:
    """Say in a few words what a node does."""
    word = partial(_in, language)
    return f"{word(_KIND_WORDS.get(node.kind, node.kind))} {node.summary(word)}".rstrip()


def _in(language: str, english: str) -> str:
    return _CHINESE.get(english, english) if language == "zh" else english


def _fit(tree: str, words: str, column: int, width: int) -> str:
    """Put words beside a piece of the tree; a Chinese character takes two columns."""
    row = f"{tree}{' ' * max(2, column - cell_len(tree))}{words}" if words else tree
    return row if cell_len(row) <= width else set_cell_size(row, width - 1).rstrip() + "…"


class _Artist:
    """One drawing: it remembers which nodes are drawn."""

    def __init__(self, flow: Flow, language: str, texts: Texts | None) -> None:
        self._flow = flow
        self._language = language
        self._texts = texts
        self._drawn: set[str] = set()

    def rows(self) -> Iterator[tuple[str, str]]:
        yield from self._tree(self._flow.start)
        for name in self._flow.nodes:
            if name not in self._drawn:
                yield "", ""
                yield from self._tree(name, lead=f"({self._word('not reached')}) ")

    def _tree(self, root: str, *, lead: str = "") -> Iterator[tuple[str, str]]:
        """Give the rows below a node: (tree, words). No recursion: flows may be deep."""
        todo = [(lead, "", root)]
        while todo:
            lead, indent, name = todo.pop()
            node = self._flow.nodes.get(name)
            if node is None or name in self._drawn:
                yield f"{lead}{name}{self._mark(name)}", ""
                continue
            self._drawn.add(name)
            yield f"{lead}{name}: {self._describe(node)}", self._words(node)
            todo += reversed(list(self._below(node, indent)))

    def _mark(self, name: str) -> str:
        if name in self._drawn:
            return " ↑"
        return "" if ":" in name or name == self._word("hang up") else f" ({self._word('nowhere')})"

    def _below(self, node: Node, indent: str) -> Iterator[tuple[str, str, str]]:
        """Give lead, indentation and name of what follows a node; a sole way goes on at the same depth."""
        ways = [edge for edge in node.edges() if edge.target or not node.many_branches]
        if len(ways) == 1 and not ways[0].label:
            yield f"{indent}→ ", indent, self._name(ways[0])
            return
        for way in ways:
            last = way is ways[-1]
            corner, deeper = ("└─ ", "   ") if last else ("├─ ", "│  ")
            yield f"{indent}{corner}{self._word(way.label)} → ", indent + deeper, self._name(way)

    def _name(self, edge: Edge) -> str:
        return edge.target or self._word("hang up")

    def _word(self, english: str) -> str:
        return _in(self._language, english)

    def _words(self, node: Node) -> str:
        """Give what callers hear first at a node."""
        texts = self._texts
        return " ".join(text for prompt in node.heard() if texts and (text := texts(prompt, self._language)))

    def _describe(self, node: Node) -> str:
        return describe(node, self._language)
