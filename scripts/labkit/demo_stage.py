"""Who acts in the demo: customers behind the trunk and agents at their phones, each step told as it happens.

What telephones do and hear comes from real SIP and RTP; what it means (queue, place, choice, survey) from
ccd's own live record of the call.
"""

import asyncio
import itertools
import time
from collections import defaultdict
from collections.abc import Coroutine
from contextlib import AsyncExitStack
from dataclasses import dataclass
from typing import Any, Self

from ccd.cli.messages import label, phrase, word
from ccd.ivr import say
from labkit.demo_live import Live, until
from labkit.demo_sounds import Prompts, contains
from labkit.demo_teller import Teller
from labkit.messages import _
from tests.asterisk.phones import Answer, Call, Caller, Phone

HEARING_S = 20.0
LISTEN_S = 0.1
MEMORY_S = 1.5
LONGEST_TALK_S = 60.0
A_DAY_S = 86_400.0


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
    voices: dict[str, Any]
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
        self._stack = AsyncExitStack()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *error: object) -> None:
        for task in self._watching:
            task.cancel()
        for agent in self._resting:
            await self.live.post("agents", agent, "ready")
        await self._stack.aclose()

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
        await self._stack.enter_async_context(desk)
        self.desks[extension] = desk
        self._watching.add(asyncio.create_task(self._watch(desk)))
        await self.live.until_agent(extension, status="available", state="idle")

    async def _watch(self, desk: Phone) -> None:
        for count in itertools.count(1):
            call = await desk.nth_call(count, A_DAY_S)
            self._offers[call.peer_number].put_nowait(Offered(extension=desk.extension, call=call))

    async def customer(self, number: str) -> "Customer":
        """Give a customer who has not called yet."""
        caller = Caller(self.props.server, number)
        await self._stack.enter_async_context(caller)
        return Customer(self, caller)

    async def offer_to(self, number: str) -> Offered:
        """Wait until an agent's phone rings for a customer."""
        try:
            return await asyncio.wait_for(self._offers[number].get(), HEARING_S)
        except TimeoutError:
            raise AssertionError(f"no phone rang for {number} within {HEARING_S:g} s") from None

    async def dial_code(self, extension: str, code: str, key: str = "") -> float:
        """Dial a feature code, and a key when it asks; give the instant of the end."""
        call = await self.desks[extension].call(code).until_answered()
        if key:
            await _until_sound(call)
            await call.press(key)
        await call.until_ended(HEARING_S)
        return call.times.ended or time.monotonic()

    async def take_a_break(self, extension: str) -> None:
        """*13 and the key of the reason."""
        self.teller.step(extension, _("dials *13 and presses 1: a break, please"))
        await self.dial_code(extension, "*13", "1")
        agent = await self.live.until_agent(extension, status="paused")
        self._resting.add(extension)
        self.teller.step(
            "ccd", _("{agent} is on a break: {reason}", agent=extension, reason=word(agent["reason"]))
        )

    async def come_back(self, extension: str) -> float:
        """*14; gives the instant at which the phone was free again."""
        self.teller.step(extension, _("dials *14: ready again"))
        freed_at = await self.dial_code(extension, "*14")
        self._resting.discard(extension)
        return freed_at


