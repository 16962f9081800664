"""The promises as they are stored: made, changed and closed here, in memory and in the database."""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import structlog

from ccd.calls.background import Background
from ccd.calls.callbacks.kept import Kept, Phase, Shelf
from ccd.calls.carried import LastStay
from ccd.calls.house import House
from ccd.config.callbacks import Callback as Terms
from ccd.errors import StorageError
from ccd.model import CallId, QueueName
from ccd.storage.callbacks import CallbackStatus, NewCallback
from ccd.storage.store import Store

log = structlog.get_logger(__name__)


class Register:
    """All open promises, and what is still to be written of them."""

    def __init__(self, house: House, store: Store) -> None:
        self.shelf = Shelf()
        self._house = house
        self._store = store
        self.spawn = Background().spawn

    def now(self) -> datetime:
        """Give the aware date."""
        return self._house.clock.wall(self._house.clock.now())

    def terms(self, queue: str) -> Terms | None:
        """Give on what terms promises are kept: they outlive a section that was taken away."""
        configured = self._house.config.queues.get(queue)
        return None if configured is None else configured.callback or Terms()

    def wish(
        self,
        queue: QueueName,
        number: str,
        *,
        language: str,
        call_id: CallId | None = None,
        stay: LastStay | None = None,
    ) -> NewCallback:
        """Make a wish of what is known."""
        house, now, terms = self._house, self.now(), self.terms(queue)
        hours = (terms or Terms()).expire_after_h
        return NewCallback(
            queue=queue,
            number=number,
            requested_at=now,
            joined_at=now if stay is None else house.clock.wall(stay.joined_at),
            expires_at=now + timedelta(hours=hours),
            priority=house.config.queues[queue].priority if stay is None else stay.priority,
            needs={} if stay is None else dict(stay.needs),
            language=language,
            call_id=call_id,
        )

    async def keep(self, new: NewCallback) -> tuple[Kept, bool]:
        """Store a promise unless there is one; whether it is new."""
        for kept in self.shelf.of_number(new.number):
            if kept.stored.queue == new.queue:
                return kept, False
        async with self._store.unit() as tx:
            stored, is_new = await tx.callbacks.add(new)
        kept = self.shelf.by_id.get(stored.id) or Kept(stored=stored, call_id=CallId(""))
        if stored.id not in self.shelf.by_id:
            self.shelf.add(kept)
        log.info("callback promised", callback=stored.id, queue=stored.queue, number=stored.number)
        return kept, is_new

    def put(self, kept: Kept, **changes: Any) -> None:
        """Change what is stored of a promise; written soon, and again until the database takes it."""
        kept.stored = replace(kept.stored, **changes)
        self.shelf.unsaved[kept.stored.id] = kept.stored
        self.shelf.news.set()

    async def put_now(self, kept: Kept, **changes: Any) -> bool:
        """Change what is stored of a promise; whether it is written when this returns."""
        kept.stored = stored = replace(kept.stored, **changes)
        try:
            async with self._store.unit() as tx:
                await tx.callbacks.save(stored)
        except StorageError as problem:
            log.warning("a callback is not stored yet", callback=stored.id, reason=str(problem))
            self.shelf.unsaved[stored.id] = stored
            return False
        self.shelf.unsaved.pop(stored.id, None)
        return True

    async def save_all(self) -> None:
        """Write what is not written yet."""
        for stored in list(self.shelf.unsaved.values()):
            try:
                async with self._store.unit() as tx:
                    await tx.callbacks.save(stored)
            except StorageError as problem:
                log.warning("callbacks are not stored yet", reason=str(problem))
                return
            if self.shelf.unsaved.get(stored.id) is stored:
                del self.shelf.unsaved[stored.id]

    async def close(self, kept: Kept, status: CallbackStatus, reason: str) -> None:
        """End a promise, and write so."""
        self._strike_out(kept, status, reason)
        await self.put_now(kept, status=status, reason=reason, closed_at=self.now())

    def end(self, kept: Kept, status: CallbackStatus, reason: str) -> None:
        """End a promise at once; it is written soon."""
        self._strike_out(kept, status, reason)
        self.put(kept, status=status, reason=reason, closed_at=self.now())

    def _strike_out(self, kept: Kept, status: CallbackStatus, reason: str) -> None:
        kept.phase = Phase.CLOSED
        self.shelf.remove(kept)
        log.info("callback closed", callback=kept.stored.id, status=status.value, reason=reason)
