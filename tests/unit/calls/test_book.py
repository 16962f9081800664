"""The calls under way and the messages for their sessions."""

import asyncio

from ccd.calls.book import CallBook, LiveCall
from ccd.calls.carried import LastStay
from ccd.commands import Announce, Comfort, EndWait, OfferCall
from ccd.history import TalkEnded, TalkStarted
from ccd.ivr.ports import Caller
from ccd.model import AgentNumber, CallId, ChannelId, Device, OfferId, QueueName, QueueOutcome, Side
from tests.support import until

ANNOUNCE = Announce(call_id=CallId("c1"), queue=QueueName("sales"), position=2)
OFFER = OfferCall(
    call_id=CallId("c1"),
    offer_id=OfferId("o1"),
    queue=QueueName("sales"),
    agents=(AgentNumber("1001"),),
    devices=(Device("PJSIP/1001"),),
    ring_s=20,
)


def given_call(name: str = "c1") -> LiveCall:
    """Make a call."""
    caller = Caller(call_id=CallId(name), number="138", called="4000", language="en")
    return LiveCall(
        caller=caller, channel=ChannelId(name), channel_name=f"PJSIP/trunk-{name}", started_at=0, began_at=0
    )


def test_an_offer_goes_before_an_announcement():
    """A free agent is better news than a place in the line."""
    call = given_call()
    call.post(ANNOUNCE)
    call.post(OFFER)
    assert list(call.inbox) == [OFFER, ANNOUNCE]


def test_announcements_do_not_pile_up():
    """A caller who hears one already is not told the next ones behind it."""
    call = given_call()
    call.post(ANNOUNCE)
    call.post(ANNOUNCE)
    call.post(EndWait(call_id=CallId("c1"), outcome=QueueOutcome.TIMED_OUT))
    assert len(call.inbox) == 2


async def test_a_waiting_session_is_woken_by_a_message():
    """Nothing polls: the message itself ends the wait."""
    call, over = given_call(), asyncio.Event()
    waiting = asyncio.ensure_future(call.stirred(over))
    await asyncio.sleep(0)
    assert not waiting.done()
    call.post(OFFER)
    await asyncio.wait_for(waiting, 1)


async def test_a_waiting_session_is_woken_by_the_hang_up():
    """The end of the session ends the wait, without a message."""
    call, over = given_call(), asyncio.Event()
    waiting = asyncio.ensure_future(call.stirred(over))
    await asyncio.sleep(0)
    over.set()
    await asyncio.wait_for(waiting, 1)
    assert not call.inbox
    await until(lambda: len(asyncio.all_tasks()) == 1, what="nothing is left waiting")


async def test_the_end_of_one_wait_does_not_end_the_next():
    """An announcement begins right after the wait for it: nothing left of that wait may cut it short."""
    call, over = given_call(), asyncio.Event()
    asyncio.get_running_loop().call_soon(call.post, ANNOUNCE)
    await call.stirred(over)
    call.inbox.clear()
    waiting = asyncio.ensure_future(call.stirred(over))
    for _ in range(5):
        await asyncio.sleep(0)
    assert not waiting.done()
    over.set()
    await asyncio.wait_for(waiting, 1)


def test_a_call_is_found_by_its_channel_until_it_is_closed():
    """And not afterwards."""
    book, call = CallBook(), given_call()
    book.open(call)
    assert book.of_channel(ChannelId("c1")) is call
    assert len(book) == 1
    book.close(call)
    assert book.of_channel(ChannelId("c1")) is None
    assert len(book) == 0


def test_a_channel_that_is_gone_is_remembered_for_its_late_session():
    """AMI may tell of the end before the AGI session is taken up; memory of it is bounded."""
    book = CallBook()
    assert book.depart(ChannelId("c1")) is None
    assert book.has_departed(ChannelId("c1"))
    for number in range(5000):
        book.depart(ChannelId(f"later-{number}"))
    assert not book.has_departed(ChannelId("c1"))


def test_a_caller_who_was_served_counts_as_ended_by_the_agent():
    """And the survey is about the queue that served them."""
    call = given_call()
    call.queue = QueueName("sales")
    call.leave_queue()
    assert (call.queue, call.caller.queue, call.ends_by.value) == (None, "sales", "agent")


def test_a_stay_without_an_agent_is_remembered():
    """Whoever calls back, or takes a message, knows the queue and the caller's place in it."""
    call = given_call()
    call.queue, call.joined_at, call.priority = QueueName("sales"), 5.0, 3
    call.offer_id = OfferId("o1")
    call.post(EndWait(call_id=CallId("c1"), outcome=QueueOutcome.KEY, key="1"))
    assert (call.take_key(), call.take_key()) == ("1", "")
    assert call.last_stay == LastStay(queue=QueueName("sales"), joined_at=5.0, priority=3, needs={})
    assert (call.queue, call.joined_at, call.offer_id, call.caller.queue) == (None, None, None, "sales")


def test_a_talk_that_is_over_travels_with_the_caller():
    """On the channel it outlives our process; before its end there is nothing to tell."""
    book, call = CallBook(), given_call()
    book.open(call)
    talk = {"call_id": CallId("c1"), "queue": QueueName("sales"), "agent": AgentNumber("1001")}
    book.note(TalkStarted(at=30.0, leg=None, offer_id=OfferId("o1"), queue_wait_s=20.0, **talk))
    assert call.token(lambda at: at + 1000.0).served is None
    book.note(TalkEnded(at=50.0, by=Side.AGENT, **talk))
    served = call.token(lambda at: at + 1000.0).served
    assert (served.agent, served.joined, served.began, served.ended) == ("1001", 1010.0, 1030.0, 1050.0)
    other = given_call("c2")
    other.restore(call.token(lambda at: at + 1000.0), lambda epoch: epoch - 1000.0)
    assert other.served == call.served


def test_only_an_offer_that_is_open_is_kept_for_the_next_session():
    """What else was left for the session before is out of date."""
    call = given_call()
    call.offer_id = OFFER.offer_id
    for message in (ANNOUNCE, OFFER, EndWait(call_id=CallId("c1"), outcome=QueueOutcome.TIMED_OUT)):
        call.post(message)
    call.forget_messages()
    assert list(call.inbox) == [OFFER]
    call.offer_id = None
    call.forget_messages()
    assert not call.inbox


async def test_a_prompt_does_not_cut_another_one_short():
    """Words of comfort that fall due during an announcement come behind it; an offer comes at once."""
    call, over = given_call(), asyncio.Event()
    cut = asyncio.ensure_future(call.stirred(over, urgent=True))
    call.post(Comfort(call_id=CallId("c1"), queue=QueueName("sales")))
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    assert not cut.done()
    call.post(OFFER)
    await asyncio.wait_for(cut, 1)
    assert call.inbox[0] == OFFER


def test_a_session_that_comes_after_the_end_of_its_call_opens_no_second_one():
    """AMI may tell of a hangup while the dialplan is on its way to us; without a call it is still new."""
    book, call = CallBook(), given_call()
    book.open(call)
    assert not book.is_over(call.channel)
    book.depart(call.channel)
    assert not book.is_over(call.channel)
    book.close(call)
    assert book.is_over(call.channel)
    book.depart(ChannelId("c2"))
    assert not book.is_over(ChannelId("c2"))
