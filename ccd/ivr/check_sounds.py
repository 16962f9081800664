"""Prompts that flows name and nothing says yet, by language: what callers would not hear."""

from collections.abc import Callable, Iterator, Mapping

from ccd.config.flows import Flow
from ccd.config.problems import Location
from ccd.config.surveys import Survey
from ccd.ivr.check import Problem

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


def check_sounds(flows: Mapping[str, Flow], surveys: Mapping[str, Survey], says: Says) -> list[Problem]:
    """List every prompt once, at the first key that names it, with the languages that it lacks."""
    found: dict[str, Problem] = {}
    for at, prompt in _named(flows, surveys):
        lacking = [language for language in LANGUAGES if not says(prompt, language)]
        if lacking and prompt not in found:
            found[prompt] = _problem(at, prompt, lacking)
    return list(found.values())


def _named(flows: Mapping[str, Flow], surveys: Mapping[str, Survey]) -> Iterator[tuple[Location, str]]:
    for name, flow in flows.items():
        for node, model in flow.nodes.items():
            yield from ((("flows", name, "nodes", node, *key), prompt) for key, prompt in model.prompts())
    for name, survey in surveys.items():
        yield from ((("surveys", name, "prompt"), prompt) for prompt in survey.prompt)
        for key in ("invalid", "thanks"):
            if prompt := getattr(survey, key):
                yield ("surveys", name, key), prompt


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
