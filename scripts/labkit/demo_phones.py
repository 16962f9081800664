"""The phones that the demo leaves behind: a process of their own, which `scripts/lab down` ends too."""

import os
import sys
import time
from collections.abc import Sequence
from pathlib import Path

from labkit import processes
from labkit.messages import _
from labkit.settings import CHECKOUT, LabError, State

MODULE = "labkit.demo_staff"
START_S = 20.0
STOP_S = 10.0


def mark(state: State) -> str:
    """Give what the command line of this lab's phones, and of no other process, holds."""
    return f"{MODULE}\0{state.root}\0"


def start(state: State, extensions: Sequence[str], language: str) -> None:
    """Start the phones and wait until they are registered."""
    log = log_of(state)
    search = f"{Path(__file__).parents[1]}{os.pathsep}{CHECKOUT}"
    command = [sys.executable, "-P", "-m", MODULE, str(state.root), language, *extensions]
    process = processes.spawn(command, log=log, cwd=state.root, env=os.environ | {"PYTHONPATH": search})
    deadline = time.monotonic() + START_S
    while running(state) != process.pid:
        if process.poll() is not None or time.monotonic() > deadline:
            processes.terminate(process.pid, mark(state), patience_s=STOP_S)
            lines = processes.last_lines(log)
            raise LabError(_("the phones did not start:\n  {file}\n{lines}", file=log, lines=lines))
        time.sleep(0.02)


def running(state: State) -> int | None:
    """Give the pid of the phones once they are registered."""
    return processes.read_pid(state.phones_pid, mark(state))


def stop(state: State) -> None:
    """End the phones; they hang up and take their registrations back."""
    pid = running(state)
    if pid is not None:
        processes.terminate(pid, mark(state), patience_s=STOP_S)
    state.phones_pid.unlink(missing_ok=True)


def log_of(state: State) -> Path:
    """Give the log of the phones."""
    return state.log / "phones.log"
