"""A stay in a queue: how a caller is sorted in among those who wait, and how the stay ends, exactly once.

**Sticky routing.** Of the members who know a caller the first who is free gets them at once; else the
caller waits for the first who is busy (in a call, ringing, in wrap-up) until `sticky_wait_s` after
joining; else the strategy decides, and from then on sticky routing is over for this stay. It is over, too,
when a sticky offer is missed. If the agent for whom they wait goes away (paused, signed out, unreachable)
this is decided anew.
"""

from ccd.commands import EndWait
from ccd.history import QueueLeft
from ccd.model import AgentNumber, QueueOutcome, StickyResult
from ccd.routing.callers import Caller, Stand
from ccd.routing.deadlines import Kind
from ccd.routing.floor import Floor
from ccd.routing.lanes import insert, remove
from ccd.routing.roster import Agent

RETURN_S = 0.6
"""How long those behind a caller of an earlier process are kept for them: their dialplan asks every 0.5 s."""


def expect(floor: Floor, caller: Caller) -> None:
    """Keep those behind a caller who is about to come back from being served first, for a moment."""
    caller.here = False
    insert(caller.line.awaited, caller.place)
    floor.deadlines.arm(caller, Kind.RETURN, floor.now + RETURN_S)


def stop_awaiting(floor: Floor, caller: Caller) -> None:
    """Serve those behind a caller: they are back, or gone, or take too long."""
    line = caller.line
    if caller.place in line.awaited:
        remove(line.awaited, caller.place)
        floor.deadlines.disarm(caller, Kind.RETURN)
        if not line.retired:
            floor.unserved[line.settings.name] = line


def resume(floor: Floor, caller: Caller) -> None:
    """Let a caller whose session waits be offered, unless they may not stay in the queue any longer."""
    caller.here = True
    stop_awaiting(floor, caller)
    outcome = _overdue(floor, caller) if caller.bound_for is None else None
    if outcome is not None:
        dismiss(floor, caller, outcome)
    else:
        floor.place(caller)


def _overdue(floor: Floor, caller: Caller) -> QueueOutcome | None:
    """Tell what happened to the queue, or to the caller's patience, while phones rang for them."""
    line = caller.line
    settings = line.settings
    if line.retired:
        return QueueOutcome.FAILED
    if caller.callback_s is not None:
        return None
    if settings.max_wait_s is not None and floor.now >= caller.entered_at + settings.max_wait_s:
        return QueueOutcome.TIMED_OUT
    if line.dismissing:
        return QueueOutcome.CLOSED
    if settings.leave_empty and floor.synchronised and not line.attended(settings.leave_absent):
        return QueueOutcome.EMPTY
    return None


def sort_in(floor: Floor, caller: Caller) -> None:
    """Put a caller who can be offered where they belong: to the strategy, or to the agent who knows them."""
    step_out(floor, caller)
    if not caller.waiting:
        return
    agent = None
    if floor.synchronised and caller.known_by and not caller.released:
        agent = _known_agent(floor, caller)
        caller.released = agent is None
    if agent is None:
        _open(floor, caller)
        return
    caller.stand = Stand.HELD
    floor.hold(caller, agent)
    floor.deadlines.arm(caller, Kind.HOLD, caller.entered_at + (caller.line.settings.sticky_wait_s or 0.0))
    if agent.eligible:
        floor.fresh[agent.number] = agent


def _open(floor: Floor, caller: Caller) -> None:
    """Let the strategy assign a caller: to an agent of their queue, or of one that helps."""
    caller.stand = Stand.OPEN
    pace = caller.line.settings.pace
    helpers = (line for name in caller.helpers if (line := floor.lines.get(name)) and not line.closed)
    lines = [caller.line, *helpers]
    caller.lanes = tuple(line.stand(caller.place, caller.demand, pace) for line in lines)
    for line in lines:
        floor.unserved[line.settings.name] = line


