"""Why an offer went to whom it went: the entry behind `ccd explain`.

At most `SHOWN` members are told of, the chosen ones first, then those who would have been next, then
some of the others with what stood in their way. The cost does not grow with the queue.
"""

from collections.abc import Iterator
from itertools import islice
from math import inf
from typing import assert_never

from ccd.events import AgentsConfigured, CallerJoined, Event, QueuesConfigured, Synchronised, Ticked
from ccd.history import Candidate, Decided
from ccd.model import AgentNumber, Strategy
from ccd.routing.callers import Caller
from ccd.routing.demands import ANYONE, TIER, Demand
from ccd.routing.floor import Floor
from ccd.routing.lanes import Lane
from ccd.routing.lines import Line
from ccd.routing.offers import Offer
from ccd.routing.strategies import Rank

SHOWN = 20
_SMALLEST_PRIORITY = 0.05
"""What is less would be shown as 0.0."""

_TRIGGERS: dict[type[Event], str] = {
    CallerJoined: "caller joined",
    Ticked: "wait over",
    Synchronised: "synchronised",
    QueuesConfigured: "configured",
    AgentsConfigured: "configured",
}


def decided(floor: Floor, caller: Caller, offer: Offer, rule: str, lane: Lane | None) -> Decided:
    """Tell of a decision; to be called before the chosen are taken out of the order."""
    line = caller.line if lane is None else lane.line
    chosen = [ring.agent for ring in offer.rings]
    return Decided(
        call_id=caller.call_id,
        at=floor.now,
        offer_id=offer.offer_id,
        queue=offer.queue,
        strategy=line.settings.strategy.value,
        rule="; ".join(_phrases(floor, caller, line, rule)),
        trigger=floor.trigger,
        waited_s=max(0.0, floor.now - caller.joined_at),
        ahead=line.ahead(caller.place, caller.line.settings.pace),
        candidates=_known(floor, line, chosen) if lane is None else _candidates(floor, caller, chosen, lane),
        members=len(line.members),
    )


def _phrases(floor: Floor, caller: Caller, line: Line, rule: str) -> Iterator[str]:
    """Give the rule of a decision, and what else played a part."""
    yield rule
    if line is not caller.line:
        yield f"help of {line.settings.name}"
    gained = caller.line.settings.pace * max(0.0, floor.now - caller.joined_at)
    if caller.priority or gained >= _SMALLEST_PRIORITY:
        yield f"priority {caller.priority + gained:.1f}".removesuffix(".0")
    if caller.demand is not ANYONE:
        yield f"needs {caller.demand.words()}"


def trigger(floor: Floor) -> str:
    """Say what led to the offers that are about to be made."""
    if len(floor.fresh) == 1 and not isinstance(floor.event, CallerJoined):
        (agent,) = floor.fresh
        return f"agent {agent} free"
    return _TRIGGERS.get(type(floor.event), "other change")


def rule(line: Line) -> str:
    """Name the rule by which the strategy is about to choose."""
    strategy = line.settings.strategy
    if strategy is Strategy.RRMEMORY and line.turn[0] >= 0:
        return f"rrmemory after position {line.turn[0]}"
    return strategy.value


def _candidates(floor: Floor, caller: Caller, chosen: list[AgentNumber], lane: Lane) -> tuple[Candidate, ...]:
    line, told = lane.line, {}
    for number in chosen[:SHOWN]:
        told[number] = Candidate(agent=number, verdict="chosen", key=_key(floor, line, lane.rank_of(number)))
    lowest = lane.rank_of(chosen[0])[0]
    for one in islice(lane.upcoming(caller.shunned, floor.rng), SHOWN):
        number = one[4]
        if number not in told and len(told) < SHOWN:
            verdict = _standing(one[0], lowest)
            if number in caller.shunned:
                verdict = "missed_this_caller"
            told[number] = Candidate(agent=number, verdict=verdict, key=_key(floor, line, one))
    return _rest(floor, line, told, lane.demand)


def _known(floor: Floor, line: Line, chosen: list[AgentNumber]) -> tuple[Candidate, ...]:
    """Tell of the members when one was chosen because they know the caller."""
    told = {number: Candidate(agent=number, verdict="chosen") for number in chosen}
    return _rest(floor, line, told, ANYONE)


def _rest(
    floor: Floor, line: Line, told: dict[AgentNumber, Candidate], demand: Demand
) -> tuple[Candidate, ...]:
    """Add members who could not be chosen, each with what stood in the way."""
    agents = floor.roster.agents
    for number, membership in islice(line.members.items(), SHOWN):
        if number not in told and len(told) < SHOWN:
            agent = agents[number]
            verdict, key = agent.obstacle(), ""
            if not verdict:
                verdict, key = demand.obstacle(agent.skills, membership.penalty)
            told[number] = Candidate(agent=number, verdict=verdict or "next", key=key)
    return tuple(told.values())


def _standing(one: int, lowest: int) -> str:
    """Say how a free member stands to the chosen ones, by penalty and preferred needs (`demands.TIER`)."""
    if one // TIER > lowest // TIER:
        return "less_preferred"
    return "next" if one == lowest else "higher_penalty"


def _key(floor: Floor, line: Line, one: Rank) -> str:
    match line.settings.strategy:
        case Strategy.RINGALL | Strategy.RRMEMORY | Strategy.RANDOM | Strategy.LINEAR:
            return f"position {one[3]}"
        case Strategy.FEWESTCALLS:
            return f"{one[1]:.0f} calls"
        case Strategy.LEASTRECENT:
            ended_at = one[1]
        case Strategy.MOSTRECENT:
            ended_at = -one[1]
        case strategy:
            assert_never(strategy)
    return "never called" if ended_at == -inf else f"idle {floor.now - ended_at:.1f} s"
