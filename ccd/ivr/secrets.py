"""What is secret in flows, as the check sees it: masked entries, and whatever is made of them."""

from collections.abc import Iterable, Iterator

from ccd.config.flow_values import placeholders
from ccd.config.flows import AskSystem, CallFlow, Channel, Collect, Dial, Node, Pin, Return, Set
from ccd.config.problems import Location


def secret_variables(nodes: Iterable[Node]) -> frozenset[str]:
    """Name the variables that may hold a secret."""
    known = list(nodes)
    secrets = {node.collect for node in known if isinstance(node, Collect) and node.mask}
    secrets |= {node.pin for node in known if isinstance(node, Pin)}
    returned = [node.value for node in known if isinstance(node, Return) and node.value]
    while more := {name for node in known for name in _tainted(node, secrets, returned)} - secrets:
        secrets |= more
    return frozenset(secrets)


def _tainted(node: Node, secrets: set[str], returned: Iterable[str]) -> Iterator[str]:
    """Name the variables to which a node gives a value that is made of a secret."""
    match node:
        case Set():
            yield from (name for name, text in node.set.items() if secrets & set(placeholders(text)))
        case CallFlow(into=str(name)) if any(secrets & set(placeholders(text)) for text in returned):
            yield name
        case _:
            return


def given_away(node: Node, secrets: frozenset[str]) -> Iterator[tuple[Location, str]]:
    """Give the keys at which a node would give a secret away, with the secret: there it is left out."""
    match node:
        case AskSystem() | Pin():
            yield from ((("send", at), name) for at, name in enumerate(node.send) if name in secrets)
        case Channel():
            for key, text in node.channel.write.items():
                found = (name for name in placeholders(text) if name in secrets)
                yield from ((("channel", "write", key), name) for name in found)
        case Dial():
            yield from ((at, name) for at, name in node.reads() if name in secrets)
        case _:
            return
