"""What `ccd doctor` can say, in English and Chinese, each with its remedy.

`{blanks}` are filled by whoever looked. A finding that is ok has no remedy.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum


class Result(StrEnum):
    """How one check came out."""

    OK = "ok"
    WARNING = "warning"
    FAILED = "failed"
    SKIPPED = "skipped"


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One thing that was looked at."""

    name: str
    """What was looked at: a short English key, the same in every language."""
    result: Result
    message: str
    remedy: str
    """What to do; empty when `ok`."""


@dataclass(frozen=True, slots=True)
class Words:
    """Message and remedy in one language."""

    message: str
    remedy: str = ""


TEXTS: Mapping[str, Mapping[str, Words]] = {
    "connected": {
        "en": Words("the manager interface at {address} answers"),
        "zh": Words("管理接口 {address} 应答正常"),
    },
    "not_connected": {
        "en": Words(
            "no connection to the manager interface at {address}",
            "see that Asterisk runs, that manager.conf has enabled=yes and takes in manager_ccd.conf, and "
            "that host, port and secret under asterisk.ami are right",
        ),
        "zh": Words(
            "无法连接管理接口 {address}",
            "检查 Asterisk 是否运行、manager.conf 是否 enabled=yes 并引入 manager_ccd.conf，"
            "以及 asterisk.ami 的地址、端口和密码",
        ),
    },
    "outbound": {
        "en": Words("outside numbers are allowed by patterns that name them"),
        "zh": Words("外线号码按明确的规则放行"),
    },
    "outbound_none": {
        "en": Words("no outside number may be dialled"),
        "zh": Words("不允许拨打任何外线号码"),
    },
    "outbound_abroad": {
        "en": Words(
            "everybody may dial abroad, also while ccd is missing: {examples}",
            "let outbound.allow name numbers of your own country, and write rules with countries and agents "
            "for the rest; set outbound.limits",
        ),
        "zh": Words(
            "任何人都可拨打境外号码，ccd 不可用时也是如此：{examples}",
            "outbound.allow 只写本国号码，其余用带 countries 和 agents 的规则放行，并设置 outbound.limits",
        ),
    },
    "outbound_unlimited": {
        "en": Words(
            "a rule of outbound lets everybody dial everything, without a limit",
            "say in the rule which numbers or who, or set outbound.limits.system.per_hour",
        ),
        "zh": Words(
            "outbound 中有一条规则允许任何人拨打任何号码，且没有限制",
            "在规则中写明号码或对象，或设置 outbound.limits.system.per_hour",
        ),
    },
    "needs_connection": {
        "en": Words(
            "not looked at without a connection to Asterisk", "connect to the manager interface first"
        ),
        "zh": Words("未连接 Asterisk，未检查", "请先连接管理接口"),
    },
    "not_told": {
        "en": Words("Asterisk does not tell: {reason}", "look at it by hand"),
        "zh": Words("Asterisk 未提供该信息：{reason}", "请人工检查"),
    },
    "version": {"en": Words("Asterisk {version}"), "zh": Words("Asterisk {version}")},
    "old_version": {
        "en": Words("Asterisk {version} is too old", "upgrade to {wanted} or later"),
        "zh": Words("Asterisk {version} 版本过旧", "请升级到 {wanted} 或更高版本"),
    },
    "rights": {
        "en": Words("the manager user has what it needs and no more"),
        "zh": Words("管理用户的权限恰当"),
    },
    "too_narrow": {
        "en": Words(
            "the manager user may not use {actions}",
            "take in manager_ccd.conf as it was rendered, then: asterisk -rx 'manager reload'",
        ),
        "zh": Words(
            "管理用户无权使用 {actions}",
            "按生成结果引入 manager_ccd.conf，然后执行 asterisk -rx 'manager reload'",
        ),
    },
    "too_broad": {
        "en": Words(
            "the manager user may use {actions}, which ccd never does: with them its password runs programs",
            "take in manager_ccd.conf as it was rendered, then: asterisk -rx 'manager reload'",
        ),
        "zh": Words(
            "管理用户有权使用 ccd 从不使用的 {actions}：得到密码者可执行程序",
            "按生成结果引入 manager_ccd.conf，然后执行 asterisk -rx 'manager reload'",
        ),
    },
    "modules": {"en": Words("every module that ccd needs is loaded"), "zh": Words("ccd 所需模块均已加载")},
    "no_modules": {
        "en": Words(
            "modules are not loaded: {modules}", "asterisk -rx 'module load NAME', and see modules.conf"
        ),
        "zh": Words(
            "以下模块未加载：{modules}", "执行 asterisk -rx 'module load 模块名'，并检查 modules.conf"
        ),
    },
    "loaded": {
        "en": Words("Asterisk has loaded the dialplan and the queues as they are configured"),
        "zh": Words("Asterisk 已加载当前配置的拨号方案和队列"),
    },
    "not_loaded": {
        "en": Words(
            "Asterisk has not loaded {things} as configured",
            "ccd asterisk render --to {folder}; see that {files} take in ours; asterisk -rx 'core reload'",
        ),
        "zh": Words(
            "Asterisk 未按当前配置加载：{things}",
            "执行 ccd asterisk render --to {folder}，确认 {files} 已引入对应文件，"
            "再执行 asterisk -rx 'core reload'",
        ),
    },
    "keys": {
        "en": Words("Asterisk has the keys of a talk as they are configured"),
        "zh": Words("Asterisk 已加载当前配置的通话中按键"),
    },
    "not_read_since": {
        "en": Words(
            "{file} has changed since Asterisk last read its configuration", "asterisk -rx 'core reload'"
        ),
        "zh": Words("{file} 在 Asterisk 上次读取配置后有改动", "执行 asterisk -rx 'core reload'"),
    },
    "phones_known": {
        "en": Words("Asterisk knows every phone of the configuration"),
        "zh": Words("Asterisk 已识别配置中的全部话机"),
    },
    "phones_unknown": {
        "en": Words(
            "Asterisk does not know these phones: {phones}",
            "see that pjsip.conf takes in pjsip_ccd.conf, then: asterisk -rx 'pjsip reload'",
        ),
        "zh": Words(
            "Asterisk 不识别以下话机：{phones}",
            "确认 pjsip.conf 已引入 pjsip_ccd.conf，然后执行 asterisk -rx 'pjsip reload'",
        ),
    },
    "loopback": {
        "en": Words("the manager interface and FastAGI are reached from this machine only"),
        "zh": Words("管理接口和 FastAGI 仅本机可达"),
    },
    "open_ami": {
        "en": Words(
            "the manager interface listens beyond this machine ({address})",
            "bindaddr=127.0.0.1 in [general] of manager.conf",
        ),
        "zh": Words(
            "管理接口对外监听（{address}）", "在 manager.conf 的 [general] 中设置 bindaddr=127.0.0.1"
        ),
    },
    "remote_ami": {
        "en": Words(
            "ccd talks to the manager interface at {address} over the network in plain text",
            "run ccd beside Asterisk, or go through a tunnel (WireGuard, stunnel)",
        ),
        "zh": Words(
            "ccd 以明文通过网络连接管理接口 {address}",
            "将 ccd 与 Asterisk 部署在同一台机器，或使用隧道（WireGuard、stunnel）",
        ),
    },
    "open_permit": {
        "en": Words("the manager user may come from {addresses}", "keep asterisk.ami.permit to loopback"),
        "zh": Words("管理用户可从 {addresses} 登录", "asterisk.ami.permit 只保留本机地址"),
    },
    "open_agi": {
        "en": Words(
            "FastAGI listens at {address}: whoever reaches it can run programs on Asterisk's machine",
            "asterisk.agi.host: 127.0.0.1",
        ),
        "zh": Words(
            "FastAGI 监听于 {address}：可达者能在 Asterisk 机器上执行程序", "asterisk.agi.host 设为 127.0.0.1"
        ),
    },
    "careful": {"en": Words("live_dangerously is off"), "zh": Words("live_dangerously 已关闭")},
    "dangerous": {
        "en": Words(
            "live_dangerously=yes lets dialplan functions run programs for anybody who speaks AMI or AGI",
            "live_dangerously=no in [options] of asterisk.conf, and restart Asterisk",
        ),
        "zh": Words(
            "live_dangerously=yes 使任何能访问 AMI 或 AGI 的人可执行程序",
            "在 asterisk.conf 的 [options] 中设置 live_dangerously=no 并重启 Asterisk",
        ),
    },
    "stamped": {"en": Words("events carry their time"), "zh": Words("事件带有时间戳")},
    "not_stamped": {
        "en": Words("events do not carry their time", "timestampevents=yes in [general] of manager.conf"),
        "zh": Words("事件不带时间戳", "在 manager.conf 的 [general] 中设置 timestampevents=yes"),
    },
    "clocks": {"en": Words("the clocks agree within {apart_s} s"), "zh": Words("时钟相差 {apart_s} 秒以内")},
    "clocks_apart": {
        "en": Words(
            "the clocks of ccd and Asterisk are {apart_s} s apart",
            "let both machines follow a time server (chrony, systemd-timesyncd)",
        ),
        "zh": Words(
            "ccd 与 Asterisk 的时钟相差 {apart_s} 秒",
            "让两台机器与时间服务器同步（chrony、systemd-timesyncd）",
        ),
    },
    "file_current": {"en": Words("is as the configuration wants it"), "zh": Words("与当前配置一致")},
    "file_missing": {
        "en": Words("is not in {folder}", "ccd asterisk render --to {folder}"),
        "zh": Words("{folder} 中不存在该文件", "执行 ccd asterisk render --to {folder}"),
    },
    "file_unreadable": {
        "en": Words("cannot be read: {reason}", "let ccd's user be in Asterisk's group"),
        "zh": Words("无法读取：{reason}", "把 ccd 的用户加入 Asterisk 的用户组"),
    },
    "file_changed": {
        "en": Words(
            "was changed by hand",
            "move the change to a file of your own, then: ccd asterisk render --to {folder}",
        ),
        "zh": Words("被人工修改过", "把改动移到自己的文件，再执行 ccd asterisk render --to {folder}"),
    },
    "file_old": {
        "en": Words(
            "is out of date, and with it what happens while ccd is missing",
            "ccd asterisk render --to {folder}, then: asterisk -rx 'core reload'",
        ),
        "zh": Words(
            "已过期，ccd 不可用时的后备方案也随之过期",
            "执行 ccd asterisk render --to {folder}，然后执行 asterisk -rx 'core reload'",
        ),
    },
    "prompts": {"en": Words("every prompt has its sound"), "zh": Words("提示音齐全")},
    "prompts_missing": {
        "en": Words("{count} prompts have no sound: {examples}", "ccd prompt generate"),
        "zh": Words("缺少 {count} 个提示音：{examples}", "执行 ccd prompt generate"),
    },
    "prompt_faults": {
        "en": Words("{count} sounds cannot be played: {first}", "record or convert them again"),
        "zh": Words("{count} 个语音文件无法播放：{first}", "请重新录制或转换"),
    },
    "tools": {
        "en": Words("prompts can be made, imported and recorded"),
        "zh": Words("可以生成、导入和录制提示音"),
    },
    "tools_missing": {
        "en": Words(
            "not installed: {tools}; prompts cannot be made, imported or recorded",
            "apt-get install {packages}",
        ),
        "zh": Words("未安装 {tools}，无法生成、导入或录制提示音", "执行 apt-get install {packages}"),
    },
    "prompts_unwritable": {
        "en": Words(
            "{folder} cannot be written by ccd: prompts cannot be recorded by phone",
            "give the folder to ccd's user, or run ccd prompt import as one who may write there",
        ),
        "zh": Words(
            "ccd 无法写入 {folder}，不能用话机录制提示音",
            "将目录授权给 ccd 的用户，或由有权限的用户执行 ccd prompt import",
        ),
    },
    "recordings": {
        "en": Words("{folder} can be written, {free_gb} GB are free"),
        "zh": Words("{folder} 可写，剩余 {free_gb} GB"),
    },
    "lookup": {
        "en": Words("{url} answers"),
        "zh": Words("{url} 有应答"),
    },
    "lookup_silent": {
        "en": Words(
            "{url} does not answer: {reason}; callers go on by on_failed",
            "see that the system runs and is reached from here, and that lookups.{system}.url is right",
        ),
        "zh": Words(
            "{url} 无应答：{reason}；来电者走 on_failed",
            "检查对方系统是否运行、从本机是否可达，以及 lookups.{system}.url 是否正确",
        ),
    },
    "lookup_suspended": {
        "en": Words(
            "{url} is left alone after failures in a row, the last one: {reason}",
            "see that the system answers as docs/flows.md tells (lookup); then it is asked again by itself",
        ),
        "zh": Words(
            "{url} 因连续失败而暂停查询，最近一次：{reason}",
            "检查对方系统能否按 ccd 的格式应答（docs/zh/flows.md 的 lookup）；恢复后会自动重新查询",
        ),
    },
    "voicemail": {
        "en": Words("messages can be taken, and the programs that tell of them are there"),
        "zh": Words("可以接收留言，通知所用的程序齐全"),
    },
    "voicemail_trouble": {
        "en": Words(
            "messages are not taken: {reason}",
            "let ccd and Asterisk both write to {folder}, and see that its disk has room",
        ),
        "zh": Words("无法接收留言：{reason}", "使 ccd 与 Asterisk 均可写 {folder}，并检查磁盘空间"),
    },
    "notify_missing": {
        "en": Words(
            "programs that are to tell of messages cannot be run: {programs}",
            "install them, or correct notify.command of the mailboxes",
        ),
        "zh": Words("通知留言所用的程序无法执行：{programs}", "请安装，或修正信箱的 notify.command"),
    },
    "no_folder": {
        "en": Words(
            "{folder} is no folder that ccd can write: {reason}", "make it, writable for ccd and for Asterisk"
        ),
        "zh": Words("{folder} 不是 ccd 可写的目录：{reason}", "创建该目录，并使 ccd 与 Asterisk 均可写"),
    },
    "disk_low": {
        "en": Words("{free_gb} GB are free at {folder}", "make room, or move the recordings"),
        "zh": Words("{folder} 剩余 {free_gb} GB", "请清理空间或迁移录音"),
    },
}


def finding(name: str, result: Result, code: str, language: str, **blanks: object) -> Finding:
    """Say what was found; `code` is a key of `TEXTS`."""
    words = TEXTS[code]["zh" if language == "zh" else "en"]
    return Finding(
        name=name,
        result=result,
        message=words.message.format(**blanks),
        remedy=words.remedy.format(**blanks),
    )
