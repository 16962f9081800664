"""How fast call records with segments are stored, and how long the event loop stalls meanwhile.

    python benchmarks/storage.py [--records N] [--url URL] [--json]

The peer, in the same run and into the same kind of database, is a commit for each record: what a handler that
stores when a call ends would do. The limit of the driver alone (`sqlite3` given the same rows, ready made)
stands beside it.
"""

import argparse
import asyncio
import gc
import json
import sqlite3
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path

from ccd.clock import SystemClock
from ccd.model import CallId
from ccd.records.fold import CallFold
from ccd.records.record import CallRecord
from ccd.storage import encode
from ccd.storage.batches import BatchWriter
from ccd.storage.store import Store
from ccd.storage.upserts import Upserts
from ccd.storage.writer import RecordWriter
from tests.unit.records.calls import WALL, started, whole_call

AT_ONCE = 10
"""Records put before the event loop has its turn again."""
MOST_PENDING = 1_000


def records(count: int, mark: str) -> Iterator[CallRecord]:
    """Give records of the demo path: IVR, queue, a missed and an answered offer, talk with hold, survey."""
    history = whole_call()
    for n in range(count):
        began = started(number=f"138{n % 5000:08}")
        fold = CallFold(began, WALL + timedelta(seconds=n, microseconds=n))
        for entry in history:
            fold.apply(entry)
        told = fold.record()
        call_id = CallId(f"{1795224600 + n}.{mark}{n}")
        assert told.survey is not None
        yield replace(
            told,
            id=call_id,
            recordings=tuple(
                replace(each, call_id=call_id, path=f"2026/11/21/{call_id}-1.wav") for each in told.recordings
            ),
            survey=replace(told.survey, call_id=call_id),
        )


@dataclass
class Stall:
    """The longest that the loop did not answer: by the clock, and by its thread's own CPU time.

    On a machine that others use, too, only the second says what the writer did.
    """

    clock_s: float = 0.0
    cpu_s: float = 0.0

    async def watch(self) -> None:
        """Look every millisecond."""
        last, last_cpu = time.perf_counter(), time.thread_time()
        while True:
            await asyncio.sleep(0.001)
            now, cpu = time.perf_counter(), time.thread_time()
            self.clock_s = max(self.clock_s, now - last - 0.001)
            self.cpu_s = max(self.cpu_s, cpu - last_cpu)
            last, last_cpu = now, cpu

    @property
    def figures(self) -> dict[str, float]:
        """Give both in milliseconds."""
        return {"loop_stall_ms": self.clock_s * 1e3, "loop_stall_cpu_ms": self.cpu_s * 1e3}


@contextmanager
def quiet_heap() -> Iterator[None]:
    """Keep the benchmark's own hundred thousand objects out of the garbage collector's sight."""
    gc.collect()
    gc.freeze()
    yield
    gc.unfreeze()


async def idle(for_s: float) -> dict[str, float]:
    """Give the longest stall of a loop that does nothing: the machine's own."""
    stall = Stall()
    watcher = asyncio.create_task(stall.watch())
    await asyncio.sleep(for_s)
    watcher.cancel()
    return stall.figures


async def settled(writer: RecordWriter) -> None:
    """Wait until the writer has caught up: what gathers without end is the producer's stall, not its."""
    while writer.status.pending > MOST_PENDING // 2:  # noqa: ASYNC110 - the writer tells nobody
        await asyncio.sleep(0.001)


async def batched(store: Store, folder: Path, wanted: list[CallRecord]) -> dict[str, float]:
    """Put all records into the writer and wait until they are durable."""
    writer = RecordWriter(store, folder, capacity=len(wanted))
    task = asyncio.create_task(writer.run())
    stall = Stall()
    watcher = asyncio.create_task(stall.watch())
    await asyncio.sleep(0.05)
    stall.clock_s = stall.cpu_s = 0.0
    began, cpu = time.perf_counter(), time.process_time()
    for start in range(0, len(wanted), AT_ONCE):
        for record in wanted[start : start + AT_ONCE]:
            writer.put(record)
        await asyncio.sleep(0)
        if writer.status.pending > MOST_PENDING:
            await settled(writer)
    await writer.flush()
    took, cpu = time.perf_counter() - began, time.process_time() - cpu
    watcher.cancel()
    await writer.close()
    await task
    assert writer.status.rejected == writer.status.lost == 0
    return {
        "records_per_s": len(wanted) / took,
        "cpu_us_per_record": cpu / len(wanted) * 1e6,
        **stall.figures,
    }


async def one_by_one(store: Store, folder: Path, wanted: list[CallRecord]) -> dict[str, float]:
    """Commit each record by itself, over the same statements."""
    batches = BatchWriter(store, folder / "rejected.jsonl")
    began, cpu = time.perf_counter(), time.process_time()
    for record in wanted:
        await batches.write([encode.record_item(record)])
    took, cpu = time.perf_counter() - began, time.process_time() - cpu
    return {"records_per_s": len(wanted) / took, "cpu_us_per_record": cpu / len(wanted) * 1e6}


def driver_alone(store: Store, path: Path, wanted: list[CallRecord]) -> dict[str, float]:
    """Insert ready-made rows with nothing but sqlite3, 500 records a transaction: the floor."""
    items = [encode.record_item(record) for record in wanted]
    statements = Upserts(store.engine.dialect)
    connection = sqlite3.connect(path, isolation_level=None)
    connection.execute("PRAGMA synchronous=FULL")
    connection.execute("PRAGMA foreign_keys=ON")
    began = time.perf_counter()
    for start in range(0, len(items), 500):
        connection.execute("BEGIN IMMEDIATE")
        rows: encode.Rows = {}
        for item in items[start : start + 500]:
            for table, its in item.rows.items():
                rows.setdefault(table, []).extend(its)
        for sql, parameters in statements.calls(rows):
            run = connection.executemany if isinstance(parameters, list) else connection.execute
            run(sql, parameters)
        connection.execute("COMMIT")
    took = time.perf_counter() - began
    connection.close()
    return {"records_per_s": len(items) / took}


async def measure(url: str, folder: Path, count: int) -> dict[str, object]:
    """Run everything against one database."""
    store = await Store.open(url, SystemClock())
    few = max(100, count // 50)
    told: dict[str, object] = {"database": store.engine.dialect.name, "records": count}
    with quiet_heap():
        told["a_commit_a_record"] = await one_by_one(store, folder, list(records(few, "one")))
    await batched(store, folder, list(records(200, "warm")))
    wanted = list(records(count, "many"))
    with quiet_heap():
        told["batched"] = await batched(store, folder, wanted)
    told["idle"] = await idle(2.0)
    if store.engine.dialect.name == "sqlite":
        told["driver_alone"] = driver_alone(store, folder / "ccd.db", list(records(count, "raw")))
    async with store.reading() as tx:
        told["stored"] = await tx.records.count()
    await store.close()
    return told


def main() -> None:
    """Measure and tell."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--records", type=int, default=20_000)
    parser.add_argument("--url", help="an empty database; default: a SQLite file in the temporary folder")
    parser.add_argument("--json", action="store_true")
    told = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="ccd-bench-") as name:
        folder = Path(name)
        figures = asyncio.run(measure(told.url or f"sqlite:///{folder / 'ccd.db'}", folder, told.records))
    if told.json:
        json.dump(figures, sys.stdout, indent=2)
        return
    for key, value in figures.items():
        parts = value.items() if isinstance(value, dict) else [("", value)]
        print(
            f"{key:20}", "  ".join(f"{name} {figure:,.1f}" if name else str(figure) for name, figure in parts)
        )


if __name__ == "__main__":
    main()
