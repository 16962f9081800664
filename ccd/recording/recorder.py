"""Finishes recordings behind the calls: nothing waits for it, and nothing is lost when it is behind.

A recording is finished when its raw sound has stopped growing: the event that a talk is over can overtake
the dialplan's `StopMixMonitor()`. What cannot be finished now (too many at once, the disk is full, the
daemon stops) stays as raw sound and is found again by the next scan.
"""

import asyncio
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import structlog

from ccd.history import RecordingStored
from ccd.model import CallId
from ccd.recording.convert import Form
from ccd.recording.finisher import Finished, Problem, finish
from ccd.recording.orphans import find_orphans
from ccd.recording.paths import call_of
from ccd.recording.raw import RawSound

log = structlog.get_logger(__name__)

_REMEDY = {
    Problem.MISSING: "is the recordings' folder the same for Asterisk and ccd, writable, and not full?",
    Problem.EMPTY: "did the phones send any sound? `rtp set debug on` in Asterisk's console shows it",
    Problem.SHORT: "is the recordings' folder full?",
    Problem.FAILED: "see the error; the raw sound is kept and tried again",
}
_SHORT_BY_S = 2.0
_TOO_SHORT_FOR_SOUND_S = 1.0
"""A talk that ends as soon as it begins may end before either side has sent anything."""
_SHORT_BY_PART = 0.05


@dataclass(frozen=True, slots=True, kw_only=True)
class RecorderSettings:
    """How patient the recorder is; seconds unless named otherwise."""

    quiet_s: float = 2.5
    """For so long the raw sound must not grow; Asterisk writes every 2.05 s."""
    scan_every_s: float = 600.0
    orphan_age_s: float = 900.0
    """Raw sound that nobody asked for is left alone until it has not grown for so long."""
    orphan_days: int = 7
    max_waiting: int = 1000
    form: Callable[[], Form] = Form
    """In which recordings are kept, asked anew for each."""


@dataclass(slots=True, kw_only=True)
class _Job:
    call_id: CallId
    path: str
    expected_talk_s: float | None
    seen: RawSound | None = None
    discard: bool = False
    """Nobody wanted it: the raw sound is to go."""
    looked: bool = False


