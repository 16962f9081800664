"""The node that lets only those through who know a secret."""

from enum import Enum, auto
from hmac import compare_digest

from ccd.config.flow_values import fill
from ccd.config.flows import Pin
from ccd.ivr.asking import entry
from ccd.ivr.locks import lock_key
from ccd.ivr.steps import Step
from ccd.ivr.talk import Talk
from ccd.model import LookupOutcome


class _Verdict(Enum):
    RIGHT = auto()
    WRONG = auto()
    UNKNOWN = auto()
    """The business's system did not answer."""


async def pin(node: Pin, talk: Talk) -> Step:
    """Ask until it is right, the tries are used up, or the lock falls."""
    key = lock_key(str(talk.place), fill(node.lock_by, talk.caller.known()))
    for left in reversed(range(node.tries)):
        if _is_locked(node, key, talk):
            return await _refuse("locked", node.on_locked or node.on_wrong, talk)
        await talk.say(node.prompt, barge_in=node.barge_in)
        digits, _ = await entry(talk, node.timeout_s, node.terminator, node.max)
        verdict = await _judge(node, key, digits, talk)
        if verdict is _Verdict.RIGHT:
            return Step("ok", node.on_ok)
        if verdict is _Verdict.UNKNOWN:
            return await _refuse("failed", node.on_failed or node.on_wrong, talk)
        if left and node.wrong:
            await talk.say([node.wrong])
    return await _refuse("wrong", node.on_wrong, talk)


def _is_locked(node: Pin, key: str, talk: Talk) -> bool:
    return talk.host.locks.is_locked(key, node.lock_after, node.lock_s, talk.host.now())


async def _judge(node: Pin, key: str, digits: str, talk: Talk) -> _Verdict:
    """Check an entry, counted as a wrong one until it is known to be none: others may guess at the same time.

    What is entered while the lock falls is wrong, whatever it is.
    """
    locks, host = talk.host.locks, talk.host
    if not digits:  # who enters nothing guesses nothing
        return await _check(node, digits, talk)
    if _is_locked(node, key, talk):
        return _Verdict.WRONG
    locks.count_wrong(key, host.now())
    verdict = await _check(node, digits, talk)
    if verdict is _Verdict.RIGHT:
        locks.forget(key, host.now())
    elif verdict is _Verdict.UNKNOWN:
        locks.take_back(key, host.now())
    return verdict


async def _check(node: Pin, digits: str, talk: Talk) -> _Verdict:
    """Keep the digits as the secret that they are, and see whether they are right."""
    caller = talk.caller
    caller.variables[node.pin] = digits
    caller.mark(node.pin, asked_at=str(talk.place))
    if len(digits) < node.min:
        return _Verdict.WRONG
    if node.system is None:
        expected = fill(node.equals or "", caller.known())
        same = compare_digest(expected.encode(), digits.encode())
        return _Verdict.RIGHT if expected and same else _Verdict.WRONG
    known = caller.known()
    sent = {name: known[name] for name in node.send if name in known and name not in caller.secrets}
    question = {
        "call_id": caller.call_id,
        "caller": caller.number,
        "called": caller.called,
        "language": caller.language,
        "lookup": node.system,
        "variables": sent | {node.pin: digits},
    }
    match (await talk.host.lookup(node.system, question)).outcome:
        case LookupOutcome.FOUND:
            return _Verdict.RIGHT
        case LookupOutcome.NOT_FOUND:
            return _Verdict.WRONG
        case LookupOutcome.FAILED:
            return _Verdict.UNKNOWN


_LAST_WORDS = {"locked": "pin-locked", "wrong": "goodbye", "failed": "call-failed"}


async def _refuse(how: str, target: str | None, talk: Talk) -> Step:
    """Take the branch; without one say why, and end the call."""
    if target is None:
        await talk.say([_LAST_WORDS[how]], barge_in=False)
    return Step(how, target)
