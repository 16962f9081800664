"""What can be wrong between the nodes of flows, in English and Chinese; whoever finds it fills the blanks."""

from collections.abc import Mapping
from dataclasses import dataclass

from ccd.config.problems import Location, written
from ccd.config.texts import Text


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """One thing to change in the configuration, in English and Chinese."""

    at: Location
    """The key, e.g. `("flows", "main", "nodes", "menu", "choices", "1")`."""
    message: str
    remedy: str
    message_zh: str
    remedy_zh: str

    @property
    def path(self) -> str:
        """The key as people write it: `flows.main.nodes.menu.choices.1`."""
        return written(self.at)


def problem(code: str, at: Location, /, **blanks: object) -> Problem:
    """Say what is wrong at a key; `code` is a key of `TEXTS`."""
    message, remedy, message_zh, remedy_zh = (text.format(**blanks) for text in TEXTS[code])
    return Problem(at=at, message=message, remedy=remedy, message_zh=message_zh, remedy_zh=remedy_zh)


_OUT = "to a queue, a dial or a hangup node"
_OUT_ZH = "引到 queue、dial 或 hangup 节点"

TEXTS: Mapping[str, Text] = {
    "unknown": Text(
        "there is no {kind} {name!r}",
        "{remedy}",
        "没有名为 {name!r} 的{kind_zh}",
        "{remedy_zh}",
    ),
    "not_let_out": Text(
        "outbound does not allow {number}",
        "add a pattern for it to outbound.allow, or dial another number",
        "外呼规则 outbound 不允许拨打 {number}",
        "在 outbound.allow 中加入相应号码规则，或改拨其他号码",
    ),
    "no_callback": Text(
        "the queue {queue} calls nobody back",
        "give it a section `callback: {{}}` in queues.{queue}",
        "队列 {queue} 未启用回呼",
        "在 queues.{queue} 中加入 `callback: {{}}`",
    ),
    "never_set": Text(
        "no node gives the variable {name!r} a value",
        "set or collect it before, or use one of: {variables}",
        "没有节点给变量 {name!r} 赋值",
        "请先用 set 或 collect 赋值，或使用：{variables}",
    ),
    "unreadable": Text(
        "{value!r} cannot be read as {say}",
        "write it as the documentation of say tells, or name a variable in braces: {{caller}}",
        "{value!r} 无法按 {say} 播报",
        "请按 say 的文档书写，或在花括号中写变量名：{{caller}}",
    ),
    "given_away": Text(
        "the variable {name!r} is masked and does not leave the call here",
        "name it in send_secret of a lookup, or collect it without mask",
        "变量 {name!r} 已屏蔽，不会由此传出",
        "在 lookup 的 send_secret 中列出它，或收取时不用 mask",
    ),
    "calls_itself": Text(
        "flow {flow!r} leads back to this node without a return",
        "let its ways end in return, or use goto instead of call",
        "流程 {flow!r} 未经 return 又回到此节点",
        "让它以 return 结束，或将 call 改为 goto",
    ),
    "never_returns": Text(
        "flow {flow!r} never returns",
        "add a return node to it, or use goto instead of call",
        "流程 {flow!r} 从不返回",
        "在其中添加 return 节点，或将 call 改为 goto",
    ),
    "never_reached": Text(
        "node {node!r} is never reached from the start of a flow",
        "lead a branch to it, or delete it",
        "从任何流程的起点都到不了节点 {node!r}",
        "让某个分支引到它，或删除它",
    ),
    "endless_wait": Text(
        "a caller who presses nothing goes round for ever: {way}",
        f"let on_timeout lead out, {_OUT}",
        "不按键的来电者会永远循环：{way}",
        f"让 on_timeout {_OUT_ZH}",
    ),
    "endless": Text(
        "a caller who presses nothing goes round for ever: {way}",
        f"let one of these nodes lead out, {_OUT}, or to a menu",
        "不按键的来电者会永远循环：{way}",
        f"让其中一个节点{_OUT_ZH}，或引到菜单",
    ),
    "no_exit": Text(
        "menu {menu!r} has no exit: every choice comes back to a menu",
        f"let a choice, on_timeout or on_invalid lead {_OUT}",
        "菜单 {menu!r} 没有出口：所有选择都回到菜单",
        f"让某个选择、on_timeout 或 on_invalid {_OUT_ZH}",
    ),
}
