"""What waiting callers are told, and when: their position, how long they will still wait, words of comfort.

Nothing is said while phones ring: an offer is better news. An announcement that falls into one is left out.
"""

from ccd.commands import Announce, Comfort
from ccd.routing import estimates
from ccd.routing.callers import Caller
from ccd.routing.deadlines import Kind
from ccd.routing.estimates import Facts
from ccd.routing.floor import Floor
from ccd.routing.lines import Line

_LATE_S = 1.0
"""So late after joining a first announcement "at once" is still made."""
_CAPACITY_KEPT_S = 10.0


def arm(floor: Floor, caller: Caller) -> None:
    """Set the next announcements on the grids that began when the caller joined; none is made up for."""
    settings = caller.line.settings
    first_at = caller.entered_at + settings.announce_first_s
    if caller.callback_s is not None:
        _arm(floor, caller, Kind.ANNOUNCE, None, first_at)
        _arm(floor, caller, Kind.COMFORT, None, first_at)
        return
    every_s, comfort_s = settings.announce_every_s, settings.comfort_every_s
    at_once = settings.announce_first_s <= 0 and not caller.announced
    if every_s and at_once and floor.now - caller.entered_at < _LATE_S:
        floor.deadlines.arm(caller, Kind.ANNOUNCE, floor.now)
    else:
        _arm(floor, caller, Kind.ANNOUNCE, every_s, first_at)
    _arm(floor, caller, Kind.COMFORT, comfort_s, caller.entered_at + (comfort_s or 0.0))


def _arm(floor: Floor, caller: Caller, kind: Kind, every_s: float | None, first_at: float) -> None:
    if every_s is None or every_s <= 0:
        floor.deadlines.disarm(caller, kind)
        return
    past = floor.now - first_at
    at = first_at if past < 0 else first_at + (past // every_s + 1) * every_s
    floor.deadlines.arm(caller, kind, at if at > floor.now else floor.now + every_s)


def announce(floor: Floor, caller: Caller) -> None:
    """Tell a caller where they stand, unless phones ring for them, and set the next time."""
    caller.announced = True
    if caller.waiting:
        settings = caller.line.settings
        wait_s = None
        if settings.announce_wait:
            facts = facts_of(floor, caller)
            caller.promise = estimates.renewed(caller.promise, facts, floor.now)
            wait_s = estimates.told_s(caller.promise, facts, floor.now)
        floor.commands.append(
            Announce(
                call_id=caller.call_id,
                queue=settings.name,
                position=_position(caller),
                wait_s=wait_s,
            )
        )
    arm(floor, caller)


def comfort(floor: Floor, caller: Caller) -> None:
    """Say something kind, and set the next time."""
    if caller.waiting:
        floor.commands.append(Comfort(call_id=caller.call_id, queue=caller.line.settings.name))
    arm(floor, caller)


def _position(caller: Caller) -> int | None:
    """Give the position where it is to be said."""
    settings, position = caller.line.settings, caller.line.position(caller.place)
    told, caller.told_position = caller.told_position, position
    limit = settings.announce_up_to
    if not settings.announce_position or (limit is not None and position > limit):
        return None
    return None if settings.announce_changes_only and told == position else position


# ---------------------------------------------------------------- the estimate


def facts_of(floor: Floor, caller: Caller) -> Facts:
    """Gather what an estimate for a caller rests on."""
    return facts_at(floor, caller.line, caller.line.position(caller.place) - 1)


def facts_at(floor: Floor, line: Line, ahead: int) -> Facts:
    """Gather what an estimate for whoever has so many in front of them rests on."""
    agents, capacity = _at_work(floor, line)
    return Facts(
        ahead=ahead,
        agents=agents,
        capacity=capacity,
        handle_s=estimates.mean_handling_s(line.handled, floor.now),
    )


def estimate_s(floor: Floor, caller: Caller, facts: Facts) -> float | None:
    """Give what a caller would be told now, without telling it."""
    return estimates.told_s(estimates.renewed(caller.promise, facts, floor.now), facts, floor.now)


def _at_work(floor: Floor, line: Line) -> tuple[int, float]:
    """Count the members at work, and their share for this queue; counted anew every few seconds at most."""
    if floor.now - line.at_work_at > _CAPACITY_KEPT_S or floor.now < line.at_work_at:
        agents, capacity = 0, 0.0
        for number in line.members:
            agent = floor.roster.agents[number]
            if agent.at_work:
                demand = sum(len(other.places) for q in agent.memberships if (other := floor.lines.get(q)))
                mine = max(1, len(line.places))
                agents += 1
                capacity += mine / max(mine, demand)
        line.at_work, line.at_work_at = (agents, capacity), floor.now
    return line.at_work
