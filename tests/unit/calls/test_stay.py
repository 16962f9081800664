"""Where a caller stands who joins a queue: at its end, or by an earlier time that is kept."""

import asyncio
from types import SimpleNamespace
from typing import Any

import pytest

from ccd.calls.book import LiveCall
from ccd.calls.carried import LastStay
from ccd.calls.stay import QueueStay
from ccd.commands import EndWait
from ccd.config.flows import Queue as QueueNode
from ccd.config.queues import Queue
from ccd.events import CallerJoined
from ccd.ivr.book import given_back
from ccd.model import QueueName, QueueOutcome
from tests.unit.calls.fakes import FakeClock
from tests.unit.calls.test_book import given_call

NOW = FakeClock().now()
SALES = QueueName("sales")


async def joined(call: LiveCall, *, promised: LastStay | None = None) -> CallerJoined:
    """Have a caller join the queue sales by a node that asks for English; give what the engine is told."""
    told: list[CallerJoined] = []

    def feed(event: CallerJoined) -> None:
        told.append(event)
        call.post(EndWait(call_id=call.call_id, outcome=QueueOutcome.TIMED_OUT))

    async def called_again(_number: str, _queue: str) -> LastStay | None:
        return promised

    house: Any = SimpleNamespace(
        clock=FakeClock(),
        config=SimpleNamespace(queues={"sales": Queue(priority=2)}),
        callbacks=SimpleNamespace(called_again=called_again),
        dispatcher=SimpleNamespace(feed=feed),
    )
    session: Any = SimpleNamespace(hung_up=asyncio.Event())
    stay = QueueStay(house, call, session, voice=SimpleNamespace())
    assert await stay.run(QueueNode(queue="sales", needs={"english": 50})) == "timed_out"
    (event,) = told
    return event


def stay_of(queue: str, *, answered: bool) -> LastStay:
    """Give a stay that began 600 s ago."""
    return LastStay(
        queue=QueueName(queue), joined_at=NOW - 600, priority=7, needs={"vip": 1}, answered=answered
    )


async def test_a_new_caller_stands_at_the_end():
    """By the queue's priority, with what the node asks."""
    event = await joined(given_call())
    assert (event.joined_at, event.entered_at, event.priority) == (NOW, None, 2)
    assert event.needs == {"english": 50}


@pytest.mark.parametrize("answered", [True, False])
@pytest.mark.parametrize("queue", ["sales", "other", "agent/1001"])
async def test_only_who_waited_for_one_agent_in_vain_keeps_their_time(queue, answered):
    """Whoever left a queue, served or not, and comes to one by the flow is a caller like any other."""
    call = given_call()
    call.last_stay = stay_of(queue, answered=answered)
    event = await joined(call)
    kept = queue == "agent/1001" and not answered
    assert (event.joined_at, event.entered_at) == ((NOW - 600, NOW) if kept else (NOW, None))
    assert event.priority == 2


@pytest.mark.parametrize(("queue", "kept"), [("sales", True), ("other", False)])
async def test_whom_a_colleague_did_not_take_stands_as_before(queue, kept):
    """By the time, the priority and the needs of the stay before the talk; what they wait begins now."""
    call = given_call()
    call.place = str(given_back("1002", "sales"))
    call.last_stay = stay_of(queue, answered=True)
    event = await joined(call)
    expected = (NOW - 600, NOW, 7) if kept else (NOW, None, 2)
    assert (event.joined_at, event.entered_at, event.priority) == expected
    assert event.needs == ({"vip": 1, "english": 50} if kept else {"english": 50})


async def test_who_calls_again_has_their_place_and_all_of_the_longest_wait_before_them():
    """The hours since they were promised a call were no wait: they are not timed out by them."""
    event = await joined(given_call(), promised=stay_of("sales", answered=False))
    assert (event.joined_at, event.entered_at, event.priority) == (NOW - 600, NOW, 7)
    assert event.needs == {"vip": 1, "english": 50}
