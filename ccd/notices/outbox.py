"""Sends what stands in the outbox until it has arrived: at least once, later and later, for a day.

Every notice is in the database before it is sent, so no restart loses one. What did not arrive is tried again
after 5 s, 15 s, a minute, five, a quarter of an hour, then every hour; after a day it is dead, and listed.
"""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import datetime, timedelta
from random import SystemRandom
from typing import Final

import structlog

from ccd.clock import Clock
from ccd.config.notify import Webhook
from ccd.errors import StorageError
from ccd.notices.command import Command, run
from ccd.notices.webhook import Poster, UndeliveredError
from ccd.records.notice import Notice, NoticeState
from ccd.storage.store import Store

log = structlog.get_logger(__name__)

DELAYS_S: Final = (5.0, 15.0, 60.0, 300.0, 900.0, 3600.0)
LIFE: Final = timedelta(hours=24)
KEPT: Final = timedelta(days=30)
"""How long what is settled stays listed."""
_AT_ONCE = 8
_LOOK_EVERY_S = 30.0
_STORED_S = 5.0
_PAUSE_S = 5.0

_GONE = "the configuration has this target no more"
_FORGET_EVERY_S = 3600.0

Target = Webhook | Command
Find = Callable[[str], Target | None]
"""Gives the target of a key; None: the configuration does not have it any more."""


class Outbox:
    """A task that sends notices. `stored` returns when what was put into the writer is in the database."""

    def __init__(self, store: Store, clock: Clock, find: Find, stored: Callable[[], Awaitable[None]]) -> None:
        self._store = store
        self._clock = clock
        self._find = find
        self._stored = stored
        self._poster = Poster()
        self._stirred = asyncio.Event()
        self._random = SystemRandom()
        self._forget_at = 0.0
        self.dead = 0
        """Notices that were given up and are listed still."""

    def stir(self) -> None:
        """Look soon: there is something new."""
        self._stirred.set()

    async def run(self) -> None:
        """Work until cancelled."""
        try:
            while True:
                wait_s = _PAUSE_S
                try:
                    wait_s = await self._round()
                except StorageError as problem:
                    log.warning("notices_wait_for_the_database", reason=str(problem))
                await self._rest(wait_s)
        finally:
            await self._poster.close()

    async def _rest(self, wait_s: float) -> None:
        try:
            async with asyncio.timeout(wait_s):
                await self._stirred.wait()
                self._stirred.clear()
                async with asyncio.timeout(_STORED_S):
                    await self._stored()
        except TimeoutError:
            return

    async def _round(self) -> float:
        """Send what is due; give the seconds until the next look."""
        now = self._now()
        async with self._store.reading() as tx:
            due = await tx.notices.due(now, limit=_AT_ONCE)
        if due:
            settled = await asyncio.gather(*(self._try(notice) for notice in due))
            async with self._store.unit() as tx:
                for notice in settled:
                    await tx.notices.put(notice)
        if self._clock.now() >= self._forget_at:
            self._forget_at = self._clock.now() + _FORGET_EVERY_S
            async with self._store.unit() as tx:
                await tx.notices.forget(now - KEPT)
        async with self._store.reading() as tx:
            self.dead = await tx.notices.count(NoticeState.DEAD)
            next_at = await tx.notices.next_at()
        if next_at is None:
            return _LOOK_EVERY_S
        return min(_LOOK_EVERY_S, max(0.0, (next_at - self._now()).total_seconds()))

    async def _try(self, notice: Notice) -> Notice:
        """Send one notice once; give it with what came of it."""
        target = self._find(notice.target)
        try:
            match target:
                case None:
                    return self._failed(notice, UndeliveredError(_GONE, final=True))
                case Webhook():
                    await self._poster.post(notice, target, self._now())
                case Command():
                    await run(target, notice.body)
        except UndeliveredError as problem:
            return self._failed(notice, problem)
        log.info("notice_sent", notice=notice.id, target=notice.target, attempts=notice.attempts + 1)
        return replace(
            notice,
            state=NoticeState.SENT,
            attempts=notice.attempts + 1,
            next_at=None,
            done_at=self._now(),
            error="",
        )

    def _failed(self, notice: Notice, problem: UndeliveredError) -> Notice:
        now, attempts = self._now(), notice.attempts + 1
        delay_s = DELAYS_S[min(attempts, len(DELAYS_S)) - 1] * self._random.uniform(0.9, 1.1)
        next_at = now + timedelta(seconds=delay_s)
        is_dead = problem.final or next_at > notice.created_at + LIFE
        told = {"notice": notice.id, "target": notice.target, "attempts": attempts, "reason": str(problem)}
        if is_dead:
            log.error("notice_dead", **told, remedy="mend the target, then ccd notice retry ID")
        else:
            log.warning("notice_not_sent", **told, again_in_s=round(delay_s))
        return replace(
            notice,
            state=NoticeState.DEAD if is_dead else NoticeState.PENDING,
            attempts=attempts,
            next_at=None if is_dead else next_at,
            done_at=now if is_dead else None,
            error=str(problem),
        )

    def _now(self) -> datetime:
        return self._clock.wall(self._clock.now())
