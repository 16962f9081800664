"""In order, bounded, and never in the way of the event loop."""

import asyncio
import time

import pytest
from structlog.testing import capture_logs

from ccd.ami.delivery import TURN_S, Delivery
from ccd.ami.settings import AmiCounters
from ccd.events import ChannelGone, LinkLost
from tests.support import until


def gone(number: int) -> ChannelGone:
    """Any event that can be told from others."""
    return ChannelGone(channel=f"1.{number}")


class House:
    """A listener that writes down what it hears, and the queue before it."""

    def __init__(self, limit: int = 100) -> None:
        self.heard: list[object] = []
        self.overflows = 0
        self.counters = AmiCounters()
        self.delivery = Delivery(self, limit=limit, counters=self.counters, overflowed=self.overflowed)

    def __call__(self, event: object) -> None:
        """Hear an event."""
        self.heard.append(event)

    def hear(self, *numbers: int) -> None:
        """Let events come, all at once."""
        for number in numbers:
            self.delivery.live(gone(number))
        self.delivery.flush()

    def overflowed(self) -> None:
        """Hear that events were lost."""
        self.overflows += 1


async def test_events_are_told_in_order():
    """As they came, each once."""
    house = House()
    house.hear(*range(30))
    house.hear(*range(30, 50))
    await until(lambda: len(house.heard) == 50)
    assert house.heard == [gone(number) for number in range(50)]
    assert len(house.delivery) == 0


async def test_held_events_wait_for_the_snapshot():
    """What comes between question and answer is told after the answer."""
    house = House()
    house.hear(1)
    house.delivery.hold()
    house.hear(2)
    house.delivery.hold()
    house.hear(3)
    await until(lambda: house.heard == [gone(1)])
    house.delivery.release(lambda held: [LinkLost(), *held])
    house.hear(4)
    await until(lambda: len(house.heard) == 5)
    assert house.heard == [gone(1), LinkLost(), gone(2), gone(3), gone(4)]


async def test_a_full_queue_is_dropped_and_held_until_asked_anew():
    """A history with holes is worth nothing; what comes after it is kept for the next snapshot."""
    house = House(limit=10)
    house.hear(*range(13))
    assert (house.overflows, house.counters.overflows) == (1, 1)
    house.delivery.release(lambda held: [LinkLost(), *held])
    await until(lambda: len(house.heard) == 4)
    assert house.heard == [LinkLost(), gone(10), gone(11), gone(12)]


async def test_memory_is_bounded_while_nothing_is_told():
    """Events held back count against the same limit."""
    house = House(limit=10)
    house.delivery.hold()
    for number in range(1000):
        house.hear(number)
        assert len(house.delivery) <= 10
    assert house.overflows == 99


async def test_what_was_held_is_forgotten_with_the_link():
    """The next snapshot knows better; our own words are told."""
    house = House()
    house.delivery.hold()
    house.hear(1)
    house.delivery.forget_held()
    house.delivery.tell(LinkLost())
    assert house.heard == [LinkLost()]


async def test_a_failing_listener_hurts_one_event_only():
    """It is logged and counted, and the next event is told."""
    house = House()

    def listen(event: object) -> None:
        if event == gone(1):
            raise LookupError("no such call")
        house(event)

    delivery = Delivery(listen, limit=10, counters=house.counters, overflowed=house.overflowed)
    with capture_logs() as logs:
        for number in range(3):
            delivery.live(gone(number))
        delivery.flush()
        await until(lambda: len(house.heard) == 2)
    assert house.heard == [gone(0), gone(2)]
    assert house.counters.failures == 1
    assert [(line["event"], line["fact"]) for line in logs] == [("a listener failed", "ChannelGone")]


async def test_a_burst_leaves_room_for_other_work():
    """A slow listener has its turn, then the event loop has one."""
    house = House(limit=1000)

    def slow(event: object) -> None:
        time.sleep(0.001)
        house(event)

    delivery = Delivery(slow, limit=1000, counters=house.counters, overflowed=house.overflowed)
    for number in range(100):
        delivery.live(gone(number))
    delivery.flush()
    turns = 1
    while len(house.heard) < 100:
        await asyncio.sleep(0)
        turns += 1
    assert turns >= 100 * 0.001 / TURN_S / 2


async def test_nothing_is_told_after_a_stop():
    """A daemon that ends hears no more, not even what waited for its turn."""
    house = House()

    def slow(event: object) -> None:
        time.sleep(TURN_S)
        house(event)

    delivery = Delivery(slow, limit=10, counters=house.counters, overflowed=house.overflowed)
    for number in range(3):
        delivery.live(gone(number))
    delivery.flush()
    delivery.stop()
    for _ in range(5):
        await asyncio.sleep(0)
    assert house.heard == [gone(0)]


@pytest.mark.parametrize("limit", [1, 2])
async def test_a_limit_is_never_exceeded(limit):
    """Even a very small one."""
    house = House(limit=limit)
    for number in range(20):
        house.delivery.live(gone(number))
        assert len(house.delivery) <= limit
