"""Keys of a talk that need ccd: `agi://…/key,WHICH,EXTENSION` on the leg of the agent who pressed one.

The caller hears nothing of it; what is said is said to the agent alone.
"""

import structlog

from ccd.agi.session import Session
from ccd.calls.feature_codes.talk import Talk
from ccd.calls.house import House
from ccd.calls.recordings import Recordings
from ccd.calls.roster import Roster
from ccd.errors import AgiHangupError, CcdError, RefusedError
from ccd.model import CallId

log = structlog.get_logger(__name__)


class TalkKey:
    """Answers `agi://…/key` for every agent."""

    def __init__(self, house: House, roster: Roster, recordings: Recordings) -> None:
        self._house = house
        self._roster = roster
        self._recordings = recordings

    async def __call__(self, session: Session) -> None:
        """Carry out one key, and say to the agent what came of it."""
        key, extension = (*session.request.args, "", "")[:2]
        talk = Talk(self._house, session)
        try:
            await talk.say(await self._carry_out(key, extension))
        except AgiHangupError:
            return
        except CcdError as problem:
            log.info("key of a talk refused", key=key, extension=extension, reason=str(problem))
            await talk.say("recording-refused")

    async def _carry_out(self, key: str, extension: str) -> str:
        """Do it; give the prompt that tells so."""
        call_id = self._call_of(extension)
        match key:
            case "pause_recording":
                await self._recordings.pause(call_id)
                return "recording-paused"
            case "record":
                await self._recordings.resume(call_id)
                return "recording-on"
            case _:
                raise RefusedError("no such key: {key!r}", reason="no_such_key", key=key)

    def _call_of(self, extension: str) -> CallId:
        view = self._roster.find(self._roster.on_phone(extension))
        if view.call_id is None:
            raise RefusedError(
                "agent {agent} talks with no caller", reason="no_caller", agent=view.profile.number
            )
        return view.call_id
