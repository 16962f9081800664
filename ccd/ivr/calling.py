"""Sub-flows: through another flow and back."""

import structlog

from ccd.config.flow_values import fill, placeholders
from ccd.config.flows import CallFlow, Return
from ccd.ivr.ports import Ended, Place
from ccd.ivr.steps import Step
from ccd.ivr.talk import Talk

log = structlog.get_logger(__name__)

MAX_DEPTH = 5
"""Flows that may call one another: the way back travels with the call."""


async def call(node: CallFlow, talk: Talk) -> Step | Ended:
    """Enter the other flow, and remember where to come back to."""
    start = talk.book.start(node.call)
    if start is None or len(talk.caller.returns) >= MAX_DEPTH:
        log.error("flows call one another too deep", node=str(talk.place), call=talk.caller.call_id)
        await talk.say(["system-error"], barge_in=False)
        return Ended.HUNG_UP
    talk.caller.returns.append(str(talk.place))
    return Step(node.call, str(start))


async def come_back(node: Return, talk: Talk) -> Step:
    """Leave the flow: to the node that called it, else out of ccd."""
    caller = talk.caller
    if not caller.returns:
        return Step("return", None)
    place = Place.parse(caller.returns.pop())
    caller_node = talk.book.node(place)
    if not isinstance(caller_node, CallFlow):
        log.warning("the place to come back to is gone from the configuration", place=str(place))
        return Step("return", None)
    _hand_back(node, caller_node, talk)
    if caller_node.next is None:
        return Step("return", None)
    target = caller_node.next
    return Step("return", target if ":" in target else f"{place.flow}:{target}")


def _hand_back(node: Return, to: CallFlow, talk: Talk) -> None:
    """Put what is returned into the variable that takes it; what is made of a secret is one."""
    if to.into is None:
        return
    caller, text = talk.caller, node.value or ""
    sources = [caller.secrets[name] for name in placeholders(text) if name in caller.secrets]
    caller.variables[to.into] = fill(text, caller.known())
    caller.mark(to.into, asked_at=sources[0] if sources else None)
