"""熟客识别: the caller's own agent first, then the queue's strategy."""

import pytest

from ccd.history import OfferStarted, QueueLeft
from ccd.model import DeviceState, QueueOutcome, StickyResult, Strategy
from tests.unit.routing.hotline import Hotline, agent, given, notes, offers, queue

TEAM = (agent("1"), agent("2"), agent("3"))


def busy(hotline: Hotline, *numbers: str) -> None:
    """Let these agents be in calls of their own."""
    for number in numbers:
        hotline.phone(number, DeviceState.INUSE)


def free(hotline: Hotline, number: str) -> list[tuple[str, str]]:
    """Let an agent's own call end; give the offers that follow."""
    return offers(hotline.phone(number, DeviceState.NOT_INUSE))


def sticky_result(hotline: Hotline) -> StickyResult:
    """Give what sticky routing did for the last caller who left."""
    return notes(hotline.said, QueueLeft)[-1].sticky


def test_the_agent_who_knows_the_caller_is_offered_first():
    """Free and known: offered at once, before the strategy's choice, and told as sticky."""
    hotline = given(*TEAM, sticky_wait_s=15.0)
    said = hotline.join("c1", knows=["3"])
    assert offers(said) == [("c1", "3")]
    assert [entry.sticky for entry in notes(said, OfferStarted)] == [True]
    hotline.answer("c1", "3")
    assert sticky_result(hotline) is StickyResult.HIT


def test_the_first_who_is_free_of_those_who_know_the_caller():
    """Of the owner and the last agent the first free one is taken, before waiting for a busy one."""
    hotline = given(*TEAM, sticky_wait_s=15.0)
    busy(hotline, "3")
    assert offers(hotline.join("c1", knows=["3", "2"])) == [("c1", "2")]


def test_a_caller_waits_for_a_busy_agent_and_gets_them():
    """While their agent is busy the caller is not offered to others, who take later callers."""
    hotline = given(*TEAM, sticky_wait_s=15.0)
    busy(hotline, "3")
    assert offers(hotline.join("c1", knows=["3"])) == []
    assert hotline.queue().waiting[0].held_for == "3"
    assert offers(hotline.join("c2")) == [("c2", "1")]
    hotline.pass_time(14.0)
    assert free(hotline, "3") == [("c1", "3")]


def test_the_wait_for_ones_own_agent_has_an_end():
    """After `sticky_wait_s` from joining the strategy decides: a miss."""
    hotline = given(*TEAM, sticky_wait_s=15.0)
    busy(hotline, "3")
    hotline.join("c1", knows=["3"])
    assert offers(hotline.pass_time(14.9)) == []
    assert offers(hotline.pass_time(0.1)) == [("c1", "1")]
    hotline.answer("c1", "1")
    assert sticky_result(hotline) is StickyResult.MISS


def test_wrap_up_and_ringing_are_worth_waiting_for():
    """An agent who rings for another caller, or wraps up, will be free by themselves."""
    hotline = given(*TEAM, sticky_wait_s=60.0, wrap_up_s=10.0)
    hotline.join("c1")
    assert offers(hotline.join("c2", knows=["1"])) == []
    hotline.answer("c1", "1")
    hotline.hang_up("1")
    assert offers(hotline.pass_time(9.9)) == []
    assert offers(hotline.pass_time(0.1)) == [("c2", "1")]


@pytest.mark.parametrize("away", ["paused", "logged out", "unreachable"])
def test_an_agent_who_is_away_is_not_waited_for(away):
    """Paused, signed out or unreachable: the strategy decides at once."""
    hotline = given(*TEAM, sticky_wait_s=15.0)
    send_away(hotline, "3", away)
    assert offers(hotline.join("c1", knows=["3"])) == [("c1", "1")]


@pytest.mark.parametrize("away", ["paused", "logged out", "unreachable"])
def test_an_agent_who_goes_away_releases_the_caller(away):
    """Whoever waits for an agent who goes away is the strategy's at once."""
    hotline = given(*TEAM, sticky_wait_s=15.0)
    busy(hotline, "3")
    hotline.join("c1", knows=["3"])
    assert offers(send_away(hotline, "3", away)) == [("c1", "1")]


def send_away(hotline: Hotline, number: str, how: str) -> list:
    """Let an agent go."""
    if how == "paused":
        return hotline.pause(number)
    if how == "logged out":
        return hotline.sign_out(number)
    return hotline.phone(number, DeviceState.UNAVAILABLE)


def test_an_agent_who_goes_away_leaves_the_caller_to_the_next_who_knows_them():
    """If somebody else who knows the caller is busy, the caller waits for them, within the same time."""
    hotline = given(*TEAM, sticky_wait_s=15.0)
    busy(hotline, "2", "3")
    hotline.join("c1", knows=["3", "2"])
    assert offers(hotline.pause("3")) == []
    assert free(hotline, "2") == [("c1", "2")]


