"""How the demo tells its story: a line a step, with the seconds since it began; colour on a terminal only."""

import os
import sys
import time

CUSTOMER, AGENT, CCD, DIM, BOLD, RED = "36", "33", "32", "2", "1", "31"
WHO_COLUMNS = 13


class Teller:
    """Writes to standard output."""

    def __init__(self) -> None:
        terminal = sys.stdout.isatty() and os.environ.get("TERM") != "dumb"
        self._colours = terminal and "NO_COLOR" not in os.environ
        self._began = time.monotonic()

    def begin(self) -> None:
        """Count the seconds from now."""
        self._began = time.monotonic()

    def title(self, text: str) -> None:
        """Head what follows."""
        self.line()
        self.line(self.paint(BOLD, f"== {text}"))

    def step(self, who: str, text: str) -> None:
        """Tell what somebody does: a customer by number, an agent by extension, or ccd."""
        after = self.paint(DIM, f"{time.monotonic() - self._began:6.1f} s")
        colour = CCD if who == "ccd" else CUSTOMER if len(who) > len("1001") else AGENT
        self.line(f"{after}  {self.paint(colour, who.ljust(WHO_COLUMNS))}{text}")

    def line(self, text: str = "") -> None:
        """Write a line at once, for whoever follows a log."""
        print(text, flush=True)

    def paint(self, colour: str, text: str) -> str:
        """Colour a piece of text, on a terminal."""
        return f"\x1b[{colour}m{text}\x1b[0m" if self._colours else text
