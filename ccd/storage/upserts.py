"""How rows of each table are written: once, however often they are sent.

Each statement is built with SQLAlchemy and compiled once for the dialect; it is then given tuples as `encode`
makes them, many rows at a time. SQLAlchemy's own handling of parameters costs more than SQLite's insert, and
a row a step makes the driver's thread and the event loop quarrel over the interpreter for each of them.
"""

import re
from collections.abc import Iterator, Sequence
from itertools import chain
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
    table for table in tables.metadata.sorted_tables if table in {*_REPLACE, *_COMPLETE, *_KEEP}
)
"""Parents before children."""

MANY: Final = 250
"""Rows that one statement takes; what is left over goes row by row. More statements mean more errands to the
driver's thread, and 27 columns times 250 is still well below either database's limit on parameters."""


class Upserts:
    """The statements of one dialect."""

    def __init__(self, dialect: Dialect) -> None:
        style = "qmark" if dialect.name == "sqlite" else "format"
        positional: Dialect = type(dialect)(paramstyle=style)  # type: ignore[call-arg] # of DefaultDialect
        self._statements = {table: _Statement(_compiled(table, positional)) for table in ORDER}

    async def write(self, connection: AsyncConnection, rows: Rows) -> None:
        """Write rows of any tables, in the order that the foreign keys want."""
        for table, its in _in_order(rows):
            for sql, parameters in self._statements[table].calls(its):
                await connection.exec_driver_sql(sql, parameters)

    def calls(self, rows: Rows) -> Iterator[tuple[str, Any]]:
        """Give the driver's statements and parameters: a tuple for one execution, a list for many."""
        for table, its in _in_order(rows):
            yield from self._statements[table].calls(its)


class _Statement:
    """One table's upsert, for one row and for many."""

    def __init__(self, sql: str) -> None:
        parts = re.fullmatch(r"(INSERT INTO .*? VALUES )(\(.*?\))(.*)", sql, re.DOTALL)
        if parts is None:
            raise AssertionError(f"not an insert of values: {sql}")
        head, row, tail = parts.groups()
        self._single = sql
        self._many = head + ", ".join([row] * MANY) + tail

    def calls(self, rows: Sequence[Row]) -> Iterator[tuple[str, Any]]:
        whole = len(rows) - len(rows) % MANY
        for start in range(0, whole, MANY):
            yield self._many, tuple(chain.from_iterable(rows[start : start + MANY]))
        if whole < len(rows):
            yield self._single, list(rows[whole:])


def _in_order(rows: Rows) -> Iterator[tuple[Table, Sequence[Row]]]:
    for table in ORDER:
        its = rows.get(table.name)
        if its:
            yield table, _merged(its, len(table.primary_key)) if table in _COMPLETE else its


def _merged(rows: Sequence[Row], key_length: int) -> Sequence[Row]:
    """Make one row of those of one key: a statement cannot complete the same row twice."""
    if len({row[:key_length] for row in rows}) == len(rows):
        return rows
    found: dict[Row, Row] = {}
    for row in rows:
        key = row[:key_length]
        before = found.get(key, row)
        found[key] = tuple(old if new is None else new for new, old in zip(row, before, strict=True))
    return list(found.values())


def _compiled(table: Table, dialect: Dialect) -> str:
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
