"""Says in words what pydantic found: at which key and line, what is wrong and what would be right."""

import difflib
from collections.abc import Iterable, Mapping
from functools import cache
from typing import Any

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from ccd.config.environment import SECRETS
from ccd.config.problems import Location, problem
from ccd.config.source import Source
from ccd.config.texts import SAME_AS, TEXTS
from ccd.errors import ConfigProblem

MAX_SHOWN = 60
MAX_NAMED = 16


def explain(error: ValidationError, source: Source, model: type[BaseModel]) -> list[ConfigProblem]:
    """Turn pydantic's errors into problems, each once."""
    told = (_one(details, source, _schema(model)) for details in error.errors(include_url=False))
    return list(dict.fromkeys(told))


@cache
def _schema(model: type[BaseModel]) -> Mapping[str, Any]:
    """Give a model's schema, which takes a tenth of a second to make and never changes."""
    return model.model_json_schema()


def _one(details: ErrorDetails, source: Source, schema: Mapping[str, Any]) -> ConfigProblem:
    at = _location(details["loc"], source.values)
    code = SAME_AS.get(details["type"], details["type"])
    blanks = dict(details.get("ctx", {})) | {"value": _shown(details.get("input"), at)}
    if code == "extra_forbidden":
        known = _keys_at(schema, at[:-1], source.values)
        blanks |= hints(str(at[-1]), known)
    if code == "enum":
        blanks |= hints(str(details.get("input")), _choices(str(blanks.get("expected", ""))))
    if code in TEXTS:
        return problem(code, source.place(at), at, **blanks)
    message, _, remedy = details["msg"].removeprefix("Value error, ").partition("; ")
    bare = problem("missing", source.place(at), at)
    return ConfigProblem(file=bare.file, line=bare.line, key=bare.key, message=message, remedy=remedy)


def hints(given: str, known: Iterable[str]) -> dict[str, str]:
    """Give the blanks `hint` and `hint_zh`: what was probably meant, and what there is."""
    names = list(known)
    near = difflib.get_close_matches(given, names, n=1)
    if near:
        return {"hint": f"did you mean {near[0]}?", "hint_zh": f"是否想写 {near[0]}？"}
    listed = ", ".join(names[:MAX_NAMED]) + (", …" if len(names) > MAX_NAMED else "")
    if not names:
        return {"hint": "there is none", "hint_zh": "目前一个也没有"}
    return {"hint": f"there are: {listed}", "hint_zh": f"可用的有：{listed}"}


def _choices(expected: str) -> list[str]:
    """Take apart pydantic's list of choices: `'en' or 'zh'`."""
    return [part.strip("' ") for part in expected.replace(" or ", ",").split(",") if part.strip("' ")]


def _shown(value: object, at: Location) -> str:
    if not isinstance(value, str) or (at and at[-1] in SECRETS):
        return "this"
    text = repr(value)
    return text if len(text) <= MAX_SHOWN else text[:MAX_SHOWN] + "…"


def _location(loc: tuple[int | str, ...], values: Any) -> Location:
    """Find the key that pydantic means: its path also names members of unions and marks keys of mappings."""
    at: list[int | str] = []
    here: Any = values
    for index, key in enumerate(loc):
        if isinstance(here, list):
            here = here[key] if isinstance(key, int) and key < len(here) else None
        elif isinstance(here, dict) and key in here:
            here = here[key]
        elif key == "[key]" or not isinstance(here, dict) or index < len(loc) - 1:
            continue
        at.append(key)
    return tuple(at)


def _keys_at(schema: Mapping[str, Any], at: Location, values: Any) -> list[str]:
    """Name the keys that a mapping may have."""
    here: list[Mapping[str, Any]] = [schema]
    for key in at:
        values = values[key]
        here = [inner for outer in _members(schema, here) for inner in _inside(outer, key)]
    members = [member for member in _members(schema, here) if "properties" in member]
    fitting = [one for one in members if set(one.get("required", ())) <= set(values)] or members
    return list(dict.fromkeys(name for member in fitting for name in member["properties"]))


def _members(
    schema: Mapping[str, Any], candidates: Iterable[Mapping[str, Any]]
) -> Iterable[Mapping[str, Any]]:
    """Follow references and unions."""
    for candidate in candidates:
        if "$ref" in candidate:
            yield from _members(schema, [schema["$defs"][candidate["$ref"].rpartition("/")[2]]])
        elif "anyOf" in candidate:
            yield from _members(schema, candidate["anyOf"])
        else:
            yield candidate


def _inside(schema: Mapping[str, Any], key: str | int) -> Iterable[Mapping[str, Any]]:
    if isinstance(key, int):
        return [schema["items"]] if "items" in schema else []
    if key in schema.get("properties", {}):
        return [schema["properties"][key]]
    inner = schema.get("additionalProperties")
    if isinstance(inner, dict):
        return [inner]
    return list(schema.get("patternProperties", {}).values())
