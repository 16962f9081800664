"""What calls and agents produce, as rows that both drivers take as they are.

A row is a tuple in the order of its table's columns, of text, numbers, booleans and None only: dates are
UTC text (the sessions of PostgreSQL speak UTC), JSON is text. So a row needs no further processing on its way
to the database, which is what makes ten thousand records a second possible, and can wait in a spool file.
"""

import json
from collections.abc import Iterable, Mapping
from datetime import datetime
from enum import StrEnum
from typing import Any, Final

from sqlalchemy import Column
from sqlalchemy.sql.schema import ScalarElementColumnDefault

from ccd.clock import Clock
from ccd.model import AgentSnapshot, BreakUse, QueueName
from ccd.records.agent_log import AgentLogEntry
from ccd.records.notice import Notice
from ccd.records.outgoing import OutgoingCall
from ccd.records.pin_lock import PinLock
from ccd.records.record import CallRecord, Decision, DispositionInfo, RecordingInfo, Segment, SurveyAnswer
from ccd.records.voicemail import Message
from ccd.storage.tables import metadata
from ccd.storage.types import utc_text

Value = str | int | float | bool | None
Row = tuple[Value, ...]
Rows = dict[str, list[Row]]
"""Rows by table."""


class Kind(StrEnum):
    """What was put: decides how it is written."""

    RECORD = "record"
    AGENT = "agent"
    QUEUE = "queue"
    RECORDING = "recording"
    SURVEY = "survey"
    DISPOSITION = "disposition"
    AGENT_LOG = "agent_log"
    MESSAGE = "message"
    NOTICE = "notice"
    OUTGOING = "outgoing"
    PIN_LOCK = "pin_lock"


class Item:
    """One thing to write, whole or not at all."""

    __slots__ = ("key", "kind", "rows", "version")

    def __init__(self, kind: Kind, key: str, rows: Rows, version: int = 0) -> None:
        self.kind: Final = kind
        self.key: Final = key
        """Names it in logs, and tells which other item replaces it."""
        self.rows: Final = rows
        self.version: Final = version
        """A higher one is never replaced by a lower one."""

    def to_line(self) -> bytes:
        """Give it as one line of the spool."""
        return json.dumps([self.kind, self.key, self.version, self.rows]).encode() + b"\n"

    @classmethod
    def from_line(cls, line: bytes) -> "Item":
        """Read one line of the spool; `ValueError` when it is not one."""
        try:
            kind, key, version, rows = json.loads(line)
            rows = {table: [_grown(table, tuple(row)) for row in each] for table, each in rows.items()}
        except (TypeError, AttributeError) as error:
            raise ValueError(f"not a line of the spool: {line[:80]!r}") from error
        return cls(Kind(kind), key, rows, version)


def _grown(table: str, row: Row) -> Row:
    """Give a row as long as the table is now; the spool may be that of an older version.

    A column that came later is empty, or holds its default. `ValueError` when there is no such row.
    """
    known = metadata.tables.get(table)
    columns = () if known is None else tuple(known.columns)
    if not 0 < len(row) <= len(columns):
        raise ValueError(f"no row of {len(row)} values in {table}")
    return row + tuple(_absent(column) for column in columns[len(row) :])


def _absent(column: Column[Any]) -> Value:
    if isinstance(column.default, ScalarElementColumnDefault):
        value: Value = column.default.arg
        return value
    if column.nullable:
        return None
    raise ValueError(f"a row without {column}")


_REPLACED = frozenset({Kind.RECORD, Kind.AGENT, Kind.QUEUE, Kind.OUTGOING, Kind.PIN_LOCK})
"""Kinds of which the last says all. Those of recordings and surveys complete one another."""


def coalesce(items: Iterable[Item]) -> list[Item]:
    """Leave out what a later item of the same batch replaces."""
    kept: dict[object, Item] = {}
    for n, item in enumerate(items):
        key = (item.kind, item.key) if item.kind in _REPLACED else n
        if key in kept and kept[key].version > item.version:
            continue
        kept.pop(key, None)
        kept[key] = item
    return list(kept.values())


