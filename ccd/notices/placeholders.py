"""What stands in braces in a command's arguments and text is filled in; nothing else is touched.

The values come from callers. They are shown as text: control and bidirectional characters are gone, and at
the head of an argument no `-` makes an option of them. There is no shell.
"""

import re
import unicodedata
from collections.abc import Mapping

_PLACEHOLDER = re.compile(r"\{([a-z_]+)\}")
_HARMFUL = frozenset({"Cc", "Cf", "Cs", "Zl", "Zp"})
MAX_VALUE = 256


def clean(value: object) -> str:
    """Give a value on one line, bounded, without what lies about itself."""
    text = "" if value is None else str(value)[:MAX_VALUE]
    return "".join(char for char in text if unicodedata.category(char) not in _HARMFUL)


def fill(text: str, values: Mapping[str, object]) -> str:
    """Fill a text in; a name that is not known stays as it is."""
    return _PLACEHOLDER.sub(lambda found: clean(values[found[1]]) if found[1] in values else found[0], text)


def argument(text: str, values: Mapping[str, object]) -> str:
    """Fill one argument in; a caller's text never begins an option."""
    filled = fill(text, values)
    return filled if text.startswith("-") else filled.lstrip("-")
