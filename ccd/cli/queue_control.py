"""`ccd queue close|open|move`, `ccd call move|priority`: who is taken in, and who waits where."""

from enum import StrEnum
from typing import Annotated

import typer

from ccd.cli.app import App
from ccd.cli.messages import _
from ccd.cli.options import CallArgument, JsonFlag
from ccd.cli.queue_show import door_line
from ccd.cli.terminal import terminal
from ccd.http.shapes import Call, Moved, Queue

QueueArgument = Annotated[str, typer.Argument(metavar="QUEUE", help=_("The queue."))]
TargetArgument = Annotated[str, typer.Argument(metavar="TO", help=_("The queue to which they go."))]
UntilOption = Annotated[
    str, typer.Option("--until", help=_("Until when, e.g. 14:00 or 2026-11-22T14:00; else until changed."))
]


class Waiting(StrEnum):
    """What becomes of those who wait."""

    KEEP = "keep"
    LEAVE = "leave"


def _told(ctx: typer.Context, queue: Queue, *, json: bool) -> None:
    out = terminal(ctx)
    if json:
        out.json(queue)
    else:
        out.say(f"{queue['name']}: {door_line(queue) or _('open')}")


def close(
    ctx: typer.Context,
    queue: QueueArgument,
    *,
    say: Annotated[str, typer.Option("--say", help=_("A prompt for those who are not taken in."))] = "",
    waiting: Annotated[
        Waiting, typer.Option("--waiting", help=_("Those who wait: keep (served) or leave."))
    ] = Waiting.KEEP,
    until: UntilOption = "",
    json: JsonFlag = False,
) -> None:
    """Close."""
    body = {"say": say, "waiting": waiting.value, "until": until}
    _told(ctx, terminal(ctx).client().post("queues", queue, "close", body=body), json=json)


def open_(
    ctx: typer.Context, queue: QueueArgument, *, until: UntilOption = "", json: JsonFlag = False
) -> None:
    """Open."""
    _told(ctx, terminal(ctx).client().post("queues", queue, "open", body={"until": until}), json=json)


def move(
    ctx: typer.Context,
    queue: QueueArgument,
    to: TargetArgument,
    *,
    limit: Annotated[
        int | None, typer.Option("--limit", min=1, help=_("So many, the first in line; else all."))
    ] = None,
    json: JsonFlag = False,
) -> None:
    """Move everybody."""
    out = terminal(ctx)
    moved: Moved = out.client().post("queues", queue, "move", body={"to": to, "limit": limit})
    if json:
        out.json(moved)
        return
    out.say(_("{count} moved from {source} to {target}", count=moved["moved"], source=queue, target=to))
    if moved["ringing"]:
        out.say(_("{count} follow if nobody answers: phones ring for them", count=moved["ringing"]))


def call_move(ctx: typer.Context, call: CallArgument, to: TargetArgument, *, json: JsonFlag = False) -> None:
    """Move one."""
    out = terminal(ctx)
    found: Call = out.client().post("calls", call, "move", body={"queue": to})
    if json:
        out.json(found)
    else:
        out.say(_("call {call}: sent to {target}", call=call, target=to))


def call_priority(
    ctx: typer.Context,
    call: CallArgument,
    priority: Annotated[int, typer.Argument(metavar="N", help=_("Higher is served first; a queue's is 0."))],
    *,
    json: JsonFlag = False,
) -> None:
    """Rank anew."""
    out = terminal(ctx)
    found: Call = out.client().post("calls", call, "priority", body={"priority": priority})
    if json:
        out.json(found)
    else:
        out.say(_("call {call}: priority {priority}", call=call, priority=priority))


def register_queue(app: App) -> None:
    """Add the commands to `ccd queue`."""
    app.command(help=_("Take nobody in any more; those who wait are served, or leave."))(close)
    app.command("open", help=_("Take callers in again, whatever the calendar says."))(open_)
    app.command(help=_("Move those who wait to another queue; they keep the time of joining."))(move)


def register_call(app: App) -> None:
    """Add the commands to `ccd call`."""
    app.command("move", help=_("Move a caller who waits to another queue; they keep the time of joining."))(
        call_move
    )
    app.command(
        "priority",
        help=_("Give a caller who waits another priority."),
        context_settings={"ignore_unknown_options": True},  # -3 is a number here
    )(call_priority)
