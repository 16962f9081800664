"""A random, seeded storm: callers, phones, staff and faults that do what they like for a while.

It only acts and writes down what it did and saw on the wire; `test_storm.py` judges. Every actor draws from a
random sequence of its own, so a seed gives the same intentions again; the instants differ from run to run.
"""

import asyncio
import contextlib
import json
import os
import signal
import time
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from typing import Any

from ccd.http.client import ApiError, Client, UnreachableError
from tests.asterisk.lab import Lab
from tests.asterisk.phones import Call, Caller, Phone, Ring
from tests.support import until

TARGETS = (
    *("5001", "5002", "5003", "5004", "5005", "5006", "5007"),
    *("5010", "5011", "5012", "5014", "5015", "5016", "4000", "4001", "4001", "4002", "4002", "4003"),
)
"""Queues of every strategy, overflow, full, autopause, wrap-up, announcements; the IVR; recorded queues."""
ONE_AT_A_TIME = 12
PATIENCE_S = 9.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Placed:
    """A call into the storm; every call shows a number of its own."""

    number: str
    target: str
    call: Call


@dataclass(slots=True, kw_only=True)
class Stretch:
    """From when to when something was so, in `time.monotonic()` seconds."""

    since: float
    until: float

    def holds(self, at: float, *, slack_s: float = 0.0) -> bool:
        """Whether an instant lies in it."""
        return self.since - slack_s <= at <= self.until + slack_s


@dataclass(slots=True, kw_only=True)
class Chosen:
    """What an agent was told to be: asked at `asked`, known to be so from `known` to the next wish."""

    asked: float
    known: float
    status: str
    until: float = float("inf")


@dataclass(slots=True, kw_only=True)
class Log:
    """What happened."""

    placed: list[Placed] = field(default_factory=list)
    outages: list[Stretch] = field(default_factory=list)
    """From a signal to ccd until another one serves."""
    wishes: dict[str, list[Chosen]] = field(default_factory=dict)
    """By agent, in order; what was asked of a ccd that died meanwhile is not among them."""


