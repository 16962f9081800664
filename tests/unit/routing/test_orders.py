"""Between AMI and AGI there is no order: every interleaving of what they tell ends in the same state.

AMI keeps its own order, and so does AGI; told twice, or a device state early or late, nothing changes either.
"""

from collections.abc import Callable

import pytest
from hypothesis import given as any_of
from hypothesis import settings
from hypothesis import strategies as st

from ccd.history import OfferEnded, QueueLeft, TalkEnded, TalkStarted
from ccd.model import DeviceState, DialStatus, Strategy
from tests.unit.routing.hotline import Hotline, agent, given, notes

Telling = Callable[[Hotline], object]

RING: Telling = lambda h: h.ring("c1", "1")  # noqa: E731 - a table of tellings
RINGS: Telling = lambda h: h.phone("1", DeviceState.RINGING)  # noqa: E731
IN_USE: Telling = lambda h: h.phone("1", DeviceState.INUSE)  # noqa: E731
FREE: Telling = lambda h: h.phone("1", DeviceState.NOT_INUSE)  # noqa: E731
LEG_GONE: Telling = lambda h: h.gone("leg:1")  # noqa: E731
CALLER_GONE: Telling = lambda h: h.gone("c1")  # noqa: E731


def ends(status: DialStatus, number: str = "1") -> Telling:
    """Let a phone's part end."""
    return lambda hotline: hotline.leg_ends("c1", number, status)


def back(status: DialStatus) -> Telling:
    """Let the dialplan come back."""
    return lambda hotline: hotline.returned("c1", status)


# For each story: what AMI's channels tell, what AMI's device states tell, what AGI tells.
STORIES: dict[str, tuple[list[Telling], list[Telling], list[Telling]]] = {
    "served": ([RING, ends(DialStatus.ANSWER), LEG_GONE], [RINGS, IN_USE, FREE], [back(DialStatus.ANSWER)]),
    "missed": ([RING, ends(DialStatus.NOANSWER), LEG_GONE], [RINGS, FREE], [back(DialStatus.NOANSWER)]),
    "busy": ([RING, ends(DialStatus.BUSY), LEG_GONE], [], [back(DialStatus.BUSY)]),
    "gave up": ([RING, ends(DialStatus.CANCEL), LEG_GONE, CALLER_GONE], [RINGS, FREE], []),
    "unreachable": ([ends(DialStatus.CHANUNAVAIL)], [], [back(DialStatus.CHANUNAVAIL)]),
    "race": (
        [
            RING,
            lambda h: h.ring("c1", "2"),
            ends(DialStatus.ANSWER, "2"),
            ends(DialStatus.CANCEL),
            LEG_GONE,
            lambda h: h.gone("leg:2"),
        ],
        [lambda h: h.phone("2", DeviceState.INUSE)],
        [lambda h: h.returned("c1", DialStatus.ANSWER, device="PJSIP/1002")],
    ),
}


def end_of(story: str, order: list[int], echoes: set[int]) -> tuple[object, ...]:
    """Tell a story's streams in this order, some of it twice, and give how it ends."""
    hotline = given(
        agent("1"),
        agent("2"),
        strategy=Strategy.RINGALL if story == "race" else Strategy.LINEAR,
        wrap_up_s=9.0,
    )
    hotline.join("c1")
    streams = [iter(stream) for stream in STORIES[story]]
    for step, which in enumerate(order):
        telling = next(streams[which])
        telling(hotline)
        if step in echoes:
            telling(hotline)
    hotline.phone("1", DeviceState.NOT_INUSE)
    hotline.phone("2", DeviceState.NOT_INUSE)
    agents = [hotline.agent(number) for number in ("1", "2")]
    return (
        hotline.line(),
        [(a.status, a.state, a.call_id, a.missed_in_a_row) for a in agents],
        [member.calls_taken for member in hotline.members()],
        sorted((e.agent, e.result) for e in notes(hotline.said, OfferEnded)),
        [(e.outcome, e.sticky) for e in notes(hotline.said, QueueLeft)],
        [e.agent for e in notes(hotline.said, TalkStarted)],
        [(e.agent, e.by) for e in notes(hotline.said, TalkEnded)],
    )


def straight(story: str) -> list[int]:
    """Give the order in which each stream comes after the other."""
    return [which for which, stream in enumerate(STORIES[story]) for _ in stream]


@pytest.mark.parametrize("story", STORIES)
@settings(max_examples=30)
@any_of(data=st.data())
def test_every_interleaving_ends_in_the_same_state(story, data):
    """AMI's channels, AMI's device states and AGI in any interleaving, with echoes: one outcome."""
    order = data.draw(st.permutations(straight(story)))
    echoes = data.draw(st.sets(st.integers(0, len(order) - 1)))
    assert end_of(story, order, echoes) == end_of(story, straight(story), set())
