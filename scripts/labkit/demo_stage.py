"""Where the demo plays: the agents' phones, and what the telephones of its customers share."""

import asyncio
import contextlib
import itertools
import time
from array import array
from collections import defaultdict
from contextlib import AsyncExitStack
from dataclasses import dataclass
from typing import Self

from ccd.errors import CcdError
from labkit.demo_live import Live, until
from labkit.demo_sounds import Prompts
from labkit.demo_teller import Teller
from labkit.messages import _
from tests.asterisk.phones import Answer, Call, Phone, UserAgent

HEARING_S = 20.0
LISTEN_S = 0.1
LONGEST_TALK_S = 60.0
A_DAY_S = 86_400.0
EXPIRES_S = 300
"""Phones of a story that was killed are soon gone for ccd too."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Pace:
    """How long people take, in seconds."""

    ring_s: float = 1.5
    talk_s: float = 6.5
    think_s: float = 1.5


BRISK = Pace(ring_s=0.3, talk_s=1.0, think_s=0.3)


@dataclass(frozen=True, slots=True, kw_only=True)
class Offered:
    """A call that came to an agent's phone."""

    extension: str
    call: Call


@dataclass(frozen=True, slots=True, kw_only=True)
class Props:
    """What a stage is made of."""

    server: tuple[str, int]
    passwords: dict[str, str]
    language: str
    live: Live
    teller: Teller
    prompts: Prompts
    voices: dict[str, array]
    pace: Pace


class Stage:
    """The agents' phones of the story; customers come and go."""

    def __init__(self, props: Props) -> None:
        self.props = props
        self.live, self.teller, self.pace = props.live, props.teller, props.pace
        self.desks: dict[str, Phone] = {}
        self._offers: defaultdict[str, asyncio.Queue[Offered]] = defaultdict(asyncio.Queue)
        self._resting: set[str] = set()
        """Agents whose break the story has to end."""
        self._watching: set[asyncio.Task[None]] = set()
        self._telephones: list[AsyncExitStack] = []

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *error: object) -> None:
        for task in self._watching:
            task.cancel()
        for agent in self._resting:
            with contextlib.suppress(CcdError):  # ccd may be what failed
                await self.live.post("agents", agent, "ready")
        await asyncio.gather(*(one.aclose() for one in self._telephones), return_exceptions=True)

    async def connect(self, telephone: UserAgent) -> None:
        """Open a telephone's line; it is closed with the stage."""
        stack = AsyncExitStack()
        await stack.enter_async_context(telephone)
        self._telephones.append(stack)

    async def is_registered(self, extension: str) -> bool:
        """Whether somebody's own phone is there."""
        agent = await self.live.get("agents", extension)
        return bool(agent["state"] != "unreachable")

    async def set_aside(self, agent: str) -> None:
        """Give a real person's agent a break while the story is told."""
        if (await self.live.get("agents", agent))["status"] == "available":
            await self.live.post("agents", agent, "pause", body={})
            self._resting.add(agent)

    async def seat(self, extension: str) -> None:
        """Register an agent's phone and wait until ccd sees the agent idle."""
        desk = Phone(self.props.server, extension, self.props.passwords[extension])
        desk.behaviour = Answer(
            after_s=self.pace.ring_s, talk_s=LONGEST_TALK_S, speech=self.props.voices["agent"]
        )
        await self.connect(desk)
        await desk.register(EXPIRES_S)
        self.desks[extension] = desk
        self._watching.add(asyncio.create_task(self._watch(desk)))
        if (await self.live.get("agents", extension))["status"] == "paused":  # a story that was cut short
            await self.live.post("agents", extension, "ready")
        await self.live.until_agent(extension, status="available", state="idle")

    async def _watch(self, desk: Phone) -> None:
        for count in itertools.count(1):
            call = await desk.nth_call(count, A_DAY_S)
            self._offers[call.peer_number].put_nowait(Offered(extension=desk.extension, call=call))

    async def offer_to(self, number: str) -> Offered:
        """Wait until an agent's phone rings for a customer."""
        try:
            return await asyncio.wait_for(self._offers[number].get(), HEARING_S)
        except TimeoutError:
            raise AssertionError(f"no phone rang for {number} within {HEARING_S:g} s") from None

    async def dial_code(self, extension: str, code: str, key: str = "", *, to_the_end: bool = True) -> float:
        """Dial a feature code, and a key when it asks; give the instant of the end.

        Agents who know the code hang up as soon as they hear that it was understood.
        """
        call = await self.desks[extension].call(code).until_answered()
        if key or not to_the_end:
            await _until_sound(call)
        if key:
            await call.press(key)
        if not to_the_end:
            call.hang_up()
        await call.until_ended(HEARING_S)
        return call.times.ended or time.monotonic()

    async def take_a_break(self, extension: str) -> None:
        """*13 and the key of the reason."""
        self.teller.step(extension, _("dials *13 and presses 1: a break, please"))
        self._resting.add(extension)
        await self.dial_code(extension, "*13", "1")
        await self.live.until_agent(extension, status="paused", reason="lunch")
        self.teller.step("ccd", _("{agent} is on a break: lunch", agent=extension))

    async def come_back(self, extension: str) -> float:
        """*14; gives the instant at which the phone was free again."""
        self.teller.step(extension, _("dials *14: ready again"))
        freed_at = await self.dial_code(extension, "*14", to_the_end=False)
        self._resting.discard(extension)
        return freed_at


async def _until_sound(call: Call) -> None:
    async def sound() -> bool | None:
        if call.audio.hears_sound():
            return True
        await asyncio.sleep(LISTEN_S)
        return None

    await until(sound, "a prompt is heard", HEARING_S)
