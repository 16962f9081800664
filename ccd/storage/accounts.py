"""What supervisors and phones do with agents' accounts: add, change, remove, import, check a PIN.

Slow hashing happens before a transaction is begun, so that the call records never wait for it.
"""

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, Final

from ccd.errors import RefusedError
from ccd.model import NO_LIMITS, AgentLimits, AgentNumber, Extension, QueueName, Terms
from ccd.records.text import clean
from ccd.storage.agent_rows import AgentAccount, AgentRow
from ccd.storage.agents import no_agent
from ccd.storage.pins import PinHasher
from ccd.storage.store import Store

_NUMBER: Final = re.compile(r"[0-9A-Za-z_-]{1,32}")
_EXTENSION: Final = re.compile(r"[0-9A-Za-z_-]{1,32}")
_PIN: Final = re.compile(r"[0-9]{4,32}")
_QUEUE: Final = re.compile(r"[a-z0-9_-]{1,64}")
_CALLER_ID: Final = re.compile(r"(\+?[0-9]{1,20})?")
MAX_PENALTY: Final = 1000
MAX_LEVEL: Final = 100
MAX_CALLS: Final = 10_000
MAX_REST_S: Final = 3600
MAX_RING_S: Final = 600


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class NewAgent:
    """An agent to create, or to bring to this form. It has no `repr`, so that no log can hold the PIN."""

    number: AgentNumber
    name: str = ""
    extension: Extension | None = None
    pin: str | None = None
    """4–32 digits; None: they cannot sign in from a phone (when changed: it stays as it is)."""
    queues: Mapping[QueueName, Terms] = field(default_factory=dict)
    skills: Mapping[str, int] = field(default_factory=dict)
    """Level by skill; of an agent who exists 0 takes it away, and what is not named stays."""
    limits: AgentLimits = NO_LIMITS


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class AgentChange:
    """What to change; a field that is None stays as it is."""

    name: str | None = None
    extension: str | None = None
    """Empty: no phone of their own any more."""
    pin: str | None = None
    """Empty: they cannot sign in from a phone any more."""
    queues: Mapping[QueueName, Terms] | None = None
    """All queues from now on, not an addition."""
    skills: Mapping[str, int] | None = None
    """Level by skill; 0 takes it away, what is not named stays."""
    calls_per_hour: int | None = None
    """0: no limit; so `calls_per_day` and `rest_s`."""
    calls_per_day: int | None = None
    rest_s: float | None = None
    caller_id: str | None = None
    """Number that their outgoing calls show; empty: none of their own."""


