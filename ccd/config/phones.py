"""Phones that ccd renders for a plain Asterisk, what they may dial, and their feature codes."""

from itertools import permutations
from typing import Annotated, Self

from pydantic import Field, SecretStr, StringConstraints, model_validator

from ccd.config.base import Digits, Name, Section
from ccd.config.secrets import Secret

FeatureCode = Annotated[str, StringConstraints(pattern=r"^[*#][0-9]{1,6}$")]
DialPattern = Annotated[
    str, StringConstraints(pattern=r"^\+?([0-9XZN]|\[[0-9]+(-[0-9]+)*\])+\.?$", max_length=64)
]
"""An outside number as Asterisk's dialplan has it: digits, X (0-9), Z (1-9), N (2-9), [1-5], a final `.`."""


class Phone(Section):
    """One SIP phone."""

    extension: Digits
    password: Secret = SecretStr("")
    """What the phone registers with; better in a file of its own, by password_file."""
    password_file: str | None = None

    @model_validator(mode="after")
    def _has_password(self) -> Self:
        if not self.password.get_secret_value():
            raise ValueError("needs password or password_file")
        return self


class Outbound(Section):
    """Outside numbers that phones may dial: only what `allow` names, and never what `deny` names."""

    allow: tuple[DialPattern, ...] = ()
    deny: tuple[DialPattern, ...] = ()
    max_digits: Annotated[int, Field(ge=3, le=32)] = 20


class BreakReason(Section):
    """A reason for a break, chosen by its digit."""

    code: Name
    en: Annotated[str, Field(min_length=1, max_length=64)]
    zh: Annotated[str, Field(min_length=1, max_length=64)]


class FeatureCodes(Section):
    """What agents dial on their phones."""

    sign_in: FeatureCode = "*11"
    sign_out: FeatureCode = "*12"
    pause: FeatureCode = "*13"
    ready: FeatureCode = "*14"
    wrap_up_done: FeatureCode = "*15"

    @model_validator(mode="after")
    def _unambiguous(self) -> Self:
        for (one, code), (other, longer) in permutations(self, 2):
            if longer.startswith(code):
                raise ValueError(f"{other} ({longer}) begins with {one} ({code}); they must differ")
        return self
