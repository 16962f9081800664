"""Queues open and closed: by their calendar, and by somebody's hand."""

from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from zoneinfo import ZoneInfo

import pytest

from ccd.calls.doors import Doors, read_until
from ccd.config import Config
from ccd.events import QueueClosed, QueueOpened
from ccd.model import QueueName
from ccd.storage.doors import QueueDoor
from tests.unit.calls.fakes import FakeClock

SALES, SUPPORT = QueueName("sales"), QueueName("support")
CONFIG = {
    "timezone": "UTC",
    "asterisk": {"ami": {"secret": "s3cret"}},
    "hours": {"office": {"weekly": {"mon-sun": ["09:00-18:00"]}}},
    "queues": {"sales": {"hours": "office", "at_closing": "leave"}, "support": {}},
}


class Keeper:
    """Remembers what is stored."""

    def __init__(self) -> None:
        self.stored: dict[QueueName, QueueDoor] = {}

    async def put_door(self, door: QueueDoor) -> None:
        """Store it."""
        self.stored[door.queue] = door

    async def drop_door(self, queue: QueueName) -> None:
        """Forget it."""
        self.stored.pop(queue, None)


class Stage:
    """Doors, a clock, and what the engine was told."""

    def __init__(self, wall: datetime) -> None:
        self.clock = FakeClock(wall)
        self.keeper = Keeper()
        self.told: list[QueueClosed | QueueOpened] = []
        dispatcher = SimpleNamespace(feed=self.told.append)
        config = Config.model_validate(CONFIG)
        self.doors = Doors(lambda: SimpleNamespace(config=config), self.clock, dispatcher, self.keeper)

    def look(self, **more: bool) -> list[QueueClosed | QueueOpened]:
        """Let the doors be looked at, and give what is told."""
        self.told.clear()
        self.doors.look(**more)
        return list(self.told)

    def door(self, queue: QueueName, *, open: bool, **more) -> QueueDoor:  # noqa: A002
        """Give a hand's word of now."""
        return QueueDoor(queue=queue, open=open, since_at=self.clock.wall(self.clock.now()), **more)


@pytest.fixture
def noon():
    return Stage(datetime(2026, 11, 21, 12, tzinfo=UTC))


async def test_the_calendar_opens_and_closes(noon):
    """Told once, when it changes; what becomes of those who wait is the queue's to say."""
    assert noon.look() == []
    noon.clock.advance(timedelta(hours=6))
    assert noon.look() == [QueueClosed(queue=SALES, keep=False)]
    assert noon.look() == []
    assert noon.look(anew=True) == [QueueClosed(queue=SALES, keep=False), QueueOpened(queue=SUPPORT)]
    noon.clock.advance(timedelta(hours=15))
    assert noon.look() == [QueueOpened(queue=SALES)]
    assert (noon.doors.of(SALES).by, noon.doors.of(SUPPORT).by) == ("hours", "")


async def test_a_hand_closes_until_a_time(noon):
    """It is stored, says its words, and is over in time; then nothing is stored any more."""
    until = datetime(2026, 11, 21, 14, tzinfo=UTC)
    await noon.doors.set(noon.door(SUPPORT, open=False, say="closed", until_at=until))
    assert noon.told == [QueueClosed(queue=SUPPORT, keep=True)]
    assert noon.doors.closing_words(SUPPORT) == "closed"
    assert noon.keeper.stored[SUPPORT].until_at == until
    noon.clock.advance(timedelta(hours=2))
    assert (noon.look(), noon.doors.closing_words(SUPPORT)) == ([QueueOpened(queue=SUPPORT)], "")


async def test_what_was_stored_counts_after_a_restart(noon):
    """A queue that was closed stays closed; a time that has passed meanwhile does not count."""
    past = noon.clock.wall(noon.clock.now()) - timedelta(minutes=1)
    noon.doors.restore((noon.door(SUPPORT, open=False), noon.door(SALES, open=False, until_at=past)))
    assert noon.look() == [QueueClosed(queue=SUPPORT, keep=True)]


async def test_a_hand_opens_outside_of_the_hours(noon):
    """Until the calendar says open, too: then the evening closes it as always."""
    noon.clock.advance(timedelta(hours=8))
    noon.look()
    await noon.doors.set(noon.door(SALES, open=True))
    assert noon.doors.of(SALES).open
    assert noon.keeper.stored[SALES].open
    noon.clock.advance(timedelta(hours=16))
    noon.look()
    noon.clock.advance(timedelta(hours=8))
    assert noon.look() == [QueueClosed(queue=SALES, keep=False)]


async def test_opening_takes_a_closing_back(noon):
    """Where nothing else closes the queue nothing needs to be stored."""
    await noon.doors.set(noon.door(SALES, open=False))
    await noon.doors.set(noon.door(SALES, open=True))
    assert noon.keeper.stored == {}
    assert noon.doors.of(SALES).by == "hours"


@pytest.mark.parametrize(
    ("told", "utc"),
    [
        ("14:00", "2026-11-21T06:00"),
        ("09:00", "2026-11-22T01:00"),
        ("2026-11-22T14:00", "2026-11-22T06:00"),
        ("2026-11-22 14:00", "2026-11-22T06:00"),
        ("2026-11-22T14:00+00:00", "2026-11-22T14:00"),
    ],
)
def test_until_is_read_in_the_daemons_zone(told, utc):
    """A time of day is the next one; a date is taken as it stands."""
    now = datetime(2026, 11, 21, 4, tzinfo=UTC)  # noon in Shanghai
    assert read_until(told, now, ZoneInfo("Asia/Shanghai")) == datetime.fromisoformat(f"{utc}+00:00")


@pytest.mark.parametrize("told", ["soon", "25:00", "12:60", "14", "2026-11-20T14:00", "2026-13-01T00:00"])
def test_until_that_cannot_be_is_refused(told):
    """What is past or no time is never guessed at."""
    with pytest.raises(ValueError, match=r"."):
        read_until(told, datetime(2026, 11, 21, 4, tzinfo=UTC), ZoneInfo("UTC"))
