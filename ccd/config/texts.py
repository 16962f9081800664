"""Everything that can be said of a configuration, in English and Chinese.

Each entry of `TEXTS` says what is wrong and what would be right. `{value}` and the other blanks are filled by
whoever finds the problem; the codes of pydantic's own errors stand among ours.
"""

from collections.abc import Mapping
from typing import NamedTuple


class Text(NamedTuple):
    """What is wrong and what would be right, twice."""

    message: str
    remedy: str
    message_zh: str
    remedy_zh: str


TEXTS: Mapping[str, Text] = {
    # queues
    "own_overflow": Text(
        "the queue overflows to itself",
        "name another queue",
        "队列溢出到自己",
        "请写另一个队列",
    ),
    # the files
    "unreadable": Text(
        "cannot be read: {reason}",
        "name the configuration with --config, or copy examples/ccd.yaml there",
        "无法读取：{reason}",
        "用 --config 指定配置文件，或将 examples/ccd.yaml 复制到该位置",
    ),
    "too_large": Text(
        "is larger than {limit} bytes",
        "split it into files in conf.d",
        "超过 {limit} 字节",
        "拆分到 conf.d 中",
    ),
    "not_yaml": Text(
        "is not YAML: {reason}",
        "see indentation, quotes and brackets here and just above",
        "不是有效的 YAML：{reason}",
        "请检查此处及上方的缩进、引号和括号",
    ),
    "no_sections": Text(
        "is no mapping",
        "write sections such as `queues:`",
        "顶层不是映射",
        "按 `queues:` 这样的节来写",
    ),
    "documents": Text(
        "begins a second document",
        "leave `---` out, or write another file in conf.d",
        "出现了第二个文档",
        "去掉 `---`，或另写一个 conf.d 文件",
    ),
    "tag": Text(
        "has the tag {tag}",
        "leave tags out",
        "带有标签 {tag}",
        "去掉标签",
    ),
    "odd_key": Text(
        "has a key that is no text",
        "write simple keys",
        "键不是文本",
        "使用简单的键",
    ),
    "twice": Text(
        "stands in {there} too",
        "keep one of the two",
        "在 {there} 已定义",
        "只保留一处",
    ),
    "not_read": Text(
        "is not read",
        "name it .yaml to have it read",
        "不会被读取",
        "改名为 .yaml 才会被读取",
    ),
    # secrets
    "beside": Text(
        "stands beside {other}",
        "keep one of the two",
        "与 {other} 同时存在",
        "只保留其中一个",
    ),
    "secret_unreadable": Text(
        "{path} cannot be read: {reason}",
        "the file must exist and be readable by ccd",
        "无法读取 {path}：{reason}",
        "文件必须存在且 ccd 可读",
    ),
    "open_to_all": Text(
        "every user of this machine can read {path}, which holds a password",
        "chmod o-rwx {path}",
        "本机所有用户都可读取含有密码的 {path}",
        "chmod o-rwx {path}",
    ),
    # keys and values
    "missing": Text(
        "is missing",
        "add it",
        "缺少此项",
        "请添加",
    ),
    "extra_forbidden": Text(
        "is unknown here",
        "{hint}",
        "此处没有这个键",
        "{hint_zh}",
    ),
    "enum": Text(
        "{value} is no choice here",
        "{hint}",
        "{value} 不可用",
        "{hint_zh}",
    ),
    "type_text": Text(
        "is no text",
        "write a text",
        "不是文本",
        "请写文本",
    ),
    "type_number": Text(
        "{value} is no number",
        "write a number",
        "{value} 不是数字",
        "请写一个数字",
    ),
    "type_whole": Text(
        "{value} is no whole number",
        "write a whole number",
        "{value} 不是整数",
        "请写整数",
    ),
    "type_bool": Text(
        "{value} is neither true nor false",
        "write true or false",
        "{value} 不是 true 或 false",
        "写 true 或 false",
    ),
    "type_list": Text(
        "is no list",
        "write a list: [a, b]",
        "不是列表",
        "写成列表：[a, b]",
    ),
    "type_mapping": Text(
        "is no mapping",
        "write keys and values below it",
        "不是映射",
        "在其下写键和值",
    ),
    "type_date": Text(
        "{value} is no date",
        "write it like 2026-10-01",
        "{value} 不是日期",
        "写成 2026-10-01",
    ),
    "greater_than": Text(
        "{value} is too little",
        "more than {gt}",
        "{value} 太小",
        "须大于 {gt}",
    ),
    "greater_than_equal": Text(
        "{value} is too little",
        "at least {ge}",
        "{value} 太小",
        "至少 {ge}",
    ),
    "less_than": Text(
        "{value} is too much",
        "less than {lt}",
        "{value} 太大",
        "须小于 {lt}",
    ),
    "less_than_equal": Text(
        "{value} is too much",
        "at most {le}",
        "{value} 太大",
        "最多 {le}",
    ),
    "too_short": Text(
        "is empty",
        "at least {min_length}",
        "为空",
        "至少 {min_length} 个",
    ),
    "too_long": Text(
        "has too many entries",
        "at most {max_length}",
        "条目过多",
        "最多 {max_length} 个",
    ),
    "string_too_short": Text(
        "is too short",
        "at least {min_length} characters",
        "太短",
        "至少 {min_length} 个字符",
    ),
    "string_too_long": Text(
        "is too long",
        "at most {max_length} characters",
        "太长",
        "最多 {max_length} 个字符",
    ),
    "shape": Text(
        "{value} does not do here",
        "write {wants}",
        "{value} 不可用",
        "请写{wants_zh}",
    ),
    "secret_length": Text(
        "is longer than {limit} characters",
        "choose a shorter one",
        "超过 {limit} 个字符",
        "请缩短",
    ),
    "secret_characters": Text(
        'holds a blank, one of ; > " \\ or something that is not ASCII',
        "choose other characters: Asterisk's files cannot hold these",
        '含有空格、; > " \\ 之一或非 ASCII 字符',
        "请换用其他字符：Asterisk 的配置文件无法表示这些字符",
    ),
    "no_password": Text(
        "has no password",
        "add password or password_file",
        "没有密码",
        "添加 password 或 password_file",
    ),
    "no_secret": Text(
        "the manager user has no password",
        "set secret, or secret_file with a file that holds it",
        "管理接口用户没有密码",
        "设置 secret，或用 secret_file 指定存放密码的文件",
    ),
    "hours_never": Text(
        "wants {name} open and closed",
        "keep one of hours and outside_hours",
        "要求 {name} 同时开放和关闭",
        "hours 与 outside_hours 只保留一个",
    ),
    "one_target_of_three": Text(
        "has no target, or several",
        "write one of flow, queue and agent",
        "没有目标，或有多个目标",
        "flow、queue、agent 三者写一个",
    ),
    "only_with_agent": Text(
        "has {keys} without an agent",
        "write agent: with the agent's number, or leave them out",
        "写了 {keys}，但没有 agent",
        "用 agent 写上坐席工号，或去掉这些键",
    ),
    "one_target": Text(
        "has both flow and queue, or none of them",
        "keep exactly one",
        "flow 和 queue 须且只须有一个",
        "只保留其中一个",
    ),
    "code_prefix": Text(
        "{longer_key} ({longer}) begins with {key} ({code})",
        "choose codes of which none begins with another",
        "{longer_key}（{longer}）以 {key}（{code}）开头",
        "任何一个功能码都不能以另一个开头",
    ),
    "time_zone": Text(
        "{value} is no time zone that this machine knows",
        "write an IANA name such as Asia/Shanghai",
        "本机不认识时区 {value}",
        "写 IANA 名称，例如 Asia/Shanghai",
    ),
    "network": Text(
        "{value} is no address",
        "write an address or a network such as 192.0.2.0/24",
        "{value} 不是地址",
        "写地址或网段，例如 192.0.2.0/24",
    ),
    "database": Text(
        "is no database that ccd knows",
        "write sqlite:////absolute/path or postgresql://user@host/name",
        "不是 ccd 支持的数据库",
        "写 sqlite:////绝对路径 或 postgresql://user@host/name",
    ),
    # between keys
    "unknown_name": Text(
        "there is no {kind} {name!r}",
        "{hint}",
        "没有名为 {name!r} 的{kind_zh}",
        "{hint_zh}",
    ),
    "same_extension": Text(
        "the extension {name} stands in {there} too",
        "give each phone its own",
        "分机 {name} 在 {there} 已定义",
        "每部话机使用不同的分机号",
    ),
    "number_is_phone": Text(
        "{name} is the extension of a phone too ({there})",
        "use another number",
        "{name} 同时是话机分机号（{there}）",
        "换一个号码",
    ),
    "aliased": Text(
        "Asterisk's dialplan does not tell it from {other!r}: it ignores dashes",
        "choose names that differ in more than dashes",
        "Asterisk 拨号方案忽略连字符，无法与 {other!r} 区分",
        "名称不能仅在连字符上不同",
    ),
    "same_code": Text(
        "the code stands in {there} too", "use another code", "代码在 {there} 已使用", "换一个代码"
    ),
    # said where it is found: flows and opening hours name the facts there (`ccd.config.told`)
    "told": Text("{message}", "{remedy}", "{message_zh}", "{remedy_zh}"),
}

SAME_AS: Mapping[str, str] = {
    "literal_error": "enum",
    "string_type": "type_text",
    "int_type": "type_whole",
    "int_parsing": "type_whole",
    "int_from_float": "type_whole",
    "float_type": "type_number",
    "float_parsing": "type_number",
    "finite_number": "type_number",
    "bool_type": "type_bool",
    "bool_parsing": "type_bool",
    "list_type": "type_list",
    "tuple_type": "type_list",
    "frozen_set_type": "type_list",
    "dict_type": "type_mapping",
    "model_type": "type_mapping",
    "model_attributes_type": "type_mapping",
    "date_type": "type_date",
    "date_parsing": "type_date",
    "date_from_datetime_parsing": "type_date",
}
"""Codes of pydantic that are said in the words of another."""
