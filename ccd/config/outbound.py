"""What may be dialled to the outside, by whom, when, how often, and as whom: the outbound policy.

    outbound:
      allow: ["0[1-9].", "1[3-9]XXXXXXXXX"]     # everybody, also while ccd is missing
      deny: ["0900."]                            # nobody, ever
      rules:                                     # in order: the first that fits decides
        - {name: evenings, action: deny, outside_hours: calling_hours}
        - {name: abroad, countries: [HK, SG], queues: [export], trunk: "PJSIP/{number}@carrier2", max_s: 1800}
      limits:
        agent: {per_hour: 60, per_day: 300}
        callee: {per_day: 5, at_once: 3, window_s: 300}

`ccd.outbound.policy` decides by it; `ccd outbound check NUMBER` says which rule decides, and why.
"""

import re
from enum import StrEnum
from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from ccd.config.asterisk import DialString
from ccd.config.base import CallerId, Digits, Name, Seconds, Section
from ccd.config.problems import refusal
from ccd.config.recordings import Record
from ccd.config.shape import Shape

DialPattern = Annotated[
    str,
    Shape(
        r"(?=.{1,64}$)\+?([0-9XZN]|\[[0-9]+(-[0-9]+)*\])+\.?",
        "a pattern as in Asterisk's dialplan: digits, X (0-9), Z (1-9), N (2-9), [1-5], and . at the end",
        "Asterisk 拨号方案的号码模式：数字、X(0-9)、Z(1-9)、N(2-9)、[1-5],末尾可用 .",
    ),
]
"""An outside number as Asterisk's dialplan has it: digits, X (0-9), Z (1-9), N (2-9), [1-5], a final `.`."""
Country = Annotated[
    str,
    Shape(
        r"[A-Z]{2}|001",
        "two capital letters, such as CN; 001 for numbers of no country",
        "两个大写字母，例如 CN；不属于任何国家的号码写 001",
    ),
]
"""ISO 3166 code of a country."""
QueueCode = Annotated[
    str,
    Shape(r"[*#][0-9]{1,6}", "* or # and up to six digits, such as *71", "* 或 # 加最多六位数字，例如 *71"),
]
Count = Annotated[int, Field(ge=0, le=1_000_000)]


class NumberKind(StrEnum):
    """What sort of line a number is, as the numbering plan of its country tells."""

    FIXED = "fixed"
    MOBILE = "mobile"
    TOLL_FREE = "toll_free"
    PREMIUM = "premium"
    SHARED_COST = "shared_cost"
    VOIP = "voip"
    PERSONAL = "personal"
    PAGER = "pager"
    COMPANY = "company"
    """Universal access numbers, such as 400 in China."""
    SATELLITE = "satellite"
    """Satellite and international networks: +870, +878, +881, +882, +883."""
    UNKNOWN = "unknown"
    """The numbering plan does not have it: a short number, or none at all."""


class OutboundRule(Section):
    """One rule. What is left out fits everything; of a list one entry has to fit."""

    name: Name | None = None
    """By which records and `ccd outbound check` call it; null: its place, such as rule-3."""
    action: Literal["allow", "deny"] = "allow"
    """allow or deny."""
    patterns: tuple[DialPattern, ...] = ()
    """Numbers as they are dialled."""
    countries: tuple[Country, ...] = ()
    """Countries of the number."""
    kinds: tuple[NumberKind, ...] = ()
    """fixed, mobile, toll_free, premium, shared_cost, voip, personal, pager, company, satellite, unknown."""
    hours: Name | None = None
    """Calendar that must be open."""
    outside_hours: Name | None = None
    """Calendar that must be closed."""
    agents: tuple[Digits, ...] = ()
    """Agents who are signed in on the phone."""
    queues: tuple[Name, ...] = ()
    """Queues that the agent serves, or for which the call is made."""
    phones: tuple[Digits, ...] = ()
    """Extensions; agents, queues, phones and flows together: one of them has to fit."""
    flows: tuple[Name, ...] = ()
    """Flows whose `dial` nodes dial."""
    trunk: DialString | None = None
    """How the number is dialled; null: asterisk.outside_dial."""
    caller_id: CallerId = ""
    """Number that is shown; empty: see outbound.caller_id."""
    max_s: Annotated[Seconds, Field(ge=1)] | None = None
    """Longest talk; null: no limit."""
    record: Record | None = None
    """always, on_demand or never; null: outbound.record."""

    @model_validator(mode="after")
    def _one_calendar(self) -> Self:
        if self.hours is not None and self.hours == self.outside_hours:
            raise refusal("hours_never", name=self.hours)
        return self


