"""Messages that callers left: found, counted, heard, deleted."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Row, delete, func, select, tuple_, update
from sqlalchemy.ext.asyncio import AsyncConnection

from ccd.errors import NotFoundError
from ccd.model import CallId, QueueName
from ccd.records.voicemail import Message, MessageState
from ccd.storage import tables as t


@dataclass(frozen=True, slots=True, kw_only=True)
class MessageFilter:
    """Which messages are meant; a field that is None does not restrict."""

    mailboxes: frozenset[str] | None = None
    states: frozenset[MessageState] | None = None
    since: datetime | None = None
    until: datetime | None = None
    number: str | None = None


ALL_MESSAGES: Final = MessageFilter()


class Messages:
    """The repository."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def list(
        self,
        which: MessageFilter = ALL_MESSAGES,
        *,
        limit: int = 50,
        after: str | None = None,
        oldest_first: bool = False,
    ) -> tuple[Message, ...]:
        """Give a page of messages, the newest first; `after` is the id of the last one before."""
        columns = t.voicemail_message.c
        query = select(t.voicemail_message)
        if which.mailboxes is not None:
            query = query.where(columns.mailbox.in_(which.mailboxes))
        if which.states is not None:
            query = query.where(columns.state.in_([each.value for each in which.states]))
        if which.since is not None:
            query = query.where(columns.at >= which.since)
        if which.until is not None:
            query = query.where(columns.at < which.until)
        if which.number is not None:
            query = query.where(columns.number == which.number)
        if after is not None:
            last = await self.get(after)
            order = tuple_(columns.at, columns.id)
            query = query.where(order > (last.at, last.id) if oldest_first else order < (last.at, last.id))
        keys = (columns.at, columns.id) if oldest_first else (columns.at.desc(), columns.id.desc())
        found = await self._connection.execute(query.order_by(*keys).limit(limit))
        return tuple(message_of(row) for row in found)

    async def get(self, message: str) -> Message:
        """Give a message by its id; raises NotFoundError."""
        found = await self._connection.execute(
            select(t.voicemail_message).where(t.voicemail_message.c.id == message)
        )
        row = found.first()
        if row is None:
            raise NotFoundError("there is no message {message}", reason="no_message", message=message)
        return message_of(row)

    async def count_new(self, mailboxes: Collection[str] | None = None) -> dict[str, int]:
        """Count what nobody has heard, by mailbox; those without any are not in it."""
        columns = t.voicemail_message.c
        query = select(columns.mailbox, func.count()).where(columns.state == MessageState.NEW.value)
        if mailboxes is not None:
            query = query.where(columns.mailbox.in_(mailboxes))
        found = await self._connection.execute(query.group_by(columns.mailbox))
        return {row[0]: row[1] for row in found}

    async def heard(self, message: str, *, by: str, at: datetime) -> None:
        """Note that somebody heard a message; who heard it first stays."""
        columns = t.voicemail_message.c
        await self._connection.execute(
            update(t.voicemail_message)
            .where(columns.id == message, columns.state == MessageState.NEW.value)
            .values(state=MessageState.KEPT.value, heard_at=at, heard_by=by)
        )

    async def unheard(self, message: str) -> None:
        """Make a message new again, unless it is deleted."""
        columns = t.voicemail_message.c
        await self._connection.execute(
            update(t.voicemail_message)
            .where(columns.id == message, columns.state == MessageState.KEPT.value)
            .values(state=MessageState.NEW.value, heard_at=None, heard_by=None)
        )

    async def deleted(self, message: str, *, by: str, at: datetime) -> None:
        """Note that a message's sound is gone."""
        await self._connection.execute(
            update(t.voicemail_message)
            .where(t.voicemail_message.c.id == message)
            .where(t.voicemail_message.c.state != MessageState.DELETED.value)
            .values(state=MessageState.DELETED.value, deleted_at=at, deleted_by=by)
        )

    async def mailboxes(self) -> frozenset[str]:
        """Give every mailbox that has messages, deleted ones included."""
        found = await self._connection.execute(select(t.voicemail_message.c.mailbox).distinct())
        return frozenset(row.mailbox for row in found)

    async def older_than(self, mailbox: str, before: datetime, *, limit: int) -> tuple[Message, ...]:
        """Give messages of a mailbox that were left before an instant."""
        columns = t.voicemail_message.c
        query = select(t.voicemail_message).where(columns.mailbox == mailbox, columns.at < before)
        found = await self._connection.execute(query.order_by(columns.at).limit(limit))
        return tuple(message_of(row) for row in found)

    async def forget(self, messages: Collection[str]) -> None:
        """Drop all that is known of messages."""
        await self._connection.execute(
            delete(t.voicemail_message).where(t.voicemail_message.c.id.in_(messages))
        )


def message_of(row: Row[Any]) -> Message:
    """Turn a row into what it says."""
    told = row._asdict()
    told |= {
        "call_id": CallId(row.call_id),
        "queue": None if row.queue is None else QueueName(row.queue),
        "state": MessageState(row.state),
    }
    return Message(**told)
