"""The engine alone: what an event costs with 10,000 agents, 2,000 callers waiting and 200 overlapping queues.

    python -m benchmarks.engine [--agents N] [--queues N] [--waiting N] [--events N] [--profile]

A small world on a virtual clock plays Asterisk: callers come so that about `--waiting` of them always wait,
phones ring, are answered (mostly), talk, hang up, and every event comes as AMI and AGI would bring it. Two
floors are measured: a full one, where every free agent is taken at once, and a quiet one, where most agents
are free and every caller is offered at once. Times are CPU time of `Engine.handle` alone.
"""

import argparse
import cProfile
import gc
import random
import time
from collections import Counter, defaultdict
from heapq import heappop, heappush
from typing import Any

from ccd.commands import EndWait, OfferCall
from ccd.events import (
    AgentsConfigured,
    AgentSignedIn,
    CallerJoined,
    ChannelGone,
    DeviceStateChanged,
    DialReturned,
    Event,
    LegEnded,
    LegRang,
    QueuesConfigured,
    Synchronised,
    Ticked,
)
from ccd.model import (
    AgentNumber,
    AgentProfile,
    CallId,
    ChannelId,
    DeviceState,
    DialStatus,
    Extension,
    Membership,
    QueueName,
    QueueSettings,
    Strategy,
    device_of,
)
from ccd.routing import Engine

STRATEGIES = [strategy for strategy in Strategy if strategy is not Strategy.RINGALL]
TALK_S = 180.0
MISSED = 0.05


class World:
    """Callers, phones and an engine, on a virtual clock."""

    def __init__(self, agents: int, queues: int, waiting: int, seed: int) -> None:
        self.rng = random.Random(seed)  # noqa: S311 - a simulation
        self.engine = Engine(seed)
        self.now = 0.0
        self.agents = [AgentNumber(f"{number:05}") for number in range(agents)]
        self.queues = [QueueName(f"q{number:03}") for number in range(queues)]
        self.wanted = waiting
        self.waiting = 0
        self.calls = 0
        self.order = 0
        self.due: list[tuple[float, int, Event]] = []
        self.times: defaultdict[str, list[int]] = defaultdict(list)
        self.joined: dict[CallId, CallerJoined] = {}
        self.commands: Counter[str] = Counter()

    def settings(self, number: int) -> QueueSettings:
        """Give the settings of one queue."""
        return QueueSettings(
            name=self.queues[number],
            strategy=STRATEGIES[number % len(STRATEGIES)],
            weight=number % 3,
            wrap_up_s=float(number % 2) * 5.0,
            max_wait_s=3600.0,
            announce_every_s=60.0,
        )

    def profile(self, position: int) -> AgentProfile:
        """Give one agent."""
        rng = self.rng
        served = rng.sample(self.queues, min(len(self.queues), rng.randint(2, 8)))
        memberships = tuple(
            Membership(queue=queue, penalty=rng.choice((0, 0, 0, 1, 2)), position=position)
            for queue in served
        )
        return AgentProfile(number=self.agents[position], name="", memberships=memberships)

    def wishes(self) -> dict[str, Any]:
        """Give what is special about the next caller."""
        return {"priority": self.rng.choice((0, 0, 0, 0, 1))}

    def open(self) -> None:
        """Configure everything and sign everybody in."""
        handle = self.engine.handle
        handle(QueuesConfigured(queues=tuple(map(self.settings, range(len(self.queues))))), 0.0)
        handle(AgentsConfigured(agents=tuple(map(self.profile, range(len(self.agents))))), 0.0)
        devices = {}
        for number in self.agents:
            extension = Extension(number)
            handle(AgentSignedIn(agent=number, extension=extension), 0.0)
            devices[device_of(extension)] = DeviceState.NOT_INUSE
        handle(Synchronised(devices=devices, channels=()), 0.0)

    def at(self, delay_s: float, event: Event) -> None:
        """Let something happen later."""
        self.order += 1
        heappush(self.due, (self.now + delay_s, self.order, event))

    def feed(self, event: Event) -> None:
        """Give the engine an event, and let the world answer what it wants done."""
        started = time.thread_time_ns()
        commands = self.engine.handle(event, self.now)
        self.times[type(event).__name__].append(time.thread_time_ns() - started)
        for command in commands:
            if isinstance(command, OfferCall):
                self.dial(command)
            elif isinstance(command, EndWait):
                self.waiting -= 1

    def dial(self, offer: OfferCall) -> None:
        """Play what Asterisk does about an offer."""
        self.waiting -= 1
        caller = self.joined[offer.call_id].channel
        device = offer.devices[0]
        leg = ChannelId(f"leg-{offer.offer_id}")
        rang_s = self.rng.uniform(1.0, 10.0)
        self.at(0.01, LegRang(caller=caller, leg=leg, device=device))
        self.at(0.02, DeviceStateChanged(device=device, state=DeviceState.RINGING))
        if self.rng.random() < MISSED:
            self.at(offer.ring_s, LegEnded(caller=caller, leg=leg, device=device, status=DialStatus.NOANSWER))
            end_s, status = offer.ring_s, DialStatus.NOANSWER
        else:
            self.at(rang_s, LegEnded(caller=caller, leg=leg, device=device, status=DialStatus.ANSWER))
            self.at(rang_s + 0.01, DeviceStateChanged(device=device, state=DeviceState.INUSE))
            end_s, status = rang_s + self.rng.expovariate(1 / TALK_S) + 0.1, DialStatus.ANSWER
        self.at(end_s, ChannelGone(channel=leg))
        self.at(end_s + 0.01, DeviceStateChanged(device=device, state=DeviceState.NOT_INUSE))
        self.at(end_s + 0.01, DialReturned(call_id=offer.call_id, offer_id=offer.offer_id, status=status))
        if status is DialStatus.ANSWER:
            self.at(end_s + 0.1, ChannelGone(channel=caller))
        else:
            self.at(end_s + 0.02, self.joined[offer.call_id])

    def arrive(self) -> None:
        """Let a new caller come to a random queue."""
        self.calls += 1
        call = CallId(f"call-{self.calls}")
        event = self.joined[call] = CallerJoined(
            call_id=call,
            queue=self.rng.choice(self.queues),
            channel=ChannelId(f"{call}-c"),
            number="10086",
            joined_at=self.now,
            **self.wishes(),
        )
        self.waiting += 1
        self.feed(event)

    def run(self, events: int) -> None:
        """Let the world go on for so many events; callers keep coming as needed."""
        fed = 0
        while fed < events:
            while self.waiting < self.wanted or not self.due:
                self.arrive()
                fed += 1
            deadline = self.engine.next_deadline()
            if deadline is not None and deadline <= self.due[0][0]:
                self.now = max(self.now, deadline)
                self.feed(Ticked())
            else:
                self.now, _, event = heappop(self.due)
                if isinstance(event, CallerJoined):
                    self.waiting += 1
                self.feed(event)
            fed += 1


