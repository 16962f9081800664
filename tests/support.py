"""What every tier of tests uses."""

import asyncio
import inspect
import time
from collections.abc import Callable

POLL_S = 0.005


async def until(predicate: Callable[[], object], timeout_s: float = 5.0, what: str = "") -> None:
    """Wait until `predicate()`, which may be a coroutine function, is true, looking every 5 ms.

    After `timeout_s` it fails and says `what` did not happen.
    """
    deadline = time.monotonic() + timeout_s
    while True:
        found = predicate()
        if inspect.isawaitable(found):
            found = await found
        if found:
            return
        if time.monotonic() > deadline:
            waited_for = what or getattr(predicate, "__name__", repr(predicate))
            raise AssertionError(f"not within {timeout_s} s: {waited_for}")
        await asyncio.sleep(POLL_S)
