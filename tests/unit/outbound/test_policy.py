"""The outbound policy as a table: which number, by whom, when; what decides, and as whom it is dialled."""

from datetime import UTC, datetime

import pytest

from ccd.config.outbound import NumberKind, Outbound
from ccd.config.recordings import Record
from ccd.model import tail_of
from ccd.outbound.ledger import Ledger, Let
from ccd.outbound.numbers import callee
from ccd.outbound.policy import Allowed, Directory, OutboundPolicy, RefusalReason, Refused, Who

NOON = datetime(2026, 11, 23, 4, 0, tzinfo=UTC)
NIGHT = datetime(2026, 11, 23, 16, 0, tzinfo=UTC)
"""Noon and midnight in China."""
ALICE = Who(agent="1001", extension="1001", queues=("sales", "export"))
LOBBY = Who(extension="1900")

POLICY = {
    "allow": ["0[1-9].", "1[3-9]XXXXXXXXX"],
    "deny": ["0900.", "00881."],
    "emergency": ["110"],
    "caller_id": "01080000000",
    "rules": [
        {"name": "no-lobby", "action": "deny", "phones": ["1900"], "kinds": ["mobile"]},
        {"name": "quiet", "action": "deny", "outside_hours": "day", "kinds": ["mobile"]},
        {
            "name": "abroad",
            "countries": ["HK", "US"],
            "queues": ["export"],
            "hours": "day",
            "trunk": "PJSIP/{number}@carrier2",
            "caller_id": "+861080000001",
            "max_s": 600,
            "record": "always",
        },
        {"name": "quiz", "kinds": ["premium"], "patterns": ["168XXXXX"], "agents": ["1001"]},
        {"patterns": ["0085[2-3]."], "agents": ["1005"]},
    ],
}


def given(policy: dict | None = None, **more: object) -> OutboundPolicy:
    """Make a policy; its calendar `day` is open from 8 to 21 in China."""
    outbound = Outbound.model_validate((POLICY if policy is None else policy) | more)

    def is_open(name: str, at: datetime) -> bool:
        assert name == "day"
        return 0 <= at.astimezone(UTC).hour < 13

    return OutboundPolicy(outbound, Directory(is_open=is_open, queue_caller_ids={"export": "01081111111"}))


def ledger() -> Ledger:
    """Give one in which nothing has been counted."""
    return Ledger(UTC)


@pytest.mark.parametrize(
    ("number", "who", "now", "rule"),
    [
        ("110", LOBBY, NIGHT, "emergency"),
        ("13800138000", ALICE, NOON, "allow"),
        ("01088886666", LOBBY, NIGHT, "allow"),
        ("0085221234567", ALICE, NOON, "abroad"),
        ("0012125551234", ALICE, NOON, "abroad"),
        ("16812345", ALICE, NIGHT, "quiz"),
        ("0085221234567", Who(agent="1005"), NIGHT, "rule-5"),
        ("0085221234567", Who(agent="1005", queue="export"), NOON, "abroad"),
    ],
)
def test_a_number_is_let_out_by_the_first_rule_that_fits(number, who, now, rule):
    """Emergencies by themselves, then the rules in order, then what everybody may."""
    verdict = given().decide(number, who, now, ledger())
    assert isinstance(verdict, Allowed)
    assert verdict.rule == rule


@pytest.mark.parametrize(
    ("number", "who", "now", "reason", "rule"),
    [
        ("", ALICE, NOON, RefusalReason.INVALID, ""),
        ("1&PJSIP", ALICE, NOON, RefusalReason.INVALID, ""),
        ("1" * 21, ALICE, NOON, RefusalReason.INVALID, ""),
        ("13800138000\n", ALICE, NOON, RefusalReason.INVALID, ""),
        ("09001234567", ALICE, NOON, RefusalReason.DENIED, "deny"),
        ("13800138000", LOBBY, NOON, RefusalReason.DENIED, "no-lobby"),
        ("13800138000", ALICE, NIGHT, RefusalReason.HOURS, "quiet"),
        ("0085221234567", ALICE, NIGHT, RefusalReason.HOURS, "abroad"),
        ("0085221234567", LOBBY, NOON, RefusalReason.NOT_ALLOWED, ""),
        ("0085221234567", Who(agent="1001", queue="sales", queues=("export",)), NOON, "not_allowed", ""),
        ("16812345", LOBBY, NOON, RefusalReason.NOT_ALLOWED, ""),
        ("00441234567890", ALICE, NOON, RefusalReason.NOT_ALLOWED, ""),
        ("95588", ALICE, NOON, RefusalReason.NOT_ALLOWED, ""),
    ],
)
def test_everything_else_is_refused_with_its_reason(number, who, now, reason, rule):
    """No number, denied, at another time, or allowed by nothing."""
    verdict = given().decide(number, who, now, ledger())
    assert isinstance(verdict, Refused)
    assert (verdict.reason, verdict.rule) == (reason, rule)


def test_a_kind_that_is_refused_needs_a_rule_that_names_it():
    """Premium numbers pass neither `allow` nor a rule that only names their digits."""
    loose = given({"allow": ["168XXXXX", "00."], "rules": [{"name": "any", "patterns": ["1."]}]})
    for number in ("16812345", "00979123456789", "008821612345678", "0019005551234"):
        verdict = loose.decide(number, ALICE, NOON, ledger())
        assert isinstance(verdict, Refused)
        assert verdict.reason is RefusalReason.KIND


