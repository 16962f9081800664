"""Scripted conversations as they are written: tests of flows, each a caller and what happens step by step.

    tests:
      - name: a caller who presses 1 waits for sales
        flow: main
        caller: "13800000001"
        at: 2026-10-01T10:00
        language: zh
        steps:
          - {hears: welcome}
          - {presses: "1"}
          - {queue: sales, outcome: timed_out}
          - {hears: all-busy}
          - {ends: hangup}

A file with one test may leave `tests` out.
"""

from datetime import datetime
from pathlib import Path
from typing import Annotated, Literal, Self

from pydantic import AfterValidator, BeforeValidator, Field, ValidationError, model_validator

from ccd.config.base import DialledNumber, Name, Section
from ccd.config.explain import explain
from ccd.config.flow_values import PromptList, Variable, not_empty
from ccd.config.problems import Place
from ccd.config.shape import Shape
from ccd.config.source import Source, read_file
from ccd.config.told import told
from ccd.errors import ConfigError

Keys = Annotated[
    str,
    Shape(r"[0-9*#]{1,40}", 'keys in quotes, such as "1" or "1234#"', '加引号的按键，例如 "1" 或 "1234#"'),
]
Text = Annotated[str, Field(max_length=500)]
Outside = Literal["queue", "dial", "agent", "lookup", "voicemail", "callback"]
OUTSIDE: tuple[Outside, ...] = ("queue", "dial", "agent", "lookup", "voicemail", "callback")
"""Kinds of node whose outcome a script decides."""


def _instant(text: object) -> object:
    if isinstance(text, datetime):
        return text
    try:
        return datetime.fromisoformat(str(text))
    except ValueError:
        raise told(
            f"{text!r} is no date and time",
            "write it as 2026-10-01T10:00",
            f"{text!r} 不是日期时间",
            "写成 2026-10-01T10:00",
        ) from None


Instant = Annotated[datetime, BeforeValidator(_instant)]


class Step(Section):
    """One thing that happens; exactly one key says what."""

    hears: PromptList | None = None
    """These prompts are heard in this order; others may be heard before and between them."""
    hears_text: Text | None = None
    """These words are heard, e.g. of a `say`."""
    presses: Keys | None = None
    """Keys, one each time that the flow waits for one."""
    early: bool = False
    """Of presses: the first key is pressed while the next prompt is still heard."""
    silent: Annotated[int, Field(ge=1, le=100)] | None = None
    """So often the flow waits for a key in vain."""
    node: str | None = None
    """The call comes to this node: `menu`, or `main:menu`."""
    queue: Text | None = None
    dial: Text | None = None
    agent: Text | None = None
    lookup: Text | None = None
    voicemail: Text | None = None
    callback: Text | None = None
    outcome: Text | None = None
    """Of queue, dial, lookup, voicemail and callback: how it goes. Default: well."""
    gives: dict[str, Text] = Field(default_factory=dict)
    """Of lookup: the variables that it finds, and queue, agent, priority, language."""
    hangs_up: bool = False
    """The caller hangs up."""
    ends: Literal["hangup", "return", "caller"] | None = None
    """The call is over: the flow ended it; it is done, and a dialplan that sent the caller by Gosub goes on;
    the caller hung up. `hangup` holds for both ends of a flow."""

    @property
    def outside(self) -> tuple[Outside, str] | None:
        """Give kind and subject of what is decided outside of the flow."""
        return next(
            ((kind, subject) for kind in OUTSIDE if (subject := getattr(self, kind)) is not None), None
        )

    @property
    def label(self) -> str:
        """Write the step as in the file, for messages."""
        parts = []
        for key, value in self.model_dump(exclude_defaults=True).items():
            shown = " ".join(value) if isinstance(value, tuple) else value
            parts.append(f"{key}: {shown}")
        return ", ".join(parts)

    @model_validator(mode="after")
    def _one_thing(self) -> Self:
        kinds = ("hears", "hears_text", "presses", "silent", "node", *OUTSIDE, "ends")
        named = sum(getattr(self, kind) is not None for kind in kinds) + self.hangs_up
        if named != 1:
            raise told(
                "a step is one thing",
                f"write exactly one of {', '.join((*kinds, 'hangs_up'))}",
                "每一步只写一件事",
                f"只写其中之一：{', '.join((*kinds, 'hangs_up'))}",
            )
        return self


class FlowTest(Section):
    """One conversation."""

    name: Text = ""
    flow: Name
    caller: DialledNumber = "13800000001"
    called: DialledNumber | None = None
    """Default: the first number that leads to the flow."""
    at: Instant | None = None
    """Default: now. Without an offset it is of the configuration's time zone."""
    language: Literal["en", "zh"] | None = None
    """Default: the configuration's."""
    lists: tuple[Name, ...] = ()
    """The lists of callers that the caller is on; on no others."""
    channel: dict[str, Text] = Field(default_factory=dict)
    """What variables of the channel hold, for nodes that read them."""
    steps: Annotated[tuple[Step, ...], AfterValidator(not_empty)]
    variables: dict[Variable, Text] = Field(default_factory=dict)
    """What variables of the call hold in the end."""


class _Several(Section):
    tests: Annotated[tuple[FlowTest, ...], AfterValidator(not_empty)]


class Located(Section):
    """A test with the lines on which its parts stand."""

    test: FlowTest
    file: str
    line: int
    step_lines: tuple[int, ...]
    variable_lines: dict[str, int]


def load_tests(path: Path) -> list[Located]:
    """Read the tests of a file; raises ConfigError with every problem, each with its line."""
    source = read_file(path)
    if source.problems:
        raise ConfigError(problems=source.problems)
    several = "tests" in source.values
    try:
        if several:
            tests = _Several.model_validate(source.values).tests
        else:
            tests = (FlowTest.model_validate(source.values),)
    except ValidationError as error:
        raise ConfigError(problems=explain(error, source, _Several if several else FlowTest)) from None
    return [_located(test, source, ("tests", at) if several else ()) for at, test in enumerate(tests)]


def _located(test: FlowTest, source: Source, at: tuple[str | int, ...]) -> Located:
    place = source.place(at)
    return Located(
        test=test,
        file=place.file,
        line=_line(place),
        step_lines=tuple(_line(source.place((*at, "steps", step))) for step in range(len(test.steps))),
        variable_lines={name: _line(source.place((*at, "variables", name))) for name in test.variables},
    )


def _line(place: Place) -> int:
    return place.line or 1
