"""The types of what stands in a flow: targets, prompts, keys, texts with variables. Each says what it wants.

YAML turns unquoted numbers and words into something else (0101 into 65, yes into true): where a text is
wanted, that is refused rather than guessed at.
"""

import re
from dataclasses import dataclass
from typing import Annotated, Any, TypeVar

from pydantic import (
    AfterValidator,
    BeforeValidator,
    Field,
    GetCoreSchemaHandler,
    GetJsonSchemaHandler,
    StringConstraints,
)
from pydantic_core import CoreSchema, core_schema

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
        raise ValueError(f'YAML reads this as {value!r}, not as text; write it in quotes: "…"')
    return value


def _balanced(text: str) -> str:
    if set("{}") & set(_PLACEHOLDER.sub("", text)):
        raise ValueError(
            f"{text!r}: braces hold the name of a variable, such as {{caller}}, and nothing else"
        )
    return text


def _own_variable(name: str) -> str:
    if name in BUILT_IN:
        raise ValueError(f"{name!r} belongs to the call and cannot be set; choose another name")
    return name


def _digit(value: object) -> object:
    """Take `1:` for `"1":`; a single digit cannot be misread."""
    is_digit = isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= 9
    return str(value) if is_digit else value


def _listed(value: object) -> object:
    return (value,) if isinstance(value, str) else value


def not_empty(items: tuple[_Item, ...]) -> tuple[_Item, ...]:
    """Refuse an empty list."""
    if not items:
        raise ValueError("the list is empty; it needs at least one entry")
    return items


@dataclass(frozen=True)
class Shape:
    """A pattern for a text, with words of its own for those who miss it."""

    pattern: str
    wants: str

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        return core_schema.no_info_after_validator_function(self._check, handler(source))

    def __get_pydantic_json_schema__(
        self, schema: CoreSchema, handler: GetJsonSchemaHandler
    ) -> dict[str, Any]:
        return handler(schema) | {"pattern": f"^(?:{self.pattern})$"}

    def _check(self, text: str) -> str:
        if re.fullmatch(self.pattern, text) is None:
            raise ValueError(f"{text!r} does not do here; write {self.wants}")
        return text


Target = Annotated[
    str, Shape(r"([a-z0-9_-]{1,64}:)?[a-z0-9_-]{1,64}", "the name of a node, or flow:node of another flow")
]
"""`node`, or `flow:node`."""
PromptName = Annotated[
    str,
    Shape(
        r"[A-Za-z0-9_-]{1,64}(/[A-Za-z0-9_-]{1,64}){0,3}",
        "the id of a prompt, such as welcome or own/welcome, without folder or .wav",
    ),
]
"""The id of a prompt in the manifest, or a recording's path below the prompt folder without `.wav`."""
PromptList = Annotated[
    tuple[PromptName, ...], BeforeValidator(_listed), AfterValidator(not_empty), Field(max_length=20)
]
"""One prompt, or several said one after the other."""
Key = Annotated[str, BeforeValidator(_digit), Shape(r"[0-9*#]", "one key in quotes: 0 to 9, * or #")]
Text = Annotated[str, BeforeValidator(quoted), StringConstraints(max_length=256), AfterValidator(_balanced)]
Variable = Annotated[
    str, Shape(r"[a-z][a-z0-9_]{0,31}", "the name of a variable: a-z, 0-9 and _, 32 characters at most")
]
OwnVariable = Annotated[Variable, AfterValidator(_own_variable)]
Wait = Annotated[float, Field(gt=0, le=20)]
"""Seconds to wait for a digit; below the lease that Asterisk gives a silent daemon."""
DialTarget = Annotated[
    str, BeforeValidator(quoted), Shape(r"\+?[0-9]{1,32}", "a number in quotes, digits only")
]
