"""回拨: the agent's last caller is dialled, like any number that their phone dials: by the same policy."""

import re

import structlog

from ccd.calls.feature_codes.desk import Desk
from ccd.errors import StorageError
from ccd.ivr import say

log = structlog.get_logger(__name__)

_NUMBER = re.compile(r"\+?[0-9]{2,32}", re.ASCII)


async def last_caller(desk: Desk) -> None:
    """Say the number of the agent's last caller, and let the dialplan dial it."""
    talk = desk.talk
    try:
        number = await desk.last_caller(desk.agent())
    except StorageError as problem:
        log.warning("last caller not looked up", extension=desk.extension, reason=str(problem))
        await talk.say("agent-failed")
        return
    if number is None or not _NUMBER.fullmatch(number):
        await talk.say("agent-no-last-caller")
        return
    await talk.say("agent-calling-back", *say.digits(number, talk.language))
    await talk.leave_for(number)
