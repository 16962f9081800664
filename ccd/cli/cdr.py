"""`ccd cdr`: the call records."""

import sys
from pathlib import Path
from typing import Annotated

import typer

from ccd.cli import options, text
from ccd.cli.app import App
from ccd.cli.dates import instant
from ccd.cli.explain import segment_lines
from ccd.cli.files import in_place_of, written_as
from ccd.cli.messages import _, word
from ccd.cli.options import JsonFlag
from ccd.cli.paging import take
from ccd.cli.terminal import Terminal, terminal
from ccd.http.filters import ExportFormat, Order
from ccd.http.shapes import FullRecord, Record

app = App()


@app.command("list", help=_("Call records, newest first."))
def list_(
    ctx: typer.Context,
    *,
    since: options.Since = None,
    until: options.Until = None,
    number: options.Number = None,
    called: options.Called = None,
    agent: options.Agent = None,
    queue: options.QueueOption = None,
    outcome: options.Outcome = None,
    order: Annotated[Order, typer.Option(help=_("Newest or oldest first."))] = Order.NEWEST,
    limit: options.Limit = 50,
    json: JsonFlag = False,
) -> None:
    """Print records."""
    out = terminal(ctx)
    filters = {
        "since": instant(since),
        "until": instant(until),
        "number": number,
        "called": called,
        "agent": agent,
        "queue": queue,
        "outcome": outcome,
        "order": order.value,
    }
    records: list[Record] = take(out.client(), "records", filters, limit)
    if json:
        out.json(records)
    else:
        _table(out, records)


def _table(out: Terminal, records: list[Record]) -> None:
    titles = [
        _("began"),
        _("caller"),
        _("called"),
        _("queue"),
        _("agent"),
        _("outcome"),
        ">" + _("waited"),
        ">" + _("talked"),
        _("recorded"),
        _("survey"),
        _("call"),
    ]
    rows = [
        [
            text.local(each["started_at"]),
            each["number"],
            each["called"],
            each["queue"],
            each["agent"],
            word(each["outcome"] or "under way"),
            text.duration(each["queue_wait_s"] + each["ring_s"]),
            text.duration(each["talk_s"] + each["on_hold_s"]),
            len(each["recordings"]) or "",
            each["survey"] and each["survey"]["digit"],
            each["id"],
        ]
        for each in records
    ]
    out.table(titles, rows)


@app.command(help=_("All of one call: its segments, recordings and survey."))
def show(
    ctx: typer.Context,
    call: Annotated[str, typer.Argument(metavar="CALL", help=_("The call's id, e.g. 1795250000.12."))],
    *,
    json: JsonFlag = False,
) -> None:
    """Print one record."""
    out = terminal(ctx)
    record: FullRecord = out.client().get("records", call)
    if json:
        out.json(record)
        return
    _table(out, [record])
    for line in segment_lines(record):
        out.say(line)
    for name, value in record["data"].items():
        out.say(f"{text.clean(name)}: {text.clean(value)}")
    for said in record["dispositions"]:
        out.say(_("agent {agent}: {code}", agent=said["agent"], code=text.clean(said["code"])))
    for each in record["recordings"]:
        length = "?" if each["length_s"] is None else f"{each['length_s']:.1f}"
        out.say(_("recording {path}: {length} s", path=text.clean(each["path"]), length=length))


@app.command(help=_("Write records, oldest first, for other systems."))
def export(
    ctx: typer.Context,
    *,
    format_: Annotated[
        ExportFormat, typer.Option("--format", help=_("Ours, Asterisk's Master.csv, or JSON Lines."))
    ] = ExportFormat.CSV,
    output: Annotated[
        Path | None, typer.Option("--output", "-o", help=_("A file; it appears when it is complete."))
    ] = None,
    since: options.Since = None,
    until: options.Until = None,
    number: options.Number = None,
    called: options.Called = None,
    agent: options.Agent = None,
    queue: options.QueueOption = None,
    outcome: options.Outcome = None,
) -> None:
    """Write records."""
    pieces = (
        terminal(ctx)
        .client()
        .stream(
            "records",
            "export",
            format=format_.value,
            since=instant(since),
            until=instant(until),
            number=number,
            called=called,
            agent=agent,
            queue=queue,
            outcome=outcome,
        )
    )
    if output is None:
        sys.stdout.flush()
        for piece in pieces:
            sys.stdout.buffer.write(piece)
        sys.stdout.buffer.flush()
    else:
        with written_as(output), in_place_of(output) as part, part.open("xb") as opened:
            for piece in pieces:
                opened.write(piece)


def register(root: App) -> None:
    """Add the commands."""
    root.add_typer(app, name="cdr", help=_("Call records."))
