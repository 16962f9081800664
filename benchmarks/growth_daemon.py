"""The daemon's CPU time a call as a call centre grows, on a real Asterisk.

    python -m benchmarks.growth_daemon [calls]

Two labs side by side, measured in turn: 20 agents on phones and the demonstration's queues; and 1,000 agents,
50 queues with skills, ageing and overflow, 300 callers who wait. The same calls go to one queue of 20 phones:
offered, answered, 0.2 s of talk. CPU time is the daemon's own (user and system, /proc/PID/stat), less what it
spends in as much time without calls: those who wait cost something too (their leases), which is told beside.
"""

import asyncio
import os
import shutil
import statistics
import sys
import tempfile
import time
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path
from typing import Any

from ccd.http.client import Client
from tests.asterisk.lab import CHECKOUT, Lab
from tests.asterisk.phones import Answer, Caller, Phone
from tests.support import until

PHONES, AGENTS, QUEUES, WAITING = 20, 1000, 50, 300
FIRST = 1001
IDLE_S = 5.0
ROUNDS = 4
SKILLS = ("english", "billing", "technical")


def configuration(folder: Path) -> None:
    """Add what the large call centre has: a queue to be measured, one to wait in, and many more."""
    lines = ["numbers:", '  "4950": {queue: g00}', '  "4951": {queue: g01}', "queues:"]
    for number in range(QUEUES):
        skill, other = SKILLS[number % 3], SKILLS[(number + 1) % 3]
        lines.append(
            f"  g{number:02}: {{strategy: rrmemory, retry_s: 1, wrap_up_s: 0, ageing: {{points: 1}}, "
            f"needs: {{{skill}: {{level: 50, relax: [{{after_s: 3000, level: 30}}]}}, "
            f"{other}: {{level: 40, prefer: true}}}}, "
            f"overflow: [{{after_s: 3600, queue: g{(number + 1) % QUEUES:02}}}]}}"
        )
    (folder / "conf.d" / "growth.yaml").write_text("\n".join(lines) + "\n", encoding="utf-8")


def cpu_s(pid: int) -> float:
    """Give the CPU seconds that a process has used."""
    fields = Path(f"/proc/{pid}/stat").read_text(encoding="ascii").rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


class Bench:
    """A lab with its phones, and the calls that are measured."""

    def __init__(self, lab: Lab, stack: AsyncExitStack) -> None:
        self.lab = lab
        self.client = Client(Path(lab.facts["ccd"]["socket"]))
        self._stack = stack
        self._people: list[Caller] = []

    async def ask(self, method: str, *parts: str, **more: Any) -> Any:
        """Ask the daemon's API."""
        return await asyncio.to_thread(getattr(self.client, method), *parts, **more)

    async def register(self, count: int) -> list[Phone]:
        """Register phones that answer and hang up."""
        made = []
        for number in range(FIRST, FIRST + count):
            phone = Phone(self.lab.server, str(number), self.lab.password(str(number)), media=False)
            phone.behaviour = Answer(talk_s=0.2)
            made.append(await self._stack.enter_async_context(phone))

        async def known() -> bool:
            return sum(agent["state"] == "idle" for agent in await self.lab.ask("agents")) >= count

        await until(known, timeout_s=20.0, what=f"{count} idle agents")
        return made

    async def callers(self, count: int, prefix: str) -> list[Caller]:
        """Make callers behind the trunk."""
        made = [Caller(self.lab.server, f"{prefix}{index:04}", media=False) for index in range(count)]
        return [await self._stack.enter_async_context(caller) for caller in made]

    async def grow(self) -> None:
        """Employ a thousand agents, let them sign in, and let callers wait whom nobody serves."""
        rows = []
        for number in range(FIRST, FIRST + AGENTS):
            at_phone = number < FIRST + PHONES
            queues = {f"g{(number * step) % (QUEUES - 2) + 2:02}": 0 for step in (1, 7)}
            if at_phone:
                queues["g00"] = 0
            level = 80 if at_phone else 20 + number % 7 * 10
            skills = dict.fromkeys(SKILLS, level)
            rows.append({"number": str(number), "extension": str(number), "queues": queues, "skills": skills})
        await self.ask("post", "agents", "import", body={"agents": rows, "dry_run": False}, timeout_s=120.0)
        for number in range(FIRST + PHONES, FIRST + AGENTS):
            await self.ask("post", "agents", str(number), "sign-in", body={"extension": str(number)})
        for caller in await self.callers(WAITING, "1391111"):
            await caller.call("4951").until_answered(30.0)

        async def all_wait() -> bool:
            return len((await self.lab.ask("queues", "g01"))["callers"]) == WAITING

        await until(all_wait, timeout_s=30.0, what="all wait")

    async def measure(self, target: str, calls: int) -> tuple[float, float]:
        """Place calls; give milliseconds of CPU a call, and of CPU a second without calls."""
        pid = (await self.lab.status())["ccd"]["pid"]
        if not self._people:
            self._people = await self.callers(8, "1380000")
            await self._place(self._people, target, 80)
        people = self._people
        before, began = cpu_s(pid), time.monotonic()
        await asyncio.sleep(IDLE_S)
        idle = (cpu_s(pid) - before) / (time.monotonic() - began)
        before, began = cpu_s(pid), time.monotonic()
        await self._place(people, target, calls)
        spent = cpu_s(pid) - before - idle * (time.monotonic() - began)
        return 1000 * spent / calls, 1000 * idle

    async def _place(self, people: list[Caller], target: str, calls: int) -> None:
        async def one(caller: Caller, count: int) -> None:
            for _ in range(count):
                await caller.call(target).until_ended(30.0)

        await asyncio.gather(*(one(caller, calls // len(people)) for caller in people))


@asynccontextmanager
async def running(*, large: bool) -> AsyncIterator[Bench]:
    """Bring up a lab of one size."""
    with tempfile.TemporaryDirectory(prefix="ccd-growth-") as folder:
        config = Path(folder) / "config"
        shutil.copytree(CHECKOUT / "examples" / "demo", config)
        if large:
            configuration(config)
        lab = Lab(Path(folder) / "lab")
        try:
            await lab.do("up", "--phones", str(PHONES), "--config", str(config), "--sign-in")
            async with AsyncExitStack() as stack:
                bench = Bench(lab, stack)
                await bench.register(PHONES)
                if large:
                    await bench.grow()
                yield bench
        finally:
            await lab.do("down")


async def main(calls: int) -> None:
    """Measure both in turn and compare."""
    async with running(large=False) as small, running(large=True) as large:
        spent: dict[str, list[float]] = {"4003": [], "4950": []}
        idle = {"4003": 0.0, "4950": 0.0}
        for _ in range(ROUNDS):
            for bench, target in ((small, "4003"), (large, "4950")):
                ms, idle[target] = await bench.measure(target, calls)
                spent[target].append(ms)
                print(
                    f"{target}: {ms:.2f} ms a call, {idle[target]:.1f} ms a second without calls", flush=True
                )
    usual = {target: statistics.median(told) for target, told in spent.items()}
    print(f"20 agents, the demonstration's queues:    {usual['4003']:.2f} ms of CPU a call (median)")
    print(f"1,000 agents, 50 queues, 300 who wait:    {usual['4950']:.2f} ms of CPU a call (median)")
    print(f"ratio {usual['4950'] / usual['4003']:.2f}")


if __name__ == "__main__":
    asyncio.run(main(int(sys.argv[1]) if len(sys.argv) > 1 else 400))
