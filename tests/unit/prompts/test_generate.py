"""Generating prompts: what is made, what is left alone, and what is said when it cannot be done."""

import array
import shutil
import wave
from pathlib import Path

import pytest

from ccd.errors import PromptError
from ccd.prompts.catalogue import Catalogue
from ccd.prompts.generate import generate
from ccd.prompts.manifest import Manifest, Prompt

MANIFEST = Manifest(
    prompts={
        "welcome": Prompt(zh="您好", en="Hello $(touch /tmp/x); -w /tmp/y"),
        "sorry": Prompt(zh="对不起", en="Sorry", en_sounds=("im-sorry",)),
        "own/offer": Prompt(
            zh="For English, press 9.", en="中文服务请按9。", voices={"zh": "en", "en": "zh"}
        ),
    }
)

speaks = pytest.mark.skipif(
    not (shutil.which("espeak-ng") and shutil.which("sox")), reason="espeak-ng and sox are not installed"
)


def loudness(path: Path) -> int:
    """Give the largest sample of a wav file that Asterisk can play."""
    with wave.open(str(path), "rb") as file:
        assert (file.getframerate(), file.getsampwidth(), file.getnchannels()) == (8000, 2, 1)
        samples = array.array("h", file.readframes(file.getnframes()))
    return max(map(abs, samples))


@speaks
def test_prompts_are_made_audible_in_both_languages(tmp_path):
    """Every file is of Asterisk's form, as long as its words and not silent; nothing else appears."""
    heard = []
    made = generate(MANIFEST, tmp_path, ["zh", "en"], progress=lambda *what: heard.append(what[1:]))
    files = {f"{one.language}/{one.prompt}" for one in made}
    assert files == {"zh/welcome", "zh/sorry", "zh/own/offer", "en/welcome", "en/own/offer"}
    assert {str(file.relative_to(tmp_path)) for file in tmp_path.rglob("*") if file.is_file()} == {
        f"{file}.wav" for file in files
    }
    assert heard == [(done, 5) for done in range(1, 6)]
    catalogue = Catalogue(MANIFEST, tmp_path)
    assert catalogue.faults == []
    assert catalogue.missing(MANIFEST) == []
    for one in made:
        length_s = catalogue.sounds(one.prompt, one.language)[0].length_s
        assert length_s is not None
        assert 0.3 < length_s < 8
        assert loudness(one.path) > 8000


@speaks
def test_recordings_that_are_there_are_left_alone(tmp_path):
    """A second run makes nothing; `only_missing=False` makes it anew; a recording made by people survives."""
    one = Manifest(prompts={"sorry": Prompt(zh="对不起")})
    (tmp_path / "zh").mkdir()
    path = tmp_path / "zh" / "sorry.wav"
    path.write_bytes(b"recorded by people")
    assert generate(one, tmp_path, ["zh"]) == []
    assert path.read_bytes() == b"recorded by people"
    assert [made.path for made in generate(one, tmp_path, ["zh"], only_missing=False)] == [path]
    assert loudness(path) > 8000


def test_english_can_be_generated_where_debians_sounds_lack():
    """Without core sounds every English prompt is spoken."""
    bare = MANIFEST.without_core_sounds()
    assert not any(prompt.en_sounds for prompt in bare.prompts.values())
    assert bare.prompts["sorry"].en == "Sorry"


@pytest.mark.parametrize("tool", ["espeak-ng", "sox"])
def test_a_missing_tool_is_named_with_its_package(tmp_path, monkeypatch, tool):
    """The message says what to install, and nothing is written."""
    monkeypatch.setattr(shutil, "which", lambda name: None if name == tool else name)
    with pytest.raises(PromptError, match=f"{tool} is not installed: apt-get install {tool}"):
        generate(MANIFEST, tmp_path / "sounds", ["zh"])
    assert not (tmp_path / "sounds").exists()


@speaks
def test_a_failing_tool_is_quoted_and_leaves_no_file(tmp_path, monkeypatch):
    """espeak-ng's own words are in the message; no half-made prompt stays."""
    monkeypatch.setattr("ccd.prompts.generate._VOICES", {"zh": "xx-yy", "en": "en-us"})
    with pytest.raises(PromptError, match=r"espeak-ng failed: .*voice does not exist"):
        generate(MANIFEST, tmp_path, ["zh"])
    assert [file for file in tmp_path.rglob("*") if file.is_file() and file.name != "offer.wav"] == []


def test_a_folder_that_cannot_be_written_is_named(tmp_path, monkeypatch):
    """The message names the folder and the setting."""
    monkeypatch.setattr(shutil, "which", lambda name: name)
    (tmp_path / "zh").write_text("in the way")
    with pytest.raises(PromptError, match=r"zh: cannot be made .*prompts\.directory"):
        generate(Manifest(prompts={"sorry": Prompt(zh="对不起")}), tmp_path, ["zh"])
