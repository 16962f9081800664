"""What a business's own system tells of a caller."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum


class LookupOutcome(StrEnum):
    """How the question to a business's system ended."""

    FOUND = "found"
    NOT_FOUND = "not_found"
    """It answered, and does not know the caller."""
    FAILED = "failed"
    """No answer, a wrong one, or it was not asked since it fails again and again."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LookupAnswer:
    """What a business's system told of a caller; what it left out is None or empty."""

    outcome: LookupOutcome
    reason: str = ""
    """Why it failed."""
    queue: str | None = None
    agent: str | None = None
    priority: int | None = None
    language: str | None = None
    skills: Mapping[str, int] = field(default_factory=dict)
    """Skills that the caller needs, with the level required."""
    variables: Mapping[str, str] = field(default_factory=dict)
    data: Mapping[str, str] = field(default_factory=dict)
    """For the agent who talks with the caller."""
