"""Which recordings exist: noted when a talk begins, finished when it is over, never waited for by a call."""

import structlog

from ccd.calls.house import House
from ccd.history import CallEnded, Entry, RecordingStarted, TalkEnded, TalkStarted
from ccd.model import CallId
from ccd.recording.recorder import Recorder

log = structlog.get_logger(__name__)


class Recordings:
    """A listener of the history."""

    def __init__(self, house: House, recorder: Recorder) -> None:
        self._house = house
        self._recorder = recorder
        self._running: dict[CallId, tuple[str, float]] = {}
        """Path and beginning of the talk that is being recorded."""

    def note(self, entry: Entry) -> None:
        """Take one entry of the history."""
        match entry:
            case TalkStarted():
                self._begin(entry)
            case TalkEnded() | CallEnded():
                self._finish(entry.call_id, entry.at)
            case _:
                pass

    def _begin(self, entry: TalkStarted) -> None:
        call = self._house.book.get(entry.call_id)
        if call is None or not call.recording:
            return
        path, call.recording = call.recording, ""
        self._running[entry.call_id] = path, entry.at
        self._house.scribe.note(
            RecordingStarted(call_id=entry.call_id, at=entry.at, path=path, offer_id=entry.offer_id)
        )

    def _finish(self, call_id: CallId, at: float) -> None:
        if (running := self._running.pop(call_id, None)) is not None:
            path, began_at = running
            self._recorder.submit(call_id, path, expected_talk_s=at - began_at)
