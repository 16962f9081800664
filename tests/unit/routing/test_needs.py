"""Skills with levels: required or preferred, relaxed as the caller waits; and penalties that widen."""

from typing import Any

import pytest

from ccd.events import CallerJoined, CallerRestored
from ccd.history import Candidate, Decided
from ccd.model import DeviceState, Need, PenaltyLimit, QueueSettings, Relaxation, Strategy
from ccd.routing.lines import IDLE_LANES
from tests.unit.routing.hotline import Hotline, agent, given, notes, offers, queue

RELAXED = (Relaxation(after_s=30.0, level=30), Relaxation(after_s=60.0, level=0))


def english(level: int = 50, **more: Any) -> tuple[Need, ...]:
    """Give the needs of a queue: English at this level."""
    return (Need(skill="english", level=level, **more),)


def verdicts(hotline: Hotline) -> dict[str, tuple[str, str]]:
    """Give what the last decision said of each member."""
    return {one.agent: (one.verdict, one.key) for one in notes(hotline.said, Decided)[-1].candidates}


# ---------------------------------------------------------------- required


def test_a_required_skill_excludes():
    """Whoever lacks the level is not rung, however long the caller waits."""
    hotline = given(agent("1", english=49), agent("2"), needs=english())
    assert offers(hotline.join("c1")) == []
    assert offers(hotline.pass_time(600.0)) == []
    assert offers(hotline.employ(agent("3", english=50))) == []
    assert offers(hotline.sign_in("3")) == [("c1", "3")]
    assert verdicts(hotline) == {
        "3": ("chosen", "position 3"),
        "1": ("lacks", "english 50 (has 49)"),
        "2": ("lacks", "english 50 (has 0)"),
    }
    assert notes(hotline.said, Decided)[-1].rule == "linear; needs english 50"


def test_an_agent_takes_the_first_whom_they_can_serve():
    """Callers who need what the agent lacks are passed over; among equal needs the first one is served."""
    hotline = given(agent("1", english=30), queues=(queue(), queue("vip", needs=english(80))))
    hotline.pause("1")
    hotline.join("hard", needs={"english": 80})
    hotline.pass_time(1.0)
    hotline.join("first", needs={"english": 20})
    hotline.pass_time(1.0)
    hotline.join("second", needs={"english": 20})
    assert offers(hotline.ready("1")) == [("first", "1")]


@pytest.mark.parametrize("first", ["plain", "english", "billing"])
def test_whoever_joined_first_goes_first_whatever_they_need(first):
    """Of those whom the agent can serve: what others ask for does not put them in front, nor behind."""
    needs = {"plain": {}, "english": {"english": 20}, "billing": {"billing": 20}}
    hotline = given(agent("1", english=50, billing=50))
    hotline.phone("1", DeviceState.INUSE)
    hotline.join(first, needs=needs.pop(first))
    for call, asks in needs.items():
        hotline.pass_time(1.0)
        hotline.join(call, needs=asks)
    assert offers(hotline.phone("1", DeviceState.NOT_INUSE)) == [(first, "1")]


@pytest.mark.parametrize("waited_s", [0.0, 29.9])
def test_a_need_is_relaxed_in_the_moment_of_its_step(waited_s):
    """After 30 s level 30 is enough, after 60 s anybody will do; nothing else has to happen for that."""
    hotline = given(agent("1", english=30), agent("2"), needs=english(relax=RELAXED))
    hotline.phone("1", DeviceState.INUSE)
    hotline.join("c1", joined_at=hotline.now - waited_s)
    assert offers(hotline.pass_time(59.9 - waited_s)) == []
    assert offers(hotline.pass_time(0.2)) == [("c1", "2")]
    hotline = given(agent("1", english=30), agent("2"), needs=english(relax=RELAXED))
    hotline.join("c1", joined_at=hotline.now - waited_s)
    assert offers(hotline.pass_time(29.9 - waited_s)) == []
    assert offers(hotline.pass_time(0.2)) == [("c1", "1")]
    assert verdicts(hotline)["2"] == ("lacks", "english 30 (has 0)")


def test_the_callers_level_takes_the_place_of_the_queues():
    """What the queue says of the skill otherwise stays; a skill it does not name is required for good."""
    hotline = given(agent("1", english=60), needs=english(relax=RELAXED))
    assert offers(hotline.join("harder", needs={"english": 70})) == []
    assert offers(hotline.pass_time(31.0)) == [("harder", "1")]
    hotline = given(agent("1", english=60), needs=english(80))
    assert offers(hotline.join("easier", needs={"english": 0})) == [("easier", "1")]
    hotline = given(agent("1", english=60), needs=english())
    assert offers(hotline.join("more", needs={"billing": 10})) == []
    assert offers(hotline.employ(agent("1", english=60, billing=10))) == [("more", "1")]


def test_a_rule_of_level_0_is_for_those_who_bring_a_level():
    """Who asks for nothing is served by anybody; who asks is relaxed by the queue's rule."""
    hotline = given(agent("1"), needs=english(0, relax=RELAXED))
    assert offers(hotline.join("plain")) == [("plain", "1")]
    hotline = given(agent("1"), needs=english(0, relax=RELAXED))
    assert offers(hotline.join("asks", needs={"english": 40})) == []
    assert offers(hotline.pass_time(60.0)) == [("asks", "1")]


