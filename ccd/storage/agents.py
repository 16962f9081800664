"""Agents and their queues, and what the engine remembers of them, within one transaction.

An agent who leaves is marked, not deleted: the history names them. Whoever adds the number again gets it back
without what was remembered of the one before.
"""

from collections import defaultdict, deque
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import Row, delete, func, insert, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from ccd.clock import Clock
from ccd.errors import NotFoundError
from ccd.model import (
    AgentLimits,
    AgentNumber,
    AgentSnapshot,
    AgentStatus,
    BreakUse,
    CallId,
    Extension,
    LastTalk,
    Membership,
    OfferId,
    QueueMemory,
    QueueName,
    Terms,
)
from ccd.records.record import SegmentKind
from ccd.storage import tables as t
from ccd.storage.agent_rows import AgentAccount, AgentRow

MAX_PIN_FAILURES: Final = 10
_DAY: Final = timedelta(days=1)
PIN_LOCK: Final = timedelta(minutes=15)
"""After ten failures in a row each further attempt has to wait this long."""


class Agents:
    """The repository."""

    def __init__(self, connection: AsyncConnection, clock: Clock) -> None:
        self._connection = connection
        self._clock = clock

    def _now(self) -> datetime:
        return self._clock.wall(self._clock.now())

    # ------------------------------------------------------------ who there is

    async def list(self) -> tuple[AgentAccount, ...]:
        """Give all agents, by number."""
        memberships = await self._memberships(t.agent.c.removed_at.is_(None))
        rows = await self._connection.execute(
            select(t.agent).where(t.agent.c.removed_at.is_(None)).order_by(t.agent.c.number)
        )
        skills = await self._skills(t.agent.c.removed_at.is_(None))
        return tuple(
            _account(row, memberships.get(row.number, ()), skills.get(row.number, {})) for row in rows
        )

    async def get(self, number: AgentNumber) -> AgentAccount:
        """Give one agent; `NotFoundError` when there is none of this number."""
        row = await self._row(number)
        if row is None:
            raise no_agent(number)
        memberships = await self._memberships(t.agent.c.number == number)
        skills = await self._skills(t.agent.c.number == number)
        return _account(row, memberships.get(number, ()), skills.get(number, {}))

    async def existing(self, numbers: Iterable[AgentNumber]) -> frozenset[AgentNumber]:
        """Give those of the numbers that are agents now."""
        found = await self._connection.scalars(
            select(t.agent.c.number).where(
                t.agent.c.number.in_(list(numbers)), t.agent.c.removed_at.is_(None)
            )
        )
        return frozenset(AgentNumber(number) for number in found)

    async def _row(self, number: AgentNumber, *, lock: bool = False) -> Row[Any] | None:
        which = select(t.agent).where(t.agent.c.number == number, t.agent.c.removed_at.is_(None))
        found = await self._connection.execute(which.with_for_update() if lock else which)
        return found.first()

    async def _memberships(self, which: Any) -> dict[str, tuple[Membership, ...]]:
        rows = await self._connection.execute(
            select(t.membership)
            .join(t.agent, t.agent.c.number == t.membership.c.agent)
            .where(which)
            .order_by(t.membership.c.queue)
        )
        found: dict[str, list[Membership]] = {}
        for row in rows:
            place = Membership(
                queue=QueueName(row.queue),
                penalty=row.penalty,
                ring_s=row.ring_s,
                wrap_up_s=row.wrap_up_s,
                position=row.position,
            )
            found.setdefault(row.agent, []).append(place)
        return {agent: tuple(places) for agent, places in found.items()}

    async def _skills(self, which: Any) -> dict[str, dict[str, int]]:
        rows = await self._connection.execute(
            select(t.agent_skill)
            .join(t.agent, t.agent.c.number == t.agent_skill.c.agent)
            .where(which)
            .order_by(t.agent_skill.c.skill)
        )
        found: dict[str, dict[str, int]] = {}
        for row in rows:
            found.setdefault(row.agent, {})[row.skill] = row.level
        return found

    # ------------------------------------------------------------ changes

    async def create(self, agents: Sequence[AgentRow]) -> None:
        """Store agents whose numbers are free. Each stands last in each of their queues."""
        if not agents:
            return
        numbers = [each.number for each in agents]
        # A number whose earlier bearer left: nothing remembered of them may come back with it.
        await self._connection.execute(delete(t.agent).where(t.agent.c.number.in_(numbers)))
        await self._connection.execute(
            insert(t.agent),
            [
                {
                    "number": each.number,
                    "name": each.name,
                    "extension": each.extension,
                    "pin_hash": each.pin_hash,
                    "pin_failures": 0,
                    "created_at": self._now(),
                    "calls_per_hour": each.limits.calls_per_hour,
                    "calls_per_day": each.limits.calls_per_day,
                    "rest_s": each.limits.rest_s or None,
                }
                for each in agents
            ],
        )
        await self.set_skills({each.number: each.skills for each in agents})
        await self._place({each.number: each.queues for each in agents}, {})

    async def change(self, number: AgentNumber, values: Mapping[str, Any]) -> None:
        """Change columns of an agent who exists: `name`, `extension`, `pin_hash`, limits."""
        values = dict(values)
        if "pin_hash" in values:
            values |= {"pin_failures": 0, "pin_locked_until": None}
        if values:
            await self._connection.execute(update(t.agent).where(t.agent.c.number == number).values(values))

    async def set_queues(self, queues: Mapping[AgentNumber, Mapping[QueueName, Terms]]) -> None:
        """Give agents exactly these queues; where they were before they keep their position."""
        before = await self._connection.execute(
            select(t.membership).where(t.membership.c.agent.in_(list(queues)))
        )
        places = {(row.agent, row.queue): row.position for row in before}
        await self._connection.execute(delete(t.membership).where(t.membership.c.agent.in_(list(queues))))
        await self._place(queues, places)

    async def set_skills(self, skills: Mapping[AgentNumber, Mapping[str, int]]) -> None:
        """Set levels of agents' skills; level 0 takes a skill away, what is not named stays."""
        for agent, theirs in skills.items():
            if theirs:
                await self._connection.execute(
                    delete(t.agent_skill).where(
                        t.agent_skill.c.agent == agent, t.agent_skill.c.skill.in_(list(theirs))
                    )
                )
        rows = [
            {"agent": agent, "skill": skill, "level": level}
            for agent, theirs in skills.items()
            for skill, level in theirs.items()
            if level
        ]
        if rows:
            await self._connection.execute(insert(t.agent_skill), rows)

    async def _place(
        self,
        queues: Mapping[AgentNumber, Mapping[QueueName, Terms]],
        places: Mapping[tuple[str, str], int],
    ) -> None:
        """Insert memberships, at their old places where they had one, else at the queue's end."""
        found = await self._connection.execute(
            select(t.membership.c.queue, func.max(t.membership.c.position).label("position")).group_by(
                t.membership.c.queue
            )
        )
        last: dict[str, int] = {row.queue: row.position for row in found}
        for (_, queue), position in places.items():
            last[queue] = max(last.get(queue, -1), position)
        rows = []
        for agent, theirs in queues.items():
            for queue, terms in theirs.items():
                if (agent, queue) not in places:
                    last[queue] = last.get(queue, -1) + 1
                position = places.get((agent, queue), last[queue])
                rows.append(
                    {
                        "agent": agent,
                        "queue": queue,
                        "penalty": terms.penalty,
                        "position": position,
                        "ring_s": terms.ring_s,
                        "wrap_up_s": terms.wrap_up_s,
                    }
                )
        if rows:
            await self._connection.execute(insert(t.membership), rows)

    async def remove(self, number: AgentNumber) -> None:
        """Take an agent away; `NotFoundError` when there is none. Their records stay."""
        done = await self._connection.execute(
            update(t.agent)
            .where(t.agent.c.number == number, t.agent.c.removed_at.is_(None))
            .values(removed_at=self._now(), pin_hash=None)
        )
        if done.rowcount == 0:
            raise no_agent(number)
        await self._connection.execute(delete(t.membership).where(t.membership.c.agent == number))
        await self._connection.execute(delete(t.agent_skill).where(t.agent_skill.c.agent == number))

    # ------------------------------------------------------------ what the engine remembers

    async def snapshots(self) -> tuple[AgentSnapshot, ...]:
        """Give what was remembered of each agent who has been seen; dates become monotonic instants."""
        present = t.agent.c.removed_at.is_(None)
        rows = await self._connection.execute(
            select(t.member_memory).join(t.agent, t.agent.c.number == t.member_memory.c.agent).where(present)
        )
        ends = await self._talk_ends()
        memory: dict[str, list[QueueMemory]] = {}
        for row in rows:
            known = QueueMemory(
                queue=QueueName(row.queue),
                calls_taken=row.calls_taken,
                last_call_at=self._instant(row.last_call_at),
            )
            memory.setdefault(row.agent, []).append(known)
        rows = await self._connection.execute(
            select(t.agent_memory)
            .join(t.agent, t.agent.c.number == t.agent_memory.c.agent)
            .where(present)
            .order_by(t.agent_memory.c.agent)
        )
        return tuple(
            replace(
                self._snapshot(row, tuple(memory.get(row.agent, ()))),
                talk_ends=tuple(ends.get(row.agent, ())),
            )
            for row in rows
        )

    async def _talk_ends(self) -> Mapping[str, Sequence[float]]:
        """Give when talks of the last day ended, in order, of those agents whose calls are limited."""
        segment, agent = t.call_segment.c, t.agent.c
        rows = await self._connection.execute(
            select(segment.agent, segment.ended_at)
            .join(t.call_record, t.call_record.c.id == segment.call_id)
            .join(t.agent, agent.number == segment.agent)
            .where(
                t.call_record.c.started_at
                >= self._now() - 2 * _DAY,  # by an index; no talk is as long as a day
                segment.kind == SegmentKind.TALK,
                segment.ended_at >= self._now() - _DAY,
                or_(agent.calls_per_hour.is_not(None), agent.calls_per_day.is_not(None)),
            )
            .order_by(segment.ended_at)
        )
        found: defaultdict[str, deque[float]] = defaultdict(deque)
        for row in rows:
            found[row.agent].append(self._clock.monotonic(row.ended_at))
        return found

    def _snapshot(self, row: Row[Any], memory: tuple[QueueMemory, ...]) -> AgentSnapshot:
        return AgentSnapshot(
            number=AgentNumber(row.agent),
            status=AgentStatus(row.status),
            reason=row.reason,
            extension=None if row.extension is None else Extension(row.extension),
            since_at=self._clock.monotonic(row.since_at),
            signed_in_at=self._instant(row.signed_in_at),
            wrap_up_until_at=self._instant(row.wrap_up_until_at),
            missed_in_a_row=row.missed_in_a_row,
            last_talk=self._last_talk(row),
            breaks={
                reason: BreakUse(taken=taken, spent_s=spent_s) for reason, taken, spent_s in row.breaks or ()
            },
            memory=memory,
        )

    def _last_talk(self, row: Row[Any]) -> LastTalk | None:
        if row.last_call_id is None:
            return None
        return LastTalk(
            call_id=CallId(row.last_call_id),
            offer_id=OfferId(row.last_offer_id),
            queue=QueueName(row.last_queue),
            ended_at=self._clock.monotonic(row.last_ended_at),
            disposition=row.disposition,
            owed=row.disposition_owed,
        )

    def _instant(self, moment: datetime | None) -> float | None:
        return None if moment is None else self._clock.monotonic(moment)

    async def queue_positions(self) -> dict[QueueName, int]:
        """Give where each `rrmemory` queue stood."""
        rows = await self._connection.execute(select(t.queue_memory))
        return {QueueName(row.queue): row.last_position for row in rows}

    # ------------------------------------------------------------ pins, for `ccd.storage.accounts`

    async def claim_pin_attempt(self, number: AgentNumber) -> tuple[str | None, bool]:
        """Count an attempt before it is checked, and give the hash and whether the agent is locked.

        Counted before: a thousand guesses at once are a thousand attempts. An unknown number costs the same.
        """
        now = self._now()
        row = await self._row(number, lock=True)
        if row is not None and row.pin_locked_until is not None and row.pin_locked_until > now:
            return row.pin_hash, True
        failures = 1 + (0 if row is None else row.pin_failures)
        until = now + PIN_LOCK if failures >= MAX_PIN_FAILURES else None
        await self._connection.execute(
            update(t.agent)
            .where(t.agent.c.number == number)
            .values(pin_failures=failures, pin_locked_until=until)
        )
        return (None if row is None else row.pin_hash), False

    async def forgive_pin_failures(self, number: AgentNumber) -> None:
        """Count from nothing again: the right PIN was given."""
        await self._connection.execute(
            update(t.agent).where(t.agent.c.number == number).values(pin_failures=0, pin_locked_until=None)
        )


def _account(row: Row[Any], memberships: tuple[Membership, ...], skills: Mapping[str, int]) -> AgentAccount:
    return AgentAccount(
        number=AgentNumber(row.number),
        name=row.name,
        extension=None if row.extension is None else Extension(row.extension),
        has_pin=row.pin_hash is not None,
        created_at=row.created_at,
        caller_id=row.caller_id or "",
        memberships=memberships,
        skills=skills,
        limits=AgentLimits(
            calls_per_hour=row.calls_per_hour, calls_per_day=row.calls_per_day, rest_s=row.rest_s or 0.0
        ),
    )


def no_agent(number: AgentNumber) -> NotFoundError:
    """Say that there is no such agent."""
    return NotFoundError("there is no agent {agent}", reason="no_agent", agent=number)
