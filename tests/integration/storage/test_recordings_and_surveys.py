"""Recordings and survey answers, read back for lists and reports."""

from dataclasses import replace
from datetime import timedelta

import pytest

from ccd.errors import NotFoundError
from ccd.model import AgentNumber, CallId, QueueName
from ccd.records.record import RecordingInfo, SurveyAnswer
from ccd.storage.recordings import RecordingFilter
from ccd.storage.streams import PAGE, iterate_surveys
from ccd.storage.surveys import SurveyFilter
from tests.integration.storage.samples import call


async def test_a_recording_is_found_by_its_id_and_by_its_call(store, writer):
    """Files are asked for by id; a call's id gives its first."""
    record = call(1)
    second = replace(record.recordings[0], path=f"2026/11/21/{record.id}-2.wav")
    writer.put(replace(record, recordings=(record.recordings[0], second)))
    await writer.flush()
    async with store.reading() as tx:
        assert await tx.recordings.get(f"{record.id}-2") == second
        assert await tx.recordings.get(record.id) == record.recordings[0]
        assert await tx.recordings.of_call(record.id) == (record.recordings[0], second)
        assert await tx.recordings.of_call(CallId("7")) == ()
        for unknown in ("7", "../../etc/passwd", "%"):
            with pytest.raises(NotFoundError):
                await tx.recordings.get(unknown)


async def test_recordings_are_listed_newest_first_by_page_and_filter(store, writer):
    """Only finished recordings are listed; filters restrict; pages follow one another."""
    for n in range(5):
        info = replace(
            call(n).recordings[0],
            started_at=call(n).started_at,
            agent=AgentNumber("1001" if n % 2 else "1002"),
            queue=QueueName("sales" if n < 3 else "support"),
        )
        writer.put(replace(call(n, number=f"1380013800{n}"), recordings=(info,)))
    writer.put_recording(RecordingInfo(call_id=CallId("9"), path="9-1.wav", started_at=call(9).started_at))
    await writer.flush()

    async def listed(**which):
        async with store.reading() as tx:
            return [info.call_id for info in await tx.recordings.list(RecordingFilter(**which))]

    def of(*numbers):
        return [call(n).id for n in numbers]

    assert await listed() == of(4, 3, 2, 1, 0)
    assert await listed(agent="1001") == of(3, 1)
    assert await listed(queue="support") == of(4, 3)
    assert await listed(number="13800138002") == of(2)
    assert await listed(since=call(1).started_at, until=call(3).started_at) == of(2, 1)
    async with store.reading() as tx:
        first = await tx.recordings.list(limit=2)
        second = await tx.recordings.list(limit=2, after=first[-1].id)
    assert [info.call_id for info in first + second] == of(4, 3, 2, 1)


def answer(n, **changes):
    told = {
        "call_id": CallId(f"s{n:05}"),
        "survey": "satisfaction",
        "offered_at": call(0).started_at + timedelta(seconds=n // 2),
        "digit": "1",
        "label": "非常满意",
        "queue": QueueName("sales"),
        "agent": AgentNumber("1001"),
    }
    return SurveyAnswer(**(told | changes))


async def test_survey_answers_are_read_in_order_across_pages(store, writer):
    """A report sees each answer once, however many pages that takes."""
    answers = [answer(n) for n in range(PAGE + 3)]
    for each in answers:
        writer.put_survey(each)
    await writer.flush()
    assert [each async for each in iterate_surveys(store)] == answers


async def test_survey_answers_are_filtered(store, writer):
    """By time, survey, queue and agent."""
    for each in (
        answer(0),
        answer(2, agent=AgentNumber("1002"), digit=None, label=None),
        answer(4, queue=QueueName("support")),
        answer(6, survey="delivery"),
    ):
        writer.put_survey(each)
    await writer.flush()

    async def found(**which):
        return [int(each.call_id[1:]) async for each in iterate_surveys(store, SurveyFilter(**which))]

    assert await found(agent="1001") == [0, 4, 6]
    assert await found(queue="support") == [4]
    assert await found(survey="delivery") == [6]
    assert await found(since=answer(2).offered_at, until=answer(6).offered_at) == [2, 4]


async def test_an_answer_completes_its_question(store, writer):
    """Offered first, answered later: one row, nothing of it lost."""
    offered = answer(0, digit=None, label=None)
    writer.put_survey(offered)
    writer.put_survey(answer(0))
    writer.put_survey(offered)
    await writer.flush()
    assert [each async for each in iterate_surveys(store)] == [answer(0)]
