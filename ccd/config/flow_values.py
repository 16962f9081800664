"""The types of what stands in a flow: targets, prompts, keys, texts with variables. Each says what it wants.

YAML turns unquoted numbers and words into something else (0101 into 65, yes into true): where a text is
wanted, that is refused rather than guessed at.
"""

import re
from typing import Annotated, TypeVar

from pydantic import AfterValidator, BeforeValidator, Field, StringConstraints

from ccd.config.shape import Shape
from ccd.config.told import told

_Item = TypeVar("_Item")

BUILT_IN = ("caller", "called", "language")
"""Variables that every call has: the caller's number, the dialled number, `en` or `zh`."""

_PLACEHOLDER = re.compile(r"\{([a-z][a-z0-9_]{0,31})\}")


def placeholders(text: str) -> tuple[str, ...]:
    """Name the variables that a text refers to, in order."""
    return tuple(_PLACEHOLDER.findall(text))


def fill(text: str, variables: dict[str, str]) -> str:
    """Put the variables' values into a text; an unknown variable is empty."""
    return _PLACEHOLDER.sub(lambda found: variables.get(found[1], ""), text)


def quoted(value: object) -> object:
    """Refuse what YAML made of an unquoted number or word."""
    if value is None or isinstance(value, bool | int | float):
        raise told(
            f"YAML reads this as {value!r}, not as text",
            'write it in quotes: "…"',
            f"YAML 将其读作 {value!r}，而不是文本",
            '请加引号："…"',
        )
    return value


def _balanced(text: str) -> str:
    if set("{}") & set(_PLACEHOLDER.sub("", text)):
        raise told(
            f"{text!r} has braces that hold no variable",
            "write the name of a variable in them, such as {caller}",
            f"{text!r} 的花括号中不是变量",
            "花括号中写变量名，例如 {caller}",
        )
    return text


def _own_variable(name: str) -> str:
    if name in BUILT_IN:
        raise told(
            f"{name!r} belongs to the call and cannot be set",
            "choose another name",
            f"{name!r} 属于通话本身，不能赋值",
            "请换一个变量名",
        )
    return name


def _digit(value: object) -> object:
    """Take `1:` for `"1":`; a single digit cannot be misread."""
    is_digit = isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= 9
    return str(value) if is_digit else value


def _listed(value: object) -> object:
    return (value,) if isinstance(value, str) else value


def _grouped(value: object) -> object:
    return value if isinstance(value, list | tuple) else (value,)


def not_empty(items: tuple[_Item, ...]) -> tuple[_Item, ...]:
    """Refuse an empty list."""
    if not items:
        raise told("the list is empty", "it needs at least one entry", "列表为空", "至少需要一项")
    return items


Target = Annotated[
    str,
    Shape(
        r"([a-z0-9_-]{1,64}:)?[a-z0-9_-]{1,64}",
        "the name of a node, or flow:node of another flow",
        "节点名，或另一流程的 流程名:节点名",
    ),
]
"""`node`, or `flow:node`."""
FarTarget = Annotated[
    str,
    Shape(
        r"[a-z0-9_-]{1,64}:[a-z0-9_-]{1,64}",
        "a node of a flow, as flow:node, such as main:message",
        "某流程的节点，写成 流程名:节点名，例如 main:message",
    ),
]
"""`flow:node`, where no flow is meant by itself."""
PromptName = Annotated[
    str,
    Shape(
        r"[A-Za-z0-9_-]{1,64}(/[A-Za-z0-9_-]{1,64}){0,3}",
        "the id of a prompt, such as welcome or own/welcome, without .wav",
        "提示音编号，例如 welcome 或 own/welcome，不带 .wav",
    ),
]
"""The id of a prompt in the manifest, or a recording's path below the prompt folder without `.wav`."""
PromptList = Annotated[
    tuple[PromptName, ...],
    Field(max_length=20),
    AfterValidator(not_empty),
    BeforeValidator(_listed, json_schema_input_type=PromptName | tuple[PromptName, ...]),
]
"""One prompt, or several said one after the other."""
Key = Annotated[
    str,
    BeforeValidator(_digit),
    Shape(r"[0-9*#]", "one key in quotes: 0 to 9, * or #", "一个加引号的按键：0 到 9、* 或 #"),
]
Text = Annotated[str, BeforeValidator(quoted), StringConstraints(max_length=256), AfterValidator(_balanced)]
"""A text that may refer to variables."""
Word = Annotated[str, BeforeValidator(quoted), StringConstraints(max_length=256)]
"""A text that is compared as it stands."""
Variable = Annotated[
    str,
    Shape(
        r"[a-z][a-z0-9_]{0,31}",
        "the name of a variable: a-z, 0-9 and _, 32 characters at most",
        "变量名：a-z、0-9 和 _，最多 32 个字符",
    ),
]
OwnVariable = Annotated[Variable, AfterValidator(_own_variable)]
Wait = Annotated[float, Field(gt=0, le=20)]
"""Seconds to wait for a digit; below the lease that Asterisk gives a silent daemon."""
QueueTarget = Annotated[
    str,
    Shape(
        r"[a-z0-9_-]{1,64}|\{[a-z][a-z0-9_]{0,31}\}",
        'the name of a queue, or a variable that holds one: "{queue}"',
        '队列名，或存有队列名的变量："{queue}"',
    ),
]
"""A queue by its name, or by a variable."""
DialTarget = Annotated[
    str,
    BeforeValidator(quoted),
    Shape(
        r"\+?[0-9]{1,32}|\{[a-z][a-z0-9_]{0,31}\}",
        'a number in quotes, digits only, or a variable that holds one: "{number}"',
        '加引号的号码，只含数字；或存有号码的变量："{number}"',
    ),
]
DialList = Annotated[
    tuple[DialTarget, ...],
    Field(max_length=20),
    AfterValidator(not_empty),
    BeforeValidator(_grouped, json_schema_input_type=DialTarget | tuple[DialTarget, ...]),
]
"""One number, or several that make a ring group."""
