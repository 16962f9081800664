"""Passwords in the configuration: never shown, and safe to write into Asterisk's files.

Asterisk's configuration files know no quoting: `;` begins a comment, `=>` is an operator, blanks at the ends
are lost. So some characters are refused here, where it can be explained, rather than found out by a phone
that cannot register.
"""

import re
from typing import Annotated

from pydantic import AfterValidator, SecretStr

from ccd.config.problems import refusal

_SAFE = re.compile(r"[!#-:<=?-\[\]-~]*")
MAX_LENGTH = 128


def _check(secret: SecretStr) -> SecretStr:
    text = secret.get_secret_value()
    if len(text) > MAX_LENGTH:
        raise refusal("secret_length", limit=MAX_LENGTH)
    if _SAFE.fullmatch(text) is None:
        raise refusal("secret_characters")
    return secret


Secret = Annotated[SecretStr, AfterValidator(_check)]
