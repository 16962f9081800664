"""Every promise from its making to its end: who takes a place in the line, who is called, what is stored.

What is written before it is done: the promise before the caller is told; a try before the customer is
dialled; that the customer was reached before they are connected. So after a kill each promise is waiting, or
was being dialled and is resolved by asking Asterisk for the channel, or is done.
"""

import asyncio
from collections.abc import Collection, Coroutine, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import structlog

from ccd.agi.session import Session
from ccd.ami.originate import Origination
from ccd.calls.book import CalledBack, LastStay, LiveCall
from ccd.calls.callbacks import policy
from ccd.calls.callbacks.attempt import CONTEXT, LEG, MARGIN_S, Attempt, Leg, Manager, let_go
from ccd.calls.callbacks.connect import Connect, entry_of
from ccd.calls.callbacks.kept import Kept, Phase, Shelf
from ccd.calls.house import House
from ccd.calls.voice import SessionVoice
from ccd.commands import Command, EndWait, OfferCall, WithdrawOffer
from ccd.config.callbacks import Callback as Terms
from ccd.config.callbacks import DropWhen
from ccd.errors import AgiHangupError, AmiUnknownOutcomeError, CcdError, RefusedError, StorageError
from ccd.events import CallerJoined, CallerLeft, DialReturned, LiveChannel
from ccd.history import CallbackRequested, CallbackTried, CallStarted
from ccd.ivr.book import Straight
from ccd.ivr.ports import Caller, Promise
from ccd.model import CallId, ChannelId, DialStatus, Direction, QueueName, QueueOutcome
from ccd.outbound.policy import Allowed, Who
from ccd.storage.callbacks import Callback, CallbackStatus, NewCallback
from ccd.storage.store import Store

log = structlog.get_logger(__name__)

NOT_DIALLED_S = 15.0
"""After a try that came to nothing by our side's fault: the link was down, the database locked."""
CALENDAR_S = 15.0
"""How often calendars, and a configuration that may be new, are looked at while there is a promise."""
SAVE_AGAIN_S = 1.0
IDLE_S = 600.0


