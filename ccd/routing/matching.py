"""Bring waiting callers and free agents together.

Between two events no caller who waits and no free agent exist who could be brought together; so only the
lines and agents that an event changed have to be looked at. Among those the best caller is served first,
again and again: higher priority, then those who wait for this very agent (sticky), then the queue of
higher weight, then whoever joined first. Which agent a caller gets is their queue's strategy's choice.
"""

from heapq import heappop, heappush

from ccd.commands import OfferCall, SaveQueuePosition
from ccd.history import OfferStarted
from ccd.model import AgentNumber, OfferId, Strategy
from ccd.routing import stays, trace
from ccd.routing.callers import Caller
from ccd.routing.deadlines import Kind
from ccd.routing.floor import Floor
from ccd.routing.lines import Line
from ccd.routing.offers import LEASE_GRACE_S, Offer, Ring
from ccd.routing.roster import Agent

Claim = tuple[int, int, int, float, int]
"""Negative priority, 0 when held for this agent, negative weight, joined_at, arrival: least first."""


def serve(floor: Floor) -> None:
    """Make every offer that can be made now."""
    claims: list[tuple[Claim, int, Line | Agent, Caller]] = []
    order = 0

    def claim(source: Line | Agent) -> None:
        nonlocal order
        caller = _first_open(floor, source) if isinstance(source, Line) else _first_held(floor, source)
        if caller is not None:
            order += 1
            heappush(claims, (_claim(caller), order, source, caller))

    floor.trigger = trace.trigger(floor)
    for agent in floor.fresh.values():
        claim(agent)
    for line in floor.unserved.values():
        claim(line)
    floor.fresh.clear()
    floor.unserved.clear()
    while claims:
        _, _, source, caller = heappop(claims)
        if isinstance(source, Line):
            if caller is _first_open(floor, source):
                _offer_by_strategy(floor, caller)
        elif caller is _first_held(floor, source):
            _offer_to_known(floor, caller, source)
        claim(source)


def _claim(caller: Caller) -> Claim:
    negative_priority, joined_at, arrival, _ = caller.place
    held = 1 if caller.held_for is None else 0
    return (negative_priority, held, -caller.line.settings.weight, joined_at, arrival)


def _first_open(floor: Floor, line: Line) -> Caller | None:
    """Give the first caller for whom the strategy has somebody who did not miss them a moment ago."""
    if not line.ranked:
        return None
    awaited = line.awaited[0] if line.awaited else None
    for place in line.open:
        if awaited is not None and awaited < place:
            return None
        caller = floor.callers[place[3]]
        if caller.shunned:
            caller.forgive(floor.now)
        if not caller.shunned or line.serves(caller.shunned):
            return caller
    return None


def _first_held(floor: Floor, agent: Agent) -> Caller | None:
    held = floor.held.get(agent.number)
    return floor.callers[held[0][3]] if held and agent.eligible else None


def _offer_by_strategy(floor: Floor, caller: Caller) -> None:
    line = caller.line
    chosen = line.choose(caller.shunned, floor.rng)
    rule = trace.rule(line)
    last = chosen[-1]
    _offer(floor, caller, [one[4] for one in chosen], rule, sticky=False)
    if line.settings.strategy is Strategy.RRMEMORY:
        line.turn = (last[3], last[4])
        floor.commands.append(SaveQueuePosition(queue=line.settings.name, last_position=last[3]))


def _offer_to_known(floor: Floor, caller: Caller, agent: Agent) -> None:
    _offer(floor, caller, [agent.number], "sticky", sticky=True)


def _offer(floor: Floor, caller: Caller, chosen: list[AgentNumber], rule: str, *, sticky: bool) -> None:
    """Reserve the agents and ask for their phones to be dialled."""
    agents = [floor.roster.agents[number] for number in chosen]
    offer = _attempt(floor, caller, agents, sticky=sticky)
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
    floor.note(trace.decided(floor, caller, offer, rule))
    for ring in offer.rings:
        floor.note(
            OfferStarted(
                call_id=offer.call_id,
                at=offer.started_at,
                offer_id=offer.offer_id,
                queue=offer.queue,
                agent=ring.agent,
                device=ring.device,
                sticky=sticky,
            )
        )
    stays.step_out(floor, caller)
    caller.offer, caller.here = offer, False
    for agent in agents:
        agent.offer = offer
        floor.bench(agent)
        floor.touch(agent)


def _attempt(floor: Floor, caller: Caller, agents: list[Agent], *, sticky: bool) -> Offer:
    """Open an attempt, with its lease."""
    settings = caller.line.settings
    offer = Offer(
        offer_id=OfferId(f"{floor.tag}-{floor.number()}"),
        call_id=caller.call_id,
        queue=settings.name,
        sticky=sticky,
        started_at=floor.now,
        ring_s=settings.ring_s,
    )
    for agent in agents:
        if (device := agent.device) is not None:
            offer.rings.append(Ring(offer=offer, agent=agent.number, device=device))
    floor.offers[offer.offer_id] = offer
    floor.deadlines.arm(
        offer, Kind.LEASE, floor.now + settings.ring_s + (caller.callback_s or 0.0) + LEASE_GRACE_S
    )
    return offer