def _date(moment: datetime | None) -> str | None:
    return None if moment is None else utc_text(moment)


_json: Final = json.JSONEncoder(ensure_ascii=False).encode


def record_item(record: CallRecord) -> Item:
    """Encode a call record with everything that hangs on it."""
    rows: Rows = {"call_record": [_record(record)]}
    if record.segments:
        rows["call_segment"] = [_segment(record.id, each) for each in record.segments]
    if record.decisions:
        rows["call_decision"] = [_decision(record.id, n, each) for n, each in enumerate(record.decisions, 1)]
    if record.recordings:
        rows["recording"] = [_recording(each) for each in record.recordings]
    if record.dispositions:
        rows["disposition"] = [_disposition(each) for each in record.dispositions]
    if record.survey is not None:
        rows["survey_answer"] = [_survey(record.survey)]
    return Item(Kind.RECORD, record.id, rows, record.sequence)


def _record(record: CallRecord) -> Row:
    return (
        record.id,
        record.sequence,
        record.linkedid,
        record.channel,
        str(record.direction),
        _date(record.started_at),
        _date(record.answered_at),
        _date(record.ended_at),
        record.duration_s,
        record.number,
        record.name,
        record.called,
        record.language,
        record.queue,
        record.agent,
        None if record.outcome is None else str(record.outcome),
        str(record.cdr_disposition),
        None if record.hung_up_by is None else str(record.hung_up_by),
        record.hangup_cause,
        record.ivr_s,
        record.queue_wait_s,
        record.ring_s,
        record.talk_s,
        record.on_hold_s,
        record.survey_s,
        str(record.sticky),
        record.recovered,
        record.voicemail_s,
        record.mailbox,
    )


def _segment(call_id: str, segment: Segment) -> Row:
    return (
        call_id,
        segment.seq,
        str(segment.kind),
        _date(segment.started_at),
        _date(segment.ended_at),
        segment.duration_s,
        segment.queue,
        segment.agent,
        segment.result,
        _json(segment.detail),
    )


def _decision(call_id: str, seq: int, decision: Decision) -> Row:
    return (
        call_id,
        seq,
        _date(decision.at),
        decision.offer_id,
        decision.queue,
        decision.strategy,
        decision.rule,
        decision.trigger,
        decision.waited_s,
        decision.ahead,
        decision.members,
        _json([(each.agent, each.verdict, each.key) for each in decision.candidates]),
    )


def _recording(info: RecordingInfo) -> Row:
    return (
        info.path,
        info.id,
        info.call_id,
        _date(info.started_at),
        info.offer_id,
        info.segment,
        info.queue,
        info.agent,
        _date(info.stored_at),
        info.length_s,
        info.size,
        info.sha256,
        info.problem,
        None if info.pauses is None else _json(info.pauses),
    )


def recording_item(info: RecordingInfo) -> Item:
    """Encode what is known of a recording; what is None leaves what is stored."""
    return Item(Kind.RECORDING, info.path, {"recording": [_recording(info)]})


def _survey(answer: SurveyAnswer) -> Row:
    return (
        answer.call_id,
        answer.survey,
        _date(answer.offered_at),
        _date(answer.answered_at),
        answer.digit,
        answer.label,
        answer.queue,
        answer.agent,
    )


def survey_item(answer: SurveyAnswer) -> Item:
    """Encode a survey's answer."""
    return Item(Kind.SURVEY, f"{answer.call_id} {answer.survey}", {"survey_answer": [_survey(answer)]})


def _disposition(disposition: DispositionInfo) -> Row:
    return (
        disposition.call_id,
        disposition.offer_id,
        disposition.queue,
        disposition.agent,
        disposition.code,
        _date(disposition.chosen_at),
    )


