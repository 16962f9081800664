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
    "Walk a flow here, without a phone: words for sounds, you type the keys.": (
        "在终端中走一遍流程，无需电话：以文字代替声音，按键由您输入。"
    ),
    "Play scripted conversations as tests of flows.": "按脚本对话测试流程。",
    "The number that calls.": "主叫号码。",
    "When: 2026-10-01T10:00; without it, now.": "时间：2026-10-01T10:00；不写则为现在。",
    "The caller's language.": "来电者的语言。",
    "--language is en or zh": "--language 只能是 en 或 zh",
    "keys: digits, * and #; Enter or t lets the time pass; x hangs up": (
        "按键：数字、* 和 #；回车或 t 表示不按；x 挂机"
    ),
    "keys are 0-9, * and #; Enter lets the time pass; x hangs up": (
        "按键为 0-9、* 和 #；回车表示不按；x 挂机"
    ),
    "{at!r} is no time; write it as 2026-10-01T10:00": "{at!r} 不是时间；写成 2026-10-01T10:00",
    "the flow ends the call": "流程结束了通话",
    "the flow is done: the dialplan goes on where there is one, else the call ends": (
        "流程结束：有拨号方案等待则返回，否则挂机"
    ),
    "the caller hangs up": "来电者挂机",
    "key ({seconds:g} s)": "按键（{seconds:g} 秒）",
    "outcome of {kind} {subject}": "{kind} {subject} 的结果",
    "what it finds: name=value name=value …": "查到的内容：变量=值 变量=值 …",
    "Files of tests, or folders of such.": "测试文件，或存放测试文件的目录。",
    "Write the results as JUnit XML, too.": "同时写出 JUnit XML 结果。",
    "the flow waits for a key at {at}": "流程在 {at} 等待按键",
    "the flow goes to {kind} {subject}": "流程转到 {kind} {subject}",
    "there is no such outcome; there are: {outcomes}": "没有这种结果；可用的有：{outcomes}",
    "it holds {value!r}": "其值为 {value!r}",
    "the call is over, at {at}": "通话已在 {at} 结束",
    "; heard: {heard}": "；听到：{heard}",
    "{passed} passed, {failed} failed; nodes {nodes}/{all_nodes}, branches {branches}/{all_branches}": (
        "通过 {passed}，失败 {failed}；节点 {nodes}/{all_nodes}，分支 {branches}/{all_branches}"
    ),
    "; never visited: {nodes}": "；未到达：{nodes}",
    "{path} cannot be written: {reason}": "无法写入 {path}：{reason}",
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
    "The extension of the phone to ring.": "要振铃的话机分机号。",
    "Ring a phone and record a prompt there.": "呼叫一部话机，在话机上录制语音提示。",
    "Ring a phone and play a prompt there.": "呼叫一部话机，在话机上播放语音提示。",
    "phone {phone} rings: record after the tone, end with #; 1 keeps it, 2 records again, "
    "hanging up discards": "话机 {phone} 正在振铃：听到提示音后录音，按 # 结束；1 保留，2 重录，挂机放弃",
    "nothing was kept; the prompt is as it was": "没有保留录音；语音提示未变",
    "{prompt} was played": "已播放 {prompt}",
    "The prompt's id.": "语音提示的编号。",
    "The language that is spoken.": "所说的语言。",
    "Take sound files of any format as recordings of prompts.": "将任意格式的声音文件导入为语音提示的录音。",
    "Sound files, or folders of such (en/ and zh/ in them).": (
        "声音文件，或存放它们的目录（其中分 en/ 和 zh/）。"
    ),
    "The prompt's id; without it, the file's name.": "语音提示的编号；不写则为文件名。",
    "--id goes with one file": "--id 只用于单个文件",
    "name the language: --language en or --language zh": "请指明语言：--language en 或 --language zh",
    "{file} is in no folder en or zh: name the language with --language": (
        "{file} 不在 en 或 zh 目录中：请用 --language 指明语言"
    ),
    "(what was there is kept: {path})": "（原有的已保留：{path}）",
    "Put the sound of a prompt aside; it is kept as a version.": "移走语音提示的声音，保留为旧版本。",
    "prompt {prompt!r} has no sound in {folder}": "语音提示 {prompt!r} 在 {folder} 中没有声音",
    "{prompt} is put aside: {path}": "{prompt} 已移走：{path}",
    "Let a prompt's earlier sound be heard again.": "恢复语音提示之前的声音。",
    "prompt {prompt!r} has no earlier sound in {folder}": "语音提示 {prompt!r} 在 {folder} 中没有旧版本",
    "{prompt} is as it was": "{prompt} 已恢复",
    "there is no prompt {prompt!r}": "没有语音提示 {prompt!r}",
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