def test_a_rule_says_how_a_number_is_dialled():
    """Trunk, caller id, longest talk and recording are those of the rule that decided."""
    verdict = given().decide("0085221234567", ALICE, NOON, ledger())
    assert verdict == Allowed(
        number="0085221234567",
        target="PJSIP/0085221234567@carrier2",
        callee=callee("0085221234567", "CN"),
        rule="abroad",
        caller_id="+861080000001",
        max_s=600,
        record=Record.ALWAYS,
        person="agent/1001",
    )


@pytest.mark.parametrize(
    ("who", "shown"),
    [
        (LOBBY, "01080000000"),
        (Who(agent="1001", caller_id="01082222222"), "01082222222"),
        (Who(agent="1001", caller_id="01082222222", queues=("export",)), "01082222222"),
        (Who(agent="1001", queues=("sales", "export")), "01081111111"),
        (Who(agent="1001", caller_id="01082222222", queue="export"), "01081111111"),
    ],
)
def test_whose_number_is_shown(who, shown):
    """The chosen queue's, the agent's own, that of their queues, the house's."""
    verdict = given().decide("01088886666", who, NOON, ledger())
    assert isinstance(verdict, Allowed)
    assert verdict.caller_id == shown


@pytest.mark.parametrize(
    ("limits", "counted", "who", "rule"),
    [
        ({"agent": {"per_hour": 2}}, 2, ALICE, "limits.agent.per_hour"),
        ({"agent": {"per_day": 2}}, 2, LOBBY, "limits.agent.per_day"),
        ({"agent": {"concurrent": 1}}, 1, ALICE, "limits.agent.concurrent"),
        ({"agent": {"minutes_per_day": 10}}, 1, ALICE, "limits.agent.minutes_per_day"),
        ({"callee": {"per_day": 3}}, 3, Who(agent="1002"), "limits.callee.per_day"),
        ({"callee": {"at_once": 3}}, 3, Who(flow="main"), "limits.callee.at_once"),
        ({"system": {"per_hour": 2}}, 2, Who(flow="main"), "limits.system.per_hour"),
        ({"system": {"concurrent": 1}}, 1, Who(agent="1002"), "limits.system.concurrent"),
    ],
)
def test_a_limit_that_is_reached_refuses(limits, counted, who, rule):
    """One call less would have been let out; what is refused tells which limit it was."""
    policy = given(limits=limits)
    counts = ledger()
    first = who if rule.startswith("limits.agent") else ALICE
    for call in range(counted):
        assert policy.decide("01088886666", who, NOON, counts).allowed
        let = Let(person=first.person, callee="+861088886666", promised_s=600.0)
        counts.begin(f"c{call}", let, NOON.timestamp())
    verdict = policy.decide("01088886666", who, NOON, counts)
    assert isinstance(verdict, Refused)
    assert verdict.rule == rule
    assert policy.decide("110", who, NOON, counts).allowed


def test_limits_of_agents_do_not_hold_for_flows():
    """A flow is nobody: only the limits of callees and of the whole system hold for it."""
    policy = given(limits={"agent": {"per_hour": 0, "concurrent": 0}})
    assert policy.decide("01088886666", Who(flow="main"), NOON, ledger()).allowed
    assert not policy.decide("01088886666", LOBBY, NOON, ledger()).allowed


def test_the_last_minutes_of_a_day_bound_the_talk():
    """Whoever has 10 of 30 minutes left is cut off after 10."""
    policy = given(limits={"agent": {"minutes_per_day": 30}})
    counts = ledger()
    counts.remember("agent/1001", "+861088886666", NOON.timestamp() - 3600, 1200.0, NOON.timestamp())
    verdict = policy.decide("01088886666", ALICE, NOON, counts)
    assert isinstance(verdict, Allowed)
    assert verdict.max_s == 600.0


def test_the_trace_tells_why_each_rule_did_not_fit():
    """`ccd outbound check` shows it."""
    verdict = given().decide("0085221234567", LOBBY, NIGHT, ledger())
    assert [(step.rule, step.verdict) for step in verdict.trace] == [
        ("no-lobby", "kinds"),
        ("quiet", "kinds"),
        ("abroad", "who"),
        ("quiz", "patterns"),
        ("rule-5", "who"),
        ("allow", "patterns"),
    ]


@pytest.mark.parametrize(
    ("number", "e164", "country", "kind"),
    [
        ("013800138000", "+8613800138000", "CN", NumberKind.MOBILE),
        ("+8613800138000", "+8613800138000", "CN", NumberKind.MOBILE),
        ("01088886666", "+861088886666", "CN", NumberKind.FIXED),
        ("4008123123", "+864008123123", "CN", NumberKind.SHARED_COST),
        ("0085221234567", "+85221234567", "HK", NumberKind.FIXED),
        ("00979123456789", "+979123456789", "001", NumberKind.PREMIUM),
        ("00870773111632", "+870773111632", "001", NumberKind.SATELLITE),
        ("0018765551234", "+18765551234", "JM", NumberKind.MOBILE),
        ("0010001234567", "+10001234567", "", NumberKind.UNKNOWN),
        ("95588", "+8695588", "CN", NumberKind.UNKNOWN),
        ("0", "0", "", NumberKind.UNKNOWN),
    ],
)
def test_a_number_has_a_country_and_a_kind(number, e164, country, kind):
    """Jamaica shares the code of the United States; what neither has is of no country."""
    its = callee(number, "CN")
    assert (its.e164, its.country, its.kind) == (e164, country, kind)


def test_a_number_is_the_same_however_it_is_written():
    """With a country code, a leading 0, or none of them; short numbers are nobody's."""
    assert {tail_of(each) for each in ("13800138000", "013800138000", "+86 138-0013-8000")} == {"3800138000"}
    assert tail_of("95588") == ""
