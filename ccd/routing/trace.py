"""Why an offer went to whom it went: the entry behind `ccd explain`.

At most `SHOWN` members are told of, the chosen ones first, then those who would have been next, then
some of the others with what stood in their way. The cost does not grow with the queue.
"""

from itertools import islice
from math import inf
from typing import assert_never

from ccd.events import AgentsConfigured, CallerJoined, Event, QueuesConfigured, Synchronised, Ticked
from ccd.history import Candidate, Decided
from ccd.model import AgentNumber, Strategy
from ccd.routing.callers import Caller
from ccd.routing.floor import Floor
from ccd.routing.lines import Line
from ccd.routing.offers import Offer
from ccd.routing.strategies import Rank

SHOWN = 20

_TRIGGERS: dict[type[Event], str] = {
    CallerJoined: "caller joined",
    Ticked: "wait over",
    Synchronised: "synchronised",
    QueuesConfigured: "configured",
    AgentsConfigured: "configured",
}


def decided(floor: Floor, caller: Caller, offer: Offer, rule: str) -> Decided:
    """Tell of a decision; to be called before the chosen are taken out of the order."""
    line = caller.line
    return Decided(
        call_id=caller.call_id,
        at=floor.now,
        offer_id=offer.offer_id,
        queue=line.settings.name,
        strategy=line.settings.strategy.value,
        rule=rule,
        trigger=floor.trigger,
        waited_s=max(0.0, floor.now - caller.joined_at),
        ahead=line.ahead(caller.place),
        candidates=_candidates(floor, caller, [ring.agent for ring in offer.rings]),
        members=len(line.members),
    )


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


def _candidates(floor: Floor, caller: Caller, chosen: list[AgentNumber]) -> tuple[Candidate, ...]:
    line = caller.line
    told: dict[AgentNumber, Candidate] = {}
    for number in chosen[:SHOWN]:
        told[number] = Candidate(agent=number, verdict="chosen", key=_key(floor, line, line.rank_of(number)))
    lowest = line.members[chosen[0]].penalty
    for one in islice(line.upcoming(caller.shunned, floor.rng), SHOWN):
        number = one[4]
        if number not in told and len(told) < SHOWN:
            verdict = "next" if one[0] == lowest else "higher_penalty"
            if number in caller.shunned:
                verdict = "missed_this_caller"
            told[number] = Candidate(agent=number, verdict=verdict, key=_key(floor, line, one))
    agents = floor.roster.agents
    for number in islice(line.members, SHOWN):
        if number not in told and len(told) < SHOWN:
            told[number] = Candidate(agent=number, verdict=agents[number].obstacle() or "next")
    return tuple(told.values())


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
