"""`ccd top`: queues, calls and agents, live, and a hand in them."""

import os
import select
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Annotated

import typer

from ccd.cli import text
from ccd.cli.agents import agent_row, agent_titles
from ccd.cli.app import App
from ccd.cli.calls import call_row, call_titles
from ccd.cli.errors import explained
from ccd.cli.messages import _
from ccd.cli.options import JsonFlag
from ccd.cli.queues import queue_row, queue_titles
from ccd.cli.status import problem_text, summary
from ccd.cli.terminal import Terminal, terminal
from ccd.cli.top_screen import Part, Screen, Wish, key_of, window
from ccd.errors import CcdError
from ccd.http.shapes import Top

if TYPE_CHECKING:
    from rich.live import Live

RING_S = 40.0
"""Patience with a wish: a supervisor's phone may ring."""


def view(out: Terminal, top: Top, screen: Screen | None = None, height: int | None = None) -> list[str]:
    """Lay everything out, line by line; with a screen its marked line is shown, within `height` lines."""
    head = [out.paint("bold", f"ccd {text.local(top['at'])}  {summary(top['status'])}")]
    head += [out.paint("red", problem_text(problem)) for problem in top["status"]["problems"]]
    agents = [agent for agent in top["agents"] if agent["status"] != "logged_out"]
    tables = {
        Part.QUEUES: text.table(
            queue_titles(), [queue_row(each) for each in top["queues"]], columns=out.columns
        ),
        Part.CALLS: text.table(call_titles(), [call_row(each) for each in top["calls"]], columns=out.columns),
        Part.AGENTS: text.table(agent_titles(), [agent_row(each) for each in agents], columns=out.columns),
    }
    marked = screen.marked(top) if screen is not None else None
    rooms = _rooms({part: len(rows) - 1 for part, rows in tables.items()}, height, len(head))
    for part, (titles, *rows) in tables.items():
        active = screen is not None and part is screen.part
        head += ["", out.paint("bold", f"▸ {titles}" if active else titles)]
        row = marked[1] if marked is not None and marked[0] is part else None
        for index, line in window(rows, row, rooms[part]):
            head.append(out.paint("reverse", line) if index == row else line)
        if rooms[part] < len(rows):
            head.append(out.paint("dim", _("… and {count} more", count=len(rows) - rooms[part])))
    return head


def _rooms(rows: dict[Part, int], height: int | None, head: int) -> dict[Part, int]:
    """Share the lines among the tables: each gets what it needs, and what it cannot have is taken evenly."""
    if height is None:
        return rows
    left = max(len(rows), height - head - 3 * len(rows) - 1)
    rooms: dict[Part, int] = {}
    for count, part in enumerate(sorted(rows, key=lambda part: rows[part])):
        rooms[part] = min(rows[part], left // (len(rows) - count))
        left -= rooms[part]
    return rooms


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


def _typed(within_s: float, *, keyboard: bool) -> str:
    """Give what is typed, an arrow as one piece; empty when nothing was. The end of input reads as `q`."""
    readable, _w, _x = select.select([sys.stdin] if keyboard else [], [], [], within_s)
    if not readable:
        return ""
    return os.read(sys.stdin.fileno(), 32).decode("utf-8", "replace") or "q"


class _LiveTop:
    """The live view; a wish is granted beside it, so that the picture goes on while a phone rings."""

    def __init__(self, out: Terminal, live: "Live", interval_s: float) -> None:
        self._out = out
        self._live = live
        self._interval_s = interval_s
        self._screen = Screen()
        self._client = out.client(timeout_s=10.0)
        self._granting = False

    def run(self, *, keyboard: bool) -> None:
        """Show and obey until the user ends it."""
        top: Top = self._client.get("top")
        while not self._screen.over:
            self._show(top)
            typed = _typed(self._interval_s, keyboard=keyboard)
            for key in [typed] if typed.startswith("\x1b") else typed:
                if (wish := self._screen.press(key_of(key), top)) is not None:
                    self._grant(wish)
            if not typed:
                top = self._look() or top

    def _look(self) -> Top | None:
        """Ask again; None while the daemon cannot answer, which is told: it may only be restarting."""
        try:
            found: Top = self._client.get("top")
        except CcdError as error:
            self._screen.trouble = text.clean(explained(error))
            return None
        self._screen.trouble = ""
        return found

    def _show(self, top: Top) -> None:
        from rich.text import Text

        height = self._live.console.height - 1
        lines = view(self._out, top, self._screen, height)[:height]
        colour = "red" if self._screen.trouble else "dim"
        lines += [""] * (height - len(lines)) + [self._out.paint(colour, self._screen.prompt)]
        self._live.update(Text.from_ansi("\n".join(lines), no_wrap=True), refresh=True)

    def _grant(self, wish: Wish) -> None:
        if self._granting:
            self._screen.failed(_("one after the other, please"))
            return
        self._granting, self._screen.note = True, "…"
        threading.Thread(target=self._post, args=(wish,), daemon=True).start()

    def _post(self, wish: Wish) -> None:
        try:
            self._out.client(timeout_s=RING_S).post(*wish.parts, body=wish.body)
        except CcdError as error:
            self._granting = False
            self._screen.failed(text.clean(explained(error)))
        else:
            self._granting = False
            self._screen.note = wish.told


def _live(out: Terminal, interval_s: float) -> None:
    from rich.console import Console  # 150 ms that only the live view pays
    from rich.live import Live

    with _keys() as keyboard, Live(console=Console(), screen=True, auto_refresh=False) as live:
        _LiveTop(out, live, interval_s).run(keyboard=keyboard)


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
    root.command(help=_("Queues, calls and agents, live, and a hand in them by keys; q ends it."))(top)