def report(title: str, world: World) -> None:
    """Print the figures of one floor."""
    print(f"\n{title}: {world.calls} calls")
    print(f"{'event':20} {'count':>9} {'median µs':>10} {'p99 µs':>10} {'max µs':>10}")
    everything = sorted(value for values in world.times.values() for value in values)
    rows = [*sorted(world.times.items()), ("all", everything)]
    for name, values in rows:
        values.sort()
        median, p99 = values[len(values) // 2], values[len(values) * 99 // 100]
        print(f"{name:20} {len(values):9} {median / 1e3:10.1f} {p99 / 1e3:10.1f} {values[-1] / 1e3:10.1f}")


def main() -> None:
    """Measure both floors."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--agents", type=int, default=10_000)
    parser.add_argument("--queues", type=int, default=200)
    parser.add_argument("--waiting", type=int, default=2_000)
    parser.add_argument("--events", type=int, default=200_000)
    parser.add_argument("--profile", action="store_true")
    options = parser.parse_args()
    for title, waiting, warm_up in (
        ("full floor", options.waiting, options.agents * 8),
        ("quiet floor", 0, 0),
    ):
        world = World(options.agents, options.queues, waiting, seed=7)
        world.open()
        world.run(warm_up)
        world.times.clear()
        gc.collect()
        gc.freeze()
        profile = cProfile.Profile()
        if options.profile:
            profile.enable()
        world.run(options.events)
        profile.disable()
        report(title, world)
        if options.profile:
            profile.print_stats("tottime")


if __name__ == "__main__":
    main()
