"""The phones' feature codes: `agi://…/feature,CODE,EXTENSION,DIGITS`.

EXTENSION is the registered endpoint, never the caller id, which authenticates nobody; DIGITS is what was
dialled right after the code. What a code did, or why it did nothing, is said to the agent in words.
"""

from collections.abc import Awaitable, Callable, Mapping

import structlog

from ccd.agi.session import Session
from ccd.calls.feature_codes import calling_back, picking, signing, standing, voicemail, wrapping
from ccd.calls.feature_codes.desk import Desk, LastCaller
from ccd.calls.feature_codes.talk import Talk
from ccd.calls.house import House
from ccd.calls.messages import Messages
from ccd.calls.roster import Roster
from ccd.errors import AgiHangupError, CcdError, NotFoundError, RefusedError
from ccd.model import Extension

log = structlog.get_logger(__name__)

CODES: Mapping[str, Callable[[Desk], Awaitable[None]]] = {
    "sign_in": signing.sign_in,
    "sign_out": signing.sign_out,
    "pause": signing.pause,
    "ready": signing.ready,
    "wrap_up_done": wrapping.done,
    "standing": standing.tell,
    "voicemail": voicemail.listen,
    "pickup": picking.pick_up,
    "last_caller": calling_back.last_caller,
    "wrap_up_more": wrapping.more,
    "disposition": wrapping.dispose,
}
"""What is done for each key of `feature_codes`."""


class FeatureCode:
    """Answers `agi://…/feature` for every phone."""

    def __init__(self, house: House, roster: Roster, messages: Messages, last_caller: LastCaller) -> None:
        self._house = house
        self._roster = roster
        self._messages = messages
        self._last_caller = last_caller

    async def __call__(self, session: Session) -> None:
        """Carry out one code; what went wrong is said to the agent, in words."""
        code, extension, given = (*session.request.args, "", "", "")[:3]
        talk = Talk(self._house, session, given)
        desk = Desk(
            house=self._house,
            roster=self._roster,
            extension=Extension(extension),
            talk=talk,
            messages=self._messages,
            last_caller=self._last_caller,
        )
        try:
            await session.answer()
            await self._carry_out(code, desk)
        except AgiHangupError:
            return
        except NotFoundError as problem:
            log.info("feature code refused", code=code, extension=extension, reason=str(problem))
            await talk.say("agent-not-signed-in")
        except RefusedError as problem:
            log.info("feature code refused", code=code, extension=extension, reason=str(problem))
            await talk.say("not-allowed")
        except CcdError as problem:
            log.warning("feature code failed", code=code, extension=extension, reason=str(problem))
            await talk.say("agent-failed")

    async def _carry_out(self, code: str, desk: Desk) -> None:
        carry_out = CODES.get(code)
        if carry_out is None:
            raise RefusedError(
                "no such feature code: {code!r}: render the dialplan again", reason="no_such_code", code=code
            )
        await carry_out(desk)
