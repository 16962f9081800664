"""`ccd queue`: the queues, as a table and as Asterisk's own `queue show` prints them."""

from typing import Annotated

import typer

from ccd.cli import queue_control, text
from ccd.cli.app import App
from ccd.cli.messages import _, label
from ccd.cli.options import JsonFlag
from ccd.cli.queue_show import asterisk_lines, more_lines
from ccd.cli.terminal import terminal
from ccd.http.shapes import Queue, QueueSummary

app = App()


def queue_row(queue: QueueSummary) -> list[object]:
    """Give a queue's line of the table under `queue_titles`."""
    figures = queue["figures"]
    return [
        queue["name"] if queue["open"] else f"{queue['name']} ({_('closed')})",
        label(queue["labels"]),
        queue["strategy"],
        queue["waiting"],
        text.duration(queue["longest_wait_s"]),
        f"{queue['signed_in']}/{queue['members']}",
        queue["available"],
        queue["talking"],
        figures["answered"],
        figures["abandoned"],
        f"{figures['service_level']:.1f}%",
    ]


def queue_titles() -> list[str]:
    """Give the columns of a table of queues."""
    return [
        _("queue"),
        _("name"),
        _("strategy"),
        ">" + _("waiting"),
        ">" + _("longest"),
        ">" + _("agents"),
        ">" + _("free"),
        ">" + _("talking"),
        ">" + _("answered"),
        ">" + _("abandoned"),
        ">" + _("service level"),
    ]


@app.command("list", help=_("All queues, with what waits and the day's figures."))
def list_(ctx: typer.Context, *, json: JsonFlag = False) -> None:
    """Print the queues."""
    out = terminal(ctx)
    queues: list[QueueSummary] = out.client().get("queues")
    if json:
        out.json(queues)
        return
    out.table(queue_titles(), [queue_row(queue) for queue in queues])


@app.command(
    help=_("One queue or all, as `asterisk -rx 'queue show'` prints them, and what that cannot say.")
)
def show(
    ctx: typer.Context,
    name: Annotated[str | None, typer.Argument(help=_("The queue; without it, all."))] = None,
    *,
    json: JsonFlag = False,
) -> None:
    """Print queues as Asterisk does, and more."""
    out = terminal(ctx)
    client = out.client()
    names = [name] if name else [each["name"] for each in client.get("queues")]
    queues: list[Queue] = [client.get("queues", each) for each in names]
    if json:
        out.json(queues[0] if name else queues)
        return
    for queue in queues:
        for line in [*asterisk_lines(queue), *more_lines(queue), ""]:
            out.say(line)


def register(root: App) -> None:
    """Add the commands."""
    queue_control.register_queue(app)
    root.add_typer(app, name="queue", help=_("Queues: what waits, who serves."))
