"""Which recordings exist: noted when a talk begins, finished when the call is over; no call waits for it."""

from dataclasses import dataclass

from ccd.calls.house import House
from ccd.history import CallEnded, Entry, RecordingStarted, TalkEnded, TalkStarted
from ccd.model import CallId
from ccd.recording.recorder import Recorder


@dataclass(slots=True, kw_only=True)
class _Made:
    """A recording of this call."""

    path: str
    began_at: float
    talk_s: float | None = None
    """None while they talk."""


class Recordings:
    """A listener of the history.

    A recording is finished when the caller has left the call: while the channel is in `Dial` the file may
    still grow, though the agent's part is over (a transfer).
    """

    def __init__(self, house: House, recorder: Recorder) -> None:
        self._house = house
        self._recorder = recorder
        self._made: dict[CallId, list[_Made]] = {}

    def note(self, entry: Entry) -> None:
        """Take one entry of the history."""
        match entry:
            case TalkStarted():
                self._begin(entry)
            case TalkEnded():
                for made in self._made.get(entry.call_id, [])[-1:]:
                    made.talk_s = entry.at - made.began_at
            case CallEnded():
                for made in self._made.pop(entry.call_id, []):
                    talk_s = entry.at - made.began_at if made.talk_s is None else made.talk_s
                    self._recorder.submit(entry.call_id, made.path, expected_talk_s=talk_s)
            case _:
                pass

    def _begin(self, entry: TalkStarted) -> None:
        call = self._house.book.get(entry.call_id)
        if call is None or not call.recording:
            return
        path, call.recording = call.recording, ""
        self._made.setdefault(entry.call_id, []).append(_Made(path=path, began_at=entry.at))
        self._house.scribe.note(
            RecordingStarted(call_id=entry.call_id, at=entry.at, path=path, offer_id=entry.offer_id)
        )
