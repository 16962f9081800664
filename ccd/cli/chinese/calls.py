"""Calls under way and their explanation."""

from typing import Final

TEXTS: Final[dict[str, str]] = {
    # calls
    "Calls that are under way.": "进行中的通话。",
    "The calls inside ccd now, the oldest first.": "当前在 ccd 中的通话，最早的在前。",
    "One call inside ccd now.": "当前在 ccd 中的一个通话。",
    "Why a call, live or finished, went as it went: every routing decision.": (
        "一个通话（进行中或已结束）的经过与每次分配的原因。"
    ),
    "The call's id, e.g. 1795250000.12.": "通话编号，如 1795250000.12。",
    "call": "通话",
    "caller": "主叫",
    "called": "被叫",
    "phase": "阶段",
    "in all": "总时长",
    "position": "位置",
    "place": "流程位置",
    "on hold": "保持中",
    "channel": "通道",
    # explain
    "Call {id}: {number} called {called} at {started}": "通话 {id}：{number} 于 {started} 呼叫 {called}",
    "The call is under way.": "通话进行中。",
    "under way": "进行中",
    "no answer": "未评价",
    "{outcome} after {duration:.1f} s, ended by {side}; {wait:.1f} s waiting, {ring:.1f} s ringing, "
    "{talk:.1f} s talking, sticky: {sticky}": (
        "{outcome}，共 {duration:.1f} 秒，{side}结束；等待 {wait:.1f} 秒，振铃 {ring:.1f} 秒，"
        "通话 {talk:.1f} 秒，熟客：{sticky}"
    ),
    "flow {flow}: {nodes}": "流程 {flow}：{nodes}",
    "queue {queue}, at position {position}: {result} after {seconds:.1f} s": (
        "队列 {queue}，第 {position} 位：{seconds:.1f} 秒后{result}"
    ),
    "offered to agent {agent} on {device}: {result} after {seconds:.1f} s": (
        "分配给坐席 {agent} ({device})：{seconds:.1f} 秒后{result}"
    ),
    " (knows this caller)": "（熟客）",
    "  the agent took {number} into the talk": "  坐席邀请 {number} 加入通话（三方）",
    "  the agent sent the caller to {to}": "  坐席把来电者转至 {to}",
    "talks with agent {agent} for {seconds:.1f} s, ended by: {side}": (
        "与坐席 {agent} 通话 {seconds:.1f} 秒，结束方：{side}"
    ),
    "survey {survey}: {digit} {label}": "满意度 {survey}：{digit} {label}",
    "dials {target}: {result}": "拨打 {target}：{result}",
    "  agent {agent} had the caller, wrap-up {seconds:.0f} s": (
        "  坐席 {agent} 与来电者通话，后处理 {seconds:.0f} 秒"
    ),
    "the caller and the recording: {result}": "录音告知：{result}",
    "callback {id} of queue {queue} promised to {number}": "队列 {queue} 的回呼 {id}：已答应回呼 {number}",
    "callback {id} of queue {queue}, attempt {attempt}, {order}": (
        "队列 {queue} 的回呼 {id}：第 {attempt} 次，{order}"
    ),
    "phone {extension} supervises for {seconds:.1f} s: {mode}": (
        "话机 {extension} 监控 {seconds:.1f} 秒：{mode}"
    ),
    "Hang a call up; with a talk, both sides are cut off.": "挂断一个通话（强拆）；双方都被挂断。",
    "Have an agent, a phone, a number of ours or an outside number called for the caller.": (
        "转接：为主叫呼叫一个坐席、话机、本系统号码或外线号码。"
    ),
    "An agent's number, an extension, a number of ours, or an outside number.": (
        "工号、分机、本系统号码或外线号码。"
    ),
    "Send the caller to a queue or a flow; their talk ends, they stay.": (
        "把主叫送到队列或流程；当前通话结束，主叫保留。"
    ),
    "queue/NAME, flow/NAME or flow/NAME:NODE.": "queue/名称、flow/名称 或 flow/名称:节点。",
    "Listen to a call on a phone, which is rung; nobody hears you.": "监听：呼叫指定话机，只听不说。",
    "Speak to the agent alone, on a phone, which is rung.": "密语：呼叫指定话机，只有坐席能听到您。",
    "Join the talk, on a phone, which is rung; both hear you.": "强插：呼叫指定话机，双方都能听到您。",
    "The phone to ring: the supervisor's extension.": "要振铃的话机：班组长的分机。",
    "call {call}: hung up": "通话 {call}：已挂断",
    "call {call}: sent to {target}": "通话 {call}：已送往 {target}",
    "phone {phone} supervises call {call}; keys 4, 5, 6: listen, whisper, barge": (
        "话机 {phone} 正在监控通话 {call}；按 4、5、6 切换监听、密语、强插"
    ),
    "decision in {queue}: {rule}, because {trigger}; waited {waited:.1f} s, {ahead} ahead, "
    "{members} members": (
        "{queue} 的分配：{rule}，起因：{trigger}；已等待 {waited:.1f} 秒，前面 {ahead} 人，成员 {members} 人"
    ),
}
