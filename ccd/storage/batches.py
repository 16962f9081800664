"""One batch of items in one transaction, and what to do with an item that the database will never take."""

from collections.abc import Iterable, Sequence
from functools import partial
from pathlib import Path
from typing import Final

import structlog
from sqlalchemy import Connection, delete, select
from sqlalchemy.exc import DataError, DBAPIError, IntegrityError, StatementError

from ccd.storage import lines
from ccd.storage import tables as t
from ccd.storage.encode import Item, Kind, Rows, coalesce
from ccd.storage.pin_locks import LONGEST_LOCK, forget_before
from ccd.storage.store import Store, reason
from ccd.storage.upserts import Upserts

log = structlog.get_logger(__name__)

_UNACCEPTABLE: Final = (IntegrityError, DataError, ValueError, TypeError, OverflowError)


class BatchWriter:
    """Writes batches; whatever waiting could cure is raised to the caller."""

    def __init__(self, store: Store, rejects: Path) -> None:
        self._store = store
        self._rejects = rejects
        self._upserts = Upserts(store.engine.dialect)
        self.rejected = 0
        """Items set aside in the file of rejects."""

    async def write(self, items: Sequence[Item]) -> None:
        """Write all items in one transaction.

        If one of them is at fault (no such agent, a character that the database has no place for) the batch
        is halved until it stands alone; it is then set aside, and the others are written.
        """
        items = coalesce(items)
        if not items:
            return
        try:
            await self._store.in_thread(partial(self._write, items))
        except (*_UNACCEPTABLE, StatementError) as error:
            if isinstance(error, DBAPIError) and not isinstance(error, _UNACCEPTABLE):
                raise
            if len(items) == 1:
                self._reject(items[0], error)
                return
            middle = len(items) // 2
            await self.write(items[:middle])
            await self.write(items[middle:])

    def _write(self, items: Sequence[Item], connection: Connection) -> None:
        versions = {item.key: item.version for item in items if item.kind is Kind.RECORD}
        stored = _stored(connection, versions)
        older = [key for key, sequence in stored.items() if sequence < versions[key]]
        if older:
            for children in (t.call_segment, t.call_decision):
                connection.execute(delete(children).where(children.c.call_id.in_(older)))
        rows: Rows = {}
        for item in items:
            if item.kind is Kind.RECORD and stored.get(item.key, -1) >= item.version:
                continue  # written already, by a try whose success we did not hear of
            for table, its in item.rows.items():
                rows.setdefault(table, []).extend(its)
        for sql, parameters in self._upserts.calls(rows):
            connection.exec_driver_sql(sql, parameters)
        if "pin_lock" in rows:  # seldom, and they are few: whoever guesses pays for the cleaning
            clock = self._store.clock
            forget_before(connection, clock.wall(clock.now()) - LONGEST_LOCK)

    def _reject(self, item: Item, error: Exception) -> None:
        self.rejected += 1
        log.error(
            "record_rejected",
            kind=item.kind.value,
            key=item.key,
            reason=reason(error),
            kept_in=str(self._rejects),
        )
        try:
            lines.append_to(self._rejects, item.to_line())
        except OSError as refused:
            log.critical(
                "record_lost", kind=item.kind.value, key=item.key, reason=str(refused), rows=item.rows
            )


def _stored(connection: Connection, ids: Iterable[str]) -> dict[str, int]:
    columns = t.call_record.c
    wanted = list(ids)
    if not wanted:
        return {}
    found = connection.execute(select(columns.id, columns.sequence).where(columns.id.in_(wanted)))
    return {row.id: row.sequence for row in found}
