"""`ccd top`: queues, agents and calls, live."""

import select
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Annotated

import typer

from ccd.cli import text
from ccd.cli.agents import agent_row, agent_titles
from ccd.cli.app import App
from ccd.cli.calls import call_row, call_titles
from ccd.cli.messages import _
from ccd.cli.options import JsonFlag
from ccd.cli.queues import queue_row, queue_titles
from ccd.cli.status import problem_text, summary
from ccd.cli.terminal import Terminal, terminal
from ccd.http.shapes import Top


def view(out: Terminal, top: Top) -> list[str]:
    """Lay everything out, line by line."""
    columns = out.columns
    lines = [out.paint("bold", f"ccd {text.local(top['at'])}  {summary(top['status'])}")]
    lines += [out.paint("red", problem_text(problem)) for problem in top["status"]["problems"]]
    agents = [agent for agent in top["agents"] if agent["status"] != "logged_out"]
    for titles, rows in (
        (queue_titles(), [queue_row(each) for each in top["queues"]]),
        (call_titles(), [call_row(each) for each in top["calls"]]),
        (agent_titles(), [agent_row(each) for each in agents]),
    ):
        head, *body = text.table(titles, rows, columns=columns)
        lines += ["", out.paint("bold", head), *body]
    return lines


@contextmanager
def _keys() -> Iterator[bool]:
    """Let single keys through while it lasts; False when there is no keyboard."""
    if not sys.stdin.isatty():
        yield False
        return
    import termios  # only here
    import tty

    before = termios.tcgetattr(sys.stdin)
    tty.setcbreak(sys.stdin)
    try:
        yield True
    finally:
        termios.tcsetattr(sys.stdin, termios.TCSADRAIN, before)


def _wants_to_stop(interval_s: float, *, keyboard: bool) -> bool:
    readable, _w, _x = select.select([sys.stdin] if keyboard else [], [], [], interval_s)
    return bool(readable) and sys.stdin.read(1) in {"q", "Q", ""}


def _live(out: Terminal, interval_s: float) -> None:
    from rich.console import Console  # 150 ms that only the live view pays
    from rich.live import Live
    from rich.text import Text

    client = out.client(timeout_s=10.0)
    console = Console()
    with _keys() as keyboard, Live(console=console, screen=True, auto_refresh=False) as live:
        while True:
            lines = view(out, client.get("top"))
            shown = lines[: console.height - 1]
            if len(shown) < len(lines):
                shown[-1] = _("… and {count} more", count=len(lines) - len(shown) + 1)
            shown.append(out.paint("dim", _("q: end")))
            live.update(Text.from_ansi("\n".join(shown), no_wrap=True), refresh=True)
            if _wants_to_stop(interval_s, keyboard=keyboard):
                return


def top(
    ctx: typer.Context,
    interval: Annotated[float, typer.Option(min=0.2, max=60.0, help=_("Seconds between two looks."))] = 1.0,
    *,
    once: Annotated[bool, typer.Option("--once", help=_("Print once and end."))] = False,
    json: JsonFlag = False,
) -> None:
    """Show everything live."""
    out = terminal(ctx)
    if json:
        out.json(out.client().get("top"))
    elif once or not out.on_terminal:
        for line in view(out, out.client().get("top")):
            out.say(line)
    else:
        _live(out, interval)


def register(root: App) -> None:
    """Add the command."""
    root.command(help=_("Queues, agents and calls, live; q ends it."))(top)
