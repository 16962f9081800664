"""Which prompts a configuration names, wherever: found by the type of a key, not by a list of keys."""

import typing
from collections.abc import Iterator
from functools import cache
from typing import Any

from ccd.config.base import Section
from ccd.config.flow_values import PromptName
from ccd.config.problems import Location

_MARK = typing.get_args(PromptName)[1]
"""What tells the id of a prompt from any other text."""


def named_prompts(section: Section, at: Location = ()) -> Iterator[tuple[Location, str]]:
    """Give every prompt that a section and all below it names, with the key that names it."""
    prompts = _prompt_keys(type(section))
    for name, field in type(section).model_fields.items():
        here, value = (*at, field.alias or name), getattr(section, name)
        if isinstance(value, Section) and not value.model_fields_set:
            continue  # nothing of it was written: what its defaults name is not in use
        if name in prompts and not isinstance(value, dict):
            yield from ((here, prompt) for prompt in ([value] if isinstance(value, str) else value or ()))
        else:
            yield from _below(value, here)


def _below(value: Any, at: Location) -> Iterator[tuple[Location, str]]:
    match value:
        case Section():
            yield from named_prompts(value, at)
        case dict():
            for key, inner in value.items():
                yield from _below(inner, (*at, key))
        case tuple() | list():
            for index, inner in enumerate(value):
                yield from _below(inner, (*at, index))


@cache
def _prompt_keys(model: type[Section]) -> frozenset[str]:
    hints = typing.get_type_hints(model, include_extras=True)
    return frozenset(name for name in model.model_fields if _holds_prompt(hints[name]))


def _holds_prompt(hint: Any) -> bool:
    metadata = getattr(hint, "__metadata__", ())
    return _MARK in metadata or any(_holds_prompt(inner) for inner in typing.get_args(hint))