def test_a_missed_sticky_offer_releases_the_caller():
    """Who did not answer their own customer is not waited for again."""
    hotline = given(*TEAM, sticky_wait_s=60.0)
    hotline.join("c1", knows=["3"])
    assert offers(hotline.miss("c1", "3")) == [("c1", "1")]


def test_a_missed_sticky_offer_is_not_repeated_even_without_retry_time():
    """With `retry_s` 0, too, the strategy decides after their own agent did not answer."""
    hotline = given(*TEAM, sticky_wait_s=60.0, retry_s=0.0)
    hotline.join("c1", knows=["3"])
    assert offers(hotline.miss("c1", "3")) == [("c1", "1")]


def test_sticky_routing_is_decided_once():
    """Whoever was given to the strategy because their agent was away stays the strategy's."""
    hotline = given(*TEAM, sticky_wait_s=60.0)
    hotline.pause("3")
    assert offers(hotline.join("c1", knows=["3"])) == [("c1", "1")]
    hotline.ready("3")
    assert offers(hotline.miss("c1", "1")) == [("c1", "2")]


def test_a_hit_counts_however_it_came_about():
    """If the strategy happens to choose the agent who knows the caller, they reached them."""
    hotline = given(agent("3"), sticky_wait_s=0.0, retry_s=5.0)
    hotline.join("c1", knows=["3"])
    hotline.miss("c1", "3")
    hotline.pass_time(5.0)
    hotline.answer("c1", "3")
    assert sticky_result(hotline) is StickyResult.HIT


def test_without_waiting_time_a_busy_agent_is_not_waited_for():
    """`sticky_wait_s` 0: their own agent if free, else the strategy."""
    hotline = given(*TEAM, sticky_wait_s=0.0)
    busy(hotline, "3")
    assert offers(hotline.join("c1", knows=["3"])) == [("c1", "1")]
    assert offers(hotline.join("c2", knows=["2"])) == [("c2", "2")]


def test_only_members_of_the_queue_count():
    """An agent who does not serve this queue is not offered its callers, however well they know them."""
    hotline = given(agent("1"), agent("2", "support"), queues=(queue(sticky_wait_s=15.0), queue("support")))
    assert offers(hotline.join("c1", knows=["2", "99"])) == [("c1", "1")]
    hotline.answer("c1", "1")
    assert sticky_result(hotline) is StickyResult.NONE


def test_in_a_queue_that_is_not_sticky_nobody_waits_for_a_busy_agent():
    """Whom a lookup chose is offered first when free, else the strategy decides at once."""
    hotline = given(*TEAM)
    assert offers(hotline.join("c1", knows=["3"])) == [("c1", "3")]
    hotline.answer("c1", "3")
    assert sticky_result(hotline) is StickyResult.HIT
    assert offers(hotline.join("c2", knows=["3"])) == [("c2", "1")]


def test_whoever_nobody_served_was_missed():
    """A known caller who gives up was not reached."""
    hotline = given(*TEAM, sticky_wait_s=60.0)
    busy(hotline, "3")
    hotline.join("c1", knows=["3"])
    hotline.gone("c1")
    (left,) = notes(hotline.said, QueueLeft)
    assert (left.outcome, left.sticky) == (QueueOutcome.ABANDONED, StickyResult.MISS)


def test_a_freed_agent_takes_their_own_caller_before_one_who_waits_longer():
    """At the same priority whoever waits for this very agent goes first."""
    hotline = given(agent("3"), sticky_wait_s=60.0)
    busy(hotline, "3")
    hotline.join("c1")
    hotline.join("c2", knows=["3"])
    assert free(hotline, "3") == [("c2", "3")]


def test_a_higher_priority_goes_before_ones_own_caller():
    """Priority counts more than acquaintance; the known caller goes on waiting."""
    hotline = given(agent("3"), sticky_wait_s=60.0)
    busy(hotline, "3")
    hotline.join("c1", knows=["3"])
    hotline.join("vip", priority=1)
    assert free(hotline, "3") == [("vip", "3")]
    hotline.serve("vip", "3", talk_s=5.0)
    assert hotline.offer("c1").agents == ("3",)


def test_sticky_is_decided_when_phones_are_known():
    """A restored caller's agent is judged after Asterisk was asked, not before."""
    hotline = Hotline()
    hotline.configure(queue(sticky_wait_s=60.0))
    hotline.employ(*TEAM)
    for one in TEAM:
        hotline.sign_in(one.number)
    hotline.join("c1", knows=["3"], joined_at=hotline.now - 5.0, restored=True)
    assert offers(hotline.synchronise(phones={"3": DeviceState.INUSE})) == []
    assert free(hotline, "3") == [("c1", "3")]


def test_a_sticky_offer_does_not_move_the_turn():
    """Round robin goes on where it stood: the strategy was not asked."""
    hotline = given(*TEAM, strategy=Strategy.RRMEMORY, sticky_wait_s=15.0)
    hotline.join("c1", knows=["2"])
    assert offers(hotline.join("c2")) == [("c2", "1")]
