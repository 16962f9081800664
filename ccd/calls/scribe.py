"""Writes down what happened: every history entry passes here once, into its call's record."""

from collections.abc import Callable
from typing import Protocol

import structlog

from ccd.clock import Clock
from ccd.history import (
    AgentStateChanged,
    AgentStatusChanged,
    CallEnded,
    CallStarted,
    Entry,
    RecordingStored,
    TalkEnded,
    TalkStarted,
)
from ccd.model import CallId
from ccd.records.agent_log import AgentLogEntry, agent_log_entry
from ccd.records.fold import CallFold
from ccd.records.record import CallRecord

log = structlog.get_logger(__name__)


class Shelf(Protocol):
    """Where finished records go; never waits (see `ccd.storage.writer`)."""

    def put(self, record: CallRecord) -> None:
        """Keep one version of a call's record."""
        ...

    def put_agent_log(self, entry: AgentLogEntry) -> None:
        """Keep a change of an agent's status or state."""
        ...


class Scribe:
    """Folds the history of live calls into their records."""

    def __init__(self, clock: Clock, shelf: Shelf) -> None:
        self._clock = clock
        self._shelf = shelf
        self._folds: dict[CallId, CallFold] = {}
        self.listeners: list[Callable[[Entry], None]] = []
        """Called with every entry, in order; must not raise or wait."""

    def note(self, entry: Entry) -> None:
        """Take one entry of the history."""
        wall = self._clock.wall(entry.at)
        match entry:
            case AgentStatusChanged() | AgentStateChanged():
                self._shelf.put_agent_log(agent_log_entry(entry, wall))
            case CallStarted():
                self._folds[entry.call_id] = CallFold(entry, wall)
            case CallEnded():
                self._finish(entry)
            case RecordingStored():
                pass  # stored by its own road: it comes after the record is final
            case _:
                if (fold := self._folds.get(entry.call_id)) is not None:
                    fold.apply(entry)
        self._log(entry)
        for listener in self.listeners:
            listener(entry)

    def live(self, call_id: CallId) -> CallRecord | None:
        """Give the record of a call under way, as far as it has come."""
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
            case _:
                pass
