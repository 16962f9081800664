"""The daemon itself: how it fares, what is wrong with it, reload, doctor."""

import asyncio
import os
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Protocol

import structlog
from pydantic_core import to_jsonable_python

import ccd
from ccd.agi.server import AgiServer
from ccd.ami.client import AmiClient
from ccd.asterisk.doctor import examine
from ccd.backend.checkup import look_around
from ccd.backend.live import Live
from ccd.calls.design import Design
from ccd.calls.house import House
from ccd.calls.lamps import Lamps
from ccd.calls.queue_log import QueueLogger
from ccd.errors import ConfigError, ConfigProblem
from ccd.events import BreaksConfigured, QueuesConfigured
from ccd.http import shapes
from ccd.http.filters import Language
from ccd.http.shapes import Level, ProblemCode
from ccd.lookup.breaker import BreakerState
from ccd.model import AgentState, LookupOutcome, QueueName
from ccd.recording.disk import Room
from ccd.storage.writer import RecordWriter

log = structlog.get_logger(__name__)

RESTART_KEYS = ("socket", "state_directory", "database", "asterisk.ami", "asterisk.agi", "http", "queue_log")
"""Keys that the daemon reads at its start alone."""
SLOW_DATABASE = 1_000
"""Records waiting to be written from which on the database counts as slow."""


class Engines(Protocol):
    """What the daemon's parts say of themselves."""

    ami: AmiClient
    agi: AgiServer
    writer: RecordWriter
    queue_log: QueueLogger | None
    lamps: Lamps


