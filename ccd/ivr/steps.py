"""What the simple kinds of node do: each a small coroutine that tells its result and where it leads."""

from typing import NamedTuple

import structlog

from ccd.config.flow_values import fill, placeholders
from ccd.config.flows import AskHours, AskList, Branch, Goto, Hangup, Language, Play, Say, Set
from ccd.history import LanguageChosen
from ccd.ivr.hours import HoursState, hours_state
from ccd.ivr.ports import Ended
from ccd.ivr.talk import Talk
from ccd.ivr.values import spoken

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
    """Read a value out, or the present date or time; what cannot be read so is passed over, or branches."""
    value = None if node.value is None else fill(node.value, talk.caller.known())
    now = talk.host.wall().astimezone(talk.book.timezone)
    words = spoken(node, value, now, talk.caller.language)
    if not words:
        log.warning("nothing to say", say=node.say, call=talk.caller.call_id)
        return Step("invalid", node.on_invalid or node.next)
    await talk.say(words, barge_in=node.barge_in)
    return Step("done", node.next)


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
    """Set variables, all from the values that they had before; what is made of a secret is one."""
    caller = talk.caller
    known, secrets = caller.known(), dict(caller.secrets)
    caller.variables |= {name: fill(text, known) for name, text in node.set.items()}
    for name, text in node.set.items():
        sources = [secrets[source] for source in placeholders(text) if source in secrets]
        caller.mark(name, asked_at=sources[0] if sources else None)
    return Step("done", node.next)


async def branch(node: Branch, talk: Talk) -> Step:
    """Go on by a variable; the first case that holds decides."""
    value = talk.caller.known().get(node.branch, "")
    for number, case in enumerate(node.cases, start=1):
        if case.holds(value):
            return Step(f"case {number}", case.next)
    return Step("default", node.default)


async def ask_list(node: AskList, talk: Talk) -> Step:
    """Go on by whether a number is on a list."""
    listed = talk.host.listed(node.list, talk.caller.known().get(node.number, ""))
    return Step("listed", node.on_listed) if listed else Step("not_listed", node.on_not_listed)


async def goto(node: Goto, _: Talk) -> Step:
    """Go on elsewhere."""
    return Step(node.goto, node.goto)


async def hangup(node: Hangup, talk: Talk) -> Ended:
    """Say goodbye, where a prompt is given."""
    if node.hangup:
        await talk.say([node.hangup], barge_in=False)
    return Ended.HUNG_UP
