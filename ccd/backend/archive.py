"""What is over: records, recordings, survey answers, owners of customers. From the database."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
from typing import cast
from zoneinfo import ZoneInfo

from ccd.backend.messages import MessageDesk
from ccd.calls.house import House
from ccd.http import filters, shapes
from ccd.model import AgentNumber, CallId, QueueName
from ccd.recording.paths import resolve
from ccd.records.exports import asterisk_csv, jsonl, people_csv, stream
from ccd.records.record import Outcome
from ccd.records.survey import SurveyGroup, SurveyLine, SurveyTally
from ccd.storage.recordings import RecordingFilter
from ccd.storage.records import Order, RecordFilter
from ccd.storage.store import Store
from ccd.storage.streams import iterate_records, iterate_surveys
from ccd.storage.surveys import SurveyFilter


class Archive:
    """Reads the store, and the calls under way where a question concerns both."""

    def __init__(self, house: House, store: Store, messages: MessageDesk) -> None:
        self._house = house
        self._store = store
        self.messages = messages
        """Those of callers, and what others are told."""

    # ------------------------------------------------------------ records

    async def records(self, which: filters.RecordFilter, page: filters.Page) -> shapes.RecordPage:
        """Give a page of finished calls."""
        async with self._store.reading() as tx:
            found = await tx.records.list(
                _records(which),
                limit=page.limit,
                after=CallId(page.cursor) if page.cursor else None,
                order=Order(page.order.value),
            )
        items = [cast("shapes.Record", record.to_json(segments=False)) for record in found]
        return {"items": items, "next_cursor": found[-1].id if len(found) == page.limit else None}

    async def record(self, call_id: str) -> shapes.FullRecord:
        """Give all of one finished call."""
        async with self._store.reading() as tx:
            record = await tx.records.get(CallId(call_id))
        return cast("shapes.FullRecord", record.to_json())

    async def explain(self, call_id: str) -> shapes.Explanation:
        """Give all of a live or finished call, routing decisions included."""
        record = self._house.scribe.live(CallId(call_id))
        if record is None:
            async with self._store.reading() as tx:
                record = await tx.records.get(CallId(call_id))
        return cast("shapes.Explanation", record.to_json(decisions=True))

    async def export(self, kind: filters.ExportFormat, which: filters.RecordFilter) -> AsyncIterator[bytes]:
        """Give finished calls, the oldest first, in pieces."""
        records = iterate_records(self._store, _records(which), segments=kind is filters.ExportFormat.JSONL)
        config = self._house.config
        zone = ZoneInfo(config.timezone)
        match kind:
            case filters.ExportFormat.CSV:
                form = people_csv(config.language, zone)
            case filters.ExportFormat.ASTERISK_CSV:
                form = asterisk_csv(zone)
            case filters.ExportFormat.JSONL:
                form = jsonl()
        async for piece in stream(form, records):
            yield piece

    # ------------------------------------------------------------ recordings

    async def recordings(self, which: filters.RecordFilter, page: filters.Page) -> shapes.RecordingPage:
        """Give a page of recordings."""
        wanted = RecordingFilter(
            since=which.since,
            until=which.until,
            number=which.number,
            agent=AgentNumber(which.agent) if which.agent else None,
            queue=QueueName(which.queue) if which.queue else None,
        )
        async with self._store.reading() as tx:
            found = await tx.recordings.list(wanted, limit=page.limit, after=page.cursor)
        items = [cast("shapes.Recording", each.to_json()) for each in found]
        return {"items": items, "next_cursor": found[-1].id if len(found) == page.limit else None}

    async def recording_path(self, recording_id: str) -> shapes.RecordingPath:
        """Give where a recording lies, by its own id or by its call's."""
        async with self._store.reading() as tx:
            found = await tx.recordings.get(recording_id)
        root = Path(self._house.config.recording.directory)
        path = await asyncio.to_thread(resolve, root, found.path)
        return {
            "id": found.id,
            "call_id": found.call_id,
            "path": str(path),
            "length_s": found.length_s,
            "size": found.size,
        }

    # ------------------------------------------------------------ surveys and customers

    async def survey_report(self, which: filters.SurveyFilter) -> shapes.SurveyReport:
        """Count the answers."""
        wanted = SurveyFilter(
            since=which.since,
            until=which.until,
            survey=which.survey,
            queue=QueueName(which.queue) if which.queue else None,
            agent=AgentNumber(which.agent) if which.agent else None,
        )
        tally = SurveyTally(SurveyGroup(which.group_by.value), ZoneInfo(self._house.config.timezone))
        async for answer in iterate_surveys(self._store, wanted):
            tally.add(answer)
        return {"group_by": which.group_by.value, "rows": [self._row(line) for line in tally.lines()]}

    def _row(self, line: SurveyLine) -> shapes.SurveyRow:
        survey = self._house.config.surveys.get(line.survey)
        digits = survey.digits if survey else {}
        return {
            "survey": line.survey,
            "key": line.key,
            "offered": line.offered,
            "answered": line.answered,
            "response_rate": round(100 * line.response_rate, 1),
            "answers": dict.fromkeys(digits, 0) | line.by_digit,
            "labels": {digit: {"en": label.en, "zh": label.zh} for digit, label in digits.items()},
        }

    async def owner(self, number: str) -> shapes.Owner:
        """Give who owns a customer."""
        async with self._store.reading() as tx:
            return {"number": number, "agent": await tx.customers.owner(number)}

    async def set_owner(self, number: str, agent: str | None) -> shapes.Owner:
        """Set who owns a customer; None: nobody."""
        async with self._store.unit() as tx:
            await tx.customers.set_owner(number, AgentNumber(agent) if agent else None)
        return {"number": number, "agent": agent}


def _records(which: filters.RecordFilter) -> RecordFilter:
    return RecordFilter(
        since=which.since,
        until=which.until,
        number=which.number,
        called=which.called,
        agent=AgentNumber(which.agent) if which.agent else None,
        queue=QueueName(which.queue) if which.queue else None,
        outcomes=frozenset({Outcome(which.outcome.value)}) if which.outcome else None,
    )
