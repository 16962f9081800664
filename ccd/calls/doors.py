"""Queues open and closed: by the calendar of their hours, or by somebody's hand, which counts more.

A hand's word holds until its time is over or another one comes; it outlives a restart. That a queue was
opened outside of its hours is forgotten as soon as the calendar says open, too: the evening closes it again.
"""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Protocol
from zoneinfo import ZoneInfo

import structlog

from ccd.calls.design import Design
from ccd.calls.dispatcher import Dispatcher
from ccd.clock import Clock
from ccd.config.routing import AtClosing
from ccd.errors import StorageError
from ccd.events import QueueClosed, QueueOpened
from ccd.ivr.hours import HoursState, hours_state
from ccd.model import QueueName
from ccd.storage.doors import QueueDoor

log = structlog.get_logger(__name__)

LOOK_EVERY_S = 60.0
"""Calendars change at full minutes."""


class Keeper(Protocol):
    """Where a hand's word is stored (see `ccd.storage.doors`); raises `StorageError`, `TimeoutError`."""

    async def put_door(self, door: QueueDoor) -> None:
        """Store it."""
        ...

    async def drop_door(self, queue: QueueName) -> None:
        """Forget it."""
        ...


@dataclass(frozen=True, slots=True)
class Entrance:
    """Whether a queue takes callers in now, and who says so."""

    open: bool
    keep: bool = True
    """Those who wait are served."""
    by: str = ""
    """`hours` or `hand`; empty: nobody."""
    hand: QueueDoor | None = None


class Doors:
    """All queues' doors; `look` tells the engine what has changed."""

    def __init__(
        self, design: Callable[[], Design], clock: Clock, dispatcher: Dispatcher, keeper: Keeper
    ) -> None:
        self._design = design
        self._clock = clock
        self._dispatcher = dispatcher
        self._keeper = keeper
        self._hands: dict[QueueName, QueueDoor] = {}
        self._told: dict[QueueName, Entrance] = {}

    def restore(self, doors: tuple[QueueDoor, ...]) -> None:
        """Take up what was stored."""
        self._hands = {door.queue: door for door in doors}

    def of(self, queue: QueueName) -> Entrance:
        """Give a queue's entrance as it is now."""
        hand, hours = self._hands.get(queue), self._hours(queue)
        if hand is not None and (hand.until_at is None or hand.until_at > self._now()):
            return Entrance(hand.open, hand.keep, "hand", hand)
        if hours is None or hours is HoursState.OPEN:
            return Entrance(open=True, by="" if hours is None else "hours")
        config = self._design().config.queues[queue]
        return Entrance(open=False, keep=config.at_closing is AtClosing.KEEP, by="hours")

    def closing_words(self, queue: QueueName) -> str:
        """Give the prompt for those whom a queue does not take; empty: none of its own."""
        hand = self.of(queue).hand
        return "" if hand is None or hand.open else hand.say

    async def set(self, door: QueueDoor) -> None:
        """Open or close a queue by hand; `StorageError` when it could not be stored: then nothing is done."""
        if door.open and self._hours(door.queue) in {None, HoursState.OPEN}:
            await self._keeper.drop_door(door.queue)
            self._hands.pop(door.queue, None)
        else:
            await self._keeper.put_door(door)
            self._hands[door.queue] = door
        log.info("queue opened" if door.open else "queue closed", queue=door.queue, until=door.until_at)
        self.look()

    def look(self, *, anew: bool = False) -> list[QueueName]:
        """Tell the engine which queues have opened or closed; `anew`: of all that are closed.

        Gives the queues whose hand's word is over.
        """
        over = [queue for queue in self._hands if self._is_over(queue)]
        for queue in over:
            del self._hands[queue]
        for name in map(QueueName, self._design().config.queues):
            entrance, told = self.of(name), self._told.get(name, Entrance(open=True))
            changed = (entrance.open, entrance.keep) != (told.open, told.keep)
            if entrance.open and (changed or anew):
                self._dispatcher.feed(QueueOpened(queue=name))
            elif not entrance.open and (changed or anew):
                self._dispatcher.feed(QueueClosed(queue=name, keep=entrance.keep))
            self._told[name] = entrance
        return over

    async def run(self) -> None:
        """Look at each full minute, and when a hand's word is over; never ends."""
        while True:
            for queue in self.look():
                try:
                    await self._keeper.drop_door(queue)
                except (
                    StorageError,
                    TimeoutError,
                ) as problem:  # it is past: at the next start it counts no more either
                    log.warning("a queue's door stays stored", queue=queue, reason=str(problem))
            await asyncio.sleep(self._pause_s())

    # ------------------------------------------------------------ small steps

    def _now(self) -> datetime:
        return self._clock.wall(self._clock.now())

    def _hours(self, queue: QueueName) -> HoursState | None:
        """Ask the queue's calendar; None: it has none, or the queue is gone."""
        config = self._design().config
        settings = config.queues.get(queue)
        calendar = config.hours.get(settings.hours or "") if settings is not None else None
        return None if calendar is None else hours_state(calendar, self._now(), ZoneInfo(config.timezone))

    def _is_over(self, queue: QueueName) -> bool:
        hand = self._hands[queue]
        if hand.until_at is not None and hand.until_at <= self._now():
            return True
        return hand.open and self._hours(queue) in {None, HoursState.OPEN}

    def _pause_s(self) -> float:
        now = self._now()
        ends = [hand.until_at for hand in self._hands.values() if hand.until_at is not None]
        until = min((end - now).total_seconds() for end in ends) if ends else LOOK_EVERY_S
        to_the_minute = LOOK_EVERY_S - now.timestamp() % LOOK_EVERY_S
        return max(0.05, min(until, to_the_minute))


def read_until(told: str, now: datetime, zone: ZoneInfo) -> datetime:
    """Read `14:00`, the next one there is, or a date with a time; gives aware UTC, raises ValueError."""
    local = now.astimezone(zone)
    if len(told) <= len("14:00"):
        hour, colon, minute = told.partition(":")
        if not (colon and hour.isdigit() and minute.isdigit()):
            raise ValueError(f"{told!r} is no time of day")
        until = local.replace(hour=int(hour), minute=int(minute), second=0, microsecond=0)
        if until <= local:
            until = (until + timedelta(days=1)).replace(hour=int(hour), minute=int(minute))
    else:
        until = datetime.fromisoformat(told)
        until = until if until.tzinfo is not None else until.replace(tzinfo=zone)
    if until <= now:
        raise ValueError(f"{told} is past")
    return until.astimezone(UTC)
