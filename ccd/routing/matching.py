"""Bring waiting callers and free agents together.

Between two events no caller who waits and no free agent exist who could be brought together; so only the
lines and agents that an event changed have to be looked at. Among those the best caller is served first,
again and again: higher priority, ageing included, then those who wait for this very agent (sticky), then the
queue of higher weight, then whoever joined first. Which agent a caller gets is their queue's strategy's
choice, or that of a queue that helps with them.

Of each line only the first caller of each lane is compared. Lanes may age at different paces, so that the
order among their first ones changes with time: it is worked out in the moment of the choice.
"""

from heapq import heappop, heappush

from ccd.commands import OfferCall, SaveQueuePosition
from ccd.history import OfferStarted
from ccd.model import AgentNumber, OfferId, QueueName, Strategy
from ccd.routing import stays, trace
from ccd.routing.callers import Caller
from ccd.routing.deadlines import Kind
from ccd.routing.floor import Floor
from ccd.routing.lanes import Lane
from ccd.routing.lines import Line
from ccd.routing.offers import LEASE_GRACE_S, WHISPER_S, Offer, Ring
from ccd.routing.roster import Agent

Claim = tuple[float, int, int, float, int]
"""Negative priority with ageing, 0 when held for this agent, negative weight, joined_at, arrival: the least
first."""


def serve(floor: Floor) -> None:
    """Make every offer that can be made now."""
    claims: list[tuple[Claim, int, Line | Agent, Caller, Lane | None]] = []
    order = 0

    def claim(source: Line | Agent) -> None:
        nonlocal order
        found = _first_open(floor, source) if isinstance(source, Line) else _first_held(floor, source)
        if found is not None:
            order += 1
            heappush(claims, (found[0], order, source, found[1], found[2]))

    floor.trigger = trace.trigger(floor)
    for agent in floor.fresh.values():
        claim(agent)
    for line in floor.unserved.values():
        claim(line)
    floor.fresh.clear()
    floor.unserved.clear()
    while claims:
        first, _, source, caller, lane = heappop(claims)
        found = _first_open(floor, source) if isinstance(source, Line) else _first_held(floor, source)
        if found is not None and found[1] is caller and found[0] == first:
            if isinstance(source, Agent):
                _offer_to_known(floor, caller, source)
            elif lane is not None:
                _offer_by_strategy(floor, caller, lane)
        claim(source)


def _claim(floor: Floor, caller: Caller) -> Claim:
    key, joined_at, arrival, _ = caller.place
    settings = caller.line.settings
    held = 1 if caller.held_for is None else 0
    return (key - settings.pace * floor.now, held, -settings.weight, joined_at, arrival)


def _first_open(floor: Floor, line: Line) -> tuple[Claim, Caller, Lane] | None:
    """Give the best caller for whom this line's strategy has somebody, and the lane in which they stand."""
    best: tuple[Claim, Caller, Lane] | None = None
    for lane in line.lanes.values():
        if lane.open and lane.ranked and (caller := _first_in(floor, line, lane)) is not None:
            claim = _claim(floor, caller)
            if best is None or claim < best[0]:
                best = (claim, caller, lane)
    return best


def _first_in(floor: Floor, line: Line, lane: Lane) -> Caller | None:
    """Give the first caller of a lane for whom somebody is left who did not miss them a moment ago."""
    awaited = line.awaited[0] if line.awaited else None
    for place in lane.open:
        caller = floor.callers[place[3]]
        if awaited is not None and caller.line is line and awaited < place:
            return None
        if caller.shunned:
            caller.forgive(floor.now)
        if not caller.shunned or lane.serves(caller.shunned):
            return caller
    return None


def _first_held(floor: Floor, agent: Agent) -> tuple[Claim, Caller, None] | None:
    """Give the best caller who waits for this very agent, who is free."""
    held = floor.held.get(agent.number)
    if not held or not agent.eligible:
        return None
    callers = [floor.callers[place[3]] for place in (held if floor.ageing else held[:1])]
    caller = min(callers, key=lambda one: _claim(floor, one))
    return _claim(floor, caller), caller, None


def _offer_by_strategy(floor: Floor, caller: Caller, lane: Lane) -> None:
    line = lane.line
    chosen = lane.choose(caller.shunned, floor.rng)
    rule = trace.rule(line)
    last = chosen[-1]
    _offer(floor, caller, [one[4] for one in chosen], rule, lane)
    if line.settings.strategy is Strategy.RRMEMORY:
        line.turn = (last[3], last[4])
        floor.commands.append(SaveQueuePosition(queue=line.settings.name, last_position=last[3]))


def _offer_to_known(floor: Floor, caller: Caller, agent: Agent) -> None:
    _offer(floor, caller, [agent.number], "sticky", None)


def _offer(floor: Floor, caller: Caller, chosen: list[AgentNumber], rule: str, lane: Lane | None) -> None:
    """Reserve the agents and ask for their phones to be dialled; without a lane they are known (sticky)."""
    agents = [floor.roster.agents[number] for number in chosen]
    line = caller.line if lane is None else lane.line
    offer = _attempt(floor, caller, agents, line.settings.name, sticky=lane is None)
    floor.commands.append(
        OfferCall(
            call_id=offer.call_id,
            offer_id=offer.offer_id,
            queue=offer.queue,
            agents=tuple(ring.agent for ring in offer.rings),
            devices=tuple(ring.device for ring in offer.rings),
            ring_s=offer.ring_s,
        )
    )
    floor.note(trace.decided(floor, caller, offer, rule, lane))
    for ring in offer.rings:
        floor.note(
            OfferStarted(
                call_id=offer.call_id,
                at=offer.started_at,
                offer_id=offer.offer_id,
                queue=offer.queue,
                agent=ring.agent,
                device=ring.device,
                sticky=offer.sticky,
            )
        )
    stays.step_out(floor, caller)
    caller.offer, caller.here = offer, False
    for agent in agents:
        agent.offer = offer
        floor.bench(agent)
        floor.touch(agent)


def _attempt(floor: Floor, caller: Caller, agents: list[Agent], via: QueueName, *, sticky: bool) -> Offer:
    """Open an attempt, with its lease."""
    settings = caller.line.settings
    ring_s = caller.line.ring_s([agent.number for agent in agents])
    offer = Offer(
        offer_id=OfferId(f"{floor.tag}-{floor.number()}"),
        call_id=caller.call_id,
        queue=settings.name,
        via=via,
        sticky=sticky,
        started_at=floor.now,
        ring_s=ring_s,
    )
    for agent in agents:
        if (device := agent.device) is not None:
            offer.rings.append(Ring(offer=offer, agent=agent.number, device=device))
    floor.offers[offer.offer_id] = offer
    longer_s = (caller.callback_s or 0.0) + (WHISPER_S if settings.whispers else 0.0)
    floor.deadlines.arm(offer, Kind.LEASE, floor.now + ring_s + longer_s + LEASE_GRACE_S)
    return offer
