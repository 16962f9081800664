"""Whether a number may be dialled, by whom, and as whom: the one decision, for whoever dials to the outside.

    policy = OutboundPolicy(config.outbound, directory)
    verdict = policy.decide("013800138000", Who(agent="1001"), now, ledger)

The order: emergency numbers are let out always; what `deny` names never is; then the first rule that fits
decides; then `allow`. A number of a refused kind needs a rule that names the kind. Limits come last. Nothing
is counted here: whoever acts on an `Allowed` counts it (`Ledger.begin`) before anybody else is asked.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from ccd.config.outbound import Outbound, OutboundRule, fits
from ccd.config.recordings import Record
from ccd.outbound.ledger import Counts, Ledger
from ccd.outbound.numbers import Callee, callee


class RefusalReason(StrEnum):
    """Why a number is not dialled; each has a prompt, `outbound-…`."""

    INVALID = "invalid"
    """It is no number, or too long."""
    DENIED = "denied"
    """`deny` or a rule denies it."""
    NOT_ALLOWED = "not_allowed"
    """Nothing allows it."""
    HOURS = "hours"
    """It would be allowed at another time."""
    KIND = "kind"
    """Premium rate, satellite and the like."""
    AGENT_LIMIT = "agent_limit"
    CALLEE_LIMIT = "callee_limit"
    SYSTEM_LIMIT = "system_limit"


@dataclass(frozen=True, slots=True, kw_only=True)
class Who:
    """On whose behalf a number is dialled; what does not apply is empty."""

    agent: str = ""
    """Who is signed in on the phone."""
    extension: str = ""
    queue: str = ""
    """The queue for which the call is made: a code in front of the number, or a callback's queue."""
    queues: tuple[str, ...] = ()
    """The queues that the agent serves."""
    flow: str = ""
    caller_id: str = ""
    """The agent's own."""

    @property
    def person(self) -> str:
        """Give the key under which limits of agents count; empty for a flow or a callback by nobody."""
        if self.agent:
            return f"agent/{self.agent}"
        return f"phone/{self.extension}" if self.extension else ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One step of the decision, for `ccd outbound check`."""

    rule: str
    verdict: str
    """`fits`, or why it does not: `patterns`, `countries`, `hours`, …"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Allowed:
    """It may be dialled, so and not otherwise."""

    number: str
    """What the trunk is to dial."""
    target: str
    """What Asterisk's Dial takes: `PJSIP/013800138000@trunk`."""
    callee: Callee
    rule: str
    """What decided: a rule's name, `allow` or `emergency`."""
    caller_id: str = ""
    """Strictly digits, perhaps + in front; empty: as it is."""
    max_s: float | None = None
    """Longest talk; None: no limit."""
    record: Record = Record.NEVER
    person: str = ""
    trace: tuple[Step, ...] = field(default=(), compare=False)

    @property
    def allowed(self) -> bool:
        """Say yes."""
        return True


@dataclass(frozen=True, slots=True, kw_only=True)
class Refused:
    """It may not be dialled."""

    number: str
    reason: RefusalReason
    rule: str = ""
    """What decided: a rule's name, `deny`, `refuse_kinds`, `limits.agent.per_hour`; empty: nothing does."""
    callee: Callee | None = None
    trace: tuple[Step, ...] = field(default=(), compare=False)

    @property
    def allowed(self) -> bool:
        """Say no."""
        return False


Verdict = Allowed | Refused


@dataclass(frozen=True, slots=True, kw_only=True)
class Directory:
    """What the policy needs to know besides its own section."""

    outside_dial: str = "PJSIP/{number}@trunk"
    is_open: Callable[[str, datetime], bool] = lambda _name, _at: True
    """Whether a calendar of this name is open at an aware date."""
    queue_caller_ids: Mapping[str, str] = field(default_factory=dict)


_STATIC = OutboundRule()
_LEAST_TALK_S = 1.0
"""Asterisk limits talks in whole seconds, and 0 is no limit."""


