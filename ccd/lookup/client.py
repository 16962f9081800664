"""The HTTP client of lookups: one POST, no redirects, a bound on everything.

What goes wrong is never the caller's problem: they go on by `on_failed`. A system that fails again and again
is left alone for a while (`ccd.lookup.breaker`), so that callers do not wait for its timeout in vain.
"""

import asyncio
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import aiohttp
import structlog
from pydantic import ValidationError

from ccd.clock import Clock
from ccd.config.lookups import Lookup
from ccd.lookup.answer import read_answer
from ccd.lookup.breaker import Breaker, BreakerState
from ccd.lookup.targets import PublicResolver
from ccd.model import LookupAnswer, LookupOutcome

log = structlog.get_logger(__name__)

_NOT_FOUND = (204, 404)
_NOBODY_BEHIND = (502, 503, 504)
_CONNECTIONS = 100
"""To all systems together; who finds none free waits within their timeout."""
_KEPT_NAMES_S = 30


class _WrongAnswerError(Exception):
    """The system answered something that is no answer."""


@dataclass(slots=True)
class _System:
    """What is remembered of one system."""

    settings: Lookup
    breaker: Breaker
    counts: Counter[str] = field(default_factory=Counter)
    last_failure: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class LookupStatus:
    """How a system fares."""

    name: str
    state: BreakerState
    counts: Mapping[LookupOutcome, int]
    """Questions since the daemon's start, by outcome."""
    last_failure: str


class Lookups:
    """Asks systems; `close` it at the end. It opens nothing before the first question."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._systems: dict[str, _System] = {}
        self._sessions: dict[bool, aiohttp.ClientSession] = {}

    async def ask(self, name: str, settings: Lookup, question: Mapping[str, Any]) -> LookupAnswer:
        """Ask a system, within its `timeout_s`. Never raises for what the system does; see `outcome`."""
        system = self._system(name, settings)
        started = self._clock.now()
        if not system.breaker.admits(started):
            system.counts[LookupOutcome.FAILED] += 1
            return LookupAnswer(outcome=LookupOutcome.FAILED, reason="suspended")
        try:
            async with asyncio.timeout(settings.timeout_s):
                answer = await self._post(settings, question)
        except (aiohttp.ClientError, OSError, ValueError, _WrongAnswerError) as problem:
            return self._failed(name, system, problem)
        except BaseException:
            system.breaker.withdrawn()
            raise
        if system.breaker.in_a_row >= settings.breaker.failures:
            log.info("lookup answers again", lookup=name)
        system.breaker.answered()
        system.counts[answer.outcome] += 1
        return answer

    async def trouble(self, settings: Lookup) -> str:
        """See whether a system answers at all; give what is wrong, in one line, or an empty text.

        It is asked for nothing (HEAD, without the secret): what it says to that does not matter, unless it is
        a gateway's word that nobody is behind it. Bounded as a question is, and not counted.
        """
        session = self._session(private=settings.allow_private)
        try:
            async with (
                asyncio.timeout(settings.timeout_s),
                session.head(settings.url, allow_redirects=False) as response,
            ):
                return f"status {response.status}" if response.status in _NOBODY_BEHIND else ""
        except (aiohttp.ClientError, OSError, ValueError) as problem:
            return _reason(problem, settings)

    def statuses(self, configured: Mapping[str, Lookup]) -> Iterator[LookupStatus]:
        """Tell how each system fares that the configuration has."""
        now = self._clock.now()
        for name in configured:
            system = self._systems.get(name)
            yield LookupStatus(
                name=name,
                state=BreakerState.CLOSED if system is None else system.breaker.state(now),
                counts={each: 0 if system is None else system.counts[each] for each in LookupOutcome},
                last_failure="" if system is None else system.last_failure,
            )

    async def close(self) -> None:
        """Close all connections."""
        for session in self._sessions.values():
            await session.close()

    def _system(self, name: str, settings: Lookup) -> _System:
        """Find what is known of a system; a reload that changed it begins anew, its counts apart."""
        system = self._systems.get(name)
        if system is None or system.settings != settings:
            breaker = Breaker(failures=settings.breaker.failures, open_s=settings.breaker.open_s)
            counts = Counter[str]() if system is None else system.counts
            system = self._systems[name] = _System(settings, breaker, counts)
        return system

    def _failed(self, name: str, system: _System, problem: Exception) -> LookupAnswer:
        now = self._clock.now()
        reason = _reason(problem, system.settings)
        system.breaker.failed(now)
        system.counts[LookupOutcome.FAILED] += 1
        system.last_failure = reason
        suspended = system.breaker.state(now) is BreakerState.OPEN
        log.warning(
            "lookup suspended" if suspended else "lookup failed",
            lookup=name,
            reason=reason,
            failures=system.breaker.in_a_row,
            **({"for_s": system.settings.breaker.open_s} if suspended else {}),
        )
        return LookupAnswer(outcome=LookupOutcome.FAILED, reason=reason)

    async def _post(self, settings: Lookup, question: Mapping[str, Any]) -> LookupAnswer:
        headers = {"Accept": "application/json", "Accept-Encoding": "identity", **settings.headers}
        if secret := settings.secret.get_secret_value():
            headers["Authorization"] = f"Bearer {secret}"
        session = self._session(private=settings.allow_private)
        async with session.post(
            settings.url, json=question, headers=headers, allow_redirects=False
        ) as response:
            if response.status in _NOT_FOUND:
                return LookupAnswer(outcome=LookupOutcome.NOT_FOUND)
            if not 200 <= response.status < 300:
                raise _WrongAnswerError(f"status {response.status}")
            return read_answer(await _body(response, settings.max_bytes))

    def _session(self, *, private: bool) -> aiohttp.ClientSession:
        if private not in self._sessions:
            resolver = None if private else PublicResolver()
            connector = aiohttp.TCPConnector(
                limit=_CONNECTIONS, resolver=resolver, ttl_dns_cache=_KEPT_NAMES_S, happy_eyeballs_delay=None
            )
            self._sessions[private] = aiohttp.ClientSession(
                connector=connector,
                cookie_jar=aiohttp.DummyCookieJar(),
                timeout=aiohttp.ClientTimeout(total=None),  # each question has its own
            )
        return self._sessions[private]


async def _body(response: aiohttp.ClientResponse, limit: int) -> bytes:
    body = bytearray()
    async for piece in response.content.iter_any():
        body += piece
        if len(body) > limit:
            raise _WrongAnswerError(f"an answer of more than {limit} bytes")
    return bytes(body)


def _reason(problem: Exception, settings: Lookup) -> str:
    """Say in one line what went wrong; never what was sent or answered."""
    if isinstance(problem, TimeoutError):
        return f"no answer within {settings.timeout_s:g} s"
    if isinstance(problem, ValidationError):
        first = problem.errors(include_input=False, include_url=False)[0]
        return f"a wrong answer: {'.'.join(map(str, first['loc']))}: {first['msg']}"[:200]
    return (str(problem) or type(problem).__name__)[:200]
