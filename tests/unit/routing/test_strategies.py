"""Whom each strategy chooses, alone and through the engine."""

from collections import Counter
from random import Random

import pytest

from ccd.commands import SaveQueuePosition
from ccd.events import QueuesConfigured
from ccd.model import AgentNumber, DeviceState, DialStatus, Membership, Strategy
from ccd.routing.strategies import FIRST_TURN, Choice, Standing, choose, order, rank
from tests.unit.routing.hotline import SALES, Hotline, agent, given, offers, queue

TEAM = (agent("1"), agent("2"), agent("3"))


def serve_one_after_another(hotline: Hotline, calls: int) -> list[str]:
    """Let callers come one after another, each served by whomever they are offered to."""
    order = []
    for _ in range(calls):
        call = f"c{len(hotline.said)}"
        ((_, chosen),) = offers(hotline.join(call))
        order.append(chosen)
        hotline.serve(call, chosen, talk_s=10.0)
        hotline.pass_time(1.0)
    return order


def test_ringall_rings_everyone_of_the_lowest_penalty():
    """Ring-all rings all free agents of the lowest penalty that has any, and nobody else."""
    hotline = given(agent("1"), agent("2"), agent("3", penalty=1), strategy=Strategy.RINGALL)
    assert offers(hotline.join("c1")) == [("c1", "1,2")]


def test_ringall_gives_the_first_caller_everyone():
    """Of several callers the first takes all phones; the second waits until one is free again."""
    hotline = given(*TEAM, strategy=Strategy.RINGALL)
    hotline.join("c1")
    assert offers(hotline.join("c2")) == []
    assert offers(hotline.answer("c1", "2")) == [("c2", "1,3")]


def test_rrmemory_goes_round():
    """Round robin offers each agent in turn, whoever is idle the longest."""
    hotline = given(*TEAM, strategy=Strategy.RRMEMORY)
    assert serve_one_after_another(hotline, 7) == ["1", "2", "3", "1", "2", "3", "1"]


def test_rrmemory_passes_over_those_who_are_busy():
    """The turn goes to the next agent who is free, and goes on from there."""
    hotline = given(*TEAM, strategy=Strategy.RRMEMORY)
    hotline.join("c1")
    hotline.phone("2", DeviceState.INUSE)
    assert offers(hotline.join("c2")) == [("c2", "3")]
    hotline.phone("2", DeviceState.NOT_INUSE)
    assert offers(hotline.join("c3")) == [("c3", "2")]


def test_rrmemory_goes_round_within_the_lowest_penalty():
    """The turn does not leave the lowest penalty while somebody of it is free."""
    hotline = given(agent("1", penalty=1), agent("2"), agent("3"), strategy=Strategy.RRMEMORY)
    assert serve_one_after_another(hotline, 4) == ["2", "3", "2", "3"]


def test_rrmemory_goes_round_among_equal_positions():
    """Agents whom nobody gave a position still take turns."""
    same = [agent(number, position=0) for number in ("1", "2", "3")]
    hotline = given(*same, strategy=Strategy.RRMEMORY)
    assert serve_one_after_another(hotline, 4) == ["1", "2", "3", "1"]


def test_rrmemory_goes_on_after_a_restart():
    """A round robin takes its turn up where the stored position says."""
    hotline = given(*TEAM, strategy=Strategy.RRMEMORY)
    said = hotline.join("c1")
    assert SaveQueuePosition(queue=SALES, last_position=1) in said
    again = Hotline()
    again.tell(QueuesConfigured(queues=(queue(strategy=Strategy.RRMEMORY),), last_positions={SALES: 1}))
    again.employ(*TEAM)
    for number in ("1", "2", "3"):
        again.sign_in(number)
    again.synchronise()
    assert offers(again.join("c2")) == [("c2", "2")]


def test_fewestcalls_prefers_who_took_fewer_then_who_is_idle_longer():
    """Fewest calls first; among equals whoever has been without a talk for the longest."""
    hotline = given(*TEAM, strategy=Strategy.FEWESTCALLS)
    assert serve_one_after_another(hotline, 6) == ["1", "2", "3", "1", "2", "3"]


def test_fewestcalls_takes_the_longest_idle_of_equals():
    """With the same number of calls the position does not decide, but the time since the last talk."""
    hotline = given(agent("1"), agent("2"), strategy=Strategy.FEWESTCALLS)
    hotline.phone("1", DeviceState.INUSE)
    assert serve_one_after_another(hotline, 1) == ["2"]
    hotline.phone("1", DeviceState.NOT_INUSE)
    assert serve_one_after_another(hotline, 2) == ["1", "2"]


def test_leastrecent_prefers_the_longest_idle():
    """Whoever never had a call of this queue comes first, then the longest idle."""
    hotline = given(*TEAM, strategy=Strategy.LEASTRECENT)
    hotline.phone("1", DeviceState.INUSE)
    assert serve_one_after_another(hotline, 2) == ["2", "3"]
    hotline.phone("1", DeviceState.NOT_INUSE)
    assert [offers(hotline.join(call))[0][1] for call in ("a", "b", "c")] == ["1", "2", "3"]


