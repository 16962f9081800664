"""Sounds that people bring, read by the real ffmpeg: odd formats, hostile files, and what becomes of them."""

import errno
import math
import os
import shutil
import subprocess
import wave
from array import array
from pathlib import Path

import pytest

from ccd.errors import PromptError
from ccd.prompts import files, importing
from ccd.prompts import generate as generating
from ccd.prompts.catalogue import Catalogue
from ccd.prompts.files import KEPT_VERSIONS, put_in_place, restore_version, take_away, versions
from ccd.prompts.generate import generate
from ccd.prompts.importing import import_sound
from ccd.prompts.manifest import Manifest, Prompt

pytestmark = pytest.mark.skipif(shutil.which("ffmpeg") is None, reason="ffmpeg is not installed")

TONE_HZ = 440
MANIFEST = Manifest(prompts={"welcome": Prompt(zh="欢迎", en="Welcome")})


def make(path: Path, *output: str, seconds: float = 1.5, volume: float = 0.05, around_s: float = 1.0) -> Path:
    """Write a quiet tone between silences, in the format that the name and the options want."""
    tone = f"sine=frequency={TONE_HZ}:duration={seconds}:sample_rate=48000,volume={volume}"
    quiet = f"adelay={int(around_s * 1000)}:all=1,apad=pad_dur={around_s}"
    path.parent.mkdir(parents=True, exist_ok=True)
    command = [
        "ffmpeg",
        "-loglevel",
        "error",
        "-f",
        "lavfi",
        "-i",
        f"{tone},{quiet}",
        *output,
        "-y",
        str(path),
    ]
    subprocess.run(command, check=True)
    return path


def samples(path: Path) -> tuple[int, array]:
    """Give rate and samples of a wav file."""
    with wave.open(str(path), "rb") as file:
        assert (file.getsampwidth(), file.getnchannels()) == (2, 1)
        return file.getframerate(), array("h", file.readframes(file.getnframes()))


def strength(rate: int, heard: array, hz: float) -> float:
    """Give the share of a sound's power that is one tone's (Goertzel)."""
    turn = 2 * math.cos(2 * math.pi * hz / rate)
    one = two = 0.0
    for sample in heard:
        one, two = sample + turn * one - two, one
    power = one * one + two * two - turn * one * two
    return 2 * power / (len(heard) * sum(sample * sample for sample in heard))


@pytest.mark.parametrize(
    ("name", "options"),
    [
        ("a.mp3", ("-ac", "2")),
        ("a.ogg", ("-c:a", "libvorbis", "-ar", "44100")),
        ("a.opus", ("-c:a", "libopus")),
        ("a.m4a", ("-c:a", "aac")),
        ("a.flac", ("-ac", "2", "-ar", "48000")),
        ("stereo 48k.wav", ("-ac", "2", "-ar", "48000", "-c:a", "pcm_s24le")),
        ("narrow.wav", ("-ar", "8000", "-c:a", "pcm_mulaw")),
        ("wrong-ending.txt", ("-f", "mp3")),
        ("-i; rm -rf $(x).wav", ()),
    ],
)
def test_any_format_becomes_what_asterisk_plays(tmp_path, name, options):
    """The same tone at both rates, as loud as other prompts, without the silence around it."""
    directory = tmp_path / "sounds"
    done = import_sound(make(tmp_path / "given" / name, *options), directory, "zh", "welcome")
    assert done.length_s == pytest.approx(1.5, abs=0.25)
    for ending, rate in ((".wav", 8000), (".wav16", 16000)):
        found, heard = samples(directory / "zh" / f"welcome{ending}")
        assert found == rate
        assert len(heard) / rate == pytest.approx(done.length_s, abs=0.05)
        assert strength(rate, heard, TONE_HZ) > 0.9
        assert 0.15 < max(map(abs, heard)) / 32768 < 0.85
    catalogue = Catalogue(MANIFEST, directory)
    assert catalogue.faults == []
    assert catalogue.sounds("welcome", "zh")[0].length_s == pytest.approx(done.length_s, abs=0.05)


