"""Messages after they were left: found, heard, deleted, and gone when their mailbox's time is over.

Phones, the CLI and the API all come through here. A file is deleted before the database says so: what a crash
leaves between the two is a message without sound, never sound without a message.
"""

import asyncio
from collections.abc import Callable, Collection
from datetime import datetime, timedelta
from pathlib import Path

import structlog

from ccd.calls.house import House
from ccd.config.voicemail import Mailbox
from ccd.errors import NotFoundError, RefusedError, StorageError
from ccd.model import AgentNumber
from ccd.records.voicemail import Message, MessageState
from ccd.storage.messages import MessageFilter
from ccd.storage.store import Store
from ccd.voicemail.paths import resolve

log = structlog.get_logger(__name__)

_PAGE = 500
SWEEP_EVERY_S = 3600.0
DEFAULT_KEEP_DAYS = 90
"""Of messages whose mailbox the configuration no longer has."""


class Messages:
    """What can be done with messages. `StorageError` when the database cannot be asked."""

    def __init__(self, house: House, store: Store) -> None:
        self._house = house
        self._store = store
        self.when_counted: list[Callable[[], None]] = []
        """Called when it was counted anew how many messages nobody has heard (`House.new_messages`)."""

    def boxes_of(self, agent: AgentNumber, queues: Collection[str]) -> frozenset[str]:
        """Give the mailboxes that an agent may listen to, by name or by one of their queues."""
        boxes = self._house.config.voicemail.mailboxes
        return frozenset(
            name for name, box in boxes.items() if agent in box.agents or set(box.queues) & set(queues)
        )

    async def list(
        self,
        which: MessageFilter,
        *,
        limit: int = 50,
        after: str | None = None,
        oldest_first: bool = False,
    ) -> tuple[Message, ...]:
        """Give a page of messages."""
        async with self._store.reading() as tx:
            return await tx.messages.list(which, limit=limit, after=after, oldest_first=oldest_first)

    async def get(self, message: str) -> Message:
        """Give one; raises NotFoundError."""
        async with self._store.reading() as tx:
            return await tx.messages.get(message)

    async def count_new(self, mailboxes: Collection[str] | None = None) -> dict[str, int]:
        """Count what nobody has heard, by mailbox."""
        async with self._store.reading() as tx:
            return await tx.messages.count_new(mailboxes)

    async def recount(self) -> None:
        """Count anew what nobody has heard; a database that cannot be asked leaves the count as it is."""
        try:
            self._house.new_messages = await self.count_new()
        except StorageError as problem:
            log.warning("voicemail_not_counted", reason=str(problem))
        else:
            for told in self.when_counted:
                told()

    async def sound(self, message: Message) -> Path:
        """Give where a message lies on this machine; raises NotFoundError when its sound is gone."""
        if message.state is MessageState.DELETED:
            raise NotFoundError("message {message} is deleted", reason="message_deleted", message=message.id)
        return await asyncio.to_thread(resolve, self._root, message.path)

    def asterisk_path(self, message: Message) -> str:
        """Give a message's sound as Asterisk plays it, without ending."""
        recording = self._house.config.recording
        return str(Path(recording.asterisk_directory or recording.directory) / message.path).removesuffix(
            ".wav"
        )

    async def heard(self, message: str, by: str, *, heard: bool = True) -> Message:
        """Mark a message as heard, or as new again."""
        async with self._store.unit() as tx:
            found = await tx.messages.get(message)
            if found.state is MessageState.DELETED:
                raise RefusedError("message {message} is deleted", reason="message_deleted", message=message)
            if heard:
                await tx.messages.heard(message, by=by, at=self._now())
            else:
                await tx.messages.unheard(message)
            found = await tx.messages.get(message)
        await self.recount()
        return found

    async def delete(self, message: str, by: str) -> Message:
        """Delete a message's sound; that it was there stays known until the mailbox's time is over."""
        found = await self.get(message)
        await self._unlink(found)
        async with self._store.unit() as tx:
            await tx.messages.deleted(message, by=by, at=self._now())
            found = await tx.messages.get(message)
        log.info("voicemail_deleted", message=message, mailbox=found.mailbox, by=by)
        await self.recount()
        return found

    # ------------------------------------------------------------ retention

    async def keep_house(self) -> None:
        """Drop what is past its time, at the start and every hour; until cancelled."""
        while True:
            try:
                dropped = await self.sweep()
                if dropped:
                    log.info("voicemail_swept", messages=dropped)
            except (StorageError, OSError) as problem:
                log.warning("voicemail_not_swept", reason=str(problem))
            await self.recount()
            await asyncio.sleep(SWEEP_EVERY_S)

    async def sweep(self) -> int:
        """Drop every message that is past its mailbox's time, sound and all; tell how many."""
        dropped = 0
        boxes: dict[str, Mailbox] = dict(self._house.config.voicemail.mailboxes)
        async with self._store.reading() as tx:
            named = await tx.messages.mailboxes()
        for mailbox in sorted(named):
            keep_days = boxes[mailbox].keep_days if mailbox in boxes else DEFAULT_KEEP_DAYS
            if keep_days is not None:
                dropped += await self._sweep(mailbox, keep_days)
        return dropped

    async def _sweep(self, mailbox: str, keep_days: int) -> int:
        before = self._now() - timedelta(days=keep_days)
        dropped = 0
        while True:
            async with self._store.reading() as tx:
                old = await tx.messages.older_than(mailbox, before, limit=_PAGE)
            gone = [message.id for message in old if await self._is_unlinked(message)]
            if gone:
                async with self._store.unit() as tx:
                    await tx.messages.forget(gone)
            dropped += len(gone)
            if len(old) < _PAGE or len(gone) < len(old):
                return dropped

    async def _is_unlinked(self, message: Message) -> bool:
        """Delete a sound whose time is over; one that cannot be deleted stays, and so does its message."""
        try:
            await self._unlink(message)
        except RefusedError as problem:
            log.warning("voicemail_not_swept", message=message.id, reason=str(problem))
            return False
        return True

    async def _unlink(self, message: Message) -> None:
        def unlink() -> None:
            try:
                resolve(self._root, message.path).unlink()
            except (NotFoundError, FileNotFoundError):
                return

        try:
            await asyncio.to_thread(unlink)
        except OSError as problem:
            raise RefusedError(
                "the sound of message {message} cannot be deleted: {problem}",
                reason="message_stays",
                message=message.id,
                problem=problem,
            ) from problem

    @property
    def _root(self) -> Path:
        return Path(self._house.config.recording.directory)

    def _now(self) -> datetime:
        return self._house.clock.wall(self._house.clock.now())
