"""What ccd says when it cannot do what was asked, in the language of whoever asked.

English stands where an error is raised (`ccd.errors.CcdError`), Chinese in `ccd.refusals.chinese` by the
error's reason. A test reads the sources and fails when a reason has no Chinese, or its placeholders differ.
"""

from collections.abc import Mapping
from enum import StrEnum

from ccd.errors import CcdError, ConfigError
from ccd.refusals.chinese import TEXTS, WORDS


def told(error: CcdError, language: str) -> str:
    """Say an error in `en` or `zh`; English where there is no translation."""
    if isinstance(error, ConfigError):
        return error.text(language)
    if language != "zh":
        return str(error)
    if error.faults and not error.reason:
        return "；".join(told(each, language) for each in error.faults)
    values = {name: _value(value) for name, value in error.values.items()}
    return translated(error.reason, values, language) or str(error)


def translated(reason: str, values: Mapping[str, object], language: str) -> str:
    """Say a fault that is known by its reason and values alone; empty where there is no translation."""
    template = TEXTS.get(reason) if language == "zh" else None
    return template.format(**values) if template is not None else ""


def _value(value: object) -> object:
    if isinstance(value, CcdError):
        return told(value, "zh")
    return WORDS.get(value.value, value.value) if isinstance(value, StrEnum) else value
