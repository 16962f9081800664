"""The engine as a whole: deterministic, silent at rest, and of constant size however long it runs."""

import gc
from random import Random

from ccd.events import ChannelGone, LinkLost, Ticked
from ccd.model import AgentState, ChannelId, DeviceState, DialStatus, Strategy
from tests.unit.routing.hotline import Hotline, agent, given, queue


def work(hotline: Hotline, calls: int, seed: int = 1) -> None:
    """Let callers come and be served, missed, or give up, one after another."""
    rng = Random(seed)
    for number in range(calls):
        call = f"c{number}"
        hotline.join(call, rng.choice(("sales", "support")), knows=[rng.choice("123")])
        one = hotline.offer(call).agents[0]
        match rng.randrange(4):
            case 0:
                hotline.ring(call, one, f"leg:{call}")
                hotline.gone(call)
                hotline.gone(f"leg:{call}")
            case 1:
                hotline.ring(call, one, f"leg:{call}")
                hotline.leg_ends(call, one, DialStatus.NOANSWER, f"leg:{call}")
                hotline.gone(f"leg:{call}")
                hotline.back(call, DialStatus.NOANSWER)
                hotline.serve(call, hotline.offer(call).agents[0], talk_s=5.0)
            case _:
                hotline.serve(call, one, talk_s=5.0)
        hotline.pass_time(10.0)


def busy_place(seed: int = 1) -> Hotline:
    """Give two queues with three agents who serve both."""
    queues = (
        queue(strategy=Strategy.RANDOM, wrap_up_s=2.0, announce_every_s=30.0, max_wait_s=600.0),
        queue("support", strategy=Strategy.RRMEMORY, sticky_wait_s=10.0),
    )
    return given(*(agent(n, "sales", "support") for n in "123"), queues=queues, seed=seed)


def test_the_same_seed_and_events_give_the_same_commands():
    """A journal replayed says the same, to the last word; another seed chooses otherwise."""
    first, second, other = busy_place(), busy_place(), busy_place(seed=2)
    for hotline in (first, second, other):
        work(hotline, 30)
    assert first.said == second.said
    assert first.said != other.said


def test_nothing_is_left_of_calls_that_are_over():
    """After hundreds of calls the engine holds what it held before the first one."""
    hotline = busy_place()
    work(hotline, 300)
    floor = hotline.engine._floor
    for left in (floor.callers, floor.talks, floor.offers, floor.channels, floor.legs, floor.held):
        assert not left
    assert hotline.engine.next_deadline() is None
    assert len(floor.deadlines._heap) < 600


def test_calls_that_are_over_need_no_collector():
    """Nothing refers to itself in a circle: memory is given back at once, without pauses."""
    hotline = busy_place()
    work(hotline, 2)
    hotline.said.clear()
    gc.collect()
    gc.disable()
    try:
        for number in range(20):
            hotline.join(f"x{number}")
            hotline.serve(f"x{number}", hotline.offer(f"x{number}").agents[0])
        hotline.said.clear()
        assert gc.collect() == 0
    finally:
        gc.enable()


def test_memory_of_hung_up_channels_is_bounded():
    """Hangups of channels that are not ours are forgotten in time."""
    hotline = given()
    for number in range(5000):
        hotline.engine.handle(ChannelGone(channel=ChannelId(f"x{number}")), hotline.now)
    departed = hotline.engine._floor.departed
    assert len(departed._order) == len(departed._known) == 4096
    assert "x4999" in departed
    assert "x0" not in departed


def test_at_rest_nothing_is_due():
    """With nobody waiting and nobody wrapping up the engine wants no tick; an extra one does nothing."""
    hotline = given(agent("1"))
    assert hotline.engine.next_deadline() is None
    assert hotline.tell(Ticked()) == []
    assert hotline.tell(LinkLost()) == []


def test_waiting_callers_alone_need_no_ticks():
    """A caller who waits for whoever comes first wakes nobody up."""
    hotline = given(agent("1"))
    hotline.phone("1", DeviceState.INUSE)
    hotline.join("c1")
    assert hotline.engine.next_deadline() is None
    assert hotline.state("1") is AgentState.IN_CALL


def test_a_late_tick_makes_up_for_all_that_was_due():
    """A daemon that was held up ticks once, and everything that fell due happens."""
    hotline = given(agent("1"), max_wait_s=60.0, announce_first_s=10.0, announce_every_s=10.0)
    hotline.phone("1", DeviceState.INUSE)
    hotline.join("c1")
    hotline.now += 120.0
    said = [type(command).__name__ for command in hotline.tell(Ticked())]
    assert said == ["Announce", "EndWait", "Note"]
    assert hotline.line() == []
