"""Chinese and English: what a user reads is written in English where it is said, and looked up here.

`_("…")` stands for gettext's function of that name: the English text is the key, `ccd.cli.chinese` has the
Chinese one. A test reads the sources and fails when a text has no translation, or the placeholders differ.
"""

import re
from collections.abc import Mapping
from typing import Any

from ccd.cli import chinese, text

_language = "en"

PROBLEMS = {
    "draining": "the daemon is stopping; nothing new is assigned",
    "ami_disconnected": "no connection to Asterisk's manager interface",
    "not_synchronised": "Asterisk's channels and phones are not known yet",
    "agi_full": "no room for more callers (asterisk.agi.max_sessions)",
    "database_down": "the database does not answer",
    "database_slow": "the database is slow; records wait in memory",
    "recordings_unwritable": "the recordings' folder cannot be written",
    "voicemail_unwritable": "callers cannot leave messages",
    "notices_dead": "notices did not arrive and were given up (ccd notice list --state dead)",
    "recordings_disk_low": "little room is left on the recordings' disk (recording.warn_free_mb)",
    "recordings_disk_full": "no room for recordings: new talks are not recorded (recording.stop_free_mb)",
    "config_rejected": "the configuration on disk was refused; the old one is in use (ccd check)",
    "no_agents": "callers wait where no agent is signed in",
    "outbound_many": "many calls to the outside in an hour: is it fraud?",
    "lookup_suspended": "a lookup fails and is not asked for a while",
}
"""`ccd.http.shapes.ProblemCode` in English; other codes are words as they stand."""


def use(language: str) -> None:
    """Speak `en` or `zh` from now on."""
    global _language  # noqa: PLW0603 - a process speaks one language
    _language = language


def language() -> str:
    """Give the language spoken: `en` or `zh`."""
    return _language


def _(english: str, /, **values: Any) -> str:
    """Give a text in the user's language, with its `{placeholders}` filled in."""
    template = chinese.TEXTS.get(english, english) if _language == "zh" else english
    return template.format(**values) if values else template


def word(code: str) -> str:
    """Give a code of the API (`in_call`, `no_answer`, `ami_disconnected`) as people say it."""
    if _language == "zh" and code in chinese.WORDS:
        return chinese.WORDS[code]
    return PROBLEMS.get(code) or text.clean(code.replace("_", " "))


def led_to(result: str) -> str:
    """Give what a flow's node led to (`not_listed`, `case 2`, a digit) as people say it."""
    if _language == "zh" and result in chinese.LED_TO:
        return chinese.LED_TO[result]
    return phrase(word(result))


def phrase(english: str) -> str:
    """Give a phrase that the routing engine made (`idle 12.4 s`) in the user's language."""
    if _language == "zh":
        for pattern, template in chinese.PHRASES:
            if found := re.fullmatch(pattern, english):
                return text.clean(template.format(*found.groups()))
    return text.clean(english)


def frame(page: str) -> str:
    """Put the words that Typer itself writes on a help page into the user's language."""
    if _language == "zh":
        for pattern, replacement in chinese.FRAME:
            page = re.sub(pattern, replacement, page, flags=re.MULTILINE)
    return page


def label(labels: Mapping[str, str]) -> str:
    """Choose a display name by language: the user's, else English, else any."""
    return text.clean(labels.get(_language) or labels.get("en") or next(iter(labels.values()), ""))
