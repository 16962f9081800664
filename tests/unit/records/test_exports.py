"""Call records as files that other systems read."""

import csv
import io
import json
from collections.abc import Iterator
from dataclasses import replace
from zoneinfo import ZoneInfo

import pytest

from ccd.model import QueueOutcome
from ccd.records.exports import PIECE, asterisk_csv, jsonl, people_csv, pieces, stream
from ccd.records.record import Outcome
from tests.unit.records.calls import ended, entered, flow, left, record_of, whole_call

SHANGHAI = ZoneInfo("Asia/Shanghai")
ANSWERED = record_of(*whole_call())
ABANDONED = record_of(entered(0), left(7, QueueOutcome.ABANDONED, 7), ended(7))


def text_of(form, *records):
    return b"".join(pieces(form, records)).decode()


def rows_of(form, *records):
    return list(csv.DictReader(io.StringIO(text_of(form, *records).removeprefix("\ufeff"), newline="")))


def test_json_lines_are_the_records():
    """One object a line, the same as everywhere else."""
    lines = text_of(jsonl(), ANSWERED, ABANDONED).splitlines()
    assert [json.loads(line) for line in lines] == [ANSWERED.to_json(), ABANDONED.to_json()]


def test_asterisks_csv_has_its_columns_and_quotes():
    """Strings quoted, numbers bare, an unset date an empty field, times local, 21 columns, no header."""
    answered = (
        '"","13800138000","4000","ccd-inbound","""张伟"" <13800138000>","PJSIP/trunk-00000001","Agent/1002",'
        '"Queue","sales","2026-11-21 09:30:00","2026-11-21 09:30:14","2026-11-21 09:30:36",36,22,"ANSWERED",'
        '"DOCUMENTATION","1795224600.1","2026/11/21/1795224600.1-1.wav","","1795224600.1",1'
    )
    abandoned = (
        '"","13800138000","4000","ccd-inbound","""张伟"" <13800138000>","PJSIP/trunk-00000001","",'
        '"Queue","sales","2026-11-21 09:30:00",,"2026-11-21 09:30:07",7,0,"NO ANSWER",'
        '"DOCUMENTATION","1795224600.1","","","1795224600.1",1'
    )
    assert text_of(asterisk_csv(SHANGHAI), ANSWERED, ABANDONED).splitlines() == [answered, abandoned]


def test_a_call_without_name_and_queue_in_asterisks_csv():
    """The caller id is the bare number; the application tells that no queue was reached."""
    record = replace(record_of(*flow(0, 2), ended(2)), name="")
    (cells,) = csv.reader([text_of(asterisk_csv(SHANGHAI), record)])
    assert (cells[4], cells[7], cells[8]) == ("13800138000", "AGI", "")


def test_a_long_record_is_not_dropped():
    """Asterisk drops records over a kilobyte; ours has all of it."""
    record = replace(ANSWERED, name="长" * 2000)
    assert "长" * 2000 in text_of(asterisk_csv(SHANGHAI), record)


@pytest.mark.parametrize(
    ("language", "outcome", "expected"),
    [("en", "outcome", "answered"), ("zh", "结果", "已接通")],
)
def test_csv_for_people_speaks_their_language(language, outcome, expected):
    """A mark for Excel, a header and words in the reader's language, local times."""
    form = people_csv(language, SHANGHAI)
    assert form.head.startswith(b"\xef\xbb\xbf")
    answered, abandoned = rows_of(form, ANSWERED, ABANDONED)
    assert answered[outcome] == expected
    assert "2026-11-21 09:30:14" in answered.values()
    assert None not in answered
    assert list(abandoned.values()).count("") >= 3


def test_every_outcome_has_a_chinese_word():
    """No outcome is left in English for those who read Chinese."""
    for outcome in Outcome:
        (row,) = rows_of(people_csv("zh", SHANGHAI), replace(ANSWERED, outcome=outcome))
        assert not row["结果"].isascii() or "IVR" in row["结果"]


@pytest.mark.parametrize("nasty", ["=1+1", "+86138", "-1", "@SUM(A1)", "\tx", "\rx"])
def test_no_cell_is_a_formula(nasty):
    """What a spreadsheet would compute becomes text; the machines' formats keep it as it is."""
    record = replace(ANSWERED, name=nasty, number=nasty)
    (row,) = rows_of(people_csv("en", SHANGHAI), record)
    assert row["name"] == row["number"] == "'" + nasty
    assert json.loads(text_of(jsonl(), record))["number"] == nasty


def test_quotes_commas_and_lines_stay_in_their_cell():
    """A hostile name cannot add columns or rows."""
    (row,) = rows_of(people_csv("en", SHANGHAI), replace(ANSWERED, name='a","b\nc'))
    assert row["name"] == 'a","b\nc'


def test_an_export_is_a_stream():
    """Pieces come while records are still being read: memory does not grow with their number."""
    read = 0

    def endless() -> Iterator:
        nonlocal read
        while True:
            read += 1
            yield ANSWERED

    parts = pieces(jsonl(), endless())
    first = next(parts)
    assert PIECE <= len(first) < 2 * PIECE
    before = read
    next(parts)
    assert 0 < read - before <= before


async def test_the_asynchronous_export_is_the_same_file():
    """The daemon's stream and the plain one differ in nothing."""

    async def read():
        for _ in range(100):
            yield ANSWERED

    form = people_csv("zh", SHANGHAI)
    streamed = b"".join([part async for part in stream(form, read())])
    assert streamed == b"".join(pieces(form, [ANSWERED] * 100))


def test_an_export_of_nothing_has_a_header():
    """An empty day is an empty table, not an empty file."""
    assert text_of(people_csv("en", SHANGHAI)).startswith("\ufeffcall id,started,")
    assert text_of(jsonl()) == ""
