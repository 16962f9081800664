"""One POST of a notice: no redirects, a bound on everything, public addresses only unless allowed."""

import json
from datetime import datetime

import aiohttp

from ccd.config.notify import Webhook
from ccd.lookup.targets import PublicResolver
from ccd.notices.signing import headers
from ccd.records.notice import Notice
from ccd.records.record import instant

_CONNECTIONS = 20
_ANSWER = 1024
"""Bytes of an answer that are read."""


class UndeliveredError(Exception):
    """It did not arrive; `final`: nor will it."""

    def __init__(self, reason: str, *, final: bool = False) -> None:
        self.final = final
        super().__init__(reason[:300])


def envelope(notice: Notice) -> bytes:
    """Give the body: the four fields of CloudEvents 1.0, the time, and the data."""
    told = {
        "specversion": "1.0",
        "id": notice.id,
        "source": "/ccd",
        "type": notice.kind,
        "time": instant(notice.created_at),
        "datacontenttype": "application/json",
        "data": notice.body,
    }
    return json.dumps(told, ensure_ascii=False, separators=(",", ":")).encode()


class Poster:
    """Posts notices; `close` it at the end. It opens nothing before the first one."""

    def __init__(self) -> None:
        self._sessions: dict[bool, aiohttp.ClientSession] = {}

    async def post(self, notice: Notice, to: Webhook, now: datetime) -> None:
        """Post a notice once; raises UndeliveredError."""
        body = envelope(notice)
        signed = headers(to.secret.get_secret_value(), notice.id, int(now.timestamp()), body)
        try:
            async with self._session(private=to.allow_private).post(
                to.url,
                data=body,
                headers={"Content-Type": "application/json", "User-Agent": "ccd", **signed},
                allow_redirects=False,
                timeout=aiohttp.ClientTimeout(total=to.timeout_s),
            ) as response:
                await response.content.read(_ANSWER)
                status = response.status
        except TimeoutError:
            raise UndeliveredError(f"no answer within {to.timeout_s:g} s") from None
        except (aiohttp.ClientError, OSError, ValueError) as problem:
            raise UndeliveredError(str(problem) or type(problem).__name__) from problem
        if not 200 <= status < 300:
            raise UndeliveredError(f"status {status}", final=status == 410)

    async def close(self) -> None:
        """Close all connections."""
        for session in self._sessions.values():
            await session.close()

    def _session(self, *, private: bool) -> aiohttp.ClientSession:
        if private not in self._sessions:
            connector = aiohttp.TCPConnector(
                limit=_CONNECTIONS, resolver=None if private else PublicResolver(), happy_eyeballs_delay=None
            )
            self._sessions[private] = aiohttp.ClientSession(
                connector=connector, cookie_jar=aiohttp.DummyCookieJar()
            )
        return self._sessions[private]
