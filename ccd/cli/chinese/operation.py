"""The daemon, the configuration, the database."""

from typing import Final

TEXTS: Final[dict[str, str]] = {
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
    "What a reload would change: key, value in use, value on disk.": (
        "重载会改变什么：键、当前值、磁盘上的值。"
    ),
    "the configuration on disk cannot be used": "磁盘上的配置不能使用",
    "the configuration on disk is the one in use": "磁盘上的配置与当前使用的一致",
}
