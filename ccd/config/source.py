"""Reads YAML into plain values, remembering in which file and line each key stands.

Values stay as they were written: every scalar is a string, and only null is null. What a value means is
decided by the key it belongs to, not by how it looks. So `extension: 0101`, `password: 12345678`, `09:00` and
`no` are what the writer sees, not the octal number, the integer, the sexagesimal number and the boolean that
YAML 1.1 makes of them.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from ccd.config.problems import Location, Place, problem
from ccd.errors import ConfigProblem

MAX_BYTES = 4_000_000
MAX_VALUES = 200_000
MAX_DEPTH = 40

_NULL = frozenset({"", "~", "null", "Null", "NULL"})
_TAGS = frozenset(
    f"tag:yaml.org,2002:{name}" for name in ("str", "null", "int", "float", "bool", "timestamp", "map", "seq")
)
_Loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


@dataclass(slots=True)
class Source:
    """The values of one or several files, the place of each key, and what was wrong on the way."""

    values: dict[str, Any] = field(default_factory=dict)
    places: dict[Location, Place] = field(default_factory=dict)
    problems: list[ConfigProblem] = field(default_factory=list)

    def place(self, location: Location) -> Place:
        """Give the place of a key, or of the nearest one around it."""
        for length in range(len(location), -1, -1):
            if (place := self.places.get(location[:length])) is not None:
                return place
        return Place("")

    def take_in(self, other: "Source") -> None:
        """Merge another file: mappings grow together, any other key may stand in one file only."""
        self.problems += other.problems
        self.places = other.places | self.places
        self._grow(self.values, other.values, (), other)

    def _grow(self, mine: dict[str, Any], theirs: dict[str, Any], at: Location, other: "Source") -> None:
        for key, value in theirs.items():
            here = (*at, key)
            if key not in mine:
                mine[key] = value
            elif isinstance(mine[key], dict) and isinstance(value, dict):
                self._grow(mine[key], value, here, other)
            else:
                there = self.place(here)
                self.problems.append(problem("twice", other.place(here), here, there=there))


def read_file(path: Path) -> Source:
    """Read one file; whatever is wrong with it is in `problems`."""
    place = Place(str(path))
    try:
        with path.open("rb") as file:
            data = file.read(MAX_BYTES + 1)
    except OSError as error:
        return Source(problems=[problem("unreadable", place, reason=error.strerror or error)])
    if len(data) > MAX_BYTES:
        return Source(problems=[problem("too_large", place, limit=MAX_BYTES)])
    return read_text(data, str(path))


def read_text(data: bytes | str, file: str) -> Source:
    """Read the text of one file."""
    source = Source(places={(): Place(file, 1)})
    try:
        text = data.decode("utf-8-sig") if isinstance(data, bytes) else data
        _Reader(source, file, yaml.parse(text, Loader=_Loader)).read()
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        reason = ", ".join(filter(None, (error.context, error.problem)))
        source.problems.append(
            problem("not_yaml", Place(file, mark.line + 1 if mark else None), reason=reason)
        )
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        source.problems.append(problem("not_yaml", Place(file), reason=" ".join(str(error).split())))
    return source


class _Reader:
    """Turns YAML's events into values.

    Not its nodes: the library builds those by recursion without a bound, and what it makes of tags and of
    words such as `no` is not wanted.
    """

    def __init__(self, source: Source, file: str, events: Iterator[Any]) -> None:
        self._source = source
        self._file = file
        self._events = events
        self._anchors: dict[str, Any] = {}
        self._values = 0

    def read(self) -> None:
        """Take the document, which is a mapping of sections."""
        next(self._events)  # the stream's start
        if isinstance(next(self._events), yaml.StreamEndEvent):
            return
        event = next(self._events)
        value = self._value(event, ())
        if isinstance(value, dict):
            self._source.values = value
        elif value is not None:
            self._complain("no_sections", event, ())
        next(self._events)  # the document's end
        if not isinstance(after := next(self._events), yaml.StreamEndEvent):
            self._complain("documents", after, ())

    def _value(self, event: Any, at: Location) -> Any:
        self._count(1, at)
        match event:
            case yaml.AliasEvent():
                return self._alias(event, at)
            case yaml.MappingStartEvent():
                value: Any = self._mapping(at)
            case yaml.SequenceStartEvent():
                value = self._sequence(at)
            case _:
                plain = event.implicit[0]
                value = None if plain and event.value in _NULL else event.value
        if event.tag is not None and event.tag not in _TAGS:
            self._complain("tag", event, at, tag=event.tag)
        if event.anchor is not None:
            self._anchors[event.anchor] = value
        return value

    def _alias(self, event: Any, at: Location) -> Any:
        if event.anchor not in self._anchors:
            line = event.start_mark.line + 1
            raise yaml.YAMLError(f"line {line} refers to *{event.anchor}, which no line before it defines")
        return self._again(self._anchors[event.anchor], at)

    def _count(self, values: int, at: Location) -> None:
        self._values += values
        if self._values > MAX_VALUES or len(at) > MAX_DEPTH:
            raise yaml.YAMLError(f"more than {MAX_VALUES} values, or more than {MAX_DEPTH} levels")

    def _again(self, value: Any, at: Location) -> Any:
        """Copy what an alias stands for: later changes of one place must not change the other."""
        match value:
            case dict():
                self._count(len(value), at)
                return {key: self._again(inner, (*at, key)) for key, inner in value.items()}
            case list():
                self._count(len(value), at)
                return [self._again(inner, (*at, index)) for index, inner in enumerate(value)]
            case _:
                return value

    def _sequence(self, at: Location) -> list[Any]:
        values: list[Any] = []
        while not isinstance(event := next(self._events), yaml.SequenceEndEvent):
            here = (*at, len(values))
            self._source.places[here] = self._place(event)
            values.append(self._value(event, here))
        return values

    def _mapping(self, at: Location) -> dict[str, Any]:
        values: dict[str, Any] = {}
        while not isinstance(name := next(self._events), yaml.MappingEndEvent):
            if not isinstance(name, yaml.ScalarEvent):
                self._complain("odd_key", name, at)
                self._value(name, at)
                self._value(next(self._events), at)
                continue
            here = (*at, str(name.value))
            if name.value in values:
                self._complain("twice", name, here, there=self._source.place(here))
                self._value(next(self._events), here)
                continue
            self._source.places[here] = self._place(name)
            values[name.value] = self._value(next(self._events), here)
        return values

    def _place(self, event: Any) -> Place:
        return Place(self._file, event.start_mark.line + 1)

    def _complain(self, code: str, event: Any, at: Location, **blanks: object) -> None:
        self._source.problems.append(problem(code, self._place(event), at, **blanks))
