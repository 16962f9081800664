"""签入, 签出, 示忙/小休, 示闲: each says what it did, and how many callers wait where that matters."""

import structlog

from ccd.calls.feature_codes import wrapping
from ccd.calls.feature_codes.desk import Desk
from ccd.calls.roster import BreakUsedUpError, InTalkError
from ccd.model import AgentNumber
from ccd.storage.accounts import PinCheck

log = structlog.get_logger(__name__)

TRIES = 3


async def sign_in(desk: Desk) -> None:
    """Ask for number and PIN, and sign in."""
    number = await identify(desk)
    if number is not None:
        await _seat(desk, number)


async def identify(desk: Desk) -> AgentNumber | None:
    """Ask for number and PIN; digits right after the code are the number. None: they are nobody's."""
    talk = desk.talk
    for _ in range(TRIES):
        number = await talk.ask("agent-enter-number")
        pin = await talk.ask("agent-enter-pin")
        match await desk.roster.check_pin(number, pin):
            case PinCheck.OK:
                return AgentNumber(number)
            case PinCheck.LOCKED:
                await talk.say("agent-locked")
                return None
            case PinCheck.WRONG:
                await talk.say("agent-wrong-pin")
    log.warning("wrong number or PIN", extension=desk.extension, tries=TRIES)
    return None


async def _seat(desk: Desk, number: AgentNumber) -> None:
    """Sign in here, and say what else follows: a former phone left, a former agent signed out."""
    try:
        seating = desk.roster.seat(number, desk.extension, dialled=True)
    except InTalkError as problem:
        log.info("sign-in refused", extension=desk.extension, reason=str(problem))
        await desk.talk.say("agent-in-talk")
        return
    said = ["agent-signed-in"]
    if seating.left is not None:
        said.append("agent-moved")
    if seating.replaced is not None:
        said.append("agent-replaced")
    await desk.talk.say(*said, *desk.waiting())


async def sign_out(desk: Desk) -> None:
    """Sign out."""
    desk.roster.sign_out(desk.agent())
    await desk.talk.say("agent-signed-out")


async def pause(desk: Desk) -> None:
    """Begin a break; a digit right after the code is its reason, else it is asked for.

    No digit is a break without a reason; a wrong one is asked for again.
    """
    reasons, talk, agent = desk.house.config.break_reasons, desk.talk, desk.agent()
    for _ in range(TRIES):
        digit = await talk.ask("agent-pause-reason", length=1) if reasons else ""
        if digit and digit not in reasons:
            await talk.say("invalid-choice")
            continue
        code = reasons[digit].code if digit else ""
        try:
            desk.roster.pause(agent, code)
        except BreakUsedUpError as problem:
            log.info("break refused", extension=desk.extension, reason=str(problem))
            await talk.say("agent-break-used-up")
            return
        await talk.say("agent-paused", *([f"break/{code}"] if code else []))
        return


async def ready(desk: Desk) -> None:
    """End the break, or the wrap-up; a disposition that is owed is asked for first."""
    if desk.view().owes_disposition and not await wrapping.ask_disposition(desk):
        return
    desk.roster.ready(desk.agent())
    await desk.talk.say("agent-ready", *desk.waiting())
