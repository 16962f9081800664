"""How a queue finds an agent for a caller, as it is written in the configuration: needs, ageing, overflow."""

from enum import StrEnum
from itertools import pairwise
from typing import Annotated, Any, Self

from pydantic import BeforeValidator, Field, model_validator

from ccd import model
from ccd.config.base import Level, Name, Seconds, Section
from ccd.config.told import told
from ccd.model import Absence, QueueName


class NeedStep(Section):
    """A need that becomes smaller as the caller waits."""

    after_s: Seconds
    level: Level
    """0: not needed any more."""


class Need(Section):
    """A skill that callers ask of an agent: `{level: 50, relax: [{after_s: 30, level: 30}]}`, or `50`."""

    level: Level = 1
    """Least level of the skill; 0: only of callers who bring a level of their own (a node, a lookup)."""
    prefer: bool = False
    """true: agents who have it go first; false: others are not offered the caller at all."""
    relax: tuple[NeedStep, ...] = ()
    """Steps in the order of time, e.g. after 30 s level 30, after 60 s level 0."""

    @model_validator(mode="before")
    @classmethod
    def _level_alone(cls, value: Any) -> Any:
        """Take `50` for `{level: 50}`; the files give every scalar as text."""
        return {"level": value} if isinstance(value, int | str) else value

    @model_validator(mode="after")
    def _steps_go_down(self) -> Self:
        for one, two in pairwise(self.relax):
            if two.after_s <= one.after_s or two.level >= one.level:
                raise told(
                    "the steps of relax are out of order",
                    "let after_s rise and level fall from step to step",
                    "relax 的各步顺序不对",
                    "后一步的 after_s 应更大，level 应更小",
                )
        return self

    def wanted(self, skill: str) -> model.Need:
        """Translate for the engine."""
        return model.Need(
            skill=skill,
            level=self.level,
            preferred=self.prefer,
            relax=tuple(model.Relaxation(after_s=step.after_s, level=step.level) for step in self.relax),
        )


class Ageing(Section):
    """What waiting adds to a caller's priority: `{points: 1, every_s: 60}`, in proportion at every moment."""

    points: Annotated[float, Field(gt=0, le=1000)] = 1
    every_s: Annotated[Seconds, Field(ge=1)] = 60

    @property
    def pace(self) -> float:
        """Points a second."""
        return self.points / self.every_s


class PenaltyStep(Section):
    """Up to which penalty agents are offered a caller from then on: `{after_s: 60, up_to: 2}`."""

    after_s: Seconds = 0
    up_to: Annotated[int, Field(ge=0, le=1000)] | None = None
    """null: any penalty."""


class OverflowStep(Section):
    """Another queue that helps with those who have waited: `{after_s: 30, queue: support}`."""

    after_s: Seconds
    queue: Name
    leave: bool = False
    """true: the caller goes over to that queue; false: they keep their place here, and its agents help."""


class AtClosing(StrEnum):
    """What becomes of those who wait when a queue's hours are over."""

    KEEP = "keep"
    """They are served."""
    LEAVE = "leave"
    """They leave by `closed`."""


_YES = frozenset({"true", "yes", "on", "1"})
_NO = frozenset({"false", "no", "off", "0"})


def _absences(value: Any) -> bool | frozenset[Absence]:
    """Read `true`, `false` or a list of states; a list means `false`, and who else counts as absent."""
    if isinstance(value, bool):
        return value
    if isinstance(value, str) and value.lower() in _YES | _NO:
        return value.lower() in _YES
    if isinstance(value, list | tuple | set | frozenset) and all(each in set(Absence) for each in value):
        return frozenset(map(Absence, value))
    known = ", ".join(Absence)
    raise told(
        "is neither true nor false nor a list of states",
        f"write true or false, or a list of: {known}",
        "不是 true、false 或状态列表",
        f"写 true 或 false，或由这些状态组成的列表：{known}",
    )


Empty = Annotated[
    bool | frozenset[Absence],
    BeforeValidator(_absences, json_schema_input_type=bool | list[Absence]),
]
"""true, false, or the states in which a member counts as absent, too."""


def penalty_limits(steps: tuple[PenaltyStep, ...]) -> tuple[model.PenaltyLimit, ...]:
    """Translate for the engine."""
    ordered = sorted(steps, key=lambda step: step.after_s)
    return tuple(model.PenaltyLimit(up_to=step.up_to, after_s=step.after_s) for step in ordered)


def overflows(steps: tuple[OverflowStep, ...]) -> tuple[model.Overflow, ...]:
    """Translate for the engine."""
    ordered = sorted(steps, key=lambda step: step.after_s)
    return tuple(
        model.Overflow(after_s=step.after_s, queue=QueueName(step.queue), leave=step.leave)
        for step in ordered
    )


def absent(told_as: bool | frozenset[Absence]) -> frozenset[Absence]:
    """Give the states of `join_empty` or `leave_empty` that count as absent."""
    return frozenset() if isinstance(told_as, bool) else told_as
