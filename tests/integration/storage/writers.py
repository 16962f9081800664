"""A record writer at work, for the tests."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from ccd.storage.store import Store
from ccd.storage.writer import RecordWriter


@asynccontextmanager
async def running(store: Store, folder: Path, capacity: int = 20_000) -> AsyncIterator[RecordWriter]:
    """Give a writer at work, and close it at the end."""
    writer = RecordWriter(store, folder, capacity=capacity)
    task = asyncio.create_task(writer.run())
    try:
        yield writer
    finally:
        await writer.close(1.0)
        await task
