"""Call records: what was put is what is read."""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import event
from sqlalchemy.exc import StatementError

from ccd.errors import NotFoundError
from ccd.model import CallId
from ccd.records.record import Outcome
from ccd.storage.records import Order, RecordFilter, last_agents
from ccd.storage.streams import PAGE, iterate_records
from tests.integration.storage.samples import call
from tests.integration.storage.writers import running


async def put(writer, *records):
    for record in records:
        writer.put(record)
    await writer.flush()


async def test_a_record_comes_back_as_it_was_put(store, writer):
    """Every field, segment, recording, survey and decision survives the database, to the microsecond."""
    record = call(1)
    await put(writer, record)
    async with store.reading() as tx:
        assert await tx.records.get(record.id) == record


async def test_a_call_that_says_little_is_stored_as_well(store, writer):
    """No queue, no agent, no end: what is unknown comes back as None."""
    record = replace(
        call(1),
        answered_at=None,
        ended_at=None,
        queue=None,
        agent=None,
        outcome=None,
        hung_up_by=None,
        hangup_cause=None,
        survey=None,
        recordings=(),
        segments=(),
        decisions=(),
        sequence=0,
    )
    await put(writer, record)
    async with store.reading() as tx:
        assert await tx.records.get(record.id) == record


async def test_lists_are_newest_first_and_leave_the_rest_out(store, writer):
    """A list has neither segments nor decisions, unless segments are asked for."""
    await put(writer, *(call(n) for n in range(4)))
    async with store.reading() as tx:
        page = await tx.records.list(limit=3)
        assert [record.id for record in page] == [call(n).id for n in (3, 2, 1)]
        assert page[0] == replace(call(3), segments=(), decisions=())
        assert await tx.records.list(limit=1, segments=True) == (replace(call(3), decisions=()),)


