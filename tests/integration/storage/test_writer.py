"""The writer: nothing waits for it, nothing is lost by it, nothing is doubled."""

import asyncio
import json
import sqlite3
import subprocess
import sys
import textwrap
from dataclasses import replace

import pytest
from sqlalchemy import event, text

from ccd.model import AgentNumber, AgentSnapshot, AgentStatus, CallId, QueueName
from ccd.records.agent_log import AgentLogEntry, AgentLogKind
from ccd.records.record import RecordingInfo
from ccd.storage import database
from ccd.storage.accounts import Accounts, NewAgent
from ccd.storage.store import Store
from ccd.storage.writer import RecordWriter
from tests.databases import database_url
from tests.integration.storage.samples import call
from tests.integration.storage.writers import running
from tests.support import until


async def ids(store):
    async with store.reading() as tx:
        return [record.id for record in await tx.records.list(limit=100_000)]


@pytest.fixture
def impatient(monkeypatch):
    """SQLite says at once that it is locked."""
    pragmas = tuple("busy_timeout=1" if "busy" in each else each for each in database._PRAGMAS)
    monkeypatch.setattr(database, "_PRAGMAS", pragmas)


@pytest.fixture
def lock(impatient, sqlite_store, tmp_path):
    """Another process's transaction on the database; closing it gives the database free."""
    other = sqlite3.connect(tmp_path / "ccd.db", isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    yield other
    other.close()


async def test_what_is_put_is_written_by_itself(store, writer):
    """A record is in the database soon after it was put, without a flush."""
    writer.put(call(1))
    await until(lambda: writer.status.written == 1, 1.0, "the record is written")
    assert await ids(store) == [call(1).id]


async def test_putting_the_same_twice_stores_it_once(store, writer, tmp_path):
    """A retry, in the same process or after a restart, never doubles a record."""
    for _ in range(3):
        writer.put(call(1))
        await writer.flush()
    async with running(store, tmp_path / "..") as another:
        another.put(call(1))
        await another.flush()
    async with store.reading() as tx:
        assert await tx.records.count() == 1
        assert await tx.records.get(call(1).id) == call(1)


async def test_a_locked_database_costs_no_record(lock, sqlite_store, tmp_path):
    """While another process holds the lock records wait on disk; they are written when it lets go."""
    async with running(sqlite_store, tmp_path) as writer:
        for n in range(5):
            writer.put(call(n))
        await until(lambda: writer.status.spooled == 5, what="the records are in the spool")
        assert writer.status.pending == 0
        assert "locked" in writer.status.failure
        writer.put(call(5))
        await until(lambda: writer.status.spooled == 6, what="a later record is there, too")
        assert len((tmp_path / "spool.jsonl").read_bytes().splitlines()) == 6
        lock.rollback()
        await writer.flush()
        assert writer.status.failing_for_s is None
        assert (tmp_path / "spool.jsonl").read_bytes() == b""
    assert await ids(sqlite_store) == [call(n).id for n in reversed(range(6))]


async def test_order_is_kept_through_an_outage(lock, sqlite_store, tmp_path):
    """The last state of a queue is the one that stays, wherever the earlier ones waited."""
    async with running(sqlite_store, tmp_path) as writer:
        for position in range(50):
            writer.put_queue_position(QueueName("sales"), position)
            if position % 10 == 0:
                await asyncio.sleep(0.01)
        lock.rollback()
        writer.put_queue_position(QueueName("sales"), 50)
        await writer.flush()
    async with sqlite_store.reading() as tx:
        assert await tx.agents.queue_positions() == {"sales": 50}


async def test_closing_in_an_outage_leaves_everything_for_the_next_start(lock, sqlite_store, tmp_path):
    """A daemon that stops while the database is locked spools; the next one writes."""
    async with running(sqlite_store, tmp_path) as writer:
        writer.put(call(1))
        writer.put(call(2))
        await writer.close(0.05)
        assert writer.status.spooled == 2
    assert await ids(sqlite_store) == []
    lock.rollback()
    async with running(sqlite_store, tmp_path) as next_one:
        next_one.put(call(3))
        await next_one.flush()
    assert await ids(sqlite_store) == [call(n).id for n in (3, 2, 1)]


async def test_a_cancelled_writer_leaves_everything_for_the_next_start(lock, sqlite_store, tmp_path):
    """Even a task that is cancelled in the middle of a write keeps what it held."""
    writer = RecordWriter(sqlite_store, tmp_path)
    task = asyncio.create_task(writer.run())
    writer.put(call(1))
    await until(lambda: writer.status.failing_for_s is not None)
    writer.put(call(2))
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    lock.rollback()
    async with running(sqlite_store, tmp_path) as next_one:
        await next_one.flush()
    assert await ids(sqlite_store) == [call(2).id, call(1).id]


async def test_a_full_memory_overflows_to_the_disk(sqlite_store, tmp_path):
    """Before the writer runs nobody takes anything away: the bounded memory spills its oldest."""
    writer = RecordWriter(sqlite_store, tmp_path, capacity=10)
    for n in range(30):
        writer.put(call(n))
    status = writer.status
    assert status.pending <= 10
    assert status.pending + status.spooled == 30
    assert status.lost == 0
    task = asyncio.create_task(writer.run())
    await writer.flush()
    await writer.close()
    await task
    assert len(await ids(sqlite_store)) == 30


async def test_without_disk_and_database_memory_is_bounded_and_loss_is_told(lock, sqlite_store, tmp_path):
    """When the spool cannot be written either, what fits is kept, and what does not is counted."""
    (tmp_path / "spool.jsonl").mkdir()
    with pytest.raises(IsADirectoryError):
        RecordWriter(sqlite_store, tmp_path)
    (tmp_path / "spool.jsonl").rmdir()
    writer = RecordWriter(sqlite_store, tmp_path, capacity=10)
    (tmp_path / "spool.jsonl").mkdir()  # from here on every append is refused
    task = asyncio.create_task(writer.run())
    for n in range(10):
        writer.put(call(n))
    await until(lambda: writer.status.failing_for_s is not None)
    for n in range(10, 30):
        writer.put(call(n))
    status = writer.status
    assert (status.spooled, status.lost) == (0, 30 - status.pending)
    assert status.pending == 20  # ten that failed, ten that wait
    lock.rollback()
    (tmp_path / "spool.jsonl").rmdir()
    await writer.flush()
    await writer.close()
    await task
    assert len(await ids(sqlite_store)) == 20


async def test_an_item_that_cannot_be_stored_is_set_aside(store, writer, tmp_path):
    """One bad item of many (an agent who does not exist) neither stops the others nor vanishes."""
    for n in range(5):
        writer.put(call(n))
    writer.put_agent(AgentSnapshot(number=AgentNumber("9999")))
    for n in range(5, 10):
        writer.put(call(n))
    await writer.flush()
    assert len(await ids(store)) == 10
    assert (writer.status.rejected, writer.status.failing_for_s) == (1, None)
    (line,) = (tmp_path / "rejected.jsonl").read_bytes().splitlines()
    assert json.loads(line)[:2] == ["agent", "9999"]


async def test_a_character_that_no_database_takes_is_no_outage(store, writer):
    """A lone surrogate that slipped through is set aside; the next record is written."""
    writer.put(replace(call(1), called="\ud800"))
    writer.put(call(2))
    await writer.flush()
    assert await ids(store) == [call(2).id]
    assert writer.status.rejected == 1


async def test_a_spool_that_a_crash_left_torn_is_read(sqlite_store, tmp_path):
    """The whole lines of a spool count; the half line at its end, and rubbish, are passed over."""
    first = RecordWriter(sqlite_store, tmp_path, capacity=1)
    for n in range(4):
        first.put(call(n))
    spool = tmp_path / "spool.jsonl"
    whole = spool.read_bytes()
    assert whole.count(b"\n") == 3
    spool.write_bytes(b"not json\n[1,2]\n" + whole[:-40])
    async with running(sqlite_store, tmp_path) as writer:
        writer.put(call(7))
        await writer.flush()
    assert await ids(sqlite_store) == [call(n).id for n in (7, 1, 0)]


async def test_a_spool_that_somebody_deletes_does_not_stop_the_writer(lock, sqlite_store, tmp_path):
    """What was in the file is gone, and told; what comes after is written."""
    async with running(sqlite_store, tmp_path) as writer:
        writer.put(call(1))
        await until(lambda: writer.status.spooled == 1)
        (tmp_path / "spool.jsonl").unlink()
        lock.rollback()
        await until(lambda: writer.status.spooled == 0)
        writer.put(call(2))
        await writer.flush()
    assert await ids(sqlite_store) == [call(2).id]


async def test_killed_in_the_middle_every_record_is_there_once(sqlite_url, clock, tmp_path):
    """A process killed while it writes and spools loses nothing; its successor finishes spool and journal."""
    script = textwrap.dedent(
        """
        import asyncio, os, sys
        from pathlib import Path
        from ccd.clock import SystemClock
        from ccd.storage.store import Store
        from ccd.storage.writer import RecordWriter
        from tests.integration.storage.samples import call

        async def main():
            store = await Store.open(sys.argv[1], SystemClock())
            writer = RecordWriter(store, Path(sys.argv[2]), capacity=20)
            asyncio.create_task(writer.run())
            for n in range(100):
                writer.put(call(n))
                if n % 7 == 0:
                    await asyncio.sleep(0.002)
            await asyncio.sleep(0.002)  # the last is on disk two turns of the loop after it was put
            while writer.status.written < 30:
                await asyncio.sleep(0)
            print(writer.status.written, flush=True)
            os.kill(os.getpid(), 9)

        asyncio.run(main())
        """
    )
    killed = await asyncio.to_thread(
        subprocess.run,
        [sys.executable, "-c", script, sqlite_url, str(tmp_path)],
        capture_output=True,
        text=True,
        timeout=30,
        check=False,
    )
    assert killed.returncode == -9, killed.stderr
    written = int(killed.stdout)
    store = await Store.open(sqlite_url, clock)
    try:
        async with running(store, tmp_path) as writer:
            await writer.flush()
        found = await ids(store)
        assert len(found) == len(set(found)) == 100 >= written
        for call_id in found:
            async with store.reading() as tx:
                record = await tx.records.get(call_id)
            n = int(call_id.partition(".")[2])
            assert record == call(n)
    finally:
        await store.close()


async def test_a_database_that_drops_its_connections_is_found_again(request, tmp_path, clock):
    """PostgreSQL restarts or a firewall cuts: the next try opens a new connection."""
    store = await Store.open(database_url("postgresql", tmp_path), clock)
    try:
        async with running(store, tmp_path) as writer:
            writer.put(call(1))
            await writer.flush()
            with pytest.raises(Exception, match="terminating connection"):
                async with store.transaction() as connection:
                    await connection.execute(
                        text(
                            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
                            "WHERE datname = current_database() ORDER BY pid = pg_backend_pid()"
                        )
                    )
            writer.put(call(2))
            await writer.flush()
        assert await ids(store) == [call(2).id, call(1).id]
    finally:
        await store.close()


async def test_agents_states_come_back_as_instants(store, writer, clock):
    """Instants are dates in the database, and instants of the new process's clock after a restart."""
    await Accounts(store).add(NewAgent(number=AgentNumber("1001")))
    snapshot = AgentSnapshot(
        number=AgentNumber("1001"),
        status=AgentStatus.PAUSED,
        reason="lunch",
        since_at=clock.at - 60,
        signed_in_at=clock.at - 3600,
        wrap_up_until_at=clock.at + 5,
        missed_in_a_row=2,
        memory=(),
    )
    writer.put_agent(replace(snapshot, status=AgentStatus.AVAILABLE, reason=""))
    writer.put_agent(snapshot)
    await writer.flush()
    clock.at = 50.0
    clock.epoch = clock.epoch.replace(hour=clock.epoch.hour + 1)
    async with store.reading() as tx:
        (restored,) = await tx.agents.snapshots()
    shift = (clock.monotonic(call(0).started_at)) - 1000.0
    assert restored.since_at == pytest.approx(snapshot.since_at + shift)
    assert restored.signed_in_at == pytest.approx(1000.0 - 3600 + shift)
    assert restored.wrap_up_until_at == pytest.approx(1005.0 + shift)
    assert (restored.status, restored.reason, restored.missed_in_a_row) == (AgentStatus.PAUSED, "lunch", 2)


async def test_a_recording_is_completed_by_what_is_learnt_later(store, writer):
    """First the talk, later length and checksum: neither erases the other, in whichever order they come."""
    record = replace(call(1), recordings=())
    begun = RecordingInfo(
        call_id=record.id,
        path="a/b-1.wav",
        started_at=record.started_at,
        segment=5,
        agent=AgentNumber("1001"),
    )
    stored = RecordingInfo(call_id=record.id, path="a/b-1.wav", length_s=12.5, size=7, sha256="ff")
    writer.put_recording(stored)
    writer.put(replace(record, recordings=(begun,)))
    await writer.flush()
    async with store.reading() as tx:
        (info,) = (await tx.records.get(record.id)).recordings
    assert (info.started_at, info.segment, info.agent) == (record.started_at, 5, "1001")
    assert (info.length_s, info.size, info.sha256) == (12.5, 7, "ff")


async def test_the_agents_log_is_kept_once(store, writer, clock):
    """Each change of an agent is one row, however often it is put."""
    entry = AgentLogEntry(
        agent=AgentNumber("1001"),
        at=clock.wall(clock.at),
        kind=AgentLogKind.STATUS,
        value="paused",
        previous="available",
        reason="lunch",
        queues=(QueueName("sales"),),
    )
    for _ in range(2):
        writer.put_agent_log(entry)
        await writer.flush()
    async with store.engine.connect() as connection:
        rows = (await connection.execute(text("SELECT agent, value, reason FROM agent_log"))).all()
    assert [tuple(row) for row in rows] == [("1001", "paused", "lunch")]


async def test_a_burst_is_written_in_few_transactions(sqlite_store, tmp_path):
    """What is put within a moment shares a transaction."""
    commits = []
    event.listen(sqlite_store._plain, "commit", commits.append)
    async with running(sqlite_store, tmp_path) as writer:
        for n in range(50):
            writer.put(replace(call(n), id=CallId(str(n))))
        await writer.flush()
    assert len(commits) == 1
