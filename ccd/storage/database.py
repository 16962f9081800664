"""The engines of either database, set up so that nothing waits for ever and nothing is lost.

There are two over one database. Questions and small changes go through SQLAlchemy's asyncio engine. What the
record writer writes, and what a caller waits for, goes through a plain one, a whole transaction in a thread:
with asyncio each statement is three errands to the driver's thread, and those cost four times what the
statements of a small batch do.

SQLite: a write-ahead log (readers never wait for the writer), foreign keys, `BEGIN IMMEDIATE` for whoever
means to write (a transaction that turns from reading to writing cannot be made to wait, only to fail), and
`synchronous=FULL`: a record that was written survives a power cut. That costs one `fsync` a transaction, and
the writer puts hundreds of records into one; `NORMAL` would save that much and could lose the last minutes.
PostgreSQL: UTC sessions (see `encode`) and time limits on statements, locks and dead connections.
"""

import os
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from sqlalchemy import Connection, Engine, create_engine, event, make_url
from sqlalchemy.engine import URL
from sqlalchemy.exc import ArgumentError
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine

from ccd.errors import StorageError

_ASYNCHRONOUS: Final = {"sqlite": "sqlite+aiosqlite", "postgresql": "postgresql+psycopg"}
_PLAIN: Final = {"sqlite": "sqlite+pysqlite", "postgresql": "postgresql+psycopg"}
BUSY_TIMEOUT_S: Final = 5.0
"""How long SQLite waits for another process's lock before it says so."""
_POOL: Final[dict[str, Any]] = {"pool_size": 4, "max_overflow": 4, "pool_timeout": 10}
_PRAGMAS: Final = (
    "journal_mode=WAL",
    "foreign_keys=ON",
    f"busy_timeout={BUSY_TIMEOUT_S * 1000:.0f}",
    "synchronous=FULL",
    f"journal_size_limit={64 * 1024 * 1024}",  # the log shrinks again after a burst
)
_POSTGRES: Final[dict[str, Any]] = {
    "pool_pre_ping": True,
    "connect_args": {
        "connect_timeout": 5,
        "options": "-c timezone=UTC -c statement_timeout=60000 -c lock_timeout=5000",
        "keepalives_idle": 10,
        "keepalives_interval": 5,
        "keepalives_count": 2,
        "tcp_user_timeout": 20_000,
    },
}

WRITES: Final = "ccd_writes"
"""Execution option of a connection whose transaction will write."""


@dataclass(frozen=True, slots=True)
class Engines:
    """The two ways into one database."""

    asynchronous: AsyncEngine
    plain: Engine
    """For whole transactions in a thread: one that writes, one that asks."""

    @property
    def on_sqlite(self) -> bool:
        """Tell the two databases apart."""
        return self.plain.dialect.name == "sqlite"


def create_engines(url: str) -> Engines:
    """Make the engines of a database named `sqlite:////path/ccd.db` or `postgresql://user@host/name`.

    `StorageError` when the URL names neither, or the driver is not installed.
    """
    parsed = _parse(url)
    on_sqlite = parsed.get_backend_name() == "sqlite"
    if on_sqlite:
        _prepare_file(parsed)
    options = {} if on_sqlite else _POSTGRES
    try:
        engines = Engines(
            create_async_engine(parsed.set(drivername=_ASYNCHRONOUS[parsed.drivername]), **_POOL, **options),
            create_engine(
                parsed.set(drivername=_PLAIN[parsed.drivername]),
                pool_size=2,
                max_overflow=0,
                **options,
            ),
        )
    except ImportError as error:
        raise StorageError(
            "PostgreSQL needs the extra `postgres`: pip install 'ccd[postgres]'", reason="no_postgres"
        ) from error
    if on_sqlite:
        for engine in (engines.asynchronous.sync_engine, engines.plain):
            event.listen(engine, "connect", _set_pragmas)
            event.listen(engine, "begin", _begin)
    return engines


def _parse(url: str) -> URL:
    try:
        parsed = make_url(url)
    except ArgumentError as error:
        raise StorageError(
            "database: {url!r} is not a URL such as sqlite:////var/lib/ccd/ccd.db",
            reason="no_database_url",
            url=url,
        ) from error
    in_memory = parsed.drivername == "sqlite" and parsed.database in {None, "", ":memory:"}
    if parsed.drivername not in _PLAIN or in_memory:
        raise StorageError(
            "database: {url!r} is neither sqlite:////absolute/path.db nor postgresql://user@host/name",
            reason="other_database",
            url=parsed.render_as_string(),
        )
    return parsed


def _prepare_file(url: URL) -> None:
    path = Path(str(url.database))
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        # Made here so that customers' numbers are not for everyone's eyes; the log inherits the mode.
        os.close(os.open(path, os.O_RDWR | os.O_CREAT, 0o640))
    except OSError as error:
        raise StorageError(
            "database: {path} cannot be opened for writing: {error}",
            reason="database_unwritable",
            path=path,
            error=error.strerror,
        ) from error


def _set_pragmas(connection: Any, _record: object) -> None:
    connection.isolation_level = None  # transactions are begun by `_begin`, not guessed by the driver
    cursor = connection.cursor()
    for pragma in _PRAGMAS:
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _begin(connection: Connection) -> None:
    writes = connection.get_execution_options().get(WRITES, False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")
