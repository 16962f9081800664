"""Agents from outside: CSV files, queue arguments, PINs that never stand on a command line."""

import csv
import os
import re
import sys
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from ccd.cli.csv_files import Faults, open_csv, plain, told_as_csv
from ccd.cli.files import read_file
from ccd.cli.messages import _
from ccd.cli.wishes import UsageError
from ccd.errors import CcdError

MAX_PIN = 1024
PIN_VARIABLE = "CCD_AGENT_PIN"
COLUMNS = ("number", "name", "extension", "pin", "queues", "skills")
_SECONDS = r"[0-9]{1,4}(?:\.[0-9]{1,3})?"
_QUEUE = re.compile(
    r"(?P<queue>[^:]+)(?::(?P<penalty>[0-9]{1,9}))?"
    rf"(?::ring=(?P<ring_s>{_SECONDS}))?(?::wrap_up=(?P<wrap_up_s>{_SECONDS}))?"
)
_CHINESE = {
    "工号": "number",
    "姓名": "name",
    "分机": "extension",
    "密码": "pin",
    "队列": "queues",
    "技能": "skills",
}


def memberships(told: list[str]) -> dict[str, Any]:
    """Read `sales`, `support:1`, `vip:1:ring=30:wrap_up=5` as the API takes them, by queue.

    The penalty alone, or an object where the agent has times of their own there.
    """
    found: dict[str, Any] = {}
    for each in told:
        read = _QUEUE.fullmatch(each)
        if read is None:
            raise UsageError(
                _(
                    "{told!r}: write QUEUE or QUEUE:PENALTY, e.g. sales or support:1; "
                    "with times of their own: support:1:ring=30:wrap_up=5",
                    told=each,
                )
            )
        penalty = int(read["penalty"] or 0)
        times = {key: float(read[key]) for key in ("ring_s", "wrap_up_s") if read[key] is not None}
        found[read["queue"]] = {"penalty": penalty, **times} if times else penalty
    return found


def _membership(member: Mapping[str, Any]) -> str:
    """Write what `memberships` reads."""
    told: str = member["queue"]
    if member["penalty"]:
        told += f":{member['penalty']}"
    for word, key in (("ring", "ring_s"), ("wrap_up", "wrap_up_s")):
        if member[key] is not None:
            told += f":{word}={member[key]:g}"
    return told


def skills(told: list[str]) -> dict[str, int]:
    """Read `english=80` as the API takes it: level by skill."""
    found = {}
    for each in told:
        skill, _equals, level = each.replace(":", "=").partition("=")
        if not skill or not (level.isascii() and level.isdigit()):
            raise UsageError(_("{told!r}: write SKILL=LEVEL, e.g. english=80", told=each))
        found[skill] = int(level)
    return found


def read_pin(file: Path | None, *, ask: bool) -> str | None:
    """Get a PIN from a file, the environment or the keyboard; None: there is none."""
    if file is not None:
        source = sys.stdin.read(MAX_PIN) if str(file) == "-" else read_file(file).decode("utf-8", "replace")
        return source.split("\n", 1)[0].strip() or None
    if PIN_VARIABLE in os.environ:
        return os.environ[PIN_VARIABLE] or None
    if ask and sys.stdin.isatty():
        import getpass  # rarely needed

        return getpass.getpass(_("PIN for signing in from a phone, 4 to 32 digits (empty: none): ")) or None
    return None


def read_agents(file: Path) -> list[dict[str, Any]]:
    """Read a CSV file with the columns `number,name,extension,pin,queues,skills`; only `number` is needed.

    Spreadsheets save as UTF-8 with a mark, or as GB18030: both are read, and Chinese column names too. Every
    line that cannot be read is told at once, by `CcdError`.
    """
    rows = csv.DictReader(open_csv(file), strict=True)
    agents, faults = [], Faults(file)
    try:
        rows.fieldnames = _columns(rows.fieldnames or (), file)
        for row in rows:
            try:
                agents.append(_agent(row))
            except CcdError as fault:
                faults.add(rows.line_num, fault)
    except csv.Error as error:
        faults.add(rows.line_num, error)
    faults.refuse()
    return agents


def write_agents(agents: Iterable[Mapping[str, Any]], *, chinese: bool) -> str:
    """Give agents of the API as CSV that `read_agents` reads again; nobody's PIN is in it."""
    names = {column: name for name, column in _CHINESE.items()}
    titles = [names[column] if chinese else column for column in COLUMNS]
    return told_as_csv(titles, map(_cells, agents))


def _cells(agent: Mapping[str, Any]) -> tuple[str, ...]:
    queues = " ".join(map(_membership, agent["memberships"]))
    levels = " ".join(f"{skill}={level}" for skill, level in agent["skills"].items())
    return agent["number"], agent["name"], agent["own_extension"] or "", "", queues, levels


def _columns(names: Iterable[str], file: Path) -> list[str]:
    known = [_CHINESE.get(name.strip(), name.strip().lower()) for name in names]
    unknown = sorted(set(known) - set(COLUMNS))
    if "number" not in known or unknown or len(set(known)) < len(known):
        raise CcdError(
            _(
                "{file}, line 1: the columns are {columns}, each once; unknown: {unknown}",
                file=file,
                columns=",".join(COLUMNS),
                unknown=", ".join(map(repr, unknown)) or "-",
            )
        )
    return known


def _agent(row: dict[str, Any]) -> dict[str, Any]:
    if None in row:
        raise CcdError(_("more cells than columns"))
    cell = {key: plain(value or "") for key, value in row.items()}
    agent: dict[str, Any] = {key: cell[key] for key in COLUMNS[:-2] if cell.get(key)}
    agent["queues"] = memberships(cell.get("queues", "").replace(";", " ").split())
    if told := cell.get("skills", "").replace(";", " ").split():
        agent["skills"] = skills(told)
    return agent
