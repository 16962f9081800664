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
}
