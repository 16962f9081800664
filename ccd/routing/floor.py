"""The call-centre floor: all that the engine knows, and the list of what it wants done.

The use cases (`arrivals`, `attempts`, `talks`, `people`, …) are functions on a `Floor`. They change
facts and `touch` the agents, `place` the callers and mark the lines that these facts concern;
`settling.settle` then derives what follows from it: states, eligibility, offers.
"""

from collections import deque
from collections.abc import Mapping
from math import inf
from random import Random

from ccd.commands import Command, Note
from ccd.events import Event, Ticked
from ccd.history import Entry
from ccd.model import AgentNumber, BreakLimit, CallId, ChannelId, DeviceState, OfferId, QueueName
from ccd.routing.callers import Caller
from ccd.routing.deadlines import Deadlines
from ccd.routing.lanes import Place, insert, remove
from ccd.routing.lines import Line
from ccd.routing.offers import Offer, Ring, Talk
from ccd.routing.roster import Agent, Roster

_DEPARTED_KEPT = 4096


class Departed:
    """The channels that were hung up last, so that what is told late of them revives nothing."""

    def __init__(self) -> None:
        self._order: deque[ChannelId] = deque()
        self._known: set[ChannelId] = set()

    def add(self, channel: ChannelId) -> None:
        """Remember a channel; the oldest of too many is forgotten."""
        if channel not in self._known:
            self._known.add(channel)
            self._order.append(channel)
            if len(self._order) > _DEPARTED_KEPT:
                self._known.discard(self._order.popleft())

    def __contains__(self, channel: ChannelId) -> bool:
        return channel in self._known


class Floor:
    """The engine's state. `now` is the instant of the event being handled."""

    def __init__(self, seed: int) -> None:
        self.now = 0.0
        self.event: Event = Ticked()
        """The event being handled."""
        self.trigger = ""
        """What led to the offers being made, in words, for the routing trace."""
        self.rng = Random(seed)  # noqa: S311 - fairness, not secrecy; seeded, so that a journal can be replayed
        self.tag = f"{self.rng.getrandbits(32):08x}"
        """Tells this process's offers from those of an earlier one that the dialplan may still know."""
        self.counter = 0
        self.synchronised = False
        self.link_up = False
        self.link_lost_at = -inf
        self.draining = False
        self.ageing = False
        """Callers of some queue gain priority as they wait."""
        self.attending = False
        """To some queue it matters what the agents who are there do."""
        self.deadlines = Deadlines()
        self.departed = Departed()
        self.roster = Roster()
        self.lines: dict[QueueName, Line] = {}
        self.callers: dict[CallId, Caller] = {}
        self.talks: dict[CallId, Talk] = {}
        self.offers: dict[OfferId, Offer] = {}
        self.channels: dict[ChannelId, CallId] = {}
        """Callers' channels."""
        self.legs: dict[ChannelId, Ring] = {}
        """Agents' channels."""
        self.sources: Mapping[QueueName, tuple[QueueName, ...]] = {}
        """From which queues callers go over to a queue after a while."""
        self.break_limits: Mapping[str, BreakLimit] = {}
        self.shift_gap_s = 0.0
        """Who is signed out for no longer is still in their shift."""
        self.held: dict[AgentNumber, list[Place]] = {}
        """Callers who wait for the agent who knows them."""
        self.commands: list[Command] = []
        # What `settle` has still to look at, in the order of marking.
        self.touched: dict[AgentNumber, Agent] = {}
        self.unplaced: dict[CallId, Caller] = {}
        self.altered: dict[QueueName, Line] = {}
        self.unserved: dict[QueueName, Line] = {}
        self.fresh: dict[AgentNumber, Agent] = {}

    def number(self) -> int:
        """Count on: arrivals and offers are numbered in the order in which they happened."""
        self.counter += 1
        return self.counter

    def note(self, entry: Entry) -> None:
        """Write history."""
        self.commands.append(Note(entry=entry))

    def touch(self, agent: Agent) -> None:
        """Have an agent of whom something changed looked at."""
        self.touched[agent.number] = agent

    def alter(self, line: Line) -> None:
        """Have a line looked at whose doors, rules or attendance changed, or where there is room again."""
        self.altered[line.settings.name] = line

    def place(self, caller: Caller) -> None:
        """Have this caller sorted in (again) among those who wait."""
        self.unplaced[caller.call_id] = caller

    def presume_free(self, agent: Agent) -> None:
        """Believe that a phone is free when our own call on it is over and no link can tell.

        Else nobody could be offered a second call until the link is back; `Synchronised` then corrects it.
        """
        device = agent.device
        if not self.link_up and device is not None and agent.reachable:
            self.roster.devices[device] = agent.device_state = DeviceState.NOT_INUSE

    def admit(self, agent: Agent) -> None:
        """Let a free agent's queues choose them."""
        agent.eligible = True
        self.fresh[agent.number] = agent
        lines = self.lines
        for queue in agent.memberships:
            line = lines.get(queue)
            if line is not None and line.admit(agent):
                self.unserved[queue] = line

    def bench(self, agent: Agent) -> None:
        """Let nobody choose an agent any more."""
        agent.eligible = False
        for queue in agent.memberships:
            line = self.lines.get(queue)
            if line is not None:
                line.bench(agent)

    def hold(self, caller: Caller, agent: Agent) -> None:
        """Let a caller wait for one agent."""
        insert(self.held.setdefault(agent.number, []), caller.place)
        caller.held_for = agent.number

    def unhold(self, caller: Caller) -> None:
        """Let a caller no longer wait for one agent."""
        if caller.held_for is not None:
            waiting = self.held[caller.held_for]
            remove(waiting, caller.place)
            if not waiting:
                del self.held[caller.held_for]
            caller.held_for = None
