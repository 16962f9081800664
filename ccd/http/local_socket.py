"""The daemon's claim on its Unix socket: one daemon a socket, and never a stale file in the way.

A lock beside the socket says who owns it for as long as the process lives, however it dies. So a leftover
socket file may be removed safely, and two daemons that start in the same instant cannot take each other's.
"""

import contextlib
import fcntl
import os
import socket
import stat
from pathlib import Path

from ccd.errors import RefusedError

MODE = 0o660
MAX_PATH = 107
"""Bytes that fit into the kernel's `sun_path`, with its closing zero."""
BACKLOG = 128
_PROBE_TIMEOUT_S = 1.0


class LocalSocket:
    """A bound, listening Unix socket with its lock."""

    def __init__(self, path: Path) -> None:
        """Claim `path`; `RefusedError` says why that cannot be and what to do."""
        self.path = path
        if len(os.fsencode(path)) > MAX_PATH:
            raise RefusedError(
                "socket {socket}: longer than {most} bytes; choose a shorter `socket`",
                reason="socket_too_long",
                socket=path,
                most=MAX_PATH,
            )
        try:
            path.parent.mkdir(exist_ok=True)
            self._lock = os.open(f"{path}.lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        except OSError as error:
            raise RefusedError(
                "socket {socket}: {error}; create its folder, writable for the daemon's user",
                reason="socket_folder",
                socket=path,
                error=error.strerror,
            ) from error
        try:
            self._take_lock()
            self._remove_stale()
            self.socket = self._bind()
        except BaseException:
            os.close(self._lock)
            raise
        self._inode = path.stat().st_ino

    def _take_lock(self) -> None:
        try:
            fcntl.flock(self._lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise RefusedError(
                "socket {socket}: another ccd serves it; stop that one, or give this one another `socket`",
                reason="socket_served",
                socket=self.path,
            ) from None

    def _remove_stale(self) -> None:
        try:
            mode = self.path.lstat().st_mode
        except FileNotFoundError:
            return
        if not stat.S_ISSOCK(mode):
            raise RefusedError(
                "socket {socket}: a file that is no socket is there; move it away",
                reason="no_socket",
                socket=self.path,
            )
        with socket.socket(socket.AF_UNIX) as probe:
            probe.settimeout(_PROBE_TIMEOUT_S)
            try:
                probe.connect(str(self.path))
            except ConnectionRefusedError:
                self.path.unlink(missing_ok=True)
                return
            except OSError as error:
                raise RefusedError(
                    "socket {socket}: {error}; remove it by hand",
                    reason="socket_stale",
                    socket=self.path,
                    error=error.strerror or error,
                ) from error
        raise RefusedError(
            "socket {socket}: another program listens on it; stop it first",
            reason="socket_taken",
            socket=self.path,
        )

    def _bind(self) -> socket.socket:
        bound = socket.socket(socket.AF_UNIX)
        bound.settimeout(0)
        before = os.umask(0o777 & ~MODE)
        try:
            bound.bind(str(self.path))
        except OSError as error:
            bound.close()
            raise RefusedError(
                "socket {socket}: {error}",
                reason="socket_not_made",
                socket=self.path,
                error=error.strerror or error,
            ) from error
        finally:
            os.umask(before)
        bound.listen(BACKLOG)
        return bound

    def release(self) -> None:
        """Close the socket and remove its file, if the file is still ours."""
        self.socket.close()
        with contextlib.suppress(OSError):
            if self.path.stat().st_ino == self._inode:
                self.path.unlink()
        os.close(self._lock)
