"""Callers who change their queue or their rank while they wait: by command, and by a queue's overflow."""

from ccd.commands import StayChanged
from ccd.events import CallerMoved, PriorityChanged, QueueClosed, QueueMoved, QueueOpened, Ticked
from ccd.history import Decided, PriorityGiven, QueueEntered, QueueLeft
from ccd.model import (
    AgentNumber,
    CallId,
    DeviceState,
    DialStatus,
    Need,
    Overflow,
    QueueName,
    QueueOutcome,
    Relaxation,
    Strategy,
)
from tests.unit.routing.hotline import (
    SALES,
    Hotline,
    agent,
    announced,
    dismissed,
    given,
    notes,
    offers,
    queue,
)

SUPPORT = QueueName("support")


def move(hotline: Hotline, call: str, to: str = SUPPORT):
    """Move one caller."""
    return hotline.tell(CallerMoved(call_id=CallId(call), queue=QueueName(to)))


def two_queues(*agents, **settings) -> Hotline:
    """Give a hotline with the queues sales and support."""
    return given(*agents, queues=(queue(**settings), queue(SUPPORT, max_wait_s=60.0)))


# ---------------------------------------------------------------- by command


def test_whoever_is_moved_keeps_the_time_of_joining():
    """They stand before those who joined later; the stay ends as transferred, and a new one begins."""
    hotline = two_queues()
    hotline.join("early")
    hotline.pass_time(10.0)
    hotline.join("there", SUPPORT)
    hotline.pass_time(5.0)
    said = move(hotline, "early")
    assert hotline.line(SUPPORT) == ["early", "there"]
    (left,), (entered,) = notes(said, QueueLeft), notes(said, QueueEntered)
    assert (left.queue, left.outcome, left.waited_s) == (SALES, QueueOutcome.TRANSFERRED, 15.0)
    assert (entered.queue, entered.position, entered.at) == (SUPPORT, 1, hotline.now)
    (told,) = [command for command in said if isinstance(command, StayChanged)]
    assert (told.call_id, told.queue, told.entered_at) == ("early", SUPPORT, hotline.now)
    assert dismissed(said) == []


def test_the_new_queues_limits_count_from_the_move():
    """A long wait elsewhere does not end the new stay at once."""
    hotline = two_queues()
    hotline.join("c1", joined_at=hotline.now - 500.0)
    move(hotline, "c1")
    assert dismissed(hotline.pass_time(59.9)) == []
    said = hotline.pass_time(0.1)
    assert dismissed(said) == [("c1", QueueOutcome.TIMED_OUT)]
    assert notes(said, QueueLeft)[0].waited_s == 60.0


def test_whoever_is_moved_is_offered_at_once():
    """The new queue's agents are free, and fulfil the needs that count there."""
    hotline = given(
        agent("1", SUPPORT, english=40),
        queues=(
            queue(needs=(Need(skill="billing"),)),
            queue(SUPPORT, needs=(Need(skill="english", level=30),)),
        ),
    )
    hotline.join("c1", needs={"english": 50})
    assert offers(move(hotline, "c1")) == []
    hotline.join("c2")
    assert offers(move(hotline, "c2")) == [("c2", "1")]


def test_phones_that_ring_are_let_ring():
    """The caller goes over when nobody has answered; an answer keeps them where they were."""
    hotline = two_queues(agent("1", SALES), agent("2", SUPPORT))
    hotline.join("c1")
    assert offers(move(hotline, "c1")) == []
    hotline.answer("c1", "1")
    assert notes(hotline.said, QueueLeft)[-1].queue == SALES
    hotline = two_queues(agent("1", SALES), agent("2", SUPPORT))
    hotline.join("c1")
    move(hotline, "c1")
    assert offers(hotline.miss("c1", "1")) == [("c1", "2")]
    assert hotline.line(SALES) == []


def test_an_echo_of_the_old_queue_changes_nothing():
    """A joining that is told late is of before the move."""
    hotline = two_queues()
    hotline.join("c1")
    old = hotline.joined["c1"]
    move(hotline, "c1")
    hotline.tell(old)
    assert (hotline.line(SALES), hotline.line(SUPPORT)) == ([], ["c1"])


