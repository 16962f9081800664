"""Phrases that the routing engine or Typer makes, as patterns."""

from typing import Final

PHRASES: Final[tuple[tuple[str, str], ...]] = (
    # rules, triggers and keys of routing decisions
    ("sticky", "熟客"),
    (r"rrmemory after position (-?\d+)", "轮流振铃，上次位置 {0}"),
    ("ringall", "全部振铃"),
    ("rrmemory", "轮流振铃"),
    ("fewestcalls", "最少接通"),
    ("leastrecent", "空闲最久"),
    ("mostrecent", "最近接通"),
    ("random", "随机"),
    ("linear", "固定顺序"),
    (r"agent (\S+) free", "坐席 {0} 空闲"),
    ("caller joined", "来电进入队列"),
    ("wait over", "等待时间到"),
    ("synchronised", "与 Asterisk 同步"),
    ("configured", "配置变更"),
    ("other change", "其他变化"),
    (r"idle ([\d.]+) s", "空闲 {0} 秒"),
    (r"(\d+) calls", "{0} 个通话"),
    (r"position (-?\d+)", "位置 {0}"),
    ("never called", "尚未接听"),
    (r"help of (\S+)", "由 {0} 协助"),
    (r"priority (-?[\d.]+)", "优先级 {0}"),
    (r"needs (.+)", "需要 {0}"),
    (r"(\S+) (\d+) \(has (\d+)\)", "{0} {1}（有 {2}）"),
    (r"(\d+) \(has (\d+)\)", "{0}（本人 {1}）"),
    # what nodes of flows led to
    (r"case (\d+)", "条件 {0}"),
    # Typer's errors
    (r"Missing argument '(.+)'\.", "缺少参数 {0}"),
    (r"Missing option '(.+)'\.", "缺少选项 {0}"),
    (r"Missing command\.", "缺少命令"),
    (r"No such command '(.+?)'\.?", "没有命令 {0}"),
    (r"No such command '(.+?)'\. Did you mean (.+)\?", "没有命令 {0}。是否想用 {1}？"),
    (r"No such option: (\S+)", "没有选项 {0}"),
    (r"No such option: (\S+) \(Possible options: (.+)\)", "没有选项 {0}。是否想用 {1}？"),
    (r"Option '(.+)' requires an argument\.", "选项 {0} 需要一个值"),
    (r"Invalid value for (.+?): (.+)", "{0} 的值不正确：{1}"),
    (r"Got unexpected extra arguments? \((.+)\)", "多余的参数：{0}"),
)
"""Whole phrases as patterns, first match."""

FRAME: Final[tuple[tuple[str, str], ...]] = (
    (r"^Usage: ", "用法："),
    (r"^Options:$", "选项："),
    (r"^Arguments:$", "参数："),
    (r"^Commands:$", "命令："),
    (r"\[OPTIONS\]", "[选项]"),
    (r"COMMAND \[ARGS\]\.\.\.", "命令 [参数]..."),
    (r"Show this message and exit\.", "显示帮助。"),
    (r"([\[;]\s*)default:", r"\1默认："),
    (r"\[env\s+var:", "[环境变量："),
    (r"\[required\]", "[必填]"),
)
"""What Typer writes on a help page itself."""