class OutboundPolicy:
    """The policy of one configuration."""

    def __init__(self, outbound: Outbound, directory: Directory) -> None:
        self._outbound = outbound
        self._directory = directory
        self._rules = [(rule.name or f"rule-{place}", rule) for place, rule in enumerate(outbound.rules, 1)]

    def decide(self, number: str, who: Who, now: datetime, ledger: Ledger) -> Verdict:
        """Decide about one call; `now` is aware. It changes no count."""
        outbound = self._outbound
        if not outbound.dialable(number):
            return Refused(number=number, reason=RefusalReason.INVALID)
        its = callee(number, outbound.country)
        if outbound.is_emergency(number):
            return self._allow(number, its, who, "emergency", _STATIC)
        trace: list[Step] = []
        name, rule, reason = self._first(number, its, who, now, trace)
        counts = ledger.counts(who.person, its.e164, now.timestamp())
        if reason is None and its.kind in outbound.refuse_kinds and its.kind not in rule.kinds:
            name, reason = "refuse_kinds", RefusalReason.KIND
        if reason is None and (over := self._over(counts, who)) is not None:
            reason, name = over
        if reason is not None:
            return Refused(number=number, reason=reason, rule=name, callee=its, trace=tuple(trace))
        return self._allow(number, its, who, name, rule, counts=counts, trace=tuple(trace))

    # ------------------------------------------------------------ which rule

    def _first(
        self, number: str, its: Callee, who: Who, now: datetime, trace: list[Step]
    ) -> tuple[str, OutboundRule, RefusalReason | None]:
        """Give what decides, with its name, and why it refuses, if it does."""
        if fits(self._outbound.deny, number):
            return "deny", _STATIC, RefusalReason.DENIED
        too_early = ""
        for name, rule in self._rules:
            obstacle = self._obstacle(rule, number, its, who, now)
            trace.append(Step(rule=name, verdict=obstacle or "fits"))
            if obstacle == "hours" and rule.action == "allow":
                too_early = too_early or name
            if obstacle:
                continue
            if rule.action == "allow":
                return name, rule, None
            timed = rule.hours is not None or rule.outside_hours is not None
            return name, rule, RefusalReason.HOURS if timed else RefusalReason.DENIED
        if fits(self._outbound.allow, number):
            trace.append(Step(rule="allow", verdict="fits"))
            return "allow", _STATIC, None
        trace.append(Step(rule="allow", verdict="patterns"))
        return too_early, _STATIC, RefusalReason.HOURS if too_early else RefusalReason.NOT_ALLOWED

    def _obstacle(self, rule: OutboundRule, number: str, its: Callee, who: Who, now: datetime) -> str:
        """Say which part of a rule does not fit, its calendars last; empty when it fits."""
        is_open = self._directory.is_open
        parts = (
            ("patterns", not rule.patterns or fits(rule.patterns, number)),
            ("countries", not rule.countries or its.country in rule.countries),
            ("kinds", not rule.kinds or its.kind in rule.kinds),
            ("who", _concerns(rule, who)),
            ("hours", rule.hours is None or is_open(rule.hours, now)),
            ("hours", rule.outside_hours is None or not is_open(rule.outside_hours, now)),
        )
        return next((part for part, holds in parts if not holds), "")

    # ------------------------------------------------------------ how often, and how

    def _over(self, counts: Counts, who: Who) -> tuple[RefusalReason, str] | None:
        """Give the first limit that is reached."""
        limits = self._outbound.limits
        agent, its, system = limits.agent, limits.callee, limits.system
        minutes = agent.minutes_per_day
        of_agents: tuple[tuple[str, float, float | None], ...] = (
            ("concurrent", counts.concurrent, agent.concurrent),
            ("per_hour", counts.hour, agent.per_hour),
            ("per_day", counts.day, agent.per_day),
            ("minutes_per_day", counts.talk_s + _LEAST_TALK_S, None if minutes is None else minutes * 60.0),
        )
        of_callees = (
            ("at_once", counts.callee_window, its.at_once),
            ("per_day", counts.callee_day, its.per_day),
        )
        of_system = (
            ("concurrent", counts.system_concurrent, system.concurrent),
            ("per_hour", counts.system_hour, system.per_hour),
        )
        for reason, group, limited in (
            (RefusalReason.AGENT_LIMIT, "agent", of_agents if who.person else ()),
            (RefusalReason.CALLEE_LIMIT, "callee", of_callees),
            (RefusalReason.SYSTEM_LIMIT, "system", of_system),
        ):
            for key, used, most in limited:
                if most is not None and used >= most:
                    return reason, f"limits.{group}.{key}"
        return None

    def _allow(  # noqa: PLR0913 - all that decides how it is dialled
        self,
        number: str,
        its: Callee,
        who: Who,
        name: str,
        rule: OutboundRule,
        *,
        counts: Counts | None = None,
        trace: tuple[Step, ...] = (),
    ) -> Allowed:
        most_s = [] if rule.max_s is None else [rule.max_s]
        minutes = self._outbound.limits.agent.minutes_per_day
        if minutes is not None and counts is not None and who.person:
            most_s.append(minutes * 60.0 - counts.talk_s)
        return Allowed(
            number=number,
            target=(rule.trunk or self._directory.outside_dial).format(number=number),
            callee=its,
            rule=name,
            caller_id=self._caller_id(rule, who),
            max_s=min(most_s, default=None),
            record=rule.record or self._outbound.record,
            person=who.person,
            trace=trace,
        )

    def _caller_id(self, rule: OutboundRule, who: Who) -> str:
        """Choose what is shown: the rule's, the chosen queue's, the agent's, their queues', the default."""
        of_queues = self._directory.queue_caller_ids
        candidates = [rule.caller_id, of_queues.get(who.queue, ""), who.caller_id]
        candidates += [of_queues.get(queue, "") for queue in who.queues]
        return next(filter(None, candidates), self._outbound.caller_id)


def _concerns(rule: OutboundRule, who: Who) -> bool:
    """Whether a rule is about this one: nobody named means everybody."""
    if not (rule.agents or rule.queues or rule.phones or rule.flows):
        return True
    serves = {who.queue} if who.queue else set(who.queues)
    return (
        who.agent in rule.agents
        or who.extension in rule.phones
        or who.flow in rule.flows
        or not serves.isdisjoint(rule.queues)
    )
