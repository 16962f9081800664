"""The lab's supervisor, with a small command in ccd's place."""

import asyncio
import json
import os
import signal
import sys
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest

from tests.support import until

SCRIPTS = Path(__file__).resolve().parents[2] / "scripts"
QUICK = "import sys, labkit.supervisor as s; s.WATCHDOG_S, s.ABORT_S, s.YOUNG_S = 1.5, 0.1, 0.5; s.main()"
"""The supervisor with its ten seconds made short: as long as a busy machine may keep a program waiting."""

READY = """
import os, socket, sys, threading
def tell(text):
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as s:
        s.sendto(text.encode(), os.environ["NOTIFY_SOCKET"])
tell("READY=1")
while not threading.Event().wait(0.1):
    tell("WATCHDOG=1")
"""
DIES = "raise SystemExit(3)"


class Supervised:
    """A supervisor that runs a Python program, and what it tells about it."""

    def __init__(self, state: Path, pid: int) -> None:
        self.pid = pid
        self._state = state

    def facts(self) -> dict[str, Any]:
        """Give what the supervisor writes for `status`."""
        try:
            found: dict[str, Any] = json.loads((self._state / "run" / "ccd.json").read_text())
        except FileNotFoundError:
            return {"ready": False, "pid": None, "restarts": 0}
        return found

    def is_ready(self) -> bool:
        """Whether the program has said so."""
        return bool(self.facts()["ready"])

    def log(self) -> str:
        """Give the output of both."""
        return (self._state / "log").read_text()


@pytest.fixture
async def supervise(tmp_path: Path) -> AsyncIterator[Callable[[str], Awaitable[Supervised]]]:
    """Make supervisors of Python programs; end them after the test."""
    started = []

    async def start(program: str) -> Supervised:
        (tmp_path / "run").mkdir()
        with (tmp_path / "log").open("wb") as log:
            process = await asyncio.create_subprocess_exec(
                sys.executable,
                "-c",
                QUICK,
                str(tmp_path),
                "--",
                sys.executable,
                "-c",
                program,
                env=os.environ | {"PYTHONPATH": str(SCRIPTS)},
                stdout=log,
                stderr=log,
            )
        started.append(process)
        return Supervised(tmp_path, process.pid)

    yield start
    for process in started:
        if process.returncode is None:
            process.terminate()
        await asyncio.wait_for(process.wait(), 5)


async def test_a_program_that_dies_is_started_again_at_once(supervise):
    """Killed, it runs again under another pid, and is ready."""
    supervisor = await supervise(READY)
    await until(supervisor.is_ready)
    first = supervisor.facts()["pid"]
    os.kill(first, signal.SIGKILL)
    await until(lambda: supervisor.is_ready() and supervisor.facts()["pid"] != first, 2.0)
    assert supervisor.facts()["restarts"] == 1
    assert f"pid {first} ended with SIGKILL" in supervisor.log()


async def test_a_program_whose_watchdog_falls_silent_is_killed_and_started_again(supervise):
    """It gets SIGABRT first and SIGKILL when that does not help, even stopped as by SIGSTOP."""
    supervisor = await supervise(READY)
    await until(supervisor.is_ready)
    first = supervisor.facts()["pid"]
    os.kill(first, signal.SIGSTOP)
    await until(lambda: supervisor.is_ready() and supervisor.facts()["pid"] != first, 10.0)
    assert f"SIGABRT to pid {first}" in supervisor.log()
    assert f"pid {first} ended with SIGKILL" in supervisor.log()


async def test_a_program_that_dies_young_again_and_again_is_started_more_slowly(supervise):
    """Five starts follow at once, then there are pauses."""
    supervisor = await supervise(DIES)
    await until(lambda: "the next start in 2 s" in supervisor.log(), 10.0)
    assert supervisor.facts()["last_exit"] == 3
    assert supervisor.log().count("ended with exit code 3") == 6


async def test_sigterm_ends_the_program_and_the_supervisor(supervise):
    """Both are gone, and so are their files."""
    supervisor = await supervise(READY)
    await until(supervisor.is_ready)
    program = supervisor.facts()["pid"]
    os.kill(supervisor.pid, signal.SIGTERM)
    await until(lambda: supervisor.facts()["pid"] is None)
    await until(lambda: not Path(f"/proc/{program}").exists())


async def test_a_reload_reaches_the_program(supervise):
    """SIGHUP is passed on."""
    told = "import signal\nsignal.signal(signal.SIGHUP, lambda *_: print('reloaded', flush=True))\n"
    supervisor = await supervise(told + READY)
    await until(supervisor.is_ready)
    os.kill(supervisor.pid, signal.SIGHUP)
    await until(lambda: "reloaded" in supervisor.log())
