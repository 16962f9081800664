"""The daemon's claim on its state directory: one daemon a directory, for spool and journal have one owner.

It is made before anything else is touched, so that a second daemon, started by mistake, does no harm. The
lock lasts as long as the process, however that ends.
"""

import contextlib
import fcntl
import os
from collections.abc import Iterator
from pathlib import Path

from ccd.errors import RefusedError

NAME = "ccd.lock"


@contextlib.contextmanager
def claimed(directory: Path) -> Iterator[None]:
    """Hold a state directory; `RefusedError` says who has it, or why it cannot be used, and what to do."""
    try:
        lock = os.open(directory / NAME, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o640)
    except OSError as error:
        raise RefusedError(
            "state_directory {directory}: {error}; create it, writable for the daemon's user",
            reason="state_directory",
            directory=directory,
            error=error.strerror,
        ) from error
    try:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            owner = os.pread(lock, 20, 0).decode(errors="replace").strip()
            raise RefusedError(
                "state_directory {directory}: another ccd works in it (pid {pid}); "
                "stop that one, or give this one a `state_directory` and a `socket` of its own",
                reason="state_directory_taken",
                directory=directory,
                pid=owner or "unknown",
            ) from None
        os.ftruncate(lock, 0)
        os.pwrite(lock, f"{os.getpid()}\n".encode(), 0)
        yield
    finally:
        os.close(lock)
