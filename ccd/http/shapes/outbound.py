"""The outbound policy: what it says of a number, and how far its limits are used."""

from typing import TypedDict


class OutboundStep(TypedDict):
    """One rule that was looked at."""

    rule: str
    verdict: str
    """`fits`, or the part that does not: `patterns`, `countries`, `kinds`, `who`, `hours`."""


class OutboundCheck(TypedDict):
    """What would become of a number: `GET /outbound/check`. Nothing is dialled, and nothing is counted."""

    number: str
    allowed: bool
    reason: str | None
    """Of a refusal: `denied`, `not_allowed`, `hours`, `kind`, `agent_limit`, …; None: let out."""
    rule: str
    """What decided: a rule's name, `allow`, `deny`, `emergency`, `limits.…`; empty: nothing."""
    callee: str
    """The number in international form."""
    country: str
    kind: str
    target: str
    """What Asterisk would dial; empty where it is refused, as is what follows."""
    caller_id: str
    max_s: float | None
    record: str
    steps: list[OutboundStep]


class OutboundUse(TypedDict):
    """What one person has used of their limits."""

    person: str
    """`agent/1001`, or `phone/1900` where nobody is signed in."""
    hour: int
    """Calls within the last 60 minutes; `day` calls today."""
    day: int
    talk_s: float
    """Of talk today, with what calls under way may still use."""
    concurrent: int


class OutboundLimits(TypedDict):
    """The limits and what is used of them: `GET /outbound/limits`."""

    limits: dict[str, int | float | None]
    """By key, as `agent.per_hour`; null: no limit."""
    hour: int
    """Calls of all within the last 60 minutes; `concurrent` under way now."""
    concurrent: int
    people: list[OutboundUse]
    """Whoever has called today, most calls first."""
    let_out: int
    """Since the daemon started; `refused` by reason."""
    refused: dict[str, int]
