"""Fills the templates of Asterisk's files; `@{name}` marks a blank, for the dialplan itself uses `${…}`."""

import string
from importlib import resources


class ConfTemplate(string.Template):
    """A template whose blanks are `@{name}`."""

    delimiter = "@"


def fill(file: str, **blanks: object) -> str:
    """Read the template of `file` and fill it. Raises KeyError when a blank is left open."""
    text = (resources.files("ccd.asterisk") / "templates" / file).read_text(encoding="utf-8")
    return ConfTemplate(text).substitute(blanks)