async def test_pages_follow_one_another(store, writer):
    """Each page goes on after the last call of the one before, also among calls of one instant."""
    same = call(0).started_at
    records = [replace(call(n), started_at=same + timedelta(seconds=n // 3)) for n in range(7)]
    await put(writer, *records)
    for order in Order:
        seen, last = [], None
        async with store.reading() as tx:
            while page := await tx.records.list(limit=2, after=last, order=order):
                seen += [record.id for record in page]
                last = seen[-1]
        expected = sorted(((r.started_at, r.id) for r in records), reverse=order is Order.NEWEST)
        assert seen == [call_id for _, call_id in expected]


async def test_a_page_after_an_unknown_call_is_an_error(store):
    """A wrong cursor is told, not silently the first page."""
    async with store.reading() as tx:
        with pytest.raises(NotFoundError, match="no record of a call 7"):
            await tx.records.list(after=CallId("7"))
        with pytest.raises(NotFoundError):
            await tx.records.get(CallId("7"))


@pytest.mark.parametrize(
    ("which", "expected"),
    [
        ({}, [3, 2, 1, 0]),
        ({"number": "13900139000"}, [2]),
        ({"called": "4000"}, [3, 2, 1, 0]),
        ({"called": "4009"}, []),
        ({"agent": "1002"}, [3, 1]),
        ({"queue": "support"}, [3]),
        ({"outcomes": {Outcome.ABANDONED, Outcome.TIMED_OUT}}, [3, 0]),
        ({"outcomes": set()}, []),
        ({"since": call(1).started_at}, [3, 2, 1]),
        ({"until": call(1).started_at}, [0]),
        ({"agent": "1002", "queue": "sales", "since": call(1).started_at}, [1]),
    ],
)
async def test_filters_restrict(sqlite_store, tmp_path, which, expected):
    """Each filter means what it says, and the count agrees with the list."""
    async with running(sqlite_store, tmp_path) as writer:
        await put(
            writer,
            call(0, outcome=Outcome.ABANDONED),
            call(1, agent="1002"),
            call(2, number="13900139000"),
            call(3, agent="1002", queue="support", outcome=Outcome.TIMED_OUT),
        )
    if "outcomes" in which:
        which = which | {"outcomes": frozenset(which["outcomes"])}
    wanted = RecordFilter(**which)
    async with sqlite_store.reading() as tx:
        assert [record.id for record in await tx.records.list(wanted)] == [call(n).id for n in expected]
        assert await tx.records.count(wanted) == len(expected)


async def test_a_stream_crosses_pages_in_order(store, writer):
    """An export reads everything once, the oldest first, however many pages that takes."""
    total = PAGE + 3
    blank = replace(call(0), segments=(), decisions=(), recordings=(), survey=None)
    records = [
        replace(blank, id=CallId(f"c{n:05}"), started_at=blank.started_at + timedelta(seconds=n // 2))
        for n in range(total)
    ]
    await put(writer, *records)
    seen = [record.id async for record in iterate_records(store)]
    assert seen == [record.id for record in records]


async def test_a_newer_version_replaces_a_record_whole(store, writer):
    """Late facts make a new version of the same record: its segments are the new ones only."""
    first = call(1)
    later = replace(first, sequence=2, segments=first.segments[:2], decisions=(), talk_s=99.0)
    await put(writer, first)
    await put(writer, later)
    async with store.reading() as tx:
        assert await tx.records.get(first.id) == later
        assert await tx.records.count() == 1


async def test_an_older_version_never_wins(store, writer):
    """Versions may come in any order, in one batch or in several; the highest stays."""
    newest = replace(call(1), sequence=3, talk_s=3.0)
    await put(writer, newest, replace(call(1), sequence=2, segments=()))
    await put(writer, call(1), replace(call(1), sequence=3, segments=(), talk_s=1.0))
    async with store.reading() as tx:
        assert await tx.records.get(newest.id) == newest


async def test_a_date_without_a_zone_is_refused(store, writer):
    """A naive date would be somebody's local time: neither stored nor searched by."""
    naive = call(1).started_at.replace(tzinfo=None)
    with pytest.raises(ValueError, match="time zone"):
        writer.put(replace(call(1), started_at=naive))
    async with store.reading() as tx:
        with pytest.raises(StatementError, match="time zone"):
            await tx.records.list(RecordFilter(since=naive))


async def test_the_agents_who_know_a_number_are_found(store, writer):
    """Sticky: the agents who talked with a number within the time, the latest talk first."""
    await put(
        writer,
        call(0, agent="1005"),
        call(10, agent="1001"),
        call(11, agent="1002"),
        call(12, agent="1001"),
        call(13, agent=None),
        call(14, agent="1003", number="13900139000"),
    )
    async with store.engine.connect() as connection:
        found = await connection.scalars(last_agents("13800138000", call(5).started_at))
        assert list(found) == ["1001", "1002", "1001"]
        assert not list(await connection.scalars(last_agents("13800138000", call(14).started_at)))


async def asked_of(store, question):
    """Give the plan that SQLite makes for the first statement of a repository's method."""
    asked = []

    def listen(_connection, _cursor, statement, parameters, _context, _many):
        asked.append((statement, parameters))

    event.listen(store.engine.sync_engine, "before_cursor_execute", listen)
    async with store.reading() as tx:
        await question(tx)
    event.remove(store.engine.sync_engine, "before_cursor_execute", listen)
    statement, parameters = next(each for each in asked if each[0].startswith("SELECT"))
    async with store.engine.connect() as connection:
        return [
            row[3] for row in await connection.exec_driver_sql("EXPLAIN QUERY PLAN " + statement, parameters)
        ]


@pytest.mark.parametrize(
    ("question", "index"),
    [
        (lambda tx: tx.records.list(), "ix_call_record_started_at_id"),
        (lambda tx: tx.records.list(RecordFilter(number="1")), "ix_call_record_number_started_at_agent"),
        (lambda tx: tx.records.list(RecordFilter(agent="1")), "ix_call_record_agent_started_at"),
        (lambda tx: tx.records.list(RecordFilter(queue="a")), "ix_call_record_queue_started_at"),
        (
            lambda tx: tx.records._connection.scalars(last_agents("1", call(0).started_at)),
            "ix_call_record_number_started_at_agent",
        ),
        (lambda tx: tx.recordings.list(), "ix_recording_started_at_path"),
        (
            lambda tx: tx.records.page(
                RecordFilter(), (call(0).started_at, call(0).id), order=Order.NEWEST, limit=5, segments=False
            ),
            "ix_call_record_started_at_id",
        ),
    ],
)
async def test_the_frequent_questions_use_an_index(sqlite_store, question, index):
    """Neither the newest calls, nor a number's, nor the sticky agent are looked for in the whole table."""
    plan = await asked_of(sqlite_store, question)
    assert index in plan[0]
    assert not any("USE TEMP B-TREE FOR ORDER BY" in step for step in plan)
