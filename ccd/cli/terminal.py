"""One command's way out: JSON or text, colour only on a terminal, and the daemon it speaks to."""

import json
import os
import re
import shutil
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ccd.cli import text
from ccd.cli.locate import CONFIG, find_socket
from ccd.cli.wishes import Wishes
from ccd.errors import CcdError
from ccd.http.client import Client

if TYPE_CHECKING:
    import typer

_COLOURS = {"green": 32, "yellow": 33, "red": 31, "bold": 1, "dim": 2, "reverse": 7}
_UNSAFE_IN_JSON = re.compile("[\x7f-\x9f\u200e\u200f\u2028-\u202e\u2066-\u2069\ud800-\udfff]")


class Terminal:
    """What a command has in hand; Typer passes it as `ctx.obj`."""

    def __init__(self, wishes: Wishes) -> None:
        self.wishes = wishes
        self.on_terminal = sys.stdout.isatty()
        self.colours = self.on_terminal and "NO_COLOR" not in os.environ

    @property
    def columns(self) -> int | None:
        """Width of the terminal; None off a terminal, where nothing is cut."""
        return shutil.get_terminal_size().columns if self.on_terminal else None

    def client(self, *, timeout_s: float = 30.0) -> Client:
        """Give the daemon's client."""
        return Client(find_socket(self.wishes), timeout_s=timeout_s, language=self.wishes.language)

    def config_path(self) -> Path:
        """Give the configuration that is meant: as named, as installed, else the running daemon's."""
        if self.wishes.config:
            return Path(self.wishes.config)
        if CONFIG.exists():
            return CONFIG
        try:
            return Path(self.client(timeout_s=5.0).get("status")["config_path"])
        except CcdError:
            return CONFIG

    def say(self, line: str = "") -> None:
        """Print a line."""
        print(line)

    def json(self, value: Any) -> None:
        """Print JSON, in UTF-8, with what could drive a terminal escaped."""
        told = json.dumps(value, ensure_ascii=False, indent=2 if self.on_terminal else None)
        print(_UNSAFE_IN_JSON.sub(lambda found: f"\\u{ord(found.group()):04x}", told))

    def table(self, titles: Sequence[str], rows: Sequence[Sequence[object]]) -> None:
        """Print rows under titles."""
        lines = text.table(titles, rows, columns=self.columns)
        print(self.paint("bold", lines[0]))
        for line in lines[1:]:
            print(line)

    def paint(self, colour: str, told: str) -> str:
        """Colour a piece of text, on a terminal."""
        return f"\x1b[{_COLOURS[colour]}m{told}\x1b[0m" if self.colours else told


def terminal(ctx: "typer.Context") -> Terminal:
    """Give the terminal of a command's context."""
    found: Terminal = ctx.obj
    return found
