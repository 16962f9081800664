"""Lists of callers by name; who is on them stands in the database, see `ccd list`."""

from typing import Annotated

from pydantic import Field

from ccd.config.base import Name, Section
from ccd.config.flow_values import PromptName
from ccd.config.queues import Labels


class CallerList(Section):
    """One list."""

    labels: Labels = Labels()
    """The name that people see."""


class Blacklist(Section):
    """Callers who are refused before any flow begins."""

    list: Name | None = None
    """The list that they are on; null: nobody is refused."""
    prompt: PromptName | None = "not-served"
    """What they hear before the call is ended; null: nothing."""
    busy_s: Annotated[float, Field(ge=0, le=20)] = 0.0
    """How long they hear a busy tone before the end."""
