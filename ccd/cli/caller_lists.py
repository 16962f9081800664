"""`ccd list`: who is on which list of callers (VIP, blacklist)."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Annotated, Any

import typer

from ccd.cli import text
from ccd.cli.app import App
from ccd.cli.csv_files import hand_out
from ccd.cli.list_files import read_entries, until, write_entries
from ccd.cli.messages import _, label, language
from ccd.cli.options import JsonFlag
from ccd.cli.terminal import Terminal, terminal
from ccd.cli.wishes import UsageError
from ccd.http.shapes import CallerList, ListEntry, ListPage, ListResult

AT_A_TIME = 5000
"""Entries of one request."""

commands = App()
NameArgument = Annotated[str, typer.Argument(metavar="LIST", help=_("The list's name in the configuration."))]
NumbersArgument = Annotated[
    list[str], typer.Argument(metavar="NUMBER…", help=_("Numbers; 0571* stands for all that begin so."))
]


@commands.command(help=_("All lists, or who is on one."))
def show(
    ctx: typer.Context,
    name: Annotated[str | None, typer.Argument(metavar="[LIST]", help=_("The list's name."))] = None,
    *,
    json: JsonFlag = False,
) -> None:
    """Print lists, or a list."""
    out = terminal(ctx)
    if name is not None:
        found = list(_entries(out, name))
        if json:
            out.json(found)
        else:
            _entries_table(out, found)
        return
    lists: list[CallerList] = out.client().get("lists")
    if json:
        out.json(lists)
        return
    titles = [_("list"), _("name"), ">" + _("entries"), ">" + _("expired"), ""]
    rows = [
        [
            each["name"],
            label(each["labels"]),
            str(each["entries"]),
            str(each["expired"]),
            _("refused") if each["blacklist"] else "",
        ]
        for each in lists
    ]
    out.table(titles, rows)


def _entries(out: Terminal, name: str) -> Iterator[ListEntry]:
    after: str | None = ""
    while after is not None:
        page: ListPage = out.client().get("lists", name, after=after or None)
        yield from page["items"]
        after = page["next_cursor"]


def _entries_table(out: Terminal, found: list[ListEntry]) -> None:
    rows = [
        [
            each["number"],
            text.local(each["until_at"]) if each["until_at"] else "",
            _("expired") if each["expired"] else "",
            text.clean(each["note"]),
        ]
        for each in found
    ]
    out.table([_("caller"), _("until"), "", _("note")], rows)


@commands.command(help=_("Put numbers on a list."))
def add(
    ctx: typer.Context,
    name: NameArgument,
    numbers: NumbersArgument,
    *,
    note: Annotated[str, typer.Option("--note", help=_("Why."))] = "",
    last_day: Annotated[
        str | None, typer.Option("--until", metavar="DATE", help=_("The last day on which it counts."))
    ] = None,
    days: Annotated[int | None, typer.Option("--days", min=1, help=_("For so many days."))] = None,
    json: JsonFlag = False,
) -> None:
    """Add numbers."""
    if last_day is not None and days is not None:
        raise UsageError(_("write --until or --days, not both"))
    ends = until(last_day)
    if days is not None:
        ends = (datetime.now().astimezone() + timedelta(days=days)).isoformat()
    entries = [{"number": number, "note": note, "until_at": ends} for number in numbers]
    _change(terminal(ctx), name, {"add": entries}, json=json)


@commands.command(help=_("Take numbers off a list."))
def remove(
    ctx: typer.Context, name: NameArgument, numbers: NumbersArgument, *, json: JsonFlag = False
) -> None:
    """Remove numbers."""
    _change(terminal(ctx), name, {"remove": numbers}, json=json)


def _change(out: Terminal, name: str, body: dict[str, Any], *, json: bool) -> None:
    result: ListResult = out.client().post("lists", name, body=body)
    if json:
        out.json(result)
    else:
        _say(out, result, [])
    if result["problems"] or result["missing"]:
        raise typer.Exit(1)


def _say(out: Terminal, result: ListResult, lines: list[int]) -> None:
    for each in result["problems"]:
        line = lines[each["row"] - 1] if lines else each["row"]
        out.say(_("line {line} ({number}): {message}", **{**each, "line": line}))
    for number in result["missing"]:
        out.say(_("{number} is not on the list", number=text.clean(number)))
    if not result["problems"]:
        out.say(
            _(
                "{added} added, {changed} changed, {removed} removed",
                added=result["added"],
                changed=result["changed"],
                removed=result["removed"],
            )
        )


@commands.command("import", help=_("Put numbers on a list from CSV: number,note,until. All or none."))
def import_(
    ctx: typer.Context,
    name: NameArgument,
    file: Annotated[Path, typer.Argument(help=_("CSV in UTF-8 or GB18030."))],
    *,
    dry_run: Annotated[bool, typer.Option("--dry-run", help=_("Check only."))] = False,
    json: JsonFlag = False,
) -> None:
    """Check all parts first, then write them."""
    out = terminal(ctx)
    entries, lines = read_entries(file)
    total: ListResult = {"added": 0, "changed": 0, "removed": 0, "missing": [], "problems": []}
    for checking in (True,) if dry_run else (True, False):
        total["added"] = total["changed"] = 0
        for start in range(0, len(entries), AT_A_TIME):
            body = {"add": entries[start : start + AT_A_TIME], "dry_run": checking}
            part: ListResult = out.client().post("lists", name, body=body, timeout_s=60.0)
            total["added"] += part["added"]
            total["changed"] += part["changed"]
            total["problems"] += [{**each, "row": each["row"] + start} for each in part["problems"]]
        if total["problems"]:
            break
    if json:
        out.json(total)
    else:
        _say(out, total, lines)
    if total["problems"]:
        raise typer.Exit(1)


@commands.command(help=_("Write a list as CSV that `ccd list import` takes."))
def export(
    ctx: typer.Context,
    name: NameArgument,
    file: Annotated[Path | None, typer.Argument(help=_("A new file; without it, the terminal."))] = None,
    *,
    force: Annotated[bool, typer.Option("--force", help=_("Replace a file that is there."))] = False,
) -> None:
    """Write a list."""
    out = terminal(ctx)
    told = write_entries(_entries(out, name), chinese=language() == "zh")
    hand_out(out, told, file, force=force)


def register(root: App) -> None:
    """Add the commands."""
    root.add_typer(commands, name="list", help=_("Lists of callers: VIPs, those who are refused."))
