"""Flows, prompts, Asterisk's side."""

from typing import Final

TEXTS: Final[dict[str, str]] = {
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
    "Every prompt: where its sound in each language is from, its length, its words.": (
        "所有语音提示：各语言声音的来源、时长和文字。"
    ),
    "Only prompts that lack a sound in a language.": "只列出某种语言缺少声音的语音提示。",
    "Make the prompts that are missing, or whose words have changed, with espeak-ng.": (
        "用 espeak-ng 生成缺少的或文字已改的语音提示。"
    ),
    "Make also those that are there; recordings are kept as versions.": (
        "已有的也重新生成；人工录音保留为旧版本。"
    ),
    "s": "秒",
    "{count} prompts made in {folder}": "已在 {folder} 生成 {count} 个语音提示",
    "prompt": "语音",
    "words": "文字",
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
