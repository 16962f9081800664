"""The answer of a business's system: hostile until it was checked, key by key.

    {"found": true, "queue": "vip", "agent": "8001", "priority": 10, "language": "zh",
     "skills": {"english": 3}, "variables": {"level": "gold"}, "data": {"name": "…", "order": "A-17"}}

All keys may be left out; keys that we do not know are passed over, so that the system may say more to others.
"""

from typing import Annotated, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, StringConstraints

from ccd.model import LookupAnswer, LookupOutcome

MAX_FACTS = 30
"""Entries of `variables` and of `data`."""
MAX_DATA = 4000
"""Characters of `data`, names included."""


def _text(value: object) -> object:
    """Take numbers and truth values for the text that they are written as."""
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value) if isinstance(value, int | float) else value


_Name = Annotated[str, StringConstraints(pattern=r"^[a-z0-9_-]{1,64}$")]
_Agent = Annotated[str, BeforeValidator(_text), StringConstraints(pattern=r"^[0-9A-Za-z_-]{1,32}$")]
_Variable = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]{0,31}$")]
_Value = Annotated[str, BeforeValidator(_text), StringConstraints(max_length=256)]
_Level = Annotated[int, Field(strict=True, ge=0, le=100)]
_Label = Annotated[str, StringConstraints(min_length=1, max_length=64)]
_Fact = Annotated[str, BeforeValidator(_text), StringConstraints(max_length=512)]


class _Answer(BaseModel):
    model_config = ConfigDict(extra="ignore", frozen=True, hide_input_in_errors=True)

    found: Annotated[bool, Field(strict=True)] = True
    queue: _Name | None = None
    agent: _Agent | None = None
    priority: Annotated[int, Field(strict=True, ge=-1000, le=1000)] | None = None
    language: Literal["en", "zh"] | None = None
    skills: Annotated[dict[_Name, _Level], Field(max_length=20)] = {}
    variables: Annotated[dict[_Variable, _Value | None], Field(max_length=MAX_FACTS)] = {}
    data: Annotated[dict[_Label, _Fact | None], Field(max_length=MAX_FACTS)] = {}


def read_answer(body: bytes) -> LookupAnswer:
    """Read an answer's body; raises ValueError for what is none."""
    told = _Answer.model_validate_json(body)
    data = {name: value for name, value in told.data.items() if value is not None}
    if sum(len(name) + len(value) for name, value in data.items()) > MAX_DATA:
        raise ValueError(f"data has more than {MAX_DATA} characters")
    return LookupAnswer(
        outcome=LookupOutcome.FOUND if told.found else LookupOutcome.NOT_FOUND,
        queue=told.queue,
        agent=told.agent,
        priority=told.priority,
        language=told.language,
        skills=told.skills,
        variables={name: value for name, value in told.variables.items() if value is not None},
        data=data,
    )
