"""Nodes that leave the flow: queue, dial and survey; and the branch by which a queue or a dial was left."""

import re

import structlog

from ccd.config.flow_values import fill, placeholders
from ccd.config.flows import Agent, AskSurvey, Dial, Queue
from ccd.ivr import survey
from ccd.ivr.ports import Caller, Ended
from ccd.ivr.steps import Step
from ccd.ivr.talk import Talk
from ccd.model import DialStatus, QueueOutcome

log = structlog.get_logger(__name__)

_EDGES: dict[str, str] = {
    DialStatus.ANSWER: "answered",
    DialStatus.BUSY: "busy",
    DialStatus.NOANSWER: "no_answer",
    DialStatus.TIMEOUT: "no_answer",
    DialStatus.CANCEL: "no_answer",
}
"""Branches by DIALSTATUS; any other is `failed`."""

_NUMBER = re.compile(r"\+?[0-9]{1,32}", re.ASCII)

_LAST_WORDS = {
    "timed_out": "all-busy",
    "full": "all-busy",
    "empty": "nobody-available",
    "away": "nobody-available",
    "closed": "closed",
    "busy": "number-busy",
    "no_answer": "no-answer",
    "failed": "call-failed",
}
"""What is said where a queue or a dial went wrong and the flow has no branch for it."""


async def queue(node: Queue, talk: Talk) -> Step | Ended:
    """Let the caller wait; the walk ends when an agent is dialled."""
    if variables := placeholders(node.queue):
        node = _chosen(node, talk)
        named = "*" if talk.caller.secrets.keys() & set(variables) else node.queue
        if node.queue not in talk.book.queues:
            log.warning("no such queue", queue=named, node=str(talk.place), call=talk.caller.call_id)
            return await completed(node, QueueOutcome.FAILED, talk)
    outcome = await talk.host.queue(talk.place, node)
    return Ended.HANDED_OFF if outcome is None else await completed(node, outcome, talk)


def _chosen(node: Queue, talk: Talk) -> Queue:
    """Put in the queue that a variable names."""
    return node.model_copy(update={"queue": fill(node.queue, talk.caller.known())})


async def dial(node: Dial, talk: Talk) -> Step | Ended:
    """Have the dialplan dial: of a ring group those whose number is known."""
    numbers = tuple(number for each in node.dial if (number := _number(each, talk.caller)))
    if not numbers:
        log.warning("no number to dial", node=str(talk.place), call=talk.caller.call_id)
        return await completed(node, "failed", talk)
    node = node.model_copy(update={"dial": numbers})
    refused = await talk.host.dial(talk.place, node)
    return Ended.HANDED_OFF if refused is None else await completed(node, refused, talk)


def _number(target: str, caller: Caller) -> str:
    """Give the number that stands there or in the variable; empty when it is none, or a secret."""
    number = fill(target, caller.known())
    return (
        number if _NUMBER.fullmatch(number) and not caller.secrets.keys() & set(placeholders(target)) else ""
    )


async def agent(node: Agent, talk: Talk) -> Step | Ended:
    """Call one agent; the walk ends when their phone is dialled."""
    number = fill(node.agent, talk.caller.known())
    outcome = await talk.host.agent(talk.place, node.model_copy(update={"agent": number}))
    return Ended.HANDED_OFF if outcome is None else await completed(node, outcome, talk)


async def ask_survey(node: AskSurvey, talk: Talk) -> Step:
    """Ask for a rating."""
    await survey.ask(node.survey, talk.book.surveys[node.survey], talk)
    return Step(node.kind, node.next)


async def completed(node: Queue | Dial | Agent, how: str, talk: Talk) -> Step:
    """Take the branch by which a queue or a dial was left."""
    if isinstance(node, Queue) and placeholders(node.queue):
        node = _chosen(node, talk)
    if isinstance(node, Queue) and (chosen := talk.book.choices(node).get(how)) is not None:
        return Step(how, chosen)
    edge = _EDGES.get(how, how)
    if edge in {QueueOutcome.ABANDONED, QueueOutcome.TRANSFERRED}:
        return Step(edge, None)
    if f"on_{edge}" not in type(node).model_fields:
        edge = "away" if isinstance(node, Agent) else "failed"
    target: str | None = getattr(node, f"on_{edge}")
    words, talk.caller.closing_words = talk.caller.closing_words, ""
    if edge == QueueOutcome.CLOSED and words:
        await talk.say([words], barge_in=False)
    elif target is None:
        await _close(node, edge, talk)
    return Step(edge, target)


async def _close(node: Queue | Dial | Agent, edge: str, talk: Talk) -> None:
    """Do what is due where there is no branch: the queue's survey after a talk, else a few last words."""
    if edge != "answered":
        await talk.say([_LAST_WORDS[edge]], barge_in=False)
        return
    if not isinstance(node, Queue):
        return
    name = talk.book.queue_surveys.get(node.queue)
    if name is not None:
        await survey.ask(name, talk.book.surveys[name], talk)
