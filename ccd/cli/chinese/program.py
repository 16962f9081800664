"""The program itself, its connection to the daemon, `status` and `top`."""

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
    "estimated wait": "预计等待",
    "about {wait} for a new caller": "新来电约 {wait}",
    "{calls} calls: {waiting} waiting (longest {longest}), {talking} talking; "
    "{signed_in} of {total} agents signed in, {idle} idle, {paused} on a break": (
        "通话 {calls}：等待 {waiting}（最长 {longest}），通话中 {talking}；"
        "坐席签入 {signed_in}/{total}，空闲 {idle}，小休 {paused}"
    ),
    "version": "版本",
    "lookup {name}": "查询 {name}",
    "{found} found, {not_found} unknown, {failed} failed": "查到 {found}、未知 {not_found}、失败 {failed}",
    "not asked now": "暂停查询",
    "running since": "启动于",
    "configuration": "配置",
    "socket": "套接字",
    "Queues, calls and agents, live, and a hand in them by keys; q ends it.": (
        "实时显示队列、通话和坐席，可按键操作；按 q 结束。"
    ),
    "Seconds between two looks.": "刷新间隔（秒）。",
    "Print once and end.": "只显示一次。",
    "tab: next table  ↑↓: choose  q: end": "tab：下一个表  ↑↓：选择  q：结束",
    "tab: next table  ↑↓: choose  m: move  t: transfer  l w b: listen, whisper, barge  h: hang up  q: end": (
        "tab：下一个表  ↑↓：选择  m：改队列  t：转接  l w b：监听、密语、强插  h：挂断  q：结束"
    ),
    "tab: next table  ↑↓: choose  p: break or ready  o: sign out  q: end": (
        "tab：下一个表  ↑↓：选择  p：示忙或示闲  o：签出  q：结束"
    ),
    "pause": "示忙",
    "ready": "示闲",
    "signed out": "已签出",
    "to which queue ({queues})?": "送到哪个队列 ({queues})？",
    "to which number?": "转到哪个号码？",
    "what was marked is gone; choose with ↑↓": "选中的一行已不在，请用 ↑↓ 重新选择",
    "hang {call} up? y": "挂断 {call}？y",
    "on which phone?": "用哪部话机？",
    "phone {phone} rings": "话机 {phone} 正在振铃",
    "{call} hung up": "{call} 已挂断",
    "one after the other, please": "请等上一个操作完成",
    # the shell, the manual
    "The script that completes ccd's commands: bash, zsh or fish reads it.": (
        "输出命令补全脚本，供 bash、zsh 或 fish 读取。"
    ),
    "The manual page of all commands: ccd man | man -l -": "所有命令的手册页：ccd man | man -l -",
    "0: done. 1: refused, or a check failed. 2: the command line is wrong. 3: no daemon answers. "
    "4: a fault of the daemon, its log says why. `ccd status` has Nagios's codes.": (
        "0：完成。1：被拒绝或检查未通过。2：命令行有误。3：守护进程无应答。"
        "4：守护进程故障，原因见其日志。`ccd status` 使用 Nagios 的退出码。"
    ),
}