def test_losing_a_skill_counts_at_once():
    """An agent who no longer has the level is not rung; one who gained it is."""
    hotline = given(agent("1", english=60), needs=english())
    hotline.employ(agent("1", english=40))
    assert offers(hotline.join("c1")) == []
    assert offers(hotline.employ(agent("1", english=50))) == [("c1", "1")]


# ---------------------------------------------------------------- preferred


def test_a_preferred_skill_orders_and_does_not_exclude():
    """Who has it goes first whatever the penalty; without one of them anybody will do."""
    hotline = given(agent("1"), agent("2", penalty=3, english=90), needs=english(preferred=True))
    assert offers(hotline.join("c1")) == [("c1", "2")]
    assert verdicts(hotline)["1"] == ("less_preferred", "position 1")
    assert offers(hotline.join("c2")) == [("c2", "1")]


def test_within_the_preferred_ones_the_strategy_decides():
    """Round robin goes on among equals: the best one does not get every call."""
    needs = english(preferred=True)
    hotline = given(
        agent("1"), agent("2", english=50), agent("3", english=99), needs=needs, strategy=Strategy.RRMEMORY
    )
    taken = []
    for call in ("c1", "c2", "c3", "c4"):
        ((_, chosen),) = offers(hotline.join(call))
        taken.append(chosen)
        hotline.serve(call, chosen, 1.0)
    assert taken == ["2", "3", "2", "3"]


def test_ringall_rings_those_whom_the_caller_prefers():
    """All of the best sort ring; the others when those have missed the call."""
    hotline = given(
        agent("1"),
        agent("2", english=50),
        agent("3", english=60),
        needs=english(preferred=True),
        strategy=Strategy.RINGALL,
    )
    assert offers(hotline.join("c1")) == [("c1", "2,3")]


# ---------------------------------------------------------------- with everything else


def test_a_known_agent_must_fulfil_what_is_required():
    """Sticky goes in front of the strategy, not of the needs."""
    hotline = given(agent("1"), agent("2", english=60), needs=english(relax=RELAXED), sticky_wait_s=20.0)
    assert offers(hotline.join("c1", knows=["1"])) == [("c1", "2")]
    hotline.phone("2", DeviceState.INUSE)
    hotline.join("c2", knows=["2"])
    assert hotline.queue().waiting[-1].held_for == "2"
    hotline.employ(agent("2", english=10))
    assert hotline.queue().waiting[-1].held_for is None


def test_a_reload_changes_what_those_who_wait_need():
    """New needs count for callers who are there already."""
    hotline = given(agent("1"), needs=english())
    hotline.join("c1")
    assert offers(hotline.configure(queue(needs=english(preferred=True)))) == [("c1", "1")]


def test_needs_outlive_a_restart():
    """A restored caller says what they need when they are back; relaxing counts from when they joined."""
    hotline = given(agent("1"), needs=english(0, relax=RELAXED))
    joined_at = hotline.now - 59.0
    call: dict[str, Any] = {"call_id": "c1", "queue": "sales", "channel": "c1", "number": ""}
    hotline.tell(CallerRestored(**call, joined_at=joined_at))
    back = CallerJoined(**call, joined_at=joined_at, restored=True, needs={"english": 50})
    assert offers(hotline.tell(back)) == []
    assert offers(hotline.pass_time(1.0)) == [("c1", "1")]


def test_higher_penalties_are_allowed_step_by_step():
    """Members over the limit of the moment are not rung, even when nobody else is free."""
    limits = (
        PenaltyLimit(up_to=0),
        PenaltyLimit(up_to=1, after_s=20.0),
        PenaltyLimit(up_to=None, after_s=40.0),
    )
    hotline = given(agent("1", penalty=1), agent("2", penalty=7), penalties=limits)
    assert offers(hotline.join("c1")) == []
    assert offers(hotline.pass_time(20.0)) == [("c1", "1")]
    assert verdicts(hotline)["2"] == ("penalty_over", "1 (has 7)")
    hotline.phone("1", DeviceState.INUSE)
    hotline.join("c2")
    assert offers(hotline.pass_time(39.9)) == []
    assert offers(hotline.pass_time(0.1)) == [("c2", "2")]


def test_demands_come_and_go_without_end():
    """Lanes that nobody stands in are given up: a queue does not grow with every demand it ever saw."""
    hotline = given(agent("1"))
    line = hotline.engine._floor.lines[queue().name]
    for level in range(1, 60):
        hotline.join(f"c{level}", needs={"english": level})
        hotline.gone(f"c{level}")
    assert len(line.lanes) == 1 + IDLE_LANES
    hotline.join("plain")
    assert offers(hotline.said) == [("plain", "1")]


def test_settings_say_what_the_words_are():
    """The trace names everything that is asked, in one order."""
    hotline = given(
        agent("1", english=90, billing=90),
        needs=(*english(), Need(skill="billing", level=20, preferred=True)),
        penalties=(PenaltyLimit(up_to=2),),
    )
    hotline.join("c1", needs={"arabic": 0}, priority=5)
    asked = "english 50, billing 20 preferred, penalty 2 at most"
    assert notes(hotline.said, Decided)[-1].rule == f"linear; priority 5; needs {asked}"
    assert (
        Candidate(agent="1", verdict="chosen", key="position 1")
        in notes(hotline.said, Decided)[-1].candidates
    )
    assert isinstance(hotline.queue().settings, QueueSettings)
