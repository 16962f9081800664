"""Callbacks: what was promised, and what became of it."""

from typing import TypedDict

from ccd.http.shapes.instants import Instant


class Callback(TypedDict):
    """A promise of a call back."""

    id: int
    queue: str
    number: str
    status: str
    """`waiting`, `dialling`, `done` (the customer was reached), `failed`, `cancelled`."""
    phase: str
    """Of one that is open: `resting` (its time has not come), `in_line`, `offered`, `dialling`, `asking`."""
    reason: str
    """failed: `tries`, `expired`, `not_allowed`, `queue_gone`; cancelled: `called_again`, `operator`."""
    requested_at: Instant
    joined_at: Instant
    """The place in the queue: when the caller had joined it."""
    priority: int
    tries: int
    """How often the customer was dialled."""
    not_before: Instant | None
    """When the next try may be made."""
    expires_at: Instant
    call_id: str | None
    """The call in which it was asked for; null: it was entered by hand."""
    last_call_id: str | None
    """The call of the last try."""
    agent: str | None
    closed_at: Instant | None
