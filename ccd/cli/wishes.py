"""What may be said anywhere on the command line: which daemon, which configuration, which language.

They are taken out before Typer sees the line, so that `ccd queue list --lang zh` and `ccd --lang zh queue
list` are the same, and so that a plain `ccd status` need not load what checks option values (50 ms).
"""

import os
from collections.abc import Sequence
from dataclasses import dataclass

from ccd.errors import CcdError

_OPTIONS = ("--socket", "--config", "--lang")
LANGUAGES = ("en", "zh")


class UsageError(CcdError):
    """The command line is wrong."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wishes:
    """Where to go and how to speak. None: find out."""

    socket: str | None = None
    config: str | None = None
    language: str = "en"


def take_wishes(line: Sequence[str]) -> tuple[Wishes, list[str]]:
    """Split a command line into the options that go anywhere, and the rest in its order."""
    found: dict[str, str] = {}
    rest: list[str] = []
    words = iter(line)
    for word in words:
        if word == "--":
            rest += [word, *words]
            break
        option, equals, value = word.partition("=")
        if option not in _OPTIONS:
            rest.append(word)
            continue
        if not equals:
            value = next(words, "")
        if not value:
            raise UsageError(f"{option} needs a value")
        found[option] = value
    return (
        Wishes(
            socket=found.get("--socket") or os.environ.get("CCD_SOCKET") or None,
            config=found.get("--config") or os.environ.get("CCD_CONFIG") or None,
            language=_language(found.get("--lang")),
        ),
        rest,
    )


def _language(wanted: str | None) -> str:
    if wanted is not None and wanted not in LANGUAGES:
        raise UsageError(f"--lang {wanted!r}: use en or zh")
    if wanted is None:
        wanted = next(
            (
                value
                for key in ("CCD_LANG", "LC_ALL", "LC_MESSAGES", "LANG")
                if (value := os.environ.get(key))
            ),
            "en",
        )
    return "zh" if wanted.lower().startswith("zh") else "en"
