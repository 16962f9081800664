"""What Asterisk tells over AMI, passed on in order: to the engine first, then to the book of calls."""

import asyncio
from collections.abc import Callable, Collection
from dataclasses import replace

from ccd.calls import keys
from ccd.calls.book import Consulted, LiveCall
from ccd.calls.house import House
from ccd.calls.opening import find_again, note_unseen, take_answer
from ccd.events import (
    CallerHandedOver,
    CallerLeft,
    ChannelGone,
    ConferenceBegan,
    Event,
    KeyPressed,
    LegEnded,
    LiveChannel,
    Synchronised,
)
from ccd.history import SentOn
from ccd.ivr.ports import Place
from ccd.model import LOOP_CONTEXT, ChannelId, DialStatus, QueueOutcome

ASK_S = 0.1
"""How long the session of a caller of whom AMI told that they are gone may still be on its way to us."""


class PhoneEvents:
    """The one listener of the AMI client."""

    def __init__(self, house: House) -> None:
        self._house = house
        self.watchers: list[Callable[[ChannelId], None]] = []
        """Called with every channel that is gone, for those who began one of their own."""
        self.surveyors: list[Callable[[Collection[LiveChannel]], None]] = []
        """Called with the channels that exist, after every (re)connect."""

        self.when_synchronised: list[Callable[[], None]] = []
        """Called when Asterisk has been asked what exists, after every (re)connect."""

    def __call__(self, event: Event) -> None:
        """Take one event."""
        house = self._house
        if isinstance(event, KeyPressed):
            keys.pressed(house, event)
            return
        if isinstance(event, CallerHandedOver):
            self._handed_over(event)
            return
        if isinstance(event, ConferenceBegan):
            event = self._named(event)
        if isinstance(event, Synchronised):
            for found in event.channels:
                find_again(house, found)
        house.dispatcher.feed(event)
        match event:
            case ChannelGone():
                self._channel_gone(event)
            case LegEnded(caller=caller, status=DialStatus.ANSWER):
                now = house.clock.now()
                if (call := house.book.note_answer(caller, now)) is not None:
                    take_answer(house, call, now)
            case Synchronised():
                self._synchronised(event)
            case _:
                pass

    def _named(self, event: ConferenceBegan) -> ConferenceBegan:
        """Say who was taken in, by what the agent dialled: Asterisk does not always name them."""
        call = self._house.book.of_channel(event.caller)
        return event if call is None or not call.consulting else replace(event, number=call.consulting)

    def _handed_over(self, event: CallerHandedOver) -> None:
        """Tell the record who has the caller from now on, until their Dial, or the call, is over."""
        house, now = self._house, self._house.clock.now()
        call = house.book.of_channel(event.caller)
        if call is None or call.dialled is not None:
            return  # what a phone dialled goes on, with somebody else
        agent, number = call.caller.agent, (event.by_keys and call.consulting) or event.number
        house.scribe.note(SentOn(call_id=call.call_id, at=now, agent=agent, to=number))
        call.consulting = ""
        consultation = house.book.consultation(event.target, call)
        waits = consultation is not None and consultation.talk is None and consultation.talking_since is None
        if consultation is not None and consultation.place and waits:
            self._take_the_place_of(consultation, call)
            return
        call.outside, call.talking_since = number, now
        call.consulted = None if consultation is None else self._consulted(consultation)

    def _consulted(self, consultation: LiveCall) -> Consulted | None:
        """Tell which agent was consulted in a queue; None: it was nobody of ours."""
        talk = consultation.talk
        if talk is None:
            return None
        wrap_up_s = self._house.dispatcher.engine.wrap_up_s(talk.agent, talk.queue)
        return Consulted(consultation.call_id, talk.agent, wrap_up_s)

    def _take_the_place_of(self, consultation: LiveCall, call: LiveCall) -> None:
        """Let the caller wait where their agent waited for somebody to consult: nobody has answered yet."""
        consultation.replaced = True
        call.sent_to = Place.parse(consultation.place)
        left = CallerLeft(call_id=consultation.call_id, outcome=QueueOutcome.TRANSFERRED)
        self._house.dispatcher.feed(left)
        self._house.interrupt(call)

    def _channel_gone(self, event: ChannelGone) -> None:
        house = self._house
        for watcher in self.watchers:
            watcher(event.channel)
        call = house.book.depart(event.channel)
        if call is not None:
            house.caller_gone(call, event.cause)
        elif event.context == LOOP_CONTEXT:
            at = house.clock.now()
            asyncio.get_running_loop().call_later(ASK_S, note_unseen, house, event, at)

    def _synchronised(self, event: Synchronised) -> None:
        """Let everybody see what exists."""
        self._close_what_is_gone(event)
        for surveyor in self.surveyors:
            surveyor(event.channels)
        for react in self.when_synchronised:
            react()

    def _close_what_is_gone(self, event: Synchronised) -> None:
        """End the calls whose channel Asterisk no longer has; their hang-up was never told."""
        alive = {channel.channel for channel in event.channels}
        for call in list(self._house.book):
            if call.callback is not None and call.callback.absent:
                continue
            if call.channel not in alive and (event.asked_at is None or call.began_at < event.asked_at):
                self._house.caller_gone(call, 0)