def test_an_agent_who_missed_them_is_not_offered_them_again_at_once():
    """What is remembered of the caller goes with them."""
    hotline = two_queues(agent("1", SALES, SUPPORT), retry_s=30.0)
    hotline.join("c1")
    hotline.miss("c1", "1")
    assert offers(move(hotline, "c1")) == []
    assert offers(hotline.pass_time(30.0)) == [("c1", "1")]


def test_everybody_is_moved_or_the_first_few():
    """The order is kept; a limit takes those who are first in line."""
    hotline = two_queues()
    for call in ("c1", "c2", "c3"):
        hotline.join(call)
        hotline.pass_time(1.0)
    hotline.tell(QueueMoved(source=SALES, target=SUPPORT, limit=2))
    assert (hotline.line(SALES), hotline.line(SUPPORT)) == (["c3"], ["c1", "c2"])
    hotline.tell(QueueMoved(source=SALES, target=SUPPORT))
    hotline.tell(QueueMoved(source=SALES, target=QueueName("nowhere")))
    assert hotline.line(SUPPORT) == ["c1", "c2", "c3"]


def test_back_and_forth_ends_where_it_began():
    """Whoever is moved back stands where they stood."""
    hotline = two_queues()
    hotline.join("c1")
    hotline.pass_time(1.0)
    hotline.join("c2")
    move(hotline, "c1")
    move(hotline, "c1", SALES)
    assert hotline.line() == ["c1", "c2"]


# ---------------------------------------------------------------- rank


def test_another_priority_reaches_those_who_wait():
    """They change places, are told of it, and the history knows."""
    hotline = two_queues()
    hotline.join("c1")
    hotline.join("c2")
    said = hotline.tell(PriorityChanged(call_id=CallId("c2"), priority=3))
    assert hotline.line() == ["c2", "c1"]
    (given_,) = notes(said, PriorityGiven)
    assert (given_.priority, given_.previous, given_.queue) == (3, 0, SALES)
    assert [c.priority for c in said if isinstance(c, StayChanged)] == [3]
    assert hotline.tell(PriorityChanged(call_id=CallId("c2"), priority=3)) == []


def test_waiting_adds_to_the_priority():
    """A point a minute: a caller of priority 1 who came 61 s later stands behind, 59 s later before."""
    hotline = given(pace=1 / 60)
    hotline.join("c1")
    hotline.pass_time(59.0)
    hotline.join("before", priority=1)
    hotline.pass_time(2.0)
    hotline.join("behind", priority=1)
    assert hotline.line() == ["before", "c1", "behind"]
    hotline.pass_time(3600.0)
    assert hotline.line() == ["before", "c1", "behind"]


def test_one_score_across_queues_of_different_pace():
    """The order between two queues changes in the moment in which the faster one overtakes."""
    queues = (queue(pace=0.1), queue(SUPPORT))
    for waited_s, first in ((40.0, "slow"), (60.0, "fast")):
        hotline = given(agent("1", SALES, SUPPORT), queues=queues)
        hotline.pause("1")
        hotline.join("slow", SUPPORT, priority=5)
        hotline.join("fast")
        hotline.pass_time(waited_s)
        ((call, _),) = offers(hotline.ready("1"))
        assert call == first
    assert "priority 6" in notes(hotline.said, Decided)[-1].rule


def test_a_reload_may_change_the_pace():
    """The order of those who wait is worked out anew."""
    hotline = given(pace=0.0)
    hotline.join("long")
    hotline.pass_time(100.0)
    hotline.join("high", priority=5)
    assert hotline.line() == ["high", "long"]
    hotline.configure(queue(pace=0.1))
    assert hotline.line() == ["long", "high"]


# ---------------------------------------------------------------- overflow


def overflowing(*agents, after_s: float = 30.0, leave: bool = False, **settings) -> Hotline:
    """Give a hotline whose queue sales overflows to support."""
    overflow = (Overflow(after_s=after_s, queue=SUPPORT, leave=leave),)
    return given(*agents, queues=(queue(overflow=overflow), queue(SUPPORT, **settings)))