class Storm:
    """All actors of one storm, and what became of them."""

    def __init__(self, lab: Lab, phones: list[Phone], seed: int, *, load_s: float) -> None:
        self.log = Log(wishes={phone.extension: [] for phone in phones})
        self._lab = lab
        self._phones = phones
        self._seed = seed
        self._load_s = load_s
        self._over_at = 0.0
        self._api = Client(Path(lab.facts["ccd"]["socket"]), timeout_s=5.0)
        self._supervised = Path(lab.facts["ccd"]["socket"]).with_name("ccd.json")
        self._by_number: dict[str, Placed] = {}

    async def rage(self) -> None:
        """Let everything happen; returns when the last caller has gone."""
        self._over_at = time.monotonic() + self._load_s
        for phone in self._phones:
            phone.behaviour = Ring()
        steady = [asyncio.create_task(self._sit_at(phone)) for phone in self._phones]
        try:
            async with asyncio.TaskGroup() as group:
                for name in range(ONE_AT_A_TIME):
                    group.create_task(self._keep_calling(name))
                for phone in self._phones:
                    group.create_task(self._move(phone))
                group.create_task(self._manage())
                group.create_task(self._break_things())
        finally:
            for task in steady:
                task.cancel()
            await asyncio.gather(*steady, return_exceptions=True)

    def _random(self, actor: object) -> Random:
        return Random(f"{self._seed}/{actor}")

    @property
    def _raging(self) -> bool:
        return time.monotonic() < self._over_at

    # ------------------------------------------------------------ callers

    async def _keep_calling(self, name: int) -> None:
        rng = self._random(f"caller {name}")
        await asyncio.sleep(rng.uniform(0, 2))
        count = 0
        while self._raging:
            number = f"139{self._seed % 1000:03}{name:02}{count:03}"
            async with Caller(self._lab.server, number, media=False) as caller:
                await self._one_call(caller, rng)
            count += 1
            await asyncio.sleep(rng.uniform(0, 0.3))

    async def _one_call(self, caller: Caller, rng: Random) -> None:
        target = rng.choice(TARGETS)
        placed = Placed(number=caller.user, target=target, call=caller.call(target))
        self.log.placed.append(placed)
        self._by_number[caller.user] = placed
        mood = rng.random()
        if mood < 0.08:
            patience_s = rng.uniform(0, 0.02)  # gone before, or in the instant of, the PBX's answer
        elif mood < 0.35:
            patience_s = rng.uniform(0, 3)
        else:
            patience_s = PATIENCE_S
        await _until_over(placed.call, patience_s)
        placed.call.hang_up()
        await _until_over(placed.call, 5.0)

    # ------------------------------------------------------------ phones

    async def _sit_at(self, phone: Phone) -> None:
        """Deal with every call that comes, each in a way of its own."""
        rng = self._random(f"phone {phone.extension}")
        busy: set[asyncio.Task[None]] = set()
        count = 0
        try:
            while True:
                count += 1
                call = await phone.nth_call(count, 3600.0)
                task = asyncio.create_task(self._deal_with(call, Random(rng.random())))
                busy.add(task)
                task.add_done_callback(busy.discard)
        finally:
            for task in busy:
                task.cancel()

    async def _deal_with(self, call: Call, rng: Random) -> None:
        mood = rng.random()
        if mood < 0.10:
            call.refuse(486)
        elif mood < 0.20:
            await asyncio.sleep(rng.uniform(0, 0.5))
            call.refuse(603)
        elif mood < 0.28:
            pass  # nobody is at the desk
        else:
            await asyncio.sleep(rng.choice([0.0, rng.uniform(0, 1)]))
            call.answer()
            call.audio.tone(500)
            await self._talk(call, rng)

    async def _talk(self, call: Call, rng: Random) -> None:
        mood = rng.random()
        if mood < 0.15 and (placed := self._by_number.get(call.peer_number)) is not None:
            placed.call.hang_up()  # the caller gives up in the instant of the answer
        elif mood < 0.25:
            call.hang_up()
        talk_s = 3.0 if mood > 0.8 else rng.uniform(0, 1)
        await _until_over(call, talk_s)
        call.hang_up()

    async def _move(self, phone: Phone) -> None:
        """Pull the plug now and then."""
        rng = self._random(f"plug {phone.extension}")
        while self._raging:
            await asyncio.sleep(rng.uniform(4, 20))
            if not self._raging:
                break
            await phone.unregister()
            await asyncio.sleep(rng.uniform(0.2, 2))
            await phone.register()

    # ------------------------------------------------------------ staff

    async def _manage(self) -> None:
        """Sign agents in and out, pause them, call them back."""
        rng = self._random("staff")
        while self._raging:
            await asyncio.sleep(rng.uniform(0.05, 0.8))
            agent = rng.choice(self._phones).extension
            wish = rng.choice(["pause", "ready", "ready", "sign-out", "sign-in", "sign-in", "sign-in"])
            await self.choose(agent, wish)

    async def choose(self, agent: str, wish: str) -> None:
        """Ask ccd for a change of an agent, and remember it when ccd says that it is so."""
        asked = time.monotonic()
        self._end_of_the_last_wish(agent, asked)
        body = {"sign-in": {"extension": agent}, "pause": {"reason": "lunch"}}.get(wish)
        try:
            shape = await asyncio.to_thread(self._api.post, "agents", agent, wish, body=body)
        except ApiError:
            shape = None  # signed out: there is nobody to pause
        except UnreachableError:
            return  # it may have come to pass or not
        if shape is None:
            try:
                shape = await asyncio.to_thread(self._api.get, "agents", agent)
            except UnreachableError:
                return
        self.log.wishes[agent].append(Chosen(asked=asked, known=time.monotonic(), status=shape["status"]))

    def _end_of_the_last_wish(self, agent: str, at: float) -> None:
        for last in self.log.wishes[agent][-1:]:
            last.until = min(last.until, at)

    # ------------------------------------------------------------ faults

    async def _break_things(self) -> None:
        """Kill ccd twice, stop it once, reload it once, at instants of the seed's choosing."""
        rng = self._random("faults")
        faults = [signal.SIGKILL, signal.SIGKILL, signal.SIGTERM, None]
        rng.shuffle(faults)
        share_s = self._load_s / (len(faults) + 1)
        began = time.monotonic()
        for number, fault in enumerate(faults):
            at = began + share_s * (number + 0.5 + rng.uniform(0, 0.5))
            await asyncio.sleep(max(0.0, at - time.monotonic()))
            if fault is None:
                await asyncio.to_thread(self._api.post, "reload", timeout_s=30.0)
            else:
                await self._end_ccd(fault)

    async def _end_ccd(self, how: signal.Signals) -> None:
        before = self._ccd()["pid"]
        outage = Stretch(since=time.monotonic(), until=float("inf"))
        self.log.outages.append(outage)
        os.kill(before, how)

        def another_is_ready() -> bool:
            now = self._ccd()
            return now["pid"] not in {before, None} and bool(now["ready"])

        await until(another_is_ready, timeout_s=30.0, what="another ccd is ready")
        outage.until = time.monotonic()

    def _ccd(self) -> dict[str, Any]:
        state: dict[str, Any] = json.loads(self._supervised.read_text())
        return state


async def _until_over(call: Call, within_s: float) -> None:
    """Wait for the end of a call, but not for longer."""
    with contextlib.suppress(AssertionError):
        await call.until_ended(within_s)
