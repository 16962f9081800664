"""Keys that callers press while they wait: a message instead, a call back, another node of the flow.

A waiting caller's AGI session is idle, and while phones ring there is none: so the keys are heard by AMI
(`DTMFEnd`), which tells of them whatever the channel does, and costs nothing while nobody presses any.
"""

from ccd.calls.house import House
from ccd.events import CallerLeft, KeyPressed
from ccd.model import QueueOutcome


def pressed(house: House, event: KeyPressed) -> None:
    """End the stay of a caller who chose something else; the engine knows whether an agent was faster."""
    call = house.book.of_channel(event.channel)
    if call is None or call.queue is None or house.clock.now() < call.keys_from:
        return
    if event.key in house.design.choices(call.place):
        house.dispatcher.feed(CallerLeft(call_id=call.call_id, outcome=QueueOutcome.KEY, key=event.key))
