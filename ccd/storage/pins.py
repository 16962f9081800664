"""Agents' PINs: argon2id, checked off the event loop, at a cost that a flood of sign-ins cannot exploit.

A PIN typed on a phone is a few digits, so its hash can never resist a stolen database for long: what
protects it is the lock after ten failures. The parameters are OWASP's minimum (19 MiB, two passes): some
20 ms, and few enough megabytes that two at once do not matter.
"""

import asyncio
from functools import cache
from typing import Final

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

_HASHER: Final = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)
_AT_ONCE: Final = 2
"""Hashes computed at the same time: they must not take the processor from the calls."""


class PinHasher:
    """Makes and checks hashes, a few at a time."""

    def __init__(self) -> None:
        self._turns = asyncio.Semaphore(_AT_ONCE)

    async def hash(self, pin: str) -> str:
        """Give the hash to store."""
        async with self._turns:
            return await asyncio.to_thread(_HASHER.hash, pin)

    async def matches(self, pin: str, pin_hash: str | None) -> bool:
        """Tell whether the PIN is the hash's. Without a hash it is not, after the same time."""
        async with self._turns:
            return await asyncio.to_thread(_matches, pin, pin_hash)


@cache
def _nobodys() -> str:
    return _HASHER.hash("nobody has this PIN")


def _matches(pin: str, pin_hash: str | None) -> bool:
    try:
        _HASHER.verify(pin_hash or _nobodys(), pin)
    except (VerificationError, InvalidHashError):
        return False
    return pin_hash is not None
