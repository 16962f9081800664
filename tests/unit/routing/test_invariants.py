"""The checker of invariants finds what is wrong: without that, no test of the engine would mean much."""

from collections.abc import Callable

import pytest

from ccd.model import AgentNumber, CallId, DeviceState, QueueName, QueueOutcome
from ccd.routing.callers import Stand
from ccd.routing.deadlines import Kind
from ccd.routing.floor import Floor
from ccd.routing.offers import Phase
from tests.unit.routing.hotline import SALES, agent, given, queue

SUPPORT = QueueName("support")


def forget_a_caller(floor: Floor) -> None:
    """Lose the caller who waits."""
    del floor.callers[CallId("waits")]


def disorder(floor: Floor) -> None:
    """Let the line stand in the wrong order."""
    floor.lines[SALES].places.reverse()


def count_one_more(floor: Floor) -> None:
    """Count an outcome that was none."""
    floor.lines[SALES].left[QueueOutcome.KEY] += 1


def let_a_busy_agent_be_chosen(floor: Floor) -> None:
    """Put the agent who talks among the free ones."""
    floor.lines[SALES].admit(floor.roster.agents[AgentNumber("1")])


def overlook_a_free_agent(floor: Floor) -> None:
    """Let a busy phone be free without anybody noticing."""
    floor.roster.agents[AgentNumber("3")].device_state = DeviceState.NOT_INUSE


def reserve_twice(floor: Floor) -> None:
    """Reserve an agent who talks."""
    talking, ringing = (floor.roster.agents[AgentNumber(number)] for number in ("1", "2"))
    talking.offer = ringing.offer


def forget_the_lease(floor: Floor) -> None:
    """Let a reservation last for ever."""
    for offer in floor.offers.values():
        floor.deadlines.disarm(offer, Kind.LEASE)


def end_an_offer_in_secret(floor: Floor) -> None:
    """Call an attempt over that is still known."""
    for offer in floor.offers.values():
        offer.phase = Phase.OVER


def leave_something_unsettled(floor: Floor) -> None:
    """Return with an agent still to be looked at."""
    floor.touch(floor.roster.agents[AgentNumber("1")])


def hold_nobody_back(floor: Floor) -> None:
    """Let a caller stand nowhere."""
    floor.callers[CallId("waits")].stand = Stand.AWAY


def talk_and_wait(floor: Floor) -> None:
    """Let a caller talk who waits."""
    floor.talks[CallId("waits")] = floor.talks[CallId("talks")]


def lose_a_member(floor: Floor) -> None:
    """Forget a member of a queue."""
    del floor.lines[SUPPORT].members[AgentNumber("3")]


def miscount_who_is_there(floor: Floor) -> None:
    """Count somebody as present who is not."""
    floor.lines[SUPPORT].present += 1


@pytest.mark.parametrize(
    "damage",
    [
        forget_a_caller,
        disorder,
        count_one_more,
        let_a_busy_agent_be_chosen,
        overlook_a_free_agent,
        reserve_twice,
        forget_the_lease,
        end_an_offer_in_secret,
        leave_something_unsettled,
        hold_nobody_back,
        talk_and_wait,
        lose_a_member,
        miscount_who_is_there,
    ],
    ids=lambda damage: damage.__name__,
)
def test_damage_is_found(damage: Callable[[Floor], None]):
    """Whatever is broken in a healthy state, `validate` says so."""
    hotline = given(
        agent("1"), agent("2"), agent("3", "sales", "support"), queues=(queue(), queue("support"))
    )
    hotline.phone("3", DeviceState.INUSE)
    hotline.join("talks")
    hotline.answer("talks", "1")
    hotline.join("rings")
    hotline.join("waits")
    hotline.engine.validate()
    damage(hotline.engine._floor)
    with pytest.raises(AssertionError):
        hotline.engine.validate()
