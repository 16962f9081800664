"""One agent in several queues is offered the best caller across them."""

from ccd.events import DrainBegan
from ccd.history import Decided
from ccd.model import DeviceState, DialStatus, Strategy
from tests.unit.routing.hotline import Hotline, agent, given, notes, offers, queue

QUEUES = (queue(), queue("gold", weight=5), queue("night"))


def one_agent_for_all() -> Hotline:
    """Give an agent of three queues who is in a call of their own."""
    hotline = given(agent("1", "sales", "gold", "night"), queues=QUEUES)
    hotline.phone("1", DeviceState.INUSE)
    return hotline


def test_who_joined_first_is_served_first_across_queues():
    """At equal priority and weight the time of joining decides, whichever the queue."""
    hotline = one_agent_for_all()
    hotline.join("c1", "night")
    hotline.pass_time(1.0)
    hotline.join("c2", "sales")
    assert offers(hotline.phone("1", DeviceState.NOT_INUSE)) == [("c1", "1")]


def test_a_queue_of_higher_weight_goes_first():
    """Weight counts more than waiting."""
    hotline = one_agent_for_all()
    hotline.join("c1", "sales")
    hotline.pass_time(60.0)
    hotline.join("c2", "gold")
    assert offers(hotline.phone("1", DeviceState.NOT_INUSE)) == [("c2", "1")]


def test_priority_counts_more_than_weight():
    """A caller of higher priority goes first, even from a queue of lower weight."""
    hotline = one_agent_for_all()
    hotline.join("c1", "gold")
    hotline.join("c2", "sales", priority=1)
    assert offers(hotline.phone("1", DeviceState.NOT_INUSE)) == [("c2", "1")]


def test_an_agent_has_one_call_across_queues():
    """Reserved for one queue is reserved for all."""
    hotline = given(agent("1", "sales", "gold"), queues=QUEUES)
    assert offers(hotline.join("c1", "sales")) == [("c1", "1")]
    assert offers(hotline.join("c2", "gold")) == []
    assert hotline.engine.waiting("gold")[0].offered_to == ()


def test_after_a_silence_everyone_is_matched_best_first():
    """Many callers and agents at once: the best caller first, each by their queue's strategy."""
    hotline = Hotline()
    hotline.configure(*QUEUES)
    hotline.employ(agent("1", "sales", "gold"), agent("2", "gold"), agent("3", "night"))
    for number in ("1", "2", "3"):
        hotline.sign_in(number)
    hotline.join("c1", "sales")
    hotline.join("c2", "gold")
    hotline.join("c3", "gold", priority=1)
    hotline.join("c4", "night")
    said = hotline.synchronise()
    assert offers(said) == [("c3", "1"), ("c2", "2"), ("c4", "3")]


def test_nobody_is_offered_before_asterisk_was_asked():
    """Until the first resync nobody's phone is known to be free."""
    hotline = Hotline()
    hotline.configure(queue())
    hotline.employ(agent("1"))
    hotline.sign_in("1")
    hotline.phone("1", DeviceState.NOT_INUSE)
    assert offers(hotline.join("c1")) == []
    assert hotline.members()[0].obstacle == "not_synchronised"
    assert offers(hotline.synchronise()) == [("c1", "1")]


def test_a_drain_assigns_nothing_new():
    """After the drain began nobody is offered anything; talks and attempts go on."""
    hotline = given(agent("1"), agent("2"))
    hotline.join("c1")
    hotline.tell(DrainBegan())
    hotline.answer("c1", "1")
    assert offers(hotline.join("c2")) == []
    assert offers(hotline.hang_up("1")) == []
    assert offers(hotline.synchronise()) == []
    assert hotline.members()[1].obstacle == "draining"


def test_a_blocked_caller_does_not_block_those_behind():
    """Whoever missed-offer memory keeps from the only free agent lets the next caller pass."""
    hotline = given(agent("1"), retry_s=60.0)
    hotline.join("c1")
    hotline.join("c2")
    hotline.leg_ends("c1", "1", DialStatus.NOANSWER)
    hotline.back("c1", DialStatus.NOANSWER)
    assert hotline.offer("c2").agents == ("1",)
    hotline.pass_time(1.0)
    hotline.leg_ends("c2", "1", DialStatus.NOANSWER)
    hotline.back("c2", DialStatus.NOANSWER)
    assert offers(hotline.pass_time(59.0)) == [("c1", "1")]


# ---------------------------------------------------------------- the trace


def test_a_decision_tells_who_was_considered():
    """The chosen first, then who would have been next, then the others with what stood in their way."""
    hotline = given(agent("1"), agent("2"), agent("3"), agent("4"), agent("5", penalty=1), agent("6"))
    hotline.pause("1")
    hotline.phone("3", DeviceState.INUSE)
    hotline.sign_out("6")
    (decided,) = notes(hotline.join("c1"), Decided)
    assert [(c.agent, c.verdict) for c in decided.candidates] == [
        ("2", "chosen"),
        ("4", "next"),
        ("5", "higher_penalty"),
        ("1", "paused"),
        ("3", "busy"),
        ("6", "logged_out"),
    ]
    assert (decided.rule, decided.trigger, decided.members) == ("linear", "caller joined", 6)
    assert decided.candidates[0].key == "position 2"


def test_a_decision_tells_who_missed_the_caller_before():
    """Missed-offer memory shows in the trace, and how many callers ahead could not take the agent."""
    hotline = given(agent("1"), retry_s=60.0)
    hotline.join("c1")
    hotline.miss("c1", "1")
    hotline.join("c2")
    decided = notes(hotline.said, Decided)[-1]
    assert (decided.call_id, decided.ahead) == ("c2", 1)
    hotline.employ(agent("2"))
    (decided,) = notes(hotline.sign_in("2"), Decided)
    assert (decided.call_id, decided.trigger) == ("c1", "agent 2 free")
    hotline = given(agent("1"), agent("2"))
    hotline.join("c1")
    decided = notes(hotline.miss("c1", "1"), Decided)[-1]
    assert [(c.agent, c.verdict) for c in decided.candidates] == [
        ("2", "chosen"),
        ("1", "missed_this_caller"),
    ]


def test_a_decision_tells_the_strategys_key():
    """What the strategy compares is told in words."""
    keys = {}
    for strategy in (Strategy.FEWESTCALLS, Strategy.LEASTRECENT, Strategy.MOSTRECENT):
        hotline = given(agent("1"), strategy=strategy)
        hotline.join("c1")
        first = notes(hotline.said, Decided)[-1].candidates[0].key
        hotline.serve("c1", "1")
        hotline.pass_time(12.4)
        hotline.join("c2")
        keys[strategy] = (first, notes(hotline.said, Decided)[-1].candidates[0].key)
    assert keys == {
        Strategy.FEWESTCALLS: ("0 calls", "1 calls"),
        Strategy.LEASTRECENT: ("never called", "idle 12.4 s"),
        Strategy.MOSTRECENT: ("never called", "idle 12.4 s"),
    }


def test_a_decision_tells_at_most_twenty():
    """A big queue's trace stays small, and says how many members there are."""
    hotline = given(*(agent(str(n)) for n in range(1, 41)), strategy=Strategy.RRMEMORY)
    (decided,) = notes(hotline.join("c1"), Decided)
    assert (len(decided.candidates), decided.members) == (20, 40)
    (decided,) = notes(hotline.join("c2"), Decided)
    assert (decided.rule, decided.candidates[1].agent) == ("rrmemory after position 1", "3")
