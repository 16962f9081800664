"""The catalogue: which sound says a prompt, how long it is, what is missing and what cannot be played."""

import wave
from pathlib import Path

import pytest

from ccd.model import Sound
from ccd.prompts.catalogue import Catalogue
from ccd.prompts.manifest import Manifest, Prompt

MANIFEST = Manifest(
    prompts={
        "welcome": Prompt(zh="欢迎", en="Welcome"),
        "sorry": Prompt(zh="对不起", en="Sorry", en_sounds=("im-sorry", "digits/1")),
        "wan": Prompt(zh="万"),
    }
)


def record(path: Path, *, seconds: float = 0.5, rate: int = 8000, channels: int = 1) -> None:
    """Write a wav file of the given form."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with wave.open(str(path), "wb") as file:
        file.setframerate(rate)
        file.setsampwidth(2)
        file.setnchannels(channels)
        file.writeframes(bytes(int(rate * seconds) * 2 * channels))


@pytest.fixture
def folder(tmp_path):
    """Give a prompt folder with one Chinese and one English recording."""
    record(tmp_path / "zh" / "welcome.wav", seconds=1.5)
    record(tmp_path / "en" / "welcome.wav", seconds=1.25)
    return tmp_path


def test_a_recording_is_found_by_language_with_its_length(folder):
    """Asterisk gets a path without ending; the length is the file's own."""
    catalogue = Catalogue(MANIFEST, folder)
    assert catalogue.sounds("welcome", "zh") == (Sound(path=f"{folder}/zh/welcome", length_s=1.5),)
    assert catalogue.sounds("welcome", "en") == (Sound(path=f"{folder}/en/welcome", length_s=1.25),)


def test_the_folder_may_have_another_path_in_asterisks_eyes(folder):
    """In a container or a root of its own Asterisk sees the same files elsewhere."""
    catalogue = Catalogue(MANIFEST, folder, asterisk_directory="/sounds/")
    assert catalogue.sounds("welcome", "zh")[0].path == "/sounds/zh/welcome"


def test_english_falls_to_debians_sounds(folder):
    """Several sounds may say one prompt; unseen, they have no length."""
    expected = (Sound(path="en/im-sorry"), Sound(path="en/digits/1"))
    assert Catalogue(MANIFEST, folder).sounds("sorry", "en") == expected


def test_seen_core_sounds_have_lengths_and_absent_ones_are_missing(folder, tmp_path):
    """Where Asterisk's folder can be seen it is believed; a sound in another format than wav will do."""
    core = tmp_path / "core"
    record(core / "im-sorry.wav", seconds=0.75)
    catalogue = Catalogue(MANIFEST, folder, core=core)
    assert ("en", "sorry") in catalogue.missing(MANIFEST)
    (core / "digits").mkdir()
    (core / "digits" / "1.gsm").write_bytes(b"x")
    sounds = Catalogue(MANIFEST, folder, core=core).sounds("sorry", "en")
    assert [sound.length_s for sound in sounds] == [0.75, None]


def test_ones_own_recording_replaces_debians(folder):
    """Whoever records a prompt hears it."""
    record(folder / "en" / "sorry.wav")
    assert Catalogue(MANIFEST, folder).sounds("sorry", "en")[0].path == f"{folder}/en/sorry"


def test_what_one_language_lacks_is_said_in_the_other(folder):
    """Better heard in the other language than not at all; it still counts as missing."""
    catalogue = Catalogue(MANIFEST, folder)
    assert catalogue.sounds("sorry", "zh") == catalogue.sounds("sorry", "en")
    assert ("zh", "sorry") in catalogue.missing(MANIFEST)


def test_missing_prompts_are_listed_by_language(folder):
    """Only words that the manifest has can be missing: there is no English 万."""
    assert Catalogue(MANIFEST, folder).missing(MANIFEST) == [("zh", "sorry"), ("zh", "wan")]
    assert Catalogue(MANIFEST, folder).sounds("wan", "en") == ()


def test_recordings_beyond_the_manifest_are_prompts_too(folder):
    """A flow may name any recording of the folder."""
    record(folder / "zh" / "own" / "spring_sale.wav")
    catalogue = Catalogue(MANIFEST, folder)
    assert catalogue.ids == {"welcome", "sorry", "wan", "own/spring_sale"}
    assert catalogue.sounds("own/spring_sale", "en") == catalogue.sounds("own/spring_sale", "zh")


@pytest.mark.parametrize(
    ("form", "says"),
    [({"rate": 44100}, "44100 Hz"), ({"channels": 2}, "2 channels"), ({"seconds": 0}, "0 samples")],
)
def test_a_recording_of_the_wrong_form_is_told_with_the_remedy(folder, form, says):
    """Asterisk would stay silent: the catalogue does not offer it and says how to convert it."""
    record(folder / "zh" / "sorry.wav", **form)
    catalogue = Catalogue(MANIFEST, folder)
    assert [says in fault and "sox" in fault for fault in catalogue.faults] == [True]
    assert catalogue.sounds("sorry", "zh") == catalogue.sounds("sorry", "en")


@pytest.mark.parametrize(
    ("name", "content"),
    [("sorry.wav", b"not audio"), ("sorry.wav", b""), ("a b&c.wav", b"x"), ("新.wav", b"x")],
)
def test_broken_files_and_odd_names_are_faults_not_crashes(folder, name, content):
    """What cannot be used is named; the rest works."""
    (folder / "zh" / name).write_bytes(content)
    catalogue = Catalogue(MANIFEST, folder)
    assert len(catalogue.faults) == 1
    assert name in catalogue.faults[0]
    assert catalogue.sounds("welcome", "zh")


def test_a_folder_that_is_not_there_is_empty(tmp_path):
    """Before the first generation everything but Debian's sounds is missing."""
    catalogue = Catalogue(MANIFEST, tmp_path / "none")
    assert catalogue.sounds("welcome", "zh") == ()
    assert catalogue.missing(MANIFEST) == [
        ("en", "welcome"),
        ("zh", "welcome"),
        ("zh", "sorry"),
        ("zh", "wan"),
    ]


def test_a_recording_that_comes_later_is_seen_after_a_refresh(folder):
    """Without a restart: new files, their lengths, and what went."""
    catalogue = Catalogue(MANIFEST, folder)
    record(folder / "zh" / "welcome.wav", seconds=2.5)
    record(folder / "zh" / "own" / "news.wav")
    (folder / "en" / "welcome.wav").unlink()
    catalogue.refresh()
    assert catalogue.sounds("welcome", "zh")[0].length_s == 2.5
    assert "own/news" in catalogue.ids
    assert not catalogue.says("welcome", "en")
