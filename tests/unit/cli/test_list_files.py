"""Lists of callers as CSV, as spreadsheets save it."""

from pathlib import Path

import pytest

from ccd.cli.list_files import read_entries, until, write_entries
from ccd.errors import CcdError


def write(tmp_path: Path, raw: bytes) -> Path:
    """Write a file."""
    path = tmp_path / "vip.csv"
    path.write_bytes(raw)
    return path


@pytest.mark.parametrize(
    "raw",
    [
        "号码,备注,有效期\r\n13800138000,王先生,2026-12-31\r\n\r\n0571*,,\r\n".encode("gb18030"),
        "号码,备注,有效期\r\n13800138000,王先生,2026/12/31\r\n0571*,,\r\n".encode("utf-8-sig"),
        "note,number,until\n王先生,13800138000,2026-12-31\n,0571*,\n".encode(),
        "13800138000,王先生,2026-12-31\n0571*\n".encode(),
    ],
    ids=["gb18030", "utf-8-sig", "columns", "no-head"],
)
def test_a_file_is_read_however_a_spreadsheet_saved_it(tmp_path, raw):
    """With a head or without, empty lines passed over."""
    entries, lines = read_entries(write(tmp_path, raw))
    assert [(each["number"], each["note"]) for each in entries] == [("13800138000", "王先生"), ("0571*", "")]
    assert entries[0]["until_at"] == until("2026-12-31")
    assert entries[1]["until_at"] is None
    assert lines[0] in {1, 2}


def test_every_bad_line_is_told(tmp_path):
    """At once, each with its line."""
    raw = b"number,note,until\n,nobody,\n13800138000,,someday\n1,2,3,4\n13800138001,,\n"
    with pytest.raises(CcdError) as refused:
        read_entries(write(tmp_path, raw))
    told = str(refused.value).splitlines()
    assert [line.partition("line ")[2][:1] for line in told] == ["2", "3", "4"]


def test_the_last_day_counts_to_its_end():
    """An instant counts to itself."""
    day, instant = until("2026-12-31"), until("2026-12-31 18:00")
    assert day is not None
    assert instant is not None
    assert day.startswith("2027-01-01T00:00:00")
    assert instant.startswith("2026-12-31T18:00:00")
    assert until("") is None


def test_what_is_written_is_read_again(tmp_path):
    """Whatever a spreadsheet would have calculated."""
    told = write_entries(
        [{"number": "+8613800138000", "note": "=1+1", "until_at": "2026-12-31T16:00:00.000Z"}], chinese=True
    )
    assert "'+8613800138000,'=1+1" in told
    ((entry,), _) = read_entries(write(tmp_path, told.encode("utf-8-sig")))
    assert (entry["number"], entry["note"]) == ("+8613800138000", "=1+1")
    assert until(entry["until_at"]) == entry["until_at"]
