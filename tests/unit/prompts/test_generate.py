"""Generating prompts: what is made, what is left alone, and what is said when it cannot be done."""

import array
import shutil
import wave
from pathlib import Path

import pytest

from ccd.errors import PromptError
from ccd.prompts.catalogue import Catalogue
from ccd.prompts.files import versions
from ccd.prompts.generate import generate
from ccd.prompts.ledger import Ledger
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
        ".generated.json",
        *(f"{file}.wav" for file in files),
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


@speaks
def test_what_was_generated_is_made_anew_when_its_words_change(tmp_path):
    """Only that one; what people recorded over a generated file is theirs from then on."""
    before = Manifest(
        prompts={"sorry": Prompt(zh="对不起"), "news": Prompt(zh="停电"), "bye": Prompt(zh="再见")}
    )
    generate(before, tmp_path, ["zh"])
    (tmp_path / "zh" / "bye.wav").write_bytes(b"recorded by people")
    after = Manifest(
        prompts={"sorry": Prompt(zh="对不起"), "news": Prompt(zh="停水"), "bye": Prompt(zh="走好")}
    )
    assert [made.prompt for made in generate(after, tmp_path, ["zh"])] == ["news"]
    assert generate(after, tmp_path, ["zh"]) == []
    assert (tmp_path / "zh" / "bye.wav").read_bytes() == b"recorded by people"


@speaks
def test_a_recording_that_is_replaced_on_demand_is_kept_as_a_version(tmp_path):
    """`only_missing=False` replaces it; what was generated before needs no keeping."""
    one = Manifest(prompts={"sorry": Prompt(zh="对不起")})
    (tmp_path / "zh").mkdir()
    (tmp_path / "zh" / "sorry.wav").write_bytes(b"recorded by people")
    (tmp_path / "zh" / "sorry.wav16").write_bytes(b"the same for wide-band phones")
    for _ in range(2):
        generate(one, tmp_path, ["zh"], only_missing=False)
    (kept,) = versions(tmp_path, "zh", "sorry")
    assert kept.read_bytes() == b"recorded by people"
    assert not (tmp_path / "zh" / "sorry.wav16").exists()


@speaks
def test_a_pause_is_silent_and_as_long_as_it_says(tmp_path):
    """Between the groups of a telephone number."""
    generate(Manifest(prompts={"pause": Prompt(zh="，", silence_s=0.25)}), tmp_path, ["zh"])
    assert loudness(tmp_path / "zh" / "pause.wav") <= 1  # dither
    assert Catalogue(MANIFEST, tmp_path).sounds("pause", "zh")[0].length_s == pytest.approx(0.25)


@pytest.mark.parametrize("told", ["", "no json", "[]", '{"zh/sorry": 1}', '{"zh/sorry": ["a"]}'])
def test_a_broken_ledger_makes_every_file_a_recording(tmp_path, told):
    """Rather than overwriting what people recorded."""
    (tmp_path / ".generated.json").write_text(told)
    (tmp_path / "zh").mkdir()
    (tmp_path / "zh" / "sorry.wav").write_bytes(b"recorded by people")
    assert not Ledger.load(tmp_path).is_ours("zh/sorry")
    assert generate(Manifest(prompts={"sorry": Prompt(zh="对不起")}), tmp_path, ["zh"]) == []


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
