"""One attempt to keep a promise: the agent's phone and the customer's are called, one after the other.

Agent first: the agents of the offer are rung by calls of our own; who answers hears whom it is for, and then
the customer is dialled. Customer first: the customer is dialled at once, and when they are on the line the
offer goes the ordinary way: their dialplan dials the agent, who was reserved all the while.
"""

import asyncio
from dataclasses import dataclass, field
from typing import Protocol

import structlog

from ccd.agi.session import Session
from ccd.ami.originate import Origination
from ccd.calls.book import LiveCall
from ccd.calls.callbacks.kept import Kept
from ccd.calls.house import House
from ccd.commands import OfferCall
from ccd.config.callbacks import Callback as Terms
from ccd.config.callbacks import CallbackOrder
from ccd.errors import AgiHangupError, AmiUnknownOutcomeError, CcdError
from ccd.events import DialReturned, LegEnded, LegRang
from ccd.ivr import say
from ccd.model import AgentNumber, ChannelId, Device, DialStatus

log = structlog.get_logger(__name__)

CONTEXT = "ccd-callback"
LEG = "callback-agent-"
"""With this begins the uniqueid of an agent's channel; the call's id, which ends it, begins otherwise."""
MARGIN_S = 45.0
"""What an attempt may take beyond the ringing of both phones: words to the agent and to the customer."""


class Manager(Protocol):
    """Asterisk's manager interface (see `ccd.ami.client`)."""

    async def originate(self, call: Origination) -> DialStatus:
        """Begin a call; give how it ended."""
        ...

    async def hangup(self, channel: str, cause: int = 16) -> None:
        """Hang up a channel, by name or uniqueid."""
        ...

    async def redirect(self, channel: str, context: str, exten: str, priority: int = 1) -> None:
        """Send a channel to another place in the dialplan."""
        ...


class Customers(Protocol):
    """Who calls the customer, when an agent is ready (see `desk`)."""

    async def dial(self, kept: Kept) -> None:
        """Dial the customer."""
        ...

    def give_back(self, kept: Kept) -> None:
        """Put the promise back into the line: no agent took it."""
        ...


@dataclass(slots=True, eq=False)
class Leg:
    """An agent's phone, rung by us."""

    agent: AgentNumber
    device: Device
    channel: ChannelId
    name: str = ""
    """Asterisk's name of the channel, once it has answered."""
    over: bool = False
    """It has hung up."""
    settled: asyncio.Event = field(default_factory=asyncio.Event)
    """What becomes of it is known: the agent waits on the line, or nobody waits for them any more."""


