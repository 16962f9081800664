"""The engine's CPU time a call as a call centre grows: one queue and 20 agents against 50 queues with skills.

    python -m benchmarks.growth [--calls N] [--rounds N]

The small one has 20 agents, one queue and 6 callers who wait; the large one 1,000 agents in 50 queues, three
for each agent, 300 callers who wait, three skills at levels that queues require or prefer and relax by steps,
ageing, and overflow to a neighbour. Both are played on a virtual clock by the world of `benchmarks.engine`:
a call is a caller who joins, is offered, answered (mostly), talks and hangs up, with all events that AMI and
AGI bring on the way. Rounds alternate between the two, and the least of each counts: what else the machine
does then matters little. The engine is a part of what a call costs the daemon.
"""

import argparse
import gc
import statistics
import time
from dataclasses import dataclass
from typing import Any

from benchmarks.engine import World
from ccd.model import AgentProfile, Membership, Need, Overflow, QueueSettings, Relaxation, Strategy

SKILLS = ("english", "billing", "technical")
STRATEGIES = (Strategy.RRMEMORY, Strategy.LEASTRECENT, Strategy.FEWESTCALLS, Strategy.LINEAR)
RELAXED = (Relaxation(after_s=60.0, level=30), Relaxation(after_s=180.0, level=0))


@dataclass(frozen=True, slots=True, kw_only=True)
class Size:
    """How large a call centre is."""

    agents: int
    queues: int
    waiting: int
    skilled: bool


SMALL = Size(agents=20, queues=1, waiting=6, skilled=False)
LARGE = Size(agents=1000, queues=50, waiting=300, skilled=True)


class Centre(World):
    """A call centre of a size."""

    def __init__(self, size: Size, seed: int) -> None:
        super().__init__(size.agents, size.queues, size.waiting, seed)
        self.size = size

    def settings(self, number: int) -> QueueSettings:
        """Give the settings of one queue."""
        plain = QueueSettings(
            name=self.queues[number],
            strategy=STRATEGIES[number % len(STRATEGIES)],
            wrap_up_s=5.0,
            max_wait_s=3600.0,
            announce_every_s=60.0,
        )
        if not self.size.skilled:
            return plain
        skill, other = SKILLS[number % 3], SKILLS[(number + 1) % 3]
        return QueueSettings(
            name=plain.name,
            strategy=plain.strategy,
            wrap_up_s=plain.wrap_up_s,
            max_wait_s=plain.max_wait_s,
            announce_every_s=plain.announce_every_s,
            needs=(
                Need(skill=skill, level=50, relax=RELAXED),
                Need(skill=other, level=40, preferred=True, relax=RELAXED[1:]),
            ),
            pace=1 / 60,
            overflow=(Overflow(after_s=120.0, queue=self.queues[(number + 1) % len(self.queues)]),),
        )

    def profile(self, position: int) -> AgentProfile:
        """Give one agent: three queues, and three skills where there are any."""
        rng = self.rng
        served = rng.sample(self.queues, min(len(self.queues), 3))
        skills = {skill: rng.choice((0, 30, 60, 90)) for skill in SKILLS} if self.size.skilled else {}
        return AgentProfile(
            number=self.agents[position],
            name="",
            memberships=tuple(Membership(queue=queue, position=position) for queue in served),
            skills={skill: level for skill, level in skills.items() if level},
        )

    def wishes(self) -> dict[str, Any]:
        """Let one caller in four bring a level of their own, where there are skills."""
        rng = self.rng
        asks = self.size.skilled and rng.random() < 0.25
        return {"needs": {rng.choice(SKILLS): rng.choice((20, 40, 60, 80))} if asks else {}}

    def measure(self, calls: int) -> float:
        """Let so many more callers come, and give the engine's CPU time for each, in microseconds."""
        until, before = self.calls + calls, sum(map(sum, self.times.values()))
        while self.calls < until:
            self.run(50)
        spent = sum(map(sum, self.times.values())) - before
        return spent / calls / 1e3


def main() -> None:
    """Measure both, in turn."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--calls", type=int, default=2_000)
    parser.add_argument("--rounds", type=int, default=7)
    options = parser.parse_args()
    small, large = Centre(SMALL, seed=7), Centre(LARGE, seed=7)
    for centre in (small, large):
        centre.open()
        centre.measure(4 * centre.size.agents)
    gc.collect()
    gc.freeze()
    figures: dict[str, list[float]] = {"small": [], "large": []}
    started = time.monotonic()
    for _ in range(options.rounds):
        figures["small"].append(small.measure(options.calls))
        figures["large"].append(large.measure(options.calls))
    for name, told in figures.items():
        print(
            f"{name}: least {min(told):.0f} µs, median {statistics.median(told):.0f} µs of the engine a call"
        )
    ratio = min(figures["large"]) / min(figures["small"])
    print(f"ratio {ratio:.2f} ({time.monotonic() - started:.0f} s)")


if __name__ == "__main__":
    main()
