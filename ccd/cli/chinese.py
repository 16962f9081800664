"""The Chinese side of every sentence, word and phrase of the command line; only data."""

from typing import Final

TEXTS: Final[dict[str, str]] = {
    # the program
    "ccd, the call-centre daemon for Asterisk.": "ccd：Asterisk 呼叫中心守护进程。",
    "Everywhere: --socket PATH (CCD_SOCKET), --config FILE (CCD_CONFIG), --lang en|zh (CCD_LANG). "
    "Every other option has a variable too: CCD_CDR_LIST_LIMIT for `ccd cdr list --limit`. "
    "ccd --version names the version.": (
        "任何位置可用：--socket 路径 (CCD_SOCKET)、--config 文件 (CCD_CONFIG)、--lang en|zh (CCD_LANG)。"
        "其他选项也各有环境变量，如 `ccd cdr list --limit` 对应 CCD_CDR_LIST_LIMIT。"
        "ccd --version 显示版本。"
    ),
    "see: {command} --help": "帮助：{command} --help",
    "Print JSON instead of text.": "输出 JSON。",
    "{message}; allowed: {allowed}": "{message}；允许的值：{allowed}",
    "… and {count} more": "……另有 {count} 项",
    # reaching the daemon
    "no permission to use {socket}; be root or a member of the socket's group": (
        "无权使用 {socket}；请以 root 或该套接字所属组的成员身份运行"
    ),
    "no daemon answers on {socket}; start it (systemctl start ccd), "
    "or name its socket with --socket or CCD_SOCKET": (
        "{socket} 上没有守护进程应答；请启动它 (systemctl start ccd)，或用 --socket、CCD_SOCKET 指定套接字"
    ),
    "the daemon on {socket} does not answer in time; see its log": (
        "{socket} 上的守护进程未按时应答；请查看其日志"
    ),
    "the connection to {socket} broke off: {reason}": "与 {socket} 的连接中断：{reason}",
    # status and top
    "Whether all is well, in one line; exit code as Nagios expects (0, 1, 2, 3).": (
        "一行说明是否正常；退出码遵循 Nagios (0、1、2、3)。"
    ),
    "{calls} calls: {waiting} waiting (longest {longest}), {talking} talking; "
    "{signed_in} of {total} agents signed in, {idle} idle, {paused} on a break": (
        "通话 {calls}：等待 {waiting}（最长 {longest}），通话中 {talking}；"
        "坐席签入 {signed_in}/{total}，空闲 {idle}，小休 {paused}"
    ),
    "version": "版本",
    "running since": "启动于",
    "configuration": "配置",
    "socket": "套接字",
    "Queues, agents and calls, live; q ends it.": "实时显示队列、坐席和通话；按 q 结束。",
    "Seconds between two looks.": "刷新间隔（秒）。",
    "Print once and end.": "只显示一次。",
    "q: end": "q：结束",
    # queues
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
    "Since {since}: {offered} offered, {timed_out} timed out, {other} left otherwise; "
    "sticky {hits} hits, {misses} misses": (
        "自 {since}：进入 {offered}，超时 {timed_out}，其他离开 {other}；熟客命中 {hits}，未命中 {misses}"
    ),
    "Caller {position}: {number} since {joined}, ringing {agents}": (
        "第 {position} 位：{number}，{joined} 进入，正在振铃 {agents}"
    ),
    "Agent {agent}: {status}, {state}": "坐席 {agent}：{status}，{state}",
    # agents
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
    "End an agent's break or wrap-up.": "坐席示闲（结束小休或后处理）。",
    "End an agent's wrap-up early.": "提前结束坐席的后处理。",
    "The agent's number, or the extension signed in on.": "工号，或签入的分机。",
    "The agent's number.": "工号。",
    "Display name.": "显示名称。",
    "The phone they sign in on when none is named.": "未指定话机时签入的分机。",
    "A queue they serve; repeat it for more.": "所属队列；可重复。",
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
    "{told!r}: write QUEUE or QUEUE:PENALTY, e.g. sales or support:1": (
        "{told!r}：请写成 队列 或 队列:惩罚值，如 sales 或 support:1"
    ),
    "{file}, line {line}: more cells than columns": "{file} 第 {line} 行：单元格多于列",
    "{file}, line {line}: {error}": "{file} 第 {line} 行：{error}",
    "{file}, line 1: the columns are {columns}, each once; unknown: {unknown}": (
        "{file} 第 1 行：列应为 {columns}，各一次；未知：{unknown}"
    ),
    "{file}: larger than {limit} bytes": "{file}：超过 {limit} 字节",
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
    "talks with agent {agent} for {seconds:.1f} s, ended by: {side}": (
        "与坐席 {agent} 通话 {seconds:.1f} 秒，结束方：{side}"
    ),
    "survey {survey}: {digit} {label}": "满意度 {survey}：{digit} {label}",
    "dials {target}: {result}": "拨打 {target}：{result}",
    "decision in {queue}: {rule}, because {trigger}; waited {waited:.1f} s, {ahead} ahead, "
    "{members} members": (
        "{queue} 的分配：{rule}，起因：{trigger}；已等待 {waited:.1f} 秒，前面 {ahead} 人，成员 {members} 人"
    ),
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
    "recording {path}: {length} s": "录音 {path}：{length} 秒",
    # recordings, surveys, customers
    "Recordings.": "录音。",
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
    # the daemon and the configuration
    "Run the daemon in the foreground; SIGTERM ends it, SIGHUP reloads.": (
        "在前台运行守护进程；SIGTERM 结束，SIGHUP 重载。"
    ),
    "Check the configuration: every error at once, with its remedy.": "检查配置：一次列出全部错误及改法。",
    "Let the daemon take the configuration on disk, if that is fine.": (
        "让守护进程采用磁盘上的配置（须正确）。"
    ),
    "Check everything around the daemon; each failure has its remedy.": (
        "检查守护进程的环境；每个故障都有改法。"
    ),
    "The configuration's form.": "配置的格式。",
    "The configuration's JSON Schema, for editors.": "供编辑器使用的配置 JSON Schema。",
    "The database.": "数据库。",
    "Bring the database to the form that this version works with.": "将数据库升级到本版本的结构。",
    "the database is at version {version}": "数据库版本：{version}",
    "{path} is fine": "{path} 正确",
    "{path} cannot be used; problems: {count}": "{path} 不能使用；问题数：{count}",
    "the configuration was not taken; the old one stays in use": "配置未被采用；继续使用旧配置",
    "reloaded; nothing has changed": "已重载；没有变化",
    "changed: {key}": "已变更：{key}",
    " (after a restart)": "（重启后生效）",
    # flows, prompts, Asterisk's side
    "IVR flows.": "IVR 流程。",
    "The flows of the configuration.": "配置中的流程。",
    "One flow, drawn as text, with what callers hear.": "以文字画出一个流程和主叫听到的内容。",
    "Check flows: targets, dead ends, unreachable nodes, prompts.": (
        "检查流程：目标、死路、不可达节点、语音。"
    ),
    "The flow.": "流程。",
    "The flow; without it, all.": "流程；不写则为全部。",
    "there is no flow {name!r}; there are: {known}": "没有流程 {name!r}；现有：{known}",
    "flow": "流程",
    "begins with": "起始节点",
    "nodes": "节点",
    "numbers": "号码",
    "Prompts.": "语音提示。",
    "Every prompt, its words, and whether there is a sound in each language.": (
        "所有语音提示、文字及各语言是否有声音文件。"
    ),
    "Make the prompts that are missing with espeak-ng.": "用 espeak-ng 生成缺少的语音提示。",
    "Make also those that are there; recordings are replaced.": "已有的也重新生成；人工录音会被替换。",
    "{count} prompts made in {folder}": "已在 {folder} 生成 {count} 个语音提示",
    "prompt": "语音",
    "words": "文字",
    "yes": "有",
    "missing": "缺",
    "Asterisk's side.": "Asterisk 侧。",
    "Write the files that Asterisk includes (*_ccd.conf) into a folder.": (
        "将 Asterisk 引用的文件 (*_ccd.conf) 写入文件夹。"
    ),
    "The folder, e.g. /etc/asterisk.": "文件夹，如 /etc/asterisk。",
    "{folder} is no folder": "{folder} 不是文件夹",
    "changed": "已更改",
    "as before": "未变",
    "let Asterisk take them: asterisk -rx 'core reload'": "让 Asterisk 采用：asterisk -rx 'core reload'",
}
"""By the English sentence as it stands in the source."""