class AgentLimits(Section):
    """Of each agent; of each phone on which nobody is signed in. null: no limit."""

    per_hour: Count | None = None
    """Calls within any 60 minutes."""
    per_day: Count | None = None
    """Calls a day."""
    minutes_per_day: Count | None = None
    """Minutes of talk a day; a call that is under way ends when they are used up."""
    concurrent: Count | None = None
    """Calls at the same moment."""


class CalleeLimits(Section):
    """Of each number that is called, whoever calls it. null: no limit."""

    per_day: Count | None = None
    """Calls a day."""
    at_once: Count | None = None
    """Calls within window_s."""
    window_s: Annotated[Seconds, Field(ge=1)] = 300


class SystemLimits(Section):
    """Of all together. null: no limit."""

    per_hour: Count | None = None
    """Calls within any 60 minutes."""
    concurrent: Count | None = None
    """Calls at the same moment."""
    alarm_percent: Annotated[int, Field(ge=1, le=100)] = 80
    """Share of per_hour from which on the log and the metrics raise an alarm."""


class OutboundLimits(Section):
    """How often and how long; only calls that were let out count."""

    agent: AgentLimits = AgentLimits()
    callee: CalleeLimits = CalleeLimits()
    system: SystemLimits = SystemLimits()


class Outbound(Section):
    """Outside numbers: `deny` first, then `rules` in order, then `allow`; what nothing allows is refused."""

    allow: tuple[DialPattern, ...] = ()
    """Numbers that everybody may dial."""
    deny: tuple[DialPattern, ...] = ()
    """Numbers that nobody may dial, whatever rules say."""
    emergency: tuple[DialPattern, ...] = ()
    """Numbers that everybody may dial at any time, without limits, also while ccd is missing."""
    max_digits: Annotated[int, Field(ge=3, le=32)] = 20
    """Longest number."""
    country: Country = "CN"
    """Whose numbers are dialled without a country code."""
    refuse_kinds: tuple[NumberKind, ...] = (
        NumberKind.PREMIUM,
        NumberKind.PERSONAL,
        NumberKind.PAGER,
        NumberKind.SATELLITE,
    )
    """Kinds of numbers that are refused, unless the rule that allows the number names its kind."""
    rules: tuple[OutboundRule, ...] = ()
    """In order: the first that fits decides."""
    limits: OutboundLimits = OutboundLimits()
    caller_id: CallerId = ""
    """Number that is shown when neither rule, queue nor agent has one; empty: the extension."""
    queue_codes: dict[QueueCode, Name] = Field(default_factory=dict)
    """Codes that an agent dials in front of a number to call on behalf of a queue."""
    record: Record = Record.NEVER
    """always, on_demand or never: outgoing calls for which no rule says otherwise."""
    ring_s: Annotated[Seconds, Field(ge=5, le=600)] = 120
    """How long an outside number rings."""
    wrap_up_s: Seconds = 0
    """Rest of an agent after an outgoing talk."""
    without_ccd: Literal["allow", "refuse"] = "allow"
    """While ccd is missing: allow what `allow` names and `deny` does not, or refuse all but emergencies."""
    ask_s: Annotated[Seconds, Field(ge=1, le=30)] = 3
    """How long a phone waits for ccd's word before the call goes on without it."""

    def permits(self, number: str) -> bool:
        """Whether the static part lets a number be dialled; so Asterisk decides while ccd is missing."""
        if not self.dialable(number):
            return False
        if self.is_emergency(number):
            return True
        return fits(self.allow, number) and not fits(self.deny, number)

    def dialable(self, number: str) -> bool:
        """Whether it is a number at all: digits, not too many of them, perhaps + in front."""
        return len(number) <= self.max_digits and re.fullmatch(r"\+?[0-9]+", number, re.ASCII) is not None

    def is_emergency(self, number: str) -> bool:
        """Whether it is an emergency number."""
        return fits(self.emergency, number)


def fits(patterns: tuple[str, ...], number: str) -> bool:
    """Whether one of the patterns fits a number."""
    return any(expression(pattern).fullmatch(number) for pattern in patterns)


def expression(pattern: str) -> re.Pattern[str]:
    """Turn a pattern of Asterisk's dialplan into a regular expression."""
    classes = {"X": "[0-9]", "Z": "[1-9]", "N": "[2-9]", ".": "[0-9]+", "+": r"\+"}
    return re.compile("".join(classes.get(each, each) for each in pattern), re.ASCII)
