"""The recorder works behind the calls, and finds what it was not told of."""

import asyncio
import contextlib
import os
import time
from datetime import UTC, datetime, timedelta

import pytest
from structlog.testing import capture_logs

from ccd.history import RecordingStored
from ccd.recording.finisher import Problem
from ccd.recording.paths import raw_paths, recording_path
from ccd.recording.recorder import Recorder, RecorderSettings
from tests.integration.recording.sounds import PATH, files, heard, sha256, stretch, tone, write
from tests.support import until

CALL = "1795291036.1"
SECOND = tone(8000, 7)
NOTHING = tone(0, 1)


@pytest.fixture
async def recording(tmp_path):
    """Give a function that starts a recorder; what it stored is its `told`."""
    running = []

    def start(**options):
        told = []
        settings = RecorderSettings(**({"quiet_s": 0.02, "scan_every_s": 60.0} | options.pop("settings", {})))
        recorder = Recorder(tmp_path, told.append, settings=settings, now=lambda: 77.0, **options)
        recorder.told = told
        running.append((recorder, asyncio.create_task(recorder.run())))
        return recorder

    yield start
    for recorder, task in running:
        await recorder.close()
        task.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await task


def at_work():
    """Give the task in which recordings are finished."""
    return next(task for task in asyncio.all_tasks() if task.get_coro().__qualname__ == "Recorder._work")


def age(root, path, seconds):
    """Let raw files have been written so long ago."""
    at = time.time() - seconds
    for raw in raw_paths(path):
        os.utime(root / raw, (at, at))


async def test_a_talk_that_ended_becomes_a_stored_recording(tmp_path, recording):
    """Path, length, size and checksum reach the history."""
    write(tmp_path, tone(24_000, 7), tone(24_000, 11))
    recorder = recording()
    recorder.submit(CALL, PATH, expected_talk_s=3.1)
    await until(lambda: recorder.told)
    assert recorder.told == [
        RecordingStored(
            call_id=CALL,
            at=77.0,
            path=PATH,
            length_s=3.0,
            size=3 * 32_000 + 44,
            sha256=sha256(tmp_path),
        )
    ]
    assert (recorder.waiting, recorder.problems.total()) == (0, 0)


async def test_sound_that_asterisk_still_writes_is_waited_for(tmp_path, recording):
    """The event that the talk is over can overtake StopMixMonitor: the end is not cut off."""
    raw = write(tmp_path, NOTHING)
    recorder = recording(settings={"quiet_s": 0.2})
    recorder.submit(CALL, PATH, expected_talk_s=4.0)
    for _ in range(4):
        await asyncio.sleep(0.05)
        for side in raw:
            with side.open("ab") as asterisk:
                asterisk.write(SECOND.tobytes())
    await until(lambda: recorder.told)
    assert recorder.told[0].length_s == 4.0
    assert len(heard(tmp_path)[1]) == 32_000


@pytest.mark.parametrize(
    ("sound", "problem", "stored"),
    [(None, Problem.MISSING, [0.0]), (NOTHING, Problem.EMPTY, [0.0]), (SECOND, Problem.SHORT, [1.0])],
)
async def test_a_recording_that_does_not_match_the_talk_is_an_alarm(
    tmp_path, recording, sound, problem, stored
):
    """Asterisk says nothing of a full disk: size against talk time does, with the remedy in the log."""
    if sound is not None:
        write(tmp_path, sound)
    recorder = recording()
    with capture_logs() as logs:
        recorder.submit(CALL, PATH, expected_talk_s=60.0)
        await until(lambda: recorder.problems[problem])
    assert [entry.length_s for entry in recorder.told] == stored
    (alarm,) = logs
    assert (alarm["event"], alarm["problem"], alarm["call"], alarm["log_level"]) == (
        "recording_problem",
        problem.value,
        CALL,
        "error",
    )
    assert alarm["remedy"]


async def test_a_talk_of_no_length_needs_no_sound(tmp_path, recording):
    """Answered and dropped in the same moment: nobody has said anything, and nothing is wrong."""
    write(tmp_path, NOTHING)
    recorder = recording()
    recorder.submit(CALL, PATH, expected_talk_s=0.1)
    await until(lambda: not recorder.waiting)
    assert recorder.problems.total() == 0


async def test_what_an_earlier_process_left_is_finished_when_it_is_known_who_still_talks(tmp_path, recording):
    """Killed behind a talk: its sound is not left to the scan of old files, that of live calls is."""
    other = recording_path("2.2", 1, datetime.now(UTC))
    mine = recording_path(CALL, 1, datetime.now(UTC))
    old = recording_path("3.3", 1, datetime.now(UTC))
    for path in (mine, other, old):
        write(tmp_path, SECOND, path=path)
    age(tmp_path, old, 3600)
    recorder = recording(is_live=lambda call: call == "2.2")
    await until(lambda: recorder.told and not recorder.waiting)
    assert [entry.path for entry in recorder.told] == [old], "what is fresh is left alone"
    recorder.rescue()
    await until(lambda: len(recorder.told) > 1)
    assert [entry.path for entry in recorder.told] == [old, mine]
    assert recorder.waiting == 0


