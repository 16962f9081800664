"""What waits to be written, in order: head, spool, memory. Bounded in memory, safe on disk in trouble.

The head is a batch that failed and that the spool could not take (disk full), or not in its order. As a rule
it is empty; as long as the database is well, so is the spool.
"""

from collections import deque
from dataclasses import dataclass
from enum import Enum, auto
from typing import Final

import structlog

from ccd.storage.encode import Item
from ccd.storage.spool import Spool

log = structlog.get_logger(__name__)

BATCH: Final = 250
SPOOL_BATCH: Final = 64
"""Items read from the spool at a time: reading them back is work on the event loop."""


class Source(Enum):
    """Where a batch was taken from."""

    HEAD = auto()
    SPOOL = auto()
    MEMORY = auto()


@dataclass(frozen=True, slots=True)
class Batch:
    """Items to write now; `count` is how many were put, unreadable lines of the spool among them."""

    items: list[Item]
    count: int
    source: Source


class Backlog:
    """The three places as one queue."""

    def __init__(self, spool: Spool, capacity: int) -> None:
        self._spool = spool
        self._capacity = capacity
        self._head: list[Item] = []
        self._memory: deque[Item] = deque()
        self.put_count = spool.lines
        """How many items were ever put; what an earlier run left counts as put."""
        self.done_count = 0
        """How many of them are settled: as things are written in order, the first so many."""
        self.lost = 0

    @property
    def in_memory(self) -> int:
        """Items that a crash would lose."""
        return len(self._head) + len(self._memory)

    @property
    def spooled(self) -> int:
        """Items in the spool."""
        return self._spool.lines

    @property
    def empty(self) -> bool:
        """Whether nothing waits."""
        return not self._head and not self._memory and self._spool.empty

    @property
    def safe_count(self) -> int:
        """How many of the items, the first so many, a crash would not lose: settled, or in the spool."""
        return self.done_count + (0 if self._head else self._spool.lines)

    def put(self, item: Item) -> bool:
        """Add an item at the end; False when there is no place for it at all."""
        if len(self._memory) >= self._capacity and not self.spill(2):
            self.lost += 1
            log.critical("record_lost", kind=item.kind.value, key=item.key, rows=item.rows)
            return False
        self._memory.append(item)
        self.put_count += 1
        return True

    def take(self) -> Batch:
        """Give the next items; they stay the next ones until `complete` or `retreat`."""
        if self._head:
            return Batch(self._head, len(self._head), Source.HEAD)
        if not self._spool.empty:
            items, lines = self._spool.read(SPOOL_BATCH)
            return Batch(items, lines, Source.SPOOL)
        items = [self._memory.popleft() for _ in range(min(BATCH, len(self._memory)))]
        return Batch(items, len(items), Source.MEMORY)

    def complete(self, batch: Batch) -> None:
        """Forget a batch: it is settled."""
        self.done_count += batch.count
        if batch.source is Source.HEAD:
            self._head = []
        elif batch.source is Source.SPOOL:
            self._spool.done(batch.count)

    def retreat(self, batch: Batch) -> None:
        """Keep a batch that could not be written, on disk if that is possible in its order."""
        if batch.source is not Source.MEMORY:
            return
        if not self._spool.empty or not self._append(batch.items):
            self._head = batch.items

    def spill(self, limit: int) -> bool:
        """Move the oldest items of the memory to the spool; False when there were none or it was refused."""
        items = [self._memory.popleft() for _ in range(min(limit, len(self._memory)))]
        if not items:
            return False
        if self._append(items):
            return True
        self._memory.extendleft(reversed(items))
        return False

    def rescue(self) -> None:
        """Bring everything to disk that is not there: we are about to end."""
        head, self._head = self._head, []
        if head and not self._append(head):
            self._lose(head)
        while self._memory:
            if not self.spill(BATCH):
                self._lose(list(self._memory))
                self._memory.clear()

    def _append(self, items: list[Item]) -> bool:
        try:
            self._spool.append(items)
        except OSError as error:
            log.critical("spool_refused", reason=str(error), items=len(items))
            return False
        return True

    def _lose(self, items: list[Item]) -> None:
        self.lost += len(items)
        for item in items:
            log.critical("record_lost", kind=item.kind.value, key=item.key, rows=item.rows)
