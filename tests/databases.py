"""Databases for tests: a SQLite file of one's own, or one in a throw-away PostgreSQL on a Unix socket."""

import atexit
import os
import pwd
import shutil
import subprocess
import tempfile
from functools import cache
from itertools import count
from pathlib import Path

import pytest

_NUMBERS = count(1)


def _binaries() -> Path | None:
    found = shutil.which("postgres")
    if found:
        return Path(found).resolve().parent
    installed = sorted(Path("/usr/lib/postgresql").glob("*/bin/postgres"))
    return installed[-1].parent if installed else None


def _as_postgres() -> list[str]:
    """PostgreSQL refuses to run as root."""
    return ["setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups"] if os.getuid() == 0 else []


class PostgresServer:
    """One server for the whole test run; each test gets a database of its own."""

    def __init__(self, binaries: Path) -> None:
        self._binaries = binaries
        self._root = Path(tempfile.mkdtemp(prefix="ccd-pg-"))
        self.user = "postgres" if os.getuid() == 0 else pwd.getpwuid(os.getuid()).pw_name
        if os.getuid() == 0:
            shutil.chown(self._root, "postgres", "postgres")
        data = self._root / "data"
        self._run(
            "initdb", "-D", data, "-A", "trust", "-U", self.user, "-E", "UTF8", "--locale=C", "--no-sync"
        )
        options = f"-c listen_addresses= -c unix_socket_directories={self._root} -c fsync=off -c jit=off"
        self._run("pg_ctl", "-D", data, "-w", "-s", "-l", self._root / "log", "-o", options, "start")
        atexit.register(self._stop)

    def _run(self, program: str, *arguments: object) -> None:
        command = [*_as_postgres(), str(self._binaries / program), *map(str, arguments)]
        subprocess.run(command, check=True, capture_output=True, timeout=60, cwd="/")

    def _stop(self) -> None:
        self._run("pg_ctl", "-D", self._root / "data", "-m", "immediate", "-s", "stop")
        shutil.rmtree(self._root, ignore_errors=True)

    def new_database(self) -> str:
        """Give the URL of an empty database."""
        name = f"test_{next(_NUMBERS)}"
        self._run("createdb", "-h", self._root, "-U", self.user, name)
        return f"postgresql://{self.user}@/{name}?host={self._root}"


@cache
def _server() -> PostgresServer | None:
    binaries = _binaries()
    return None if binaries is None else PostgresServer(binaries)


def database_url(kind: str, folder: Path) -> str:
    """Give the URL of an empty database, `sqlite` or `postgresql`; skip where there is no PostgreSQL."""
    if kind == "sqlite":
        return f"sqlite:///{folder / 'ccd.db'}"
    server = _server()
    if server is None:
        pytest.skip("no PostgreSQL server is installed here")
    return server.new_database()
