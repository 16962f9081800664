"""What the simple kinds of node do: each a small coroutine that tells its result and where it leads."""

from typing import NamedTuple

import structlog

from ccd.config.flow_values import fill
from ccd.config.flows import AskHours, Branch, Goto, Hangup, Language, Play, Say, SayKind, Set
from ccd.history import LanguageChosen
from ccd.ivr import say as speech
from ccd.ivr.hours import HoursState, hours_state
from ccd.ivr.talk import Talk

log = structlog.get_logger(__name__)


class Step(NamedTuple):
    """How a node ended."""

    result: str
    """For the record: a digit, `timeout`, `open`, …; never a secret."""
    target: str | None
    """The branch that is taken; None ends the call."""


async def play(node: Play, talk: Talk) -> Step:
    """Say prompts."""
    await talk.say(node.play, barge_in=node.barge_in)
    return Step("done", node.next)


async def say(node: Say, talk: Talk) -> Step:
    """Read a value out, or the present date or time; a number that is none is passed over."""
    value = fill(node.value or "", talk.caller.known())
    words = _words(node.say, value, talk)
    if not words:
        log.warning("nothing to say", say=node.say, call=talk.caller.call_id)
    await talk.say(words, barge_in=node.barge_in)
    return Step("done", node.next)


def _words(kind: SayKind, value: str, talk: Talk) -> tuple[str, ...]:
    language = talk.caller.language
    now = talk.host.wall().astimezone(talk.book.timezone)
    match kind:
        case SayKind.NUMBER:
            sound = value.removeprefix("-").isdecimal() and value.isascii() and len(value) <= 40
            return speech.number(int(value), language) if sound else ()
        case SayKind.DIGITS:
            return speech.digits(value, language)
        case SayKind.DATE:
            return speech.day(now.date(), language)
        case SayKind.TIME:
            return speech.clock(now.time(), language)


async def hours(node: AskHours, talk: Talk) -> Step:
    """Branch by whether it is open now."""
    state = hours_state(talk.book.hours[node.hours], talk.host.wall(), talk.book.timezone)
    match state:
        case HoursState.OPEN:
            target = node.on_open
        case HoursState.CLOSED:
            target = node.on_closed
        case HoursState.HOLIDAY:
            target = node.on_holiday or node.on_closed
    return Step(state, target)


async def language(node: Language, talk: Talk) -> Step:
    """Change the caller's language."""
    other = "en" if talk.caller.language == "zh" else "zh"
    chosen = other if node.language == "other" else node.language
    await talk.speak(chosen)
    host = talk.host
    host.note(LanguageChosen(call_id=talk.caller.call_id, at=host.now(), language=chosen))
    return Step(chosen, node.next)


async def assign(node: Set, talk: Talk) -> Step:
    """Set variables, all from the values that they had before."""
    known = talk.caller.known()
    talk.caller.variables |= {name: fill(text, known) for name, text in node.set.items()}
    return Step("done", node.next)


async def branch(node: Branch, talk: Talk) -> Step:
    """Go on by a variable; the first case that holds decides."""
    value = talk.caller.known().get(node.branch, "")
    for number, case in enumerate(node.cases, start=1):
        if case.holds(value):
            return Step(f"case {number}", case.next)
    return Step("default", node.default)


async def goto(node: Goto, _: Talk) -> Step:
    """Go on elsewhere."""
    return Step(node.goto, node.goto)


async def hangup(node: Hangup, talk: Talk) -> Step:
    """Say goodbye, where a prompt is given."""
    if node.hangup:
        await talk.say([node.hangup], barge_in=False)
    return Step("hangup", None)
