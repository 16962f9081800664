"""Callers who change their queue or their rank while they wait: by command, or by a queue's overflow.

Whoever is moved keeps the time at which they joined, and so their place among others; all else goes by the
rules of the new queue. The stay in the old queue ends as transferred, a new one begins. While phones ring for
a caller they are let ring; the caller is moved when nobody has answered.
"""

from ccd.commands import StayChanged
from ccd.events import CallerJoined, CallerMoved, PriorityChanged, QueueMoved
from ccd.history import PriorityGiven
from ccd.model import QueueOutcome
from ccd.routing import arrivals, stays
from ccd.routing.callers import Caller
from ccd.routing.deadlines import Kind
from ccd.routing.floor import Floor
from ccd.routing.lines import Line


def caller_moved(floor: Floor, event: CallerMoved) -> None:
    """Move one caller to another queue."""
    caller = floor.callers.get(event.call_id)
    if caller is not None and event.queue in floor.lines:
        _bind(floor, caller, floor.lines[event.queue])


def queue_moved(floor: Floor, event: QueueMoved) -> None:
    """Move everybody, or those who are first in line; who is being called back stays."""
    source, target = floor.lines.get(event.source), floor.lines.get(event.target)
    if source is None or target is None:
        return
    callers = [floor.callers[place[3]] for place in source.places]
    here = [caller for caller in callers if caller.callback_s is None]
    for caller in here[: event.limit]:
        _bind(floor, caller, target)


def priority_changed(floor: Floor, event: PriorityChanged) -> None:
    """Give a caller who waits another priority."""
    caller = floor.callers.get(event.call_id)
    if caller is None or caller.priority == event.priority:
        return
    floor.note(
        PriorityGiven(
            call_id=caller.call_id,
            at=floor.now,
            queue=caller.line.settings.name,
            priority=event.priority,
            previous=caller.priority,
        )
    )
    stays.replace(floor, caller, event.priority)
    _tell(floor, caller)


def target_of(floor: Floor, caller: Caller) -> Line | None:
    """Give the queue that a caller who can be offered now is to go over to; None: they stay."""
    if not caller.waiting:
        return None
    if caller.bound_for is not None:
        return floor.lines.get(caller.bound_for)
    if caller.callback_s is not None:
        return None
    for overflow in caller.line.settings.overflow:
        line = floor.lines.get(overflow.queue) if overflow.leave else None
        if line is None or line is caller.line or floor.now < caller.entered_at + overflow.after_s:
            continue
        if overflow.after_s <= 0 and overflow.queue in caller.came_from:
            continue  # queues that overflow into one another at once would toss the caller for ever
        if arrivals.refusal(floor, line) is None:
            return line
    return None


def invite(floor: Floor, line: Line) -> None:
    """Have those come over whose time came while this queue took nobody in, as far as there is room."""
    sources = [floor.lines[source] for source in floor.sources.get(line.settings.name, ())]
    if line.retired or not sources or arrivals.refusal(floor, line) is not None:
        return
    callers = (floor.callers[place[3]] for source in sources for place in source.places)
    due = [caller for caller in callers if target_of(floor, caller) is line]
    due.sort(key=lambda one: line.place(one.priority, one.joined_at, one.place[2], one.call_id))
    for caller in due[: line.room]:
        floor.place(caller)


def move(floor: Floor, caller: Caller, line: Line) -> None:
    """End a caller's stay and begin one in another queue, at the place that is theirs by when they joined."""
    old = caller.line.settings.name
    stays.leave(floor, caller, QueueOutcome.TRANSFERRED)
    moved = arrivals.moved(
        floor,
        line,
        CallerJoined(
            call_id=caller.call_id,
            queue=line.settings.name,
            channel=caller.channel,
            number=caller.number,
            joined_at=caller.joined_at,
            priority=caller.priority,
            sticky_agents=caller.knows,
            needs=caller.own_needs,
            entered_at=floor.now,
            callback=caller.callback,
        ),
    )
    moved.came_from = caller.came_from | {old}
    moved.seen_at = caller.seen_at
    caller.forgive(floor.now)
    if caller.shunned:
        moved.shunned = caller.shunned
        floor.deadlines.arm(moved, Kind.RETRY, min(moved.shunned.values()))
    _tell(floor, moved)


def _bind(floor: Floor, caller: Caller, line: Line) -> None:
    caller.bound_for = None if line is caller.line else line.settings.name
    floor.place(caller)


def _tell(floor: Floor, caller: Caller) -> None:
    floor.commands.append(
        StayChanged(
            call_id=caller.call_id,
            queue=caller.line.settings.name,
            priority=caller.priority,
            entered_at=caller.entered_at,
        )
    )