def test_loud_and_quiet_sounds_become_alike(tmp_path):
    """Within 1 dB, and without clipping."""
    peaks = []
    for at, volume in enumerate((0.05, 1.0, 4.0)):
        import_sound(make(tmp_path / f"{at}.wav", volume=volume), tmp_path, "en", f"own/{at}")
        peaks.append(max(map(abs, samples(tmp_path / "en" / "own" / f"{at}.wav")[1])))
    assert max(peaks) / min(peaks) < 1.13
    assert max(peaks) < 32_767


def test_a_sound_without_silence_around_it_stays_whole(tmp_path):
    """As a telephone records it: from the first sample to the last."""
    done = import_sound(make(tmp_path / "a.wav", "-ar", "8000", around_s=0), tmp_path, "en", "welcome")
    assert done.length_s == pytest.approx(1.5, abs=0.02)


def test_a_pause_within_stays(tmp_path):
    """Only the ends are trimmed."""
    tones = make(tmp_path / "a.wav")
    both = tmp_path / "both.wav"
    subprocess.run(["sox", str(tones), str(tones), str(both)], check=True)
    assert import_sound(both, tmp_path, "en", "welcome").length_s == pytest.approx(5.0, abs=0.15)


def test_a_click_shorter_than_loudness_is_measured_by_its_peak(tmp_path):
    """A beep of 0.2 s."""
    import_sound(make(tmp_path / "beep.wav", seconds=0.2), tmp_path, "en", "beep")
    assert max(map(abs, samples(tmp_path / "en" / "beep.wav")[1])) > 8000


PLAYLIST = "#EXTM3U\n#EXT-X-TARGETDURATION:10\n#EXTINF:10,\nfile://{target}\n#EXT-X-ENDLIST\n"


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("garbage.wav", os.urandom(5000)),
        ("empty.wav", b""),
        ("text.mp3", b"this is a letter, no sound"),
        ("header.wav", b"RIFF\xff\xff\xff\x7fWAVEfmt \x10\x00\x00\x00\x01\x00\xff\xff"),
        ("playlist.m3u8", PLAYLIST.encode()),
        ("playlist.mp3", PLAYLIST.encode()),
        ("concat.txt", b"ffconcat version 1.0\nfile '/etc/hostname'\n"),
        ("page.html", b"<html><audio src=http://127.0.0.1/></html>"),
    ],
)
def test_hostile_and_broken_files_are_refused(tmp_path, name, content):
    """In words, with the file's name; no other file is read, and what was there stays."""
    target = make(tmp_path / "target.wav")
    directory = tmp_path / "sounds"
    import_sound(target, directory, "zh", "welcome")
    before = (directory / "zh" / "welcome.wav").read_bytes()
    source = tmp_path / name
    source.write_bytes(content.replace(b"{target}", str(target).encode()))
    with pytest.raises(PromptError, match=name):
        import_sound(source, directory, "zh", "welcome")
    assert (directory / "zh" / "welcome.wav").read_bytes() == before
    assert versions(directory, "zh", "welcome") == []
    assert [each.name for each in (directory / "zh").iterdir() if each.name.startswith(".")] == []


def test_silence_is_no_prompt(tmp_path):
    """There is nothing left when the silence is trimmed."""
    with pytest.raises(PromptError, match="nothing to be heard"):
        import_sound(make(tmp_path / "silence.wav", volume=0), tmp_path, "zh", "welcome")


def test_what_is_too_long_or_too_large_is_refused(tmp_path, monkeypatch):
    """A music album is no prompt; a film is not even opened."""
    monkeypatch.setattr(importing, "MAX_LENGTH_S", 2)
    with pytest.raises(PromptError, match="longer than 2 s"):
        import_sound(make(tmp_path / "long.mp3", seconds=5), tmp_path, "zh", "welcome")
    film = tmp_path / "film.mp4"
    with film.open("wb") as file:
        file.truncate(importing.MAX_BYTES + 1)
    with pytest.raises(PromptError, match="larger than 200 MB"):
        import_sound(film, tmp_path, "zh", "welcome")


