"""Who outside is told of a message: the outbox's lines, and the targets that its keys stand for."""

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from ccd.calls.house import House
from ccd.config import Config
from ccd.config.voicemail import Mailbox
from ccd.notices.command import Command
from ccd.notices.outbox import Target
from ccd.records.notice import Notice
from ccd.records.voicemail import Message

KIND = "voicemail.left"
_TEXT = """\
Subject: Voice message from {number} ({mailbox})
MIME-Version: 1.0
Content-Type: text/plain; charset=utf-8
Content-Transfer-Encoding: 8bit

{label}: {number} {name}
{at}, {length_s} s

ccd voicemail play {id}
{file}
"""
_TEXT_ZH = _TEXT.replace("{label}: ", "{label} 收到留言：").replace("{length_s} s", "{length_s} 秒")


def notices_of(house: House, message: Message, now: datetime) -> Iterator[Notice]:
    """Give what is to be told of a message; nothing where the mailbox tells nobody."""
    box = house.config.voicemail.mailboxes.get(message.mailbox)
    if box is None:
        return
    for way in ("webhook", "command"):
        if getattr(box.notify, way) is not None:
            yield Notice(
                id=f"{message.id}-{way}",  # the same however often the message is found
                kind=KIND,
                target=f"voicemail.{message.mailbox}.{way}",
                body=_body(house.config, box, message),
                created_at=now,
                next_at=now,
            )


def _body(config: Config, box: Mailbox, message: Message) -> dict[str, object]:
    return {
        "id": message.id,
        "mailbox": message.mailbox,
        "label": box.text(config.language, message.mailbox),
        "call": message.call_id,
        "number": message.number,
        "name": message.name,
        "queue": message.queue,
        "language": message.language,
        "at": message.at.astimezone(ZoneInfo(config.timezone)).isoformat(timespec="seconds"),
        "length_s": round(message.length_s, 1),
        "file": str(Path(config.recording.directory) / message.path),
        "sha256": message.sha256,
    }


def target_of(config: Config, key: str) -> Target | None:
    """Find what a key of the outbox stands for; None when the configuration does not have it any more."""
    room, _, rest = key.partition(".")
    mailbox, _, way = rest.rpartition(".")
    box = config.voicemail.mailboxes.get(mailbox) if room == "voicemail" else None
    if box is None:
        return None
    notify = box.notify
    if way == "webhook":
        return notify.webhook
    if way == "command" and notify.command is not None:
        text = notify.text if notify.text is not None else _TEXT_ZH if config.language == "zh" else _TEXT
        return Command(argv=notify.command, text=text, timeout_s=notify.timeout_s)
    return None
