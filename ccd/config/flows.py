"""IVR flows as they are written in the configuration: named nodes; one key of each names its kind.

The kind's own value says what the node is about; the other keys are its options. Branches are `next`,
`choices`, `cases` and `on_…`; each names a node of the same flow, or `flow:node` of another. A branch that
is left out hangs up (queue and dial say why first).

    flows:
      main:
        start: welcome
        nodes:
          welcome:  {play: welcome, next: menu}
          menu:     {menu: main-menu, choices: {"1": sales, "0": operator}, on_timeout: operator}
          sales:    {queue: sales, on_timed_out: sorry}
          operator: {dial: "1001", timeout_s: 20, on_busy: sales, on_no_answer: sales, on_failed: sales}
          sorry:    {hangup: all-busy}

Texts (`value`, `set`) may hold `{caller}`, `{called}`, `{language}` or a variable of the flow. Nothing in
them is ever seen by Asterisk's dialplan. `ccd.ivr.check` finds what is wrong between nodes.
"""

import difflib
from enum import StrEnum
from typing import Annotated, Any, ClassVar, Literal, Self

from pydantic import AfterValidator, Field, ValidatorFunctionWrapHandler, WrapValidator, model_validator

from ccd.config.base import Name, Section
from ccd.config.flow_values import (
    DialTarget,
    Key,
    OwnVariable,
    PromptList,
    PromptName,
    Target,
    Text,
    Variable,
    Wait,
    Word,
    not_empty,
)
from ccd.config.told import told


class SayKind(StrEnum):
    """How a value is read out."""

    NUMBER = "number"
    DIGITS = "digits"
    DATE = "date"
    TIME = "time"


class Node(Section):
    """What all kinds of node share."""

    kind: ClassVar[str]


class Play(Node):
    """Say prompts: `{play: [welcome, news], barge_in: false, next: menu}`; one prompt needs no list."""

    kind = "play"

    play: PromptList
    barge_in: bool = True
    """A digit cuts it short and counts for the next menu."""
    next: Target | None = None


class Say(Node):
    """Read a value out: `{say: number, value: "{balance}", next: menu}`; dates and times are of now."""

    kind = "say"

    say: SayKind
    value: Text | None = None
    """What is read; not for date and time."""
    barge_in: bool = True
    next: Target | None = None

    @model_validator(mode="after")
    def _has_value(self) -> Self:
        wants = self.say in {SayKind.NUMBER, SayKind.DIGITS}
        if wants and self.value is None:
            raise told(
                f"say: {self.say} has no value",
                'give it one, e.g. value: "{caller}"',
                f"say: {self.say} 缺少 value",
                '请给出，例如 value: "{caller}"',
            )
        if not wants and self.value is not None:
            raise told(
                f"say: {self.say} says the present {self.say}",
                "leave value out",
                f"say: {self.say} 播报当前日期或时间",
                "去掉 value",
            )
        return self


class Menu(Node):
    """Let the caller choose by one digit.

    `{menu: main-menu, choices: {"1": sales, "2": support}, tries: 3, timeout_s: 5, on_timeout: operator}`

    After `tries` rounds the kind of the last failure decides: `on_timeout` or `on_invalid`. Where only one
    of the two is given it serves for both.
    """

    kind = "menu"

    menu: PromptList
    choices: Annotated[dict[Key, Target], Field(min_length=1)]
    barge_in: bool = True
    """A digit may be pressed while the menu is said."""
    tries: int = Field(default=3, ge=1, le=10)
    timeout_s: Wait = 5.0
    invalid: PromptName | None = "invalid-choice"
    """Said after a wrong digit."""
    no_input: PromptName | None = None
    """Said when nothing was pressed."""
    on_timeout: Target | None = None
    on_invalid: Target | None = None


class Collect(Node):
    """Take digits into a variable: `{collect: account, prompt: enter-account, min: 4, max: 12, next: found}`.

    Entry ends at `max` digits, at the terminator, or after `timeout_s` of silence; `*` or `#`, whichever is
    not the terminator, starts it over. Failures branch as a menu's do.
    """

    kind = "collect"

    collect: OwnVariable
    prompt: PromptList
    min: int = Field(default=1, ge=1, le=40)
    max: int = Field(default=20, ge=1, le=40)
    terminator: Literal["#", "*", ""] = "#"
    mask: bool = False
    """Digits are secret: the record shows asterisks."""
    barge_in: bool = True
    tries: int = Field(default=3, ge=1, le=10)
    timeout_s: Wait = 5.0
    invalid: PromptName | None = "invalid-entry"
    no_input: PromptName | None = None
    next: Target | None = None
    on_timeout: Target | None = None
    on_invalid: Target | None = None

    @model_validator(mode="after")
    def _lengths(self) -> Self:
        if self.min > self.max:
            raise told(
                f"min: {self.min} is more than max: {self.max}",
                "exchange them",
                f"min: {self.min} 大于 max: {self.max}",
                "请对调",
            )
        return self


class AskHours(Node):
    """Branch by a calendar: `{hours: office, on_open: menu, on_closed: closed, on_holiday: holiday}`."""

    kind = "hours"

    hours: Name
    on_open: Target
    on_closed: Target
    on_holiday: Target | None = None
    """Default: as on_closed."""


