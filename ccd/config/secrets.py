"""Passwords in the configuration: never shown, and safe to write into Asterisk's files.

Asterisk's configuration files know no quoting: `;` begins a comment, `=>` is an operator, blanks at the ends
are lost. So some characters are refused here, where it can be explained, rather than found out by a phone
that cannot register.
"""

import re
from typing import Annotated

from pydantic import AfterValidator, SecretStr

_SAFE = re.compile(r"[!#-:<=?-\[\]-~]*")
MAX_LENGTH = 128


def _check(secret: SecretStr) -> SecretStr:
    text = secret.get_secret_value()
    if len(text) > MAX_LENGTH:
        raise ValueError(f"is longer than {MAX_LENGTH} characters")
    if _SAFE.fullmatch(text) is None:
        raise ValueError('may hold printable ASCII only, without blanks and without ; > " \\')
    return secret


Secret = Annotated[SecretStr, AfterValidator(_check)]
