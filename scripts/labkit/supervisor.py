"""A small stand-in for systemd: keeps one command running, as `Restart=always` and `WatchdogSec=10` would.

It gives the command a `NOTIFY_SOCKET`, understands `READY=1`, `WATCHDOG=1` and `STOPPING=1` of the sd_notify
protocol, restarts the command at once when it dies, and more and more slowly when it dies young again and
again. A command whose watchdog falls silent gets SIGABRT, then SIGKILL. SIGTERM and SIGHUP are passed on;
after SIGTERM the supervisor ends with its command.

Run as `python3 -m labkit.supervisor STATE_FOLDER -- COMMAND…`; it writes `ccd.json` in the lab's run folder.
"""

import asyncio
import contextlib
import os
import signal
import socket
import sys
import time
from pathlib import Path

from labkit.settings import State, write_json

WATCHDOG_S = 10.0
ABORT_S = 0.5
"""How long a hung command may take to die of SIGABRT (it writes its stacks) before SIGKILL."""
START_S = 90.0
STOP_S = 40.0
"""Longer than the 30 s within which ccd promises to end."""
YOUNG_S = 10.0
QUICK_RESTARTS = 5
SLOWEST_RESTART_S = 30.0


class Supervisor:
    """One command, kept running."""

    def __init__(self, state: State, command: list[str]) -> None:
        self._state = state
        self._command = command
        self._process: asyncio.subprocess.Process | None = None
        self._ready = False
        self._status = ""
        self._stopping = asyncio.Event()
        self._heard_at = 0.0
        self._restarts = 0
        self._last_exit: int | None = None

    async def run(self) -> None:
        """Keep the command running until SIGTERM."""
        loop = asyncio.get_running_loop()
        loop.add_signal_handler(signal.SIGTERM, self._stopping.set)
        loop.add_signal_handler(signal.SIGINT, self._stopping.set)
        loop.add_signal_handler(signal.SIGHUP, self._signal, signal.SIGHUP)
        with self._listen() as notifications:
            loop.add_reader(notifications, self._hear, notifications)
            young_deaths = 0
            while not self._stopping.is_set():
                started_at = time.monotonic()
                await self._run_once()
                young_deaths = young_deaths + 1 if time.monotonic() - started_at < YOUNG_S else 0
                if not self._stopping.is_set():
                    await self._pause(young_deaths)
                    self._restarts += 1

    def _listen(self) -> socket.socket:
        path = self._state.notify_socket
        path.unlink(missing_ok=True)
        listener = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        listener.settimeout(0)
        listener.bind(str(path))
        return listener

    async def _run_once(self) -> None:
        environment = os.environ | {
            "NOTIFY_SOCKET": str(self._state.notify_socket),
            "WATCHDOG_USEC": str(int(WATCHDOG_S * 1_000_000)),
        }
        self._ready, self._status, self._heard_at = False, "", time.monotonic()
        self._process = await asyncio.create_subprocess_exec(*self._command, env=environment)
        self._publish()
        say(f"started as pid {self._process.pid}")
        watch = asyncio.create_task(self._watch(self._process))
        stop = asyncio.create_task(self._stop(self._process))
        self._last_exit = await self._process.wait()
        self._ready = False
        for task in (watch, stop):
            task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await task
        say(f"pid {self._process.pid} ended with {describe_exit(self._last_exit)}")
        self._process = None
        self._publish()

    async def _watch(self, process: asyncio.subprocess.Process) -> None:
        """Kill the command when it does not become ready, or falls silent, in time."""
        while True:
            limit_s = WATCHDOG_S if self._ready else START_S
            silent_s = time.monotonic() - self._heard_at
            if silent_s < limit_s:
                await asyncio.sleep(min(limit_s - silent_s, 0.2 if not self._ready else limit_s))
                continue
            what = "its watchdog fell silent" if self._ready else "it did not become ready"
            say(f"{what} for {limit_s:.0f} s: SIGABRT to pid {process.pid}")
            await _kill(process, signal.SIGABRT, ABORT_S)
            return

    async def _stop(self, process: asyncio.subprocess.Process) -> None:
        await self._stopping.wait()
        say(f"stopping: SIGTERM to pid {process.pid}")
        await _kill(process, signal.SIGTERM, STOP_S)

    async def _pause(self, young_deaths: int) -> None:
        if young_deaths < QUICK_RESTARTS:
            return
        delay_s = min(2.0 ** (young_deaths - QUICK_RESTARTS), SLOWEST_RESTART_S)
        say(f"it died young {young_deaths} times in a row: the next start in {delay_s:.0f} s")
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(self._stopping.wait(), delay_s)

    def _hear(self, notifications: socket.socket) -> None:
        with contextlib.suppress(BlockingIOError):
            while True:
                lines = notifications.recv(4096).decode(errors="replace").splitlines()
                if "WATCHDOG=1" in lines or "READY=1" in lines:
                    self._heard_at = time.monotonic()
                if "READY=1" in lines:
                    self._ready = True
                if "STOPPING=1" in lines:
                    self._ready = False
                status = [line.removeprefix("STATUS=") for line in lines if line.startswith("STATUS=")]
                self._status = status[-1] if status else self._status
                if lines != ["WATCHDOG=1"]:
                    self._publish()

    def _signal(self, number: signal.Signals) -> None:
        if self._process is not None:
            with contextlib.suppress(ProcessLookupError):
                self._process.send_signal(number)

    def _publish(self) -> None:
        write_json(
            self._state.supervised,
            {
                "supervisor_pid": os.getpid(),
                "pid": self._process.pid if self._process else None,
                "ready": self._ready,
                "status": self._status,
                "restarts": self._restarts,
                "last_exit": self._last_exit,
            },
        )


async def _kill(process: asyncio.subprocess.Process, number: signal.Signals, patience_s: float) -> None:
    with contextlib.suppress(ProcessLookupError):
        process.send_signal(number)
        await asyncio.sleep(patience_s)  # cancelled as soon as the process has ended
        say(f"pid {process.pid} is still there after {patience_s:g} s: SIGKILL")
        process.kill()


def describe_exit(code: int) -> str:
    """Name a process's end: `exit code 1`, `SIGKILL`."""
    return f"exit code {code}" if code >= 0 else signal.Signals(-code).name


def say(text: str) -> None:
    """Write a line into the log that the command's own output goes to."""
    print(f"[supervisor {time.strftime('%F %T')}] {text}", flush=True)


def main() -> None:
    """Run the supervisor for `STATE_FOLDER -- COMMAND…`."""
    folder, separator, *command = sys.argv[1:]
    if separator != "--" or not command:
        raise SystemExit(__doc__)
    state = State(Path(folder))
    try:
        asyncio.run(Supervisor(state, command).run())
    finally:
        state.notify_socket.unlink(missing_ok=True)
        state.supervised.unlink(missing_ok=True)
        state.supervisor_pid.unlink(missing_ok=True)


if __name__ == "__main__":
    main()
