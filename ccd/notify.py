"""What the daemon tells its service manager: systemd's `sd_notify` protocol, one datagram a message.

The protocol is that of sd_notify(3): lines `NAME=value` to the Unix socket of `NOTIFY_SOCKET`, a path or,
beginning with `@`, an abstract name. Without that variable nobody listens and nothing is sent. A manager that
cannot be reached never disturbs the daemon: what is lost is a message, and the watchdog is its own judge.
"""

import os
import socket
import time

import structlog

log = structlog.get_logger(__name__)


def ready(status: str = "") -> None:
    """Tell that start-up or a reload is done."""
    _send("READY=1", *_status(status))


def reloading() -> None:
    """Tell that a reload begins; `ready` ends it."""
    _send("RELOADING=1", f"MONOTONIC_USEC={time.clock_gettime_ns(time.CLOCK_MONOTONIC) // 1000}")


def stopping(status: str = "") -> None:
    """Tell that the daemon is on its way out."""
    _send("STOPPING=1", *_status(status))


def status(text: str) -> None:
    """Give one line for `systemctl status`."""
    _send(*_status(text))


def watchdog() -> None:
    """Tell that the event loop turns."""
    _send("WATCHDOG=1")


def watchdog_period_s() -> float | None:
    """Give the time after which silence counts as hung; None when nobody watches this process."""
    if os.environ.get("WATCHDOG_PID") not in {None, "", str(os.getpid())}:
        return None
    usec = os.environ.get("WATCHDOG_USEC", "")
    if not usec.isascii() or not usec.isdecimal() or int(usec) == 0:
        return None
    return int(usec) / 1_000_000


def _status(text: str) -> tuple[str, ...]:
    """Give the line of a status; a line break in it would begin another assignment."""
    return (f"STATUS={' '.join(text.split())}",) if text else ()


def _send(*lines: str) -> None:
    address = os.environ.get("NOTIFY_SOCKET", "")
    if not lines or not address.startswith(("/", "@")):
        return
    target = f"\0{address[1:]}" if address.startswith("@") else address
    try:
        with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM | socket.SOCK_NONBLOCK) as out:
            out.sendto("\n".join(lines).encode(), target)
    except OSError as error:
        log.debug("notify_failed", socket=address, error=str(error))
