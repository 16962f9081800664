"""Lists of callers."""

from typing import Final

TEXTS: Final[dict[str, str]] = {
    "Lists of callers: VIPs, those who are refused.": "来电者名单：VIP、黑名单等。",
    "The list's name in the configuration.": "配置中的名单名称。",
    "The list's name.": "名单名称。",
    "Numbers; 0571* stands for all that begin so.": "号码；0571* 表示所有以此开头的号码。",
    "All lists, or who is on one.": "列出所有名单，或某一名单的内容。",
    "list": "名单",
    "entries": "条数",
    "expired": "已过期",
    "refused": "拒接",
    "until": "有效期至",
    "note": "备注",
    "Put numbers on a list.": "将号码加入名单。",
    "Why.": "原因。",
    "The last day on which it counts.": "有效的最后一天。",
    "For so many days.": "有效天数。",
    "write --until or --days, not both": "--until 与 --days 只能写一个",
    "Take numbers off a list.": "将号码移出名单。",
    "{number} is not on the list": "{number} 不在名单中",
    "{added} added, {changed} changed, {removed} removed": "新增 {added}，修改 {changed}，删除 {removed}",
    "line {line} ({number}): {message}": "第 {line} 行（{number}）：{message}",
    "Put numbers on a list from CSV: number,note,until. All or none.": (
        "从 CSV 导入名单：number,note,until（号码,备注,有效期）；全部或都不导入。"
    ),
    "CSV in UTF-8 or GB18030.": "CSV 文件，UTF-8 或 GB18030 编码。",
    "Write a list as CSV that `ccd list import` takes.": "将名单导出为 `ccd list import` 可读取的 CSV。",
    "there is no number": "缺少号码",
    "{told!r} is no date; write 2026-12-31 or '2026-12-31 18:00'": (
        "{told!r} 不是日期，请写成 2026-12-31 或 '2026-12-31 18:00'"
    ),
}
