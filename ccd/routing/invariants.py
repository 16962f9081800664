"""What must always be true of the engine's state between two events. Slow and complete; for tests.

1. Conservation in each queue: who entered has left with one outcome, or is there. 2. A call waits or
talks, never both. 3. A talk has one agent. 4. An agent has one reserved, ringing or talking call at
most, across all queues. 5. No caller waits while an agent is free for them, except behind one who is about
to come back after a restart. 6. Callers stand by priority
and time of joining. 7. Only members who are free are in the order from which a strategy chooses. 9.
Every reservation, hold, wrap-up and missed-offer memory ends by itself. 17. While the daemon drains
nobody is eligible.
"""

from collections import Counter

from ccd.model import AgentStatus, DeviceState
from ccd.routing import breaks, demands, moving, widening
from ccd.routing.callers import Caller, Stand
from ccd.routing.deadlines import Kind
from ccd.routing.floor import Floor
from ccd.routing.lines import Line
from ccd.routing.offers import Phase, RingPhase
from ccd.routing.roster import Agent


def check(floor: Floor) -> None:
    """Raise AssertionError with the first thing that is wrong."""
    _nothing_is_left_to_settle(floor)
    for line in floor.lines.values():
        _conserves_callers(floor, line)
        _knows_its_members(floor, line)
        _serves_whom_it_can(floor, line)
    for agent in floor.roster.agents.values():
        _has_one_call_at_most(floor, agent)
        _is_free_only_if(floor, agent)
    for caller in floor.callers.values():
        _stands_in_one_place(floor, caller)
    _reservations_have_leases(floor)
    _talks_are_of_two(floor)


def _demand(fact: bool, what: str) -> None:
    if not fact:
        raise AssertionError(what)


def _nothing_is_left_to_settle(floor: Floor) -> None:
    left = (floor.touched, floor.unplaced, floor.altered, floor.unserved, floor.fresh)
    _demand(not any(left), "the engine returned before everything was settled")
    _demand(not floor.commands, "commands were left behind")


def _conserves_callers(floor: Floor, line: Line) -> None:
    name = line.settings.name
    here = [caller for caller in floor.callers.values() if caller.line is line]
    _demand(line.entered == line.left.total() + len(here), f"1: queue {name} lost or doubled a caller")
    _demand(line.places == sorted(caller.place for caller in here), f"6: queue {name} is out of order")
    absent = sum(caller.callback_s is not None for caller in here)
    _demand(line.callbacks == absent, f"queue {name} counts {line.callbacks} callbacks, not {absent}")
    for caller in here:
        place = line.place(caller.priority, caller.joined_at, caller.place[2], caller.call_id)
        _demand(caller.place == place, f"6: caller {caller.call_id} stands by an old priority")
    _offers_the_right_callers(floor, line)


def _offers_the_right_callers(floor: Floor, line: Line) -> None:
    name = line.settings.name
    standing = [caller for caller in floor.callers.values() if caller.stand is Stand.OPEN]
    for caller in standing:
        if caller.line is line or (name in caller.helpers and not line.closed):
            key = (caller.demand, caller.line.settings.pace)
            lane = line.lanes.get(key)
            _demand(lane in caller.lanes, f"caller {caller.call_id} is not open in queue {name}")
    for key, lane in line.lanes.items():
        _demand(key == (lane.demand, lane.pace), f"queue {name} has a lane of another demand")
        opened = sorted(caller.place for caller in standing if lane in caller.lanes)
        _demand(lane.open == opened, f"queue {name} would offer the wrong callers")


def _knows_its_members(floor: Floor, line: Line) -> None:
    name = line.settings.name
    agents = floor.roster.agents
    members = {
        number: agent.memberships[name] for number, agent in agents.items() if name in agent.memberships
    }
    _demand(line.members == members, f"queue {name} has other members than are configured")
    free = {number for number in members if agents[number].eligible}
    _demand(set(line.free()) == free, f"7: queue {name} has the wrong free")
    for lane in line.lanes.values():
        able = [
            number
            for number in free
            if lane.demand.tier(agents[number].skills, members[number].penalty) is not None
        ]
        _demand(sorted(lane.free()) == sorted(able), f"7: queue {name} has the wrong free for {lane.demand}")
        _demand(lane.ranked == sorted(lane.ranked), f"queue {name} has its members out of order")
    present = sum(agents[number].reachable for number in members)
    _demand(line.present == present, f"queue {name} counts {line.present} present, not {present}")
    if line.attending:
        there = Counter(agents[number].observe_absence() for number in members if agents[number].present)
        _demand(+line.attendance == there, f"queue {name} counts {line.attendance}, not {there}")


def _serves_whom_it_can(floor: Floor, line: Line) -> None:
    _demand(line.awaited == sorted(line.awaited), f"queue {line.settings.name} awaits out of order")
    for place in line.awaited:
        awaited = floor.callers[place[3]]
        _demand(not awaited.here and Kind.RETURN in awaited.timers, f"9: {place[3]} is awaited for ever")
    for lane in line.lanes.values():
        for place in lane.open:
            caller = floor.callers[place[3]]
            if caller.line is line and line.awaited and line.awaited[0] < place:
                continue
            could = [number for number in lane.free() if caller.shunned.get(number, floor.now) <= floor.now]
            _demand(not could, f"5: {could} are free and caller {caller.call_id} waits")