def step_out(floor: Floor, caller: Caller) -> None:
    """Take a caller out of those who can be offered; their place in the line is kept."""
    match caller.stand:
        case Stand.OPEN:
            for lane in caller.lanes:
                lane.line.step_out(lane, caller.place)
            caller.lanes = ()
        case Stand.HELD:
            floor.unhold(caller)
            floor.deadlines.disarm(caller, Kind.HOLD)
        case Stand.AWAY:
            pass
    caller.stand = Stand.AWAY


def replace(floor: Floor, caller: Caller, priority: int) -> None:
    """Give a caller another priority, and the place that goes with it."""
    line = caller.line
    step_out(floor, caller)
    remove(line.places, caller.place)
    if Kind.RETURN in caller.timers:
        remove(line.awaited, caller.place)
    caller.priority = priority
    take_place(floor, caller)


def take_place(floor: Floor, caller: Caller) -> None:
    """Stand a caller who stands nowhere at the place that is theirs by the queue's rules."""
    line = caller.line
    caller.place = line.place(caller.priority, caller.joined_at, caller.place[2], caller.call_id)
    insert(line.places, caller.place)
    if Kind.RETURN in caller.timers:
        insert(line.awaited, caller.place)
    floor.place(caller)


def hold_over(floor: Floor, caller: Caller) -> None:
    """Give a caller who has waited long enough for the one who knows them to the strategy."""
    caller.released = True
    floor.place(caller)


def retry(floor: Floor, caller: Caller) -> None:
    """Let an agent who missed this caller be offered them again."""
    caller.forgive(floor.now)
    if caller.shunned:
        floor.deadlines.arm(caller, Kind.RETRY, min(caller.shunned.values()))
    for lane in caller.lanes:
        floor.unserved[lane.line.settings.name] = lane.line


def served(floor: Floor, caller: Caller, agent: AgentNumber, at: float) -> None:
    """End the stay of a caller who has an agent since `at`; their channel is the talk's now."""
    _end(floor, caller, QueueOutcome.ANSWERED, at, agent)


def leave(floor: Floor, caller: Caller, outcome: QueueOutcome) -> None:
    """End a stay whose attempt, if there was one, is over."""
    del floor.channels[caller.channel]
    _end(floor, caller, outcome, floor.now)


def dismiss(floor: Floor, caller: Caller, outcome: QueueOutcome) -> None:
    """End the stay of a caller whose session waits, and tell the session."""
    floor.commands.append(EndWait(call_id=caller.call_id, outcome=outcome))
    leave(floor, caller, outcome)


def _end(
    floor: Floor, caller: Caller, outcome: QueueOutcome, at: float, taken_by: AgentNumber | None = None
) -> None:
    line = caller.line
    position = line.position(caller.place)
    stop_awaiting(floor, caller)
    step_out(floor, caller)
    remove(line.places, caller.place)
    line.callbacks -= caller.callback_s is not None
    line.left[outcome] += 1
    if line.room == 1:
        floor.alter(line)
    floor.deadlines.disarm_all(caller)
    floor.unplaced.pop(caller.call_id, None)
    del floor.callers[caller.call_id]
    floor.note(
        QueueLeft(
            call_id=caller.call_id,
            at=at,
            queue=line.settings.name,
            outcome=outcome,
            position=position,
            original_position=caller.original_position,
            waited_s=max(0.0, at - caller.entered_at),
            sticky=_sticky_result(caller, taken_by),
            key=caller.key,
            callback=caller.callback,
        )
    )


def _known_agent(floor: Floor, caller: Caller) -> Agent | None:
    agents = floor.roster.agents
    members, demand = caller.line.members, caller.demand
    known = [
        agent
        for number in caller.known_by
        if number in members
        and demand.tier((agent := agents[number]).skills, members[number].penalty) is not None
    ]
    for agent in known:
        if agent.eligible:
            return agent
    wait_s = caller.line.settings.sticky_wait_s
    if wait_s is None or floor.now >= caller.entered_at + wait_s:
        return None
    return next((agent for agent in known if agent.busy), None)


def _sticky_result(caller: Caller, taken_by: AgentNumber | None) -> StickyResult:
    if not caller.known_by:
        return StickyResult.NONE
    return StickyResult.HIT if taken_by in caller.known_by else StickyResult.MISS
