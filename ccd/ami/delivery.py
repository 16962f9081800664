"""The one way from the link to the house: in order, bounded, and never in the way of reading.

Asterisk closes a manager session whose reader is slow, so reading never waits for a listener: events queue
up here and are told in turns of a few milliseconds, other work of the event loop in between. When the queue
is full all of it is worth nothing any more, because a history with holes cannot be trusted: it is dropped,
and Asterisk is asked anew what exists.
"""

import asyncio
from collections import deque
from collections.abc import Callable, Sequence

import structlog

from ccd.ami.settings import AmiCounters
from ccd.events import Event

log = structlog.get_logger(__name__)

TURN_S = 0.005
"""How long events are told before the event loop has its turn."""


class Delivery:
    """Tells events to one listener, synchronously, one after the other."""

    def __init__(
        self,
        listener: Callable[[Event], None],
        *,
        limit: int,
        counters: AmiCounters,
        overflowed: Callable[[], None],
    ) -> None:
        self._listener = listener
        self._limit = limit
        self._counters = counters
        self._overflowed = overflowed
        self._queue: deque[Event] = deque()
        self._held: deque[Event] | None = None
        self._turn: asyncio.Handle | None = None

    def __len__(self) -> int:
        return len(self._queue) + len(self._held or ())

    def live(self, event: Event) -> None:
        """Queue an event as it came from Asterisk; `flush` when there is no other one at hand."""
        queue = self._queue if self._held is None else self._held
        if len(queue) >= self._limit:
            self._counters.overflows += 1
            self._queue.clear()
            self._held = queue = deque()
            self._overflowed()
        queue.append(event)

    def flush(self) -> None:
        """Tell what is queued: at once as far as a turn goes, the rest in further turns of the event loop."""
        if self._turn is None:
            self._tell_some()

    def hold(self) -> None:
        """Keep what comes from now on until `release`."""
        if self._held is None:
            self._held = deque()

    def release(self, joined: Callable[[Sequence[Event]], Sequence[Event]]) -> None:
        """Go on with what `joined` makes of the events held back."""
        held, self._held = self._held or (), None
        self.tell(*joined(tuple(held)))

    def forget_held(self) -> None:
        """Drop what is held back: the link is gone, the next snapshot will know better."""
        self._held = None

    def tell(self, *events: Event) -> None:
        """Tell facts of our own, which are never dropped for want of room."""
        self._queue.extend(events)
        self.flush()

    def stop(self) -> None:
        """Tell nothing more."""
        self._queue.clear()
        self._held = None
        if self._turn is not None:
            self._turn.cancel()
            self._turn = None

    def _tell_some(self) -> None:
        loop = asyncio.get_running_loop()
        self._turn = None
        until = loop.time() + TURN_S
        queue = self._queue
        while queue:
            event = queue.popleft()
            try:
                self._listener(event)
            except Exception:
                # The border of one event: the next ones must not suffer for it.
                self._counters.failures += 1
                log.exception("a listener failed", fact=type(event).__name__)
            if loop.time() >= until and queue:
                self._turn = loop.call_soon(self._tell_some)
                return
