"""Leaving a flow for a queue or a dial, and coming back to it."""

import pytest

from ccd.config.flows import Dial, Queue
from ccd.ivr.book import Straight
from ccd.ivr.ports import Ended, Place
from ccd.model import QueueOutcome
from tests.unit.ivr.fakes import HOTLINE, Call


async def test_a_queue_is_handed_its_node_and_the_flow_is_left_first():
    """The host sees queue and priority; the IVR's part of the history is over before the queue's begins."""
    call = Call(nodes=HOTLINE, keys="1")
    await call.walk()
    assert call.host.handed == [(Place("main", "sales"), Queue(queue="sales", priority=5))]
    assert call.host.kinds()[-1] == "FlowLeft"


@pytest.mark.parametrize(
    ("how", "edge"),
    [
        *(("ANSWER", "answered"), ("BUSY", "busy"), ("NOANSWER", "no_answer"), ("TIMEOUT", "no_answer")),
        *(("CHANUNAVAIL", "failed"), ("CONGESTION", "failed"), ("", "failed"), ("NEW_IN_24", "failed")),
        *(("busy", "busy"), ("no_answer", "no_answer")),
    ],
)
async def test_a_dial_goes_on_by_its_dialstatus(how, edge):
    """Asterisk's words and our own lead to the same branches; unknown ones to failed."""
    edges = ("answered", "busy", "no_answer", "failed")
    nodes = {"out": {"dial": "1001", **{f"on_{name}": name for name in edges}}}
    call = Call(nodes=nodes | {name: {"hangup": None} for name in edges}, place="main:out", resume=how)
    assert await call.walk() is Ended.HUNG_UP
    assert call.host.path() == f"{edge}=hangup"


@pytest.mark.parametrize("outcome", ["answered", "timed_out", "full", "empty", "failed"])
@pytest.mark.parametrize("returns", [True, False])
async def test_a_queue_goes_on_by_its_outcome(outcome, returns):
    """Whether the queue answers at once or the call comes back later, the branch is the same."""
    nodes = {"wait": {"queue": "sales", f"on_{outcome}": "next"}, "next": {"play": "welcome"}}
    how = {"outcome": QueueOutcome(outcome)} if returns else {"place": "main:wait", "resume": outcome}
    call = Call(nodes=nodes, **how)
    assert await call.walk() is Ended.FINISHED
    assert call.host.path() == ("wait=queue next=done" if returns else "next=done")


@pytest.mark.parametrize(("key", "leads"), [("1", "own"), ("2", "far"), ("3", "own")])
@pytest.mark.parametrize("returns", [True, False])
async def test_a_queue_goes_on_by_the_key_that_was_pressed(key, leads, returns):
    """The node's own choices go before those of the queue, at once and when phones rang."""
    nodes = {
        "wait": {"queue": "sales", "choices": {"1": "own", "3": "own"}},
        "own": {"play": "welcome"},
        "far": {"play": "goodbye"},
    }
    choices = {"sales": {"1": "main:far", "2": "main:far"}, "support": {"3": "main:far"}}
    how = {"outcome": key} if returns else {"place": "main:wait", "resume": key}
    call = Call(nodes=nodes, choices=choices, **how)
    assert await call.walk() is Ended.FINISHED
    assert call.host.path().endswith(f"{leads}=done")


async def test_a_key_chosen_in_a_number_that_goes_straight_to_a_queue():
    """The queue's own choices lead into a flow."""
    place = str(Straight.QUEUE.place("sales"))
    call = Call(
        nodes={"a": {"play": "welcome"}}, choices={"sales": {"1": "main:a"}}, place=place, outcome="1"
    )
    await call.walk()
    assert call.host.path() == "a=done"


