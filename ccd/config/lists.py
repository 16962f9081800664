"""Lists of callers by name; who is on them stands in the database, see `ccd list`."""

from typing import Annotated, Literal

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
    signal: Literal["busy", "congestion", "rejected"] = "busy"
    """What the line is told, without the call being answered."""
    prompt: PromptName | None = None
    """What they hear before that; null: nothing."""
    busy_s: Annotated[float, Field(ge=0, le=20)] = 0.0
    """How long they hear a busy tone of ours before that."""
    answer: bool = False
    """Whether the call is answered before prompt and tone: not every line carries sound before the answer,
    but an answered call costs the caller money."""
