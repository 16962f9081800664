"""Wrong entries of a secret in flows, as they are remembered over a restart."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class PinLock:
    """How many entries in a row were wrong; stored with each entry."""

    key: str
    """A digest, see `ccd.ivr.locks.lock_key`."""
    wrong: int
    """0: the last entry was right."""
    last_at: datetime
