"""What agents do: sign in and out, take a break, come back, end their wrap-up.

A pause or a sign-out during a talk or while the phone rings is for the next call; only a sign-out, or a
move to another phone, takes a ringing call back, and of a ring-all not even that, since Asterisk would
stop every phone. Events about agents whom nobody configured are ignored.
"""

from ccd.events import (
    AgentPaused,
    AgentReadied,
    AgentSignedIn,
    AgentSignedOut,
    DispositionGiven,
    WrapUpDone,
    WrapUpExtended,
)
from ccd.model import AgentStatus, device_of
from ccd.routing import breaks, conclusions, statuses, wrap_ups
from ccd.routing.floor import Floor
from ccd.routing.roster import Agent


def signed_in(floor: Floor, event: AgentSignedIn) -> None:
    """Sign an agent in, or move them to another phone; whoever was signed in there is signed out first."""
    agent, extension = floor.roster.agents.get(event.agent), event.extension
    if agent is None or agent.leaving:
        return
    if agent.extension == extension and agent.status is AgentStatus.AVAILABLE:
        return
    other = floor.roster.on_device.get(device_of(extension))
    if other is not None and other is not agent:
        conclusions.stop_ringing(floor, other)
        statuses.sign_out(floor, other, "replaced")
    if agent.extension != extension:
        conclusions.stop_ringing(floor, agent)
    statuses.sign_in(floor, agent, extension)


def signed_out(floor: Floor, event: AgentSignedOut) -> None:
    """Sign an agent out."""
    agent = floor.roster.agents.get(event.agent)
    if agent is not None and agent.status is not AgentStatus.LOGGED_OUT:
        conclusions.stop_ringing(floor, agent)
        statuses.sign_out(floor, agent)


def paused(floor: Floor, event: AgentPaused) -> None:
    """Give a signed-in agent a break, or another reason for it."""
    agent = floor.roster.agents.get(event.agent)
    if agent is None or agent.status is AgentStatus.LOGGED_OUT:
        return
    if agent.status is AgentStatus.AVAILABLE or agent.reason != event.reason:
        statuses.pause(floor, agent, event.reason)


def readied(floor: Floor, event: AgentReadied) -> None:
    """Make a signed-in agent available, and end their wrap-up."""
    agent = floor.roster.agents.get(event.agent)
    if agent is None or agent.status is AgentStatus.LOGGED_OUT:
        return
    _end_wrap_up(floor, agent)
    if agent.status is AgentStatus.PAUSED:
        statuses.ready(floor, agent)
    elif agent.missed_in_a_row:
        agent.missed_in_a_row = 0
        agent.unsaved = True
        floor.touch(agent)


def wrap_up_done(floor: Floor, event: WrapUpDone) -> None:
    """End an agent's wrap-up early, unless a disposition is owed."""
    agent = floor.roster.agents.get(event.agent)
    if agent is not None:
        _end_wrap_up(floor, agent)


def wrap_up_extended(floor: Floor, event: WrapUpExtended) -> None:
    """Give an agent a longer wrap-up."""
    agent = floor.roster.agents.get(event.agent)
    if agent is not None:
        wrap_ups.extend(floor, agent)


def disposition_given(floor: Floor, event: DispositionGiven) -> None:
    """Take an agent's word on what came of a talk."""
    agent = floor.roster.agents.get(event.agent)
    if agent is not None and event.code:
        wrap_ups.dispose(floor, agent, event.code)


def wrap_up_over(floor: Floor, agent: Agent) -> None:
    """End a wrap-up by its time; whoever gave no disposition is paused where the queue wants it."""
    if wrap_ups.over(floor, agent):
        statuses.pause(floor, agent, "no_disposition", automatic=True)


def break_over(floor: Floor, agent: Agent) -> None:
    """Flag an agent whose break is over, and later, where the reason wants it, sign them out."""
    if breaks.over(floor, agent):
        conclusions.stop_ringing(floor, agent)
        statuses.sign_out(floor, agent, "break_overdue")


def _end_wrap_up(floor: Floor, agent: Agent) -> None:
    if not agent.owes:
        wrap_ups.end(floor, agent)
