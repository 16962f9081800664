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
    seen: bool
    """We saw the talk begin; of one that began before our start its length is a guess."""
    ended_at: float | None = None
    """None while they talk."""

    def talk_s(self, now: float) -> float | None:
        """Give how long they talked; None: nobody knows."""
        ended_at = now if self.ended_at is None else self.ended_at
        return ended_at - self.began_at if self.seen else None


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
                    made.ended_at = entry.at
            case CallEnded():
                for made in self._made.pop(entry.call_id, []):
                    expected_s = made.talk_s(entry.at)
                    self._recorder.submit(entry.call_id, made.path, expected_talk_s=expected_s)
            case _:
                pass

    def _begin(self, entry: TalkStarted) -> None:
        call = self._house.book.get(entry.call_id)
        if call is None or not call.recording:
            return
        path, call.recording = call.recording, ""
        made = _Made(path=path, began_at=entry.at, seen=entry.at >= call.began_at)
        self._made.setdefault(entry.call_id, []).append(made)
        self._house.scribe.note(
            RecordingStarted(call_id=entry.call_id, at=entry.at, path=path, offer_id=entry.offer_id)
        )
