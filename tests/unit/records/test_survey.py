"""Survey answers, counted."""

from dataclasses import replace
from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest

from ccd.model import AgentNumber, CallId, QueueName
from ccd.records.record import SurveyAnswer
from ccd.records.survey import SurveyGroup, survey_report
from tests.unit.records.calls import WALL

SHANGHAI = ZoneInfo("Asia/Shanghai")
ONE = SurveyAnswer(
    call_id=CallId("1"),
    survey="satisfaction",
    offered_at=WALL,
    digit="1",
    label="非常满意",
    queue=QueueName("sales"),
    agent=AgentNumber("1001"),
)
ANSWERS = [
    ONE,
    replace(ONE, digit="3", agent=AgentNumber("1002")),
    replace(ONE, digit=None, label=None),
    replace(ONE, offered_at=WALL + timedelta(hours=15), queue=None, agent=None),
    replace(ONE, survey="delivery", digit=None, label=None),
]


def report(group, answers=ANSWERS):
    return [
        (line.survey, line.key, line.offered, line.answered, line.by_digit)
        for line in survey_report(answers, group, SHANGHAI)
    ]


@pytest.mark.parametrize(
    ("group", "expected"),
    [
        (SurveyGroup.SURVEY, [("", 4, 3, {"1": 2, "3": 1})]),
        (SurveyGroup.QUEUE, [("", 1, 1, {"1": 1}), ("sales", 3, 2, {"1": 1, "3": 1})]),
        (
            SurveyGroup.AGENT,
            [("", 1, 1, {"1": 1}), ("1001", 2, 1, {"1": 1}), ("1002", 1, 1, {"3": 1})],
        ),
        (SurveyGroup.DAY, [("2026-11-21", 3, 2, {"1": 1, "3": 1}), ("2026-11-22", 1, 1, {"1": 1})]),
    ],
)
def test_answers_are_counted_by(group, expected):
    """Offered and answered, by digit; a day is a day of the call centre's own zone."""
    satisfaction = [line[1:] for line in report(group) if line[0] == "satisfaction"]
    assert satisfaction == expected


def test_surveys_are_not_mixed():
    """Each survey has lines of its own."""
    assert ("delivery", "", 1, 0, {}) in report(SurveyGroup.SURVEY)


def test_the_response_rate_is_answered_of_offered():
    """Two of three is two thirds; nothing offered is no report."""
    (line,) = survey_report(ANSWERS[:3], SurveyGroup.SURVEY, SHANGHAI)
    assert line.response_rate == pytest.approx(2 / 3)
    assert survey_report([], SurveyGroup.AGENT, SHANGHAI) == ()
