"""What others may see of the engine: frozen, for status displays and the API."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, replace

from ccd.model import (
    AgentNumber,
    AgentProfile,
    AgentState,
    AgentStatus,
    BreakUse,
    CallId,
    DeviceState,
    Extension,
    LastTalk,
    QueueName,
    QueueOutcome,
    QueueSettings,
    is_direct,
)
from ccd.routing import announcing, breaks, estimates, wrap_ups
from ccd.routing.callers import Caller, Stand
from ccd.routing.estimates import Facts
from ccd.routing.floor import Floor
from ccd.routing.lines import Line
from ccd.routing.roster import Agent


@dataclass(frozen=True, slots=True, kw_only=True)
class MemberView:
    """An agent as a member of one queue."""

    queue: QueueName
    agent: AgentNumber
    name: str
    penalty: int
    position: int
    ring_s: float | None
    """Of their own; None: the queue's. So `wrap_up_s`."""
    wrap_up_s: float | None
    status: AgentStatus
    reason: str
    state: AgentState
    obstacle: str
    """Why they cannot be offered a caller now (`history.Candidate.verdict`); empty when they can."""
    calls_taken: int
    last_call_at: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class CallerView:
    """A caller in a queue."""

    call_id: CallId
    queue: QueueName
    position: int
    number: str
    priority: int
    joined_at: float
    offered_to: tuple[AgentNumber, ...]
    """Whose phones ring for them now."""
    held_for: AgentNumber | None
    """The agent who knows them, for whom they wait."""
    callback: bool
    """Nobody is on the line: their place is kept, we call them back."""

    estimated_wait_s: float | None
    """How long they will still wait; None: not known well enough."""

    def waited_s(self, now: float) -> float:
        """Tell how long they have been in the queue."""
        return max(0.0, now - self.joined_at)


@dataclass(frozen=True, slots=True, kw_only=True)
class QueueView:
    """A queue."""

    settings: QueueSettings
    waiting: tuple[CallerView, ...]
    members: int
    signed_in: int
    """Members who are not logged out."""
    eligible: int
    """Members who could be offered a caller now."""
    estimated_wait_s: float | None
    """How long somebody would wait who came now."""
    present: int
    """Members who are signed in on a reachable phone."""
    closed: bool
    """It takes nobody in."""
    entered: int
    """Callers who came since the engine started."""
    left: Mapping[QueueOutcome, int]
    """How their stays ended; the missing ones wait."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AgentView:
    """An agent."""

    profile: AgentProfile
    status: AgentStatus
    reason: str
    status_since_at: float
    free_since_at: float
    """Since when they have been without a call of ours in their present status."""
    signed_in_at: float | None
    state: AgentState
    state_since_at: float
    extension: Extension | None
    device_state: DeviceState
    obstacle: str
    """Why they cannot be offered a caller now; empty when they can."""
    queues: tuple[MemberView, ...]
    call_id: CallId | None
    """The caller with whom they talk, or who rings at their phone."""
    talking: bool
    missed_in_a_row: int
    wrap_up_until_at: float | None
    last_talk: LastTalk | None
    """What a disposition given now would be about, unless they talk."""
    talk_queue: QueueName | None
    """The queue of the talk that they are in."""
    can_extend: bool
    """Whether they are in a wrap-up that may be longer."""
    owes_disposition: bool
    break_until_at: float | None
    """When the break will have lasted for as long as its reason allows; None: on none, or it has no limit."""
    overdue: bool
    """The break has lasted for longer than that."""
    breaks: Mapping[str, BreakUse]
    """What they have used in this shift, by reason; of a break under way only that it was taken."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Headcount:
    """How many agents there are, and what they do."""

    total: int
    paused: int
    talking: Mapping[QueueName, int]
    """Talks by the queue of their caller."""
    states: Mapping[AgentState, int]
    """Of those who are signed in."""


def headcount(floor: Floor) -> Headcount:
    """Count the agents."""
    agents = floor.roster.agents.values()
    return Headcount(
        total=len(agents),
        paused=sum(agent.status is AgentStatus.PAUSED for agent in agents),
        talking=Counter(talk.queue for talk in floor.talks.values()),
        states=Counter(agent.state for agent in agents if agent.status is not AgentStatus.LOGGED_OUT),
    )


