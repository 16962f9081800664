"""`ccd recording`: what was recorded, copies of it, and a pause in a talk that is being recorded."""

from pathlib import Path
from typing import Annotated

import typer

from ccd.cli import options, text
from ccd.cli.app import App
from ccd.cli.dates import instant
from ccd.cli.messages import _, word
from ccd.cli.options import CallArgument, JsonFlag
from ccd.cli.paging import take
from ccd.cli.recording_files import copy_all
from ccd.cli.terminal import Terminal, terminal
from ccd.http.shapes import Call, Recording, RecordingPath
from ccd.model import AudioFormat

app = App()

IdArgument = Annotated[str, typer.Argument(metavar="ID", help=_("Id of the recording, or of its call."))]
MAX_EXPORT = 100_000


def _titles() -> list[str]:
    return [
        _("began"),
        _("queue"),
        _("agent"),
        ">" + _("length"),
        ">" + _("bytes"),
        _("recording"),
        _("call"),
        _("remark"),
    ]


def _row(each: Recording) -> list[object]:
    paused_s = sum(pause["to_s"] - pause["from_s"] for pause in each["pauses"])
    remarks = [word(each["problem"])] if each["problem"] else []
    if paused_s:
        remarks.append(_("paused {seconds:.0f} s", seconds=paused_s))
    return [
        text.local(each["started_at"]),
        each["queue"],
        each["agent"],
        text.duration(each["length_s"]),
        each["size"],
        each["id"],
        each["call_id"],
        ", ".join(remarks),
    ]


@app.command("list", help=_("Recordings, newest first."))
def list_(
    ctx: typer.Context,
    *,
    since: options.Since = None,
    until: options.Until = None,
    number: options.Number = None,
    agent: options.Agent = None,
    queue: options.QueueOption = None,
    limit: options.Limit = 50,
    json: JsonFlag = False,
) -> None:
    """Print recordings."""
    out = terminal(ctx)
    filters = _filters(since, until, number, agent, queue)
    found: list[Recording] = take(out.client(), "recordings", filters, limit)
    if json:
        out.json(found)
    else:
        out.table(_titles(), [_row(each) for each in found])


def _filters(
    since: str | None, until: str | None, number: str | None, agent: str | None, queue: str | None
) -> dict[str, str | int | None]:
    return {
        "since": instant(since),
        "until": instant(until),
        "number": number,
        "agent": agent,
        "queue": queue,
    }


@app.command(help=_("Where a recording lies on this machine."))
def path(ctx: typer.Context, recording: IdArgument, *, json: JsonFlag = False) -> None:
    """Print the path alone, for scripts."""
    out = terminal(ctx)
    found: RecordingPath = out.client().get("recordings", recording)
    if json:
        out.json(found)
    else:
        out.say(text.clean(found["path"]))


@app.command(help=_("Copy recordings into a folder, with a list of them; what is there already is skipped."))
def export(
    ctx: typer.Context,
    folder: Annotated[Path, typer.Argument(help=_("The folder; it is made."))],
    *,
    since: options.Since = None,
    until: options.Until = None,
    number: options.Number = None,
    agent: options.Agent = None,
    queue: options.QueueOption = None,
    format_: Annotated[
        AudioFormat | None, typer.Option("--format", help=_("Form of the copies; without it as they are."))
    ] = None,
    limit: options.Limit = MAX_EXPORT,
) -> None:
    """Copy recordings."""
    out = terminal(ctx)
    filters = _filters(since, until, number, agent, queue)
    found: list[Recording] = take(out.client(), "recordings", filters, limit)
    copied = copy_all(out, found, folder, format_)
    out.say(
        _(
            "{copied} copied, {skipped} there already, {missing} missing, in {folder}",
            copied=copied.copied,
            skipped=copied.skipped,
            missing=len(copied.missing),
            folder=folder,
        )
    )
    for each in copied.missing:
        out.say(text.clean(each))
    if copied.missing:
        raise typer.Exit(1)


# -------------------------------------------------------------------- while they talk


def _steer(ctx: typer.Context, call: str, what: str, told: str, *, json: bool) -> None:
    out: Terminal = terminal(ctx)
    found: Call = out.client().post("calls", call, "recording", what)
    if json:
        out.json(found)
    else:
        out.say(told)


@app.command(help=_("Silence the recording of a talk, for card numbers; it goes on by itself after a time."))
def pause(ctx: typer.Context, call: CallArgument, *, json: JsonFlag = False) -> None:
    """Pause."""
    _steer(ctx, call, "pause", _("call {call}: the recording is paused", call=call), json=json)


@app.command(help=_("Let a paused recording go on, or begin one on demand."))
def resume(ctx: typer.Context, call: CallArgument, *, json: JsonFlag = False) -> None:
    """Resume."""
    _steer(ctx, call, "resume", _("call {call}: it is being recorded", call=call), json=json)


def register(root: App) -> None:
    """Add the commands."""
    root.add_typer(app, name="recording", help=_("Recordings."))
