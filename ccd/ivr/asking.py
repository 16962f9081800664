"""Nodes that wait for the caller's keys: menu and collect."""

from typing import Literal

from ccd.config.flows import Collect, Menu
from ccd.ivr.steps import Step
from ccd.ivr.talk import Talk

_MAX_KEYS = 200
"""Keys of one entry, starting over included: a stuck key ends some time."""

_Failure = Literal["timeout", "invalid"]


async def menu(node: Menu, talk: Talk) -> Step:
    """Say the choices and take one key, `tries` times at most."""
    failure: _Failure = "timeout"
    for left in reversed(range(node.tries)):
        await talk.say(node.menu, barge_in=node.barge_in)
        key = await talk.key(node.timeout_s)
        if key in node.choices:
            return Step(key, node.choices[key])
        failure = "invalid" if key else "timeout"
        await _complain(node, failure, left, talk)
    return await _give_up(node, failure, talk)


async def collect(node: Collect, talk: Talk) -> Step:
    """Say the prompt and take an entry into the variable, `tries` times at most."""
    failure: _Failure = "timeout"
    for left in reversed(range(node.tries)):
        await talk.say(node.prompt, barge_in=node.barge_in)
        digits, pressed = await entry(talk, node.timeout_s, node.terminator, node.max)
        if len(digits) >= node.min:
            talk.caller.variables[node.collect] = digits
            talk.caller.mark(node.collect, asked_at=str(talk.place) if node.mask else None)
            return Step("*" * len(digits) if node.mask else digits, node.next)
        failure = "invalid" if pressed else "timeout"
        await _complain(node, failure, left, talk)
    return await _give_up(node, failure, talk)


async def entry(talk: Talk, timeout_s: float, terminator: str, longest: int) -> tuple[str, bool]:
    """Take digits until the entry ends; tell also whether any key was pressed."""
    digits = ""
    for count in range(_MAX_KEYS):
        key = await talk.key(timeout_s)
        if not key or key == terminator:
            return digits, bool(count or key)
        digits = digits + key if key.isdigit() else ""
        if len(digits) == longest:
            break
    return digits, True


async def _complain(node: Menu | Collect, failure: _Failure, left: int, talk: Talk) -> None:
    """Say what went wrong before another try; after the last one the branch speaks for itself."""
    prompt = node.invalid if failure == "invalid" else node.no_input
    if left and prompt:
        await talk.say([prompt], barge_in=node.barge_in)


async def _give_up(node: Menu | Collect, failure: _Failure, talk: Talk) -> Step:
    """Take the failure's branch, else the other failure's, else say goodbye."""
    own, other = node.on_timeout, node.on_invalid
    if failure == "invalid":
        own, other = other, own
    if not (own or other):
        await talk.say(["goodbye"])
    return Step(failure, own or other)
