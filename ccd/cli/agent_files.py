"""Agents from outside: CSV files, queue arguments, passwords that never stand on a command line."""

import csv
import io
import os
import sys
from pathlib import Path
from typing import Any

from ccd.cli.messages import _
from ccd.cli.wishes import UsageError
from ccd.errors import CcdError

MAX_FILE = 4 * 1024 * 1024
PASSWORD_VARIABLE = "CCD_AGENT_PASSWORD"  # noqa: S105 - the name of a variable
COLUMNS = ("number", "name", "extension", "password", "queues")


def memberships(told: list[str]) -> list[dict[str, Any]]:
    """Read `sales` and `support:1` as the API takes them."""
    found = []
    for each in told:
        queue, colon, penalty = each.partition(":")
        if not queue or (colon and not (penalty.isascii() and penalty.isdigit())):
            raise UsageError(_("{told!r}: write QUEUE or QUEUE:PENALTY, e.g. sales or support:1", told=each))
        found.append({"queue": queue, "penalty": int(penalty or 0)})
    return found


def read_password(file: Path | None, *, ask: bool) -> str | None:
    """Get a password from a file, the environment or the keyboard; None: there is none."""
    if file is not None:
        source = sys.stdin.read() if str(file) == "-" else _read(file).decode("utf-8", "replace")
        return source.split("\n", 1)[0].rstrip("\r") or None
    if PASSWORD_VARIABLE in os.environ:
        return os.environ[PASSWORD_VARIABLE] or None
    if ask and sys.stdin.isatty():
        import getpass  # rarely needed

        return getpass.getpass(_("Password for signing in from a phone (empty: none): ")) or None
    return None


def read_agents(file: Path) -> list[dict[str, Any]]:
    """Read a CSV file with the columns `number,name,extension,password,queues`; only `number` is needed.

    Spreadsheets save as UTF-8 with a mark, or as GB18030: both are read.
    """
    raw = _read(file)
    try:
        told = raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        told = raw.decode("gb18030", "replace")
    rows = csv.DictReader(io.StringIO(told, newline=""), strict=True)
    try:
        names = [name.strip().lower() for name in rows.fieldnames or []]
        unknown = sorted(set(names) - set(COLUMNS))
        if "number" not in names or unknown:
            raise CcdError(
                _(
                    "{file}, line 1: the columns are {columns}; unknown: {unknown}",
                    file=file,
                    columns=",".join(COLUMNS),
                    unknown=", ".join(unknown) or "-",
                )
            )
        rows.fieldnames = names
        return [_agent(row, file, rows.line_num) for row in rows]
    except csv.Error as error:
        raise CcdError(
            _("{file}, line {line}: {error}", file=file, line=rows.line_num, error=error)
        ) from error


def _agent(row: dict[str, Any], file: Path, line: int) -> dict[str, Any]:
    if None in row:
        raise CcdError(_("{file}, line {line}: more cells than columns", file=file, line=line))
    cell = {key: (value or "").strip() for key, value in row.items()}
    agent: dict[str, Any] = {"number": cell["number"], "name": cell.get("name", "")}
    if cell.get("extension"):
        agent["extension"] = cell["extension"]
    if cell.get("password"):
        agent["password"] = cell["password"]
    agent["queues"] = memberships(cell.get("queues", "").replace(";", " ").split())
    return agent


def _read(file: Path) -> bytes:
    try:
        with file.open("rb") as opened:
            raw = opened.read(MAX_FILE + 1)
    except OSError as error:
        raise CcdError(f"{file}: {error.strerror}") from error
    if len(raw) > MAX_FILE:
        raise CcdError(_("{file}: larger than {limit} bytes", file=file, limit=MAX_FILE))
    return raw
