"""Whom a queue would choose: one order for each strategy, and one way of picking from that order.

A queue keeps its eligible members sorted by `rank`, so that a choice costs a bisection and not a walk
over the members. A rank is `(penalty, major, minor, position, agent number)`: the lower penalty always
goes first, ties are broken by position, then by the agent's number. The names are those of Asterisk's
`app_queue`.

| strategy | order within a penalty | picks |
| --- | --- | --- |
| ringall | position | all of the lowest penalty |
| rrmemory | position | the first one behind the member offered last, going round within the lowest penalty |
| fewestcalls | calls taken from this queue, then the longest without any talk | the first |
| leastrecent | longest since their last call of this queue, never called first | the first |
| mostrecent | shortest since their last call of this queue, never called last | the first |
| random | position | each of the lowest penalty with the same chance, by the engine's seeded generator |
| linear | position | the first |

Members in `shunned` (who missed this caller a moment ago) are passed over as if they were not there.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain
from math import inf
from random import Random
from typing import assert_never

from ccd.model import AgentNumber, Membership, Strategy

Rank = tuple[int, float, float, int, AgentNumber]
"""Penalty, major, minor, position, agent number; unique within a queue."""

Turn = tuple[int, AgentNumber]
"""Position and number of the member that a round robin offered last."""

LAST_NUMBER = AgentNumber("\U0010ffff")
"""Sorts behind every agent's number: a stored turn is behind everyone of its position."""
FIRST_TURN: Turn = (-1, LAST_NUMBER)


@dataclass(frozen=True, slots=True)
class Standing:
    """What an order may look at, of one member."""

    calls_taken: int = 0
    last_call_at: float | None = None
    """End of their last call of this queue."""
    last_talk_at: float = -inf
    """End of their last call of any queue."""


def rank(strategy: Strategy, number: AgentNumber, membership: Membership, standing: Standing) -> Rank:
    """Give a member's place in the order of its queue."""
    major = minor = 0.0
    match strategy:
        case Strategy.RINGALL | Strategy.RRMEMORY | Strategy.RANDOM | Strategy.LINEAR:
            pass
        case Strategy.FEWESTCALLS:
            major, minor = standing.calls_taken, standing.last_talk_at
        case Strategy.LEASTRECENT:
            major = -inf if standing.last_call_at is None else standing.last_call_at
        case Strategy.MOSTRECENT:
            major = inf if standing.last_call_at is None else -standing.last_call_at
        case _:
            assert_never(strategy)
    return (membership.penalty, major, minor, membership.position, number)


@dataclass(frozen=True, slots=True)
class Choice:
    """What a pick may look at: the eligible members in order, and whom to pass over."""

    ranked: Sequence[Rank]
    shunned: Collection[AgentNumber]
    turn: Turn
    rng: Random

    def lowest(self) -> tuple[int, int]:
        """Give the bounds of the lowest penalty that has somebody to take; empty when nobody is left.

        For the strategies whose order within a penalty is the position.
        """
        for one in self.ranked:
            if one[4] not in self.shunned:
                start = bisect_left(self.ranked, _edge(one[0]))
                return start, bisect_left(self.ranked, _edge(one[0] + 1), start)
        return 0, 0


def choose(strategy: Strategy, choice: Choice) -> tuple[Rank, ...]:
    """Pick whom to offer the caller to: nobody, one member, or (ringall) several."""
    return _PICKS[strategy](choice)


def order(strategy: Strategy, choice: Choice) -> Iterator[Rank]:
    """Give all eligible members in the order in which the strategy stands to take them (random: has none)."""
    if strategy is not Strategy.RRMEMORY:
        return iter(choice.ranked)
    start, end = choice.lowest()
    rest = (choice.ranked[index] for index in chain(range(start), range(end, len(choice.ranked))))
    return chain(_going_round(choice, start, end), rest)


def _edge(penalty: int) -> Rank:
    return (penalty, -inf, -inf, 0, AgentNumber(""))


def _first(choice: Choice) -> tuple[Rank, ...]:
    for one in choice.ranked:
        if one[4] not in choice.shunned:
            return (one,)
    return ()


def _all(choice: Choice) -> tuple[Rank, ...]:
    start, end = choice.lowest()
    return tuple(one for one in choice.ranked[start:end] if one[4] not in choice.shunned)


def _next_in_turn(choice: Choice) -> tuple[Rank, ...]:
    start, end = choice.lowest()
    for one in _going_round(choice, start, end):
        if one[4] not in choice.shunned:
            return (one,)
    return ()


def _going_round(choice: Choice, start: int, end: int) -> Iterator[Rank]:
    """Give the members between two bounds of one penalty, from behind the one who was offered last."""
    if start < end:
        behind = (choice.ranked[start][0], 0.0, 0.0, *choice.turn)
        middle = bisect_right(choice.ranked, behind, start, end)
        for index in chain(range(middle, end), range(start, middle)):
            yield choice.ranked[index]


def _any(choice: Choice) -> tuple[Rank, ...]:
    start, end = choice.lowest()
    if end - start <= 2 * len(choice.shunned):
        left = [one for one in choice.ranked[start:end] if one[4] not in choice.shunned]
        return (choice.rng.choice(left),) if left else ()
    while True:  # more than half of them can be taken: two draws on average, and each has the same chance
        one = choice.ranked[choice.rng.randrange(start, end)]
        if one[4] not in choice.shunned:
            return (one,)


_PICKS: dict[Strategy, Callable[[Choice], tuple[Rank, ...]]] = {
    Strategy.RINGALL: _all,
    Strategy.RRMEMORY: _next_in_turn,
    Strategy.FEWESTCALLS: _first,
    Strategy.LEASTRECENT: _first,
    Strategy.MOSTRECENT: _first,
    Strategy.RANDOM: _any,
    Strategy.LINEAR: _first,
}
