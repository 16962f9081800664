"""What a shell offers for an argument: the daemon's queues, agents and calls, when it answers at once."""

from collections.abc import Callable
from functools import partial
from typing import Any

from ccd.cli import text
from ccd.cli.locate import find_socket
from ccd.cli.wishes import take_wishes
from ccd.errors import CcdError
from ccd.http.client import Client

PATIENCE_S = 1.0
"""Nobody waits longer for a Tab."""


def _offered(path: str, key: str, hint: str, incomplete: str) -> list[tuple[str, str]]:
    """Give the values that begin so, each with what helps to tell them apart; none without a daemon."""
    wishes, _ = take_wishes(())
    try:
        found: list[dict[str, Any]] = Client(find_socket(wishes), timeout_s=PATIENCE_S).get(path)
    except CcdError:
        return []
    pairs = ((str(each[key]), text.clean(each[hint] or "")) for each in found)
    return [pair for pair in pairs if pair[0].startswith(incomplete)]


Offer = Callable[[str], list[tuple[str, str]]]


def _by(path: str, key: str, hint: str) -> Offer:
    offered = partial(_offered, path, key, hint)

    def complete(incomplete: str) -> list[tuple[str, str]]:
        return offered(incomplete)

    return complete


queues = _by("queues", "name", "strategy")
agents = _by("agents", "number", "name")
calls = _by("calls", "id", "number")
