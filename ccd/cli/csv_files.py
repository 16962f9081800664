"""CSV as spreadsheets have it: in UTF-8 with a mark or GB18030, and no cell that they would calculate."""

import csv
import io
import os
from collections.abc import Iterable, Sequence
from pathlib import Path

from ccd.cli.files import in_place_of, read_file, refuse_existing, written_as
from ccd.cli.messages import _
from ccd.cli.terminal import Terminal
from ccd.errors import CcdError

MAX_TOLD = 50
"""Faulty lines that are told one by one."""
_FORMULA = ("=", "+", "-", "@", "\t", "\r")
"""What a spreadsheet would calculate rather than show."""


class Faults:
    """What is wrong with the lines of a file, told all at once."""

    def __init__(self, file: Path) -> None:
        self._file = file
        self._told: list[str] = []

    def add(self, line: int, error: CcdError | csv.Error) -> None:
        """Note what is wrong with a line."""
        self._told.append(_("{file}, line {line}: {error}", file=self._file, line=line, error=error))

    def refuse(self) -> None:
        """Raise `CcdError` if there is any."""
        if not self._told:
            return
        more = len(self._told) - MAX_TOLD
        told = self._told[:MAX_TOLD] + ([_("… and {count} more", count=more)] if more > 0 else [])
        raise CcdError("\n".join(told))


def open_csv(file: Path) -> io.StringIO:
    """Read a file as text for `csv`."""
    raw = read_file(file)
    try:
        told = raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        told = raw.decode("gb18030", "replace")
    return io.StringIO(told, newline="")


def plain(cell: str) -> str:
    """Take a cell's text; a mark before what a spreadsheet would take for a formula is none of it."""
    cell = cell.strip()
    return cell[1:] if cell.startswith("'") and cell[1:].startswith(_FORMULA) else cell


def told_as_csv(titles: Sequence[str], rows: Iterable[Iterable[str]]) -> str:
    """Give rows as CSV; a cell that a spreadsheet would calculate is marked as text."""
    told = io.StringIO(newline="")
    writer = csv.writer(told)
    writer.writerow(titles)
    for row in rows:
        writer.writerow([f"'{cell}" if cell.startswith(_FORMULA) else cell for cell in row])
    return told.getvalue()


def hand_out(out: Terminal, told: str, file: Path | None, *, force: bool) -> bool:
    """Print CSV, or write it to a file that is not there yet; say whether it was written.

    The file has a mark, by which spreadsheets know UTF-8. Others than its owner and group have no business
    with the people in it.
    """
    if file is None:
        out.say(told.replace("\r\n", "\n").rstrip("\n"))
        return False
    refuse_existing(file, force=force)
    with written_as(file), in_place_of(file) as part:
        created = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o640)
        with os.fdopen(created, "w", encoding="utf-8-sig", newline="") as opened:
            opened.write(told)
    return True