def test_another_queue_helps_after_a_while():
    """Its agents may take the caller, who keeps their place; the stay is one in their own queue."""
    hotline = overflowing(agent("1", SUPPORT), agent("2", SALES))
    hotline.phone("2", DeviceState.INUSE)
    hotline.join("c1")
    assert offers(hotline.pass_time(29.9)) == []
    assert offers(hotline.pass_time(0.1)) == [("c1", "1")]
    assert notes(hotline.said, Decided)[-1].rule == "linear; help of support"
    hotline.serve("c1", "1")
    assert notes(hotline.said, QueueLeft)[-1].queue == SALES
    assert {view.queue: view.calls_taken for view in hotline.agent("1").queues} == {SUPPORT: 1}


def test_helpers_take_the_best_of_both():
    """Whoever joined first goes first, of equal priority, whether of the queue or helped by it."""
    hotline = overflowing(agent("1", SUPPORT), after_s=0.0)
    hotline.phone("1", DeviceState.INUSE)
    for call, to in (("c1", SUPPORT), ("c2", SALES), ("c3", SUPPORT)):
        hotline.join(call, to)
        hotline.pass_time(1.0)
    taken = []
    for _ in range(3):
        ((call, _agent),) = offers(hotline.phone("1", DeviceState.NOT_INUSE))
        taken.append(call)
        hotline.answer(call, "1", f"leg:{call}")
        hotline.gone(f"leg:{call}")
        hotline.back(call, DialStatus.ANSWER)
    assert taken == ["c1", "c2", "c3"]


def test_the_own_agents_still_serve():
    """Who overflows has not left: the first free agent of either queue takes them."""
    hotline = overflowing(agent("1", SUPPORT), agent("2", SALES))
    hotline.phone("1", DeviceState.INUSE)
    hotline.phone("2", DeviceState.INUSE)
    hotline.join("c1")
    hotline.pass_time(31.0)
    assert offers(hotline.phone("2", DeviceState.NOT_INUSE)) == [("c1", "2")]


def test_help_goes_by_the_helping_queues_strategy():
    """Ring-all there rings all of them."""
    hotline = overflowing(agent("1", SUPPORT), agent("2", SUPPORT), after_s=5.0, strategy=Strategy.RINGALL)
    hotline.join("c1")
    assert offers(hotline.pass_time(5.0)) == [("c1", "1,2")]


def test_a_chain_leads_from_queue_to_queue():
    """Each step counts from entering that queue, so that two that lead to one another do not spin."""
    there = Overflow(after_s=10.0, queue=SUPPORT, leave=True)
    back = Overflow(after_s=20.0, queue=SALES, leave=True)
    hotline = given(queues=(queue(overflow=(there,)), queue(SUPPORT, overflow=(back,))))
    hotline.join("c1")
    hotline.pass_time(10.0)
    assert hotline.line(SUPPORT) == ["c1"]
    hotline.pass_time(19.9)
    assert hotline.line(SUPPORT) == ["c1"]
    hotline.pass_time(0.1)
    assert hotline.line(SALES) == ["c1"]


def test_two_queues_that_lead_to_one_another_at_once_do_not_spin():
    """The caller goes over once and waits there, whatever happens to them: here a need that becomes less."""
    need = Need(skill="english", level=30, relax=(Relaxation(after_s=4.0, level=0),))
    queues = (
        queue(overflow=(Overflow(after_s=0.0, queue=SUPPORT, leave=True),)),
        queue(SUPPORT, overflow=(Overflow(after_s=0.0, queue=SALES, leave=True),), needs=(need,)),
    )
    hotline = given(queues=queues)
    hotline.join("c1")
    assert hotline.line(SUPPORT) == ["c1"]
    hotline.pass_time(5.0)
    assert hotline.line(SUPPORT) == ["c1"]
    assert len(notes(hotline.said, QueueEntered)) == 2