def _has_one_call_at_most(floor: Floor, agent: Agent) -> None:
    number = agent.number
    _demand(agent.offer is None or agent.talk is None, f"4: agent {number} talks and is reserved")
    reserving = [
        offer for offer in floor.offers.values() if any(ring.agent == number for ring in offer.calling())
    ]
    _demand(
        reserving == ([] if agent.offer is None else [agent.offer]), f"4: agent {number} is reserved twice"
    )
    talking = [talk for talk in floor.talks.values() if talk.agent == number]
    _demand(talking == ([] if agent.talk is None else [agent.talk]), f"4: agent {number} talks twice")


def _is_free_only_if(floor: Floor, agent: Agent) -> None:
    number = agent.number
    truly_free = (
        agent.status is AgentStatus.AVAILABLE
        and agent.device_state is DeviceState.NOT_INUSE
        and not (agent.offer or agent.talk or agent.wrap_up_until_at is not None)
        and agent.rests_until_at is None
        and floor.synchronised
        and not floor.draining
    )
    _demand(agent.eligible is truly_free, f"7, 17: agent {number} is {agent.obstacle() or 'free'}")
    _demand(agent.state is agent.observe(), f"agent {number} shows {agent.state}")
    limited = breaks.until(floor, agent) is not None
    _demand(limited or not agent.overdue, f"agent {number} is on no break and overdue")
    _demand(agent.overdue or not limited or Kind.BREAK in agent.timers, f"9: {number} is never overdue")
    _demand(limited or Kind.BREAK not in agent.timers, f"agent {number} would be overdue for nothing")
    taken = all(used.taken > 0 and used.spent_s >= 0.0 for used in agent.breaks.values())
    _demand(taken, f"agent {number} has spent time on no break")
    _demand(agent.wrap_up_until_at is not None or not agent.owes, f"agent {number} owes for ever")
    wrap_up = agent.timers.get(Kind.WRAP_UP)
    until = None if wrap_up is None else wrap_up.at
    _demand(agent.wrap_up_until_at == until, f"9: the wrap-up of agent {number} would not end")
    _demand(
        (agent.rests_until_at is None) is (Kind.REST not in agent.timers), f"9: agent {number} rests for ever"
    )
    _demand(agent.rests_until_at is None or agent.rests_until_at > floor.now, f"agent {number} has rested")
    if agent.device is not None:
        _demand(floor.roster.on_device[agent.device] is agent, f"two agents on {agent.device}")
        known = floor.roster.devices.get(agent.device, DeviceState.UNKNOWN)
        _demand(agent.device_state is known, f"agent {number} has an outdated device state")


def _stands_in_one_place(floor: Floor, caller: Caller) -> None:
    call = caller.call_id
    _demand((caller.stand is Stand.AWAY) is not caller.waiting, f"caller {call} stands nowhere")
    _demand(floor.channels.get(caller.channel) == call, f"the channel of caller {call} is unknown")
    held = [agent for agent, places in floor.held.items() if caller.place in places]
    _demand(held == ([caller.held_for] if caller.held_for else []), f"caller {call} is held twice")
    if caller.stand is Stand.HELD and caller.held_for is not None:
        agent = floor.roster.agents[caller.held_for]
        _demand(not agent.eligible, f"5: caller {call} waits for agent {agent.number}, who is free")
        penalty = caller.line.members[agent.number].penalty
        able = caller.demand.tier(agent.skills, penalty) is not None
        _demand(able, f"7: caller {call} waits for agent {agent.number}, who may not be offered them")
        _demand(Kind.HOLD in caller.timers, f"9: caller {call} is held for ever")
    if caller.offer is not None:
        _demand(floor.offers.get(caller.offer.offer_id) is caller.offer, f"the offer of {call} is unknown")
    _asks_for_what_it_may(floor, caller)
    _demand(moving.target_of(floor, caller) is None, f"caller {call} was to go over to another queue")
    if any(until > floor.now for until in caller.shunned.values()):
        _demand(Kind.RETRY in caller.timers, f"9: caller {call} is never offered again")


def _asks_for_what_it_may(floor: Floor, caller: Caller) -> None:
    """See that what a caller asks for is what their needs come to after so long a wait."""
    call, settings = caller.call_id, caller.line.settings
    waited_s = floor.now - caller.joined_at
    due = [
        after_s
        for after_s in demands.steps(caller.needs, settings)
        if caller.joined_at + after_s <= floor.now
    ]
    ahead: list[float] = widening.leave_instants(caller, floor.now)
    ahead += [after_s for after_s in demands.steps(caller.needs, settings) if after_s not in due]
    demand = demands.demand_at(caller.needs, settings, max(due, default=min(waited_s, 0.0)))
    _demand(caller.demand == demand, f"caller {call} asks for {caller.demand}, not {demand}")
    _demand(bool(ahead) is (Kind.WIDEN in caller.timers), f"9: nothing relaxes the needs of {call}")


def _reservations_have_leases(floor: Floor) -> None:
    for offer in floor.offers.values():
        name = offer.offer_id
        _demand(offer.phase is not Phase.OVER, f"offer {name} is over and still known")
        _demand(floor.callers[offer.call_id].offer is offer, f"offer {name} is not its caller's")
        _demand((offer.phase is Phase.RINGING) is bool(offer.calling()), f"offer {name} is {offer.phase}")
        undecided = any(ring.phase is not RingPhase.ENDED for ring in offer.rings)
        leased = Kind.LEASE in offer.timers or offer.overdue
        _demand(leased or not undecided, f"9: the reservation by offer {name} would never end")


def _talks_are_of_two(floor: Floor) -> None:
    for call_id, talk in floor.talks.items():
        _demand(floor.roster.agents[talk.agent].talk is talk, f"3: the talk of {call_id} is not its agent's")
        _demand(call_id not in floor.callers, f"2: caller {call_id} talks and waits")
