"""后处理: the time after a talk, ended or extended by a code, and what came of the talk said by a digit."""

from ccd.calls.feature_codes.desk import Desk
from ccd.calls.feature_codes.words import duration
from ccd.config.wrapping import Disposition

TRIES = 3


async def done(desk: Desk) -> None:
    """End the wrap-up early; a disposition that is owed is asked for first."""
    if desk.view().wrap_up_until_at is None:
        await desk.talk.say("agent-no-wrap-up")
    elif not desk.view().owes_disposition or await ask_disposition(desk):
        desk.roster.ready(desk.agent())
        await desk.talk.say("agent-ready", *desk.waiting())


async def more(desk: Desk) -> None:
    """Extend the wrap-up, and say how long it lasts now."""
    view, talk = desk.view(), desk.talk
    if view.wrap_up_until_at is None:
        await talk.say("agent-no-wrap-up")
        return
    if view.owes_disposition:
        await talk.say("agent-disposition-owed")
        return
    if view.can_extend:
        desk.roster.wrap_up_more(view.profile.number)
        view = desk.view()
    else:
        await talk.say("agent-wrap-up-longest")
    left_s = (view.wrap_up_until_at or 0.0) - desk.house.clock.now()
    await talk.say("standing-wrap-up", *duration(left_s, talk.language))


async def dispose(desk: Desk) -> None:
    """Take the disposition of the talk that the agent is in, else of their last one."""
    if _codes(desk) is None:
        await desk.talk.say("agent-no-disposition")
    elif await ask_disposition(desk) and desk.view().wrap_up_until_at is None:
        await desk.talk.say("agent-ready", *desk.waiting())


async def ask_disposition(desk: Desk) -> bool:
    """Ask for the digit of a disposition, unless it was dialled with the code; give whether one came."""
    disposition, talk = _codes(desk), desk.talk
    codes = {} if disposition is None else disposition.codes
    for _ in range(TRIES):
        digit = await talk.ask("agent-disposition", length=1)
        if digit in codes:
            code = codes[digit].code
            desk.roster.dispose(desk.agent(), code, [each.code for each in codes.values()])
            await talk.say("agent-disposition-taken", f"disposition/{code}")
            return True
        await talk.say("invalid-choice")
    return False


def _codes(desk: Desk) -> Disposition | None:
    """Give what may be said of the talk; None: nothing is asked of its queue's talks, or there was none."""
    queue = desk.house.config.queues.get(desk.roster.disposition_queue(desk.agent()) or "")
    return None if queue is None else queue.disposition