def of_queue(floor: Floor, line: Line) -> QueueView:
    """Show a queue."""
    agents = floor.roster.agents
    out = AgentStatus.LOGGED_OUT
    facts = announcing.facts_at(floor, line, len(line.places))
    return QueueView(
        settings=line.settings,
        waiting=_of_callers(floor, line, facts),
        members=len(line.members),
        signed_in=sum(agents[number].status is not out for number in line.members),
        eligible=len(line.eligible),
        estimated_wait_s=estimates.fresh_s(facts),
        present=line.present,
        closed=line.closed,
        entered=line.entered,
        left=dict(line.left),
    )


def of_callers(floor: Floor, line: Line) -> tuple[CallerView, ...]:
    """Show everyone in a queue, in order."""
    return _of_callers(floor, line, announcing.facts_at(floor, line, 0))


def _of_callers(floor: Floor, line: Line, facts: Facts) -> tuple[CallerView, ...]:
    """Show them; what an estimate rests on is the same for all but for their place."""
    callers = (floor.callers[place[3]] for place in line.places)
    return tuple(
        _of_caller(floor, caller, replace(facts, ahead=ahead)) for ahead, caller in enumerate(callers)
    )


def of_members(floor: Floor, line: Line) -> tuple[MemberView, ...]:
    """Show everyone who serves a queue."""
    agents = floor.roster.agents
    shown = (agents[number] for number in line.members)
    return tuple(_of_member(agent, line.settings.name, _obstacle(floor, agent)) for agent in shown)


def _of_member(agent: Agent, queue: QueueName, obstacle: str) -> MemberView:
    """Show an agent as a member of a queue."""
    membership = agent.memberships[queue]
    memory = agent.memory.get(queue)
    return MemberView(
        queue=queue,
        agent=agent.number,
        name=agent.name,
        penalty=membership.penalty,
        position=membership.position,
        ring_s=membership.ring_s,
        wrap_up_s=membership.wrap_up_s,
        status=agent.status,
        reason=agent.reason,
        state=agent.state,
        obstacle=obstacle,
        calls_taken=0 if memory is None else memory.calls_taken,
        last_call_at=None if memory is None else memory.last_call_at,
    )


def of_agent(floor: Floor, agent: Agent) -> AgentView:
    """Show an agent."""
    call, obstacle = agent.talk or agent.offer, _obstacle(floor, agent)
    return AgentView(
        profile=AgentProfile(
            number=agent.number,
            name=agent.name,
            memberships=tuple(each for each in agent.memberships.values() if not is_direct(each.queue)),
            skills=agent.skills,
            limits=agent.limits,
        ),
        status=agent.status,
        reason=agent.reason,
        status_since_at=agent.since_at,
        free_since_at=max(agent.since_at, agent.last_talk_at),
        signed_in_at=agent.signed_in_at,
        state=agent.state,
        state_since_at=agent.state_since_at,
        extension=agent.extension,
        device_state=agent.device_state,
        obstacle=obstacle,
        queues=tuple(
            _of_member(agent, queue, obstacle) for queue in agent.memberships if not is_direct(queue)
        ),
        call_id=None if call is None else call.call_id,
        talking=agent.talk is not None,
        missed_in_a_row=agent.missed_in_a_row,
        wrap_up_until_at=agent.wrap_up_until_at,
        last_talk=agent.last_talk,
        talk_queue=None if agent.talk is None else agent.talk.queue,
        can_extend=wrap_ups.extended(floor, agent) is not None,
        owes_disposition=agent.owes,
        break_until_at=breaks.until(floor, agent),
        overdue=agent.overdue,
        breaks=agent.breaks,
    )


def _of_caller(floor: Floor, caller: Caller, facts: Facts) -> CallerView:
    offer = caller.offer
    return CallerView(
        call_id=caller.call_id,
        queue=caller.line.settings.name,
        position=facts.ahead + 1,
        number=caller.number,
        priority=caller.priority,
        joined_at=caller.joined_at,
        estimated_wait_s=announcing.estimate_s(floor, caller, facts),
        offered_to=() if offer is None else tuple(ring.agent for ring in offer.calling()),
        held_for=caller.held_for if caller.stand is Stand.HELD else None,
        callback=caller.callback_s is not None,
    )


def _obstacle(floor: Floor, agent: Agent) -> str:
    if obstacle := agent.obstacle():
        return obstacle
    if not floor.synchronised:
        return "not_synchronised"
    return "draining" if floor.draining else ""
