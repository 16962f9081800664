"""Keys that callers press while they wait: a message instead, a call back, another node of the flow.

A waiting caller's AGI session is idle, and while phones ring there is none: so the keys are heard by AMI
(`DTMFEnd`), which tells of them whatever the channel does, and costs nothing while nobody presses any.
"""

from ccd.calls.book import LiveCall
from ccd.calls.house import House
from ccd.events import CallerLeft, KeyPressed
from ccd.model import QueueOutcome

LATE_KEY_S = 0.3
"""So late AMI may tell of the key that led to the queue: it is no choice made while waiting."""


def count_from_now(house: House, call: LiveCall) -> None:
    """Take the caller's keys for choices of the queue from now on, but for the one that led there."""
    call.keys_from = house.clock.now() + LATE_KEY_S


def pressed(house: House, event: KeyPressed) -> None:
    """End the stay of a caller who chose something else; the engine knows whether an agent was faster.

    A customer who is called back stands in line all the while, but until they are reached their keys are
    answers to us: that they are no machine.
    """
    call = house.book.of_channel(event.channel)
    if call is None or call.queue is None or house.clock.now() < call.keys_from:
        return
    if call.callback is not None and not call.callback.reached:
        return
    if event.key in house.design.choices(call.place):
        house.dispatcher.feed(CallerLeft(call_id=call.call_id, outcome=QueueOutcome.KEY, key=event.key))
