"""Agents."""

from typing import Final

TEXTS: Final[dict[str, str]] = {
    "Agents: who they are, and what they do.": "坐席：资料与状态。",
    "All agents: status, state, phone, queues.": "所有坐席：状态、话机、队列。",
    "One agent.": "一个坐席。",
    "Create an agent. The PIN is asked for, or read from a file or CCD_AGENT_PIN.": (
        "新建坐席。密码由键盘输入，或取自文件或 CCD_AGENT_PIN。"
    ),
    "Change an agent; what is not named stays.": "修改坐席；未写的项不变。",
    "Delete an agent who is signed out; their calls stay in the records.": (
        "删除已签出的坐席；其通话记录保留。"
    ),
    "Create or change agents from CSV: number,name,extension,pin,queues. All or none.": (
        "从 CSV 新建或修改坐席：工号,姓名,分机,密码,队列。全部成功或全部不变。"
    ),
    "Sign an agent in on a phone: on their own when none is named.": "签入坐席；不写话机则用其固定分机。",
    "Sign an agent out; a talk goes on.": "签出坐席；正在进行的通话不受影响。",
    "Send an agent on a break.": "坐席示忙（小休）。",
    "  breaks of this shift, {reason}: {taken}, {spent}": "  本班次小休 {reason}：{taken} 次，{spent}",
    "End an agent's break or wrap-up.": "坐席示闲（结束小休或后处理）。",
    "End an agent's wrap-up early.": "提前结束坐席的后处理。",
    "owes disposition": "待登记结果",
    "{reason} (overdue)": "{reason}（超时）",
    "Extend an agent's wrap-up.": "延长坐席的后处理。",
    "Say what came of an agent's talk, or of their last one.": "登记坐席当前通话或上一通话的处理结果。",
    "Code of the disposition, e.g. sold.": "处理结果代码，如 sold。",
    "The agent's number, or the extension signed in on.": "工号，或签入的分机。",
    "The agent's number.": "工号。",
    "Display name.": "显示名称。",
    "The phone they sign in on when none is named.": "未指定话机时签入的分机。",
    "A queue they serve; repeat it for more.": "所属队列；可重复。",
    "A skill and its level, 1 to 100; 0 takes it away. Repeat it.": (
        "技能及等级，1 到 100；0 表示取消。可重复。"
    ),
    "Most calls in an hour; 0: no limit.": "每小时最多接听的通话数；0 表示不限。",
    "Most calls in 24 hours; 0: no limit.": "24 小时内最多接听的通话数；0 表示不限。",
    "Least time between two calls.": "两次通话之间至少间隔的秒数。",
    "Number that their outgoing calls show; empty: none of their own.": "其外呼显示的号码；空为不单独设置。",
    "  outgoing calls show {number}": "  外呼显示 {number}",
    "  skill {skill}: {level}": "  技能 {skill}：{level}",
    "  at most {count} calls an hour": "  每小时最多 {count} 个通话",
    "  at most {count} calls in 24 hours": "  24 小时内最多 {count} 个通话",
    "  {seconds:g} s between two calls": "  两次通话间隔至少 {seconds:g} 秒",
    "{told!r}: write SKILL=LEVEL, e.g. english=80": "{told!r}：请写成 技能=等级，如 english=80",
    "File with the PIN for signing in from a phone; - reads it here.": (
        "话机签入密码所在的文件；- 表示从标准输入读取。"
    ),
    "PIN for signing in from a phone, 4 to 32 digits (empty: none): ": (
        "话机签入密码，4 至 32 位数字（空：无）："
    ),
    "CSV in UTF-8 or GB18030; queues as 'sales support:1'.": (
        "UTF-8 或 GB18030 的 CSV；队列写作 'sales support:1'。"
    ),
    "Check only.": "只检查。",
    "The phone.": "话机。",
    "Code of the break, e.g. lunch.": "小休原因代码，如 lunch。",
    "agent": "坐席",
    "phone": "话机",
    "status": "状态",
    "reason": "原因",
    "state": "当前",
    "for": "时长",
    "queues": "队列",
    "  {queue}: penalty {penalty}, position {position}": "  {queue}：惩罚值 {penalty}，位置 {position}",
    "nothing to change: name at least one option": "没有要修改的内容：至少写一个选项",
    "agent {agent} is removed": "坐席 {agent} 已删除",
    "{added} added, {updated} updated": "新增 {added}，更新 {updated}",
    "row {row} ({number}): {message}": "第 {row} 行 ({number})：{message}",
    "{told!r}: write QUEUE or QUEUE:PENALTY, e.g. sales or support:1; "
    "with times of their own: support:1:ring=30:wrap_up=5": (
        "{told!r}：请写成 队列 或 队列:惩罚值，如 sales 或 support:1；"
        "坐席在该队列有自己的时长时：support:1:ring=30:wrap_up=5"
    ),
    "    rings for {seconds:g} s": "    振铃 {seconds:g} 秒",
    "    wrap-up of {seconds:g} s": "    后处理 {seconds:g} 秒",
    "more cells than columns": "单元格多于列",
    "{file}, line {line}: {error}": "{file} 第 {line} 行：{error}",
    "{file}, line 1: the columns are {columns}, each once; unknown: {unknown}": (
        "{file} 第 1 行：列应为 {columns}，各一次；未知：{unknown}"
    ),
    "{file}: larger than {limit} bytes": "{file}：超过 {limit} 字节",
    "A new file; without it, the terminal.": "新文件；不写则输出到终端。",
    "Replace a file that is there.": "覆盖已有文件。",
    "{file} is there already; --force replaces it": "{file} 已存在；--force 可覆盖",
    "{count} agents written to {file}": "已将 {count} 个坐席写入 {file}",
    "Write all agents as CSV that `ccd agent import` takes; without their PINs.": (
        "将所有坐席导出为 `ccd agent import` 可读的 CSV，不含密码。"
    ),
}
