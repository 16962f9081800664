"""The manifest: what ships is complete in both languages, and a broken one says all that is wrong."""

import re

import pytest

from ccd.errors import PromptError
from ccd.prompts.manifest import PROMPT_ID, Manifest

WORDS_OF_ONE_LANGUAGE = re.compile(
    r"n-\d\d|nth-\w+|million|billion|oclock|oh|wan|yi|liang|yao|ri|before-dawn|noon|evening|dian|fen|di|nian|"
    r"day-after-tomorrow|at|and|(day|hour|minute|second|usd|eur|gbp|hkd|twd|sgd|aud|cad)-1|jiao|cny-fen|cent|"
    r"penny|eur-cents"
)


def test_every_prompt_but_grammar_words_is_said_in_both_languages():
    """Chinese and English callers hear the same things; only number words differ."""
    one_sided = {name for name, prompt in Manifest.shipped().prompts.items() if not (prompt.zh and prompt.en)}
    assert {name for name in one_sided if not WORDS_OF_ONE_LANGUAGE.fullmatch(name)} == set()


def test_ids_are_safe_as_file_names():
    """An id is a path below the prompt folder and nothing else."""
    assert all(re.fullmatch(PROMPT_ID, name) for name in Manifest.shipped().prompts)


def test_the_other_language_is_offered_in_its_own_voice():
    """Who speaks no Chinese hears the offer of English in English."""
    prompt = Manifest.shipped().prompts["other-language"]
    assert (prompt.text("zh"), prompt.voice("zh")) == ("For English, press 9.", "en")
    assert prompt.voice("en") == "zh"


def test_misread_words_may_be_spelled_for_the_synthesiser():
    """`spoken` is read aloud, the words themselves are shown."""
    prompt = Manifest.shipped().prompts["before-dawn"]
    assert (prompt.text("zh"), prompt.script("zh")) == ("凌晨", "ling2chen2")
    assert Manifest.shipped().prompts["welcome"].script("en") == "Welcome to our customer service line."


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("welcome: {zh: 你好, en: hello, fr: salut}", "welcome.fr"),
        ("welcome: {}", "welcome: .*words in zh or en"),
        ("../etc/passwd: {en: hello}", "should match pattern"),
        ('bell: {en: "a\\a"}', "bell.en"),
        ("- welcome", "valid dictionary"),
        ("welcome: {zh: [", "is not YAML"),
    ],
)
def test_a_broken_manifest_names_file_and_key(tmp_path, text, says):
    """Each fault is told with where it stands."""
    path = tmp_path / "own.yaml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(PromptError, match=says) as caught:
        Manifest.load(path)
    assert str(path) in str(caught.value)


def test_a_manifest_that_is_not_there_is_named(tmp_path):
    """The message names the file."""
    with pytest.raises(PromptError, match=r"none\.yaml: cannot be read"):
        Manifest.load(tmp_path / "none.yaml")


def test_a_house_has_words_of_its_own():
    """New prompts, and other words for known ones: those are no longer said by Asterisk's sounds."""
    manifest = Manifest.with_own(
        {"news": {"zh": "停电", "spoken": {"zh": "ting2dian4"}}, "goodbye": {"en": "So long."}}
    )
    assert (manifest.prompts["news"].text("zh"), manifest.prompts["news"].script("zh")) == (
        "停电",
        "ting2dian4",
    )
    assert (manifest.prompts["goodbye"].en, manifest.prompts["goodbye"].en_sounds) == ("So long.", ())
    assert manifest.prompts["goodbye"].zh == Manifest.shipped().prompts["goodbye"].zh
    assert "news" not in Manifest.shipped().prompts


def test_own_words_drop_how_the_shipped_ones_were_spoken():
    """A pinyin for words that are no longer there would be read in their place."""
    manifest = Manifest.with_own({"before-dawn": {"zh": "清晨"}, "other-language": {"zh": "英语请按九。"}})
    assert manifest.prompts["before-dawn"].script("zh") == "清晨"
    assert manifest.prompts["other-language"].voice("zh") == "zh"
    assert manifest.prompts["other-language"].voice("en") == "zh"
