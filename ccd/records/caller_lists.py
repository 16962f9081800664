"""Lists of callers that people keep: VIPs, those who are not served."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class ListEntry:
    """One number, or all that begin alike."""

    list: str
    number: str
    """International where it could be read: `+8613800138000`; `+86571*` for all numbers of Hangzhou."""
    note: str = ""
    until_at: datetime | None = None
    """When it ends to count; None: never."""
    added_at: datetime

    @property
    def is_prefix(self) -> bool:
        """Whether it stands for all numbers that begin so."""
        return self.number.endswith("*")

    def counts(self, now: datetime) -> bool:
        """Whether it still counts at an aware instant."""
        return self.until_at is None or now < self.until_at
