"""What the lab says to people, in English and Chinese alike; the locale chooses."""

import os

from labkit import demo_chinese

CHINESE = demo_chinese.CHINESE | {
    "Asterisk ended at once (exit code {code})": "Asterisk 立即退出（退出码 {code}）",
    "Asterisk did not boot within {seconds:.0f} s": "Asterisk 在 {seconds:.0f} 秒内没有启动完成",
    "{transport} port {port} on 127.0.0.1 is in use by another program (`ss -lnp` names it): stop "
    "it, or set {variable} to a free port": (
        "127.0.0.1 的 {transport} 端口 {port} 已被其他程序占用（`ss -lnp` 可查看）：请停止该程序，或把"
        " {variable} 设为空闲端口"
    ),
    "there is no lab in {folder}: `scripts/lab up` makes one": (
        "{folder} 中没有实验环境：请先运行 `scripts/lab up`"
    ),
    "there is no log in {folder} yet": "{folder} 中还没有日志",
    "{folder} holds no ccd.yaml: --config wants a folder with ccd.yaml and, if need be, conf.d/": (
        "{folder} 中没有 ccd.yaml：--config 应为含有 ccd.yaml（以及可选的 conf.d/）的目录"
    ),
    "{file} is missing: run scripts/install": "缺少 {file}：请运行 scripts/install",
    "`ccd {words}` failed:\n{told}": "`ccd {words}` 失败：\n{told}",
    "ccd did not become ready:\n  {file}\n{lines}": "ccd 没有就绪：\n  {file}\n{lines}",
    "Making the prompts with espeak-ng (once) …": "正在用 espeak-ng 生成提示音（仅一次）…",
    "no Asterisk ≥ 20 on PATH, no Docker, and no debootstrap: run scripts/install": (
        "PATH 中没有 Asterisk 20 或更新版本，没有 Docker，也没有 debootstrap：请运行 scripts/install"
    ),
    "debootstrap needs root: run this once as root, or install sudo": (
        "debootstrap 需要 root 权限：请以 root 运行一次，或安装 sudo"
    ),
    "Making a Debian root with Asterisk in {folder} (once, 500 MB; a minute or two) …": (
        "正在 {folder} 中建立带有 Asterisk 的 Debian 根目录（仅一次，500 MB，需一两分钟）…"
    ),
    "  done in {seconds:.0f} s": "  完成，用时 {seconds:.0f} 秒",
    "retrieving": "下载",
    "validating": "校验",
    "extracting": "解包",
    "unpacking": "安装",
    "configuring": "配置",
    "debootstrap failed: {remedy}\n{lines}": "debootstrap 失败：{remedy}\n{lines}",
    "the keys of the Debian archive are missing or too old: install or upgrade debian-archive-keyring": (
        "Debian 软件源的密钥缺失或过旧：请安装或升级 debian-archive-keyring"
    ),
    "{archive} cannot be reached, or has no {suite}: check apt's sources and proxy": (
        "无法访问 {archive}，或其中没有 {suite}：请检查 apt 的软件源和代理"
    ),
    "this machine lets nobody make device nodes here: use Docker, or install asterisk ≥ 20": (
        "本机不允许在此创建设备节点：请使用 Docker，或安装 asterisk 20 或更新版本"
    ),
    "see {file}": "见 {file}",
    "Building the Docker image of Asterisk (once; a minute or two) …": (
        "正在构建 Asterisk 的 Docker 镜像（仅一次，需一两分钟）…"
    ),
    "docker build failed, see above: repair Docker, or stop it to use a Debian root instead": (
        "docker build 失败，见上面的输出：请修复 Docker，或停止 Docker 以改用 Debian 根目录"
    ),
    "{folder} holds no dynamic loader: remove that folder and try again": (
        "{folder} 中没有动态加载器：请删除该目录后重试"
    ),
    "Asterisk in {folder} does not run: remove that folder and try again": (
        "{folder} 中的 Asterisk 无法运行：请删除该目录后重试"
    ),
    "{file} is damaged ({error}): remove it; every phone gets a new password": (
        "{file} 已损坏（{error}）：请删除它；所有话机将得到新密码"
    ),
    "process {pid} does not end, even by SIGKILL": "进程 {pid} 无法结束，SIGKILL 也无效",
    "{variable}={text!r} is not a port: give a number from 1 to 65535": (
        "{variable}={text!r} 不是端口号：请给出 1 到 65535 之间的数字"
    ),
    "{folder} belongs to another user: choose a shorter --state folder": (
        "{folder} 属于其他用户：请选择更短的 --state 目录"
    ),
    "{folder}: ccd's paths hold ASCII letters, digits and / . _ - only, choose another": (
        "{folder}：ccd 的路径只能含 ASCII 字母、数字和 / . _ -，请选择其他 --state 目录"
    ),
    "{file} is damaged ({error}): remove it and run `lab up` again": (
        "{file} 已损坏（{error}）：请删除它并重新运行 `lab up`"
    ),
    "a number from 0 to {most} is wanted, not {text!r}": "应为 0 到 {most} 之间的数字，而不是 {text!r}",
    "A real Asterisk and a supervised ccd on loopback, for development, tests and the demo.": (
        "在回环地址上运行真实的 Asterisk 和受监管的 ccd，用于开发、测试和演示。"
    ),
    "Ports come from variables: {variables}. LAB_STATE is --state.": (
        "端口由环境变量给出：{variables}。LAB_STATE 即 --state。"
    ),
    "where the lab keeps everything (default: .lab)": "实验环境的所有文件所在目录（默认：.lab）",
    "start the lab, or apply other options to it": "启动实验环境，或对其应用新的选项",
    "folder with ccd.yaml (default: examples/demo)": "含有 ccd.yaml 的目录（默认：examples/demo）",
    "phones 1001… (default: {count})": "话机 1001… 的数量（默认：{count}）",
    "sign every phone's agent in": "让每部话机的座席签入",
    "Asterisk alone, its *_ccd.conf files as they lie there": ("只启动 Asterisk，使用现有的 *_ccd.conf 文件"),
    "stop it; the state is kept": "停止；状态保留",
    "what runs where; exit code {code} when down": "显示运行情况；未运行时退出码为 {code}",
    "start one part": "启动其中一部分",
    "stop one part": "停止其中一部分",
    "restart one part": "重启其中一部分",
    "show the logs": "显示日志",
    "running": "运行中",
    "ready": "就绪",
    "not ready": "未就绪",
    "down": "未运行",
    "{state}, pid {pid}, version {version}": "{state}，进程号 {pid}，版本 {version}",
    "command line": "命令行",
    "log": "日志",
    "configuration": "配置",
    "socket": "套接字",
    "Phones": "话机",
    "Database": "数据库",
    "Recordings": "录音",
    "trunk and phones": "中继和话机",
    "passwords: status --json": "密码：status --json",
    "none": "无",
}


def is_chinese() -> bool:
    """Whether the locale asks for Chinese."""
    wanted = (os.environ.get(name) for name in ("CCD_LANG", "LC_ALL", "LC_MESSAGES", "LANG"))
    return next(filter(None, wanted), "en").lower().startswith("zh")


def _(english: str, **facts: object) -> str:
    """Give a message in the user's language, with its facts in place."""
    return (CHINESE.get(english, english) if is_chinese() else english).format(**facts)


def say(english: str, **facts: object) -> None:
    """Tell the user how far things are."""
    print(_(english, **facts), flush=True)
