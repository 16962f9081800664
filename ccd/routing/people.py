"""What agents do: sign in and out, take a break, come back, end their wrap-up.

A pause or a sign-out during a talk or while the phone rings is for the next call; only a sign-out, or a
move to another phone, takes a ringing call back, and of a ring-all not even that, since Asterisk would
stop every phone. Events about agents whom nobody configured are ignored.
"""

from ccd.model import AgentNumber, AgentStatus, Extension, device_of
from ccd.routing import conclusions, statuses
from ccd.routing.floor import Floor


def signed_in(floor: Floor, number: AgentNumber, extension: Extension) -> None:
    """Sign an agent in, or move them to another phone; whoever was signed in there is signed out first."""
    agent = floor.roster.agents.get(number)
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


def signed_out(floor: Floor, number: AgentNumber) -> None:
    """Sign an agent out."""
    agent = floor.roster.agents.get(number)
    if agent is not None and agent.status is not AgentStatus.LOGGED_OUT:
        conclusions.stop_ringing(floor, agent)
        statuses.sign_out(floor, agent)


def paused(floor: Floor, number: AgentNumber, reason: str) -> None:
    """Give a signed-in agent a break, or another reason for it."""
    agent = floor.roster.agents.get(number)
    if agent is None or agent.status is AgentStatus.LOGGED_OUT:
        return
    if agent.status is AgentStatus.AVAILABLE or agent.reason != reason:
        statuses.pause(floor, agent, reason)


def readied(floor: Floor, number: AgentNumber) -> None:
    """Make a signed-in agent available, and end their wrap-up."""
    agent = floor.roster.agents.get(number)
    if agent is None or agent.status is AgentStatus.LOGGED_OUT:
        return
    wrap_up_done(floor, number)
    if agent.status is AgentStatus.PAUSED:
        statuses.ready(floor, agent)
    elif agent.missed_in_a_row:
        agent.missed_in_a_row = 0
        agent.unsaved = True
        floor.touch(agent)


def wrap_up_done(floor: Floor, number: AgentNumber) -> None:
    """End an agent's wrap-up early."""
    agent = floor.roster.agents.get(number)
    if agent is not None and agent.wrap_up_until_at is not None:
        statuses.end_wrap_up(floor, agent)
