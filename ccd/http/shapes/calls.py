"""Calls under way, and why they went as they went."""

from typing import TypedDict

from ccd.http.shapes.agents import Agent
from ccd.http.shapes.health import Status
from ccd.http.shapes.instants import Instant
from ccd.http.shapes.queues import QueueSummary
from ccd.http.shapes.records import FullRecord


class Call(TypedDict):
    """A call inside ccd now."""

    id: str
    channel: str
    direction: str
    """`inbound` or `outbound`; of the latter `number` is the phone that dialled."""
    number: str
    name: str
    called: str
    language: str
    started_at: Instant
    phase: str
    """`ivr`, `waiting`, `ringing`, `talking`, `survey`, `outside`."""
    phase_since_at: Instant
    flow: str | None
    node: str | None
    queue: str | None
    position: int | None
    agent: str | None
    """Who talks with the caller, or is offered the call."""
    on_hold: bool
    data: dict[str, str]
    """What was learnt of the caller, for the agent's screen: by lookups, by the region of their number."""


class Top(TypedDict):
    """Everything live in one answer, for `ccd top` and for metrics."""

    at: Instant
    status: Status
    queues: list[QueueSummary]
    agents: list[Agent]
    calls: list[Call]
    """At most 500, the oldest first; `status.calls` has the true count."""


class Candidate(TypedDict):
    """One member of a routing decision."""

    agent: str
    verdict: str
    key: str


class Decision(TypedDict):
    """Why an offer went to whom it went, see `ccd.history.Decided`."""

    at: Instant
    offer_id: str
    queue: str
    strategy: str
    rule: str
    trigger: str
    waited_s: float
    ahead: int
    members: int
    candidates: list[Candidate]


class Explanation(FullRecord):
    """Why a call went as it went: `GET /calls/ID/explain`, for live and finished calls."""

    decisions: list[Decision]
