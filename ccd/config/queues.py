"""Queues, and what a dialled number does, as they are written in the configuration."""

from collections.abc import Iterator
from typing import Annotated, Any, Self

from pydantic import Field, model_validator

from ccd import model
from ccd.config.base import CallerId, Digits, MusicClass, Name, Seconds, Section
from ccd.config.callbacks import Callback
from ccd.config.direct import Direct, Fallback
from ccd.config.flow_values import FarTarget, Key, PromptList
from ccd.config.offering import AlertInfo, Shown, Whisper
from ccd.config.problems import Location, refusal
from ccd.config.recordings import Consent, Record
from ccd.config.routing import (
    Ageing,
    AtClosing,
    Empty,
    Need,
    OverflowStep,
    PenaltyStep,
    absent,
    overflows,
    penalty_limits,
)
from ccd.config.wrapping import Disposition
from ccd.model import FromOutgoing, QueueName, QueueSettings, Strategy


class Sticky(Section):
    """Callers go to the agent who knows them (熟客识别), in front of the strategy."""

    enabled: bool = True
    wait_s: Seconds = 15
    """How long they wait while that agent is busy; not at all when the agent is away."""
    days: Annotated[int, Field(ge=1, le=3650)] = 30
    """For how many days after a talk the agent counts as knowing the caller."""
    from_outgoing: FromOutgoing = "answered"
    """Whether agents know whom they called: answered (if they were reached), tried (in any case) or never."""


class Comfort(Section):
    """Words between the announcements: `{every_s: 60, prompts: [queue-thanks, own/news]}`, in turn."""

    every_s: Annotated[Seconds, Field(ge=5)] = 60
    prompts: PromptList


