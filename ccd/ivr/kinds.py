"""What each kind of node does: the interpreter's table. A new kind has one line here."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

from ccd.config.flows import (
    Agent,
    AskCallback,
    AskHours,
    AskList,
    AskRegion,
    AskSurvey,
    AskSystem,
    AskTime,
    Branch,
    CallFlow,
    Channel,
    Collect,
    Dial,
    Goto,
    Hangup,
    Language,
    Menu,
    Node,
    Pin,
    Play,
    Queue,
    Return,
    Say,
    Set,
    Voicemail,
)
from ccd.ivr import (
    asking,
    calling,
    linking,
    locating,
    looking,
    promising,
    reaching,
    securing,
    steps,
    voicemail,
)
from ccd.ivr.ports import Ended
from ccd.ivr.steps import Step
from ccd.ivr.talk import Talk


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """How the interpreter treats a kind of node."""

    do: Callable[[Any, Talk], Awaitable[Step | Ended]]
    """Executes a node; `Ended` when the walk is over, since the dialplan goes on."""
    takes_time: bool = False
    """The caller's place is written on their channel first; the other kinds are passed in no time."""
    leaves_flow: bool = False
    """What happens has segments of its own in the record: the flow is left before it begins."""
    completed: Callable[[Any, str, Talk], Awaitable[Step]] | None = None
    """For what the dialplan does: takes the branch when the call comes back with how it went."""


KINDS: dict[type[Node], Kind] = {
    Play: Kind(do=steps.play, takes_time=True),
    Say: Kind(do=steps.say, takes_time=True),
    Menu: Kind(do=asking.menu, takes_time=True),
    Collect: Kind(do=asking.collect, takes_time=True),
    AskHours: Kind(do=steps.hours),
    AskSystem: Kind(do=looking.lookup, takes_time=True),
    AskList: Kind(do=steps.ask_list),
    AskRegion: Kind(do=locating.region),
    AskTime: Kind(do=locating.time),
    Pin: Kind(do=securing.pin, takes_time=True),
    Channel: Kind(do=linking.channel, takes_time=True),
    Language: Kind(do=steps.language),
    Set: Kind(do=steps.assign),
    Branch: Kind(do=steps.branch),
    Goto: Kind(do=steps.goto),
    CallFlow: Kind(do=calling.call),
    Return: Kind(do=calling.come_back),
    Hangup: Kind(do=steps.hangup),
    Queue: Kind(do=reaching.queue, leaves_flow=True, completed=reaching.completed),
    Dial: Kind(do=reaching.dial, leaves_flow=True, completed=reaching.completed),
    Agent: Kind(do=reaching.agent, leaves_flow=True, completed=reaching.completed),
    AskCallback: Kind(do=promising.callback, takes_time=True),
    AskSurvey: Kind(do=reaching.ask_survey, leaves_flow=True),
    Voicemail: Kind(do=voicemail.leave, leaves_flow=True),
}
