"""Everything of a kind, read in pages: constant memory, and each page a transaction of its own.

One long transaction would be simpler, and would keep SQLite's log from being checkpointed for as long as a
slow reader takes for a million records.
"""

from collections.abc import AsyncIterator
from typing import Final

from ccd.records.record import CallRecord, SurveyAnswer
from ccd.storage.records import EVERYTHING, Mark, Order, RecordFilter
from ccd.storage.store import Store
from ccd.storage.surveys import ALL_SURVEYS, SurveyFilter

PAGE: Final = 100
"""Records read at a time: turning rows into records is work on the event loop."""


async def iterate_records(
    store: Store,
    which: RecordFilter = EVERYTHING,
    *,
    order: Order = Order.OLDEST,
    segments: bool = False,
) -> AsyncIterator[CallRecord]:
    """Give all records of a filter, without decisions."""
    mark: Mark | None = None
    while True:
        async with store.reading() as tx:
            page = await tx.records.page(which, mark, order=order, limit=PAGE, segments=segments)
        for record in page:
            yield record
        if len(page) < PAGE:
            return
        mark = page[-1].started_at, page[-1].id


async def iterate_surveys(store: Store, which: SurveyFilter = ALL_SURVEYS) -> AsyncIterator[SurveyAnswer]:
    """Give all surveys of a filter, the oldest first."""
    last: SurveyAnswer | None = None
    while True:
        async with store.reading() as tx:
            page = await tx.surveys.page(which, last, limit=PAGE)
        for answer in page:
            yield answer
        if len(page) < PAGE:
            return
        last = page[-1]
