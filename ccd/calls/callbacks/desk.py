"""Every promise from its making to its end: who takes a place in the line, who is called, what is stored.

What is written before it is done: the promise before the caller is told; a try before the customer is
dialled; that the customer was reached before they are connected. So after a kill each promise is waiting, or
was being dialled and is resolved by asking Asterisk for the channel, or is done.
"""

import asyncio
from collections.abc import Collection, Sequence

import structlog

from ccd.agi.session import Session
from ccd.calls import keys
from ccd.calls.book import LiveCall
from ccd.calls.callbacks import policy
from ccd.calls.callbacks.attempt import LEG, MARGIN_S, Attempt, Leg, Manager, let_go
from ccd.calls.callbacks.connect import Connect
from ccd.calls.callbacks.kept import BEING_CALLED, Kept, Phase
from ccd.calls.callbacks.places import CALENDAR_S, Places
from ccd.calls.callbacks.register import Register
from ccd.calls.callbacks.tries import Tries
from ccd.calls.carried import LastStay
from ccd.calls.house import House
from ccd.calls.voice import SessionVoice
from ccd.commands import Command
from ccd.config.callbacks import Callback as Terms
from ccd.config.callbacks import DropWhen
from ccd.errors import AgiHangupError, RefusedError, StorageError
from ccd.events import DialReturned, LiveChannel
from ccd.history import CallbackRequested
from ccd.ivr.ports import Promise
from ccd.model import CallId, ChannelId, DialStatus, QueueName, QueueOutcome, Side
from ccd.storage.callbacks import Callback, CallbackStatus
from ccd.storage.store import Store

log = structlog.get_logger(__name__)

SAVE_AGAIN_S = 1.0
IDLE_S = 600.0


