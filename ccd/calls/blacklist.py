"""Callers who are refused before any flow begins: before the call is answered, where the dialplan asks so."""

import asyncio
import contextlib

import structlog

from ccd.agi.session import Session
from ccd.calls.book import LiveCall
from ccd.calls.house import House
from ccd.calls.voice import SessionVoice
from ccd.errors import AgiCommandError
from ccd.history import FlowEntered, FlowLeft, NodeVisited
from ccd.model import Side

log = structlog.get_logger(__name__)

FLOW = "blacklist"
"""As which the refusal stands in the call's record."""
_CAUSES = {"busy": "17", "congestion": "34", "rejected": "21"}
"""Hangup causes (ITU-T Q.850) by `blacklist.signal`; SIP says 486, 503, 403."""


def is_refused(house: House, call: LiveCall) -> bool:
    """Whether a new caller is on the blacklist, and called a number that obeys it."""
    name, number = house.config.blacklist.list, house.config.numbers.get(call.caller.called)
    if name is None or (number is not None and not number.blacklist):
        return False
    return house.listed(name, call.caller.number)


async def refuse(house: House, call: LiveCall, session: Session, *, unanswered: bool) -> None:
    """Let the caller hear what is to be heard, which may be nothing, and have the dialplan end the call.

    A dialplan that was rendered before there was a blacklist has answered already: it hangs up.
    """
    log.info("caller refused", call=call.call_id, number=call.caller.number)
    now = house.clock.now
    house.scribe.note(FlowEntered(call_id=call.call_id, at=now(), flow=FLOW))
    try:
        await _tell(house, call, session, unanswered=unanswered)
    finally:
        house.scribe.note(
            NodeVisited(call_id=call.call_id, at=now(), flow=FLOW, node="refuse", result="hangup")
        )
        house.scribe.note(FlowLeft(call_id=call.call_id, at=now(), flow=FLOW))
    call.ends_by = Side.SYSTEM
    refusal = {"CCD_CAUSE": _CAUSES[house.config.blacklist.signal], "CCD_NEXT": "refuse"}
    await session.set_variables(refusal if unanswered else {"CCD_NEXT": "hangup"})


async def _tell(house: House, call: LiveCall, session: Session, *, unanswered: bool) -> None:
    """Play the prompt and the tone: as early media, unless the call is answered."""
    blacklist = house.config.blacklist
    if blacklist.prompt is None and not blacklist.busy_s:
        return
    if unanswered:
        await (let_in(session) if blacklist.answer else session.exec_("Progress"))
    if blacklist.prompt is not None:
        sounds = house.design.catalogue.sounds(blacklist.prompt, call.caller.language)
        await SessionVoice(session).play(sounds)
    if blacklist.busy_s:
        await _busy_tone(session, blacklist.busy_s)


async def let_in(session: Session) -> None:
    """Answer a call that the dialplan has not answered, without waiting for the caller's first sound."""
    await session.exec_("Answer", "", "i")


async def _busy_tone(session: Session, seconds: float) -> None:
    with contextlib.suppress(AgiCommandError):  # an Asterisk without the application hangs up at once
        await session.exec_("PlayTones", "busy")
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await session.hung_up.wait()
