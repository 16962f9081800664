"""One queue's line: who waits in it, who serves it, and who of these is free, all of it kept in order.

Callers stand by priority and ageing, then by the instant of joining, then by arrival. Nothing here walks over
all members or callers: every list is kept sorted by bisection, and who cannot serve whom is in another lane.
"""

from bisect import bisect_left
from collections import Counter, deque
from collections.abc import Iterator, Mapping, Sequence
from math import inf

from ccd.model import Absence, AgentNumber, CallId, Membership, QueueOutcome, QueueSettings
from ccd.routing.demands import ANYONE, Demand
from ccd.routing.estimates import KEPT
from ccd.routing.lanes import Lane, Place, insert, remove
from ccd.routing.roster import Agent, absence_mask
from ccd.routing.strategies import FIRST_TURN, Turn, rank

IDLE_LANES = 2
"""Lanes that are kept although nobody stands in them: the next caller of that demand finds them made."""


class Line:
    """A queue at work."""

    def __init__(self, settings: QueueSettings, turn: Turn = FIRST_TURN) -> None:
        self.settings = settings
        self.turn = turn
        """Who was offered last, for `rrmemory`."""
        self.members: dict[AgentNumber, Membership] = {}
        self.eligible: dict[AgentNumber, Agent] = {}
        """Members who can be offered a caller."""
        self.present = 0
        """Members who are signed in on a reachable phone, paused ones too."""
        self.places: list[Place] = []
        """Everyone in the queue, also those for whom phones ring."""
        self._base = Lane(self, ANYONE, settings.pace)
        self.lanes = {(ANYONE, settings.pace): self._base}
        """Callers who may be assigned now, those of other queues who overflow to this one among them."""
        self._idle: dict[tuple[Demand, float], Lane] = {}
        self.awaited: list[Place] = []
        """Those who waited in an earlier process and are about to come back: nobody is served before them."""
        self.closed = False
        """It takes nobody in."""
        self.dismissing = False
        """Those who wait leave, too."""
        self.attendance: Counter[int] = Counter()
        """Present members by what could make them count as absent (`Agent.absence`), where that is asked."""
        self.retired = False
        """The queue is no longer configured."""
        self.callbacks = 0
        """How many of `places` are not on the line: nobody waits there who could be turned away."""
        self.entered = 0
        self.left: Counter[QueueOutcome] = Counter()
        self.handled: deque[tuple[float, float]] = deque(maxlen=KEPT)
        """The last talks: when each was over, and for how long it took its agent, wrap-up included."""
        self.at_work = (0, 0.0)
        """Members at work, and their share for this queue, as counted at `at_work_at`."""
        self.at_work_at = -inf

    # ------------------------------------------------------------ callers

    @property
    def room(self) -> int | None:
        """How many more callers may join; None: any number. Who is called back takes no room."""
        longest = self.settings.max_length
        return None if longest is None else max(0, longest - len(self.places) + self.callbacks)

    def place(self, priority: int, joined_at: float, arrival: int, call_id: CallId) -> Place:
        """Give the place of one of this queue's callers."""
        return (self.settings.pace * joined_at - priority, joined_at, arrival, call_id)

    def position(self, place: Place) -> int:
        """Give where a caller stands; 1 is next."""
        return bisect_left(self.places, place) + 1

    def ahead(self, place: Place, pace: float) -> int:
        """Count the callers before this one whom the strategy could have assigned as well."""
        return sum(bisect_left(lane.open, place) for lane in self.lanes.values() if lane.pace == pace)

    def stand(self, place: Place, demand: Demand, pace: float) -> Lane:
        """Let a caller stand among those who may be assigned now."""
        key = (demand, pace)
        lane = self.lanes.get(key)
        if lane is None:
            lane = self.lanes[key] = Lane(self, demand, pace)
            for agent in self.eligible.values():
                lane.take(self._rank(agent), agent.skills)
        else:
            self._idle.pop(key, None)
        insert(lane.open, place)
        return lane

    def step_out(self, lane: Lane, place: Place) -> None:
        """Let a caller no longer stand there; a lane that stays empty goes when there are too many."""
        remove(lane.open, place)
        key = (lane.demand, lane.pace)
        if not lane.open and lane is not self._base and self.lanes.get(key) is lane:
            self._idle[key] = lane
            if len(self._idle) > IDLE_LANES:
                oldest = next(iter(self._idle))
                del self._idle[oldest], self.lanes[oldest]

    # ------------------------------------------------------------ members

    def ring_s(self, agents: Sequence[AgentNumber]) -> float:
        """Tell how long these agents' phones ring: one alone for as long as the agent's terms say."""
        terms = self.members.get(agents[0]) if len(agents) == 1 else None
        return self.settings.ring_s if terms is None or terms.ring_s is None else terms.ring_s

    def enrol(self, agent: Agent, membership: Membership) -> None:
        """Make an agent a member, or change their penalty and position."""
        self.dismiss(agent)
        self.members[agent.number] = membership
        self.at_work_at = -inf
        self.present += agent.present
        if agent.present and self.attending:
            self.attendance[agent.absence] += 1
        if agent.eligible:
            self.admit(agent)

    def dismiss(self, agent: Agent) -> None:
        """End an agent's membership."""
        if self.members.pop(agent.number, None) is not None:
            self.present -= agent.present
            self.at_work_at = -inf
            if agent.present and self.attending:
                self.attendance[agent.absence] -= 1
            self.bench(agent)

    def admit(self, agent: Agent) -> bool:
        """Take a member who has become free into the order; tell whether somebody waits for them."""
        one = self._rank(agent)
        self.eligible[agent.number] = agent
        wanted = False
        for lane in self.lanes.values():
            if lane.take(one, agent.skills):
                wanted = True
        return wanted

    def bench(self, agent: Agent) -> None:
        """Take a member who is no longer free out of the order."""
        if self.eligible.pop(agent.number, None) is not None:
            for lane in self.lanes.values():
                lane.bench(agent.number)

    def attended(self, absent: frozenset[Absence]) -> bool:
        """Tell whether a member is there who is in none of these states."""
        if not absent:
            return self.present > 0
        mask = absence_mask(absent)
        return any(count and not found & mask for found, count in self.attendance.items())

    def count_attendance(self, agents: Mapping[AgentNumber, Agent]) -> None:
        """Count the members who are there, where that matters."""
        self.attendance.clear()
        if self.attending:
            self.attendance.update(
                agent.absence for number in self.members if (agent := agents[number]).present
            )

    @property
    def attending(self) -> bool:
        """Whether it matters what those who are there do."""
        return bool(self.settings.join_absent or self.settings.leave_absent)

    def sort_members(self) -> None:
        """Put the free members in order anew, after a change of the settings."""
        pace = self.settings.pace
        if pace != self._base.pace:
            if not self._base.open:
                del self.lanes[ANYONE, self._base.pace]
            self._base = self.lanes.setdefault((ANYONE, pace), Lane(self, ANYONE, pace))
            self._idle.pop((ANYONE, pace), None)
        for lane in self.lanes.values():
            lane.clear()
        for agent in list(self.eligible.values()):
            self.admit(agent)

    def free(self) -> Iterator[AgentNumber]:
        """Give the eligible members, in no order."""
        return iter(self.eligible)

    def _rank(self, agent: Agent) -> tuple[int, float, float, int, AgentNumber]:
        number, settings = agent.number, self.settings
        return rank(settings.strategy, number, self.members[number], agent.standing(settings.name))
