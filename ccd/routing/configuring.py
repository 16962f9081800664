"""Queues and agents as configured, at start and at each reload: differences are applied, callers stay."""

from ccd.events import AgentsConfigured, BreaksConfigured, DirectLineOpened, QueuesConfigured
from ccd.model import (
    AgentNumber,
    AgentProfile,
    AgentSnapshot,
    AgentStatus,
    Membership,
    QueueName,
    QueueOutcome,
    QueueSettings,
    device_of,
    is_direct,
)
from ccd.routing import arrivals, breaks, conclusions, rests, statuses, stays, widening, wrap_ups
from ccd.routing.callers import Caller
from ccd.routing.deadlines import Kind
from ccd.routing.floor import Floor
from ccd.routing.lines import Line
from ccd.routing.roster import Agent
from ccd.routing.strategies import FIRST_TURN, LAST_NUMBER


def queues_configured(floor: Floor, event: QueuesConfigured) -> None:
    """Open new queues, change others, close those that are gone."""
    configured = {settings.name for settings in event.queues}
    for name in [name for name in floor.lines if name not in configured and not is_direct(name)]:
        _retire(floor, floor.lines.pop(name))
    for settings in event.queues:
        line = floor.lines.get(settings.name)
        if line is None:
            line = _open(floor, settings, event.last_positions.get(settings.name))
            for ended_at, length_s in event.recent_talks.get(settings.name, ()):
                line.handled.append((ended_at, length_s + settings.wrap_up_s))
        elif line.settings != settings:
            _change(floor, line, settings)
    floor.sources = _sources(event.queues)
    floor.ageing = any(settings.pace for settings in event.queues)
    floor.attending = any(settings.join_absent or settings.leave_absent for settings in event.queues)
    for line in floor.lines.values():
        line.count_attendance(floor.roster.agents)
    if floor.attending:
        for agent in floor.roster.agents.values():
            floor.touch(agent)


def agents_configured(floor: Floor, event: AgentsConfigured) -> None:
    """Take new agents in, change others, let go of those who are removed."""
    snapshots = {snapshot.number: snapshot for snapshot in event.snapshots}
    for profile in event.agents:
        known = profile.number in floor.roster.agents
        agent = floor.roster.add(profile)
        agent.name = profile.name
        agent.leaving = False
        _learn(floor, agent, profile)
        _assign_queues(floor, agent, profile)
        snapshot = snapshots.get(profile.number)
        if snapshot is not None and not known:
            _restore(floor, agent, snapshot)
        if agent.limits != profile.limits:
            agent.limits = profile.limits
            rests.look(floor, agent)
        floor.touch(agent)
    for number in event.removed:
        _remove(floor, number)


def direct_line_opened(floor: Floor, event: DirectLineOpened) -> None:
    """Let callers wait for one agent alone; how is the latest caller's number's, or node's, to say."""
    agent, settings = floor.roster.agents.get(event.agent), event.settings
    if agent is None or agent.leaving:
        return
    line = floor.lines.get(settings.name)
    membership = agent.memberships.setdefault(settings.name, Membership(queue=settings.name))
    if line is None:
        _open(floor, settings, None)
        return
    if line.settings != settings:
        _change(floor, line, settings)
    if agent.number not in line.members:
        line.enrol(agent, membership)


def breaks_configured(floor: Floor, event: BreaksConfigured) -> None:
    """Change how long breaks may last, those that are under way included."""
    before, floor.break_limits, floor.shift_gap_s = floor.break_limits, event.limits, event.shift_gap_s
    for agent in floor.roster.agents.values():
        if before.get(agent.reason) != event.limits.get(agent.reason):
            breaks.watch(floor, agent)


def let_go(floor: Floor, agent: Agent) -> None:
    """Forget a removed agent whose last call is over."""
    if agent.status is not AgentStatus.LOGGED_OUT:
        statuses.sign_out(floor, agent, "removed")
    floor.deadlines.disarm_all(agent)
    floor.roster.drop(agent)
    floor.touched.pop(agent.number, None)


# ---------------------------------------------------------------- queues


def _open(floor: Floor, settings: QueueSettings, last_position: int | None) -> Line:
    turn = FIRST_TURN if last_position is None else (last_position, LAST_NUMBER)
    line = floor.lines[settings.name] = Line(settings, turn)
    floor.alter(line)
    for agent in floor.roster.agents.values():
        membership = agent.memberships.get(settings.name)
        if membership is not None:
            line.enrol(agent, membership)
    for caller in floor.callers.values():
        if settings.name in caller.helpers:
            floor.place(caller)
    return line


