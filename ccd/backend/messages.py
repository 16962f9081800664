"""Messages that callers left, and what others are told of them, as the API has them."""

from typing import cast

from ccd.calls.house import House
from ccd.calls.messages import Messages
from ccd.calls.playing import Player
from ccd.errors import NotFoundError
from ccd.http import filters, shapes
from ccd.records.notice import NoticeState
from ccd.records.voicemail import Message, MessageState
from ccd.storage.messages import MessageFilter
from ccd.storage.store import Store

BY_OPERATOR = "cli"
"""Who heard or deleted a message by the local API."""


class MessageDesk:
    """Answers the routes of messages and notices."""

    def __init__(self, house: House, store: Store, messages: Messages, player: Player) -> None:
        self._house = house
        self._store = store
        self._messages = messages
        self._player = player

    async def voicemail(self, which: filters.MessageFilter, page: filters.Page) -> shapes.VoicemailPage:
        """Give a page of messages; deleted ones only where they are asked for."""
        states = frozenset({MessageState.NEW, MessageState.KEPT})
        if which.state is not None:
            states = frozenset({MessageState(which.state.value)})
        wanted = MessageFilter(
            mailboxes=None if which.mailbox is None else frozenset({which.mailbox}),
            states=states,
            since=which.since,
            until=which.until,
            number=which.number,
        )
        found = await self._messages.list(
            wanted,
            limit=page.limit,
            after=page.cursor,
            oldest_first=page.order is filters.Order.OLDEST,
        )
        return {
            "items": [_told(each) for each in found],
            "next_cursor": found[-1].id if len(found) == page.limit else None,
        }

    async def mailboxes(self) -> list[shapes.Mailbox]:
        """Give all mailboxes, in the configuration's order."""
        new = await self._messages.count_new()
        return [
            {
                "name": name,
                "labels": {"en": box.labels.en, "zh": box.labels.zh},
                "new": new.get(name, 0),
                "agents": list(box.agents),
                "queues": list(box.queues),
            }
            for name, box in self._house.config.voicemail.mailboxes.items()
        ]

    async def voicemail_message(self, message: str) -> shapes.VoicemailFile:
        """Give one message, and where it lies."""
        found = await self._messages.get(message)
        try:
            file = str(await self._messages.sound(found))
        except NotFoundError:
            file = None
        return {**_told(found), "file": file}

    async def voicemail_heard(self, message: str, *, heard: bool) -> shapes.VoicemailMessage:
        """Mark a message as heard, or as new again."""
        return _told(await self._messages.heard(message, BY_OPERATOR, heard=heard))

    async def voicemail_play(self, message: str, extension: str) -> shapes.VoicemailMessage:
        """Ring a phone and play a message on it."""
        return _told(await self._player.play(message, extension, BY_OPERATOR))

    async def voicemail_delete(self, message: str) -> shapes.VoicemailMessage:
        """Delete a message's sound."""
        return _told(await self._messages.delete(message, BY_OPERATOR))

    async def notices(self, state: filters.NoticeState | None, page: filters.Page) -> shapes.NoticePage:
        """Give a page of notices, the newest first."""
        wanted = None if state is None else NoticeState(state.value)
        async with self._store.reading() as tx:
            found = await tx.notices.list(wanted, limit=page.limit, after=page.cursor)
        return {
            "items": [cast("shapes.Notice", each.to_json()) for each in found],
            "next_cursor": found[-1].id if len(found) == page.limit else None,
        }

    async def notice_retry(self, notice: str) -> shapes.Notice:
        """Send a notice once more."""
        async with self._store.unit() as tx:
            found = await tx.notices.again(notice, self._house.clock.wall(self._house.clock.now()))
        self._house.notices.stir()
        return cast("shapes.Notice", found.to_json())


def _told(message: Message) -> shapes.VoicemailMessage:
    return cast("shapes.VoicemailMessage", message.to_json())
