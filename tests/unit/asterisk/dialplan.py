"""Reads a rendered dialplan as Asterisk does, far enough to see whether every jump has a target."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

_STEP = re.compile(
    r"(?:exten => (?P<exten>[^,]+),|same => )(?P<priority>1|n|hint)(?:\((?P<label>\w+)\))?,(?P<app>.*)"
)
_SPECIAL = frozenset("hiT")


@dataclass
class Context:
    """One context: its extensions with their steps, its labels, what it includes."""

    extens: dict[str, list[str]] = field(default_factory=dict)
    hints: dict[str, str] = field(default_factory=dict)
    labels: set[tuple[str, str]] = field(default_factory=set)
    includes: list[str] = field(default_factory=list)


def parse(text: str) -> dict[str, Context]:
    """Read the contexts of a dialplan; a line that is none of Asterisk's, or an extension twice, fails."""
    contexts: dict[str, Context] = {}
    exten = ""
    for line in filter(None, (line.partition(";")[0].rstrip() for line in text.splitlines())):
        if line.startswith("["):
            assert line[1:-1] not in contexts, f"{line} stands twice"
            here = contexts[line[1:-1]] = Context()
        elif line.startswith("include => "):
            here.includes.append(line.removeprefix("include => "))
        else:
            found = _STEP.fullmatch(line.strip())
            assert found is not None, f"no line of a dialplan: {line!r}"
            exten = found["exten"] or exten
            if found["priority"] == "hint":
                here.hints[exten] = found["app"]
                continue
            assert (found["priority"] == "1") == (exten not in here.extens), (
                f"{line!r} starts twice or nowhere"
            )
            here.extens.setdefault(exten, []).append(found["app"])
            if found["label"]:
                here.labels.add((exten, found["label"]))
    return contexts


def jumps(contexts: dict[str, Context]) -> Iterator[tuple[str, str, str]]:
    """Give every jump as (context, extension, priority or label)."""
    for name, context in contexts.items():
        for exten, steps in context.extens.items():
            for step in steps:
                for target in _targets(step):
                    parts = target.split(",")
                    place = [name, exten][: 3 - len(parts)] + parts
                    yield place[0], place[1], place[2].partition("(")[0]


def _targets(step: str) -> list[str]:
    if step.startswith("GotoIf("):
        return step.removesuffix(")").rpartition("?")[2].split(":")
    app, _, arguments = step.partition("(")
    if app == "Gosub":  # what it hands over, in brackets after the priority, is no target
        return [arguments.rpartition(",1(")[0] + ",1"]
    return [arguments.removesuffix(")")] if app == "Goto" else []


def exists(contexts: dict[str, Context], target: tuple[str, str, str]) -> bool:
    """Whether a jump lands somewhere."""
    context, exten, priority = target
    if context not in contexts:
        return False
    if "${" in exten:
        prefix = exten.partition("${")[0]
        return any(known.startswith(prefix) for known in contexts[context].extens)
    if priority.isdecimal():
        return len(contexts[context].extens.get(exten, ())) >= int(priority)
    return (exten, priority) in contexts[context].labels
