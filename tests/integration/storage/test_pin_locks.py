"""Wrong entries of secrets in the database: a lock outlives the process."""

from datetime import timedelta

from ccd.calls.pin_locks import kept_locks, recall_locks
from ccd.ivr.locks import Locks, lock_key
from ccd.records.pin_lock import PinLock

GUESSER, FORGETFUL, OTHER = (lock_key("main:pin", number) for number in ("1", "2", "3"))


async def test_a_restart_is_no_chance_to_guess_on(store, writer):
    """Whoever is locked stays so; whoever knew the secret in the end, or guessed long ago, starts anew."""
    clock = store.clock
    locks, now = kept_locks(clock, writer), clock.now()
    for _ in range(3):
        locks.count_wrong(GUESSER, now - 60.0)
        locks.count_wrong(FORGETFUL, now - 60.0)
        await writer.flush()
    locks.forget(FORGETFUL, now - 50.0)
    writer.put_pin_lock(PinLock(key=OTHER, wrong=9, last_at=clock.wall(now) - timedelta(days=2)))
    await writer.flush()

    restarted = Locks()
    await recall_locks(restarted, clock, store)
    assert restarted.is_locked(GUESSER, 3, 900.0, now)
    assert not restarted.is_locked(GUESSER, 4, 900.0, now)
    assert not restarted.is_locked(GUESSER, 3, 59.0, now)
    assert not restarted.is_locked(FORGETFUL, 1, 900.0, now)
    assert not restarted.is_locked(OTHER, 1, 1e9, now)
    async with store.reading() as tx:
        rows = {each.key for each in await tx.pin_locks.since(clock.wall(now) - timedelta(days=3), 10)}
    assert OTHER not in rows