class Attempt:
    """What becomes of one offer."""

    def __init__(self, house: House, ami: Manager, kept: Kept, call: LiveCall, offer: OfferCall) -> None:
        self._house = house
        self._ami = ami
        self._kept = kept
        self.call = call
        self.offer = offer
        self.withdrawn = False
        """The engine took the offer back: the agent is not there any more."""
        self.taken: Leg | None = None
        """The agent who answered."""
        self.ready = False
        """They wait on the line."""
        self._rung = False
        self._news = asyncio.Event()
        self.legs = [
            Leg(agent, device, ChannelId(f"{LEG}{agent}-{call.offers}-{call.call_id}"))
            for agent, device in zip(offer.agents, offer.devices, strict=True)
        ]

    @property
    def agent(self) -> Leg | None:
        """The agent who waits on the line now, and whom the engine still means for this customer."""
        leg = self.taken
        waits = leg is not None and self.ready and not leg.over and not self.withdrawn
        return leg if waits else None

    async def run(self, terms: Terms, customers: Customers) -> None:
        """Call both; the rest is told by their sessions and by AMI."""
        if self._kept.attempt is not self:  # taken back before it began
            return
        if terms.order is CallbackOrder.CUSTOMER_FIRST and not self.withdrawn:
            await customers.dial(self._kept)
            return
        status = DialStatus.CANCEL if self.withdrawn else await self._ring_agents()
        if self._kept.attempt is not self:
            return
        if self.agent is not None:
            await customers.dial(self._kept)
            return
        if status is DialStatus.ANSWER:  # and gone in the same instant
            status = DialStatus.NOANSWER
        self._house.dispatcher.feed(
            DialReturned(call_id=self.call.call_id, offer_id=self.offer.offer_id, status=status)
        )
        customers.give_back(self._kept)

    # ------------------------------------------------------------ agents

    async def _ring_agents(self) -> DialStatus:
        """Ring all phones of the offer until one agent is ready, or none is left; give the best status."""
        self._rung = True
        tasks = [asyncio.create_task(self._ring(leg)) for leg in self.legs]
        ringing = asyncio.gather(*tasks)
        ringing.add_done_callback(lambda _: self._news.set())
        while not self.ready and not ringing.done():
            self._news.clear()
            await self._news.wait()
        if self.ready:
            return DialStatus.ANSWER
        told = await ringing
        return DialStatus.NOANSWER if DialStatus.NOANSWER in told else told[-1]

    async def _ring(self, leg: Leg) -> DialStatus:
        house, call = self._house, self.call
        house.dispatcher.feed(LegRang(caller=call.channel, leg=leg.channel, device=leg.device))
        try:
            status = await self._ami.originate(
                Origination(
                    dial=leg.device,
                    channel_id=leg.channel,
                    context=CONTEXT,
                    exten="agent",
                    ring_s=self.offer.ring_s,
                    caller_number=call.caller.number,
                    caller_name="Callback",
                )
            )
        except AmiUnknownOutcomeError:
            status = DialStatus.CANCEL
            await self._hang_up(leg)
        except CcdError as problem:
            log.warning("agent not called for a callback", agent=leg.agent, reason=str(problem))
            status = DialStatus.CHANUNAVAIL
        if status is DialStatus.ANSWER:
            await leg.settled.wait()
            return DialStatus.NOANSWER  # whoever is ready is found before this is looked at
        house.dispatcher.feed(
            LegEnded(caller=call.channel, leg=leg.channel, device=leg.device, status=status)
        )
        return status

    async def agent_answered(self, leg: Leg, session: Session, wait_s: float) -> bool:
        """Have the agent wait, and hear whom it is for while the customer is dialled.

        False: another one was quicker, or the promise is no longer to be kept.
        """
        if self.taken is not None or self.withdrawn or self._kept.attempt is not self:
            leg.settled.set()
            return False
        self.taken, leg.name = leg, session.request.channel
        for other in self.legs:
            if other is not leg:
                other.settled.set()
                await self._hang_up(other)
        house, call = self._house, self.call
        language = house.config.language
        words = ["callback-for", *say.digits(call.caller.number, language)]
        sounds = [sound.path for word in words for sound in house.design.catalogue.sounds(word, language)]
        try:
            await session.set_variables(
                {
                    "CCD_SAY": "&".join(sounds),
                    "CCD_MUSIC": house.config.asterisk.music,
                    "CCD_RING": f"{wait_s:g}",
                    "CCD_NEXT": "wait",
                }
            )
        except AgiHangupError:
            self.channel_gone(leg.channel)
            raise
        self.ready = True
        leg.settled.set()
        self._news.set()
        return True

    def channel_gone(self, channel: ChannelId) -> None:
        """Take in that an agent's channel is gone."""
        for leg in self.legs:
            if leg.channel == channel:
                leg.over = True
                leg.settled.set()

    async def dismiss(self, exten: str) -> None:
        """Let the agents go: who answered hears why, the phones of the others stop."""
        for leg in self.legs:
            if leg.over or not self._rung:
                continue
            told = leg is self.taken and self.ready
            await let_go(self._ami, leg.name if told else leg.channel, exten if told else "")

    async def _hang_up(self, leg: Leg) -> None:
        await let_go(self._ami, leg.channel, "")


async def let_go(ami: Manager, channel: str, exten: str) -> None:
    """Send a channel of ours to where an agent hears why, or with no `exten` hang it up."""
    try:
        if exten:
            await ami.redirect(channel, CONTEXT, exten)
        else:
            await ami.hangup(channel)
    except CcdError as problem:
        log.info("a phone that was called is gone already", channel=channel, reason=str(problem))
