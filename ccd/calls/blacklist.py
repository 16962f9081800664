"""Callers who are refused before any flow begins: a few words or a busy tone, and the end."""

import asyncio
import contextlib

import structlog

from ccd.agi.session import Session
from ccd.calls.book import LiveCall
from ccd.calls.house import House
from ccd.calls.voice import SessionVoice
from ccd.errors import AgiCommandError
from ccd.history import FlowEntered, FlowLeft, NodeVisited

log = structlog.get_logger(__name__)

FLOW = "blacklist"
"""As which the refusal stands in the call's record."""


def is_refused(house: House, call: LiveCall) -> bool:
    """Whether a new caller is on the blacklist, and called a number that obeys it."""
    name, number = house.config.blacklist.list, house.config.numbers.get(call.caller.called)
    if name is None or (number is not None and not number.blacklist):
        return False
    return house.listed(name, call.caller.number)


async def refuse(house: House, call: LiveCall, session: Session) -> None:
    """Say what is to be said; the caller hangs up when they like."""
    log.info("caller refused", call=call.call_id, number=call.caller.number)
    blacklist, now = house.config.blacklist, house.clock.now
    house.scribe.note(FlowEntered(call_id=call.call_id, at=now(), flow=FLOW))
    try:
        if blacklist.prompt is not None:
            sounds = house.design.catalogue.sounds(blacklist.prompt, call.caller.language)
            await SessionVoice(session).play(sounds)
        if blacklist.busy_s:
            await _busy_tone(session, blacklist.busy_s)
    finally:
        house.scribe.note(
            NodeVisited(call_id=call.call_id, at=now(), flow=FLOW, node="refuse", result="hangup")
        )
        house.scribe.note(FlowLeft(call_id=call.call_id, at=now(), flow=FLOW))


async def _busy_tone(session: Session, seconds: float) -> None:
    with contextlib.suppress(AgiCommandError):  # an Asterisk without the application hangs up at once
        await session.exec_("PlayTones", "busy")
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await session.hung_up.wait()
