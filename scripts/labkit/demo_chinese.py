"""The demo's words in Chinese, by what they are in English."""

CHINESE = {
    # the command
    "Real calls on a real Asterisk, told step by step; then it stays up.": (
        "在真实的 Asterisk 上拨打真实电话，逐步讲解；之后保持运行。"
    ),
    "English or Chinese (default: by locale)": "英文或中文（默认按系统语言）",
    "short talks": "缩短通话时间",
    "another demo is telling its story on this lab: wait for it": "另一个演示正在使用此环境：请等它结束",
    "the lab did not come up, see above": "实验环境没有启动，见上面的输出",
    "the story was not over within {seconds:.0f} s": "演示没有在 {seconds:.0f} 秒内完成",
    "Interrupted.": "已中断。",
    "The demo failed: {error}": "演示失败：{error}",
    "Nothing runs.": "没有任何程序在运行。",
    "The lab goes on without the simulated phones. Stop it: {command}": (
        "实验环境仍在运行，模拟话机已关闭。停止：{command}"
    ),
    "Logs: {files}": "日志：{files}",
    "the phones did not start:\n  {file}\n{lines}": "模拟话机没有启动：\n  {file}\n{lines}",
    # the story
    "One call: IVR → queue → agent → survey": "一通完整的来电：IVR → 队列 → 坐席 → 满意度调查",
    "Three callers at once, one free agent: the queue": "三个客户同时来电，只有一位坐席空闲：排队",
    "The first customer calls again: sticky": "第一位客户再次来电：熟客识别",
    "calls {number}": "呼叫 {number}",
    "hears: “{words}”": "听到：“{words}”",
    "presses {key}: {meaning}": "按 {key}：{meaning}",
    "sales": "销售",
    "waits in {queue}, place {position}": "在“{queue}”队列中等待，第 {position} 位",
    "chooses {agent} for {number}: {rule}; because: {trigger}": (
        "为 {number} 选择 {agent}：{rule}；起因：{trigger}"
    ),
    "the phone rings for {number}": "话机振铃，来电 {number}",
    "the phone rings for {number}, {after:.1f} ms after {name}": (
        "话机振铃，来电 {number}，距{name} {after:.1f} 毫秒"
    ),
    "the PBX answered the caller": "来电接入",
    "the phone was free": "话机空闲",
    "answers; {agent} and {number} talk": "接听；{agent} 与 {number} 通话",
    "hangs up after {seconds:.1f} s of talk": "挂机，通话 {seconds:.1f} 秒",
    "presses {key}": "按 {key}",
    "is through; ccd keeps the answer: {label}": "通话结束；ccd 已记录评价：{label}",
    "hangs up": "挂机",
    "dials *13 and presses 1: a break, please": "拨 *13 再按 1：示忙",
    "{agent} is on a break: lunch": "{agent} 已示忙：午餐",
    "dials *14: ready again": "拨 *14：示闲",
    "{agent} and {number} have talked before": "{agent} 曾与 {number} 通话",
    # the records
    "The first call's record": "第一通来电的话单",
    "({length:.1f} s; the caller is left, the agent right)": "（{length:.1f} 秒；左声道主叫，右声道坐席）",
    "survey answer: {digit} {label}": "满意度：{digit} {label}",
    "Why these agents": "为什么是这些坐席",
    "`ccd {words}` failed, see above": "`ccd {words}` 失败，见上面的输出",
    # what to try
    "It stays up: your turn": "环境保持运行：现在请您来试",
    "Softphone": "软电话",
    "server 127.0.0.1, port {port}, transport UDP, user {user}, password {password}": (
        "服务器 127.0.0.1，端口 {port}，传输 UDP，用户 {user}，密码 {password}"
    ),
    "Asterisk listens on loopback only: the softphone has to run on this machine": (
        "Asterisk 只监听回环地址：软电话须在本机运行"
    ),
    "agent {agent} is signed in there: sales calls ring it in its turn": (
        "坐席 {agent} 已在该分机签入：销售来电轮到时会振铃"
    ),
    "one is registered already; it was left alone": "已有一部软电话注册，演示没有动用它",
    "Call": "可拨号码",
    "4000  the IVR: 1 sales, 2 support, 0 operator (extension 1001), 9 the other language": (
        "4000  IVR：1 销售，2 技术支持，0 人工总机（分机 1001），9 另一种语言"
    ),
    "4001  queue sales: round robin with memory, sticky, recording, survey": (
        "4001  销售队列 sales：轮流振铃、熟客识别、录音、满意度调查"
    ),
    "4002  queue support: all its phones ring": "4002  技术支持队列 support：全部振铃",
    "4003  queue bench: every agent, no announcement, no survey": (
        "4003  压测队列 bench：全部坐席，无播报，无调查"
    ),
    "1002 … 1006  the simulated agents: they answer, speak and hang up": (
        "1002 … 1006  模拟坐席：接听、说话、挂机"
    ),
    "Codes": "功能码",
    "*11 sign in (number {agent}, PIN {pin}) · *12 sign out": (
        "*11 签入（工号 {agent}，密码 {pin}）· *12 签出"
    ),
    "*13 break (1 lunch, 2 rest, 3 training, 4 meeting) · *14 ready · *15 wrap-up done": (
        "*13 示忙（1 午餐，2 小休，3 培训，4 会议）· *14 示闲 · *15 后处理完成"
    ),
    "Try": "可试命令",
    "Logs": "日志",
    "Stop": "停止",
}
