"""Name resolution that gives public addresses only: nobody's name server sends us into our own network.

The addresses that were checked are those that are connected to: nothing resolves the name a second time.
"""

import asyncio
import errno
import socket

from aiohttp.abc import AbstractResolver, ResolveResult
from aiohttp.resolver import ThreadedResolver

from ccd.config.addresses import is_public


class PublicResolver(AbstractResolver):
    """Resolves as the system does, and refuses a name of which any address is not public."""

    def __init__(self) -> None:
        self._system = ThreadedResolver(loop=asyncio.get_running_loop())

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_INET
    ) -> list[ResolveResult]:
        """Give the addresses of a name; raises OSError when one of them is in a private network."""
        found = await self._system.resolve(host, port, family)
        inside = [each["host"] for each in found if not is_public(each["host"])]
        if inside:
            reason = f"{inside[0]} is not public; set allow_private: true if it is yours"
            raise OSError(errno.EACCES, reason)
        return found

    async def close(self) -> None:
        """Close what it resolves with."""
        await self._system.close()