def disposition_item(disposition: DispositionInfo) -> Item:
    """Encode a disposition."""
    key = f"{disposition.call_id} {disposition.offer_id}"
    return Item(Kind.DISPOSITION, key, {"disposition": [_disposition(disposition)]})


def agent_item(snapshot: AgentSnapshot, clock: Clock) -> Item:
    """Encode what of an agent outlives the process; monotonic instants become dates here."""

    def date(at: float | None) -> str | None:
        return None if at is None else _date(clock.wall(at))

    last = snapshot.last_talk
    rows: Rows = {
        "agent_memory": [
            (
                snapshot.number,
                str(snapshot.status),
                snapshot.reason,
                snapshot.extension,
                date(snapshot.since_at),
                date(snapshot.signed_in_at),
                date(snapshot.wrap_up_until_at),
                snapshot.missed_in_a_row,
                None if last is None else last.call_id,
                None if last is None else last.offer_id,
                None if last is None else last.queue,
                None if last is None else date(last.ended_at),
                "" if last is None else last.disposition,
                last is not None and last.owed,
                _breaks(snapshot.breaks),
            )
        ]
    }
    if snapshot.memory:
        rows["member_memory"] = [
            (snapshot.number, each.queue, each.calls_taken, date(each.last_call_at))
            for each in snapshot.memory
        ]
    return Item(Kind.AGENT, snapshot.number, rows)


def _breaks(used: Mapping[str, BreakUse]) -> str | None:
    """Give breaks by reason as JSON."""
    return _json([(reason, each.taken, each.spent_s) for reason, each in used.items()]) if used else None


def queue_item(queue: QueueName, last_position: int) -> Item:
    """Encode where a `rrmemory` queue stands."""
    return Item(Kind.QUEUE, queue, {"queue_memory": [(queue, last_position)]})


def agent_log_item(entry: AgentLogEntry) -> Item:
    """Encode a change of an agent's status or state."""
    row: Row = (
        entry.agent,
        _date(entry.at),
        str(entry.kind),
        entry.value,
        entry.previous,
        entry.reason,
        entry.extension,
        entry.session_s,
        entry.automatic,
        _json(entry.queues),
    )
    return Item(Kind.AGENT_LOG, f"{entry.agent} {row[1]} {entry.kind.value}", {"agent_log": [row]})


def message_item(message: Message) -> Item:
    """Encode a message that was left; what is stored of it already stays."""
    row: Row = (
        message.id,
        message.mailbox,
        message.call_id,
        message.number,
        message.name,
        message.queue,
        message.language,
        _date(message.at),
        message.length_s,
        message.path,
        message.size,
        message.sha256,
        str(message.state),
        _date(message.heard_at),
        message.heard_by,
        _date(message.deleted_at),
        message.deleted_by,
    )
    return Item(Kind.MESSAGE, message.id, {"voicemail_message": [row]})


def notice_item(notice: Notice) -> Item:
    """Encode what others are to be told of; what is stored of it already stays."""
    row: Row = (
        notice.id,
        notice.kind,
        notice.target,
        _json(notice.body),
        _date(notice.created_at),
        str(notice.state),
        notice.attempts,
        _date(notice.next_at),
        _date(notice.done_at),
        notice.error,
    )
    return Item(Kind.NOTICE, notice.id, {"notice": [row]})


def outgoing_item(call: OutgoingCall) -> Item:
    """Encode a call that was let out."""
    at = utc_text(call.at)
    row: Row = (
        call.call_id,
        at,
        call.person,
        call.agent,
        call.callee,
        call.tail,
        call.answered,
        call.talk_s,
    )
    return Item(Kind.OUTGOING, f"{call.call_id} {at}", {"outgoing_call": [row]})


def pin_lock_item(lock: PinLock) -> Item:
    """Encode how many entries of a secret were wrong."""
    return Item(Kind.PIN_LOCK, lock.key, {"pin_lock": [(lock.key, lock.wrong, utc_text(lock.last_at))]})