class PinCheck(StrEnum):
    """What became of an attempt to sign in."""

    OK = "ok"
    WRONG = "wrong"
    """Wrong PIN, no PIN, or no such agent: nobody is told which."""
    LOCKED = "locked"
    """Too many failures; to be tried again later."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Imported:
    """What an import did, or would do."""

    created: tuple[AgentNumber, ...]
    changed: tuple[AgentNumber, ...]


class Accounts:
    """Use cases over the agents' repository."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._pins = PinHasher()

    async def list(self) -> tuple[AgentAccount, ...]:
        """Give all agents, by number."""
        async with self._store.reading() as tx:
            return await tx.agents.list()

    async def get(self, number: AgentNumber) -> AgentAccount:
        """Give one agent; `NotFoundError` when there is none of this number."""
        async with self._store.reading() as tx:
            return await tx.agents.get(number)

    async def add(self, new: NewAgent) -> AgentAccount:
        """Create an agent; `RefusedError` when the number is taken or something in it cannot be."""
        _refuse(problems_of(new))
        row = await self._row(new)
        async with self._store.unit() as tx:
            if await tx.agents.existing([new.number]):
                raise RefusedError(
                    "agent {agent} exists already; change it, or choose another number",
                    reason="agent_exists",
                    agent=new.number,
                )
            await tx.agents.create([row])
            return await tx.agents.get(new.number)

    async def update(self, number: AgentNumber, change: AgentChange) -> AgentAccount:
        """Change an agent; `NotFoundError`, or `RefusedError` when something in it cannot be."""
        asked = NewAgent(
            number=number,
            name=change.name or "",
            extension=Extension(change.extension) if change.extension else None,
            pin=change.pin or None,
            queues=change.queues or {},
            skills=change.skills or {},
            limits=AgentLimits(
                calls_per_hour=change.calls_per_hour,
                calls_per_day=change.calls_per_day,
                rest_s=change.rest_s or 0.0,
            ),
        )
        _refuse(problems_of(asked))
        row = await self._row(asked)
        values: dict[str, Any] = {}
        if change.name is not None:
            values["name"] = row.name
        if change.extension is not None:
            values["extension"] = row.extension
        if change.pin is not None:
            values["pin_hash"] = row.pin_hash
        if change.caller_id is not None:
            if _CALLER_ID.fullmatch(change.caller_id) is None:
                raise RefusedError(
                    "the caller id must be 1–20 digits, perhaps with + in front", reason="bad_caller_id"
                )
            values["caller_id"] = change.caller_id or None
        limits = {name: getattr(change, name) for name in ("calls_per_hour", "calls_per_day", "rest_s")}
        values |= {name: value or None for name, value in limits.items() if value is not None}
        async with self._store.unit() as tx:
            if not await tx.agents.existing([number]):
                raise no_agent(number)
            await tx.agents.change(number, values)
            if change.queues is not None:
                await tx.agents.set_queues({number: change.queues})
            await tx.agents.set_skills({number: change.skills or {}})
            return await tx.agents.get(number)

    async def remove(self, number: AgentNumber) -> None:
        """Take an agent away; `NotFoundError` when there is none. Their records stay."""
        async with self._store.unit() as tx:
            await tx.agents.remove(number)

    async def save_all(self, agents: Sequence[NewAgent], *, dry_run: bool = False) -> Imported:
        """Create or change many by number, all or none; `RefusedError` lists all that cannot be.

        What an agent who exists is given: name, extension and PIN where they are not empty, and these queues.
        """
        problems = [
            RefusedError(
                "agent {agent}: {problem}", reason="fault_of_agent", agent=each.number, problem=problem
            )
            for each in agents
            for problem in problems_of(each)
        ]
        numbers = [each.number for each in agents]
        problems += [
            RefusedError("agent {agent} comes twice", reason="agent_twice", agent=each)
            for each, count in sorted(Counter(numbers).items())
            if count > 1
        ]
        _refuse(problems)
        async with self._store.reading() as tx:
            known = await tx.agents.existing(numbers)
        done = Imported(
            created=tuple(number for number in numbers if number not in known),
            changed=tuple(number for number in numbers if number in known),
        )
        if dry_run:
            return done
        rows = {each.number: await self._row(each) for each in agents}
        async with self._store.unit() as tx:
            if await tx.agents.existing(numbers) != known:
                raise RefusedError(
                    "agents were added or removed meanwhile; import again", reason="import_again"
                )
            await tx.agents.create([rows[number] for number in done.created])
            for number in done.changed:
                row = rows[number]
                given = {"name": row.name, "extension": row.extension, "pin_hash": row.pin_hash}
                await tx.agents.change(number, {key: value for key, value in given.items() if value})
            await tx.agents.set_queues({number: rows[number].queues for number in done.changed})
            await tx.agents.set_skills({number: rows[number].skills for number in done.changed})
        return done

    async def verify_pin(self, number: AgentNumber, pin: str) -> PinCheck:
        """Check a PIN, in the same time whether or not the agent exists; ten failures lock for a while."""
        async with self._store.unit() as tx:
            pin_hash, locked = await tx.agents.claim_pin_attempt(number)
        matches = await self._pins.matches(pin, pin_hash)
        if locked:
            return PinCheck.LOCKED
        if not matches:
            return PinCheck.WRONG
        async with self._store.unit() as tx:
            await tx.agents.forgive_pin_failures(number)
        return PinCheck.OK

    async def _row(self, new: NewAgent) -> AgentRow:
        return AgentRow(
            number=new.number,
            name=clean(new.name.strip()),
            extension=new.extension,
            pin_hash=None if new.pin is None else await self._pins.hash(new.pin),
            queues=new.queues,
            skills=new.skills,
            limits=new.limits,
        )


