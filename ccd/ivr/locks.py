"""Who entered a wrong secret too often: counted over calls, in memory, and told to whoever keeps it.

Time comes in as monotonic seconds. What is kept is bounded: beyond it the oldest is forgotten. What entries
are counted together by may be an account number, a secret even: only its digest is remembered.
"""

from collections import OrderedDict
from collections.abc import Callable, Iterable
from hashlib import sha256

MAX_KEPT = 10_000

Keep = Callable[[str, int, float], None]
"""Told of a key how many entries in a row were wrong (0: the last one was right), and when; must not wait."""


def lock_key(place: str, whose: str) -> str:
    """Give the key of entries at a node that are counted together."""
    return sha256(f"{place} {whose}".encode()).hexdigest()


class Locks:
    """Wrong entries in a row, by key."""

    def __init__(self, keep: Keep = lambda _key, _wrong, _at: None) -> None:
        self._keep = keep
        self._wrong: OrderedDict[str, tuple[int, float]] = OrderedDict()

    def remember(self, kept: Iterable[tuple[str, int, float]]) -> None:
        """Take up what an earlier process kept, as it was told, the oldest first."""
        for key, wrong, at in kept:
            self._put(key, wrong, at)

    def is_locked(self, key: str, limit: int, lock_s: float, now: float) -> bool:
        """Whether so many entries were wrong that nobody is asked now."""
        count, last = self._wrong.get(key, (0, 0.0))
        if count and now - last >= lock_s:
            del self._wrong[key]
            return False
        return count >= limit

    def count_wrong(self, key: str, now: float) -> None:
        """Count a wrong entry; the lock begins anew with each."""
        count, _ = self._wrong.pop(key, (0, 0.0))
        self._put(key, count + 1, now)
        self._keep(key, count + 1, now)

    def take_back(self, key: str, now: float) -> None:
        """Count one wrong entry less: it could not be told whether it was one."""
        count, last = self._wrong.pop(key, (0, now))
        if count > 1:
            self._put(key, count - 1, last)
            self._keep(key, count - 1, last)
        elif count:
            self._keep(key, 0, now)

    def forget(self, key: str, now: float) -> None:
        """Count from nothing: the right secret was entered."""
        if self._wrong.pop(key, None) is not None:
            self._keep(key, 0, now)

    def _put(self, key: str, wrong: int, at: float) -> None:
        self._wrong[key] = wrong, at
        if len(self._wrong) > MAX_KEPT:
            self._wrong.popitem(last=False)
