"""The places of promises in the queues' lines, and what the engine decides about them."""

from collections.abc import Awaitable, Callable
from datetime import timedelta

from ccd.calls.book import CalledBack, LiveCall
from ccd.calls.callbacks import policy
from ccd.calls.callbacks.attempt import MARGIN_S, Attempt, Manager
from ccd.calls.callbacks.kept import Kept, Phase
from ccd.calls.callbacks.register import Register
from ccd.calls.house import House
from ccd.commands import Command, EndWait, OfferCall, WithdrawOffer
from ccd.config.callbacks import Callback as Terms
from ccd.events import CallerJoined, CallerLeft
from ccd.history import CallbackTried, CallStarted
from ccd.ivr.book import Straight
from ccd.ivr.ports import Caller
from ccd.model import CallId, ChannelId, Direction, QueueOutcome
from ccd.storage.callbacks import CallbackStatus

CALENDAR_S = 15.0
"""How often calendars, and a configuration that may be new, are looked at while there is a promise."""


class Places:
    """Who stands in line for somebody who is not on the line."""

    def __init__(self, house: House, register: Register, ami: Manager) -> None:
        self._house = house
        self._register = register
        self._ami = ami
        self.dial_customer: Callable[[Kept], Awaitable[None]]
        """Dials the customer of an attempt; see `tries`."""

    async def dial(self, kept: Kept) -> None:
        """Dial the customer."""
        await self.dial_customer(kept)

    def review(self, kept: Kept) -> None:
        """See whether a promise is to be in the line, or is over."""
        if kept.phase not in {Phase.RESTING, Phase.IN_LINE}:
            return
        terms, now = self._register.terms(kept.stored.queue), self._register.now()
        over = "queue_gone" if terms is None else "expired" if now >= kept.stored.expires_at else ""
        if terms is None or over:
            self.leave(kept, QueueOutcome.CANCELLED)
            self._register.end(kept, CallbackStatus.FAILED, over)
            return
        early = kept.stored.not_before is not None and now < kept.stored.not_before
        due = not early and policy.is_open(self._house, kept.stored.queue, terms, now)
        if due and kept.phase is Phase.RESTING:
            self._register.shelf.name_call(
                kept, CallId(f"callback-{kept.stored.id}-{round(now.timestamp() * 1000)}")
            )
            self._join(kept, terms)
        elif not due and kept.phase is Phase.IN_LINE:
            self.leave(kept, QueueOutcome.CANCELLED)

    def _join(self, kept: Kept, terms: Terms) -> None:
        kept.phase, kept.attempt = Phase.IN_LINE, None
        stored = kept.stored
        self._house.dispatcher.feed(
            CallerJoined(
                call_id=kept.call_id,
                queue=stored.queue,
                channel=ChannelId(kept.call_id),
                number=stored.number,
                joined_at=self._house.instant(stored.joined_at.timestamp()),
                priority=stored.priority,
                needs=stored.needs,
                callback=True,
                callback_s=terms.ring_s + MARGIN_S,
            )
        )

    def leave(self, kept: Kept, outcome: QueueOutcome, *, close: bool = True, exten: str = "over") -> None:
        """Take a promise out of the line, and end the call that was to be made; agents who wait hear why."""
        attempt, kept.attempt = kept.attempt, None
        kept.phase = Phase.RESTING
        self._house.dispatcher.feed(CallerLeft(call_id=kept.call_id, outcome=outcome))
        call = self._house.book.get(kept.call_id)
        if call is not None and close:
            self._house.caller_gone(call, 0)
        if attempt is not None:
            self._register.spawn(attempt.dismiss(exten))
        self._register.shelf.news.set()

    def takes(self, command: Command) -> bool:
        """Perform a command of the engine if it is about a promise whose customer is not on the line."""
        if not isinstance(command, OfferCall | WithdrawOffer | EndWait):
            return False
        kept = self._register.shelf.by_call.get(command.call_id)
        if kept is None:
            return False
        match command:
            case OfferCall() if kept.phase is Phase.IN_LINE:
                self._offered(kept, command)
            case WithdrawOffer():
                self._withdrawn(kept)
            case EndWait():
                kept.phase = Phase.RESTING
                self._register.put(kept, not_before=self._register.now() + timedelta(seconds=CALENDAR_S))
            case _:
                return False
        return True

    def _withdrawn(self, kept: Kept) -> None:
        """Let go of an agent who is not there any more; a customer who is being called has the next one."""
        if (attempt := kept.attempt) is not None:
            attempt.withdrawn = True
            self._register.spawn(attempt.dismiss("over"))

    def _offered(self, kept: Kept, offer: OfferCall) -> None:
        call = self._house.book.get(kept.call_id) or self._open_call(kept)
        call.offers += 1
        call.offer_id = offer.offer_id
        kept.phase = Phase.OFFERED
        kept.attempt = attempt = Attempt(self._house, self._ami, kept, call, offer)
        self._register.spawn(attempt.run(self._register.terms(kept.stored.queue) or Terms(), self))

    def _open_call(self, kept: Kept) -> LiveCall:
        """Enter the call that will be made: its record begins with the first offer."""
        house, stored = self._house, kept.stored
        terms, now = self._register.terms(stored.queue) or Terms(), house.clock.now()
        call = LiveCall(
            caller=Caller(
                call_id=kept.call_id, number=stored.number, called=stored.number, language=stored.language
            ),
            channel=ChannelId(kept.call_id),
            channel_name="",
            started_at=now,
            began_at=now,
            place=str(Straight.QUEUE.place(stored.queue)),
            queue=stored.queue,
            joined_at=house.instant(stored.joined_at.timestamp()),
            priority=stored.priority,
            needs=stored.needs,
            callback=CalledBack(promise=stored.id, attempt=stored.tries + 1),
        )
        house.book.open(call)
        house.scribe.note(
            CallStarted(
                call_id=call.call_id,
                at=now,
                channel="",
                linkedid=call.call_id,
                number=stored.number,
                name="",
                called=stored.number,
                language=stored.language,
                direction=Direction.OUTBOUND,
            )
        )
        house.scribe.note(
            CallbackTried(
                call_id=call.call_id,
                at=now,
                callback=stored.id,
                queue=stored.queue,
                of=stored.call_id,
                attempt=stored.tries + 1,
                order=terms.order,
            )
        )
        return call

    def give_back(self, kept: Kept) -> None:
        """Put a promise back into its place: no agent took it."""
        terms = self._register.terms(kept.stored.queue)
        if terms is None:
            self.leave(kept, QueueOutcome.CANCELLED)
            return
        call = self._house.book.get(kept.call_id)
        if call is not None:
            call.offer_id = None
        self._join(kept, terms)
