"""The estimated wait: monotone in the caller's place, falling with the clock, silent without good reasons."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ccd.routing.estimates import (
    ENOUGH,
    LONGEST_S,
    RECENT_S,
    Facts,
    fresh_s,
    mean_handling_s,
    renewed,
    told_s,
)

FACTS = Facts(ahead=2, agents=2, capacity=2.0, handle_s=120.0)
some_facts = st.builds(
    Facts,
    ahead=st.integers(0, 300),
    agents=st.integers(0, 50),
    capacity=st.floats(0, 50),
    handle_s=st.none() | st.floats(1, 900),
)


def test_three_calls_for_two_agents_take_three_minutes():
    """Handling time by the calls up to and with this one, over the agents."""
    assert fresh_s(FACTS) == 180.0


@given(some_facts, st.integers(0, 300))
def test_an_estimate_is_monotone_in_the_place(facts, nearer):
    """Whoever stands farther in front never waits longer."""
    behind = fresh_s(facts)
    before = fresh_s(replace(facts, ahead=min(facts.ahead, nearer)))
    assert behind is None or (before is not None and before <= behind)


@given(some_facts, st.floats(0, 100), st.floats(0, 5000))
def test_the_same_facts_later_give_less_by_the_time_that_passed(facts, at, later_s):
    """Never more, and nothing at all when the time that was told is over."""
    promise = renewed(None, facts, at)
    told = told_s(promise, facts, at)
    again = renewed(promise, facts, at + later_s)
    after = told_s(again, facts, at + later_s)
    if told is None or later_s >= told:
        assert after is None
    else:
        assert after == pytest.approx(told - later_s, abs=1e-6)


@given(st.lists(st.tuples(some_facts, st.floats(0, 120)), min_size=2, max_size=20))
def test_what_is_told_rises_only_with_a_cause(history):
    """More callers in front, or fewer agents at work; handling times and shares are no cause."""
    promise, last, now = None, None, 0.0
    before: Facts | None = None
    for facts, passed_s in history:
        now += passed_s
        promise = renewed(promise, facts, now)
        told = told_s(promise, facts, now)
        cause = before is not None and (facts.ahead > before.ahead or facts.agents < before.agents)
        if told is not None:
            assert 0 < told <= LONGEST_S
            assert last is None or cause or told <= last
            last = told
        elif cause:
            last = None
        before = facts


@pytest.mark.parametrize(
    "facts",
    [
        replace(FACTS, handle_s=None),
        replace(FACTS, capacity=0.0, agents=0),
        replace(FACTS, ahead=200),
    ],
)
def test_nothing_is_told_without_data_agents_or_beyond_an_hour(facts):
    """Better no number than a wrong one, also for who was told one before."""
    assert told_s(renewed(None, facts, 0.0), facts, 0.0) is None
    assert told_s(renewed(renewed(None, FACTS, 0.0), facts, 1.0), facts, 1.0) is None


def test_who_has_outwaited_the_estimate_is_told_nothing_more():
    """Until there is a new cause: somebody went home, and the estimate may rise with it."""
    promise = renewed(None, FACTS, 0.0)
    promise = renewed(promise, FACTS, 181.0)
    assert told_s(promise, FACTS, 181.0) is None
    advanced = replace(FACTS, ahead=1)
    promise = renewed(promise, advanced, 182.0)
    assert told_s(promise, advanced, 182.0) is None
    fewer = replace(advanced, agents=1, capacity=1.0)
    promise = renewed(promise, fewer, 183.0)
    assert told_s(promise, fewer, 183.0) == 240.0


@pytest.mark.parametrize(
    ("talks", "mean"),
    [
        ([(0.0, 60.0)] * (ENOUGH - 1), None),
        ([(0.0, 60.0)] * ENOUGH, 60.0),
        ([(-RECENT_S - 1, 600.0)] * 9 + [(0.0, 60.0)] * ENOUGH, 60.0),
        ([(0.0, 1.0)] * 5 + [(0.0, 3000.0)], None),
        ([(0.0, 0.0)] * ENOUGH, None),
    ],
)
def test_handling_time_is_known_from_enough_recent_talks_that_are_alike(talks, mean):
    """A few talks, old ones, or one of an hour among short ones, say nothing."""
    assert mean_handling_s(talks, 0.0) == mean