@pytest.mark.parametrize(
    ("node", "how", "heard"),
    [
        ({"queue": "sales"}, "timed_out", "all-busy"),
        ({"queue": "sales"}, "full", "all-busy"),
        ({"queue": "sales"}, "empty", "nobody-available"),
        ({"queue": "sales"}, "failed", "call-failed"),
        ({"queue": "sales"}, "key", "call-failed"),
        ({"dial": "1001"}, "BUSY", "number-busy"),
        ({"dial": "1001"}, "NOANSWER", "no-answer"),
        ({"dial": "1001"}, "CONGESTION", "call-failed"),
    ],
)
async def test_nobody_is_dropped_without_a_word(node, how, heard):
    """Where the flow has no branch, the caller hears why before the call ends."""
    call = Call(nodes={"x": node}, place="main:x", resume=how)
    assert await call.walk() is Ended.FINISHED
    assert call.voice.heard == [f"en/{heard}"]


@pytest.mark.parametrize(("node", "how"), [({"dial": "1001"}, "ANSWER"), ({"queue": "support"}, "answered")])
async def test_a_talk_that_is_over_ends_the_call(node, how):
    """Nothing is said after a talk when there is neither branch nor survey."""
    call = Call(nodes={"x": node}, place="main:x", resume=how)
    assert await call.walk() is Ended.FINISHED
    assert (call.voice.heard, call.host.entries) == ([], [])


@pytest.mark.parametrize("how", ["abandoned", "transferred"])
async def test_a_caller_who_left_the_queue_hears_nothing(how):
    """Who hung up or was transferred is not talked to."""
    call = Call(nodes={"x": {"queue": "sales"}}, place="main:x", resume=how)
    assert await call.walk() is Ended.FINISHED
    assert call.voice.heard == []


async def test_a_number_may_go_straight_to_a_queue():
    """The implicit flow waits in the queue and asks the survey; the history shows no IVR."""
    place = Straight.QUEUE.place("sales")
    assert Straight.QUEUE.flow("sales").nodes[place.node] == Queue(queue="sales")
    call = Call(nodes=HOTLINE, place=str(place))
    assert await call.walk() is Ended.HANDED_OFF
    assert (call.host.handed, call.host.entries) == ([(place, Queue(queue="sales"))], [])
    back = Call(nodes=HOTLINE, place=str(place), resume="answered", keys=".3")
    assert await back.walk() is Ended.FINISHED
    assert back.host.kinds() == ["SurveyOffered", "SurveyEnded"]


async def test_a_dial_is_handed_its_node():
    """The host learns what to dial and for how long."""
    call = Call(nodes={"out": {"dial": "01012345678", "outside": True, "timeout_s": 25}})
    assert await call.walk() is Ended.HANDED_OFF
    assert call.host.handed == [(Place("main", "out"), Dial(dial="01012345678", outside=True, timeout_s=25))]


@pytest.mark.parametrize(
    ("place", "resume", "ended", "path"),
    [
        ("main:gone", None, Ended.HANDED_OFF, "welcome=done menu=1 sales=queue"),
        ("main:gone", "timed_out", Ended.HANDED_OFF, "welcome=done menu=1 sales=queue"),
        ("main:gone", "answered", Ended.FINISHED, ""),
        ("gone:menu", None, Ended.FINISHED, ""),
        ("main:menu", "BUSY", Ended.HANDED_OFF, "menu=1 sales=queue"),
    ],
)
async def test_a_place_that_a_reload_took_away_strands_nobody(place, resume, ended, path):
    """The flow begins anew, unless the caller was served already; another kind of node is simply done."""
    call = Call(nodes=HOTLINE, keys="1", place=place, resume=resume)
    assert await call.walk() is ended
    assert call.host.path() == path


def test_places_travel_as_text():
    """`flow:node` there and back; anything else is refused."""
    for place in (Place("main", "menu"), Straight.QUEUE.place("sales")):
        assert Place.parse(str(place)) == place
    for text in ("", "main", ":menu", "main:"):
        with pytest.raises(ValueError, match="flow:node"):
            Place.parse(text)