class Announce(Section):
    """What waiting callers are told; an offer cuts it short."""

    position: bool = True
    """Say at which place they stand."""
    up_to: Annotated[int, Field(ge=1, le=100_000)] | None = None
    """Say the position only to those who stand so far in front; null: to everyone."""
    changes_only: bool = False
    """Say the position only when it has changed since it was said last."""
    wait: bool = False
    """Say how long it will about take, where that is known well enough."""
    first_s: Seconds = 15
    """When it is said for the first time; 0: at once."""
    every_s: Annotated[Seconds, Field(ge=5)] = 45
    offer: PromptList | None = None
    """Said behind it, such as "press 1 to leave a message"; what the keys do stands in `choices`."""
    comfort: Comfort | None = None
    """null: no words of comfort."""

    @property
    def says_something(self) -> bool:
        """Whether there is anything to announce, besides words of comfort."""
        return self.position or self.wait or self.offer is not None

    def prompts(self) -> Iterator[tuple[Location, str]]:
        """Give the prompts that are named, each with its key."""
        yield from ((("offer",), prompt) for prompt in self.offer or ())
        if self.comfort is not None:
            yield from ((("comfort", "prompts"), prompt) for prompt in self.comfort.prompts)


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
    join_empty: Empty = True
    """Whether callers may join while no agent of the queue is signed in on a reachable phone; a list of
    states (paused, in_use, ringing, wrap_up, unreachable): no, and agents in these count as absent, too."""
    leave_empty: Empty = False
    """Whether those who wait leave by `empty` when the last such agent goes; a list of states: yes, and
    agents in these count as gone, too."""
    hours: Name | None = None
    """Calendar outside of which the queue is closed: callers leave by `closed`; null: always open."""
    at_closing: AtClosing = AtClosing.KEEP
    """keep or leave: what becomes of those who wait when the hours are over."""
    autopause_after: Annotated[int, Field(ge=1, le=100)] | None = None
    """Missed offers in a row after which an agent is paused; null: never."""
    weight: Annotated[int, Field(ge=-1000, le=1000)] = 0
    """Queues of a higher weight are served first when one agent is free for several."""
    priority: Annotated[int, Field(ge=-1000, le=1000)] = 0
    """Priority of the callers of this queue; higher is served first."""
    ageing: Ageing | None = None
    """What waiting adds to it; null: nothing."""
    penalties: tuple[PenaltyStep, ...] = ()
    """Up to which penalty agents are offered a caller, step by step as they wait; empty: any."""
    overflow: tuple[OverflowStep, ...] = ()
    """Other queues whose agents help after a while, or to which the caller goes over."""
    record: Record = Record.NEVER
    """always, on_demand or never."""
    consent: Consent | None = None
    """What callers hear about being recorded; null: nothing."""
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
    whisper: Whisper | None = None
    """Said to the agent before the two are connected; null: nothing."""
    display: Shown = ""
    """Name that the agent's phone shows, such as "{queue} {number}"; empty: the caller's own."""
    alert_info: AlertInfo | None = None
    """SIP header Alert-Info, for a ring of its own; null: none."""
    send_call_id: bool = False
    """Send the call's id as the SIP header X-CCD-Call-Id, for the screen pops of softphones."""
    choices: dict[Key, FarTarget] = Field(default_factory=dict)
    """Where a key leads that is pressed while waiting, also while phones ring: `{"1": "main:message"}`."""
    caller_id: CallerId = ""
    """Number shown by outgoing calls for this queue; empty: the agent's, or outbound.caller_id."""
    callback: Callback | None = None
    """How callers are called back who do not want to wait; null: they are not."""
    labels: Labels = Labels()

    def prompts(self) -> Iterator[tuple[Location, str]]:
        """Give the prompts that the queue names, each with its key."""
        if self.announce is not None:
            yield from ((("announce", *key), prompt) for key, prompt in self.announce.prompts())
        if self.whisper is not None:
            yield from ((("whisper", "prompt"), prompt) for prompt in self.whisper.prompt)
        if self.consent is not None:
            yield from ((("consent", *key), prompt) for key, prompt in self.consent.named())

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
            join_empty=self.join_empty is True,
            leave_empty=self.leave_empty is not False,
            join_absent=absent(self.join_empty),
            leave_absent=absent(self.leave_empty),
            autopause_after=self.autopause_after,
            sticky_wait_s=sticky.wait_s if sticky is not None and sticky.enabled else None,
            **_announcements(announce),
            whispers=self.whisper is not None,
            needs=tuple(need.wanted(skill) for skill, need in self.needs.items()),
            pace=0.0 if self.ageing is None else self.ageing.pace,
            penalties=penalty_limits(self.penalties),
            overflow=overflows(self.overflow),
        )


def _announcements(announce: Announce | None) -> dict[str, Any]:
    """Give the settings of announcements."""
    if announce is None:
        return {}
    comfort = announce.comfort
    return {
        "announce_every_s": announce.every_s if announce.says_something else None,
        "announce_first_s": announce.first_s,
        "announce_position": announce.position,
        "announce_up_to": announce.up_to,
        "announce_changes_only": announce.changes_only,
        "announce_wait": announce.wait,
        "comfort_every_s": comfort.every_s if comfort is not None else None,
    }


class Number(Direct):
    """What a dialled number does: exactly one of flow, queue and agent."""

    flow: Name | None = None
    queue: Name | None = None
    agent: Digits | None = None
    """Calls this agent, wherever they are signed in; the keys of such calls are below."""
    fallback: Fallback | None = None
    """Where callers go whom the agent does not take; null: a few words, and the call ends."""
    blacklist: bool = True
    """Whether callers of the blacklist are refused here."""

    @model_validator(mode="after")
    def _one_target(self) -> Self:
        if sum(each is not None for each in (self.flow, self.queue, self.agent)) != 1:
            raise refusal("one_target_of_three")
        idle = sorted(self.model_fields_set - {"flow", "queue", "agent", "blacklist"})
        if self.agent is None and idle:
            raise refusal("only_with_agent", keys=", ".join(idle))
        return self
