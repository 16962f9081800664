"""One engine for either database, set up so that nothing waits for ever and nothing is lost.

SQLite: a write-ahead log (readers never wait for the writer), foreign keys, `BEGIN IMMEDIATE` for whoever
means to write (a transaction that turns from reading to writing cannot be made to wait, only to fail), and
`synchronous=FULL`: a record that was written survives a power cut. That costs one `fsync` a transaction, and
the writer puts hundreds of records into one; `NORMAL` would save that much and could lose the last minutes.
PostgreSQL: UTC sessions (see `encode`) and time limits on statements, locks and dead connections.
"""

import os
from pathlib import Path
from typing import Any, Final

from sqlalchemy import Connection, Engine, event, make_url
from sqlalchemy.engine import URL
from sqlalchemy.exc import ArgumentError
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine

from ccd.errors import StorageError

_DRIVERS: Final = {"sqlite": "sqlite+aiosqlite", "postgresql": "postgresql+psycopg"}
BUSY_TIMEOUT_S: Final = 5.0
"""How long SQLite waits for another process's lock before it says so."""
_POOL: Final = {"pool_size": 4, "max_overflow": 4, "pool_timeout": 10}
_PRAGMAS: Final = (
    "journal_mode=WAL",
    "foreign_keys=ON",
    f"busy_timeout={BUSY_TIMEOUT_S * 1000:.0f}",
    "synchronous=FULL",
    f"journal_size_limit={64 * 1024 * 1024}",  # the log shrinks again after a burst
)
_POSTGRES_OPTIONS: Final = "-c timezone=UTC -c statement_timeout=60000 -c lock_timeout=5000"

WRITES: Final = "ccd_writes"
"""Execution option of a connection whose transaction will write."""


def create_engine(url: str) -> AsyncEngine:
    """Make the engine of a database named `sqlite:////path/ccd.db` or `postgresql://user@host/name`.

    `StorageError` when the URL names neither, or the driver is not installed.
    """
    parsed = _parse(url)
    if parsed.get_backend_name() == "sqlite":
        _prepare_file(parsed)
        engine = create_async_engine(parsed, **_POOL)
        event.listen(engine.sync_engine, "connect", _set_pragmas)
        event.listen(engine.sync_engine, "begin", _begin)
        return engine
    try:
        return create_async_engine(
            parsed,
            pool_pre_ping=True,
            connect_args={
                "connect_timeout": 5,
                "options": _POSTGRES_OPTIONS,
                "keepalives_idle": 10,
                "keepalives_interval": 5,
                "keepalives_count": 2,
                "tcp_user_timeout": 20_000,
            },
            **_POOL,
        )
    except ImportError as error:
        raise StorageError("PostgreSQL needs the extra `postgres`: pip install 'ccd[postgres]'") from error


def _parse(url: str) -> URL:
    try:
        parsed = make_url(url)
    except ArgumentError as error:
        raise StorageError(f"database: {url!r} is not a URL such as sqlite:////var/lib/ccd/ccd.db") from error
    driver = _DRIVERS.get(parsed.drivername)
    if driver is None or (driver.startswith("sqlite") and parsed.database in {None, "", ":memory:"}):
        raise StorageError(
            f"database: {parsed.render_as_string()!r} is neither sqlite:////absolute/path.db "
            "nor postgresql://user@host/name"
        )
    return parsed.set(drivername=driver)


def _prepare_file(url: URL) -> None:
    path = Path(str(url.database))
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        # Made here so that customers' numbers are not for everyone's eyes; the log inherits the mode.
        os.close(os.open(path, os.O_RDWR | os.O_CREAT, 0o640))
    except OSError as error:
        raise StorageError(f"database: {path} cannot be opened for writing: {error.strerror}") from error


def _set_pragmas(connection: Any, _record: object) -> None:
    connection.isolation_level = None  # transactions are begun by `_begin`, not guessed by the driver
    cursor = connection.cursor()
    for pragma in _PRAGMAS:
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _begin(connection: Connection) -> None:
    writes = connection.get_execution_options().get(WRITES, False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


def is_sqlite(engine: AsyncEngine | Engine) -> bool:
    """Tell the two databases apart."""
    return engine.dialect.name == "sqlite"
