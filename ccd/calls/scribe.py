"""Writes down what happened: every history entry passes here once, into its call's record."""

import asyncio
from collections import deque
from collections.abc import Callable
from typing import Protocol

import structlog

from ccd.clock import Clock
from ccd.history import (
    AgentStateChanged,
    AgentStatusChanged,
    BreakOverdue,
    CallEnded,
    CallStarted,
    DispositionChosen,
    Entry,
    RecordingStored,
    TalkEnded,
    TalkStarted,
)
from ccd.model import CallId
from ccd.records.agent_log import AgentLogEntry, agent_log_entry
from ccd.records.fold import CallFold, disposition_of
from ccd.records.record import CallRecord, DispositionInfo

log = structlog.get_logger(__name__)


class Shelf(Protocol):
    """Where finished records go; never waits (see `ccd.storage.writer`)."""

    def put(self, record: CallRecord) -> None:
        """Keep one version of a call's record."""
        ...

    def put_disposition(self, disposition: DispositionInfo) -> None:
        """Keep what an agent said of a talk."""
        ...

    def put_agent_log(self, entry: AgentLogEntry) -> None:
        """Keep a change of an agent's status or state."""
        ...


WRITE_AFTER_S = 0.005
"""Long enough for the answer to an AGI session to be on its way, and its reply back."""


class Scribe:
    """Folds the history of live calls into their records.

    Writing down takes longer than deciding, and a caller waits for what was decided: entries are taken at
    once and written a moment later, in their order, when the dialplan has its answer.
    """

    def __init__(self, clock: Clock, shelf: Shelf) -> None:
        self._clock = clock
        self._shelf = shelf
        self._folds: dict[CallId, CallFold] = {}
        self._waiting: deque[Entry] = deque()
        self.witnesses: list[Callable[[Entry], None]] = []
        """Called with every entry at once, while the call is as it was; must not raise or wait."""
        self.listeners: list[Callable[[Entry], None]] = []
        """Called with every entry when it is written; must not raise or wait."""

    def note(self, entry: Entry) -> None:
        """Take one entry of the history."""
        if not self._waiting:
            asyncio.get_running_loop().call_later(WRITE_AFTER_S, self.write)
        self._waiting.append(entry)
        for witness in self.witnesses:
            witness(entry)

    def write(self) -> None:
        """Write what was taken; whoever reads, or stops, calls this first."""
        try:
            while self._waiting:
                self._write(self._waiting.popleft())
        finally:
            if self._waiting:  # a fault of ours: it costs one entry, not those behind it
                asyncio.get_running_loop().call_soon(self.write)

    def _write(self, entry: Entry) -> None:
        wall = self._clock.wall(entry.at)
        match entry:
            case AgentStatusChanged() | AgentStateChanged():
                self._shelf.put_agent_log(agent_log_entry(entry, wall))
            case CallStarted():
                self._folds[entry.call_id] = CallFold(entry, wall)
            case CallEnded():
                self._finish(entry)
            case DispositionChosen():  # by its own road: mostly it comes after the record is final
                self._shelf.put_disposition(disposition_of(entry, wall))
                if (fold := self._folds.get(entry.call_id)) is not None:
                    fold.apply(entry)
            case RecordingStored() | BreakOverdue():
                pass  # a recording is stored by its own road: it comes after the record is final
            case _:
                if (fold := self._folds.get(entry.call_id)) is not None:
                    fold.apply(entry)
        self._log(entry)
        for listener in self.listeners:
            listener(entry)

    def live(self, call_id: CallId) -> CallRecord | None:
        """Give the record of a call under way, as far as it has come."""
        self.write()
        fold = self._folds.get(call_id)
        return None if fold is None else fold.record(self._clock.now())

    def _finish(self, entry: CallEnded) -> None:
        fold = self._folds.pop(entry.call_id, None)
        if fold is None:
            return
        fold.apply(entry)
        record = fold.record()
        self._shelf.put(record)
        log.info(
            "call ended",
            call=record.id,
            number=record.number,
            queue=record.queue,
            agent=record.agent,
            outcome=record.outcome,
            talk_s=record.talk_s,
        )

    @staticmethod
    def _log(entry: Entry) -> None:
        """Log what an operator wants to see of a call, a line each; the rest is in its record."""
        match entry:
            case CallStarted():
                log.info("call started", call=entry.call_id, number=entry.number, called=entry.called)
            case TalkStarted():
                log.info("call answered", call=entry.call_id, queue=entry.queue, agent=entry.agent)
            case TalkEnded():
                log.debug("talk ended", call=entry.call_id, agent=entry.agent, by=entry.by)
            case AgentStatusChanged():
                log.info("agent status", agent=entry.agent, status=entry.status, reason=entry.reason)
            case BreakOverdue():
                log.warning("break overdue", agent=entry.agent, reason=entry.reason)
            case _:
                pass
