"""Tells the supervisor how we are: systemd's `sd_notify(3)`, one datagram a message.

Without `NOTIFY_SOCKET` nothing is sent. A supervisor that went away is no reason to stop serving callers.
"""

import contextlib
import os
import socket
import time


def ready(status: str = "") -> None:
    """Say that the start, or a reload, is done."""
    send(f"READY=1\nSTATUS={status}" if status else "READY=1")


def reloading() -> None:
    """Say that a reload begins; `ready` ends it."""
    send(f"RELOADING=1\nMONOTONIC_USEC={time.monotonic_ns() // 1000}")


def stopping() -> None:
    """Say that an orderly stop begins."""
    send("STOPPING=1")


def watchdog() -> None:
    """Say that the event loop turns."""
    send("WATCHDOG=1")


def watchdog_period_s() -> float | None:
    """Give the silence after which the supervisor kills us; None: it does not watch us."""
    microseconds, pid = os.environ.get("WATCHDOG_USEC", ""), os.environ.get("WATCHDOG_PID", "")
    if not microseconds.isdecimal() or int(microseconds) == 0 or pid not in {"", str(os.getpid())}:
        return None
    return int(microseconds) / 1_000_000


def send(message: str) -> None:
    """Send one message to the supervisor, if there is one."""
    address = os.environ.get("NOTIFY_SOCKET", "")
    if not address:
        return
    if address.startswith("@"):  # Linux's abstract sockets
        address = "\0" + address[1:]
    with (
        contextlib.suppress(OSError),
        socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM | socket.SOCK_CLOEXEC) as peer,
    ):
        peer.setblocking(False)
        peer.sendto(message.encode(), address)