class Desk:
    """All promises of a daemon."""

    def __init__(self, house: House, store: Store, ami: Manager) -> None:
        self._house = house
        self._store = store
        self._ami = ami
        self._shelf = Shelf()
        self._tasks: set[asyncio.Task[None]] = set()

    # ------------------------------------------------------------ from start to stop

    async def load(self) -> None:
        """Take up what an earlier process promised; before Asterisk is asked what exists."""
        async with self._store.reading() as tx:
            for stored in await tx.callbacks.open():
                dialling = stored.status is CallbackStatus.DIALLING
                self._shelf.add(
                    Kept(
                        stored=stored,
                        phase=Phase.ASKING if dialling else Phase.RESTING,
                        call_id=stored.last_call_id or CallId("") if dialling else CallId(""),
                    )
                )

    async def run(self) -> None:
        """Put promises into the line when it is their time, end those that are past it; until cancelled."""
        while True:
            self._shelf.news.clear()
            for kept in list(self._shelf.by_id.values()):
                self._review(kept)
            await self._save_all()
            try:
                async with asyncio.timeout(self._pause_s()):
                    await self._shelf.news.wait()
            except TimeoutError:
                pass

    def synchronised(self, channels: Collection[LiveChannel]) -> None:
        """Resolve the tries of which nothing is known: whose channel is not there is not being called.

        Agents who wait for a customer of an earlier process are let go: they are free for that very customer.
        """
        alive = {channel.channel for channel in channels}
        for kept in list(self._shelf.by_id.values()):
            if kept.phase is Phase.ASKING and ChannelId(kept.call_id) not in alive:
                self._try_failed(kept)
        ours = {leg.channel for attempt in self._attempts() for leg in attempt.legs}
        for channel in channels:
            waits = channel.channel.startswith(LEG) and not channel.bridge
            if waits and channel.channel not in ours:
                self._spawn(let_go(self._ami, channel.name, "over" if channel.state == "Up" else ""))

    def channel_gone(self, channel: ChannelId) -> None:
        """Take in that a channel is gone: a customer's who was not reached, or an agent's."""
        kept = self._shelf.by_call.get(CallId(channel))
        if kept is not None and kept.phase in {Phase.DIALLING, Phase.ASKING}:
            self._try_failed(kept, close=False)  # the book is closed by whoever told us
            return
        for each in self._attempts():
            each.channel_gone(channel)

    def _attempts(self) -> list[Attempt]:
        return [kept.attempt for kept in self._shelf.by_id.values() if kept.attempt is not None]

    def _pause_s(self) -> float:
        if self._shelf.unsaved:
            return SAVE_AGAIN_S
        now = self._now()
        dates = [
            date
            for kept in self._shelf.by_id.values()
            for date in (kept.stored.not_before, kept.stored.expires_at)
            if date is not None and date > now
        ]
        due_s = min(((date - now).total_seconds() for date in dates), default=IDLE_S)
        return max(0.05, min(due_s, CALENDAR_S if self._shelf.by_id else IDLE_S))

    def _now(self) -> datetime:
        return self._house.clock.wall(self._house.clock.now())

    def _spawn(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.ensure_future(work)
        self._tasks.add(task)
        task.add_done_callback(self._done)

    def _done(self, task: asyncio.Task[None]) -> None:
        self._tasks.discard(task)
        if not task.cancelled() and (error := task.exception()) is not None:
            log.error("a callback failed by a fault of ours", exc_info=error)

    # ------------------------------------------------------------ storage

    def _put(self, kept: Kept, **changes: Any) -> None:
        """Change what is stored of a promise; written soon, and again until the database takes it."""
        kept.stored = replace(kept.stored, **changes)
        self._shelf.unsaved[kept.stored.id] = kept.stored
        self._shelf.news.set()

    async def _put_now(self, kept: Kept, **changes: Any) -> bool:
        """Change what is stored of a promise; whether it is written when this returns."""
        kept.stored = stored = replace(kept.stored, **changes)
        try:
            async with self._store.unit() as tx:
                await tx.callbacks.save(stored)
        except StorageError as problem:
            log.warning("a callback is not stored yet", callback=stored.id, reason=str(problem))
            self._shelf.unsaved[stored.id] = stored
            return False
        self._shelf.unsaved.pop(stored.id, None)
        return True

    async def _save_all(self) -> None:
        for stored in list(self._shelf.unsaved.values()):
            try:
                async with self._store.unit() as tx:
                    await tx.callbacks.save(stored)
            except StorageError as problem:
                log.warning("callbacks are not stored yet", reason=str(problem))
                return
            if self._shelf.unsaved.get(stored.id) is stored:
                del self._shelf.unsaved[stored.id]

    # ------------------------------------------------------------ terms

    def terms(self, queue: str) -> Terms | None:
        """Give how a queue calls back; None: it does not."""
        configured = self._house.config.queues.get(queue)
        return None if configured is None else configured.callback

    def _terms(self, queue: str) -> Terms | None:
        """Give on what terms promises are kept: they outlive a section that was taken away."""
        configured = self._house.config.queues.get(queue)
        return None if configured is None else configured.callback or Terms()

    def may_call(self, queue: str, number: str) -> bool:
        """Whether a number may be promised a call back."""
        return policy.may_call(self._house, queue, number)

    # ------------------------------------------------------------ promises

    async def promise(self, call: LiveCall, queue: QueueName, number: str) -> Promise:
        """Store a promise; the caller keeps the place that they had, else they have that of now."""
        house = self._house
        if self.terms(queue) is None or not self.may_call(queue, number):
            return Promise.REFUSED
        stay = call.last_stay if call.last_stay is not None and call.last_stay.queue == queue else None
        new = self._wish(queue, number, language=call.caller.language, call_id=call.call_id, stay=stay)
        try:
            kept, is_new = await self._keep(new)
        except StorageError as problem:
            log.warning("no callback promised", call=call.call_id, reason=str(problem))
            return Promise.REFUSED
        if not is_new:
            return Promise.GIVEN_BEFORE
        call.last_stay = None
        house.scribe.note(
            CallbackRequested(
                call_id=call.call_id,
                at=house.clock.now(),
                callback=kept.stored.id,
                queue=queue,
                number=number,
                waited=stay is not None,
            )
        )
        return Promise.GIVEN

    def _wish(
        self,
        queue: QueueName,
        number: str,
        *,
        language: str,
        call_id: CallId | None = None,
        stay: LastStay | None = None,
    ) -> NewCallback:
        house, now, terms = self._house, self._now(), self._terms(queue)
        hours = (terms or Terms()).expire_after_h
        return NewCallback(
            queue=queue,
            number=number,
            requested_at=now,
            joined_at=now if stay is None else house.clock.wall(stay.joined_at),
            expires_at=now + timedelta(hours=hours),
            priority=house.config.queues[queue].priority if stay is None else stay.priority,
            needs={} if stay is None else dict(stay.needs),
            language=language,
            call_id=call_id,
        )

    async def _keep(self, new: NewCallback) -> tuple[Kept, bool]:
        """Store a promise unless there is one; whether it is new."""
        for kept in self._shelf.of_number(new.number):
            if kept.stored.queue == new.queue:
                return kept, False
        async with self._store.unit() as tx:
            stored, is_new = await tx.callbacks.add(new)
        kept = self._shelf.by_id.get(stored.id) or Kept(stored=stored, call_id=CallId(""))
        if stored.id not in self._shelf.by_id:
            self._shelf.add(kept)
        log.info("callback promised", callback=stored.id, queue=stored.queue, number=stored.number)
        return kept, is_new

    async def called_again(self, number: str, queue: QueueName) -> LastStay | None:
        """Take who calls again off the list; give the place that they had in this queue or another."""
        place: LastStay | None = None
        for kept in self._shelf.of_number(number):
            terms = self._terms(kept.stored.queue) or Terms()
            same = kept.stored.queue == queue
            if terms.drop_on_new_call is DropWhen.NEVER or not (
                same or terms.drop_on_new_call is DropWhen.ANY
            ):
                continue
            if kept.phase in {Phase.DIALLING, Phase.ASKING}:
                kept.unwanted = "called_again"
                continue
            stored = kept.stored
            place = LastStay(
                queue=queue,
                joined_at=self._house.instant(stored.joined_at.timestamp()),
                priority=stored.priority,
                needs=stored.needs,
            )
            self._leave(kept, QueueOutcome.CANCELLED)
            await self._close(kept, CallbackStatus.CANCELLED, "called_again")
        return place

    async def _close(self, kept: Kept, status: CallbackStatus, reason: str) -> None:
        """End a promise."""
        kept.phase = Phase.CLOSED
        self._shelf.remove(kept)
        log.info("callback closed", callback=kept.stored.id, status=status.value, reason=reason)
        await self._put_now(kept, status=status, reason=reason, closed_at=self._now())

    # ------------------------------------------------------------ the line

    def _review(self, kept: Kept) -> None:
        """See whether a promise is to be in the line, or is over."""
        if kept.phase not in {Phase.RESTING, Phase.IN_LINE}:
            return
        terms, now = self._terms(kept.stored.queue), self._now()
        over = "queue_gone" if terms is None else "expired" if now >= kept.stored.expires_at else ""
        if terms is None or over:
            self._leave(kept, QueueOutcome.CANCELLED)
            self._spawn(self._close(kept, CallbackStatus.FAILED, over))
            return
        early = kept.stored.not_before is not None and now < kept.stored.not_before
        due = not early and policy.is_open(self._house, kept.stored.queue, terms, now)
        if due and kept.phase is Phase.RESTING:
            self._shelf.name_call(kept, CallId(f"callback-{kept.stored.id}-{round(now.timestamp() * 1000)}"))
            self._join(kept, terms)
        elif not due and kept.phase is Phase.IN_LINE:
            self._leave(kept, QueueOutcome.CANCELLED)

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

    def _leave(self, kept: Kept, outcome: QueueOutcome, *, close: bool = True, exten: str = "over") -> None:
        """Take a promise out of the line, and end the call that was to be made; agents who wait hear why."""
        attempt, kept.attempt = kept.attempt, None
        kept.phase = Phase.RESTING
        self._house.dispatcher.feed(CallerLeft(call_id=kept.call_id, outcome=outcome))
        call = self._house.book.get(kept.call_id)
        if call is not None and close:
            self._house.caller_gone(call, 0)
        if attempt is not None:
            self._spawn(attempt.dismiss(exten))
        self._shelf.news.set()

    def takes(self, command: Command) -> bool:
        """Perform a command of the engine if it is about a promise whose customer is not on the line."""
        if not isinstance(command, OfferCall | WithdrawOffer | EndWait):
            return False
        kept = self._shelf.by_call.get(command.call_id)
        if kept is None:
            return False
        match command:
            case OfferCall() if kept.phase is Phase.IN_LINE:
                self._offered(kept, command)
            case WithdrawOffer():
                self._withdrawn(kept)
            case EndWait():
                kept.phase = Phase.RESTING
                self._put(kept, not_before=self._now() + timedelta(seconds=CALENDAR_S))
            case _:
                return False
        return True

    def _withdrawn(self, kept: Kept) -> None:
        """Let go of an agent who is not there any more; a customer who is being called has the next one."""
        if (attempt := kept.attempt) is not None:
            attempt.withdrawn = True
            if kept.phase is Phase.OFFERED:
                self._spawn(attempt.dismiss("over"))

    def _offered(self, kept: Kept, offer: OfferCall) -> None:
        call = self._house.book.get(kept.call_id) or self._open_call(kept)
        call.offers += 1
        call.offer_id = offer.offer_id
        kept.phase = Phase.OFFERED
        kept.attempt = attempt = Attempt(self._house, self._ami, kept, call, offer)
        self._spawn(attempt.run(self._terms(kept.stored.queue) or Terms(), self))

    def _open_call(self, kept: Kept) -> LiveCall:
        """Enter the call that will be made: its record begins with the first offer."""
        house, stored = self._house, kept.stored
        terms, now = self._terms(stored.queue) or Terms(), house.clock.now()
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
        terms = self._terms(kept.stored.queue)
        if terms is None:
            self._leave(kept, QueueOutcome.CANCELLED)
            return
        call = self._house.book.get(kept.call_id)
        if call is not None:
            call.offer_id = None
        self._join(kept, terms)

    # ------------------------------------------------------------ the customer

    async def dial(self, kept: Kept) -> None:
        """Dial the customer: it is stored first that we do, and how Asterisk can be asked whether we did."""
        house, stored = self._house, kept.stored
        terms, call = self._terms(stored.queue) or Terms(), house.book.get(kept.call_id)
        if call is None or call.callback is None:
            return
        told = house.outgoing.ask(call.call_id, stored.number, Who(queue=stored.queue))
        if not isinstance(told, Allowed):
            await self._not_allowed(kept, told.reason)
            return
        kept.phase = Phase.DIALLING
        written = await self._put_now(
            kept, status=CallbackStatus.DIALLING, tries=stored.tries + 1, last_call_id=kept.call_id
        )
        if not written:
            self._not_dialled(kept)
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
                self._try_failed(kept)

    async def _not_allowed(self, kept: Kept, reason: str) -> None:
        """End a promise that the policy no longer allows, or let it wait where it may be allowed later."""
        if self.may_call(kept.stored.queue, kept.stored.number):
            self._leave(kept, QueueOutcome.CANCELLED)
            self._put(kept, not_before=self._now() + timedelta(seconds=CALENDAR_S))
            return
        log.warning("a callback is not allowed any more", callback=kept.stored.id, reason=reason)
        self._leave(kept, QueueOutcome.CANCELLED)
        await self._close(kept, CallbackStatus.FAILED, "not_allowed")

    def _not_dialled(self, kept: Kept) -> None:
        """Nobody was called, by no fault of the customer: the try does not count."""
        if kept.phase is not Phase.DIALLING:
            return
        self._leave(kept, QueueOutcome.CANCELLED)
        self._put(
            kept,
            status=CallbackStatus.WAITING,
            tries=kept.stored.tries - 1,
            not_before=self._now() + timedelta(seconds=NOT_DIALLED_S),
        )

    def _try_failed(self, kept: Kept, *, close: bool = True) -> None:
        """Have another try later, or none: the customer did not answer, or was no person."""
        if kept.phase not in {Phase.DIALLING, Phase.ASKING}:
            return
        terms = self._terms(kept.stored.queue) or Terms()
        self._leave(kept, QueueOutcome.NOT_REACHED, close=close, exten="missed")
        if kept.unwanted:
            self._spawn(self._close(kept, CallbackStatus.CANCELLED, kept.unwanted))
        elif kept.stored.tries >= terms.tries:
            self._spawn(self._close(kept, CallbackStatus.FAILED, "tries"))
        else:
            later = self._now() + timedelta(seconds=terms.retry_after_s)
            self._put(kept, status=CallbackStatus.WAITING, not_before=later)

    # ------------------------------------------------------------ sessions

    async def answered(self, call: LiveCall, session: Session) -> bool:
        """Meet a customer who answered; True: they go on as a caller, False: the dialplan was told."""
        connect, kept = Connect(self._house, call, session), self._shelf.by_call.get(call.call_id)
        made = call.callback
        if made is None or kept is None or kept.phase not in {Phase.DIALLING, Phase.ASKING}:
            if made is not None:
                made.absent, made.reached = False, True
            return True
        made.absent, call.channel_name = False, session.request.channel
        terms = self._terms(kept.stored.queue) or Terms()
        attempt = kept.attempt
        agent = attempt.agent if attempt is not None else None
        if terms.confirm_answer and not await connect.is_a_person():
            await connect.give_up()
            self._try_failed(kept)
            return False
        if agent is None and not terms.confirm_answer:
            await connect.greet()
        return await self._reached(kept, call, connect)

    async def _reached(self, kept: Kept, call: LiveCall, connect: Connect) -> bool:
        """Keep the promise: it is stored before they are connected."""
        attempt, kept.attempt = kept.attempt, None
        kept.phase = Phase.CLOSED
        self._shelf.remove(kept)
        if call.callback is not None:
            call.callback.reached = True
        agent = attempt.agent if attempt is not None else None
        await self._put_now(
            kept,
            status=CallbackStatus.DONE,
            closed_at=self._now(),
            agent=None if agent is None else agent.agent,
        )
        if attempt is not None and attempt.agent is not None:
            await connect.join(attempt.offer, attempt.agent)
            return False
        await connect.mark_reached()
        if attempt is None or attempt.taken is not None or attempt.withdrawn:
            self._forget_offer(call)
        else:
            call.post(attempt.offer)
        return True

    def _forget_offer(self, call: LiveCall) -> None:
        """Let the customer have the next agent: the one who was to be theirs is gone."""
        if call.offer_id is not None:
            self._house.dispatcher.feed(
                DialReturned(call_id=call.call_id, offer_id=call.offer_id, status=DialStatus.CANCEL)
            )
            call.offer_id = None

    async def agent_session(self, session: Session) -> None:
        """Speak with an agent whose phone was rung for a callback."""
        what = (*session.request.args, "")[0]
        channel = ChannelId(session.request.uniqueid)
        try:
            for attempt in self._attempts() if what == "agent" else ():
                for leg in attempt.legs:
                    if leg.channel == channel and await self._agent_waits(attempt, leg, session):
                        return
            house = self._house
            prompt = "callback-no-answer" if what == "missed" else "callback-over"
            sounds = house.design.catalogue.sounds(prompt, house.config.language)
            await SessionVoice(session).play(sounds)
        except AgiHangupError:
            return

    async def _agent_waits(self, attempt: Attempt, leg: Leg, session: Session) -> bool:
        terms = self._terms(attempt.offer.queue) or Terms()
        return await attempt.agent_answered(leg, session, terms.ring_s + MARGIN_S)

    # ------------------------------------------------------------ operators

    def counts(self) -> dict[str, int]:
        """Count the open promises by where they stand: `waiting`, `dialling`."""
        dialling = sum(kept.phase in {Phase.DIALLING, Phase.ASKING} for kept in self._shelf.by_id.values())
        return {"waiting": len(self._shelf.by_id) - dialling, "dialling": dialling}

    def phase(self, id_: int) -> str:
        """Give where an open promise stands; empty for one that is closed."""
        kept = self._shelf.by_id.get(id_)
        return "" if kept is None else kept.phase.value

    async def add(self, queue: QueueName, number: str) -> Callback:
        """Promise by hand, with the place of now; `RefusedError` says why not."""
        if self._terms(queue) is None or self.terms(queue) is None:
            raise RefusedError(f"the queue {queue!r} calls nobody back: give it `callback: {{}}`")
        if not self.may_call(queue, number):
            raise RefusedError(f"outbound in ccd.yaml does not allow {number!r}")
        kept, is_new = await self._keep(self._wish(queue, number, language=self._house.config.language))
        if not is_new:
            raise RefusedError(f"{number} is on the list already: callback {kept.stored.id}")
        return kept.stored

    async def cancel(self, id_: int) -> Callback:
        """Take a promise back; `RefusedError` while the customer is being called, or when it is closed."""
        kept = await self._open_one(id_)
        if kept.phase in {Phase.DIALLING, Phase.ASKING}:
            raise RefusedError(f"callback {id_}: the customer is being called just now")
        self._leave(kept, QueueOutcome.CANCELLED)
        await self._close(kept, CallbackStatus.CANCELLED, "operator")
        return kept.stored

    async def now(self, id_: int) -> Callback:
        """Let the next try be made as soon as an agent is free, without waiting for its time."""
        kept = await self._open_one(id_)
        if kept.phase in {Phase.DIALLING, Phase.ASKING}:
            raise RefusedError(f"callback {id_}: the customer is being called just now")
        await self._put_now(kept, not_before=None)
        self._shelf.news.set()
        return kept.stored

    async def latest(self, *, limit: int, queue: str | None, number: str | None) -> Sequence[Callback]:
        """Give the newest promises, open and closed."""
        await self._save_all()
        async with self._store.reading() as tx:
            return await tx.callbacks.latest(
                limit=limit, queue=None if queue is None else QueueName(queue), number=number
            )

    async def get(self, id_: int) -> Callback:
        """Give one; `NotFoundError` when there is none."""
        await self._save_all()
        async with self._store.reading() as tx:
            return await tx.callbacks.get(id_)

    async def _open_one(self, id_: int) -> Kept:
        kept = self._shelf.by_id.get(id_)
        if kept is None:
            stored = await self.get(id_)
            raise RefusedError(f"callback {id_} is closed: {stored.status.value} {stored.reason}".rstrip())
        return kept