class Operation:
    """Status, problems, reload."""

    def __init__(
        self, house: House, engines: Engines, live: Live, config_path: Path, started_at: float
    ) -> None:
        self._house = house
        self._live = live
        self._engines = engines
        self._config_path = config_path
        self._started_at = started_at
        self._rejected = ""
        """Why the configuration on disk is not the one in use."""

    # ------------------------------------------------------------ how it fares

    def problems(self) -> list[shapes.Problem]:
        """Give what is wrong now, worst first."""
        found = [
            *self._link_problems(),
            *self._store_problems(),
            *self._queue_problems(),
            *self._lookup_problems(),
        ]
        return sorted(found, key=lambda each: each["level"] != Level.CRITICAL)

    def _link_problems(self) -> Iterator[shapes.Problem]:
        engines, asterisk = self._engines, self._house.config.asterisk
        if self._house.stopping:
            yield _problem(ProblemCode.DRAINING, Level.CRITICAL)
        if not engines.ami.connected:
            address = f"{asterisk.ami.host}:{asterisk.ami.port}"
            yield _problem(ProblemCode.AMI_DISCONNECTED, Level.CRITICAL, address)
        elif not engines.ami.synchronised.is_set():
            yield _problem(ProblemCode.NOT_SYNCHRONISED, Level.CRITICAL)
        if engines.agi.sessions >= asterisk.agi.max_sessions:
            yield _problem(ProblemCode.AGI_FULL, Level.CRITICAL, str(engines.agi.sessions))

    def _store_problems(self) -> Iterator[shapes.Problem]:
        status, recordings = self._engines.writer.status, self._house.config.recording.directory
        room = self._house.room
        if status.failing_for_s is not None:
            yield _problem(ProblemCode.DATABASE_DOWN, Level.CRITICAL, status.failure)
        elif status.pending > SLOW_DATABASE:
            yield _problem(ProblemCode.DATABASE_SLOW, Level.WARNING, str(status.pending))
        if not os.access(recordings, os.W_OK):
            yield _problem(ProblemCode.RECORDINGS_UNWRITABLE, Level.WARNING, recordings)
        if trouble := self._house.mailroom.trouble:
            yield _problem(ProblemCode.VOICEMAIL_UNWRITABLE, Level.WARNING, trouble)
        if dead := self._house.notices.dead:
            yield _problem(ProblemCode.NOTICES_DEAD, Level.WARNING, str(dead))
        if room is Room.NONE:
            yield _problem(ProblemCode.RECORDINGS_DISK_FULL, Level.WARNING, recordings)
        elif room is Room.LOW:
            yield _problem(ProblemCode.RECORDINGS_DISK_LOW, Level.WARNING, recordings)
        if self._rejected:
            yield _problem(ProblemCode.CONFIG_REJECTED, Level.WARNING, self._rejected)

    def _queue_problems(self) -> Iterator[shapes.Problem]:
        if alarm := self._house.outgoing.alarm:
            yield _problem(ProblemCode.OUTBOUND_MANY, Level.WARNING, alarm)
        for queue in self._house.dispatcher.engine.queues():
            if queue.waiting and queue.present == 0:
                yield _problem(ProblemCode.NO_AGENTS, Level.WARNING, queue.settings.name)

    def _lookup_problems(self) -> Iterator[shapes.Problem]:
        for each in self._lookups():
            if each["state"] != BreakerState.CLOSED:
                detail = f"{each['name']}: {each['last_failure']}"
                yield _problem(ProblemCode.LOOKUP_SUSPENDED, Level.WARNING, detail)

    def _lookups(self) -> list[shapes.Lookup]:
        house = self._house
        return [
            {
                "name": each.name,
                "state": each.state.value,
                "found": each.counts[LookupOutcome.FOUND],
                "not_found": each.counts[LookupOutcome.NOT_FOUND],
                "failed": each.counts[LookupOutcome.FAILED],
                "last_failure": each.last_failure,
            }
            for each in house.lookups.statuses(house.config.lookups)
        ]

    def status(self) -> shapes.Status:
        """Give the daemon at a glance."""
        house, engines = self._house, self._engines
        engine, now = house.dispatcher.engine, house.clock.now()
        agents, queues = engine.headcount(), engine.queues()
        waits = [caller.waited_s(now) for queue in queues for caller in queue.waiting if not caller.callback]
        estimates = [
            round(queue.estimated_wait_s, 1) for queue in queues if queue.estimated_wait_s is not None
        ]
        callbacks = house.callbacks.counts()
        return {
            "problems": self.problems(),
            "started_at": self._live.dates.of(self._started_at),
            "uptime_s": round(now - self._started_at, 3),
            "pid": os.getpid(),
            "versions": {"ccd": ccd.__version__, "asterisk": engines.ami.version},
            "config_path": str(self._config_path),
            "socket": house.config.socket,
            "ami_connected": engines.ami.connected,
            "agi_sessions": engines.agi.sessions,
            "writer_backlog": engines.writer.status.pending,
            "calls": len(house.book),
            "waiting": len(waits),
            "callbacks_waiting": callbacks["waiting"],
            "callbacks_dialling": callbacks["dialling"],
            "talking": sum(agents.talking.values()),
            "longest_wait_s": round(max(waits, default=0.0), 3),
            "estimated_wait_s": max(estimates, default=None),
            "agents": {state.value: agents.states.get(state, 0) for state in AgentState},
            "agents_paused": agents.paused,
            "agents_signed_in": sum(agents.states.values()),
            "agents_total": agents.total,
            "queues": len(house.config.queues),
            "queues_closed": [
                name for name in house.config.queues if not house.doors.of(QueueName(name)).open
            ],
            "outgoing": house.outgoing.used()[0].system_concurrent,
            "outgoing_let_out": house.outgoing.let_out,
            "outgoing_refused": dict(house.outgoing.refused),
            "lookups": self._lookups(),
        }

    async def doctor(self, language: Language) -> shapes.DoctorReport:
        """Check everything around the daemon; the answer is in `language`."""
        roster = self._live.phones_by_queue() or None
        found = await examine(self._house.config, self._engines.ami, roster=roster, language=language)
        found += await look_around(self._house, language)
        return {
            "checks": [
                {
                    "name": each.name,
                    "result": each.result.value,
                    "message": each.message,
                    "remedy": each.remedy,
                }
                for each in found
            ]
        }

    # ------------------------------------------------------------ reload

    async def config_diff(self) -> list[shapes.ConfigChange]:
        """Tell what a reload would change; `ConfigError`: the configuration on disk cannot be used."""
        design = await asyncio.to_thread(Design.load, self._config_path)
        before, after = self._house.config.model_dump(), design.config.model_dump()
        return [
            {
                "key": key,
                "before": to_jsonable_python(old),  # secrets become asterisks
                "after": to_jsonable_python(new),
                "restart_needed": key.startswith(RESTART_KEYS),
            }
            for key, old, new in _changes(before, after)
        ]

    async def reload(self) -> shapes.ReloadResult:
        """Take the configuration as it is on disk now; `ConfigError`: the old one stays in use."""
        house = self._house
        try:
            design = await asyncio.to_thread(Design.load, self._config_path)
        except ConfigError as error:
            self._rejected = error.problems[0].text() if error.problems else str(error)
            log.warning("configuration rejected", problems=len(error.problems), first=self._rejected)
            raise
        self._rejected = ""
        changed = [key for key, _, _ in _changes(house.config.model_dump(), design.config.model_dump())]
        house.design = design
        config = design.config
        breaks = BreaksConfigured(limits=config.break_limits(), shift_gap_s=config.shift_gap_s)
        house.dispatcher.feed(breaks)
        house.dispatcher.feed(QueuesConfigured(queues=design.config.queue_settings()))
        house.doors.look(anew=True)
        if self._engines.queue_log is not None:
            self._engines.queue_log.reloaded()
        self._engines.lamps.refresh()
        log.info("configuration reloaded", changed=changed)
        return {
            "changed": changed,
            "restart_needed": [key for key in changed if key.startswith(RESTART_KEYS)],
            "warnings": [_written(each) for each in design.warnings],
        }


def _written(each: ConfigProblem) -> shapes.ConfigProblem:
    return {
        "file": each.file,
        "line": each.line,
        "key": each.key,
        "message": each.message,
        "remedy": each.remedy,
        "message_zh": each.message_zh,
        "remedy_zh": each.remedy_zh,
    }


def _problem(code: ProblemCode, level: Level, detail: str = "") -> shapes.Problem:
    return {"code": code.value, "level": level.value, "detail": detail}


def _changes(before: Any, after: Any, key: str = "") -> Iterator[tuple[str, Any, Any]]:
    """Give the dotted keys in which two configurations differ, by name, with the old and the new value."""
    if isinstance(before, Mapping) and isinstance(after, Mapping):
        for name in sorted(before.keys() | after.keys()):
            yield from _changes(before.get(name), after.get(name), f"{key}.{name}" if key else str(name))
    elif before != after:
        yield key, before, after
