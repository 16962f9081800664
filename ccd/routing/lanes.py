"""One lane of a queue's line: the callers of one demand who may be served now, and the free members for them.

A line has one lane for each demand that somebody has. An agent who becomes free is sorted into the lanes
whose demand they fulfil; the first caller of each is looked at, and nobody else. Within a lane all callers
age at one pace, so their order never changes while they wait.
"""

from bisect import bisect_left, insort
from collections.abc import Collection, Iterator, Mapping
from random import Random
from typing import TYPE_CHECKING

from ccd.model import AgentNumber, CallId
from ccd.routing.demands import ANYONE, TIER, Demand
from ccd.routing.strategies import Choice, Rank, choose, order

if TYPE_CHECKING:
    from ccd.routing.lines import Line

Place = tuple[float, float, int, CallId]
"""Pace times joined_at minus priority, joined_at, order of arrival, call: a caller's place in a line.

The first is the negative of priority and ageing together but for what is the same for all of one pace.
"""


class Lane:
    """Callers of one demand and one pace of ageing, in one line."""

    __slots__ = ("_rank_of", "demand", "line", "open", "pace", "ranked")

    def __init__(self, line: "Line", demand: Demand, pace: float) -> None:
        self.line = line
        self.demand = demand
        self.pace = pace
        """Points of priority that these callers gain in a second."""
        self.open: list[Place] = []
        """Callers whom the strategy may assign now."""
        self.ranked: list[Rank] = []
        """The eligible members who may take them, in the strategy's order."""
        self._rank_of: dict[AgentNumber, Rank] = {}

    def take(self, one: Rank, skills: Mapping[str, int]) -> bool:
        """Sort a free member in, if they fulfil the demand; tell whether somebody waits for that."""
        if self.demand is not ANYONE:
            tier = self.demand.tier(skills, one[0])
            if tier is None:
                return False
            if tier:
                one = (tier * TIER + one[0], *one[1:])
        self._rank_of[one[4]] = one
        insort(self.ranked, one)
        return bool(self.open)

    def bench(self, number: AgentNumber) -> None:
        """Take a member out who is no longer free."""
        one = self._rank_of.pop(number, None)
        if one is not None:
            del self.ranked[bisect_left(self.ranked, one)]

    def clear(self) -> None:
        """Take all members out."""
        self.ranked.clear()
        self._rank_of.clear()

    def rank_of(self, number: AgentNumber) -> Rank:
        """Give an eligible member's rank."""
        return self._rank_of[number]

    def free(self) -> Iterator[AgentNumber]:
        """Give the eligible members in the strategy's order."""
        return (one[4] for one in self.ranked)

    def serves(self, shunned: Collection[AgentNumber]) -> bool:
        """Tell whether an eligible member is left for a caller who is not to be offered to `shunned`."""
        if len(self.ranked) > len(shunned):
            return True
        return any(one[4] not in shunned for one in self.ranked)

    def choose(self, shunned: Collection[AgentNumber], rng: Random) -> tuple[Rank, ...]:
        """Let the strategy choose."""
        line = self.line
        return choose(line.settings.strategy, Choice(self.ranked, shunned, line.turn, rng))

    def upcoming(self, shunned: Collection[AgentNumber], rng: Random) -> Iterator[Rank]:
        """Give the eligible members as the strategy stands to take them; draws nothing from `rng`."""
        line = self.line
        return order(line.settings.strategy, Choice(self.ranked, shunned, line.turn, rng))


def insert(places: list[Place], place: Place) -> None:
    """Put a caller into an ordered list."""
    insort(places, place)


def remove(places: list[Place], place: Place) -> None:
    """Take a caller out of an ordered list that has them."""
    del places[bisect_left(places, place)]
