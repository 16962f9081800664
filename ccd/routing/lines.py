"""One queue's line: who waits in it, who serves it, and who of these is free, all of it kept in order.

Callers stand by priority, then by the instant of joining, then by arrival. Nothing here walks over all
members or callers: every list is kept sorted by bisection.
"""

from bisect import bisect_left, insort
from collections import Counter
from collections.abc import Collection, Iterator
from random import Random

from ccd.model import AgentNumber, CallId, Membership, QueueOutcome, QueueSettings
from ccd.routing.roster import Agent
from ccd.routing.strategies import FIRST_TURN, Choice, Rank, Turn, choose, order, rank

Place = tuple[int, float, int, CallId]
"""Negative priority, joined_at, order of arrival, call: a caller's place in a line."""


class Line:
    """A queue at work."""

    def __init__(self, settings: QueueSettings, turn: Turn = FIRST_TURN) -> None:
        self.settings = settings
        self.turn = turn
        """Who was offered last, for `rrmemory`."""
        self.members: dict[AgentNumber, Membership] = {}
        self.present = 0
        """Members who are signed in on a reachable phone, paused ones too."""
        self.places: list[Place] = []
        """Everyone in the queue, also those for whom phones ring."""
        self.open: list[Place] = []
        """Those of them whom the strategy may assign now."""
        self.awaited: list[Place] = []
        """Those who waited in an earlier process and are about to come back: nobody is served before them."""
        self.retired = False
        """The queue is no longer configured."""
        self.callbacks = 0
        """How many of `places` are not on the line: nobody waits there who could be turned away."""
        self.entered = 0
        self.left: Counter[QueueOutcome] = Counter()
        self.ranked: list[Rank] = []
        """The eligible members in the strategy's order."""
        self._rank_of: dict[AgentNumber, Rank] = {}

    # ------------------------------------------------------------ callers

    def position(self, place: Place) -> int:
        """Give where a caller stands; 1 is next."""
        return bisect_left(self.places, place) + 1

    def ahead(self, place: Place) -> int:
        """Count the callers before this one whom the strategy could have assigned as well."""
        return bisect_left(self.open, place)

    # ------------------------------------------------------------ members

    def enrol(self, agent: Agent, membership: Membership) -> None:
        """Make an agent a member, or change their penalty and position."""
        self.dismiss(agent)
        self.members[agent.number] = membership
        self.present += agent.present
        if agent.eligible:
            self.admit(agent)

    def dismiss(self, agent: Agent) -> None:
        """End an agent's membership."""
        if self.members.pop(agent.number, None) is not None:
            self.present -= agent.present
            self.bench(agent)

    def admit(self, agent: Agent) -> None:
        """Take a member who has become free into the order."""
        number = agent.number
        one = rank(self.settings.strategy, number, self.members[number], agent.standing(self.settings.name))
        self._rank_of[number] = one
        insort(self.ranked, one)

    def bench(self, agent: Agent) -> None:
        """Take a member who is no longer free out of the order."""
        one = self._rank_of.pop(agent.number, None)
        if one is not None:
            del self.ranked[bisect_left(self.ranked, one)]

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
        return choose(self.settings.strategy, Choice(self.ranked, shunned, self.turn, rng))

    def upcoming(self, shunned: Collection[AgentNumber], rng: Random) -> Iterator[Rank]:
        """Give the eligible members as the strategy stands to take them; draws nothing from `rng`."""
        return order(self.settings.strategy, Choice(self.ranked, shunned, self.turn, rng))


def insert(places: list[Place], place: Place) -> None:
    """Put a caller into an ordered list."""
    insort(places, place)


def remove(places: list[Place], place: Place) -> None:
    """Take a caller out of an ordered list that has them."""
    del places[bisect_left(places, place)]
