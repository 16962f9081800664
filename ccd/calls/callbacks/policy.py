"""Whether somebody may be called back at all, and whether now: the outbound policy, the queue's calendar."""

from datetime import datetime
from zoneinfo import ZoneInfo

from ccd.config import Config
from ccd.config.callbacks import Callback as Terms
from ccd.ivr.hours import HoursState, hours_state
from ccd.outbound.ledger import Ledger
from ccd.outbound.policy import Allowed, Directory, OutboundPolicy, RefusalReason, Verdict, Who

_PASSING = frozenset(
    {
        RefusalReason.HOURS,
        RefusalReason.AGENT_LIMIT,
        RefusalReason.CALLEE_LIMIT,
        RefusalReason.SYSTEM_LIMIT,
    }
)
"""Reasons that hold now and may not hold later: no reason to refuse a promise."""


def verdict(config: Config, queue: str, number: str, at: datetime) -> Verdict:
    """Ask the outbound policy about a call on behalf of a queue."""
    directory = Directory(
        outside_dial=config.asterisk.outside_dial,
        is_open=lambda calendar, when: open_now(config, calendar, when),
    )
    return OutboundPolicy(config.outbound, directory).decide(
        number, Who(queue=queue), at, Ledger(ZoneInfo(config.timezone))
    )


def may_call(config: Config, queue: str, number: str, at: datetime) -> bool:
    """Whether a number may be promised a call back."""
    told = verdict(config, queue, number, at)
    return isinstance(told, Allowed) or told.reason in _PASSING


def is_open(config: Config, terms: Terms, at: datetime) -> bool:
    """Whether a queue calls back at this time."""
    return terms.hours is None or open_now(config, terms.hours, at)


def open_now(config: Config, calendar: str, at: datetime) -> bool:
    """Whether a calendar is open; one that a reload took away is no obstacle."""
    hours = config.hours.get(calendar)
    return hours is None or hours_state(hours, at, ZoneInfo(config.timezone)) is HoursState.OPEN
