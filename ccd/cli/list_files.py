"""Lists of callers as CSV: number,note,until; as spreadsheets save it, in English or Chinese."""

import csv
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from ccd.cli.csv_files import Faults, open_csv, plain, told_as_csv
from ccd.cli.messages import _
from ccd.errors import CcdError

COLUMNS = ("number", "note", "until")
_CHINESE = {"号码": "number", "电话": "number", "备注": "note", "有效期": "until", "到期": "until"}


def read_entries(file: Path) -> tuple[list[dict[str, Any]], list[int]]:
    """Read entries, and the line of each. Without a head the columns are number, note, until.

    Every line that cannot be read is told at once, by `CcdError`.
    """
    entries: list[dict[str, Any]] = []
    lines: list[int] = []
    faults = Faults(file)
    rows = csv.reader(open_csv(file), strict=True)
    columns = list(COLUMNS)
    try:
        for count, row in enumerate(rows):
            cells = [plain(cell) for cell in row]
            if count == 0 and (named := _columns(cells)):
                columns = named
                continue
            if not any(cells):
                continue
            try:
                entries.append(_entry(dict(zip(columns, cells, strict=False)), len(cells) > len(columns)))
                lines.append(rows.line_num)
            except CcdError as fault:
                faults.add(rows.line_num, fault)
    except csv.Error as error:
        faults.add(rows.line_num, error)
    faults.refuse()
    return entries, lines


def _columns(cells: list[str]) -> list[str]:
    """Read a head; empty when the line is none."""
    named = [_CHINESE.get(cell, cell.lower()) for cell in cells]
    return named if "number" in named and set(named) <= {*COLUMNS, ""} else []


def _entry(cells: Mapping[str, str], too_many: bool) -> dict[str, Any]:
    if too_many:
        raise CcdError(_("more cells than columns"))
    if not cells.get("number"):
        raise CcdError(_("there is no number"))
    return {"number": cells["number"], "note": cells.get("note", ""), "until_at": until(cells.get("until"))}


def until(told: str | None) -> str | None:
    """Read the last day on which an entry counts, or the instant at which it ends; None: it never does."""
    if not told:
        return None
    text = told.strip().replace("/", "-")
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        raise CcdError(_("{told!r} is no date; write 2026-12-31 or '2026-12-31 18:00'", told=told)) from None
    if len(text) <= len("2026-12-31"):
        moment += timedelta(days=1)
    return moment.astimezone().isoformat()


def write_entries(entries: Iterable[Mapping[str, Any]], *, chinese: bool) -> str:
    """Give entries of the API as CSV that `read_entries` reads again."""
    titles = ("号码", "备注", "有效期") if chinese else COLUMNS
    return told_as_csv(titles, ((each["number"], each["note"], each["until_at"] or "") for each in entries))
