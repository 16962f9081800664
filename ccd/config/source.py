"""Reads YAML into plain values, remembering in which file and line each key stands.

Values stay as they were written: every scalar is a string, and only null is null. What a value means is
decided by the key it belongs to, not by how it looks. So `extension: 0101`, `password: 12345678`, `09:00` and
`no` are what the writer sees, not the octal number, the integer, the sexagesimal number and the boolean that
YAML 1.1 makes of them.
"""

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from ccd.config.problems import Location, Place, problem
from ccd.errors import ConfigProblem

MAX_BYTES = 4_000_000
MAX_VALUES = 200_000
MAX_DEPTH = 40

_TAG = "tag:yaml.org,2002:"
_SCALARS = frozenset(_TAG + name for name in ("str", "null", "int", "float", "bool", "timestamp", "value"))
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
                there = self.places[here]
                self.problems.append(problem("twice", other.places[here], here, there=there))


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
    reader = _Reader(source, file)
    try:
        root = yaml.compose(data.decode("utf-8-sig") if isinstance(data, bytes) else data, Loader=_Loader)
        if root is not None:
            reader.read(root)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        reason = ", ".join(filter(None, (error.context, error.problem)))
        source.problems.append(
            problem("not_yaml", Place(file, mark.line + 1 if mark else None), reason=reason)
        )
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        source.problems.append(problem("not_yaml", Place(file), reason=" ".join(str(error).split())))
    except RecursionError:
        source.problems.append(problem("not_yaml", Place(file), reason="it is nested too deeply"))
    return source


class _Reader:
    """Turns YAML's nodes into values."""

    def __init__(self, source: Source, file: str) -> None:
        self._source = source
        self._file = file
        self._values = 0

    def read(self, root: yaml.Node) -> None:
        """Take the document, which is a mapping of sections."""
        value = self._value(root, ())
        if isinstance(value, dict):
            self._source.values = value
        elif value is not None:
            self._complain("no_sections", root, ())

    def _value(self, node: yaml.Node, at: Location) -> Any:
        self._values += 1
        if self._values > MAX_VALUES or len(at) > MAX_DEPTH:
            raise yaml.YAMLError(f"more than {MAX_VALUES} values, or more than {MAX_DEPTH} levels")
        if isinstance(node, yaml.MappingNode):
            return self._mapping(node, at)
        if isinstance(node, yaml.SequenceNode):
            return [self._item(item, (*at, index)) for index, item in enumerate(node.value)]
        if node.tag not in _SCALARS:
            self._complain("tag", node, at, tag=node.tag)
        return None if node.tag == f"{_TAG}null" else node.value

    def _item(self, node: yaml.Node, at: Location) -> Any:
        self._source.places[at] = self._place(node)
        return self._value(node, at)

    def _mapping(self, node: yaml.MappingNode, at: Location) -> dict[str, Any]:
        values: dict[str, Any] = {}
        for name, child in node.value:
            if not isinstance(name, yaml.ScalarNode):
                self._complain("odd_key", name, at)
                continue
            here = (*at, str(name.value))
            if name.value in values:
                self._complain("twice", name, here, there=self._source.places[here])
                continue
            self._source.places[here] = self._place(name)
            values[name.value] = self._value(child, here)
        return values

    def _place(self, node: yaml.Node) -> Place:
        return Place(self._file, node.start_mark.line + 1)

    def _complain(self, code: str, node: yaml.Node, at: Location, **blanks: object) -> None:
        self._source.problems.append(problem(code, self._place(node), at, **blanks))