class Customer:
    """One customer and their one call."""

    def __init__(self, stage: Stage, caller: Caller) -> None:
        self._stage = stage
        self._caller = caller
        self._call: Call
        self.number = caller.user
        self.id = ""

    def tell(self, text: str) -> None:
        """Tell what the customer does."""
        self._stage.teller.step(self.number, text)

    async def dials(self, target: str) -> None:
        """Call in; the PBX answers."""
        self.tell(_("calls {number}", number=target))
        self._call = await self._caller.call(target).until_answered()
        self.id = await self._stage.live.call_of(self.number)

    async def hears(self, *prompts: str) -> None:
        """Wait until the caller's ear has the beginning of the first of these prompts; tell their words."""
        known, call = self._stage.props.prompts, self._call
        samples = known.samples(prompts[0])
        words = known.words(prompts)
        if samples is None:
            return

        async def heard() -> bool | None:
            if contains(call.audio.heard(MEMORY_S), samples):
                return True
            await asyncio.sleep(LISTEN_S)
            return None

        await until(heard, f"{self.number} hears “{words}”", HEARING_S)
        self.tell(_("hears: “{words}”", words=words))

    async def presses(self, key: str, meaning: str) -> None:
        """Think, then press a key."""
        await asyncio.sleep(self._stage.pace.think_s)
        self.tell(_("presses {key}: {meaning}", key=key, meaning=meaning))
        await self._call.press(key)

    async def waits(self) -> None:
        """Tell where ccd sees the customer now."""
        await self._stage.live.segment(self.id, "queue")
        call = await self._stage.live.get("calls", self.id)
        queue = await self._stage.live.get("queues", call["queue"])
        self.tell(
            _("waits in {queue}, place {position}", queue=label(queue["labels"]), position=call["position"])
        )

    async def hears_place(self, position: int) -> None:
        """Wait for the announcement of a place in the queue."""
        await self.hears(*say.position(position, self._stage.props.language))

    async def is_offered(self, since: tuple[float, str] | None = None) -> Offered:
        """Wait until an agent's phone rings; tell why this one, and how long after an instant with a name."""
        offered = await self._stage.offer_to(self.number)
        decision = await self._stage.live.decision(self.id, offered.extension)
        self._stage.teller.step(
            "ccd",
            _(
                "chooses {agent} for {number}: {rule}; because: {trigger}",
                agent=offered.extension,
                number=self.number,
                rule=phrase(decision["rule"]),
                trigger=phrase(decision["trigger"]),
            ),
        )
        self._stage.teller.step(offered.extension, self._ringing(offered, since))
        return offered

    def _ringing(self, offered: Offered, since: tuple[float, str] | None) -> str:
        if since is None or offered.call.times.invited is None:
            return _("the phone rings for {number}", number=self.number)
        at, name = since
        after = (offered.call.times.invited - at) * 1000
        return _(
            "the phone rings for {number}, {after:.1f} ms after {name}",
            number=self.number,
            after=after,
            name=name,
        )

    async def talks(self, offered: Offered, until_also: asyncio.Event | None = None) -> None:
        """Talk with the agent, who hangs up when all is said, and not before an event."""
        stage, agent = self._stage, offered.extension
        await offered.call.until_answered()
        await stage.live.segment(self.id, "talk")
        stage.teller.step(agent, _("answers; {agent} and {number} talk", agent=agent, number=self.number))
        voices = stage.props.voices
        pause = min(len(voices["agent"]) / 8000, stage.pace.talk_s / 2)
        await asyncio.sleep(pause)
        self._call.audio.play(voices["caller"])
        await asyncio.sleep(stage.pace.talk_s - pause)
        if until_also is not None:
            await until_also.wait()
        offered.call.hang_up()
        talk = await stage.live.segment(self.id, "talk", ended=True)
        stage.teller.step(agent, _("hangs up after {seconds:.1f} s of talk", seconds=talk["duration_s"]))

    async def rates(self, key: str) -> None:
        """Hear the survey's question, press a key, be thanked."""
        await self.hears("survey-question")
        await asyncio.sleep(self._stage.pace.think_s)
        await self._call.press(key)
        survey = await self._stage.live.segment(self.id, "survey", ended=True)
        self.tell(_("presses {key}: {meaning}", key=key, meaning=survey["detail"]["label"]))
        await self.hears("survey-thanks")
        await self._call.until_ended(HEARING_S)
        self.tell(_("the call is over"))

    async def leaves(self) -> None:
        """Hang up."""
        self._call.hang_up()
        await self._call.until_ended()
        self.tell(_("hangs up"))

    @property
    def answered(self) -> tuple[float, str]:
        """The instant at which the PBX answered, by name."""
        return self._call.times.answered or 0.0, _("the PBX answered the caller")


async def _until_sound(call: Call) -> None:
    async def sound() -> bool | None:
        if call.audio.hears_sound():
            return True
        await asyncio.sleep(LISTEN_S)
        return None

    await until(sound, "a prompt is heard", HEARING_S)


async def both(*steps: Coroutine[Any, Any, Any]) -> None:
    """Do steps side by side; the first failure ends them all."""
    async with asyncio.TaskGroup() as group:
        for step in steps:
            group.create_task(step)
