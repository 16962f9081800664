"""Surveys (满意度调查) as they are written in the configuration.

surveys:
  satisfaction:
    prompt: survey-question
    digits:
      "1": {en: very satisfied, zh: 非常满意}
      "2": {en: satisfied, zh: 基本满意}
      "3": {en: not satisfied, zh: 不满意}
    tries: 2
    timeout_s: 5
    invalid: invalid-choice
    thanks: survey-thanks
"""

from typing import Annotated

from pydantic import Field

from ccd.config.base import Section
from ccd.config.flow_values import Key, PromptList, PromptName, Wait


class Label(Section):
    """What a digit means, in both languages."""

    en: str = Field(min_length=1, max_length=64)
    zh: str = Field(min_length=1, max_length=64)

    def text(self, language: str) -> str:
        """Give the label in a language; English where the language is not Chinese."""
        return self.zh if language == "zh" else self.en


class Survey(Section):
    """One question that is answered by one digit."""

    prompt: PromptList
    """The question, one prompt or several."""
    digits: Annotated[dict[Key, Label], Field(min_length=1)]
    """The digits that answer it and what each means."""
    tries: int = Field(default=2, ge=1, le=10)
    """How often the question is asked at most."""
    timeout_s: Wait = 5.0
    """Wait for a digit after the question."""
    invalid: PromptName | None = "invalid-choice"
    """Said after a wrong digit."""
    thanks: PromptName | None = "survey-thanks"
    """Said after an answer."""
