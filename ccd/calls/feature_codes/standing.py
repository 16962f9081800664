"""How things stand: the agent's own status and since when, and each of their queues."""

from ccd.calls.feature_codes.desk import Desk
from ccd.calls.feature_codes.words import duration, waiting
from ccd.model import AgentStatus, QueueName
from ccd.routing.views import AgentView

MAX_QUEUES = 10
"""Queues that are told of one after the other; whoever serves more looks at a board."""


async def tell(desk: Desk) -> None:
    """Say the agent's status, then those of their queues in which callers wait, longest first.

    Any key stops it.
    """
    view, talk = desk.view(), desk.talk
    engine = desk.house.dispatcher.engine
    queues = [member.queue for member in view.queues if engine.length(member.queue)]
    queues.sort(key=lambda name: -engine.length(name))
    if not queues:
        await talk.say(*_status(desk, view), *waiting(0, talk.language))
        return
    go_on = await talk.say(*_status(desk, view))
    for queue in queues[:MAX_QUEUES]:
        go_on = go_on and await talk.say(*_queue(desk, queue))


def _status(desk: Desk, view: AgentView) -> tuple[str, ...]:
    """Say the chosen status; the phone itself is in use, by this very call."""
    now = desk.house.clock.now()
    language = desk.talk.language
    if view.wrap_up_until_at is not None:
        return ("standing-wrap-up", *duration(view.wrap_up_until_at - now, language))
    if view.status is AgentStatus.PAUSED:
        return ("standing-paused", *duration(now - view.status_since_at, language))
    return ("standing-ready", *duration(now - view.free_since_at, language))


def _queue(desk: Desk, queue: QueueName) -> tuple[str, ...]:
    """Say a queue's name, where there is a sound for it, how many wait and how long the first one has."""
    now, language = desk.house.clock.now(), desk.talk.language
    callers = desk.house.dispatcher.engine.waiting(queue)
    longest = max((caller.waited_s(now) for caller in callers), default=0.0)
    longest_wait = ("waiting-longest", *duration(longest, language)) if callers else ()
    return (f"queue/{queue}", *waiting(len(callers), language), *longest_wait)
