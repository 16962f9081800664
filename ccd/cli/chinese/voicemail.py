"""Messages that callers left, and what others are told."""

from typing import Final

TEXTS: Final[dict[str, str]] = {
    "Messages that callers left.": "来电者的留言。",
    "What others are told of.": "对外通知。",
    "Messages, newest first; deleted ones only with --state deleted.": (
        "留言，最新的在前；已删除的用 --state deleted 列出。"
    ),
    "The message's id, e.g. 1795250000.12-v31.": "留言编号，如 1795250000.12-v31。",
    "The mailbox.": "语音信箱。",
    "Only those that nobody has heard.": "只列未听的。",
    "Only those in this state.": "只列此状态的。",
    "left": "留言时间",
    "mailbox": "语音信箱",
    "message": "留言",
    "label": "名称",
    "new": "未听",
    "Mailboxes, with how many of their messages nobody has heard.": "语音信箱及未听留言数。",
    "One message, and where its sound lies on this machine.": "一条留言及其声音文件在本机的位置。",
    "call {call}": "通话 {call}",
    "the sound is gone": "声音文件已不在",
    "Play a message, on a phone or on this machine's loudspeaker; it counts as heard.": (
        "在话机或本机播放留言，并记为已听。"
    ),
    "The phone to ring, by its extension; else this machine.": "要振铃的话机分机号；不写则在本机播放。",
    "there is no program to play sound: install sox, or take the file {file}": (
        "没有可播放声音的程序：请安装 sox，或直接取文件 {file}"
    ),
    "{program} could not play {file}": "{program} 无法播放 {file}",
    "Copy a message's sound to a file.": "将留言的声音复制到文件。",
    "The file; by default ID.wav in this folder.": "目标文件；默认是当前目录下的 编号.wav。",
    "Overwrite a file that is there.": "覆盖已有的文件。",
    "Delete a message's sound; that it was there stays known for a while.": (
        "删除留言的声音；曾有此留言的记录仍保留一段时间。"
    ),
    "Do not ask.": "不询问。",
    "Delete message {message}?": "删除留言 {message}?",
    "message {message}: deleted": "留言 {message}：已删除",
    "Mark a message as heard, or with --new as new again.": "将留言标为已听，或用 --new 标为未听。",
    "It is new again.": "重新标为未听。",
    "message {message}: {state}": "留言 {message}：{state}",
    "What others were told or are to be told, newest first.": "已发和待发的通知，最新的在前。",
    "mailbox {mailbox}: {result}, message {message} of {seconds:.1f} s": (
        "语音信箱 {mailbox}：{result}，留言 {message}，{seconds:.1f} 秒"
    ),
    "made": "产生时间",
    "notice": "通知",
    "target": "目标",
    "tries": "次数",
    "next try": "下次尝试",
    "problem": "问题",
    "Send a notice once more, as if it were new.": "重新发送一条通知。",
    "The notice's id.": "通知编号。",
    "notice {notice}: {state}": "通知 {notice}：{state}",
}