def _change(floor: Floor, line: Line, settings: QueueSettings) -> None:
    callers = _callers(floor, line)
    for caller in callers:  # they stand by the old rules
        stays.step_out(floor, caller)
    line.settings = settings
    line.sort_members()
    line.places.clear()
    line.awaited.clear()
    for caller in callers:
        stays.take_place(floor, caller)
        arrivals.arm_limits(floor, caller)
        widening.begin(floor, caller)
    floor.alter(line)


def _sources(queues: tuple[QueueSettings, ...]) -> dict[QueueName, tuple[QueueName, ...]]:
    found: dict[QueueName, dict[QueueName, None]] = {}
    for settings in queues:
        for overflow in settings.overflow:
            if overflow.leave:
                found.setdefault(overflow.queue, {})[settings.name] = None
    return {target: tuple(sources) for target, sources in found.items()}


def _retire(floor: Floor, line: Line) -> None:
    """Close a queue; those for whom phones ring are dismissed when the attempt is over."""
    line.retired = True
    for caller in floor.callers.values():
        if caller.bound_for == line.settings.name:
            caller.bound_for = None
    for caller in _callers(floor, line):
        floor.deadlines.disarm(caller, Kind.MAX_WAIT)
        floor.deadlines.disarm(caller, Kind.ANNOUNCE)
        if caller.waiting:
            stays.dismiss(floor, caller, QueueOutcome.FAILED)
    for lane in line.lanes.values():  # who is left in them are other queues' callers
        for place in lane.open:
            floor.place(floor.callers[place[3]])


def _callers(floor: Floor, line: Line) -> list[Caller]:
    return [floor.callers[place[3]] for place in line.places]


# ---------------------------------------------------------------- agents


def _learn(floor: Floor, agent: Agent, profile: AgentProfile) -> None:
    """Take in what an agent can; whom they may now serve, or no longer, is looked at again."""
    if agent.skills == profile.skills:
        return
    agent.skills = profile.skills
    if agent.eligible:
        floor.bench(agent)  # `settle` sorts them in again
    for place in floor.held.get(agent.number, ()):
        floor.place(floor.callers[place[3]])


def _assign_queues(floor: Floor, agent: Agent, profile: AgentProfile) -> None:
    wanted = {membership.queue: membership for membership in profile.memberships}
    for queue in [queue for queue in agent.memberships if queue not in wanted and not is_direct(queue)]:
        del agent.memberships[queue]
        _leave_queue(floor, agent, queue)
    for queue, membership in wanted.items():
        if agent.memberships.get(queue) != membership:
            agent.memberships[queue] = membership
            if (line := floor.lines.get(queue)) is not None:
                line.enrol(agent, membership)
                floor.alter(line)
                floor.unserved[queue] = line
                _look_again(floor, agent, line)


def _leave_queue(floor: Floor, agent: Agent, queue: QueueName) -> None:
    line = floor.lines.get(queue)
    if line is None:
        return
    line.dismiss(agent)
    floor.alter(line)
    _look_again(floor, agent, line)


def _look_again(floor: Floor, agent: Agent, line: Line) -> None:
    """Look again at those of a queue who wait for this agent, who may no longer serve them."""
    for place in floor.held.get(agent.number, ()):
        caller = floor.callers[place[3]]
        if caller.line is line:
            floor.place(caller)


def _restore(floor: Floor, agent: Agent, snapshot: AgentSnapshot) -> None:
    agent.restore(snapshot)
    extension = agent.extension
    agent.extension = None
    if extension is not None:
        other = floor.roster.on_device.get(device_of(extension))
        if other is not None:
            statuses.sign_out(floor, other, "replaced")
        floor.roster.seat(agent, extension, floor.now)
    breaks.watch(floor, agent)
    wrap_ups.take_up(floor, agent)


def _remove(floor: Floor, number: AgentNumber) -> None:
    agent = floor.roster.agents.get(number)
    if agent is None:
        return
    agent.leaving = True
    for queue in list(agent.memberships):
        del agent.memberships[queue]
        _leave_queue(floor, agent, queue)
    conclusions.stop_ringing(floor, agent)
    floor.touch(agent)
