"""Calls straight to one agent (直拨坐席), on whichever phone they are signed in."""

from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from ccd.config.base import Name, Seconds, Section
from ccd.config.problems import refusal
from ccd.config.recordings import Record


class Direct(Section):
    """How an agent is called."""

    ring_s: Annotated[Seconds, Field(ge=1, le=600)] = 20
    """How long the phone rings."""
    when_busy: Literal["fallback", "wait"] = "fallback"
    """What becomes of callers while the agent talks or rests: they go on at once, or wait."""
    when_paused: Literal["fallback", "wait"] = "fallback"
    """The same while the agent is on a break."""
    max_wait_s: Annotated[Seconds, Field(ge=1)] = 60
    """Longest wait, where they wait."""
    wrap_up_s: Seconds = 0
    """Rest after such a call."""
    record: Record = Record.NEVER
    """always, on_demand or never."""


class Fallback(Section):
    """Where callers go whom the agent does not take: exactly one of the two."""

    flow: Name | None = None
    queue: Name | None = None

    @model_validator(mode="after")
    def _one_target(self) -> Self:
        if (self.flow is None) == (self.queue is None):
            raise refusal("one_target")
        return self
