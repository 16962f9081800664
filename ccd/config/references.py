"""What must hold between keys: names that are used exist, numbers are not given twice.

It looks at the values as they were written, so that these problems are told together with all others. What
holds inside flows is checked by `ccd.ivr.check`.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from ccd.config.explain import hints
from ccd.config.phones import FeatureCodes
from ccd.config.problems import Location, problem
from ccd.config.source import Source
from ccd.errors import ConfigProblem

_SECRET: Location = ("asterisk", "ami", "secret")
_KINDS_ZH = {
    "queue": "队列",
    "flow": "流程",
    "survey": "满意度调查",
    "hours": "日历",
    "list": "名单",
    "mailbox": "语音信箱",
}
_SECTIONS = {"hours": ("hours",), "mailbox": ("voicemail", "mailboxes")}
"""Where things of a kind stand, unless in its plural."""


def check_references(source: Source) -> Iterator[ConfigProblem]:
    """Give everything that is wrong between keys."""
    values = source.values
    for number, target in _mapping(values.get("numbers")).items():
        yield from _exists(source, ("numbers", number, "queue"), "queue", _mapping(target).get("queue"))
        yield from _exists(source, ("numbers", number, "flow"), "flow", _mapping(target).get("flow"))
        fallback = _mapping(_mapping(target).get("fallback"))
        for kind in ("queue", "flow"):
            yield from _exists(source, ("numbers", number, "fallback", kind), kind, fallback.get(kind))
    for name, queue in _mapping(values.get("queues")).items():
        yield from _exists(source, ("queues", name, "survey"), "survey", _mapping(queue).get("survey"))
        yield from _exists(source, ("queues", name, "voicemail"), "mailbox", _mapping(queue).get("voicemail"))
        yield from _exists(source, ("queues", name, "hours"), "hours", _mapping(queue).get("hours"))
        yield from _overflows(source, name, _mapping(queue).get("overflow"))
        calendar = _mapping(_mapping(queue).get("callback")).get("hours")
        yield from _exists(source, ("queues", name, "callback", "hours"), "hours", calendar)
    yield from _exists(source, ("blacklist", "list"), "list", _mapping(values.get("blacklist")).get("list"))
    asterisk = _mapping(values.get("asterisk"))
    yield from _exists(source, ("asterisk", "fallback_queue"), "queue", asterisk.get("fallback_queue"))
    if not _mapping(asterisk.get("ami")).get("secret"):
        yield problem("no_secret", source.place(_SECRET), _SECRET)
    yield from _aliases(source, "queues")
    yield from _aliases(source, "flows")
    yield from _phones(source)
    yield from _break_codes(source)
    yield from _lamps(source)
    yield from _outbound(source)


def _overflows(source: Source, name: str, steps: Any) -> Iterator[ConfigProblem]:
    for index, step in enumerate(steps if isinstance(steps, list) else ()):
        at: Location = ("queues", name, "overflow", index, "queue")
        target = _mapping(step).get("queue")
        yield from _exists(source, at, "queue", target)
        if target == name:
            yield problem("own_overflow", source.place(at), at)


def _mapping(value: Any) -> Mapping[str, Any]:
    return value if isinstance(value, dict) else {}


def _exists(source: Source, at: Location, kind: str, name: Any) -> Iterator[ConfigProblem]:
    known: Mapping[str, Any] = source.values
    for key in _SECTIONS.get(kind, (f"{kind}s",)):
        known = _mapping(known.get(key))
    if isinstance(name, str) and name not in known:
        yield problem(
            "unknown_name",
            source.place(at),
            at,
            kind=kind,
            kind_zh=_KINDS_ZH[kind],
            name=name,
            **hints(name, known),
        )


def _aliases(source: Source, section: str) -> Iterator[ConfigProblem]:
    seen: dict[str, str] = {}
    for name in _mapping(source.values.get(section)):
        other = seen.setdefault(name.replace("-", ""), name)
        if other != name:
            yield problem("aliased", source.place((section, name)), (section, name), other=other)


def _phones(source: Source) -> Iterator[ConfigProblem]:
    phones = source.values.get("phones")
    seen: dict[str, Location] = {}
    for index, phone in enumerate(phones if isinstance(phones, list) else ()):
        at: Location = ("phones", index, "extension")
        extension = _mapping(phone).get("extension")
        if not isinstance(extension, str):
            continue
        if extension in seen:
            there = source.place(seen[extension])
            yield problem("same_extension", source.place(at), at, name=extension, there=there)
        seen.setdefault(extension, at)
    for number in _mapping(source.values.get("numbers")):
        if number in seen:
            at, there = ("numbers", number), source.place(seen[number])
            yield problem("number_is_phone", source.place(at), at, name=number, there=there)


def _lamps(source: Source) -> Iterator[ConfigProblem]:
    """Tell of lamps whose extensions would be feature codes."""
    given = _mapping(source.values.get("feature_codes"))
    codes = {name: given.get(name, field.default) for name, field in FeatureCodes.model_fields.items()}
    for key, lamp in _mapping(source.values.get("lamps")).items():
        at: Location = ("lamps", key)
        for name, code in codes.items():
            if not isinstance(lamp, str) or not isinstance(code, str):
                continue
            if code.startswith(lamp):
                told = {"key": key, "code": lamp, "longer_key": name, "longer": code}
            elif lamp.startswith(code):
                told = {"key": name, "code": code, "longer_key": key, "longer": lamp}
            else:
                continue
            yield problem("code_prefix", source.place(at), at, **told)


def _break_codes(source: Source) -> Iterator[ConfigProblem]:
    seen: dict[str, Location] = {}
    for digit, reason in _mapping(source.values.get("break_reasons")).items():
        at: Location = ("break_reasons", digit, "code")
        code = _mapping(reason).get("code")
        if not isinstance(code, str):
            continue
        if code in seen:
            yield problem("same_code", source.place(at), at, there=source.place(seen[code]))
        seen.setdefault(code, at)


def _outbound(source: Source) -> Iterator[ConfigProblem]:
    """Check the names that the outbound policy uses."""
    outbound = _mapping(source.values.get("outbound"))
    for code, queue in _mapping(outbound.get("queue_codes")).items():
        yield from _exists(source, ("outbound", "queue_codes", code), "queue", queue)
    rules = outbound.get("rules")
    for place, rule in enumerate(rules if isinstance(rules, list) else ()):
        at: Location = ("outbound", "rules", place)
        for key in ("hours", "outside_hours"):
            yield from _exists(source, (*at, key), "hours", _mapping(rule).get(key))
        for key, kind in (("queues", "queue"), ("flows", "flow")):
            names = _mapping(rule).get(key)
            for index, name in enumerate(names if isinstance(names, list) else ()):
                yield from _exists(source, (*at, key, index), kind, name)
