"""Callbacks."""

from typing import Final

TEXTS: Final[dict[str, str]] = {
    "Callbacks: who keeps a place in a queue and is called.": "排队回呼：保留排队位置、等待回电的客户。",
    "The callback's number, as `ccd callback list` shows it.": "回呼编号，见 `ccd callback list`。",
    "The newest callbacks; open ones only, unless --all.": "最近的回呼；默认只列未结束的，--all 列出全部。",
    "Of this queue only.": "仅此队列。",
    "To this number only.": "仅此号码。",
    "Closed ones, too.": "包括已结束的。",
    "How many at most.": "最多列出多少条。",
    "All of one callback.": "一条回呼的全部信息。",
    "Promise a call back by hand, with the place of now.": "手工登记回呼，排在当前队尾。",
    "The number to call.": "要拨打的号码。",
    "The queue whose agents call.": "由哪个队列的坐席回呼。",
    "Take a promise back.": "取消回呼。",
    "Make the next try as soon as an agent is free, without waiting for its time.": (
        "坐席一有空就回呼，不等重试时间。"
    ),
    "callback": "回呼",
    "number": "号码",
    "asked for": "登记时间",
    "tries": "次数",
    "next try": "下次尝试",
    "callback {id}: {number} will be called": "回呼 {id}：将拨打 {number}",
    "callback {id}: cancelled": "回呼 {id}：已取消",
    "priority": "优先级",
    "place since": "位置起算",
    "expires": "有效至",
    "asked for in call": "登记时的通话",
    "last try in call": "上次尝试的通话",
    "waits for its time, or for the queue to open": "等待下次尝试或队列开放",
    "in line": "排队中",
    "an agent's phone rings": "坐席话机振铃",
    "the customer is being called": "正在呼叫客户",
    "Asterisk is asked whether the customer is being called": "正在向 Asterisk 查询是否在呼叫客户",
    "callback {id}: next": "回呼 {id}：下一个",
}
