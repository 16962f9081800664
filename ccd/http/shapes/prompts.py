"""The sounds that callers and agents hear."""

from typing import TypedDict


class PromptsSeen(TypedDict):
    """`POST /prompts/refresh`: what lies in the prompt folder now."""

    prompts: int
    """Ids that flows may name."""
    missing: list[str]
    """`language/id` of what has words and no sound."""
    faults: list[str]
    """Files that cannot be played, each with the remedy, in English."""
