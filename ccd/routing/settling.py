"""What follows from an event: states, eligibility, empty queues, who waits where, offers.

Use cases only change facts and mark what they changed; everything derived is derived here, in one order,
until nothing is marked any more.
"""

from math import inf

from ccd.commands import SaveAgent
from ccd.history import AgentStateChanged
from ccd.model import AgentStatus, QueueOutcome
from ccd.routing import configuring, matching, moving, stays
from ccd.routing.floor import Floor
from ccd.routing.roster import Agent


def settle(floor: Floor) -> None:
    """Derive all that follows from the facts that were changed."""
    while floor.touched or floor.altered or floor.unplaced or floor.unserved or floor.fresh:
        while floor.touched:
            touched = list(floor.touched.values())
            floor.touched.clear()
            for agent in touched:
                _refresh(floor, agent)
        _review_lines(floor)
        unplaced = list(floor.unplaced.values())
        floor.unplaced.clear()
        for caller in unplaced:
            if (line := moving.target_of(floor, caller)) is not None:
                moving.move(floor, caller, line)
            else:
                stays.sort_in(floor, caller)
        matching.serve(floor)


def _refresh(floor: Floor, agent: Agent) -> None:
    if agent.leaving and not agent.engaged:
        configuring.let_go(floor, agent)
    state = agent.observe()
    if state is not agent.state:
        previous, agent.state, agent.state_since_at = agent.state, state, floor.now
        floor.note(AgentStateChanged(agent=agent.number, at=floor.now, state=state, previous=previous))
    if agent.reachable is not agent.present or floor.attending:
        _count_present(floor, agent)
    _see_at_work(floor, agent)
    eligible = floor.synchronised and not floor.draining and agent.free
    if eligible is not agent.eligible:
        if eligible:
            floor.admit(agent)
        else:
            floor.bench(agent)
    if agent.number in floor.held and not (eligible or agent.busy):
        for place in floor.held[agent.number]:
            floor.place(floor.callers[place[3]])
    if agent.unsaved:
        agent.unsaved = False
        if not agent.leaving:
            floor.commands.append(SaveAgent(snapshot=agent.snapshot()))


def _see_at_work(floor: Floor, agent: Agent) -> None:
    """Have those at work counted anew, for the estimated wait, when an agent comes or goes."""
    at_work = agent.reachable and agent.status is AgentStatus.AVAILABLE
    if at_work is agent.at_work:
        return
    agent.at_work = at_work
    for queue in agent.memberships:
        if (line := floor.lines.get(queue)) is not None:
            line.at_work_at = -inf


def _count_present(floor: Floor, agent: Agent) -> None:
    """Count an agent in their queues as they are now: there or not, and in which states."""
    was, before = agent.present, agent.absence
    agent.present, agent.absence = agent.reachable, agent.observe_absence()
    if (was, before) == (agent.present, agent.absence):
        return
    for queue in agent.memberships:
        line = floor.lines.get(queue)
        if line is not None:
            line.present += agent.present - was
            if line.attending:
                line.attendance[before] -= was
                line.attendance[agent.absence] += agent.present
            if not (line.settings.join_empty and line.attended(line.settings.leave_absent)):
                floor.alter(line)


def _review_lines(floor: Floor) -> None:
    """Send those away who wait where nobody serves, and have those come for whom there was no place.

    Not before Asterisk has told which phones there are.
    """
    altered = list(floor.altered.values())
    floor.altered.clear()
    if not floor.synchronised:
        return
    for line in altered:
        if line.settings.leave_empty and not line.attended(line.settings.leave_absent):
            for caller in [floor.callers[place[3]] for place in line.places]:
                if caller.waiting and caller.callback_s is None:
                    stays.dismiss(floor, caller, QueueOutcome.EMPTY)
        moving.invite(floor, line)
