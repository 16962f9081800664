"""The engine's owner: feeds it events in order, performs its commands, and arms its one timer.

Nothing here waits: a command that needs the outside (a message to a caller's session, a row to store, an AMI
action) is handed over, and its outcome comes back as an event.
"""

import asyncio
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol, assert_never

from ccd.calls.book import CallBook, LiveCall
from ccd.clock import Clock
from ccd.commands import (
    Announce,
    Comfort,
    Command,
    EndWait,
    Note,
    OfferCall,
    SaveAgent,
    SaveQueuePosition,
    StayChanged,
    WithdrawOffer,
)
from ccd.events import Event, OfferFailed, Ticked
from ccd.history import Entry
from ccd.model import AgentSnapshot, QueueName
from ccd.routing.engine import Engine


class Memory(Protocol):
    """Where what outlives the process goes; never waits (see `ccd.storage.writer`)."""

    def put_agent(self, snapshot: AgentSnapshot) -> None:
        """Keep an agent's snapshot."""
        ...

    def put_queue_position(self, queue: QueueName, last_position: int) -> None:
        """Keep where a round-robin queue stands."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Outlets:
    """Where the engine's commands go; none of them waits."""

    book: CallBook
    memory: Memory
    note: Callable[[Entry], None]
    """Takes every history entry."""
    interrupt: Callable[[LiveCall], None]
    """Takes a caller's channel out of `Dial`, so that its dialplan asks again what is next."""
    callbacks: Callable[[Command], bool] = lambda _: False
    """Performs a command that concerns somebody who is to be called back; False: it does not."""


class Dispatcher:
    """Runs the engine inside the event loop."""

    def __init__(self, engine: Engine, clock: Clock, outlets: Outlets) -> None:
        self.engine = engine
        self._clock = clock
        self._outlets = outlets
        self._events: deque[Event] = deque()
        self._busy = False
        self._timer: asyncio.TimerHandle | None = None
        self._armed_for: float | None = None

    def feed(self, event: Event) -> None:
        """Give the engine an event and perform what it decides, before returning."""
        self._events.append(event)
        if self._busy:  # a command's outcome, fed from inside `_perform`: its turn comes right after
            return
        self._busy = True
        try:
            while self._events:
                for command in self.engine.handle(self._events.popleft(), self._clock.now()):
                    self._perform(command)
        finally:
            self._busy = False
        self._arm()

    def close(self) -> None:
        """Stop the timer."""
        if self._timer is not None:
            self._timer.cancel()

    def _arm(self) -> None:
        deadline = self.engine.next_deadline()
        if deadline == self._armed_for:
            return
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        self._armed_for = deadline
        if deadline is not None:
            loop = asyncio.get_running_loop()
            self._timer = loop.call_later(max(0.0, deadline - self._clock.now()), self._tick)

    def _tick(self) -> None:
        self._timer = None
        self._armed_for = None
        self.feed(Ticked())

    def _perform(self, command: Command) -> None:  # noqa: C901 - one case a command
        match command:
            case Note(entry=entry):
                self._outlets.note(entry)
            case OfferCall() | WithdrawOffer() | EndWait() if self._outlets.callbacks(command):
                pass
            case OfferCall():
                self._offer(command)
            case WithdrawOffer(call_id=call_id):
                if (call := self._outlets.book.get(call_id)) is not None:
                    self._outlets.interrupt(call)
            case StayChanged(call_id=call_id):
                if (call := self._outlets.book.get(call_id)) is not None:
                    call.change_stay(command)
            case EndWait() | Announce() | Comfort():
                if (call := self._outlets.book.get(command.call_id)) is not None:
                    call.post(command)
            case SaveAgent(snapshot=snapshot):
                self._outlets.memory.put_agent(snapshot)
            case SaveQueuePosition(queue=queue, last_position=position):
                self._outlets.memory.put_queue_position(queue, position)
            case _:
                assert_never(command)

    def _offer(self, offer: OfferCall) -> None:
        call = self._outlets.book.get(offer.call_id)
        if call is None:
            self._events.append(OfferFailed(call_id=offer.call_id, offer_id=offer.offer_id))
            return
        call.offers += 1
        call.offer_id = offer.offer_id
        call.post(offer)