class Recorder:
    """A task that finishes recordings one after the other, in a thread.

    `stored` is called in the event loop for each; `is_live` says whether a call still goes on, whose raw
    sound is then nobody's orphan.
    """

    def __init__(
        self,
        root: Path,
        stored: Callable[[RecordingStored], None],
        *,
        is_live: Callable[[CallId], bool] = lambda _: False,
        settings: RecorderSettings | None = None,
        now: Callable[[], float] = time.monotonic,
    ) -> None:
        self.problems: Counter[Problem] = Counter()
        """How often each was seen, for metrics and health."""
        self._root = root
        self._stored = stored
        self._is_live = is_live
        self._settings = settings or RecorderSettings()
        self._now = now
        self._waiting: dict[str, _Job] = {}
        self._due: asyncio.Queue[_Job] = asyncio.Queue()
        self._at_work = asyncio.Lock()
        self._rescue = asyncio.Event()
        self._closed = False

    @property
    def waiting(self) -> int:
        """How many recordings are yet to be finished."""
        return len(self._waiting)

    def submit(self, call_id: CallId, relative: str, *, expected_talk_s: float | None = None) -> None:
        """Ask for a recording to be finished, after the caller's channel left `Dial`.

        A recording clearly shorter than `expected_talk_s` is stored and reported as SHORT.
        """
        if self._closed or relative in self._waiting:
            return
        if len(self._waiting) >= self._settings.max_waiting:
            log.warning("recordings_behind", waiting=len(self._waiting), path=relative)
            return  # its raw sound stays, and a later scan finds it
        job = _Job(call_id=call_id, path=relative, expected_talk_s=expected_talk_s)
        self._waiting[relative] = job
        self._due.put_nowait(job)

    def discard(self, call_id: CallId, relative: str) -> None:
        """Ask for a recording that nobody wanted to be deleted, when Asterisk has done with it."""
        if not self._closed and relative not in self._waiting:
            job = _Job(call_id=call_id, path=relative, expected_talk_s=None, discard=True)
            self._waiting[relative] = job
            self._due.put_nowait(job)

    def rescue(self) -> None:
        """Finish what an earlier process left of calls that are over; `is_live` knows the others by now."""
        self._rescue.set()

    async def run(self) -> None:
        """Work until cancelled."""
        async with asyncio.TaskGroup() as group:
            group.create_task(self._work())
            group.create_task(self._scan())

    async def close(self) -> None:
        """Take nothing more and let what is being finished end; the rest stays for the next start."""
        self._closed = True
        async with self._at_work:
            pass

    async def _work(self) -> None:
        while True:
            job = await self._due.get()
            async with self._at_work:
                if self._closed:
                    return
                try:
                    outcome = await asyncio.to_thread(self._try, job)
                except OSError as error:
                    log.warning("recording_error", path=job.path, error=str(error))
                    outcome = Problem.FAILED
                self._take(job, outcome)
                await self._clear(job, outcome)

    def _try(self, job: _Job) -> Finished | Problem | None:
        """Finish a recording, unless it has grown since the last look; in a thread. None: it is gone."""
        raw = RawSound.find(self._root, job.path)
        if raw is not None and (not job.looked or raw != job.seen):
            job.seen, job.looked = raw, True
            return Problem.GROWING
        if job.discard:
            return None
        return finish(self._root, job.path, self._settings.form())

    async def _clear(self, job: _Job, outcome: Finished | Problem | None) -> None:
        """Delete raw sound that is not needed any more: only now is it known what it became."""
        needed = outcome in {Problem.GROWING, Problem.FAILED}
        if job.seen is not None and not needed:
            try:
                await asyncio.to_thread(job.seen.delete)
            except OSError as error:
                log.warning("recording_error", path=job.path, error=str(error))

    def _take(self, job: _Job, outcome: Finished | Problem | None) -> None:
        if outcome is Problem.GROWING:
            asyncio.get_running_loop().call_later(self._settings.quiet_s, self._due.put_nowait, job)
            return
        del self._waiting[job.path]
        if outcome is None or outcome is Problem.FINISHED:
            return
        if isinstance(outcome, Finished):
            is_short = _is_short(outcome.length_s, job.expected_talk_s)
            self._tell(job, outcome, Problem.SHORT if is_short else None)
            if is_short:
                self._report(job, Problem.SHORT, length_s=outcome.length_s)
        elif outcome is Problem.FAILED or _is_missed(outcome, job.expected_talk_s):
            if outcome is not Problem.FAILED:
                nothing = Finished(path=job.path, length_s=0.0, size=0, sha256="")
                self._tell(job, nothing, outcome)
            self._report(job, outcome)

    def _tell(self, job: _Job, made: Finished, problem: Problem | None) -> None:
        self._stored(
            RecordingStored(
                call_id=job.call_id,
                at=self._now(),
                path=made.path,
                length_s=made.length_s,
                size=made.size,
                sha256=made.sha256,
                problem="" if problem is None else problem.value,
            )
        )

    def _report(self, job: _Job, problem: Problem, **facts: object) -> None:
        self.problems[problem] += 1
        log.error(
            "recording_problem",
            problem=problem.value,
            call=job.call_id,
            path=job.path,
            expected_talk_s=job.expected_talk_s,
            remedy=_REMEDY[problem],
            **facts,
        )

    async def _scan(self) -> None:
        settings = self._settings
        age_s = settings.orphan_age_s
        while True:
            found = await asyncio.to_thread(
                find_orphans, self._root, older_than_s=age_s, days=settings.orphan_days
            )
            for path in found:
                call_id = call_of(path)
                if call_id is not None and not self._is_live(call_id):
                    self.submit(call_id, path)
            try:
                async with asyncio.timeout(settings.scan_every_s):
                    await self._rescue.wait()
            except TimeoutError:
                age_s = settings.orphan_age_s
            else:
                self._rescue.clear()
                age_s = 0.0


def _is_missed(outcome: Problem, expected_s: float | None) -> bool:
    """Tell whether the want of a recording is one: nobody may know how long they talked."""
    if expected_s is None:
        return False
    return outcome is not Problem.EMPTY or expected_s >= _TOO_SHORT_FOR_SOUND_S


def _is_short(length_s: float, expected_s: float | None) -> bool:
    if expected_s is None:
        return False
    return length_s < expected_s - max(_SHORT_BY_S, expected_s * _SHORT_BY_PART)
