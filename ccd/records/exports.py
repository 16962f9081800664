"""Call records as files: for people (CSV), for Asterisk's readers (`cdr_csv`), for programs (JSON Lines).

All formats are written record by record, in constant memory. In the CSV for people a cell that a spreadsheet
would take for a formula is made text, and times are local. The other two are for machines: their cells are as
they are.
"""

import csv
import io
import json
from collections.abc import AsyncIterable, AsyncIterator, Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from zoneinfo import ZoneInfo

from ccd.model import Direction
from ccd.records.record import CallRecord, Outcome

PIECE: Final = 64 * 1024
"""Bytes that an export gives at a time."""

_FORMULA: Final = ("=", "+", "-", "@", "\t", "\r")


@dataclass(frozen=True, slots=True)
class ExportForm:
    """One format: what stands before all records, and each record."""

    head: bytes
    row: Callable[[CallRecord], bytes]


def pieces(form: ExportForm, records: Iterable[CallRecord]) -> Iterator[bytes]:
    """Give the file of all records, in pieces."""
    gathered = bytearray(form.head)
    for record in records:
        gathered += form.row(record)
        if len(gathered) >= PIECE:
            yield bytes(gathered)
            gathered.clear()
    if gathered:
        yield bytes(gathered)


async def stream(form: ExportForm, records: AsyncIterable[CallRecord]) -> AsyncIterator[bytes]:
    """Give the file of all records, in pieces, as they are read."""
    gathered = bytearray(form.head)
    async for record in records:
        gathered += form.row(record)
        if len(gathered) >= PIECE:
            yield bytes(gathered)
            gathered.clear()
    if gathered:
        yield bytes(gathered)


# ---------------------------------------------------------------- JSON Lines


def jsonl() -> ExportForm:
    """One JSON object a line, as `CallRecord.to_json` gives it."""

    def row(record: CallRecord) -> bytes:
        return json.dumps(record.to_json(), ensure_ascii=False, separators=(",", ":")).encode() + b"\n"

    return ExportForm(b"", row)


# ---------------------------------------------------------------- Asterisk's cdr_csv


def asterisk_csv(zone: ZoneInfo) -> ExportForm:
    """Asterisk's `Master.csv`, with the three columns of `newcdrcolumns`; no header row.

    `answer` and `billsec` count from the first talk with a person, `dstchannel` is the agent as in
    `queue_log`, `userfield` the path of the first recording. Times are local, as Asterisk's are.
    """

    def row(record: CallRecord) -> bytes:
        talked_s = _span(record.answered_at, record.ended_at)
        cells = (
            _quoted(""),
            _quoted(record.number),
            _quoted(record.called),
            _quoted("ccd-inbound"),
            _quoted(f'"{record.name}" <{record.number}>' if record.name else record.number),
            _quoted(record.channel),
            _quoted("" if record.agent is None else f"Agent/{record.agent}"),
            _quoted(_application(record)),
            _quoted(record.queue or ""),
            _quoted_date(record.started_at, zone),
            _quoted_date(record.answered_at, zone),
            _quoted_date(record.ended_at, zone),
            str(int(record.duration_s)),
            str(int(talked_s)),
            _quoted(record.cdr_disposition.value),
            _quoted("DOCUMENTATION"),
            _quoted(record.id),
            _quoted(record.recordings[0].path if record.recordings else ""),
            _quoted(""),
            _quoted(record.linkedid),
            str(record.sequence),
        )
        return (",".join(cells) + "\n").encode("utf-8", "replace")

    return ExportForm(b"", row)


def _application(record: CallRecord) -> str:
    if record.direction is not Direction.INBOUND or record.outcome is Outcome.DIALLED_OUT:
        return "Dial"
    return "AGI" if record.queue is None else "Queue"


def _quoted(text: str) -> str:
    return '"' + text.replace('"', '""') + '"'


def _quoted_date(moment: datetime | None, zone: ZoneInfo) -> str:
    return "" if moment is None else f'"{_local(moment, zone)}"'


def _span(begin: datetime | None, end: datetime | None) -> float:
    return 0.0 if begin is None or end is None else max(0.0, (end - begin).total_seconds())


def _local(moment: datetime | None, zone: ZoneInfo) -> str:
    return "" if moment is None else f"{moment.astimezone(zone):%Y-%m-%d %H:%M:%S}"


# ---------------------------------------------------------------- CSV for people

