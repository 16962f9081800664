"""What callers answered, counted: offered, answered, response rate, answers by digit."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import tzinfo
from enum import StrEnum

from ccd.records.record import SurveyAnswer


class SurveyGroup(StrEnum):
    """What the lines of a report stand for."""

    SURVEY = "survey"
    QUEUE = "queue"
    AGENT = "agent"
    DAY = "day"


@dataclass(frozen=True, slots=True, kw_only=True)
class SurveyLine:
    """One line of a report."""

    survey: str
    key: str
    """Queue, agent's number, or local date `2026-11-21`, by the group; empty for what has none."""
    offered: int
    answered: int
    by_digit: dict[str, int]
    """How often each digit was pressed, by digit."""

    @property
    def response_rate(self) -> float:
        """Answered of offered, from 0 to 1."""
        return self.answered / self.offered if self.offered else 0.0


class SurveyTally:
    """Counts answers one by one, in memory for the lines only."""

    def __init__(self, group: SurveyGroup, zone: tzinfo) -> None:
        """Count by `group`; days are those of `zone`."""
        self._group = group
        self._zone = zone
        self._offered: Counter[tuple[str, str]] = Counter()
        self._digits: dict[tuple[str, str], Counter[str]] = {}

    def add(self, answer: SurveyAnswer) -> None:
        """Count one survey that was offered, answered or not."""
        line = answer.survey, self._key(answer)
        self._offered[line] += 1
        digits = self._digits.setdefault(line, Counter())
        if answer.digit:
            digits[answer.digit] += 1

    def _key(self, answer: SurveyAnswer) -> str:
        match self._group:
            case SurveyGroup.SURVEY:
                return ""
            case SurveyGroup.QUEUE:
                return answer.queue or ""
            case SurveyGroup.AGENT:
                return answer.agent or ""
            case SurveyGroup.DAY:
                return answer.offered_at.astimezone(self._zone).date().isoformat()

    def lines(self) -> tuple[SurveyLine, ...]:
        """Give the report so far, by survey and key."""
        return tuple(
            SurveyLine(
                survey=survey,
                key=key,
                offered=offered,
                answered=self._digits[survey, key].total(),
                by_digit=dict(sorted(self._digits[survey, key].items())),
            )
            for (survey, key), offered in sorted(self._offered.items())
        )


def survey_report(
    answers: Iterable[SurveyAnswer], group: SurveyGroup, zone: tzinfo
) -> tuple[SurveyLine, ...]:
    """Count answers that are all at hand."""
    tally = SurveyTally(group, zone)
    for answer in answers:
        tally.add(answer)
    return tally.lines()
