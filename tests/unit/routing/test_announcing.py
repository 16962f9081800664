"""What waiting callers are told, and when."""

from ccd.commands import Announce, Comfort
from ccd.model import CallId
from tests.unit.routing.hotline import SALES, agent, announced, given, queue


def comforted(said) -> list[str]:
    """Give who was told something kind."""
    return [c.call_id for c in said if isinstance(c, Comfort)]


def told(said) -> list[tuple[str, int | None, float | None]]:
    """Give what was announced: call, position, estimated wait."""
    return [(c.call_id, c.position, c.wait_s) for c in said if isinstance(c, Announce)]


def test_the_first_announcement_may_be_at_once():
    """first_s 0: as soon as it shows that nobody is free; the next one after `every_s`."""
    hotline = given(announce_first_s=0.0, announce_every_s=30.0)
    hotline.join("c1")
    assert announced(hotline.pass_time(0.1)) == [("c1", 1)]
    assert announced(hotline.pass_time(29.8)) == []
    assert announced(hotline.pass_time(0.2)) == [("c1", 1)]


def test_nobody_who_is_offered_at_once_hears_their_position():
    """An agent is free: there is nothing to announce."""
    hotline = given(agent("1"), announce_first_s=0.0, announce_every_s=30.0)
    hotline.join("c1")
    assert announced(hotline.pass_time(1.0)) == []


def test_only_those_in_front_hear_their_position():
    """The others still hear what the queue offers."""
    hotline = given(announce_first_s=10.0, announce_every_s=30.0, announce_up_to=1)
    hotline.join("c1")
    hotline.join("c2")
    assert told(hotline.pass_time(10.0)) == [("c1", 1, None), ("c2", None, None)]
    hotline.gone("c1")
    assert told(hotline.pass_time(30.0)) == [("c2", 1, None)]


def test_a_position_that_did_not_change_is_not_said_again():
    """Said at first and after each step forward."""
    hotline = given(announce_first_s=10.0, announce_every_s=10.0, announce_changes_only=True)
    hotline.join("c1")
    hotline.join("c2")
    assert told(hotline.pass_time(10.0)) == [("c1", 1, None), ("c2", 2, None)]
    assert told(hotline.pass_time(10.0)) == [("c1", None, None), ("c2", None, None)]
    hotline.gone("c1")
    assert told(hotline.pass_time(10.0)) == [("c2", 1, None)]


def test_words_of_comfort_have_a_clock_of_their_own():
    """Distinct from the announcements, and silent while phones ring."""
    hotline = given(agent("1"), comfort_every_s=10.0, ring_s=12.0, retry_s=100.0)
    hotline.join("c1")
    assert comforted(hotline.pass_time(12.0)) == []
    hotline.miss("c1", "1")
    assert comforted(hotline.pass_time(7.9)) == []
    assert comforted(hotline.pass_time(0.1)) == ["c1"]
    assert comforted(hotline.pass_time(10.0)) == ["c1"]


def test_an_estimated_wait_is_told_when_enough_talks_are_known():
    """Silent before; then it falls with the clock and is the same in the display."""
    settings = {"announce_first_s": 10.0, "announce_every_s": 10.0, "announce_wait": True}
    hotline = given(agent("1"), **settings)
    for number in range(5):
        hotline.join(f"t{number}")
        assert hotline.queue().estimated_wait_s is None
        hotline.serve(f"t{number}", "1", 60.0)
    assert hotline.queue().estimated_wait_s == 60.0
    hotline.join("c1")
    hotline.answer("c1", "1")
    hotline.join("c2")
    hotline.join("c3")
    assert told(hotline.pass_time(10.0)) == [("c2", 1, 60.0), ("c3", 2, 120.0)]
    assert [caller.estimated_wait_s for caller in hotline.queue().waiting] == [60.0, 120.0]
    assert told(hotline.pass_time(10.0)) == [("c2", 1, 50.0), ("c3", 2, 110.0)]
    hotline.gone("c2")
    assert told(hotline.pass_time(10.0)) == [("c3", 1, 60.0)]
    said = hotline.pass_time(70.0)
    assert told(said)[-1] == ("c3", 1, None)


def test_the_estimate_goes_on_after_a_restart():
    """From the last talks that were stored, of each queue its own; a reload forgets none of them."""
    queues = (queue(wrap_up_s=10.0), queue("support"))
    hotline = given(agent("1", SALES, "support"), queues=queues, recent={SALES: [(900.0, 50.0)] * 5})
    assert hotline.queue().estimated_wait_s == 60.0
    assert hotline.queue("support").estimated_wait_s is None
    hotline.configure(queue(wrap_up_s=10.0, weight=1), queues[1])
    assert hotline.queue().estimated_wait_s == 60.0


def test_agents_who_serve_several_queues_count_by_their_share():
    """Half of the demand is another queue's: half of the agent's time is, too."""
    both = agent("1", SALES, "support")
    hotline = given(both, queues=(queue(), queue("support")))
    for number in range(5):
        hotline.join(f"t{number}")
        hotline.serve(f"t{number}", "1", 60.0)
    hotline.join("busy")
    hotline.answer("busy", "1")
    hotline.join("c1")
    hotline.join("s1", to="support")
    hotline.pass_time(11.0)
    (waiting,) = hotline.queue().waiting
    assert (waiting.call_id, waiting.estimated_wait_s) == (CallId("c1"), 120.0)
