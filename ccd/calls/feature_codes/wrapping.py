"""后处理: the time after a talk, ended by a code."""

from ccd.calls.feature_codes.desk import Desk


async def done(desk: Desk) -> None:
    """End the wrap-up early."""
    if desk.view().wrap_up_until_at is None:
        await desk.talk.say("agent-no-wrap-up")
        return
    desk.roster.wrap_up_done(desk.agent())
    await desk.talk.say("agent-ready", *desk.waiting())
