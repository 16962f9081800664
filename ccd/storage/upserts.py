"""How rows of each table are written: once, however often they are sent.

Each statement is built with SQLAlchemy, compiled once for the dialect, and given tuples as `encode` makes
them: SQLAlchemy's own handling of parameters costs more than SQLite's insert does.
"""

from collections.abc import Iterable, Sequence
from typing import Any, Final

from sqlalchemy import Dialect, Table, func
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncConnection

from ccd.storage import tables
from ccd.storage.encode import Row, Rows

_REPLACE: Final = (tables.call_record, tables.agent_memory, tables.member_memory, tables.queue_memory)
"""What is sent last is what holds."""
_COMPLETE: Final = (tables.recording, tables.survey_answer)
"""What is sent fills in what was not known; nothing known is ever lost."""
_KEEP: Final = (tables.call_segment, tables.call_decision, tables.agent_log)
"""What is there stays."""

ORDER: Final = tuple(
    table.name for table in tables.metadata.sorted_tables if table in {*_REPLACE, *_COMPLETE, *_KEEP}
)
"""Parents before children."""

CHUNK_ROWS: Final = 500
"""Rows a statement: more gain nothing, and each is a stretch in which a thread holds the interpreter."""


class Upserts:
    """The statements of one dialect."""

    def __init__(self, dialect: Dialect) -> None:
        self._sql = {table.name: _statement(table, dialect) for table in (*_REPLACE, *_COMPLETE, *_KEEP)}
        self._names = {table.name: tuple(table.columns.keys()) for table in tables.metadata.sorted_tables}
        self._positional = dialect.positional

    async def write(self, connection: AsyncConnection, rows: Rows) -> None:
        """Write rows of any tables, in the order that the foreign keys want."""
        for table in ORDER:
            for chunk in _chunks(rows.get(table, ())):
                await connection.exec_driver_sql(self._sql[table], self._parameters(table, chunk))

    def _parameters(self, table: str, chunk: Sequence[Row]) -> Any:
        if self._positional:
            return chunk
        names = self._names[table]
        return [dict(zip(names, row, strict=True)) for row in chunk]


def _chunks(rows: Sequence[Row]) -> Iterable[Sequence[Row]]:
    for start in range(0, len(rows), CHUNK_ROWS):
        yield rows[start : start + CHUNK_ROWS]


def _statement(table: Table, dialect: Dialect) -> str:
    # The two dialects' inserts are two classes with the same methods.
    insert: Any = sqlite.insert(table) if dialect.name == "sqlite" else postgresql.insert(table)
    keys = list(table.primary_key.columns)
    rest = [column for column in table.columns if column not in keys]
    if table in _KEEP:
        upsert = insert.on_conflict_do_nothing()
    elif table in _COMPLETE:
        known = {c.name: func.coalesce(insert.excluded[c.name], c) for c in rest}
        upsert = insert.on_conflict_do_update(index_elements=keys, set_=known)
    else:
        newer = insert.excluded.sequence > table.c.sequence if table is tables.call_record else None
        upsert = insert.on_conflict_do_update(
            index_elements=keys, set_={c.name: insert.excluded[c.name] for c in rest}, where=newer
        )
    return str(upsert.compile(dialect=dialect, column_keys=list(table.columns.keys())))
