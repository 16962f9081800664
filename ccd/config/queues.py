"""Queues, and what a dialled number does, as they are written in the configuration."""

from enum import StrEnum
from itertools import pairwise
from typing import Annotated, Any, Self

from pydantic import Field, model_validator

from ccd import model
from ccd.config.base import Level, MusicClass, Name, Seconds, Section
from ccd.config.flow_values import FarTarget, Key
from ccd.config.problems import refusal
from ccd.config.told import told
from ccd.config.wrapping import Disposition
from ccd.model import QueueName, QueueSettings, Strategy


class Record(StrEnum):
    """Whether the talks of a queue are recorded."""

    ALWAYS = "always"
    NEVER = "never"


class Sticky(Section):
    """Callers go to the agent who knows them (熟客识别), in front of the strategy."""

    enabled: bool = True
    wait_s: Seconds = 15
    """How long they wait while that agent is busy; not at all when the agent is away."""
    days: Annotated[int, Field(ge=1, le=3650)] = 30
    """For how many days after a talk the agent counts as knowing the caller."""


class Announce(Section):
    """What waiting callers are told."""

    position: bool = True
    """Say at which place they stand."""
    first_s: Seconds = 15
    """When the position is said for the first time."""
    every_s: Annotated[Seconds, Field(ge=5)] = 45


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


class Labels(Section):
    """The name of something for people, in both languages."""

    en: Annotated[str, Field(max_length=64)] = ""
    zh: Annotated[str, Field(max_length=64)] = ""

    def text(self, language: str) -> str:
        """Give the label in `language`, the other one where that is empty."""
        return (self.zh or self.en) if language == "zh" else (self.en or self.zh)


class Queue(Section):
    """One queue. Agents and who serves which queue live in the database: see `ccd agent`."""

    strategy: Strategy = Strategy.RRMEMORY
    """ringall, rrmemory, fewestcalls, leastrecent, mostrecent, random or linear."""
    ring_s: Annotated[Seconds, Field(ge=1)] = 20
    """How long an agent's phone rings for one offer."""
    retry_s: Seconds = 5
    """How long an agent who missed a caller is not offered the same caller again."""
    wrap_up_s: Seconds = 10
    """Rest after each call; agents end it earlier with "wrap-up done"."""
    wrap_up_more_s: Annotated[Seconds, Field(ge=1)] = 30
    """By how much an agent extends it at a time."""
    wrap_up_max_s: Seconds = 300
    """The longest wrap-up, extended or kept for a disposition."""
    disposition: Disposition | None = None
    """What agents say of its talks; null: nothing."""
    max_wait_s: Annotated[Seconds, Field(ge=1)] | None = None
    """Longest wait before the caller leaves the queue by `timed_out`; null: no limit."""
    max_length: Annotated[int, Field(ge=0, le=100_000)] | None = None
    """Most callers who wait at the same moment, others leave by `full`; null: no limit."""
    join_empty: bool = True
    """Whether callers may join while no agent of the queue is signed in on a reachable phone."""
    leave_empty: bool = False
    """Whether those who wait leave by `empty` when the last such agent goes."""
    autopause_after: Annotated[int, Field(ge=1, le=100)] | None = None
    """Missed offers in a row after which an agent is paused; null: never."""
    weight: Annotated[int, Field(ge=-1000, le=1000)] = 0
    """Queues of a higher weight are served first when one agent is free for several."""
    priority: Annotated[int, Field(ge=-1000, le=1000)] = 0
    """Priority of the callers of this queue; higher is served first."""
    record: Record = Record.NEVER
    """always or never."""
    survey: Name | None = None
    """Survey that callers hear when the agent has hung up; null: none."""
    voicemail: Name | None = None
    """Mailbox for callers whom nobody answers and who came without a flow; null: a few last words."""
    music: MusicClass | None = None
    """Music on hold; null: that of `asterisk.music`."""
    sticky: Sticky | None = None
    """null: not sticky."""
    announce: Announce | None = None
    """null: nothing is announced."""
    needs: dict[Name, Need] = Field(default_factory=dict)
    """Skills that its callers ask of an agent (`ccd agent update 1001 --skill english=80`)."""
    choices: dict[Key, FarTarget] = Field(default_factory=dict)
    """Where a key leads that is pressed while waiting, also while phones ring: `{"1": "main:message"}`."""
    labels: Labels = Labels()

    def settings(self, name: str) -> QueueSettings:
        """Translate for the engine."""
        sticky, announce, disposition = self.sticky, self.announce, self.disposition
        return QueueSettings(
            name=QueueName(name),
            strategy=self.strategy,
            weight=self.weight,
            ring_s=self.ring_s,
            retry_s=self.retry_s,
            wrap_up_s=self.wrap_up_s,
            wrap_up_more_s=self.wrap_up_more_s,
            wrap_up_max_s=self.wrap_up_max_s,
            disposition_required=disposition is not None and disposition.required,
            undisposed=model.Undisposed.READY if disposition is None else disposition.undisposed,
            max_wait_s=self.max_wait_s,
            max_length=self.max_length,
            join_empty=self.join_empty,
            leave_empty=self.leave_empty,
            autopause_after=self.autopause_after,
            sticky_wait_s=sticky.wait_s if sticky is not None and sticky.enabled else None,
            announce_every_s=announce.every_s if announce is not None and announce.position else None,
            announce_first_s=announce.first_s if announce is not None else Announce().first_s,
            needs=tuple(need.wanted(skill) for skill, need in self.needs.items()),
        )


class Number(Section):
    """What a dialled number does: exactly one of the two."""

    flow: Name | None = None
    queue: Name | None = None

    @model_validator(mode="after")
    def _one_target(self) -> Self:
        if (self.flow is None) == (self.queue is None):
            raise refusal("one_target")
        return self
