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
from ccd.routing.lines import insert, remove
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
    if (outcome := _overdue(floor, caller)) is not None:
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
    if settings.max_wait_s is not None and floor.now >= caller.joined_at + settings.max_wait_s:
        return QueueOutcome.TIMED_OUT
    if settings.leave_empty and floor.synchronised and not line.present:
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
        caller.stand = Stand.OPEN
        insert(caller.line.open, caller.place)
        floor.unserved[caller.line.settings.name] = caller.line
        return
    caller.stand = Stand.HELD
    floor.hold(caller, agent)
    floor.deadlines.arm(caller, Kind.HOLD, caller.joined_at + (caller.line.settings.sticky_wait_s or 0.0))
    if agent.eligible:
        floor.fresh[agent.number] = agent


def step_out(floor: Floor, caller: Caller) -> None:
    """Take a caller out of those who can be offered; their place in the line is kept."""
    match caller.stand:
        case Stand.OPEN:
            remove(caller.line.open, caller.place)
        case Stand.HELD:
            floor.unhold(caller)
            floor.deadlines.disarm(caller, Kind.HOLD)
        case Stand.AWAY:
            pass
    caller.stand = Stand.AWAY


def hold_over(floor: Floor, caller: Caller) -> None:
    """Give a caller who has waited long enough for the one who knows them to the strategy."""
    caller.released = True
    floor.place(caller)


def retry(floor: Floor, caller: Caller) -> None:
    """Let an agent who missed this caller be offered them again."""
    caller.forgive(floor.now)
    if caller.shunned:
        floor.deadlines.arm(caller, Kind.RETRY, min(caller.shunned.values()))
    if caller.stand is Stand.OPEN:
        floor.unserved[caller.line.settings.name] = caller.line


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
            waited_s=max(0.0, at - caller.joined_at),
            sticky=_sticky_result(caller, taken_by),
            key=caller.key,
            callback=caller.callback,
        )
    )


def _known_agent(floor: Floor, caller: Caller) -> Agent | None:
    agents = floor.roster.agents
    known = [agents[number] for number in caller.known_by if number in caller.line.members]
    for agent in known:
        if agent.eligible:
            return agent
    wait_s = caller.line.settings.sticky_wait_s
    if wait_s is None or floor.now >= caller.joined_at + wait_s:
        return None
    return next((agent for agent in known if agent.busy), None)


def _sticky_result(caller: Caller, taken_by: AgentNumber | None) -> StickyResult:
    if not caller.known_by:
        return StickyResult.NONE
    return StickyResult.HIT if taken_by in caller.known_by else StickyResult.MISS
