"""Queues."""

from typing import Final

TEXTS: Final[dict[str, str]] = {
    "Queues: what waits, who serves.": "队列：谁在等待，谁在服务。",
    "All queues, with what waits and the day's figures.": "所有队列：等待情况和当日数据。",
    "One queue or all, as `asterisk -rx 'queue show'` prints them, and what that cannot say.": (
        "按 `asterisk -rx 'queue show'` 的格式显示一个或全部队列，并补充它没有的内容。"
    ),
    "The queue; without it, all.": "队列；不写则为全部。",
    "The queue.": "队列。",
    "queue": "队列",
    "name": "名称",
    "strategy": "策略",
    "waiting": "等待",
    "longest": "最长",
    "agents": "坐席",
    "free": "可接",
    "talking": "通话中",
    "answered": "接通",
    "abandoned": "放弃",
    "service level": "服务水平",
    "Callbacks: {waiting} waiting, {promised} promised, {made} made": (
        "回呼：等待 {waiting}，已答应 {promised}，已完成 {made}"
    ),
    "Since {since}: {offered} offered, {timed_out} timed out, {other} left otherwise; "
    "sticky {hits} hits, {misses} misses": (
        "自 {since}：进入 {offered}，超时 {timed_out}，其他离开 {other}；熟客命中 {hits}，未命中 {misses}"
    ),
    "Caller {position}: {number} since {joined}, ringing {agents}": (
        "第 {position} 位：{number}，{joined} 进入，正在振铃 {agents}"
    ),
    "Estimated wait of a new caller: {wait}": "新来电预计等待：{wait}",
    ", still about {wait}": "，预计还需约 {wait}",
    "Agent {agent}: {status}, {state}": "坐席 {agent}：{status}，{state}",
    "The queue to which they go.": "去往的队列。",
    "Until when, e.g. 14:00 or 2026-11-22T14:00; else until changed.": (
        "截止时间，如 14:00 或 2026-11-22T14:00；不写则直到再次更改。"
    ),
    "A prompt for those who are not taken in.": "播放给被谢绝者的提示音。",
    "Those who wait: keep (served) or leave.": "等待者：keep（继续服务）或 leave（离开）。",
    "So many, the first in line; else all.": "只移动排在最前的若干人；不写则全部。",
    "Higher is served first; a queue's is 0.": "高者先服务；队列默认为 0。",
    "Take nobody in any more; those who wait are served, or leave.": (
        "关闭队列，不再接纳来电；等待者继续服务或离开。"
    ),
    "Take callers in again, whatever the calendar says.": "重新开放队列，不论日历如何。",
    "Move those who wait to another queue; they keep the time of joining.": (
        "将等待者移到另一队列，保留进入时间。"
    ),
    "Move a caller who waits to another queue; they keep the time of joining.": (
        "将一个等待的来电移到另一队列，保留进入时间。"
    ),
    "Give a caller who waits another priority.": "更改一个等待来电的优先级。",
    "{count} moved from {source} to {target}": "已从 {source} 移动 {count} 个来电到 {target}",
    "{count} follow if nobody answers: phones ring for them": "{count} 个正在振铃，无人接听时随后移动",
    "call {call}: priority {priority}": "通话 {call}：优先级 {priority}",
    "open": "开放",
    "closed": "已关闭",
    "open by hand": "人工开放",
    "closed by hand": "人工关闭",
    "closed by its hours": "按日历关闭",
    "until {until}": "至 {until}",
    "those who wait are served": "等待者继续服务",
    "those who wait leave": "等待者离开",
    "says {prompt}": "播放 {prompt}",
    "queues closed": "已关闭的队列",
}
