"""Text from outside made safe to store and to show: caller names and numbers are hostile input."""

import unicodedata

MAX_TEXT = 128
"""Longer than any real name or number; a 4 KB display name is somebody's experiment."""

REPLACEMENT = "\ufffd"

_UNPRINTABLE = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})
"""Unicode categories: control, format (bidirectional overrides are), surrogate, private, unassigned."""


def clean(text: str, limit: int = MAX_TEXT) -> str:
    """Give the text with whatever cannot be printed replaced by U+FFFD, cut to `limit` characters."""
    text = text[:limit]
    if text.isascii() and text.isprintable():
        return text
    return "".join(REPLACEMENT if unicodedata.category(c) in _UNPRINTABLE else c for c in text)
