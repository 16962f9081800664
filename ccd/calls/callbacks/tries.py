"""The tries to reach a customer: dialled once each, and resolved whatever was lost on the way."""

from dataclasses import replace
from datetime import timedelta

import structlog

from ccd.ami.originate import Origination
from ccd.calls.callbacks import policy
from ccd.calls.callbacks.attempt import CONTEXT, Manager, let_go
from ccd.calls.callbacks.connect import entry_of
from ccd.calls.callbacks.kept import BEING_CALLED, Kept, Phase
from ccd.calls.callbacks.places import CALENDAR_S, Places
from ccd.calls.callbacks.register import Register
from ccd.calls.house import House
from ccd.config.callbacks import Callback as Terms
from ccd.errors import AmiUnknownOutcomeError, CcdError
from ccd.events import CallerLeft
from ccd.model import DialStatus, QueueOutcome
from ccd.outbound.policy import Allowed, Who
from ccd.storage.callbacks import CallbackStatus

log = structlog.get_logger(__name__)

NOT_DIALLED_S = 15.0
"""After a try that came to nothing by our side's fault: the link was down, the database locked."""


class Tries:
    """Who dials customers."""

    def __init__(self, house: House, register: Register, places: Places, ami: Manager) -> None:
        self._house = house
        self._register = register
        self._places = places
        self._ami = ami
        places.dial_customer = self.dial

    async def dial(self, kept: Kept) -> None:
        """Dial the customer: it is stored first that we do, and how Asterisk can be asked whether we did."""
        house, stored = self._house, kept.stored
        terms, call = self._register.terms(stored.queue) or Terms(), house.book.get(kept.call_id)
        if call is None or call.callback is None:
            return
        told = house.outgoing.ask(call.call_id, stored.number, Who(queue=stored.queue))
        if not isinstance(told, Allowed):
            await self._not_allowed(kept, told.reason)
            return
        kept.phase = Phase.DIALLING
        written = await self._register.put_now(
            kept, status=CallbackStatus.DIALLING, tries=stored.tries + 1, last_call_id=kept.call_id
        )
        if not written:
            self._not_dialled(kept)
            return
        if kept.unwanted:  # they called again while it was written
            self.failed(kept)
            return
        token = replace(call.token(house.epoch), offer_id=None, agent=None)
        try:
            status = await self._ami.originate(
                Origination(
                    dial=told.target,
                    channel_id=call.channel,
                    context=CONTEXT,
                    exten="customer",
                    ring_s=terms.ring_s,
                    caller_number=terms.caller_id or told.caller_id,
                    variables={
                        "CCD_STATE": token.encode(),
                        "CCD_ENTRY": entry_of(call, reached=False),
                        "CCD_NUMBER": stored.number,
                        "CCD_QUEUE": stored.queue,
                    },
                )
            )
        except AmiUnknownOutcomeError as problem:
            log.warning("whether a customer is called is not known", callback=stored.id, reason=str(problem))
            if kept.phase is Phase.DIALLING:
                kept.phase = Phase.ASKING
        except CcdError as problem:
            log.warning("a customer could not be called", callback=stored.id, reason=str(problem))
            self._not_dialled(kept)
        else:
            if status is not DialStatus.ANSWER:
                log.info("customer not reached", callback=stored.id, status=status.value)
                self.failed(kept)

    async def _not_allowed(self, kept: Kept, reason: str) -> None:
        """End a promise that the policy no longer allows, or let it wait where it may be allowed later."""
        if policy.may_call(self._house, kept.stored.queue, kept.stored.number):
            self._places.leave(kept, QueueOutcome.CANCELLED)
            self._register.put(kept, not_before=self._register.now() + timedelta(seconds=CALENDAR_S))
            return
        log.warning("a callback is not allowed any more", callback=kept.stored.id, reason=reason)
        self._places.leave(kept, QueueOutcome.CANCELLED)
        await self._register.close(kept, CallbackStatus.FAILED, "not_allowed")

    def _not_dialled(self, kept: Kept) -> None:
        """Nobody was called, by no fault of the customer: the try does not count."""
        if kept.phase is not Phase.DIALLING:
            return
        self._places.leave(kept, QueueOutcome.CANCELLED)
        self._register.put(
            kept,
            status=CallbackStatus.WAITING,
            tries=kept.stored.tries - 1,
            not_before=self._register.now() + timedelta(seconds=NOT_DIALLED_S),
        )

    def call_off(self, kept: Kept, reason: str) -> None:
        """Stop calling the customer: agents are let go now, the promise is closed when it is silent."""
        kept.unwanted = reason
        self._house.dispatcher.feed(CallerLeft(call_id=kept.call_id, outcome=QueueOutcome.CANCELLED))
        self._register.spawn(let_go(self._ami, kept.call_id, ""))

    def failed(self, kept: Kept, *, close: bool = True) -> None:
        """Have another try later, or none: the customer did not answer, was no person, or called again."""
        if kept.phase not in BEING_CALLED:
            return
        if kept.unwanted:
            self._places.leave(kept, QueueOutcome.CANCELLED, close=close)
            self._register.end(kept, CallbackStatus.CANCELLED, kept.unwanted)
            return
        terms = self._register.terms(kept.stored.queue) or Terms()
        self._places.leave(kept, QueueOutcome.NOT_REACHED, close=close, exten="missed")
        if kept.stored.tries >= terms.tries:
            self._register.end(kept, CallbackStatus.FAILED, "tries")
        else:
            later = self._register.now() + timedelta(seconds=terms.retry_after_s)
            self._register.put(kept, status=CallbackStatus.WAITING, not_before=later)