async def test_a_disk_that_fails_is_an_alarm_and_others_are_finished(tmp_path, recording):
    """One recording that cannot be written does not hold the next one up; its raw sound stays."""
    other = recording_path("2.2", 1, datetime(2026, 11, 21, tzinfo=UTC))
    raw = write(tmp_path, SECOND)
    write(tmp_path, SECOND, path=other)
    (tmp_path / (PATH + ".part")).mkdir()
    recorder = recording()
    with capture_logs() as logs:
        recorder.submit(CALL, PATH, expected_talk_s=1.0)
        recorder.submit("2.2", other, expected_talk_s=1.0)
        await until(lambda: recorder.told)
    assert [entry.path for entry in recorder.told] == [other]
    assert all(side.exists() for side in raw)
    assert recorder.problems == {Problem.FAILED: 1}
    assert [log["event"] for log in logs] == ["recording_error", "recording_problem"]


async def test_what_a_crash_left_is_finished_at_the_next_start(tmp_path, recording):
    """Old raw sound of calls that are over; not that of live calls, nor what is written to, nor strangers."""
    today = datetime.now(UTC)
    paths = {call: recording_path(call, 1, today) for call in ("old.1", "live.1", "new.1", "empty.1")}
    for call, path in paths.items():
        write(tmp_path, NOTHING if call == "empty.1" else SECOND, path=path)
        age(tmp_path, path, 0 if call == "new.1" else 3600)
    ancient = recording_path("ancient.1", 1, today - timedelta(days=30))
    write(tmp_path, SECOND, path=ancient)
    age(tmp_path, ancient, 30 * 86_400)
    stranger = (tmp_path / paths["old.1"]).with_name("notes.raw")
    stranger.write_bytes(SECOND.tobytes())
    os.utime(stranger, (0, 0))
    recorder = recording(is_live=lambda call_id: call_id == "live.1")
    await until(lambda: recorder.told and not recorder.waiting)
    assert [(entry.call_id, entry.length_s) for entry in recorder.told] == [("old.1", 1.0)]
    left = {raw for path in (paths["live.1"], paths["new.1"], ancient) for raw in raw_paths(path)}
    assert set(files(tmp_path)) == {*left, stranger.relative_to(tmp_path).as_posix(), paths["old.1"]}
    assert recorder.problems.total() == 0


async def test_a_talk_that_outlived_a_restart_is_found_later(tmp_path, recording):
    """The scan repeats: what was fresh at the start is an orphan when it has been quiet for long."""
    path = recording_path("1.1", 1, datetime.now(UTC))
    recorder = recording(settings={"scan_every_s": 0.02})
    write(tmp_path, SECOND, path=path)
    other = recording_path("2.2", 1, datetime.now(UTC))
    write(tmp_path, SECOND, path=other)
    age(tmp_path, other, 3600)
    await until(lambda: recorder.told)
    assert recorder.told[0].path == other, "a scan passed the one that is still fresh over"
    age(tmp_path, path, 3600)
    await until(lambda: len(recorder.told) > 1)
    assert recorder.told[1].path == path


async def test_asked_twice_it_is_stored_once(tmp_path, recording):
    """The end of the talk and the end of the call may both ask."""
    write(tmp_path, SECOND)
    recorder = recording()
    recorder.submit(CALL, PATH, expected_talk_s=1.0)
    recorder.submit(CALL, PATH, expected_talk_s=1.0)
    await until(lambda: not recorder.waiting)
    assert len(recorder.told) == 1


async def test_too_many_at_once_are_left_for_the_scan(tmp_path, recording):
    """The queue has a bound; what it cannot take is not lost."""
    recorder = recording(settings={"max_waiting": 2, "quiet_s": 30.0})
    paths = [recording_path(f"{n}.1", 1, datetime(2026, 11, 21, tzinfo=UTC)) for n in range(3)]
    for path in paths:
        write(tmp_path, SECOND, path=path)
    with capture_logs() as logs:
        for n, path in enumerate(paths):
            recorder.submit(f"{n}.1", path)
    assert recorder.waiting == 2
    assert [(log["event"], log["path"]) for log in logs] == [("recordings_behind", paths[2])]
    assert len(files(tmp_path)) == 6


async def test_closing_leaves_what_waits_as_raw_sound(tmp_path, recording):
    """At a stop nothing is half done: what was not begun is found at the next start."""
    write(tmp_path, SECOND)
    recorder = recording(settings={"quiet_s": 0.05})
    recorder.submit(CALL, PATH, expected_talk_s=1.0)
    await until(lambda: recorder._waiting[PATH].looked)
    working = at_work()
    await recorder.close()
    recorder.submit("2.2", PATH.replace(CALL, "2.2"))
    await until(working.done)
    assert (recorder.told, files(tmp_path)) == ([], sorted(raw_paths(PATH)))


async def test_the_event_loop_does_not_wait_for_the_disk(tmp_path, recording):
    """While a long recording is finished the loop turns: its longest pause stays small."""
    asyncio.get_running_loop().set_debug(False)
    stretch(write(tmp_path, NOTHING), 1800)
    recorder = recording()
    recorder.submit(CALL, PATH, expected_talk_s=1800.0)
    longest = 0.0
    while not recorder.told:
        began = time.monotonic()
        await asyncio.sleep(0.001)
        longest = max(longest, time.monotonic() - began)
    assert longest < 0.2
