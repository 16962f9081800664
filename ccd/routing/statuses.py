"""The one way in which an agent's chosen status changes: noted, to be saved, and looked at by `settle`."""

from ccd.history import AgentStatusChanged
from ccd.model import AgentStatus, Extension, is_direct
from ccd.routing import breaks, rests, wrap_ups
from ccd.routing.floor import Floor
from ccd.routing.roster import Agent


def sign_in(floor: Floor, agent: Agent, extension: Extension) -> None:
    """Make an agent available on a phone where nobody else is."""
    breaks.shift_begins(floor, agent)
    if agent.signed_in_at is None:
        agent.signed_in_at = floor.now
    agent.missed_in_a_row = 0
    if agent.extension != extension:
        floor.roster.seat(agent, extension, floor.now)
    _change(floor, agent, AgentStatus.AVAILABLE, "")


def sign_out(floor: Floor, agent: Agent, reason: str = "") -> None:
    """Sign an agent out; a talk goes on, a wrap-up ends, and a disposition that is owed is none."""
    wrap_ups.forgive(floor, agent)
    _change(floor, agent, AgentStatus.LOGGED_OUT, reason)
    agent.wrap_up_until_at = agent.signed_in_at = None
    floor.deadlines.disarm_all(agent)
    rests.look(floor, agent)  # that goes on, whoever signs in again at once
    floor.roster.seat(agent, None, floor.now)


def pause(floor: Floor, agent: Agent, reason: str, *, automatic: bool = False) -> None:
    """Stop offering calls to an agent."""
    _change(floor, agent, AgentStatus.PAUSED, reason, automatic=automatic)


def ready(floor: Floor, agent: Agent) -> None:
    """Make a signed-in agent available again."""
    agent.missed_in_a_row = 0
    _change(floor, agent, AgentStatus.AVAILABLE, "")


def _change(
    floor: Floor,
    agent: Agent,
    status: AgentStatus,
    reason: str,
    *,
    automatic: bool = False,
) -> None:
    session_s = 0.0
    if status is AgentStatus.LOGGED_OUT and agent.signed_in_at is not None:
        session_s = floor.now - agent.signed_in_at
    floor.note(
        AgentStatusChanged(
            agent=agent.number,
            at=floor.now,
            status=status,
            reason=reason,
            extension=agent.extension,
            previous=agent.status,
            previous_reason=agent.reason,
            session_s=session_s,
            queues=tuple(queue for queue in agent.memberships if not is_direct(queue)),
            automatic=automatic,
        )
    )
    breaks.ended(floor, agent)
    if status is AgentStatus.PAUSED and not automatic:
        breaks.begun(agent, reason)
    agent.status = status
    agent.reason = reason
    agent.since_at = floor.now
    breaks.watch(floor, agent)
    agent.unsaved = True
    floor.touch(agent)