def test_whoever_a_step_moves_hears_at_once_where_they_stand():
    """What the other queue says at once is due in the tick that moves them: no second one is asked for."""
    hotline = overflowing(leave=True, announce_first_s=0.0, announce_every_s=10.0)
    hotline.join("c1")
    hotline.now += 30.0
    said = hotline.tell(Ticked())
    assert hotline.line(SUPPORT) == ["c1"]
    assert announced(said) == [("c1", 1)]
    assert hotline.engine.next_deadline() == hotline.now + 10.0


def test_who_found_the_other_queue_full_goes_over_as_soon_as_there_is_room():
    """As many as there is room for, first who joined first; who has not waited for long enough stays."""
    hotline = overflowing(leave=True, max_length=1)
    hotline.join("there", SUPPORT)
    for call in ("c1", "c2"):
        hotline.join(call)
    hotline.pass_time(25.0)
    hotline.join("late")
    hotline.pass_time(25.0)
    assert hotline.line() == ["c1", "c2", "late"]
    hotline.gone("there")
    assert (hotline.line(), hotline.line(SUPPORT)) == (["c2", "late"], ["c1"])
    hotline.configure(queue(overflow=hotline.queue().settings.overflow), queue(SUPPORT, max_length=5))
    assert (hotline.line(), hotline.line(SUPPORT)) == (["late"], ["c1", "c2"])


def test_who_found_the_other_queue_closed_goes_over_when_it_opens():
    """While phones ring for a caller they are let ring; they go over when nobody has answered."""
    hotline = overflowing(agent("1"), leave=True)
    hotline.phone("1", DeviceState.INUSE)
    hotline.tell(QueueClosed(queue=SUPPORT))
    hotline.join("c1")
    hotline.pass_time(1.0)
    hotline.join("c2")
    hotline.pass_time(31.0)
    assert offers(hotline.phone("1", DeviceState.NOT_INUSE)) == [("c1", "1")]
    hotline.tell(QueueOpened(queue=SUPPORT))
    assert (hotline.line(), hotline.line(SUPPORT)) == (["c1"], ["c2"])
    hotline.miss("c1", "1")
    assert hotline.line(SUPPORT) == ["c1", "c2"]


def test_who_found_nobody_in_the_other_queue_goes_over_when_an_agent_comes():
    """One who signs in, and one who becomes a member."""
    for comes in (lambda it: it.sign_in("1"), lambda it: it.employ(agent("2", SUPPORT))):
        hotline = overflowing(agent("1", SUPPORT), agent("2"), leave=True, join_empty=False)
        hotline.sign_out("1")
        hotline.phone("2", DeviceState.INUSE)
        hotline.join("c1")
        hotline.pass_time(31.0)
        assert hotline.line() == ["c1"]
        comes(hotline)
        assert hotline.line(SUPPORT) == ["c1"]


def test_a_move_to_a_queue_that_is_no_more_is_forgotten():
    """Phones rang for the caller when an operator moved them to a queue that a reload then took away."""
    hotline = two_queues(agent("1"), max_wait_s=5.0)
    hotline.join("c1")
    move(hotline, "c1")
    hotline.configure(hotline.queue().settings)
    hotline.pass_time(6.0)
    assert dismissed(hotline.miss("c1", "1")) == [("c1", QueueOutcome.TIMED_OUT)]


def test_a_queue_that_takes_nobody_is_passed_over():
    """A chain does not lead into a full queue; help of a queue that a reload took away ends."""
    hotline = overflowing(leave=True, max_length=0)
    hotline.join("c1")
    hotline.pass_time(31.0)
    assert hotline.line() == ["c1"]
    hotline = overflowing(agent("1", SUPPORT), after_s=0.0)
    hotline.phone("1", DeviceState.INUSE)
    hotline.join("c1")
    hotline.configure(queue(overflow=(Overflow(after_s=0.0, queue=SUPPORT),)))
    assert offers(hotline.phone("1", DeviceState.NOT_INUSE)) == []
    assert offers(
        hotline.configure(queue(overflow=(Overflow(after_s=0.0, queue=SUPPORT),)), queue(SUPPORT))
    ) == [("c1", AgentNumber("1"))]
