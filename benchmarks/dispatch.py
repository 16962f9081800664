"""How fast callers reach agents, beside Asterisk's own `Queue()` in the same run, seen by the same SIP peers.

    python -m benchmarks.dispatch [idle] [next] [burst] [rate]

A lab of its own is brought up (see docs/lab.md) and taken down. Both sides serve the same phones on the same
Asterisk: ccd by number 4003, the peer by one that is added to the running dialplan. Milliseconds are from SIP
message to SIP message and so hold the way through this process, too: compare the two columns.

- idle: the caller's 200 OK → INVITE at an idle agent's phone
- next: an agent's BYE → INVITE for a caller who waits
- burst: 100 callers, 20 agents, 1 s of talk; 5.0 s is perfect
- rate: 20 calls a second for a minute, 1 s of talk, 40 agents; how many failed
"""

import asyncio
import statistics
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path

from tests.asterisk.lab import Lab
from tests.asterisk.phones import Answer, Caller, Phone
from tests.support import until

OURS, PEERS = "4003", "4903"
PHONES = 40
FIRST = 1001
ROUNDS = 60


def row(name: str, ours: Sequence[float], peers: Sequence[float]) -> None:
    """Print median and 95th percentile of both in milliseconds, and the ratio of the medians."""
    told = [f"{name:<8}"]
    for label, values in (("ccd", ours), ("Queue()", peers)):
        ordered = sorted(1000 * value for value in values)
        told.append(
            f"{label} p50 {statistics.median(ordered):7.2f} p95 {ordered[int(0.95 * len(ordered))]:7.2f} ms"
        )
    told.append(f"ratio {statistics.median(ours) / statistics.median(peers):.3f}")
    print("   ".join(told), flush=True)


class Bench:
    """A lab with its phones registered, their agents signed in."""

    def __init__(self, lab: Lab, stack: AsyncExitStack) -> None:
        self.lab = lab
        self._stack = stack
        self.phones: list[Phone] = []

    async def register(self, count: int) -> None:
        """Have exactly so many phones registered."""
        while len(self.phones) > count:
            await self.phones.pop().close()
        for number in range(FIRST + len(self.phones), FIRST + count):
            phone = Phone(self.lab.server, str(number), self.lab.password(str(number)), media=False)
            self.phones.append(await self._stack.enter_async_context(phone))

        async def known() -> bool:
            agents = await self.lab.ask("agents")
            return sum(agent["state"] == "idle" for agent in agents) == count

        await until(known, timeout_s=10.0, what=f"{count} idle agents")

    async def callers(self, count: int) -> list[Caller]:
        """Make callers behind the trunk."""
        made = [Caller(self.lab.server, str(13800000000 + index), media=False) for index in range(count)]
        return [await self._stack.enter_async_context(caller) for caller in made]

    def received(self) -> int:
        """Count the calls that all phones received."""
        return sum(len(phone.calls) for phone in self.phones)

    async def all_free(self) -> None:
        """Wait until every agent is idle and nobody is in a call."""

        async def free() -> bool:
            status = await self.lab.ask("status")
            return status["agents"]["idle"] == len(self.phones) and status["calls"] == 0

        await until(free, timeout_s=30.0, what="all free")
        await asyncio.sleep(0.1)


async def idle(bench: Bench, target: str) -> list[float]:
    """Measure answer → INVITE with one agent."""
    await bench.register(1)
    (phone,), (caller,) = bench.phones, await bench.callers(1)
    phone.behaviour = Answer()
    took = []
    for _ in range(ROUNDS):
        count = len(phone.calls)
        call = await caller.call(target).until_answered()
        leg = await (await phone.nth_call(count + 1)).until_answered()
        took.append(leg.times.invited - call.times.answered)
        call.hang_up()
        await leg.until_ended()
        await bench.all_free()
    return took


async def following(bench: Bench, target: str) -> list[float]:
    """Measure BYE → next INVITE with one agent and one who waits."""
    await bench.register(1)
    (phone,), (first, second) = bench.phones, await bench.callers(2)
    phone.behaviour = Answer()
    took = []
    for _ in range(ROUNDS // 2):
        count = len(phone.calls)
        await first.call(target).until_answered()
        leg = await (await phone.nth_call(count + 1)).until_answered()
        waiting = await second.call(target).until_answered()
        await asyncio.sleep(0.2)
        began = time.monotonic()
        leg.hang_up()
        following_leg = await (await phone.nth_call(count + 2)).until_answered()
        took.append(following_leg.times.invited - began)
        waiting.hang_up()
        await following_leg.until_ended()
        await bench.all_free()
    return took


async def burst(bench: Bench, target: str) -> list[float]:
    """Measure how long 20 agents take for 100 callers of 1 s each."""
    await bench.register(20)
    callers = await bench.callers(100)
    for phone in bench.phones:
        phone.behaviour = Answer(talk_s=1.0)
    began = time.monotonic()
    calls = [caller.call(target) for caller in callers]
    for call in calls:
        await call.until_ended(60.0)
    took = time.monotonic() - began
    await bench.all_free()
    return [took]


async def rate(bench: Bench, target: str) -> int:
    """Place 20 calls a second for a minute; give how many failed."""
    await bench.register(PHONES)
    callers = await bench.callers(100)
    for phone in bench.phones:
        phone.behaviour = Answer(talk_s=1.0)
    before, began, calls = bench.received(), time.monotonic(), []
    for index in range(1200):
        await asyncio.sleep(max(0.0, began + index / 20 - time.monotonic()))
        calls.append(callers[index % len(callers)].call(target))
    for call in calls:
        await call.until_ended(30.0)
    served = bench.received() - before
    await bench.all_free()
    return len(calls) - min(served, sum(call.status == 200 for call in calls))


@asynccontextmanager
async def running() -> AsyncIterator[Bench]:
    """Bring a lab up and down."""
    with tempfile.TemporaryDirectory(prefix="ccd-bench-") as folder:
        lab = Lab(Path(folder))
        await lab.do("up", "--phones", str(PHONES), "--sign-in")
        try:
            members = " ".join(str(FIRST + index) for index in range(PHONES))
            for command in (
                f"dialplan add extension {PEERS},1,Answer,,i into ccd-numbers",
                f"dialplan add extension {PEERS},2,Queue,bench into ccd-numbers",
                f"dialplan add extension {PEERS},3,Hangup into ccd-numbers",
            ):
                await lab.asterisk(command)
            shown = await lab.asterisk("queue show bench")
            assert all(member in shown for member in members.split()), shown
            async with AsyncExitStack() as stack:
                yield Bench(lab, stack)
        finally:
            await lab.do("down")


async def main(wanted: Sequence[str]) -> None:
    """Run what is wanted, ours and the peer's in turn."""
    measured: dict[str, Callable[[Bench, str], object]] = {"idle": idle, "next": following, "burst": burst}
    async with running() as bench:
        for name, measure in measured.items():
            if name in wanted:
                ours, peers = await measure(bench, OURS), await measure(bench, PEERS)  # type: ignore[misc]
                row(name, ours, peers)
        if "rate" in wanted:
            print(f"rate     ccd failed {await rate(bench, OURS)} of 1200", flush=True)


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1:] or ["idle", "next", "burst", "rate"]))
