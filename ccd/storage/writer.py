"""The one writer of what calls and agents produce. Calls never wait for it, and never lose by it.

`put…` only appends to memory. One task takes what has gathered for a tenth of a second and writes it in one
transaction. What the database refuses to take now (locked, full, gone) goes to `spool.jsonl` in the state
directory, and so does what comes after it, until the database takes it again. What has only just been put
stands in a journal. After a crash the next start goes on from both. Order is kept: the last state of an agent
is the one that stays. Everything can be written twice without doubling: calls by id and sequence, the rest by
key.
"""

import asyncio
import contextlib
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import structlog
from sqlalchemy.exc import SQLAlchemyError

from ccd.model import AgentSnapshot, QueueName
from ccd.records.agent_log import AgentLogEntry
from ccd.records.notice import Notice
from ccd.records.outgoing import OutgoingCall
from ccd.records.pin_lock import PinLock
from ccd.records.record import CallRecord, DispositionInfo, RecordingInfo, SurveyAnswer
from ccd.records.voicemail import Message
from ccd.storage import encode
from ccd.storage.backlog import BATCH, Backlog, Batch
from ccd.storage.batches import BatchWriter
from ccd.storage.encode import Item
from ccd.storage.journal import Journal
from ccd.storage.spool import Spool
from ccd.storage.store import Store, reason

log = structlog.get_logger(__name__)

LINGER_S: Final = 0.1
"""What is put within it shares a transaction: one costs as much as ten records do."""
CAPACITY: Final = 20_000
"""Items in memory; beyond it the oldest go to the spool."""
_FIRST_DELAY_S: Final = 0.1
_LAST_DELAY_S: Final = 5.0
_REMIND_S: Final = 30.0
_SPILL: Final = 100
"""Items spooled at a stretch; then the event loop has its turn."""


@dataclass(frozen=True, slots=True, kw_only=True)
class WriterStatus:
    """How the writer fares, for health and metrics."""

    pending: int
    """Items in memory."""
    spooled: int
    """Items in the spool."""
    written: int
    """Items settled since the start."""
    rejected: int
    """Items that the database will never take; they are in `rejected.jsonl`."""
    lost: int
    """Items for which there was no place left at all; they are in the log."""
    failing_for_s: float | None
    """None: the last write succeeded."""
    failure: str
    """What the database said when it failed."""