class Desk:
    """All promises of a daemon; read `places`, `attempt` and `tries` for how they are kept."""

    def __init__(self, house: House, store: Store, ami: Manager) -> None:
        self._house = house
        self._store = store
        self._ami = ami
        self._register = Register(house, store)
        self._places = Places(house, self._register, ami)
        self._tries = Tries(house, self._register, self._places, ami)

    # ------------------------------------------------------------ from start to stop

    async def load(self) -> None:
        """Take up what an earlier process promised; before Asterisk is asked what exists."""
        async with self._store.reading() as tx:
            for stored in await tx.callbacks.open():
                dialling = stored.status is CallbackStatus.DIALLING
                self._register.shelf.add(
                    Kept(
                        stored=stored,
                        phase=Phase.ASKING if dialling else Phase.RESTING,
                        call_id=stored.last_call_id or CallId("") if dialling else CallId(""),
                    )
                )

    async def run(self) -> None:
        """Put promises into the line when it is their time, end those that are past it; until cancelled."""
        while True:
            self._register.shelf.news.clear()
            for kept in list(self._register.shelf.by_id.values()):
                self._places.review(kept)
            await self._register.save_all()
            await asyncio.sleep(0)  # news that come without end must not keep the event loop
            try:
                async with asyncio.timeout(self._pause_s()):
                    await self._register.shelf.news.wait()
            except TimeoutError:
                pass

    def synchronised(self, channels: Collection[LiveChannel]) -> None:
        """Resolve the tries of which nothing is known: whose channel is not there is not being called.

        Agents who wait for a customer of an earlier process are let go: they are free for that very customer.
        """
        alive = {channel.channel for channel in channels}
        for kept in list(self._register.shelf.by_id.values()):
            if kept.phase is Phase.ASKING and ChannelId(kept.call_id) not in alive:
                self._tries.failed(kept)
        ours = {leg.channel for attempt in self._attempts() for leg in attempt.legs}
        for channel in channels:
            waits = channel.channel.startswith(LEG) and not channel.bridge
            if waits and channel.channel not in ours:
                self._register.spawn(let_go(self._ami, channel.name, "over" if channel.state == "Up" else ""))

    def channel_gone(self, channel: ChannelId) -> None:
        """Take in that a channel is gone: a customer's who was not reached, or an agent's."""
        kept = self._register.shelf.by_call.get(CallId(channel))
        if kept is not None and kept.phase in BEING_CALLED:
            self._tries.failed(kept, close=False)  # the book is closed by whoever told us
            return
        for each in self._attempts():
            each.channel_gone(channel)

    def _attempts(self) -> list[Attempt]:
        return [kept.attempt for kept in self._register.shelf.by_id.values() if kept.attempt is not None]

    def _pause_s(self) -> float:
        if self._register.shelf.unsaved:
            return SAVE_AGAIN_S
        now = self._register.now()
        dates = [
            date
            for kept in self._register.shelf.by_id.values()
            for date in (kept.stored.not_before, kept.stored.expires_at)
            if date is not None and date > now
        ]
        due_s = min(((date - now).total_seconds() for date in dates), default=IDLE_S)
        return max(0.05, min(due_s, CALENDAR_S if self._register.shelf.by_id else IDLE_S))

    def takes(self, command: Command) -> bool:
        """Perform a command of the engine if it is about a promise whose customer is not on the line."""
        return self._places.takes(command)

    # ------------------------------------------------------------ promises

    def terms(self, queue: str) -> Terms | None:
        """Give how a queue calls back; None: it does not."""
        configured = self._house.config.queues.get(queue)
        return None if configured is None else configured.callback

    def may_call(self, queue: str, number: str) -> bool:
        """Whether a number may be promised a call back."""
        return policy.may_call(self._house, queue, number)

    async def promise(self, call: LiveCall, queue: QueueName, number: str) -> Promise:
        """Store a promise; the caller keeps the place that they had, else they have that of now."""
        house = self._house
        if self.terms(queue) is None or not self.may_call(queue, number):
            return Promise.REFUSED
        stay = call.last_stay
        if stay is not None and (stay.answered or stay.queue != queue):
            stay = None
        new = self._register.wish(
            queue, number, language=call.caller.language, call_id=call.call_id, stay=stay
        )
        try:
            kept, is_new = await self._register.keep(new)
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

    async def called_again(self, number: str, queue: QueueName) -> LastStay | None:
        """Take who calls again off the list; give the place that they had in this queue or another."""
        place: LastStay | None = None
        for kept in self._register.shelf.of_number(number):
            terms = self._register.terms(kept.stored.queue) or Terms()
            same = kept.stored.queue == queue
            if terms.drop_on_new_call is DropWhen.NEVER or not (
                same or terms.drop_on_new_call is DropWhen.ANY
            ):
                continue
            if kept.unwanted:
                continue
            stored = kept.stored
            place = LastStay(
                queue=queue,
                joined_at=self._house.instant(stored.joined_at.timestamp()),
                priority=stored.priority,
                needs=stored.needs,
            )
            if kept.phase in BEING_CALLED:
                self._tries.call_off(kept, "called_again")
                continue
            self._places.leave(kept, QueueOutcome.CANCELLED)
            await self._register.close(kept, CallbackStatus.CANCELLED, "called_again")
        return place

    # ------------------------------------------------------------ sessions

    async def answered(self, call: LiveCall, session: Session) -> bool:
        """Meet a customer who answered; True: they go on as a caller, False: the dialplan was told."""
        connect, kept = Connect(self._house, call, session), self._register.shelf.by_call.get(call.call_id)
        made = call.callback
        if made is None or kept is None or kept.phase not in BEING_CALLED:
            if made is not None:
                made.absent, made.reached = False, True
            return True
        made.absent, call.channel_name = False, session.request.channel
        terms = self._register.terms(kept.stored.queue) or Terms()
        attempt = kept.attempt
        agent = attempt.agent if attempt is not None else None
        if kept.unwanted or (terms.confirm_answer and not await connect.is_a_person()):
            await connect.give_up()
            call.ends_by = Side.SYSTEM
            self._tries.failed(kept, close=False)  # the book is closed when their channel is gone
            return False
        if agent is None and not terms.confirm_answer:
            await connect.greet()
        return await self._reached(kept, call, connect)

    async def _reached(self, kept: Kept, call: LiveCall, connect: Connect) -> bool:
        """Keep the promise: it is stored before they are connected."""
        attempt, kept.attempt = kept.attempt, None
        kept.phase = Phase.CLOSED
        self._register.shelf.remove(kept)
        if call.callback is not None:
            call.callback.reached = True
        keys.count_from_now(self._house, call)
        agent = attempt.agent if attempt is not None else None
        await self._register.put_now(
            kept,
            status=CallbackStatus.DONE,
            closed_at=self._register.now(),
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
        terms = self._register.terms(attempt.offer.queue) or Terms()
        return await attempt.agent_answered(leg, session, terms.ring_s + MARGIN_S)

    # ------------------------------------------------------------ operators

    def counts(self) -> dict[str, int]:
        """Count the open promises by where they stand: `waiting`, `dialling`."""
        dialling = sum(kept.phase in BEING_CALLED for kept in self._register.shelf.by_id.values())
        return {"waiting": len(self._register.shelf.by_id) - dialling, "dialling": dialling}

    def phase(self, id_: int) -> str:
        """Give where an open promise stands; empty for one that is closed."""
        kept = self._register.shelf.by_id.get(id_)
        return "" if kept is None else kept.phase.value

    async def add(self, queue: QueueName, number: str) -> Callback:
        """Promise by hand, with the place of now; `RefusedError` says why not."""
        if self.terms(queue) is None:
            raise RefusedError(
                "the queue {queue!r} calls nobody back: give it `callback: {{}}`",
                reason="no_callbacks",
                queue=queue,
            )
        if not self.may_call(queue, number):
            raise RefusedError(
                "outbound in ccd.yaml does not allow {number!r}",
                reason="callback_not_allowed",
                number=number,
            )
        kept, is_new = await self._register.keep(
            self._register.wish(queue, number, language=self._house.config.language)
        )
        if not is_new:
            raise RefusedError(
                "{number} is on the list already: callback {callback}",
                reason="callback_promised",
                number=number,
                callback=kept.stored.id,
            )
        return kept.stored

    async def cancel(self, id_: int) -> Callback:
        """Take a promise back; `RefusedError` while the customer is being called, or when it is closed."""
        kept = await self._open_one(id_)
        if kept.phase in BEING_CALLED:
            raise _being_called(id_)
        self._places.leave(kept, QueueOutcome.CANCELLED)
        await self._register.close(kept, CallbackStatus.CANCELLED, "operator")
        return kept.stored

    async def now(self, id_: int) -> Callback:
        """Let the next try be made as soon as an agent is free, without waiting for its time."""
        kept = await self._open_one(id_)
        if kept.phase in BEING_CALLED:
            raise _being_called(id_)
        await self._register.put_now(kept, not_before=None)
        self._register.shelf.news.set()
        return kept.stored

    async def latest(
        self, *, limit: int, queue: str | None, number: str | None, only_open: bool = False
    ) -> Sequence[Callback]:
        """Give the newest promises, open and closed, or only those still to be kept."""
        await self._register.save_all()
        async with self._store.reading() as tx:
            return await tx.callbacks.latest(
                limit=limit,
                queue=None if queue is None else QueueName(queue),
                number=number,
                only_open=only_open,
            )

    async def get(self, id_: int) -> Callback:
        """Give one; `NotFoundError` when there is none."""
        await self._register.save_all()
        async with self._store.reading() as tx:
            return await tx.callbacks.get(id_)

    async def _open_one(self, id_: int) -> Kept:
        kept = self._register.shelf.by_id.get(id_)
        if kept is None:
            stored = await self.get(id_)
            raise RefusedError(
                "callback {callback} is closed: {status}",
                reason="callback_closed",
                callback=id_,
                status=f"{stored.status.value} {stored.reason}".rstrip(),
            )
        return kept


def _being_called(id_: int) -> RefusedError:
    return RefusedError(
        "callback {callback}: the customer is being called just now", reason="being_called", callback=id_
    )
