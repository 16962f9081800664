"""What a flow asks of the daemon after a reload took away what its own book still names."""

import asyncio
from types import SimpleNamespace
from typing import Any

from ccd.calls.flow_host import FlowHost
from ccd.config.flows import Queue
from ccd.ivr.ports import Place
from ccd.model import LookupOutcome, QueueOutcome


def host() -> FlowHost:
    """Give a host whose configuration has neither queues nor systems."""
    house: Any = SimpleNamespace(config=SimpleNamespace(lookups={}, queues={}))
    session: Any = SimpleNamespace(hung_up=asyncio.Event())
    call: Any = SimpleNamespace(call_id="1.1", place="main:menu", edge="", home=None, queue=None)
    voice: Any = None
    return FlowHost(house, call, session, voice)


async def test_a_system_that_a_reload_took_away_has_failed():
    """The caller goes on by on_failed, in the flow in which they are."""
    answer = await host().lookup("crm", {"call_id": "1.1"})
    assert (answer.outcome, answer.reason) == (LookupOutcome.FAILED, "there is no lookup crm")


async def test_a_queue_that_a_reload_took_away_has_failed():
    """Nobody waits where nobody could come."""
    assert await host().queue(Place("main", "wait"), Queue(queue="sales")) == QueueOutcome.FAILED
