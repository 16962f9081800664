"""Raw sound becomes a recording, whatever was left behind."""

import tracemalloc

import pytest

from ccd.model import AudioFormat
from ccd.recording.convert import Form
from ccd.recording.finisher import Finished, Problem, finish
from ccd.recording.paths import locate, raw_paths, resolve
from ccd.recording.raw import RawSound
from tests.integration.recording.sounds import PATH, files, heard, sha256, stretch, tone, write

SECOND = 8_000


def test_raw_sound_becomes_stereo(tmp_path):
    """Caller left, agent right, 8 kHz, 16 bit; length, size and checksum are those of the file."""
    caller, agent = tone(200_001, 7), tone(200_001, 11)
    write(tmp_path, caller, agent)
    made = finish(tmp_path, PATH)
    assert heard(tmp_path) == ((2, 2, 8000), caller, agent)
    assert made == Finished(
        path=PATH,
        length_s=200_001 / SECOND,
        size=(tmp_path / PATH).stat().st_size,
        sha256=sha256(tmp_path),
    )
    assert files(tmp_path) == [*raw_paths(PATH)[::-1], PATH]


@pytest.mark.parametrize("shorter", ["caller", "agent"])
def test_a_side_that_ends_early_is_silent_from_there(tmp_path, shorter):
    """Asterisk was killed between two writes: the longer side is kept whole."""
    long, short = tone(100_000, 7), tone(30_000, 11)
    write(tmp_path, *((short, long) if shorter == "caller" else (long, short)))
    finish(tmp_path, PATH)
    _, caller, agent = heard(tmp_path)
    cut, whole = (caller, agent) if shorter == "caller" else (agent, caller)
    assert whole == long
    assert cut[:30_000] == short
    assert not any(cut[30_000:])


def test_a_missing_side_is_silent(tmp_path):
    """One side's file could not be opened: the other one is still heard, in its place."""
    agent = tone(10_000, 11)
    write(tmp_path, tone(1, 1), agent)[0].unlink()
    finish(tmp_path, PATH)
    _, left, right = heard(tmp_path)
    assert (any(left), right) == (False, agent)


def test_a_cut_last_sample_is_dropped(tmp_path):
    """A write that was cut short leaves no click."""
    for side in write(tmp_path, tone(100, 7)):
        with side.open("ab") as asterisk:
            asterisk.write(b"\x01")
    made = finish(tmp_path, PATH)
    assert isinstance(made, Finished)
    assert made.length_s == 100 / SECOND
    assert heard(tmp_path)[1] == tone(100, 7)


def test_nothing_recorded_is_a_fact_not_an_error(tmp_path):
    """No file: missing. An empty one: empty."""
    assert finish(tmp_path, PATH) is Problem.MISSING
    write(tmp_path, tone(0, 1))
    assert finish(tmp_path, PATH) is Problem.EMPTY


def test_finishing_again_gives_the_same(tmp_path):
    """Asked twice, or after a crash, with or without the raw sound: one recording, one checksum."""
    raw = write(tmp_path, tone(50_000, 7))
    first = finish(tmp_path, PATH)
    assert finish(tmp_path, PATH) == first
    for side in raw:
        side.unlink()
    assert finish(tmp_path, PATH) == first
    assert files(tmp_path) == [PATH]


def test_half_a_recording_of_a_crash_is_replaced(tmp_path):
    """A crash while writing leaves a part beside the raw sound; the next try makes it whole."""
    write(tmp_path, tone(50_000, 7))
    (tmp_path / (PATH + ".part")).write_bytes(b"RIFF half")
    assert isinstance(finish(tmp_path, PATH), Finished)
    assert not list(tmp_path.rglob("*.part"))
    assert len(heard(tmp_path)[1]) == 50_000


def test_sound_that_still_grows_is_kept(tmp_path, monkeypatch):
    """Asterisk wrote on while we read: nothing is deleted, and the next try has all of it."""
    write(tmp_path, tone(1000, 7))
    read = RawSound.read

    def read_while_asterisk_writes(self):
        yield from read(self)
        write(tmp_path, tone(2000, 7))

    with monkeypatch.context() as patch:
        patch.setattr(RawSound, "read", read_while_asterisk_writes)
        assert finish(tmp_path, PATH) is Problem.GROWING
    made = finish(tmp_path, PATH)
    assert isinstance(made, Finished)
    assert made.length_s == 2000 / SECOND


def test_a_long_recording_takes_little_memory(tmp_path):
    """An hour is not read at once: half an hour of raw sound, a few hundred KB of memory."""
    stretch(write(tmp_path, tone(0, 1)), 1800)
    tracemalloc.start()
    made = finish(tmp_path, PATH)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert isinstance(made, Finished)
    assert made.length_s == 1800.0
    assert peak < 4_000_000


def test_a_disk_that_refuses_leaves_the_raw_sound(tmp_path):
    """What cannot be written raises, and nothing is lost."""
    raw = write(tmp_path, tone(100, 7))
    (tmp_path / (PATH + ".part")).mkdir()
    with pytest.raises(OSError, match="directory"):
        finish(tmp_path, PATH)
    assert all(side.exists() for side in raw)


@pytest.mark.parametrize("form", [AudioFormat.OPUS, AudioFormat.MP3])
def test_a_recording_is_kept_in_a_smaller_form(tmp_path, form):
    """A tenth of the size, both sides in it, found under the path that the record names; once is enough."""
    raw = write(tmp_path, tone(80_000, 7), tone(80_000, 11))
    made = finish(tmp_path, PATH, Form(format=form))
    assert isinstance(made, Finished)
    file = locate(tmp_path / PATH)
    assert (file.suffix, file.stat().st_size) == (f".{form.value}", made.size)
    assert resolve(tmp_path, PATH) == file.resolve()
    assert made.size < 2 * 2 * 80_000 / 4
    assert made.length_s == 10.0
    assert not (tmp_path / PATH).exists()
    for side in raw:
        side.unlink()
    assert finish(tmp_path, PATH, Form(format=form)) is Problem.FINISHED


@pytest.mark.parametrize("ffmpeg", [None, "", "#!/bin/sh\necho bad sound >&2; exit 1\n"])
def test_a_form_that_cannot_be_made_leaves_the_wav_file(tmp_path, monkeypatch, ffmpeg):
    """No ffmpeg, one that cannot be run, one that fails: a line in the log, and the recording as it was."""
    programs = tmp_path / "bin"
    programs.mkdir()
    monkeypatch.setenv("PATH", str(programs))
    if ffmpeg is not None:
        (programs / "ffmpeg").write_text(ffmpeg)
        (programs / "ffmpeg").chmod(0o755 if ffmpeg else 0o644)
    write(tmp_path, tone(8_000, 7))
    made = finish(tmp_path, PATH, Form(format=AudioFormat.OPUS))
    assert isinstance(made, Finished)
    assert resolve(tmp_path, PATH).suffix == ".wav"
    assert made.sha256 == sha256(tmp_path)