class Language(Node):
    """Change the caller's language: `{language: zh, next: menu}`; `other` swaps English and Chinese."""

    kind = "language"

    language: Literal["en", "zh", "other"]
    next: Target | None = None


class Set(Node):
    """Set variables of the call: `{set: {reason: "billing", number: "{caller}"}, next: menu}`."""

    kind = "set"

    set: Annotated[dict[OwnVariable, Text], Field(min_length=1)]
    next: Target | None = None


class Case(Section):
    """One test of a branch, of exactly one sort: `equals`, `prefix` or `in`."""

    equals: Word | None = None
    prefix: Word | None = None
    one_of: tuple[Word, ...] | None = Field(default=None, alias="in")
    next: Target

    @model_validator(mode="after")
    def _one_sort(self) -> Self:
        if sum(test is not None for test in (self.equals, self.prefix, self.one_of)) != 1:
            raise told(
                "a case has one test",
                "write exactly one of equals, prefix, in",
                "每个 case 只有一个条件",
                "只写 equals、prefix、in 之一",
            )
        return self

    @property
    def label(self) -> str:
        """The test in a few characters, for people: `138…`, `= 1001`, `1001, 1002`."""
        if self.prefix is not None:
            return f"{self.prefix}…"
        return f"= {self.equals}" if self.equals is not None else ", ".join(self.one_of or ())

    def holds(self, value: str) -> bool:
        """Whether the variable's value passes the test."""
        if self.equals is not None:
            return value == self.equals
        if self.prefix is not None:
            return value.startswith(self.prefix)
        return value in (self.one_of or ())


class Branch(Node):
    """Go on by a variable, the caller's or the dialled number, the language.

    `{branch: caller, cases: [{prefix: "138", next: mobile}, {in: ["1001"], next: staff}], default: menu}`
    """

    kind = "branch"

    branch: Variable
    cases: Annotated[tuple[Case, ...], AfterValidator(not_empty)]
    default: Target


class Queue(Node):
    """Wait for an agent: `{queue: sales, priority: 5, on_timed_out: sorry, on_empty: closed}`.

    Without `on_answered` the queue's survey follows, if it has one, and then the call ends.
    """

    kind = "queue"

    queue: Name
    priority: int | None = Field(default=None, ge=-1000, le=1000)
    """Default: the queue's."""
    on_answered: Target | None = None
    on_timed_out: Target | None = None
    on_full: Target | None = None
    on_empty: Target | None = None
    on_failed: Target | None = None


class Dial(Node):
    """Ring an extension or, with `outside: true`, a number outside: `{dial: "1001", on_busy: sales}`."""

    kind = "dial"

    dial: DialTarget
    outside: bool = False
    """Dialled through the trunk, under the outbound policy."""
    timeout_s: float = Field(default=30.0, gt=0, le=600)
    on_answered: Target | None = None
    on_busy: Target | None = None
    on_no_answer: Target | None = None
    on_failed: Target | None = None


class AskSurvey(Node):
    """Ask for a rating: `{survey: satisfaction, next: bye}`."""

    kind = "survey"

    survey: Name
    next: Target | None = None


class Goto(Node):
    """Go on elsewhere: `{goto: menu}` or `{goto: "main:menu"}`."""

    kind = "goto"

    goto: Target


class Hangup(Node):
    """End the call: `{hangup: goodbye}` says goodbye first, `{hangup: null}` does not."""

    kind = "hangup"

    hangup: PromptName | None


_KINDS: tuple[type[Node], ...] = (
    Play, Say, Menu, Collect, AskHours, Language, Set, Branch, Queue, Dial, AskSurvey, Goto, Hangup
)  # fmt: skip
KINDS: dict[str, type[Node]] = {model.kind: model for model in _KINDS}


def _by_kind(value: Any, _: ValidatorFunctionWrapHandler) -> Node:
    """Choose the model by the key that names the kind, so that errors carry the path of the YAML."""
    if isinstance(value, Node):
        return value
    if not isinstance(value, dict):
        raise told(
            "is no node",
            "write a mapping such as {play: welcome}",
            "不是节点",
            "写成 {play: welcome} 这样的映射",
        )
    kinds = [key for key in value if key in KINDS]
    if len(kinds) == 1:
        return KINDS[kinds[0]].model_validate(value)
    if kinds:
        listed = ", ".join(kinds)
        raise told(
            f"has several kinds of node: {listed}",
            "a node has one; make several nodes",
            f"含有多种节点：{listed}",
            "每个节点只有一种，请拆成多个节点",
        )
    near = [found for key in value for found in difflib.get_close_matches(str(key), KINDS, n=1)]
    known = ", ".join(KINDS)
    raise told(
        "has no kind of node",
        f"did you mean {near[0]}?" if near else f"kinds are {known}",
        "没有节点类型",
        f"是否想写 {near[0]}?" if near else f"可用的类型：{known}",
    )


AnyNode = Annotated[
    Play
    | Say
    | Menu
    | Collect
    | AskHours
    | Language
    | Set
    | Branch
    | Queue
    | Dial
    | AskSurvey
    | Goto
    | Hangup,
    WrapValidator(_by_kind),
]


class Flow(Section):
    """One flow: its nodes and the one it starts with."""

    start: Name
    """The first node."""
    nodes: Annotated[dict[Name, AnyNode], Field(min_length=1)]
