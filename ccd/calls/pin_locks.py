"""Locks of secrets in flows that outlive the process: a restart is no chance to guess on."""

from typing import Protocol

from ccd.clock import Clock
from ccd.ivr.locks import MAX_KEPT, Locks
from ccd.records.pin_lock import PinLock
from ccd.storage.pin_locks import LONGEST_LOCK
from ccd.storage.store import Store


class LockShelf(Protocol):
    """Where wrong entries are kept; never waits (see `ccd.storage.writer`)."""

    def put_pin_lock(self, lock: PinLock) -> None:
        """Keep how many there were in a row."""
        ...


def kept_locks(clock: Clock, shelf: LockShelf) -> Locks:
    """Make locks of which each change is kept."""
    return Locks(
        lambda key, wrong, at: shelf.put_pin_lock(PinLock(key=key, wrong=wrong, last_at=clock.wall(at)))
    )


async def recall_locks(locks: Locks, clock: Clock, store: Store) -> None:
    """Take up what earlier processes kept."""
    now = clock.now()
    async with store.reading() as tx:
        kept = await tx.pin_locks.since(clock.wall(now) - LONGEST_LOCK, MAX_KEPT)
    locks.remember((each.key, each.wrong, min(now, clock.monotonic(each.last_at))) for each in kept)
