"""`ccd top` in a terminal of its own, with keys really typed."""

import fcntl
import os
import pty
import select
import struct
import subprocess
import sys
import termios
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.integration.cli.conftest import Ccd

ROWS, COLUMNS = 30, 150


class Screen:
    """A pseudo terminal with `ccd top` in it."""

    def __init__(self, socket: Path) -> None:
        self._end, theirs = pty.openpty()
        fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", ROWS, COLUMNS, 0, 0))
        self._process = subprocess.Popen(
            [Path(sys.executable).with_name("ccd"), "top"],
            stdin=theirs,
            stdout=theirs,
            stderr=theirs,
            start_new_session=True,
            env=os.environ | {"TERM": "xterm", "LC_ALL": "C.UTF-8", "CCD_SOCKET": str(socket)},
        )
        os.close(theirs)

    def type(self, keys: str) -> None:
        """Press keys."""
        os.write(self._end, keys.encode())

    def until(self, text: str, timeout_s: float = 15.0) -> None:
        """Read until a text was shown since the last look."""
        deadline, seen = time.monotonic() + timeout_s, ""
        while text not in seen:
            readable, _, _ = select.select([self._end], [], [], max(0.0, deadline - time.monotonic()))
            assert readable, f"{text!r} was not shown; the last was {seen[-2000:]!r}"
            seen += os.read(self._end, 65536).decode("utf-8", "replace")

    def exit_code(self) -> int:
        """Wait for the end; give the exit code."""
        return self._process.wait(10.0)

    def kill(self) -> None:
        """End it if it still runs."""
        self._process.kill()
        self._process.wait()
        os.close(self._end)


@pytest.fixture
def screen(ccd: Ccd) -> Iterator[Screen]:
    """Start it, and end it whatever the test came to."""
    started = Screen(ccd.socket)
    yield started
    started.kill()


def test_keys_steer_calls_and_agents_while_all_goes_on(screen: Screen, ccd: Ccd):
    """A call is moved, an agent sent on a break; q gives the terminal back."""
    screen.until("1795250000.12")
    screen.type("m")
    screen.until("to which queue (sales, support)?")
    screen.type("support\r")
    screen.until("1795250000.12 → support")
    screen.type("\t")
    screen.until("p: break or ready")
    screen.type("p")
    screen.until("1001: pause")
    screen.type("q")
    assert screen.exit_code() == 0
    assert ("move", "1795250000.12", "support") in ccd.backend.asked


def test_a_daemon_that_is_gone_for_a_while_ends_nothing(screen: Screen, ccd: Ccd):
    """What was seen last stays, with what is wrong; when the daemon is back, all goes on."""
    screen.until("1795250000.12")
    ccd.backend.failure = RuntimeError("no room")
    screen.until("its log says why")
    ccd.backend.failure = None
    screen.until("ccd 2026")
    screen.type("q")
    assert screen.exit_code() == 0
