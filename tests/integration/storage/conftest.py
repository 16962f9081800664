"""A store on each database, and time that stands still until told to go on."""

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

import pytest

from ccd.storage.store import Store
from tests.databases import database_url
from tests.integration.storage.writers import running


@dataclass
class FakeClock:
    """A clock that is set by hand: monotonic 1000 s is 2026-11-21 01:30 UTC."""

    at: float = 1000.0
    epoch: datetime = field(default=datetime(2026, 11, 21, 1, 30, tzinfo=UTC) - timedelta(seconds=1000))

    def now(self) -> float:
        """Give the instant that was set."""
        return self.at

    def wall(self, at: float) -> datetime:
        """Give its date."""
        return self.epoch + timedelta(seconds=at)

    def monotonic(self, wall: datetime) -> float:
        """Give the instant of a date."""
        return (wall - self.epoch).total_seconds()


@pytest.fixture
def clock():
    return FakeClock()


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request, tmp_path):
    return database_url(request.param, tmp_path)


@pytest.fixture
async def store(url, clock):
    opened = await Store.open(url, clock)
    yield opened
    await opened.close()


@pytest.fixture
def sqlite_url(tmp_path):
    return database_url("sqlite", tmp_path)


@pytest.fixture
async def sqlite_store(sqlite_url, clock):
    opened = await Store.open(sqlite_url, clock)
    yield opened
    await opened.close()


@pytest.fixture
async def writer(store, tmp_path):
    async with running(store, tmp_path) as at_work:
        yield at_work
