"""Work that nobody waits for; a reference to each task is kept, or the loop might drop it half done."""

import asyncio
from collections.abc import Coroutine
from typing import Any


class Background:
    """Tasks that end by themselves, soon; each takes care of its own failures."""

    def __init__(self) -> None:
        self._tasks: set[asyncio.Task[None]] = set()

    def spawn(self, work: Coroutine[Any, Any, None]) -> None:
        """Have it done."""
        task = asyncio.ensure_future(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
