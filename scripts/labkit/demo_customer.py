"""A customer of the demo and their one call, each step told as it happens.

What telephones do and hear comes from real SIP and RTP; what it means (queue, place, choice, survey) from
ccd's own live record of the call.
"""

import asyncio

from ccd.cli.messages import label, phrase
from ccd.ivr import say
from labkit.demo_live import until
from labkit.demo_sounds import contains
from labkit.demo_stage import HEARING_S, LISTEN_S, Offered, Stage
from labkit.messages import _
from tests.asterisk.phones import Call, Caller, CallState

MEMORY_S = 1.5
"""How much of what was heard is looked through for a prompt."""


class Customer:
    """One customer and their one call."""

    def __init__(self, stage: Stage, number: str) -> None:
        self._stage = stage
        self._call: Call
        self.number = number
        self.id = ""

    def tell(self, text: str) -> None:
        """Tell what the customer does."""
        self._stage.teller.step(self.number, text)

    async def dials(self, target: str) -> None:
        """Call in; the PBX answers."""
        caller = Caller(self._stage.props.server, self.number)
        await self._stage.connect(caller)
        self.tell(_("calls {number}", number=target))
        self._call = await caller.call(target).until_answered()
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
            if call.state is CallState.ENDED:
                raise AssertionError(f"{self.number} was cut off; status {call.status}")
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
        self.tell(_("presses {key}", key=key))
        await self._call.press(key)
        await self.hears("survey-thanks")
        await self._call.until_ended(HEARING_S)
        survey = await self._stage.live.segment(self.id, "survey", ended=True)
        self.tell(_("is through; ccd keeps the answer: {label}", label=survey["detail"]["label"]))

    async def leaves(self) -> None:
        """Hang up."""
        self._call.hang_up()
        await self._call.until_ended()
        self.tell(_("hangs up"))

    @property
    def answered(self) -> tuple[float, str]:
        """The instant at which the PBX answered, by name."""
        return self._call.times.answered or 0.0, _("the PBX answered the caller")
