"""What a flow knows of a caller, as it travels on their channel: the variable `CCD_VARS`.

So that it survives a restart of ours while the caller is in the IVR or waits. Beside the flow's variables
there are an agent and a priority that a lookup chose, and the facts for the agent's screen. A masked value is
never written: only its name, and the node that asks for it again.

The form is `name=value&name=value` with `%`, `&`, `=` and what cannot be printed as `%XX`. A name that begins
with `!` is ours (`!agent`, `!priority`), with `~` a secret's (its value is a node), with `+` a fact's.
"""

import re
from collections.abc import Iterator
from urllib.parse import unquote

import structlog

from ccd.ivr.ports import Caller
from ccd.model import AgentNumber
from ccd.records.text import clean

log = structlog.get_logger(__name__)

LIMIT = 1000
"""Bytes: Asterisk gives a variable's first 1,023 back to us."""
_UNSAFE = re.compile(r"[%&=\x00-\x1f\x7f]")
_VARIABLE = re.compile(r"[a-z][a-z0-9_]{0,31}")
_AGENT = re.compile(r"[0-9A-Za-z_-]{1,32}")
_PLACE = re.compile(r"[a-z0-9_/-]{1,80}:[a-z0-9_-]{1,64}")
_MAX_VALUE, _MAX_FACT = 256, 512


def encode_notes(caller: Caller) -> str:
    """Write down what a flow knows. What does not fit is left out, facts first, and the log tells."""
    text, size, lost = "", 0, []
    for name, value in _notes(caller):
        pair = f"{_escaped(name)}={_escaped(value)}"
        cost = len(pair.encode("utf-8", "replace")) + 1
        if size + cost > LIMIT:
            lost.append(name)
            continue
        text, size = f"{text}&{pair}" if text else pair, size + cost
    if lost:
        log.warning("variables too long to survive a restart", call=caller.call_id, names=lost)
    return text


def _notes(caller: Caller) -> Iterator[tuple[str, str]]:
    if caller.preferred_agent is not None:
        yield "!agent", caller.preferred_agent
    if caller.priority is not None:
        yield "!priority", str(caller.priority)
    yield from ((f"~{name}", place) for name, place in (caller.secrets | caller.lost).items())
    yield from ((name, value) for name, value in caller.variables.items() if name not in caller.secrets)
    yield from ((f"+{name}", value) for name, value in caller.data.items())


def _escaped(text: str) -> str:
    return _UNSAFE.sub(lambda found: f"%{ord(found[0]):02X}", text)


def take_notes(caller: Caller, text: str) -> None:
    """Give a caller back what was written down. Whatever is none of ours is passed over."""
    for pair in text.split("&"):
        name, equals, value = (unquote(each, errors="replace") for each in pair.partition("="))
        if not equals:
            continue
        if name == "!agent" and _AGENT.fullmatch(value):
            caller.preferred_agent = AgentNumber(value)
        elif name == "!priority" and re.fullmatch(r"-?[0-9]{1,4}", value):
            caller.priority = int(value)
        elif name.startswith("~") and _VARIABLE.fullmatch(name[1:]) and _PLACE.fullmatch(value):
            caller.lost[name[1:]] = value
        elif name.startswith("+"):
            caller.data[clean(name[1:])] = clean(value, _MAX_FACT)
        elif _VARIABLE.fullmatch(name):
            caller.variables[name] = clean(value, _MAX_VALUE)
