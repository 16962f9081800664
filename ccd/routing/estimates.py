"""How long a caller will still wait: an estimate that is honest, or none.

**Handling time × callers up to and with this one / agents at work, each by the share of their time that this
queue gets.** It rests on few assumptions, so it is said only when they hold: enough recent talks, whose mean
is known well enough, somebody at work, and no more than an hour.

A caller remembers what they were told (`Promise`). It falls with the clock and as they advance; it rises only
with a cause that the caller would accept: more callers in front of them, fewer agents at work. A caller who
has outwaited what they were told is told nothing more: the estimate has proved wrong for them.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from math import sqrt

RECENT_S = 3600.0
"""Talks that ended longer ago say nothing of now."""
KEPT = 100
"""The last talks of a queue that are looked at."""
ENOUGH = 5
LONGEST_S = 3600.0
VAGUE = 0.5
"""Relative standard error of the mean handling time from which on it is not known."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """What an estimate rests on."""

    ahead: int
    """Callers in front of this one."""
    agents: int
    """Members of the queue at work: available on a reachable phone, whatever they do just now."""
    capacity: float
    """Those agents, each counted by the share of their time that this queue gets."""
    handle_s: float | None
    """Mean time for which a call takes an agent, wrap-up included; None: not known."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Promise:
    """What a caller was told, or would be: so long from `at` on."""

    at: float
    wait_s: float
    ahead: int
    agents: int

    def left_s(self, now: float) -> float:
        """Give what is left of it; 0 or less when the caller has outwaited it."""
        return self.wait_s - (now - self.at)


def mean_handling_s(talks: Iterable[tuple[float, float]], now: float) -> float | None:
    """Give the mean of talks, each (instant of its end, seconds); None when the data is thin or scattered."""
    recent = [length_s for ended_at, length_s in talks if now - ended_at <= RECENT_S]
    count = len(recent)
    if count < ENOUGH:
        return None
    mean = sum(recent) / count
    deviation = sqrt(sum((length_s - mean) ** 2 for length_s in recent) / (count - 1))
    return mean if mean > 0 and deviation <= VAGUE * mean * sqrt(count) else None


def fresh_s(facts: Facts) -> float | None:
    """Estimate from the facts alone; None when they do not carry an estimate."""
    if facts.handle_s is None or facts.capacity <= 0:
        return None
    wait_s = facts.handle_s * (facts.ahead + 1) / facts.capacity
    return wait_s if wait_s <= LONGEST_S else None


def renewed(promise: Promise | None, facts: Facts, now: float) -> Promise | None:
    """Give what the caller may be told now; None: nothing was ever, and nothing is known."""
    wait_s = fresh_s(facts)
    if promise is None or facts.ahead > promise.ahead or facts.agents < promise.agents:
        held_s = wait_s
    else:
        left_s = promise.left_s(now)
        held_s = left_s if wait_s is None else min(wait_s, left_s)
    if held_s is None:
        return promise
    return Promise(at=now, wait_s=held_s, ahead=facts.ahead, agents=facts.agents)


def told_s(promise: Promise | None, facts: Facts, now: float) -> float | None:
    """Give what is to be said of a promise that was renewed just now; None: keep silent."""
    if promise is None or fresh_s(facts) is None or promise.left_s(now) <= 0:
        return None
    return promise.left_s(now)
