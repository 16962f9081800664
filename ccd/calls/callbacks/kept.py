"""A promise while it is to be kept: what is stored of it, and where it stands in this process."""

import asyncio
from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING

from ccd.model import CallId, tail_of
from ccd.storage.callbacks import Callback

if TYPE_CHECKING:
    from ccd.calls.callbacks.attempt import Attempt


class Phase(StrEnum):
    """Where a promise stands."""

    RESTING = "resting"
    """Not in the line: the queue is closed, or the time of the next try has not come."""
    IN_LINE = "in_line"
    OFFERED = "offered"
    """Agents' phones are called, or about to be; the customer's is not."""
    DIALLING = "dialling"
    """The customer is called."""
    ASKING = "asking"
    """Whether the customer is being called is not known; Asterisk is asked."""
    CLOSED = "closed"


BEING_CALLED = frozenset({Phase.DIALLING, Phase.ASKING})
"""The customer is called, or may be."""


@dataclass(slots=True, kw_only=True, eq=False)
class Kept:
    """One promise."""

    stored: Callback
    call_id: CallId
    """Of the call that will be, or is, made; new each time that the promise takes its place in the line."""
    phase: Phase = Phase.RESTING
    attempt: "Attempt | None" = None
    unwanted: str = ""
    """Why the try that is under way is called off; their place is somebody else's already."""


@dataclass(slots=True)
class Shelf:
    """All promises that are open, by what they are looked up by, and which of them are still to be stored."""

    by_id: dict[int, Kept] = field(default_factory=dict)
    by_call: dict[CallId, Kept] = field(default_factory=dict)
    by_tail: dict[str, list[Kept]] = field(default_factory=dict)
    unsaved: dict[int, Callback] = field(default_factory=dict)
    news: asyncio.Event = field(default_factory=asyncio.Event)

    def add(self, kept: Kept) -> None:
        """Take an open promise in."""
        self.by_id[kept.stored.id] = kept
        self.by_tail.setdefault(key_of(kept.stored.number), []).append(kept)
        if kept.call_id:
            self.by_call[kept.call_id] = kept
        self.news.set()

    def remove(self, kept: Kept) -> None:
        """Let go of one that is closed."""
        self.by_id.pop(kept.stored.id, None)
        self.by_call.pop(kept.call_id, None)
        same = self.by_tail.get(key_of(kept.stored.number), [])
        if kept in same:
            same.remove(kept)
            if not same:
                del self.by_tail[key_of(kept.stored.number)]

    def of_number(self, number: str) -> Iterable[Kept]:
        """Give those of a number, however it is written."""
        return tuple(self.by_tail.get(key_of(number), ())) if number else ()

    def name_call(self, kept: Kept, call_id: CallId) -> None:
        """Give a promise the id of its next call."""
        self.by_call.pop(kept.call_id, None)
        kept.call_id = call_id
        self.by_call[call_id] = kept


def key_of(number: str) -> str:
    """Give what is the same of a number however it is written."""
    return tail_of(number) or number
