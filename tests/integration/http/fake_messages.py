"""The messages and notices of the small call centre in memory."""

# ruff: noqa: D102 - `ccd.http.backend.Backend` says what each method does

from typing import Any

from ccd.errors import NotFoundError, RefusedError
from ccd.http import shapes
from ccd.http.filters import MessageFilter, NoticeState, Page

T0 = "2026-11-21T09:00:00.000Z"
MESSAGE = "1795250000.12-v31"
NOTICE = f"{MESSAGE}-webhook"


def message(**changed: Any) -> shapes.VoicemailMessage:
    """Give a new message."""
    told: dict[str, Any] = {
        "id": MESSAGE,
        "mailbox": "sales",
        "call_id": "1795250000.12",
        "number": "13800138000",
        "name": "张伟",
        "queue": "sales",
        "language": "zh",
        "at": T0,
        "length_s": 12.4,
        "path": f"voicemail/2026/11/21/{MESSAGE}.wav",
        "size": 198_444,
        "sha256": "0" * 64,
        "state": "new",
        "heard_at": None,
        "heard_by": None,
        "deleted_at": None,
        "deleted_by": None,
    }
    return {**told, **changed}  # type: ignore[return-value]


def notice(**changed: Any) -> shapes.Notice:
    """Give a notice that was given up."""
    told: dict[str, Any] = {
        "id": NOTICE,
        "kind": "voicemail.left",
        "target": "voicemail.sales.webhook",
        "body": {"number": "13800138000"},
        "created_at": T0,
        "state": "dead",
        "attempts": 27,
        "next_at": None,
        "done_at": T0,
        "error": "status 500",
    }
    return {**told, **changed}  # type: ignore[return-value]


class FakeMessages:
    """One message, one notice; what is asked is kept."""

    asked: list[Any]
    file: str | None = None
    """Where the message's sound lies; None: it is gone."""

    async def voicemail(self, which: MessageFilter, page: Page) -> shapes.VoicemailPage:
        self.asked.append(("voicemail", which, page))
        return {"items": [message()], "next_cursor": None}

    async def mailboxes(self) -> list[shapes.Mailbox]:
        labels = {"en": "Sales", "zh": "销售"}
        return [{"name": "sales", "labels": labels, "new": 3, "agents": ["8001"], "queues": ["sales"]}]

    async def voicemail_message(self, message_id: str) -> shapes.VoicemailFile:
        self._known(message_id)
        return {**message(), "file": self.file}

    async def voicemail_heard(self, message_id: str, *, heard: bool) -> shapes.VoicemailMessage:
        self._known(message_id)
        self.asked.append(("heard", message_id, heard))
        return message(state="kept", heard_at=T0, heard_by="cli") if heard else message()

    async def voicemail_play(self, message_id: str, extension: str) -> shapes.VoicemailMessage:
        self._known(message_id)
        self.asked.append(("play", message_id, extension))
        return message(state="kept", heard_at=T0, heard_by="cli")

    async def voicemail_delete(self, message_id: str) -> shapes.VoicemailMessage:
        self._known(message_id)
        self.asked.append(("delete", message_id))
        return message(state="deleted", deleted_at=T0, deleted_by="cli")

    async def notices(self, state: NoticeState | None, page: Page) -> shapes.NoticePage:
        self.asked.append(("notices", state, page))
        return {"items": [notice()], "next_cursor": None}

    async def notice_retry(self, notice_id: str) -> shapes.Notice:
        if notice_id != NOTICE:
            raise RefusedError(f"there is no notice {notice_id!r}")
        return notice(state="pending", attempts=0, next_at=T0, done_at=None)

    @staticmethod
    def _known(message_id: str) -> None:
        if message_id != MESSAGE:
            raise NotFoundError(f"there is no message {message_id!r}")