WORDS: Final[dict[str, str]] = {
    # status and state of agents, verdicts of routing
    "available": "示闲",
    "paused": "示忙",
    "logged_out": "未签入",
    "idle": "空闲",
    "ringing": "振铃",
    "in_call": "通话中",
    "wrap_up": "后处理",
    "unreachable": "不可达",
    "chosen": "选中",
    "next": "下一个",
    "busy": "忙",
    "reserved": "已预留",
    "missed_this_caller": "刚漏接此客户",
    "higher_penalty": "惩罚值较高",
    # phases of a call
    "ivr": "IVR",
    "waiting": "等待",
    "talking": "通话",
    "survey": "评价",
    "outside": "外线",
    "under way": "进行中",
    # outcomes of calls, stays and offers
    "answered": "接通",
    "abandoned": "放弃",
    "timed_out": "超时",
    "full": "队列已满",
    "empty": "无人值守",
    "key": "按键离开",
    "transferred": "转走",
    "failed": "失败",
    "ivr_ended": "IVR 内结束",
    "dialled_out": "转外线",
    "no_answer": "无应答",
    "declined": "拒接",
    "lost_race": "他人已接",
    "caller_left": "主叫挂机",
    "withdrawn": "已撤回",
    # what nodes of flows led to
    "done": "完成",
    "dial": "拨号",
    "hangup": "挂机",
    "entered": "已输入",
    "queue": "队列",
    "timeout": "超时",
    "invalid": "无效按键",
    "open": "营业",
    "closed": "休息",
    "holiday": "节假日",
    # who ended it, sticky
    "caller": "主叫",
    "agent": "坐席",
    "system": "系统",
    "hit": "命中",
    "miss": "未命中",
    "none": "无",
    # checks
    "ok": "正常",
    "warning": "警告",
    "skipped": "跳过",
    # what can be wrong with the daemon
    "draining": "守护进程正在停止，不再分配新通话",
    "ami_disconnected": "未连接 Asterisk 管理接口 (AMI)",
    "not_synchronised": "尚不清楚 Asterisk 的通道和话机状态",
    "agi_full": "会话已满，无法接入更多来电 (asterisk.agi.max_sessions)",
    "database_down": "数据库无应答",
    "database_slow": "数据库缓慢，记录暂存内存",
    "recordings_unwritable": "录音文件夹不可写",
    "config_rejected": "磁盘上的配置有误，仍使用旧配置 (ccd check)",
    "no_agents": "有来电等待，但无坐席签入",
}
"""By the API's code."""

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
