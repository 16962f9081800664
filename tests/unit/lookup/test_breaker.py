"""A system that fails is left alone, then tried by one question."""

from hypothesis import given
from hypothesis import strategies as st

from ccd.lookup.breaker import Breaker, BreakerState


def broken(at: float = 0.0) -> Breaker:
    """Give a breaker that opened at an instant, for 30 s."""
    breaker = Breaker(failures=3, open_s=30.0)
    for _ in range(3):
        assert breaker.admits(at)
        breaker.failed(at)
    return breaker


def test_it_opens_after_failures_in_a_row_and_not_before():
    """An answer between them begins the count anew."""
    breaker = Breaker(failures=3, open_s=30.0)
    for _ in range(2):
        breaker.failed(0.0)
    breaker.answered()
    breaker.failed(0.0)
    breaker.failed(0.0)
    assert breaker.state(0.0) is BreakerState.CLOSED
    breaker.failed(0.0)
    assert breaker.state(29.9) is BreakerState.OPEN
    assert not breaker.admits(29.9)


def test_one_question_is_let_through_after_the_rest():
    """Until it is answered the others fail at once; then all are asked again."""
    breaker = broken()
    assert [breaker.admits(30.0) for _ in range(3)] == [True, False, False]
    breaker.answered()
    assert breaker.state(30.0) is BreakerState.CLOSED
    assert breaker.admits(30.0)


def test_a_trial_that_fails_leaves_it_alone_again():
    """One failure is enough then, counted from the trial."""
    breaker = broken()
    assert breaker.admits(31.0)
    breaker.failed(32.0)
    assert not breaker.admits(61.9)
    assert breaker.admits(62.0)


def test_a_trial_whose_caller_hung_up_leaves_room_for_another():
    """Nothing was learnt: the next question is the trial."""
    breaker = broken()
    assert breaker.admits(30.0)
    breaker.withdrawn()
    assert breaker.admits(30.0)


@given(st.lists(st.sampled_from(["ask", "answered", "failed", "withdrawn", "wait"]), max_size=60))
def test_it_is_never_stuck(happenings):
    """Whatever happens, a question is admitted once nobody is asking and the rest is over."""
    breaker, now, asking = Breaker(failures=2, open_s=5.0), 0.0, 0
    for each in happenings:
        now += 6.0 if each == "wait" else 0.1
        if each == "ask":
            asking += breaker.admits(now)
        elif asking and each != "wait":
            asking -= 1
            breaker.failed(now) if each == "failed" else getattr(breaker, each)()
    for _ in range(asking):
        breaker.withdrawn()
    assert breaker.admits(now + 5.0)
