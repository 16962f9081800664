"""Limits of one agent: how many calls in an hour and in a day, and the rest between two of them.

The windows slide: what counts are the talks that ended within the last 3600 s, or 24 hours. Whoever has
reached a limit is free again in the moment in which the oldest of these talks leaves the window.
"""

from collections.abc import Iterator

from ccd.routing.deadlines import Kind
from ccd.routing.floor import Floor
from ccd.routing.roster import Agent

HOUR_S = 3600.0
DAY_S = 24 * HOUR_S


def talk_over(floor: Floor, agent: Agent) -> None:
    """Count a talk that has just ended."""
    if agent.limits.calls_per_hour or agent.limits.calls_per_day:
        agent.talk_ends.append(floor.now)
    look(floor, agent)


def look(floor: Floor, agent: Agent) -> None:
    """Work out until when an agent is offered nobody; also when limits have changed, or the rest is over."""
    while agent.talk_ends and agent.talk_ends[0] + DAY_S <= floor.now:
        agent.talk_ends.popleft()
    until, why = max(_limits(agent), default=(0.0, ""))
    if until > floor.now:
        agent.rests_until_at, agent.rests_for = until, why
        floor.deadlines.arm(agent, Kind.REST, until)
        floor.touch(agent)
    elif agent.rests_until_at is not None:
        agent.rests_until_at, agent.rests_for = None, ""
        floor.deadlines.disarm(agent, Kind.REST)
        floor.touch(agent)


def _limits(agent: Agent) -> Iterator[tuple[float, str]]:
    """Give until when each limit holds, and its name among the verdicts of a decision."""
    limits, ends = agent.limits, agent.talk_ends
    if limits.rest_s:
        yield agent.last_talk_at + limits.rest_s, "resting"
    for most, window_s in ((limits.calls_per_hour, HOUR_S), (limits.calls_per_day, DAY_S)):
        if most and len(ends) >= most:
            yield ends[-most] + window_s, "call_limit"
