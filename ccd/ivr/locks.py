"""Who entered a wrong secret too often: counted over calls, in memory.

Time comes in as monotonic seconds. What is kept is bounded: beyond it the oldest is forgotten.
"""

from collections import OrderedDict

MAX_KEPT = 10_000


class Locks:
    """Wrong entries in a row, by what they are counted together by."""

    def __init__(self) -> None:
        self._wrong: OrderedDict[str, tuple[int, float]] = OrderedDict()

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
        self._wrong[key] = count + 1, now
        if len(self._wrong) > MAX_KEPT:
            self._wrong.popitem(last=False)

    def forget(self, key: str) -> None:
        """Count from nothing: the right secret was entered."""
        self._wrong.pop(key, None)
