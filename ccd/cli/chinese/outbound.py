"""Chinese of `ccd outbound`."""

from typing import Final

TEXTS: Final[dict[str, str]] = {
    "Calls to the outside: who may dial what.": "外呼：谁可拨哪些号码。",
    "Whether a number would be let out, and which rule decides. Nothing is dialled.": (
        "某号码是否放行，由哪条规则决定；不会真的拨打。"
    ),
    "The number, as it is dialled.": "号码，按拨打时的写法。",
    "Who dials: the agent's number or extension.": "由谁拨打：工号或分机。",
    "From which phone, where nobody is signed in.": "从哪台话机拨打（无人签入时）。",
    "For which queue.": "代表哪个队列。",
    "When; default: now.": "时间；默认为现在。",
    "The limits of outgoing calls, and what is used of them.": "外呼限制及已用情况。",
    "no rule": "无规则",
    "{number} is let out by {rule}": "{number} 由 {rule} 放行",
    "{number} is refused by {rule}: {reason}": "{number} 被 {rule} 拒绝：{reason}",
    "international": "国际格式",
    "dialled as": "拨号方式",
    "shows": "显示号码",
    "longest talk": "最长通话",
    "recorded": "录音",
    "limit": "限制",
    "at most": "上限",
    "used": "已用",
    "last hour": "近一小时",
    "person": "坐席或话机",
    "this day": "今天",
    "minutes": "分钟",
    "now": "当前",
    "let out since the start: {count}": "启动以来放行：{count}",
    "refused: {reason}: {count}": "拒绝：{reason}：{count}",
}
