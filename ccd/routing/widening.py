"""What waiting changes for a caller: needs are relaxed, higher penalties allowed, other queues help.

The instants are known when the caller joins; each is a deadline, so that nothing is looked at in between.
"""

from ccd.routing import demands
from ccd.routing.callers import Caller
from ccd.routing.deadlines import Kind
from ccd.routing.floor import Floor


def begin(floor: Floor, caller: Caller) -> None:
    """Work out what a caller asks for now, and when that changes; also when the rules have changed."""
    settings = caller.line.settings
    caller.needs = demands.needs_of(settings, caller.own_needs)
    _look(floor, caller)


def widen(floor: Floor, caller: Caller) -> None:
    """Let a caller stand where a step of their wait leads them."""
    _look(floor, caller)
    floor.place(caller)


def leave_instants(caller: Caller, now: float) -> list[float]:
    """Give when steps come that lead the caller to another queue; they count from entering this one."""
    overflow = caller.line.settings.overflow
    return [at for one in overflow if one.leave and (at := caller.entered_at + one.after_s) > now]


def _look(floor: Floor, caller: Caller) -> None:
    settings, joined_at = caller.line.settings, caller.joined_at
    if not (caller.needs or settings.penalties or settings.overflow):
        caller.demand, caller.helpers = demands.ANYONE, ()
        floor.deadlines.disarm(caller, Kind.WIDEN)
        return
    ahead, waited_s = leave_instants(caller, floor.now), 0.0
    for after_s in demands.steps(caller.needs, settings):
        # Compared as instants, so that a deadline and what it is for never differ by a rounding.
        if (at := joined_at + after_s) > floor.now:
            ahead.append(at)
        else:
            waited_s = max(waited_s, after_s)
    caller.demand = demands.demand_at(caller.needs, settings, waited_s)
    helpers = (
        overflow.queue
        for overflow in settings.overflow
        if not overflow.leave and joined_at + overflow.after_s <= floor.now
    )
    caller.helpers = tuple(name for name in dict.fromkeys(helpers) if name != settings.name)
    if ahead:
        floor.deadlines.arm(caller, Kind.WIDEN, min(ahead))
    else:
        floor.deadlines.disarm(caller, Kind.WIDEN)
