"""小休: how long a break may last, how many there may be in a shift, and how much time of them.

A shift begins with a sign-in; who was signed out for no longer than `shift_gap_s` goes on with the last one.
Breaks that ccd began itself (`autopause`) and those without a reason are not counted.
"""

from ccd.history import BreakOverdue
from ccd.model import AgentStatus, BreakUse
from ccd.routing.deadlines import Kind
from ccd.routing.floor import Floor
from ccd.routing.roster import Agent

NONE_YET = BreakUse()


def begun(agent: Agent, reason: str) -> None:
    """Count a break that begins."""
    if reason:
        before = agent.breaks.get(reason, NONE_YET)
        agent.breaks = {**agent.breaks, reason: BreakUse(taken=before.taken + 1, spent_s=before.spent_s)}


def ended(floor: Floor, agent: Agent) -> None:
    """Add up the time of the break that ends, if the agent is on one that counts."""
    used = agent.breaks.get(agent.reason)
    if agent.status is AgentStatus.PAUSED and used is not None:
        spent_s = used.spent_s + floor.now - agent.since_at
        agent.breaks = {**agent.breaks, agent.reason: BreakUse(taken=used.taken, spent_s=spent_s)}


def shift_begins(floor: Floor, agent: Agent) -> None:
    """Forget the breaks of the last shift, if the agent who signs in begins another one."""
    if agent.status is AgentStatus.LOGGED_OUT and floor.now - agent.since_at > floor.shift_gap_s:
        agent.breaks = {}


def until(floor: Floor, agent: Agent) -> float | None:
    """Give when an agent's break will have lasted for as long as it may; None: no break, or no limit."""
    limit = floor.break_limits.get(agent.reason)
    if agent.status is not AgentStatus.PAUSED or limit is None:
        return None
    spent_s = agent.breaks.get(agent.reason, NONE_YET).spent_s
    rest_s = None if limit.shift_s is None else max(0.0, limit.shift_s - spent_s)
    longest = [each for each in (limit.max_s, rest_s) if each is not None]
    return agent.since_at + min(longest) if longest else None


def used_up(floor: Floor, agent: Agent, reason: str) -> bool:
    """Whether a shift's breaks of this reason are all taken, or their time is over."""
    limit, used = floor.break_limits.get(reason), agent.breaks.get(reason, NONE_YET)
    if limit is None or (agent.status is AgentStatus.PAUSED and agent.reason == reason):
        return False
    all_taken = limit.per_shift is not None and used.taken >= limit.per_shift
    return all_taken or (limit.shift_s is not None and used.spent_s >= limit.shift_s)


def watch(floor: Floor, agent: Agent) -> None:
    """Set the deadline of a break that has a limit; what went before it is forgotten."""
    agent.overdue = False
    at = until(floor, agent)
    if at is None:
        floor.deadlines.disarm(agent, Kind.BREAK)
    else:
        floor.deadlines.arm(agent, Kind.BREAK, at)


def over(floor: Floor, agent: Agent) -> bool:
    """Flag a break that has lasted for as long as it may; give whether the agent is to be signed out now."""
    if agent.overdue:
        return True
    limit, ends_at = floor.break_limits.get(agent.reason), until(floor, agent)
    if limit is None or ends_at is None:
        return False
    agent.overdue = True
    if limit.sign_out_after_s is not None:
        floor.deadlines.arm(agent, Kind.BREAK, ends_at + limit.sign_out_after_s)
    floor.note(BreakOverdue(agent=agent.number, at=floor.now, reason=agent.reason, since_at=agent.since_at))
    return False
