"""Queues open and close; why and until when is the daemon's to know.

A closed queue takes nobody in. Those who wait there are served on, or leave at once, as whoever closed it
said. Its agents do not help other queues with their callers; they still serve those of their other queues.
"""

from ccd.events import QueueClosed, QueueOpened
from ccd.model import QueueName, QueueOutcome
from ccd.routing import stays
from ccd.routing.floor import Floor


def closed(floor: Floor, event: QueueClosed) -> None:
    """Close a queue, or change what becomes of those who wait in it."""
    line = floor.lines.get(event.queue)
    if line is None:
        return
    line.closed, line.dismissing = True, not event.keep
    _sort_helped(floor, event.queue)
    if line.dismissing:
        for caller in [floor.callers[place[3]] for place in line.places]:
            if caller.waiting and caller.callback_s is None:
                stays.dismiss(floor, caller, QueueOutcome.CLOSED)


def opened(floor: Floor, event: QueueOpened) -> None:
    """Open a queue."""
    line = floor.lines.get(event.queue)
    if line is not None:
        line.closed = line.dismissing = False
        floor.alter(line)
        _sort_helped(floor, event.queue)


def _sort_helped(floor: Floor, queue: QueueName) -> None:
    """Look again at callers of other queues whom this one helps with."""
    for caller in floor.callers.values():
        if queue in caller.helpers:
            floor.place(caller)