def test_mostrecent_prefers_who_had_the_last_call():
    """Whoever had a call of this queue last comes first, who never had one last."""
    hotline = given(*TEAM, strategy=Strategy.MOSTRECENT)
    hotline.phone("1", DeviceState.INUSE)
    assert serve_one_after_another(hotline, 2) == ["2", "2"]
    hotline.phone("1", DeviceState.NOT_INUSE)
    assert [offers(hotline.join(call))[0][1] for call in ("a", "b", "c")] == ["2", "1", "3"]


def test_linear_prefers_the_position():
    """Linear always begins with the first position."""
    hotline = given(agent("1", position=3), agent("2", position=1), agent("3", position=2))
    assert [offers(hotline.join(call))[0][1] for call in ("a", "b", "c")] == ["2", "3", "1"]


def test_random_is_fair_and_repeatable():
    """Random gives everyone about the same share, and the same seed gives the same choices."""
    chosen = serve_one_after_another(given(*TEAM, strategy=Strategy.RANDOM, seed=5), 300)
    assert all(70 <= count <= 130 for count in Counter(chosen).values())
    assert chosen == serve_one_after_another(given(*TEAM, strategy=Strategy.RANDOM, seed=5), 300)
    assert chosen != serve_one_after_another(given(*TEAM, strategy=Strategy.RANDOM, seed=6), 300)


@pytest.mark.parametrize("strategy", list(Strategy))
def test_the_lower_penalty_goes_first(strategy):
    """Whatever the strategy, a higher penalty is only offered when nobody of a lower one is free."""
    hotline = given(agent("1", penalty=2), agent("2", penalty=1), strategy=strategy)
    assert offers(hotline.join("c1")) == [("c1", "2")]
    assert offers(hotline.join("c2")) == [("c2", "1")]


@pytest.mark.parametrize("strategy", [Strategy.RRMEMORY, Strategy.FEWESTCALLS, Strategy.LEASTRECENT])
def test_equal_agents_get_equal_shares(strategy):
    """For identical agents the calls taken differ by at most one."""
    hotline = given(*TEAM, strategy=strategy)
    counts = Counter(serve_one_after_another(hotline, 20))
    assert max(counts.values()) - min(counts.values()) <= 1


@pytest.mark.parametrize("strategy", list(Strategy))
def test_a_caller_who_was_missed_is_offered_to_the_others(strategy):
    """Whatever the strategy, the agent who missed a caller is not chosen for them while others are free."""
    hotline = given(*TEAM, strategy=strategy)
    hotline.phone("3", DeviceState.INUSE)
    hotline.phone("2", DeviceState.INUSE)
    hotline.join("c1")
    hotline.phone("2", DeviceState.NOT_INUSE)
    hotline.leg_ends("c1", "1", DialStatus.NOANSWER)
    assert offers(hotline.back("c1", DialStatus.NOANSWER)) == [("c1", "2")]


def ranked(strategy: Strategy, members: int) -> list[tuple[int, float, float, int, AgentNumber]]:
    """Rank members of equal standing."""
    return [
        rank(strategy, AgentNumber(f"{n:02}"), Membership(queue=SALES, position=n), Standing())
        for n in range(members)
    ]


@pytest.mark.parametrize("strategy", list(Strategy))
@pytest.mark.parametrize("shunned", [0, 1, 7, 9, 10])
def test_nobody_shunned_is_ever_picked(strategy, shunned):
    """Members who are passed over are never picked; with nobody left nobody is."""
    members = ranked(strategy, 10)
    out = {one[4] for one in members[:shunned]}
    picked = choose(strategy, Choice(members, out, (4, AgentNumber("04")), Random(1)))
    assert bool(picked) is (shunned < 10)
    assert out.isdisjoint(one[4] for one in picked)


def test_the_turn_goes_on_in_the_next_penalty():
    """With the lowest penalty passed over, the next one is gone round from behind the last member offered."""
    members = [(0, 0.0, 0.0, 0, AgentNumber("00"))] + [
        (1, 0.0, 0.0, n, AgentNumber(f"0{n}")) for n in range(1, 4)
    ]
    choice = Choice(members, {AgentNumber("00")}, (2, AgentNumber("02")), Random(1))
    assert [one[4] for one in choose(Strategy.RRMEMORY, choice)] == ["03"]


def test_random_draws_evenly_among_those_left():
    """Passing some over leaves the same chance to each of the others."""
    members = ranked(Strategy.RANDOM, 6)
    rng = Random(3)
    for out in ({AgentNumber("00")}, {AgentNumber(f"0{n}") for n in range(4)}):
        draws = Counter(
            choose(Strategy.RANDOM, Choice(members, out, FIRST_TURN, rng))[0][4] for _ in range(2000)
        )
        share = 2000 / (6 - len(out))
        assert all(0.8 * share < count < 1.2 * share for count in draws.values())
        assert len(draws) == 6 - len(out)


def test_the_order_that_is_told_is_the_order_that_comes():
    """What the trace calls next is who would be chosen next."""
    members = [*ranked(Strategy.RRMEMORY, 4), (1, 0.0, 0.0, 9, AgentNumber("09"))]
    choice = Choice(members, (), (1, AgentNumber("01")), Random(1))
    assert [one[3] for one in order(Strategy.RRMEMORY, choice)] == [2, 3, 0, 1, 9]
    assert [one[3] for one in order(Strategy.LINEAR, choice)] == [0, 1, 2, 3, 9]
    assert list(order(Strategy.RRMEMORY, Choice([], (), FIRST_TURN, Random(1)))) == []
