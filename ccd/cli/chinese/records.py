"""Records, recordings, surveys, customers."""

from typing import Final

TEXTS: Final[dict[str, str]] = {
    # records
    "Call records.": "通话记录。",
    "Call records, newest first.": "通话记录，最新的在前。",
    "All of one call: its segments, recordings and survey.": "一个通话的全部：各段、录音、满意度。",
    "Write records, oldest first, for other systems.": "导出记录供其他系统使用，最早的在前。",
    "Ours, Asterisk's Master.csv, or JSON Lines.": "本系统格式、Asterisk 的 Master.csv 或 JSON Lines。",
    "A file; it appears when it is complete.": "输出文件；写完后才出现。",
    "Newest or oldest first.": "最新或最早的在前。",
    "From when: 2026-11-21, '2026-11-21 09:30', today, yesterday.": (
        "起始时间：2026-11-21、'2026-11-21 09:30'、今天、昨天。"
    ),
    "Until when; that instant does not belong to it.": "截止时间（不含）。",
    "The caller's number, whole.": "完整的主叫号码。",
    "The number that was dialled.": "被叫号码。",
    "The agent who talked with the caller.": "与主叫通话的坐席。",
    "How the call ended: answered, abandoned, timed_out, …": "结果：answered、abandoned、timed_out……",
    "How many at most.": "最多条数。",
    "{told!r} is no date; write 2026-11-21, '2026-11-21 09:30', today or yesterday": (
        "{told!r} 不是日期；请写 2026-11-21、'2026-11-21 09:30'、今天或昨天"
    ),
    "began": "开始",
    "outcome": "结果",
    "waited": "等待",
    "talked": "通话",
    "recorded": "录音",
    "survey": "满意度",
    "agent {agent}: {code}": "坐席 {agent}：{code}",
    "recording {path}: {length} s": "录音 {path}：{length} 秒",
    # recordings, surveys, customers
    "Recordings.": "录音。",
    "remark": "备注",
    "paused {seconds:.0f} s": "暂停 {seconds:.0f} 秒",
    "Copy recordings into a folder, with a list of them; what is there already is skipped.": (
        "将录音复制到文件夹并附清单；已有的跳过。"
    ),
    "The folder; it is made.": "文件夹；不存在则新建。",
    "Form of the copies; without it as they are.": "副本格式；不写则保持原样。",
    "{copied} copied, {skipped} there already, {missing} missing, in {folder}": (
        "已复制 {copied}，已存在 {skipped}，缺失 {missing}，位于 {folder}"
    ),
    "copying": "正在复制",
    "Silence the recording of a talk, for card numbers; it goes on by itself after a time.": (
        "暂停录音（如报卡号时），到时自动恢复。"
    ),
    "call {call}: the recording is paused": "通话 {call}：录音已暂停",
    "Let a paused recording go on, or begin one on demand.": "恢复录音，或开始按需录音。",
    "call {call}: it is being recorded": "通话 {call}：正在录音",
    "Recordings, newest first.": "录音，最新的在前。",
    "Where a recording lies on this machine.": "录音在本机的位置。",
    "Id of the recording, or of its call.": "录音编号，或通话编号。",
    "length": "时长",
    "bytes": "字节",
    "recording": "录音",
    "Surveys.": "满意度调查。",
    "Answers counted: offered, answered, response rate, each digit.": "统计：邀请、参与、参与率、各选项。",
    "What to count by.": "统计维度。",
    "The survey.": "调查。",
    "counted by": "维度",
    "offered": "邀请",
    "response": "参与率",
    "answers": "评价",
    "Customers, as far as routing knows them.": "客户（路由所知部分）。",
    "Show or set the agent who owns a customer: sticky queues offer them first.": (
        "查看或设置客户的专属坐席：熟客识别优先分配。"
    ),
    "The customer's number.": "客户号码。",
    "The agent; without it, only show.": "坐席；不写则只查看。",
    "Nobody owns them any more.": "取消专属坐席。",
    "name an agent or --none, not both": "坐席与 --none 不能同时使用",
    "{number}: owned by {agent}": "{number}：专属坐席 {agent}",
    "nobody": "无",
}