def problems_of(new: NewAgent) -> list[RefusedError]:
    """Say everything that cannot be in an agent's account."""
    problems = []
    if not _NUMBER.fullmatch(new.number):
        problems.append(
            RefusedError("the number must be 1–32 letters, digits, - or _", reason="bad_agent_number")
        )
    if new.extension is not None and not _EXTENSION.fullmatch(new.extension):
        problems.append(
            RefusedError("the extension must be 1–32 letters, digits, - or _", reason="bad_extension")
        )
    if new.pin is not None and not _PIN.fullmatch(new.pin):
        problems.append(RefusedError("the PIN must be 4–32 digits: it is typed on a phone", reason="bad_pin"))
    return [*problems, *_problems_of_queues(new), *_problems_of_work(new)]


def _problems_of_queues(new: NewAgent) -> Iterator[RefusedError]:
    for queue, terms in new.queues.items():
        if not _QUEUE.fullmatch(queue):
            yield RefusedError(
                "queue {queue!r}: a name is 1–64 of a–z, 0–9, - and _",
                reason="bad_queue_name",
                queue=queue[:64],
            )
        if not 0 <= terms.penalty <= MAX_PENALTY:
            yield RefusedError(
                "queue {queue!r}: the penalty must be from 0 to {most}",
                reason="bad_penalty",
                queue=queue[:64],
                most=MAX_PENALTY,
            )
        if terms.ring_s is not None and not 1 <= terms.ring_s <= MAX_RING_S:
            yield RefusedError(
                "queue {queue!r}: a phone rings for 1 to {most} s",
                reason="bad_ring_time",
                queue=queue[:64],
                most=MAX_RING_S,
            )
        if terms.wrap_up_s is not None and not 0 <= terms.wrap_up_s <= MAX_REST_S:
            yield RefusedError(
                "queue {queue!r}: the wrap-up must be from 0 to {most} s",
                reason="bad_wrap_up",
                queue=queue[:64],
                most=MAX_REST_S,
            )


def _problems_of_work(new: NewAgent) -> Iterator[RefusedError]:
    """Say what cannot be of what an agent can, and of how much they are given."""
    for skill, level in new.skills.items():
        if not _QUEUE.fullmatch(skill):
            yield RefusedError(
                "skill {skill!r}: a name is 1–64 of a–z, 0–9, - and _",
                reason="bad_skill_name",
                skill=skill[:64],
            )
        if not 0 <= level <= MAX_LEVEL:
            yield RefusedError(
                "skill {skill!r}: the level must be from 0 to {most}",
                reason="bad_level",
                skill=skill[:64],
                most=MAX_LEVEL,
            )
    limits = new.limits
    if limits.calls_per_hour is not None and not 0 <= limits.calls_per_hour <= MAX_CALLS:
        yield RefusedError(
            "calls per hour: a number from 0 (no limit) to {most}",
            reason="bad_calls_per_hour",
            most=MAX_CALLS,
        )
    if limits.calls_per_day is not None and not 0 <= limits.calls_per_day <= MAX_CALLS:
        yield RefusedError(
            "calls per day: a number from 0 (no limit) to {most}", reason="bad_calls_per_day", most=MAX_CALLS
        )
    if not 0 <= limits.rest_s <= MAX_REST_S:
        yield RefusedError("rest between calls: seconds from 0 to {most}", reason="bad_rest", most=MAX_REST_S)


def _refuse(problems: Sequence[RefusedError]) -> None:
    if problems:
        raise RefusedError(faults=problems)
