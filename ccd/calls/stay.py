"""A caller's stay in a queue, as the session that holds them sees it: join, wait, be handed over."""

import asyncio
from typing import assert_never

from ccd.agi.session import Session
from ccd.calls import keys, offering
from ccd.calls.book import LiveCall
from ccd.calls.consent import settle_consent
from ccd.calls.house import House
from ccd.calls.voice import SessionVoice
from ccd.commands import Announce, Comfort, EndWait, OfferCall, StayChanged
from ccd.config.flows import Queue as QueueNode
from ccd.errors import AgiHangupError, CcdError
from ccd.events import CallerJoined, OfferFailed
from ccd.ivr.book import Straight
from ccd.model import AgentNumber, QueueName, QueueOutcome, is_direct


class QueueStay:
    """One session's part of a stay; the stay itself is the engine's and may span several sessions."""

    def __init__(self, house: House, call: LiveCall, session: Session, voice: SessionVoice) -> None:
        self._house = house
        self._call = call
        self._session = session
        self._voice = voice

    async def run(self, node: QueueNode) -> str | None:
        """Hold the caller until the stay ends; give its outcome, or the key that ended it.

        None when the dialplan was told to dial an agent.
        """
        await self._join(node)
        return await self._hold()

    async def _hold(self) -> str | None:  # noqa: C901 - one case a message
        """Take what comes for a caller who has joined."""
        call = self._call
        music = False
        while True:
            if key := call.take_key():
                call.inbox.clear()
                call.edge = key  # a Redirect that was meant for phones may still take this session away
                await self._session.music(on=False)
                return key
            if not call.inbox and not music:
                await self._wait_with_music()
                music = True
            await call.stirred(self._session.hung_up)
            if not call.inbox:
                raise AgiHangupError("the caller's session ended while waiting")
            if call.pressed:
                continue
            message = call.inbox.popleft()
            match message:
                case OfferCall():
                    await self._hand_over(message)
                    return None
                case EndWait(outcome=outcome):
                    if outcome is QueueOutcome.CLOSED and call.queue is not None:
                        call.caller.closing_words = self._house.doors.closing_words(call.queue)
                    call.leave_unanswered()
                    if music:
                        await self._session.music(on=False)
                    return outcome
                case Announce() | Comfort():
                    music = not await self._announce(message) and music
                case StayChanged():
                    music = False  # another queue may have other music; the channel learns of it with that
                case _:
                    assert_never(message)

    async def _join(self, node: QueueNode) -> None:
        """Tell the engine that the caller stands in the node's queue, or stands there again."""
        house, call = self._house, self._call
        queue = QueueName(node.queue)
        if call.queue is not None and queue == call.home and call.queue in house.config.queues:
            queue = call.queue  # moved there, and on the way back from an offer
        await settle_consent(house, call, queue, self._voice)
        call.needs = call.caller.needs | node.needs
        joined_at = call.joined_at if call.queue == queue else None
        if joined_at is None:
            joined_at = await self._begin(queue, node)
        knows = await self._acquainted(queue)
        if call.pressed:  # on the way here from an offer that nobody took
            return
        self._stand(queue, joined_at, knows)

    def _stand(self, queue: QueueName, joined_at: float, knows: tuple[AgentNumber, ...] = ()) -> None:
        """Tell the engine where the caller stands."""
        call = self._call
        call.forget_messages()
        self._house.dispatcher.feed(
            CallerJoined(
                call_id=call.call_id,
                queue=queue,
                channel=call.channel,
                number=call.caller.number,
                joined_at=joined_at,
                entered_at=call.entered_at,
                priority=call.priority,
                sticky_agents=knows,
                needs=call.needs,
                restored=call.restored,
                callback=call.callback is not None,
            )
        )
        call.restored = False

    async def _begin(self, queue: QueueName, node: QueueNode) -> float:
        """Give the caller their place, and since when they have it: now, or an earlier time that is kept.

        What they wait begins now either way.
        """
        house, call = self._house, self._call
        now, last = house.clock.now(), call.last_stay
        call.queue, call.restored = queue, False
        call.home = call.entered_at = None
        call.comforts = 0
        keys.count_from_now(house, call)
        chosen = (call.caller.priority, node.priority, house.config.queues[queue].priority)
        call.priority = next(each for each in chosen if each is not None)
        since = now
        if last is not None and is_direct(last.queue) and not last.answered:
            since, call.last_stay = last.joined_at, None  # they have waited for one agent already
        elif last is not None and last.queue == queue and last.answered and is_given_back(call):
            since, call.last_stay = last.joined_at, None
            call.priority, call.needs = last.priority, {**last.needs, **call.needs}
        if call.callback is None and (place := await house.callbacks.called_again(call.caller.number, queue)):
            since, call.priority = place.joined_at, max(call.priority, place.priority)
            call.caller.needs = dict(place.needs) | call.caller.needs
            call.needs = call.caller.needs | node.needs
        call.joined_at = since
        if since != now:
            call.entered_at = now
        return since

    async def _acquainted(self, queue: QueueName) -> tuple[AgentNumber, ...]:
        """Give the agents who are offered the caller first: whom a lookup chose, and those who know them."""
        call, knows = self._call, tuple[AgentNumber, ...]()
        sticky = self._house.config.queues[queue].sticky
        if sticky is not None and sticky.enabled:
            acquaintances = self._house.acquaintances
            knows = await acquaintances.of(call.caller.number, sticky.days, sticky.from_outgoing)
        if (preferred := call.caller.preferred_agent) is not None:
            knows = (preferred, *(agent for agent in knows if agent != preferred))
        return knows

    async def _wait_with_music(self) -> None:
        """Write the caller's place on the channel, for whoever has to take over, and start the music."""
        await self._session.set_variables(self._state() | {"CCD_QUEUE": _native(self._call.queue)})
        await self._session.music(on=True, class_=self._music())

    async def _announce(self, message: Announce | Comfort) -> bool:
        """Say it, and tell whether there was anything to say; an offer cuts it short: better news."""
        call, design = self._call, self._house.design
        language = call.caller.language
        if isinstance(message, Announce):
            sounds = design.announcement(message, language)
        else:
            sounds = design.comfort(message.queue, call.comforts, language)
            call.comforts += 1
        if not sounds:
            return False
        playing = asyncio.ensure_future(self._voice.play(sounds))
        stirred = asyncio.ensure_future(call.stirred(self._session.hung_up, urgent=True))
        try:
            await asyncio.wait({playing, stirred}, return_when=asyncio.FIRST_COMPLETED)
        finally:
            stirred.cancel()
            playing.cancel()
            await asyncio.wait({playing})
        if not playing.cancelled():
            playing.result()
        return True

    async def _hand_over(self, offer: OfferCall) -> None:
        """Tell the dialplan whom to dial; from here the conversation has no tie to this process."""
        house, call = self._house, self._call
        call.inbox.clear()
        call.recording = house.recording_path(call, offer)
        call.handed_at, call.talking_since = house.clock.now(), None
        call.offered_to = offer.agents[0] if len(offer.agents) == 1 else None
        variables = {
            "CCD_RING": f"{offer.ring_s:g}",
            "CCD_MUSIC": self._music(),
            "CCD_RECORD": house.asterisk_path(call.recording),
            "CCD_QUEUE": _native(offer.queue),
            **self._state(),
            **offering.variables(house, call, offer),
            "CCD_DIAL": "&".join(offer.devices),
            "CCD_NEXT": "dial",  # last: a long dial list takes several commands, and we may die between two
        }
        try:
            await self._session.set_variables(variables)
        except CcdError:
            house.dispatcher.feed(OfferFailed(call_id=call.call_id, offer_id=offer.offer_id))
            raise

    def _music(self) -> str:
        config = self._house.config
        queue = config.queues.get(self._call.queue or "")
        return (queue.music if queue else None) or config.asterisk.music

    def _state(self) -> dict[str, str]:
        return self._call.state(self._house.epoch)


def is_given_back(call: LiveCall) -> bool:
    """Whether the phone to which an agent sent the caller did not take them."""
    return call.place.startswith(f"{Straight.TRANSFER}/")


def _native(queue: QueueName | None) -> str:
    """Name Asterisk's own queue for the time when ccd is missing; of an agent's line there is none."""
    return "" if queue is None or is_direct(queue) else queue
