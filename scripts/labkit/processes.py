"""Starting, recognising and ending processes that outlive the command which started them.

A pid file may name a process that is long gone and whose number someone else has now. So every process is
recognised by a mark in its command line, and is signalled through a pidfd, which cannot change owner.
"""

import os
import select
import signal
import socket
import subprocess
import time
from collections.abc import Mapping, Sequence
from pathlib import Path

from labkit.messages import _
from labkit.settings import LabError


def spawn(
    argv: Sequence[str], *, log: Path, cwd: Path, env: Mapping[str, str] | None = None
) -> subprocess.Popen:
    """Start a process in a session of its own, its output appended to `log`."""
    with log.open("ab") as output:
        return subprocess.Popen(
            argv,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            cwd=cwd,
            env=env,
            start_new_session=True,
        )


def read_pid(pid_file: Path, mark: str) -> int | None:
    """Give the pid in a pid file if that process lives and has `mark` in its command line."""
    try:
        pid = int(pid_file.read_text())
    except (FileNotFoundError, ValueError):
        return None
    return pid if is_ours(pid, mark) else None


def is_ours(pid: int, mark: str) -> bool:
    """Whether the process lives and has `mark` in its command line."""
    process = Path(f"/proc/{pid}")
    try:
        while not (words := (process / "cmdline").read_bytes()):
            if (process / "stat").read_text().rpartition(")")[2].split()[0] in "ZX":
                return False  # a zombie
            time.sleep(0.001)  # it is being started: its command line comes in a moment
    except (FileNotFoundError, ProcessLookupError):
        return False
    return mark.encode() in words


def terminate(pid: int, mark: str, *, patience_s: float) -> None:
    """End a process of ours: SIGTERM, and SIGKILL when it is still there after `patience_s`."""
    try:
        handle = os.pidfd_open(pid)
    except ProcessLookupError:
        return
    try:
        if not is_ours(pid, mark):
            return
        signal.pidfd_send_signal(handle, signal.SIGTERM)
        if not _ended(handle, patience_s):
            signal.pidfd_send_signal(handle, signal.SIGKILL)
            if not _ended(handle, 5.0):
                raise LabError(_("process {pid} does not end, even by SIGKILL", pid=pid))
    except ProcessLookupError:
        pass
    finally:
        os.close(handle)


def _ended(handle: int, timeout_s: float) -> bool:
    poller = select.poll()
    poller.register(handle, select.POLLIN)
    return bool(poller.poll(timeout_s * 1000))


def port_is_free(port: int, kind: socket.SocketKind) -> bool:
    """Whether a port on 127.0.0.1 can be bound."""
    with socket.socket(socket.AF_INET, kind) as probe:
        if kind == socket.SOCK_STREAM:  # as servers do: a connection in TIME_WAIT is no obstacle
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
        return True


def last_lines(log: Path, count: int = 15) -> str:
    """Give the end of a log, indented, for an error message."""
    try:
        with log.open("rb") as file:
            file.seek(max(0, file.seek(0, os.SEEK_END) - 32_768))
            text = file.read().decode(errors="replace")
    except FileNotFoundError:
        return "    (no log yet)"
    return "\n".join(f"    {line}" for line in text.splitlines()[-count:]) or "    (the log is empty)"
