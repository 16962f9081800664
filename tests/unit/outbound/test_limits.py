"""Limits and denials hold under any order of events."""

from datetime import UTC, datetime

from hypothesis import given, settings
from hypothesis import strategies as st

from ccd.config.outbound import (
    AgentLimits,
    CalleeLimits,
    Outbound,
    OutboundLimits,
    OutboundRule,
    SystemLimits,
)
from ccd.outbound.ledger import Ledger, Let
from ccd.outbound.policy import Allowed, Directory, OutboundPolicy, Who

MONDAY = datetime(2026, 11, 23, tzinfo=UTC).timestamp()
PEOPLE = ("1001", "1002")
NUMBERS = ("01088886666", "013800138000", "13800138000")
LIMITS = OutboundLimits(
    agent=AgentLimits(per_hour=3, per_day=6, minutes_per_day=20, concurrent=2),
    callee=CalleeLimits(per_day=5, at_once=3, window_s=300),
    system=SystemLimits(per_hour=5, concurrent=3),
)
DAY_S = 86_400.0

steps = st.lists(
    st.one_of(
        st.tuples(st.just("call"), st.sampled_from(PEOPLE), st.sampled_from(NUMBERS)),
        st.tuples(st.just("answer"), st.integers(0, 5), st.just("")),
        st.tuples(st.just("end"), st.integers(0, 5), st.just("")),
        st.tuples(st.just("again"), st.integers(0, 5), st.just("")),
        st.tuples(
            st.just("wait"), st.sampled_from((1.0, 30.0, 290.0, 1700.0, 3599.0, 30_000.0)), st.just("")
        ),
        st.tuples(st.just("restart"), st.just(0), st.just("")),
    ),
    max_size=60,
)


class Calls:
    """What really happened, kept apart from the ledger."""

    def __init__(self) -> None:
        self.made: list[dict] = []

    def live(self) -> list[dict]:
        """Give the calls that are under way."""
        return [call for call in self.made if call["ended"] is None]

    def check(self, at: float) -> None:
        """See that no limit is exceeded."""
        day = at - (at - MONDAY) % DAY_S
        for person in PEOPLE:
            theirs = [call for call in self.made if call["person"] == person]
            assert sum(at - 3600 < call["at"] for call in theirs) <= 3
            assert sum(day <= call["at"] for call in theirs) <= 6
            assert sum(call["ended"] is None for call in theirs) <= 2
            assert sum(call["talk_s"] for call in theirs if day <= call["at"]) <= 20 * 60 + 1e-6
        for number in {call["callee"] for call in self.made}:
            its = [call for call in self.made if call["callee"] == number]
            assert sum(at - 300 < call["at"] for call in its) <= 3
            assert sum(day <= call["at"] for call in its) <= 5
        assert sum(at - 3600 < call["at"] for call in self.made) <= 5
        assert len(self.live()) <= 3


@settings(max_examples=300)
@given(steps=steps)
def test_no_limit_is_ever_exceeded(steps):
    """Calls made, answered, ended, told twice, over midnight, and over restarts of the daemon."""
    policy = OutboundPolicy(Outbound(allow=("0[1-9].", "1."), limits=LIMITS), Directory())
    calls, ledger, at = Calls(), Ledger(UTC), MONDAY + 50_000.0
    for verb, what, number in steps:
        live = calls.live()
        if verb == "wait":
            at += what
        elif verb == "call":
            who = Who(agent=what)
            verdict = policy.decide(number, who, datetime.fromtimestamp(at, UTC), ledger)
            if isinstance(verdict, Allowed):
                call = {"id": f"c{len(calls.made)}", "at": at, "person": what, "callee": verdict.callee.e164}
                call |= {"answered": None, "ended": None, "talk_s": 0.0, "max_s": verdict.max_s}
                calls.made.append(call)
                let = Let(person=who.person, callee=call["callee"], promised_s=verdict.max_s or 0.0)
                ledger.begin(call["id"], let, at)
        elif verb == "restart":
            ledger = restarted(calls, at)
        elif live and isinstance(what, int):
            tell(ledger, live[what % len(live)], verb, at)
        cut_off(ledger, calls, at)
        calls.check(at)


def tell(ledger: Ledger, call: dict, verb: str, at: float) -> None:
    """Let something happen to a call, and tell the ledger."""
    if verb == "again":
        ledger.begin(
            call["id"], Let(person="agent/" + call["person"], callee=call["callee"], promised_s=0.0), at
        )
    elif verb == "answer" and call["answered"] is None:
        call["answered"] = at
        ledger.answered(call["id"], at)
    elif verb == "end":
        end(ledger, call, at)


def end(ledger: Ledger, call: dict, at: float) -> None:
    """End a call."""
    call["ended"] = at
    call["talk_s"] = 0.0 if call["answered"] is None else at - call["answered"]
    assert ledger.end(call["id"], at) == call["talk_s"]
    ledger.end(call["id"], at)


def cut_off(ledger: Ledger, calls: Calls, at: float) -> None:
    """Do what Asterisk does: end a talk when its time is over."""
    for call in calls.live():
        until = None if call["answered"] is None else call["answered"] + call["max_s"]
        if until is not None and until <= at:
            end(ledger, call, until)


def restarted(calls: Calls, at: float) -> Ledger:
    """Give the ledger of a daemon that has just started: from the database, then from live channels."""
    ledger = Ledger(UTC)
    for call in calls.made:
        ledger.remember("agent/" + call["person"], call["callee"], call["at"], call["talk_s"], at)
    for call in calls.live():
        let = Let(person="agent/" + call["person"], callee=call["callee"], promised_s=call["max_s"])
        ledger.begin(call["id"], let, call["at"], counted=True)
        if call["answered"] is not None:
            ledger.answered(call["id"], call["answered"])
    return ledger


patterns = st.sampled_from(("0.", "0[1-9].", "1XXXXXXXXXX", "138.", "0088.", "X.", "110"))


@given(
    number=st.from_regex(r"[0-9]{1,14}", fullmatch=True),
    deny=st.lists(patterns, max_size=2),
    allow=st.lists(patterns, max_size=3),
    rules=st.lists(st.tuples(st.sampled_from(("allow", "deny")), patterns), max_size=4),
)
@settings(max_examples=300)
def test_deny_wins(number, deny, allow, rules):
    """What `deny` names is never dialled; of rules the first that fits decides; unnamed is refused."""
    made = tuple(OutboundRule(action=action, patterns=(pattern,)) for action, pattern in rules)
    outbound = Outbound(deny=tuple(deny), allow=tuple(allow), rules=made)
    verdict = OutboundPolicy(outbound, Directory()).decide(
        number, Who(), datetime.fromtimestamp(MONDAY, UTC), Ledger(UTC)
    )
    only = Outbound(allow=("X.",))
    if not only.permits(number):  # one digit: "X." wants two
        return
    if any(Outbound(allow=(pattern,)).permits(number) for pattern in deny):
        assert not verdict.allowed
    first = next((rule for rule in made if Outbound(allow=rule.patterns).permits(number)), None)
    if first is not None and first.action == "deny":
        assert not verdict.allowed
    if first is None and not Outbound(allow=tuple(allow)).permits(number):
        assert not verdict.allowed