class RecordWriter:
    """Batches, retries, spools. Make it, run `run()` as a task, `close()` it before the store is closed."""

    def __init__(self, store: Store, state_directory: Path, *, capacity: int = CAPACITY) -> None:
        self._clock = store.clock
        self._batches = BatchWriter(store, state_directory / "rejected.jsonl")
        self._journal = Journal(state_directory)
        self._backlog = backlog = Backlog(Spool(state_directory / "spool.jsonl"), capacity)
        self._journal.rescue(backlog.put, lambda: backlog.put_count)
        self._wake = asyncio.Event()
        self._hurry = asyncio.Event()
        self._settled = asyncio.Condition()
        self._ended = asyncio.Event()
        self._end_by: float | None = None
        self._outage: _Outage | None = None

    # ------------------------------------------------------------ what is put

    def put(self, record: CallRecord) -> None:
        """Store a call record, or a later version of it."""
        self._put(encode.record_item(record))

    def put_recording(self, info: RecordingInfo) -> None:
        """Store what is known of a recording; what is None stays as it is stored."""
        self._put(encode.recording_item(info))

    def put_survey(self, answer: SurveyAnswer) -> None:
        """Store a survey, or its answer."""
        self._put(encode.survey_item(answer))

    def put_disposition(self, disposition: DispositionInfo) -> None:
        """Store what an agent said of a talk; what is put last holds."""
        self._put(encode.disposition_item(disposition))

    def put_agent(self, snapshot: AgentSnapshot) -> None:
        """Store what of an agent outlives the process."""
        self._put(encode.agent_item(snapshot, self._clock))

    def put_queue_position(self, queue: QueueName, last_position: int) -> None:
        """Store where a `rrmemory` queue stands."""
        self._put(encode.queue_item(queue, last_position))

    def put_agent_log(self, entry: AgentLogEntry) -> None:
        """Store a change of an agent's status or state."""
        self._put(encode.agent_log_item(entry))

    def put_message(self, message: Message) -> None:
        """Store a message that a caller left; what is stored of it already stays."""
        self._put(encode.message_item(message))

    def put_notice(self, notice: Notice) -> None:
        """Store what others are to be told of; what is stored of it already stays."""
        self._put(encode.notice_item(notice))

    def put_outgoing(self, call: OutgoingCall) -> None:
        """Store what is known of a call that was let out."""
        self._put(encode.outgoing_item(call))

    def put_pin_lock(self, lock: PinLock) -> None:
        """Store how many entries of a secret were wrong."""
        self._put(encode.pin_lock_item(lock))

    def _put(self, item: Item) -> None:
        if self._backlog.put(item):
            self._journal.note(item)
        self._wake.set()
        if self._backlog.in_memory >= BATCH:
            self._hurry.set()

    # ------------------------------------------------------------ from outside

    @property
    def status(self) -> WriterStatus:
        """How the writer fares."""
        outage = self._outage
        return WriterStatus(
            pending=self._backlog.in_memory,
            spooled=self._backlog.spooled,
            written=self._backlog.done_count,
            rejected=self._batches.rejected,
            lost=self._backlog.lost,
            failing_for_s=None if outage is None else self._clock.now() - outage.since,
            failure="" if outage is None else outage.reason,
        )

    async def flush(self) -> None:
        """Return when everything put so far is in the database for good; that is when it can be."""
        target = self._backlog.put_count
        self._hurry.set()
        self._wake.set()
        async with self._settled:
            await self._settled.wait_for(lambda: self._backlog.done_count >= target)

    async def close(self, within_s: float = 10.0) -> None:
        """Write what is left; what cannot be written in time waits in the spool for the next start."""
        self._end_by = asyncio.get_running_loop().time() + within_s
        self._hurry.set()
        self._wake.set()
        await self._ended.wait()

    # ------------------------------------------------------------ the task

    async def run(self) -> None:
        """Write until `close`. However it ends, what is not in the database is in the spool."""
        delay_s = _FIRST_DELAY_S
        try:
            while not (self._backlog.empty and self._end_by is not None):
                await self._gather()
                self._journal.cut()
                batch = self._backlog.take()
                settled = False
                try:
                    settled = await self._written(batch)
                finally:
                    if not settled:  # refused, or we were cancelled in the middle of it
                        self._backlog.retreat(batch)
                    self._journal.forget(self._backlog.safe_count)
                if settled:
                    delay_s = _FIRST_DELAY_S
                    continue
                if self._end_by is not None and asyncio.get_running_loop().time() >= self._end_by:
                    break
                await self._pause(delay_s)
                delay_s = min(delay_s * 2, _LAST_DELAY_S)
        finally:
            self._backlog.rescue()
            self._journal.cut()
            self._journal.forget(self._backlog.safe_count)
            self._ended.set()

    async def _gather(self) -> None:
        """Wait for something to write, and a moment for more of it."""
        while self._backlog.empty and self._end_by is None:
            self._wake.clear()
            await self._wake.wait()
        if self._backlog.in_memory < BATCH and not self._backlog.spooled:
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(LINGER_S):
                    await self._hurry.wait()
        self._hurry.clear()

    async def _written(self, batch: Batch) -> bool:
        try:
            await self._batches.write(batch.items)
        except (SQLAlchemyError, OSError, TimeoutError) as error:
            self._failed(reason(error))
            return False
        self._recovered()
        self._backlog.complete(batch)
        async with self._settled:
            self._settled.notify_all()
        return True

    async def _pause(self, delay_s: float) -> None:
        """Let the database recover; meanwhile bring to disk what comes."""
        loop = asyncio.get_running_loop()
        until = loop.time() + delay_s
        if self._end_by is not None:
            until = min(until, self._end_by)
        while loop.time() < until:
            if self._backlog.spill(_SPILL):
                await asyncio.sleep(0)
                continue
            self._wake.clear()
            try:
                async with asyncio.timeout_at(until):
                    await self._wake.wait()
            except TimeoutError:
                return

    # ------------------------------------------------------------ what is said of it

    def _failed(self, why: str) -> None:
        now = self._clock.now()
        if self._outage is None:
            self._outage = _Outage(since=now, told=now, reason=why)
            log.error("database_unavailable", reason=why, pending=self._backlog.in_memory)
            return
        self._outage.reason = why
        if now - self._outage.told >= _REMIND_S:
            self._outage.told = now
            log.error(
                "database_still_unavailable",
                reason=why,
                for_s=round(now - self._outage.since),
                spooled=self._backlog.spooled,
            )

    def _recovered(self) -> None:
        if self._outage is not None:
            for_s = round(self._clock.now() - self._outage.since, 1)
            log.warning("database_available_again", after_s=for_s, spooled=self._backlog.spooled)
            self._outage = None


@dataclass(slots=True, kw_only=True)
class _Outage:
    since: float
    told: float
    reason: str
