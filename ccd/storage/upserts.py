"""How rows of each table are written: once, however often they are sent.

Each statement is built with SQLAlchemy and compiled once for the dialect; it is then given tuples as `encode`
makes them, many rows at a time: SQLAlchemy's own handling of parameters costs more than SQLite's insert.
SQLite takes many rows in one step, because at each step the writer's thread and the event loop quarrel over
the interpreter; PostgreSQL's driver takes them row by row in a pipeline, because it reads each text anew.
"""

import re
from collections.abc import Iterator, Sequence
from itertools import chain
from typing import Any, Final

from sqlalchemy import Dialect, Table, func
from sqlalchemy.dialects import postgresql, sqlite

from ccd.storage import tables
from ccd.storage.encode import Row, Rows

_REPLACE: Final = (
    tables.call_record,
    tables.agent_memory,
    tables.member_memory,
    tables.queue_memory,
    tables.disposition,
    tables.outgoing_call,
    tables.pin_lock,
)
"""What is sent last is what holds."""
_COMPLETE: Final = (tables.recording, tables.survey_answer)
"""What is sent fills in what was not known; nothing known is ever lost."""
_KEEP: Final = (
    tables.call_segment,
    tables.call_decision,
    tables.agent_log,
    tables.voicemail_message,
    tables.notice,
)
"""What is there stays."""

ORDER: Final = tuple(
    table for table in tables.metadata.sorted_tables if table in {*_REPLACE, *_COMPLETE, *_KEEP}
)
"""Parents before children."""

MANY: Final = 250
"""Rows given at a time: 29 columns times 250 is well below SQLite's limit on parameters."""


class Upserts:
    """The statements of one dialect."""

    def __init__(self, dialect: Dialect) -> None:
        on_sqlite = dialect.name == "sqlite"
        style = "qmark" if on_sqlite else "format"
        positional: Dialect = type(dialect)(paramstyle=style)  # type: ignore[call-arg] # of DefaultDialect
        self._statements = {
            table: _Statement(_compiled(table, positional), in_one_step=on_sqlite) for table in ORDER
        }

    def calls(self, rows: Rows) -> Iterator[tuple[str, Any]]:
        """Give what to have the driver execute for rows of any tables, in the order that foreign keys want.

        Parameters are a tuple for one execution, a list for one after the other.
        """
        for table, its in _in_order(rows):
            yield from self._statements[table].calls(its)


class _Statement:
    """One table's upsert."""

    def __init__(self, sql: str, *, in_one_step: bool) -> None:
        self._single = sql
        self._many = _of_many_rows(sql) if in_one_step else None

    def calls(self, rows: Sequence[Row]) -> Iterator[tuple[str, Any]]:
        for start in range(0, len(rows), MANY):
            part = rows[start : start + MANY]
            if self._many is not None and len(part) == MANY:
                yield self._many, tuple(chain.from_iterable(part))
            else:
                yield self._single, list(part)


def _of_many_rows(sql: str) -> str:
    parts = re.fullmatch(r"(INSERT INTO .*? VALUES )(\(.*?\))(.*)", sql, re.DOTALL)
    if parts is None:
        raise AssertionError(f"not an insert of values: {sql}")
    head, row, tail = parts.groups()
    return head + ", ".join([row] * MANY) + tail


def _in_order(rows: Rows) -> Iterator[tuple[Table, Sequence[Row]]]:
    for table in ORDER:
        if rows.get(table.name):
            yield table, rows[table.name]


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
