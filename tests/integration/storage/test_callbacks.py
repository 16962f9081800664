"""Promises of a call back, on both databases."""

from dataclasses import replace
from datetime import timedelta

import pytest

from ccd.errors import NotFoundError
from ccd.model import AgentNumber, CallId, QueueName
from ccd.storage.callbacks import CallbackStatus, NewCallback
from ccd.storage.store import Store

SALES = QueueName("sales")


def given_wish(clock, number="13800138000", queue=SALES) -> NewCallback:
    """Give a wish of somebody who had waited for five minutes."""
    now = clock.wall(clock.now())
    return NewCallback(
        queue=queue,
        number=number,
        requested_at=now,
        joined_at=now - timedelta(minutes=5),
        expires_at=now + timedelta(hours=48),
        priority=3,
        needs={"english": 2},
        language="zh",
        call_id=CallId("1795224600.1"),
    )


async def test_a_promise_is_there_after_a_crash(store, clock, url):
    """All of it: who, when, which place, which agent."""
    async with store.unit() as tx:
        made, is_new = await tx.callbacks.add(given_wish(clock))
    assert is_new
    assert made.status is CallbackStatus.WAITING
    other = await Store.open(url, clock)
    async with other.reading() as tx:
        assert await tx.callbacks.open() == (made,)
        assert await tx.callbacks.get(made.id) == made
    await other.close()
    assert made.joined_at == made.requested_at - timedelta(minutes=5)
    assert (made.needs, made.language, made.call_id) == ({"english": 2}, "zh", "1795224600.1")


async def test_one_promise_for_a_number_in_a_queue(store, clock):
    """The first one stays; another number, another queue and another time are other promises."""
    async with store.unit() as tx:
        first, _ = await tx.callbacks.add(given_wish(clock))
        again, is_new = await tx.callbacks.add(given_wish(clock))
        assert (again, is_new) == (first, False)
        await tx.callbacks.add(given_wish(clock, number="13800138001"))
        await tx.callbacks.add(given_wish(clock, queue=QueueName("support")))
        await tx.callbacks.save(replace(first, status=CallbackStatus.DONE, closed_at=clock.wall(clock.now())))
        later, is_new = await tx.callbacks.add(given_wish(clock))
    assert is_new
    assert later.id > first.id
    async with store.reading() as tx:
        assert len(await tx.callbacks.open()) == 3
        assert [each.id for each in await tx.callbacks.latest(limit=2, queue=SALES)] == [later.id, 2]
        assert len(await tx.callbacks.latest(limit=9, number="13800138000")) == 3


async def test_an_open_promise_is_found_behind_any_number_of_closed_ones(store, clock):
    """The limit counts those that are asked for."""
    async with store.unit() as tx:
        kept, _ = await tx.callbacks.add(given_wish(clock))
        for number in ("13800138001", "13800138002"):
            closed, _ = await tx.callbacks.add(given_wish(clock, number=number))
            await tx.callbacks.save(
                replace(closed, status=CallbackStatus.DONE, closed_at=clock.wall(clock.now()))
            )
    async with store.reading() as tx:
        assert [each.id for each in await tx.callbacks.latest(limit=2, only_open=True)] == [kept.id]


async def test_where_a_promise_stands_is_kept_and_a_closed_one_stays_closed(store, clock):
    """A word that comes late revives nothing."""
    now = clock.wall(clock.now())
    async with store.unit() as tx:
        made, _ = await tx.callbacks.add(given_wish(clock))
        dialling = replace(made, status=CallbackStatus.DIALLING, tries=1, last_call_id=CallId("callback-1-1"))
        await tx.callbacks.save(dialling)
        assert await tx.callbacks.get(made.id) == dialling
        done = replace(dialling, status=CallbackStatus.DONE, agent=AgentNumber("1001"), closed_at=now)
        await tx.callbacks.save(done)
        await tx.callbacks.save(replace(made, not_before=now))
        assert await tx.callbacks.get(made.id) == done
        assert await tx.callbacks.open() == ()


async def test_a_number_is_never_given_twice(store, clock):
    """Even when the last row is gone: the number is part of the ids of calls."""
    async with store.transaction() as connection:
        await connection.exec_driver_sql("DELETE FROM callback")
    async with store.unit() as tx:
        first, _ = await tx.callbacks.add(given_wish(clock))
    async with store.transaction() as connection:
        await connection.exec_driver_sql("DELETE FROM callback")
    async with store.unit() as tx:
        second, _ = await tx.callbacks.add(given_wish(clock))
    assert second.id > first.id


async def test_what_is_not_there_is_said(store):
    """By its number."""
    async with store.reading() as tx:
        with pytest.raises(NotFoundError, match="no callback 7"):
            await tx.callbacks.get(7)
