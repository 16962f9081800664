"""What operators do with queues and with those who wait in them: close and open, move, rank anew."""

from zoneinfo import ZoneInfo

from ccd.backend.live import Live, no_such_queue
from ccd.calls.doors import read_until
from ccd.calls.house import House
from ccd.errors import NotFoundError, RefusedError
from ccd.events import CallerMoved, PriorityChanged, QueueMoved
from ccd.http import shapes
from ccd.model import CallId, QueueName
from ccd.storage.doors import QueueDoor


class Queueing:
    """The use cases."""

    def __init__(self, house: House, live: Live) -> None:
        self._house = house
        self._live = live

    async def close(self, name: str, *, say: str, keep: bool, until: str) -> shapes.Queue:
        """Close a queue by hand."""
        queue = self._queue(name)
        if say and not self._can_say(say):
            raise NotFoundError(
                "there is no prompt {prompt!r}; see: ccd prompt list", reason="no_such_prompt", prompt=say
            )
        await self._house.doors.set(self._door(queue, open=False, say=say, keep=keep, until=until))
        return self._live.queue(name)

    async def open(self, name: str, *, until: str) -> shapes.Queue:
        """Open a queue by hand, whatever its calendar says."""
        queue = self._queue(name)
        await self._house.doors.set(self._door(queue, open=True, say="", keep=True, until=until))
        return self._live.queue(name)

    async def move(self, name: str, to: str, limit: int | None) -> shapes.Moved:
        """Move those who wait in a queue to another one."""
        source, target = self._queue(name), self._queue(to)
        if source == target:
            raise RefusedError("queue {queue} is where they are", reason="same_queue", queue=name)
        engine = self._house.dispatcher.engine
        before = {caller.call_id for caller in engine.waiting(source)}
        ringing = {caller.call_id for caller in engine.waiting(source)[:limit] if caller.offered_to}
        self._house.dispatcher.feed(QueueMoved(source=source, target=target, limit=limit))
        left = before - {caller.call_id for caller in engine.waiting(source)}
        return {"source": source, "target": target, "moved": len(left), "ringing": len(ringing - left)}

    async def call_move(self, call_id: str, to: str) -> shapes.Call:
        """Move one caller who waits to another queue."""
        target = self._queue(to)
        self._waiting(call_id)
        self._house.dispatcher.feed(CallerMoved(call_id=CallId(call_id), queue=target))
        return self._live.call(call_id)

    async def call_priority(self, call_id: str, priority: int) -> shapes.Call:
        """Give a caller who waits another priority."""
        self._waiting(call_id)
        self._house.dispatcher.feed(PriorityChanged(call_id=CallId(call_id), priority=priority))
        return self._live.call(call_id)

    # ------------------------------------------------------------ small steps

    def _can_say(self, prompt: str) -> bool:
        catalogue = self._house.design.catalogue
        return any(catalogue.sounds(prompt, language) for language in ("en", "zh"))

    def _queue(self, name: str) -> QueueName:
        known = self._house.config.queues
        if name not in known:
            raise no_such_queue(name, known)
        return QueueName(name)

    def _waiting(self, call_id: str) -> None:
        call = self._house.book.find(call_id)
        if call.queue is None or call.talk is not None:
            raise RefusedError("call {call} waits in no queue", reason="not_waiting", call=call_id)

    def _door(self, queue: QueueName, *, open: bool, say: str, keep: bool, until: str) -> QueueDoor:  # noqa: A002
        clock, config = self._house.clock, self._house.config
        now = clock.wall(clock.now())
        try:
            until_at = read_until(until, now, ZoneInfo(config.timezone)) if until else None
        except ValueError as error:
            raise RefusedError(
                "until {until!r}: {error}; write 14:00 or 2026-11-22T14:00",
                reason="no_moment",
                until=until,
                error=error,
            ) from None
        return QueueDoor(queue=queue, open=open, say=say, keep=keep, until_at=until_at, since_at=now)
