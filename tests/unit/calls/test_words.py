"""What agents are told of figures, as the words of the prompts."""

import pytest

from ccd.calls.feature_codes.words import duration, waiting
from ccd.prompts.manifest import Manifest

PROMPTS = Manifest.shipped().prompts


def spoken(prompts, language: str) -> str:
    """Read prompts out; every one has words in the language."""
    texts = [PROMPTS[name].text(language) for name in prompts]
    assert None not in texts, prompts
    return ("" if language == "zh" else " ").join(text for text in texts if text)


@pytest.mark.parametrize(
    ("count", "english", "chinese"),
    [
        (0, "No calls are waiting.", "没有来电在等待。"),
        (1, "One call is waiting.", "有一个来电在等待。"),
        (2, "There are two calls waiting.", "有两个来电在等待。"),
        (21, "There are twenty one calls waiting.", "有二十一个来电在等待。"),
    ],
)
def test_waiting_calls_are_counted_in_good_grammar(count, english, chinese):
    """One, two and many, in both languages."""
    assert spoken(waiting(count, "en"), "en") == english
    assert spoken(waiting(count, "zh"), "zh") == chinese


@pytest.mark.parametrize(
    ("seconds", "english", "chinese"),
    [
        (0.4, "zero seconds", "零秒"),
        (1.2, "one second", "一秒"),
        (2, "two seconds", "两秒"),
        (59.4, "fifty nine seconds", "五十九秒"),
        (59.6, "one minute", "一分钟"),
        (125, "two minutes", "两分钟"),
        (3600, "one hour", "一小时"),
        (7500, "two hours five minutes", "两小时五分钟"),
        (-5, "zero seconds", "零秒"),
    ],
)
def test_a_duration_is_said_as_one_would(seconds, english, chinese):
    """Seconds up to a minute, then minutes, then hours and minutes."""
    assert spoken(duration(seconds, "en"), "en") == english
    assert spoken(duration(seconds, "zh"), "zh") == chinese
