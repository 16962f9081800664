"""Which recordings exist: noted when a talk begins, finished when the call is over; no call waits for it.

While a recording is paused Asterisk writes silence for both sides (`MixMonitorMute`), so neither a card
number that is spoken nor one that is typed is in any file, and times stay right. Asterisk keeps a pause
whatever becomes of ccd. A recording on demand is one that begins paused, and is thrown away if nobody asked
for it.
"""

import asyncio
from dataclasses import dataclass
from typing import Protocol

import structlog

from ccd.calls.asking import granted
from ccd.calls.background import Background
from ccd.calls.house import House
from ccd.config.recordings import Record
from ccd.errors import RefusedError
from ccd.history import (
    CallEnded,
    DialledOut,
    Entry,
    OutgoingAnswered,
    RecordingPaused,
    RecordingResumed,
    RecordingStarted,
    TalkEnded,
    TalkStarted,
)
from ccd.model import CallId, OfferId
from ccd.recording.recorder import Recorder
from ccd.records.story import OUTGOING

log = structlog.get_logger(__name__)


class Mute(Protocol):
    """Asterisk's manager interface (see `ccd.ami.client`)."""

    async def mute_recording(self, channel: str, *, on: bool) -> None:
        """Let the recordings of a channel hold silence, or sound again."""
        ...


@dataclass(slots=True, kw_only=True)
class _Made:
    """A recording of this call."""

    path: str
    offer_id: OfferId
    channel: str
    """Asterisk's name of the caller's channel, on which it hangs."""
    began_at: float
    seen: bool
    """We saw the talk begin; of one that began before our start its length is a guess."""
    wanted: bool
    """False while nobody has asked for a recording on demand."""
    paused: bool = False
    pauses: int = 0
    """How many there were: the end of one must not end the next."""
    ended_at: float | None = None
    """None while they talk."""

    def talk_s(self, now: float) -> float | None:
        """Give how long they talked; None: nobody knows."""
        ended_at = now if self.ended_at is None else self.ended_at
        return ended_at - self.began_at if self.seen else None


class Recordings:
    """A listener of the history, and who pauses and resumes.

    A recording is finished when the caller has left the call: while the channel is in `Dial` the file may
    still grow, though the agent's part is over (a transfer).
    """

    def __init__(self, house: House, recorder: Recorder, mute: Mute) -> None:
        self._house = house
        self._recorder = recorder
        self._mute = mute
        self._made: dict[CallId, list[_Made]] = {}
        self._spawn = Background().spawn

    def note(self, entry: Entry) -> None:
        """Take one entry of the history."""
        match entry:
            case TalkStarted(queue=name, offer_id=offer_id):
                queue = self._house.config.queues.get(name)
                on_demand = None if queue is None else queue.record is Record.ON_DEMAND
                self._begin(entry.call_id, entry.at, offer_id, on_demand=on_demand)
            case OutgoingAnswered():
                self._begin(entry.call_id, entry.at, OUTGOING, on_demand=None)
            case TalkEnded() | DialledOut():
                for made in self._made.get(entry.call_id, [])[-1:]:
                    made.ended_at = entry.at
            case CallEnded():
                self._finish(entry)
            case _:
                pass

    def _begin(self, call_id: CallId, at: float, offer_id: OfferId, *, on_demand: bool | None) -> None:
        """Take up the recording of a talk; `on_demand` None: as the call's own rule has it."""
        call = self._house.book.get(call_id)
        if call is None or not call.recording:
            return
        path, call.recording = call.recording, ""
        made = _Made(
            path=path,
            offer_id=offer_id,
            channel=call.channel_name,
            began_at=at,
            seen=at >= call.began_at,
            wanted=not (call.on_demand if on_demand is None else on_demand),
        )
        self._made.setdefault(call_id, []).append(made)
        if made.wanted:
            self._note_started(call_id, made, at)
            if not made.seen:
                self._end_later(call_id, made)  # it may have been paused before our start
        else:
            made.paused = True
            self._spawn(self._silence(made))

    def _finish(self, entry: CallEnded) -> None:
        for made in self._made.pop(entry.call_id, []):
            if made.wanted:
                expected_s = made.talk_s(entry.at)
                self._recorder.submit(entry.call_id, made.path, expected_talk_s=expected_s)
            else:
                self._recorder.discard(entry.call_id, made.path)

    def _note_started(self, call_id: CallId, made: _Made, at: float) -> None:
        self._house.scribe.note(
            RecordingStarted(call_id=call_id, at=at, path=made.path, offer_id=made.offer_id)
        )

    # ------------------------------------------------------------ pause, resume, on demand

    async def pause(self, call_id: CallId) -> None:
        """Let the recording hold silence from now on; it ends by itself after `recording.pause_max_s`.

        Raises RefusedError when nothing is recorded, or Asterisk did not do it: then it is *not* paused.
        """
        made = self._current(call_id)
        if not made.wanted:
            raise RefusedError("call {call} is not being recorded", reason="not_recorded", call=call_id)
        await self._set_mute(made, on=True)
        if made.paused:
            return
        made.paused = True
        made.pauses += 1
        log.info("recording paused", call=call_id)
        self._house.scribe.note(RecordingPaused(call_id=call_id, at=self._house.clock.now(), path=made.path))
        self._end_later(call_id, made)

    async def resume(self, call_id: CallId) -> None:
        """Let the recording hold sound again; of one on demand this is its beginning. Raises RefusedError."""
        made = self._current(call_id)
        await self._set_mute(made, on=False)
        now = self._house.clock.now()
        if not made.wanted:
            made.wanted, made.paused = True, False
            log.info("recording on demand", call=call_id)
            self._note_started(call_id, made, made.began_at)
            self._house.scribe.note(RecordingPaused(call_id=call_id, at=made.began_at, path=made.path))
        elif not made.paused:
            return
        made.paused = False
        log.info("recording goes on", call=call_id)
        self._house.scribe.note(RecordingResumed(call_id=call_id, at=now, path=made.path))

    def _current(self, call_id: CallId) -> _Made:
        made = self._made.get(call_id, [])
        if not made or made[-1].ended_at is not None:
            raise RefusedError(
                "call {call} is not being recorded: no talk, or its queue records none",
                reason="nothing_to_record",
                call=call_id,
            )
        return made[-1]

    async def _set_mute(self, made: _Made, *, on: bool) -> None:
        await granted(self._mute.mute_recording(made.channel, on=on))

    async def _silence(self, made: _Made) -> None:
        try:
            await self._set_mute(made, on=True)
        except RefusedError as problem:
            log.warning("a recording on demand could not be held back", path=made.path, reason=str(problem))

    def _end_later(self, call_id: CallId, made: _Made) -> None:
        """Have the pause end by itself, if it is to."""
        if (pause_max_s := self._house.config.recording.pause_max_s) is not None:
            self._spawn(self._end_pause(call_id, made, pause_max_s))

    async def _end_pause(self, call_id: CallId, made: _Made, after_s: float) -> None:
        number = made.pauses
        await asyncio.sleep(after_s)
        talking = made.ended_at is None and call_id in self._made
        if talking and made.pauses == number and (made.paused or not made.seen):
            log.info("a pause of the recording has lasted long enough", call=call_id, after_s=after_s)
            try:
                await self.resume(call_id)
            except RefusedError as problem:
                log.warning("recording stays paused", call=call_id, reason=str(problem))
