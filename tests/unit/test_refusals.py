"""Whatever ccd refuses is said in Chinese too: read from the sources, so that none can be forgotten."""

import ast
import string
from collections.abc import Iterator
from pathlib import Path

import pytest

import ccd
from ccd.cli.chinese import WORDS as CLI_WORDS
from ccd.errors import AmiActionError, NotFoundError, RefusedError
from ccd.model import AgentState, DialStatus
from ccd.refusals import told, translated
from ccd.refusals.chinese import (
    AGENTS,
    BODIES,
    CALLS,
    DATABASE,
    QUEUES,
    REQUESTS,
    SOUNDS,
    STARTING,
    TEXTS,
    WORDS,
)

HOUSE = Path(ccd.__file__).parent
REFUSALS = {
    *("RefusedError", "NotFoundError", "PromptError", "StorageError", "BadRequestError"),
    *("InTalkError", "OwesDispositionError", "BreakUsedUpError"),
}
"""What people are told when they ask for something; each site has a reason, or lists faults that have."""
ROOMS_OF_THEIR_OWN = {"cli"}
"""Rooms that put what they say into the user's language where they say it."""


def raised() -> Iterator[tuple[str, str | None, str, set[str]]]:
    """Read every error with words: where, its reason, its text, the names of its values."""
    for path in sorted(HOUSE.rglob("*.py")):
        if path.relative_to(HOUSE).parts[0] in ROOMS_OF_THEIR_OWN:
            continue
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Name)):
                continue
            given = {each.arg: each.value for each in node.keywords if each.arg}
            reason = given.get("reason")
            known = isinstance(reason, ast.Constant) and node.func.id.endswith("Error")
            if (node.func.id in REFUSALS and "faults" not in given) or known:
                where = f"{path.relative_to(HOUSE)}:{node.lineno}"
                text = ast.literal_eval(node.args[0]) if isinstance(node.args[0], ast.Constant) else ""
                names = set(given) - {"reason", "allowed"}
                yield where, reason.value if isinstance(reason, ast.Constant) else None, text, names


def placeholders(text: str) -> set[str]:
    return {name for _literal, name, _spec, _conversion in string.Formatter().parse(text) if name}


def test_every_refusal_has_a_reason_and_its_values():
    """A text made of f-strings cannot be translated; a value that no text names helps nobody."""
    without = [where for where, reason, _text, _names in raised() if reason is None]
    assert without == [], "write RefusedError('no {x}', reason='no_x', x=…); its Chinese is in ccd/refusals"
    assert {where: names for where, _, text, names in raised() if placeholders(text) != names} == {}


def test_every_reason_has_chinese_words_and_every_chinese_word_a_reason():
    """With the same placeholders; and no dead entry, none that stands twice."""
    said = {reason: text for _where, reason, text, _names in raised()}
    assert said.keys() == TEXTS.keys() - BODIES.keys()
    differing = {
        reason for reason, text in said.items() if not placeholders(TEXTS[reason]) <= placeholders(text)
    }
    assert differing == set()
    assert len(TEXTS) == sum(map(len, (AGENTS, CALLS, QUEUES, SOUNDS, REQUESTS, BODIES, DATABASE, STARTING)))


def test_one_reason_is_one_text():
    """Programs may rely on what a reason means."""
    texts: dict[str | None, set[str]] = {}
    for _where, reason, text, _names in raised():
        texts.setdefault(reason, set()).add(text)
    assert {reason: text for reason, text in texts.items() if len(text) > 1} == {}


def test_codes_within_refusals_are_the_command_lines_words():
    """One thing has one word."""
    assert {code: word for code, word in WORDS.items() if code in CLI_WORDS and CLI_WORDS[code] != word} == {}
    assert {state.value for state in AgentState} <= WORDS.keys()


@pytest.mark.parametrize(
    ("error", "english", "chinese"),
    [
        (
            RefusedError(
                "phone {extension} was not answered: {status}",
                reason="phone_not_answered",
                extension="1001",
                status=DialStatus.BUSY,
            ),
            "phone 1001 was not answered: BUSY",
            "话机 1001 未接听：忙",
        ),
        (
            NotFoundError(
                faults=[
                    NotFoundError("there is no agent {agent}", reason="no_agent", agent="8001"),
                    NotFoundError("there is no agent {agent}", reason="no_agent", agent="8002"),
                ]
            ),
            "there is no agent 8001; there is no agent 8002",
            "没有坐席 8001；没有坐席 8002",
        ),
        (
            RefusedError(
                "agent {agent}: {problem}",
                reason="fault_of_agent",
                agent="8001",
                problem=RefusedError("the PIN must be 4–32 digits: it is typed on a phone", reason="bad_pin"),
            ),
            "agent 8001: the PIN must be 4–32 digits: it is typed on a phone",
            "坐席 8001：PIN 须为 4–32 位数字：要在话机上输入",
        ),
        (AmiActionError("Hangup: No such channel"), "Hangup: No such channel", "Hangup: No such channel"),
        (
            RefusedError("{number!r} is no number", reason="no_number", number="{agent}"),
            "'{agent}' is no number",
            "{agent} 不是号码：只能是数字，最多 32 位",
        ),
    ],
    ids=["code", "several", "nested", "no-reason", "braces"],
)
def test_an_error_is_told_in_both_languages(error, english: str, chinese: str):
    """Codes as words, several faults one after the other, one within the other; English where none is."""
    assert told(error, "en") == str(error) == english
    assert told(error, "zh") == chinese


def test_a_fault_of_the_api_is_said_again_by_its_reason():
    """Nothing where there is no translation."""
    assert translated("no_agent", {"agent": "8001"}, "zh") == "没有坐席 8001"
    assert translated("no_agent", {"agent": "8001"}, "en") == ""
    assert translated("", {}, "zh") == ""
