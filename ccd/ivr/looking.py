"""Nodes that learn something about the caller: lookup."""

import asyncio
from typing import Any

from ccd.config.flows import AskSystem
from ccd.history import FactsLearnt, LanguageChosen
from ccd.ivr.steps import Step
from ccd.ivr.talk import Talk
from ccd.model import AgentNumber, LookupAnswer, LookupOutcome


async def lookup(node: AskSystem, talk: Talk) -> Step:
    """Ask the business's system, and take in what it told."""
    answer = await _ask(node, talk)
    if answer.outcome is LookupOutcome.FOUND:
        await _take(node, answer, talk)
    target = {
        LookupOutcome.FOUND: node.on_found,
        LookupOutcome.NOT_FOUND: node.on_not_found,
        LookupOutcome.FAILED: node.on_failed,
    }[answer.outcome]
    return Step(answer.outcome.value, target or node.on_failed)


async def _ask(node: AskSystem, talk: Talk) -> LookupAnswer:
    """Wait for the answer; when it takes its time the caller hears that something goes on."""
    asking = asyncio.ensure_future(talk.host.lookup(node.lookup, _question(node, talk)))
    try:
        if node.meanwhile is not None:
            await asyncio.wait({asking}, timeout=node.meanwhile_after_s)
            if not asking.done():
                await talk.say(node.meanwhile)
        return await asking
    finally:
        asking.cancel()


def _question(node: AskSystem, talk: Talk) -> dict[str, Any]:
    """Give what is sent: of the variables only those that are named, masked ones only where that is said."""
    caller = talk.caller
    sent = [name for name in node.send if name not in caller.secrets]
    known = caller.known()
    return {
        "call_id": caller.call_id,
        "caller": caller.number,
        "called": caller.called,
        "language": caller.language,
        "lookup": node.lookup,
        "variables": {name: known[name] for name in (*sent, *node.send_secret) if name in known},
    }


async def _take(node: AskSystem, answer: LookupAnswer, talk: Talk) -> None:
    caller, host = talk.caller, talk.host
    for name in answer.variables.keys() & set(node.take):
        caller.variables[name] = answer.variables[name]
        caller.mark(name, asked_at=None)
    if answer.queue is not None:
        caller.variables["queue"] = answer.queue
    if answer.agent is not None:
        caller.variables["agent"] = answer.agent
        caller.preferred_agent = AgentNumber(answer.agent)
    if answer.priority is not None:
        caller.priority = answer.priority
    caller.needs |= answer.skills
    if answer.data:
        caller.data |= answer.data
        facts = tuple(answer.data.items())
        host.note(FactsLearnt(call_id=caller.call_id, at=host.now(), source=node.lookup, facts=facts))
    if answer.language is not None and answer.language != caller.language:
        await talk.speak(answer.language)
        host.note(LanguageChosen(call_id=caller.call_id, at=host.now(), language=answer.language))
