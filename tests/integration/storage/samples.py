"""Call records for the storage tests, made by the fold of whole histories."""

from dataclasses import replace
from datetime import timedelta

from ccd.model import AgentNumber, CallId, QueueName
from ccd.records.record import CallRecord, Outcome, RecordingInfo, SurveyAnswer
from tests.unit.records.calls import record_of, whole_call


def call(
    n: int,
    *,
    number: str = "13800138000",
    agent: str | None = "1001",
    queue: str | None = "sales",
    outcome: Outcome = Outcome.ANSWERED,
    sequence: int = 1,
) -> CallRecord:
    """Give the record of the n-th call; the calls begin a minute apart."""
    whole = record_of(*whole_call())
    call_id = CallId(f"{1795224600 + 60 * n}.{n}")
    survey: SurveyAnswer | None = whole.survey
    return replace(
        whole,
        id=call_id,
        started_at=whole.started_at + timedelta(minutes=n),
        number=number,
        agent=None if agent is None else AgentNumber(agent),
        queue=None if queue is None else QueueName(queue),
        outcome=outcome,
        sequence=sequence,
        recordings=tuple(moved(info, call_id) for info in whole.recordings),
        survey=None if survey is None else replace(survey, call_id=call_id),
    )


def moved(info: RecordingInfo, call_id: CallId) -> RecordingInfo:
    """Give a recording as another call's."""
    return replace(info, call_id=call_id, path=f"2026/11/21/{call_id}-1.wav")
