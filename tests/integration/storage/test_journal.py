"""The journal: what was put a moment ago outlives a kill, and leaves nothing behind when it is safe."""

import asyncio
import os
import subprocess
import sys
import textwrap

import pytest
from structlog.testing import capture_logs

from ccd.model import AgentNumber, AgentStatus
from ccd.storage import encode, lines
from ccd.storage.accounts import Accounts, NewAgent
from ccd.storage.store import Store
from ccd.storage.writer import RecordWriter
from tests.integration.storage.samples import call
from tests.integration.storage.writers import running
from tests.support import until

KILLED_AT_ONCE = textwrap.dedent(
    """
    import asyncio, os, sys
    from pathlib import Path
    from ccd.clock import SystemClock
    from ccd.model import AgentNumber, AgentSnapshot, AgentStatus
    from ccd.storage.store import Store
    from ccd.storage.writer import RecordWriter
    from tests.integration.storage.samples import call

    async def main():
        writer = RecordWriter(await Store.open(sys.argv[1], SystemClock()), Path(sys.argv[2]))
        asyncio.create_task(writer.run())
        writer.put(call(1))
        for status in (AgentStatus.AVAILABLE, AgentStatus.PAUSED):
            writer.put_agent(AgentSnapshot(number=AgentNumber("1001"), status=status))
        await asyncio.sleep(0.005)
        assert writer.status.written == 0
        os.kill(os.getpid(), 9)

    asyncio.run(main())
    """
)


def journals(folder) -> list[str]:
    """Name the files of the journal."""
    return sorted(path.name for path in folder.glob("journal-*"))


async def test_what_was_put_just_before_a_kill_is_stored_by_the_next_start(sqlite_url, clock, tmp_path):
    """Long before a batch is written: the record is there, and the agent is what they chose last."""
    store = await Store.open(sqlite_url, clock)
    await Accounts(store).add(NewAgent(number=AgentNumber("1001"), name="", queues={}))
    await store.close()
    killed = await asyncio.to_thread(
        subprocess.run,
        [sys.executable, "-c", KILLED_AT_ONCE, sqlite_url, str(tmp_path)],
        capture_output=True,
        text=True,
        timeout=30,
        check=False,
    )
    assert killed.returncode == -9, killed.stderr
    assert journals(tmp_path)
    store = await Store.open(sqlite_url, clock)
    try:
        async with running(store, tmp_path) as writer:
            await writer.flush()
        async with store.reading() as tx:
            assert [record.id for record in await tx.records.list()] == [call(1).id]
            assert [each.status for each in await tx.agents.snapshots()] == [AgentStatus.PAUSED]
    finally:
        await store.close()
    assert journals(tmp_path) == []


async def test_what_is_stored_is_forgotten(sqlite_store, tmp_path):
    """The folder does not fill up, however long ccd runs."""
    async with running(sqlite_store, tmp_path) as writer:
        for n in range(5):
            writer.put(call(n))
            await until(lambda: len(journals(tmp_path)) == 1, 1.0)
            await writer.flush()
            await until(lambda: journals(tmp_path) == [], 1.0)
    assert journals(tmp_path) == []


async def test_a_torn_last_line_costs_no_other(sqlite_store, tmp_path):
    """Killed in the middle of a line: those before it are stored."""
    async with running(sqlite_store, tmp_path) as writer:
        writer.put(call(1))
        await until(lambda: journals(tmp_path), 1.0)
        whole = (tmp_path / journals(tmp_path)[0]).read_bytes()
        await writer.flush()
    for number, line in ((0, whole.replace(b"1", b"2")[:50]), (1, b"")):
        (tmp_path / f"journal-{number:08}.jsonl").write_bytes(line)
    (tmp_path / "journal-00000002.jsonl").write_bytes(whole + whole[:40])
    async with running(sqlite_store, tmp_path) as writer:
        await writer.flush()
        assert writer.status.rejected == 0
    async with sqlite_store.reading() as tx:
        assert [record.id for record in await tx.records.list()] == [call(1).id]


async def test_a_folder_that_takes_nothing_is_told_of_once(sqlite_store, tmp_path, monkeypatch):
    """Records go on being stored; only a kill would cost those of the last moment."""
    opened = os.open

    def refuse(path, *rest, **more):
        if "journal" in str(path):
            raise OSError(28, "No space left on device")
        return opened(path, *rest, **more)

    monkeypatch.setattr(os, "open", refuse)
    with capture_logs() as logs:
        async with running(sqlite_store, tmp_path) as writer:
            for n in range(3):
                writer.put(call(n))
                await writer.flush()
    assert [each["event"] for each in logs if each["log_level"] == "warning"] == ["journal_refused"]
    async with sqlite_store.reading() as tx:
        assert await tx.records.count() == 3


async def test_a_start_on_a_full_disk_stores_what_was_left_behind(sqlite_store, tmp_path, monkeypatch):
    """The journal of a killed process needs no room to be read; it is kept until its items are stored."""
    journal = tmp_path / "journal-00000004.jsonl"
    items = [encode.record_item(call(n)) for n in (1, 2)]
    journal.write_bytes(b"".join(item.to_line() for item in items))
    spool = tmp_path / "spool.jsonl"
    spool.write_bytes(encode.record_item(call(3)).to_line()[:70])  # torn, and it must not take call 1 along

    def refuse(file, data):
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as full:
        full.setattr(os, "write", refuse)
        writer = RecordWriter(sqlite_store, tmp_path)
        assert writer.status.pending == len(items)
        assert journal.exists()
    task = asyncio.create_task(writer.run())
    writer.put(call(5))
    await until(lambda: len(journals(tmp_path)) == 2, what="a journal of our own beside the one left behind")
    await writer.flush()
    await writer.close(1.0)
    await task
    async with sqlite_store.reading() as tx:
        assert [record.id for record in await tx.records.list()] == [call(n).id for n in (5, 2, 1)]
    assert journals(tmp_path) == []


async def test_a_write_that_ends_in_the_middle_tears_no_line(tmp_path, monkeypatch):
    """Where the disk is full after half of it, none of it stays, and the next line stands by itself."""
    path, write = tmp_path / "lines.jsonl", os.write
    lines.append_to(path, b"first\n")

    def half(file, data):
        if bytes(data) == b"second\n":
            return write(file, data[:3])
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as full:
        full.setattr(os, "write", half)
        with pytest.raises(OSError, match="No space left"):
            lines.append_to(path, b"second\n")
    lines.append_to(path, b"third\n")
    assert path.read_bytes() == b"first\nthird\n"
