"""The segments of a call in the making, and how one is found among them."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from ccd.model import AgentNumber, OfferId, QueueName
from ccd.records.record import SegmentKind


@dataclass(slots=True, kw_only=True)
class Part:
    """A segment in the making; instants are seconds since the call began."""

    kind: SegmentKind
    start_s: float
    end_s: float | None = None
    queue: QueueName | None = None
    agent: AgentNumber | None = None
    result: str | None = None
    offer_id: OfferId | None = None
    detail: dict[str, Any] = field(default_factory=dict)
    holds: list[list[float]] = field(default_factory=list)
    """Of a talk: `[from, to]`, or `[from]` while it lasts."""
    answered_s: float | None = None
    """Of a dial: when the other side answered."""

    @property
    def open(self) -> bool:
        """Whether its end has not been told."""
        return self.end_s is None


class Parts(list[Part]):
    """What is known of one call so far, in the order in which it was told."""

    def add(self, part: Part) -> Part:
        """Take a part in, and give it back."""
        self.append(part)
        return part

    def latest(self, kind: SegmentKind) -> Iterator[Part]:
        """Give those of one kind, the last one first."""
        return (part for part in reversed(self) if part.kind is kind)

    def last(self, kind: SegmentKind) -> Part | None:
        """Give the last one of a kind."""
        return next(self.latest(kind), None)

    def last_end_s(self) -> float:
        """Give when the last part was over; whoever only listened in does not count."""
        return max(
            (p.end_s for p in self if p.end_s is not None and p.kind is not SegmentKind.SUPERVISION),
            default=0.0,
        )