@pytest.mark.parametrize("odd", ["folder", "pipe", "none"])
def test_what_is_no_file_is_refused(tmp_path, odd):
    """A pipe would wait for ever."""
    source = tmp_path / odd
    if odd == "folder":
        source.mkdir()
    if odd == "pipe":
        os.mkfifo(source)
    with pytest.raises(PromptError, match=odd):
        import_sound(source, tmp_path, "zh", "welcome")


@pytest.mark.parametrize("prompt", ["../welcome", "a b", "", "/etc/x", "a//b", "欢迎"])
def test_an_id_is_a_place_below_the_folder(tmp_path, prompt):
    """And nothing else."""
    with pytest.raises(PromptError, match="cannot be a prompt's id"):
        import_sound(make(tmp_path / "a.wav"), tmp_path / "sounds", "zh", prompt)
    assert not (tmp_path / "sounds").exists()


@pytest.mark.parametrize("links", [True, False])
def test_a_prompt_is_heard_while_another_takes_its_place(tmp_path, monkeypatch, links):
    """By import, restore and generation; only who takes it away leaves nothing."""
    path, seen = tmp_path / "zh" / "welcome.wav", []
    if not links:
        monkeypatch.setattr(files.os, "link", refuse_links)

    def watched(draft, target):
        seen.append(path.exists())
        put_in_place(draft, target)

    source = make(tmp_path / "a.wav")
    import_sound(source, tmp_path, "zh", "welcome")
    for module in (files, importing, generating):
        monkeypatch.setattr(module, "put_in_place", watched)
    import_sound(source, tmp_path, "zh", "welcome")
    restore_version(tmp_path, "zh", "welcome")
    generate(Manifest(prompts={"welcome": Prompt(zh="欢迎")}), tmp_path, ["zh"], only_missing=False)
    assert len(seen) >= 4
    assert all(seen)
    before = path.read_bytes()
    kept = take_away(tmp_path, "zh", "welcome")
    assert kept is not None
    assert (kept.read_bytes(), path.exists()) == (before, False)


def refuse_links(_source: Path, _target: Path) -> None:
    """Be a file system without links."""
    raise OSError(errno.EPERM, "Operation not permitted")


def test_what_was_there_is_kept_and_can_be_restored(tmp_path):
    """Ten versions at most; a recording is never taken for a generated file."""
    source = make(tmp_path / "a.wav")
    for count in range(KEPT_VERSIONS + 3):
        done = import_sound(source, tmp_path, "zh", "welcome")
        assert (done.kept is None) == (count == 0)
    assert len(versions(tmp_path, "zh", "welcome")) == KEPT_VERSIONS
    (tmp_path / "zh" / "welcome.wav").write_bytes(b"the latest")
    assert restore_version(tmp_path, "zh", "welcome") == tmp_path / "zh" / "welcome.wav"
    assert (tmp_path / "zh" / "welcome.wav").read_bytes() != b"the latest"
    assert versions(tmp_path, "zh", "welcome")[-1].read_bytes() == b"the latest"
    assert not (tmp_path / "zh" / "welcome.wav16").exists()
    assert restore_version(tmp_path, "en", "welcome") is None
    assert generate(Manifest(prompts={"welcome": Prompt(zh="欢迎")}), tmp_path, ["zh"]) == []


def test_without_ffmpeg_its_package_is_named(tmp_path, monkeypatch):
    """Instead of a traceback."""
    source = make(tmp_path / "a.wav")
    monkeypatch.setattr(shutil, "which", lambda _: None)
    with pytest.raises(PromptError, match="apt-get install ffmpeg"):
        import_sound(source, tmp_path, "zh", "welcome")