_Column = tuple[str, str, Callable[[CallRecord, ZoneInfo, Mapping[str, str]], object]]

_COLUMNS: Final[tuple[_Column, ...]] = (
    ("call id", "呼叫编号", lambda r, _z, _w: r.id),
    ("started", "开始时间", lambda r, z, _w: _local(r.started_at, z)),
    ("answered", "接通时间", lambda r, z, _w: _local(r.answered_at, z)),
    ("ended", "结束时间", lambda r, z, _w: _local(r.ended_at, z)),
    ("direction", "方向", lambda r, _z, w: w.get(r.direction, r.direction)),
    ("number", "主叫号码", lambda r, _z, _w: r.number),
    ("name", "客户名称", lambda r, _z, _w: r.name),
    ("dialled", "被叫号码", lambda r, _z, _w: r.called),
    ("queue", "队列", lambda r, _z, _w: r.queue or ""),
    ("agent", "坐席工号", lambda r, _z, _w: r.agent or ""),
    ("outcome", "结果", lambda r, _z, w: w.get(r.outcome or "", r.outcome or "")),
    ("hung up by", "挂机方", lambda r, _z, w: w.get(r.hung_up_by or "", r.hung_up_by or "")),
    ("hangup cause", "挂机原因码", lambda r, _z, _w: "" if r.hangup_cause is None else r.hangup_cause),
    ("duration s", "总时长(秒)", lambda r, _z, _w: round(r.duration_s, 1)),
    ("IVR s", "IVR时长(秒)", lambda r, _z, _w: round(r.ivr_s, 1)),
    ("queue wait s", "排队时长(秒)", lambda r, _z, _w: round(r.queue_wait_s, 1)),
    ("ringing s", "振铃时长(秒)", lambda r, _z, _w: round(r.ring_s, 1)),
    ("talk s", "通话时长(秒)", lambda r, _z, _w: round(r.talk_s, 1)),
    ("on hold s", "保持时长(秒)", lambda r, _z, _w: round(r.on_hold_s, 1)),
    ("survey digit", "满意度按键", lambda r, _z, _w: "" if r.survey is None else r.survey.digit or ""),
    ("survey answer", "满意度", lambda r, _z, _w: "" if r.survey is None else r.survey.label or ""),
    ("mailbox", "语音信箱", lambda r, _z, _w: r.mailbox or ""),
    ("message s", "留言时长(秒)", lambda r, _z, _w: round(r.voicemail_s, 1)),
    ("disposition", "处理结果", lambda r, _z, _w: r.disposition_code or ""),
    ("recordings", "录音", lambda r, _z, _w: " ".join(each.path for each in r.recordings)),
)

_CHINESE: Final = {
    "inbound": "呼入",
    "outbound": "呼出",
    "internal": "内部",
    "answered": "已接通",
    "abandoned": "放弃",
    "timed_out": "排队超时",
    "full": "队列已满",
    "empty": "无坐席",
    "closed": "队列已关闭",
    "key": "按键退出",
    "transferred": "已转出",
    "failed": "失败",
    "not_reached": "回呼未接通",
    "callback": "已登记回呼",
    "ivr_ended": "IVR内结束",
    "dialled_out": "转外线",
    "voicemail": "语音留言",
    "no_answer": "无应答",
    "busy": "忙",
    "cancelled": "已取消",
    "refused": "已拒绝",
    "caller": "客户",
    "agent": "坐席",
    "system": "系统",
}


def people_csv(language: str, zone: ZoneInfo) -> ExportForm:
    """CSV for spreadsheets: UTF-8 with a mark, a header in `en` or `zh`, local times, no formulas."""
    chinese = language == "zh"
    words = _CHINESE if chinese else {}

    def row(record: CallRecord) -> bytes:
        return _csv_line(_text(value(record, zone, words)) for _, _, value in _COLUMNS)

    head = _csv_line(chinese_name if chinese else name for name, chinese_name, _ in _COLUMNS)
    return ExportForm("\ufeff".encode() + head, row)


def _csv_line(cells: Iterable[object]) -> bytes:
    line = io.StringIO(newline="")
    csv.writer(line).writerow(cells)
    return line.getvalue().encode("utf-8", "replace")


def _text(value: object) -> object:
    """Make text of what a spreadsheet would take for a formula."""
    return f"'{value}" if isinstance(value, str) and value.startswith(_FORMULA) else value
