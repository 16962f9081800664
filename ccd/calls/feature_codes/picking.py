"""代接: an agent takes a call that rings at a colleague's phone.

Asterisk moves the agent's own channel into the colleague's place (`PickupChan`): the dialplan does so when
this session is over, and AMI then tells that this phone answered the caller.
"""

from ccd.calls.feature_codes.desk import Desk
from ccd.errors import RefusedError
from ccd.model import Extension


async def pick_up(desk: Desk) -> None:
    """Take the call of the agent's queues that has rung longest, or the one at the extension dialled."""
    engine = desk.house.dispatcher.engine
    view = desk.view()
    if view.talking:
        raise RefusedError("an agent in a talk cannot take another call", reason="busy_picking")
    wanted = desk.talk.given.strip("#*")
    leg = engine.ringing_for(view.profile.number, Extension(wanted) if wanted else None)
    if leg is None:
        await desk.talk.say("pickup-nothing")
    else:
        await desk.talk.pick_up(leg)
