"""The node that exchanges variables with the caller's channel."""

from ccd.config.flow_values import fill, placeholders
from ccd.config.flows import Channel
from ccd.ivr.steps import Step
from ccd.ivr.talk import Talk


async def channel(node: Channel, talk: Talk) -> Step:
    """Read first, then write what the flow knows; a text that holds a secret is not written."""
    caller, exchange = talk.caller, node.channel
    if exchange.read:
        found = await talk.host.read_channel(tuple(exchange.read.values()))
        for name, source in exchange.read.items():
            caller.variables[name] = found.get(source, "")
            caller.mark(name, asked_at=None)
    known = caller.known()
    told = {
        name: fill(text, known)
        for name, text in exchange.write.items()
        if not caller.secrets.keys() & set(placeholders(text))
    }
    if told:
        await talk.host.write_channel(told)
    return Step("done", node.next)
