"""Whether somebody may be called back at all, and whether now: outbound policy, blacklist, calendar."""

from datetime import datetime
from zoneinfo import ZoneInfo

from ccd.calls.house import House
from ccd.config.callbacks import Callback as Terms
from ccd.ivr.hours import HoursState, hours_state
from ccd.model import QueueName
from ccd.outbound.policy import Allowed, RefusalReason, Who

_PASSING = frozenset(
    {
        RefusalReason.HOURS,
        RefusalReason.AGENT_LIMIT,
        RefusalReason.CALLEE_LIMIT,
        RefusalReason.SYSTEM_LIMIT,
    }
)
"""Reasons that hold now and may not hold later: no reason to refuse a promise."""


def may_call(house: House, queue: str, number: str) -> bool:
    """Whether a number may be promised a call back: the policy allows it, and it is on no blacklist."""
    unwanted = house.config.blacklist.list
    if unwanted is not None and house.listed(unwanted, number):
        return False
    told = house.outgoing.consider(number, Who(queue=queue))
    return isinstance(told, Allowed) or told.reason in _PASSING


def is_open(house: House, queue: QueueName, terms: Terms, at: datetime) -> bool:
    """Whether an open queue calls back at this time; a calendar that a reload took away is no obstacle."""
    config = house.config
    if not house.doors.of(queue).open:
        return False
    hours = None if terms.hours is None else config.hours.get(terms.hours)
    return hours is None or hours_state(hours, at, ZoneInfo(config.timezone)) is HoursState.OPEN
