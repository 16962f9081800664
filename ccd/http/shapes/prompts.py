"""The sounds that callers and agents hear."""

from typing import TypedDict

from ccd.http.shapes.faults import Fault


class PromptsSeen(TypedDict):
    """`POST /prompts/refresh`: what lies in the prompt folder now."""

    prompts: int
    """Ids that flows may name."""
    missing: list[str]
    """`language/id` of what has words and no sound."""
    faults: list[str]
    """Files that cannot be played, each with the remedy, in English."""


class PromptErrand(TypedDict):
    """A phone rung for a prompt: `POST /prompts/record`, `/prompts/play`, `GET /prompts/errands/ID`."""

    errand: str
    """By which it is asked for again."""
    id: str
    language: str
    extension: str
    state: str
    """`under_way`, `kept`, `played`, `discarded` or `failed`."""
    reason: str
    """Why it failed, else empty; as `problem` has it."""
    problem: Fault | None
    """Why it failed."""
    length_s: float | None
    """Of what was kept."""
    path: str | None
    """Where what was kept lies."""
