"""A caller in a mailbox, as the session that holds them sees it: record, listen, keep or throw away.

Where the caller is stands on their channel before the tone (`CCD_STATE`), and whose message it is beside the
sound. Asterisk goes on recording whatever becomes of us. So after a kill the caller is asked about the very
message that they were speaking; and a message whose caller hung up meanwhile is found in the tray.
"""

from dataclasses import replace
from pathlib import PurePosixPath

from ccd.agi.session import Session
from ccd.calls.book import LiveCall
from ccd.calls.carried import Visit
from ccd.calls.house import House
from ccd.config.voicemail import Mailbox
from ccd.errors import AgiCommandError, AgiRecordingCutError
from ccd.history import VoicemailEnded, VoicemailOffered
from ccd.model import Sound
from ccd.voicemail.mailroom import Found
from ccd.voicemail.paths import incoming, message_id
from ccd.voicemail.tray import Note

TONE_S = 0.5
"""How long Asterisk's tone is, about: what the clock says of a message includes it."""


class MailboxVisit:
    """One session's part of a visit; satisfies `ccd.ivr.ports.Tape`."""

    def __init__(self, house: House, call: LiveCall, session: Session) -> None:
        self._house = house
        self._call = call
        self._session = session

    def begin(self, mailbox: str) -> None:
        """Enter the mailbox, unless the caller is in it already: a process before us brought them there."""
        call, now = self._call, self._house.clock.now()
        if call.visit is not None and call.visit.mailbox == mailbox:
            return
        if call.visit is not None:  # sent elsewhere in the middle of it: what was said there stays there
            leave(self._house, call, now)
        call.message_s = None
        call.visit = Visit(mailbox=mailbox, second=int(now - call.started_at), began=now)
        note_visit(self._house, call, call.visit)

    async def found(self) -> Found:
        """Look for what a process before us recorded of this visit."""
        visit = self._visit
        if visit.speaking is None:
            return Found()
        found = await self._house.mailroom.found(_note(self._house, self._call, visit))
        self._call.message_s = found.length_s
        return found

    async def record(self, box: Mailbox) -> float | None:
        """Give a tone and record; give the seconds, or None when nothing can be recorded."""
        house, call = self._house, self._call
        call.message_s = None
        visit = call.visit = replace(self._visit, speaking=house.clock.now())
        if not await house.mailroom.begin(_note(house, call, visit)):
            return None
        await self._session.set_variables(call.state(house.epoch))
        try:
            taken = await self._session.record_file(self._path(), max_s=box.max_s, silence_s=box.silence_s)
        except AgiRecordingCutError as cut:
            call.message_s = cut.length_s
            raise
        except AgiCommandError as problem:
            house.mailroom.cannot_record(_id(call, visit), str(problem))
            return None
        call.message_s = taken.length_s
        return taken.length_s

    def sound(self) -> Sound:
        """Give what was recorded, to be played."""
        return Sound(path=self._path(), length_s=self._call.message_s)

    async def discard(self) -> None:
        """Throw away what was recorded."""
        self._call.message_s = 0.0
        await self._house.mailroom.discard(_id(self._call, self._visit))

    def end(self, result: str) -> None:
        """Write down how the visit ended; a message that is kept is stored."""
        _end(self._house, self._call, self._visit, result, self._house.clock.now())

    @property
    def _visit(self) -> Visit:
        visit = self._call.visit
        assert visit is not None  # noqa: S101 - `begin` made it, and only `end` takes it away
        return visit

    def _path(self) -> str:
        """Give the sound as Asterisk sees it, without ending."""
        recording = self._house.config.recording
        root = PurePosixPath(recording.asterisk_directory or recording.directory)
        return str(root / incoming(_id(self._call, self._visit)))


def note_visit(house: House, call: LiveCall, visit: Visit) -> None:
    """Write that the caller was led to a mailbox."""
    entry = VoicemailOffered(
        call_id=call.call_id, at=visit.began, mailbox=visit.mailbox, message=_id(call, visit)
    )
    house.scribe.note(entry)


def leave(house: House, call: LiveCall, at: float) -> None:
    """Keep what a caller said who left a mailbox without a word about it, if it is long enough.

    A farewell (see `House`): whoever hangs up has left what they said.
    """
    visit = call.visit
    if visit is None:
        return
    if (
        call.message_s is None and visit.speaking is not None
    ):  # nobody told us: AMI was first, or we were away
        call.message_s = max(0.0, at - visit.speaking - TONE_S)
    box = house.config.voicemail.mailboxes.get(visit.mailbox)
    enough = (call.message_s or 0.0) >= max(box.min_s if box else 0.0, 0.001)
    _end(house, call, visit, "kept" if enough else "empty", at)


def _end(house: House, call: LiveCall, visit: Visit, result: str, at: float) -> None:
    message, length_s = _id(call, visit), call.message_s or 0.0
    call.visit = call.message_s = None
    house.scribe.note(
        VoicemailEnded(
            call_id=call.call_id,
            at=at,
            mailbox=visit.mailbox,
            message=message,
            result=result,
            length_s=length_s if result == "kept" else 0.0,
        )
    )
    house.mailroom.submit(message)  # it clears away what is too short, too


def _id(call: LiveCall, visit: Visit) -> str:
    return message_id(call.call_id, visit.second)


def _note(house: House, call: LiveCall, visit: Visit) -> Note:
    box = house.config.voicemail.mailboxes.get(visit.mailbox)
    caller = call.caller
    return Note(
        id=_id(call, visit),
        call_id=call.call_id,
        mailbox=visit.mailbox,
        number=caller.number,
        name=call.caller_name,
        queue=caller.queue,
        language=caller.language,
        at=house.clock.wall(visit.began),
        min_s=box.min_s if box else 0.0,
    )
