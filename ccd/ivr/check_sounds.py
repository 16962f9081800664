"""Prompts that are named and that nothing says yet, by language: what callers would not hear."""

from collections.abc import Callable, Iterable

from ccd.config.problems import Location
from ccd.ivr.problems import Problem

LANGUAGES = {"en": "英文", "zh": "中文"}

NOTHING_YET = Problem(
    at=("prompts", "directory"),
    message="holds no prompts yet: callers hear only what Asterisk's English sounds say",
    remedy="ccd prompt generate",
    message_zh="目录中还没有提示音：来电者只能听到 Asterisk 自带的英文语音",
    remedy_zh="执行 ccd prompt generate",
)
"""For a new house: one line instead of one for each prompt."""

Says = Callable[[str, str], bool]
"""Whether a prompt (first) has a sound in a language (second)."""


def check_sounds(named: Iterable[tuple[Location, str]], says: Says) -> list[Problem]:
    """List every prompt once, at the first key that names it, with the languages that it lacks."""
    found: dict[str, Problem] = {}
    for at, prompt in named:
        lacking = [language for language in LANGUAGES if not says(prompt, language)]
        if lacking and prompt not in found:
            found[prompt] = _problem(at, prompt, lacking)
    return list(found.values())


def _problem(at: Location, prompt: str, lacking: list[str]) -> Problem:
    silent = len(lacking) == len(LANGUAGES)
    words, words_zh = " and ".join(lacking), "和".join(LANGUAGES[language] for language in lacking)
    heard, heard_zh = (
        ("callers hear nothing there", "来电者在此听不到声音")
        if silent
        else ("callers hear the other language", "来电者会听到另一种语言")
    )
    return Problem(
        at=at,
        message=f"prompt {prompt!r} has no sound in {words}: {heard}",
        remedy=f"run ccd prompt generate, or record it: ccd prompt record {prompt}",
        message_zh=f"提示音 {prompt!r} 没有{words_zh}声音：{heard_zh}",
        remedy_zh=f"执行 ccd prompt generate，或录制：ccd prompt record {prompt}",
    )
