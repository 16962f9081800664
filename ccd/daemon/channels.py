"""What is done over AMI to a caller's channel while no AGI session of ours holds it."""

from collections.abc import Callable

import structlog

from ccd.ami.client import AmiClient
from ccd.calls.background import Background
from ccd.calls.book import LiveCall
from ccd.errors import AmiActionError, AmiDownError, AmiUnknownOutcomeError
from ccd.model import LOOP_CONTEXT

log = structlog.get_logger(__name__)


class Channels:
    """Callers' channels; nobody waits for what is done, and what fails is in the log."""

    def __init__(self, ami: AmiClient, epoch: Callable[[float], float], background: Background) -> None:
        self._ami = ami
        self._epoch = epoch
        self._background = background

    def interrupt(self, call: LiveCall) -> None:
        """Take a caller out of `Dial`; their dialplan asks again what is next."""
        self._background.spawn(self._redirect(call))

    def keep_state(self, call: LiveCall) -> None:
        """Write what is known of a call on its channel."""
        self._background.spawn(self._write_state(call))

    async def _redirect(self, call: LiveCall) -> None:
        try:
            await self._ami.redirect(call.channel_name, LOOP_CONTEXT, "withdrawn", 1)
        except (AmiActionError, AmiDownError, AmiUnknownOutcomeError) as problem:
            log.info("caller not taken out of Dial", call=call.call_id, reason=str(problem))

    async def _write_state(self, call: LiveCall) -> None:
        try:
            await self._ami.setvar("CCD_STATE", call.token(self._epoch).encode(), call.channel_name)
        except (AmiActionError, AmiDownError, AmiUnknownOutcomeError) as problem:
            log.info("state not written on a channel", call=call.call_id, reason=str(problem))
