"""What is wrong in a configuration, and where; what is said of it stands in `ccd.config.texts`."""

from dataclasses import dataclass
from typing import Any

from pydantic_core import PydanticCustomError

from ccd.config.texts import TEXTS
from ccd.errors import ConfigProblem

Location = tuple[str | int, ...]


@dataclass(frozen=True, slots=True)
class Place:
    """Where a key stands; `line` counts from 1, None where there are no lines."""

    file: str
    line: int | None = None

    def __str__(self) -> str:
        """Write it as `ccd.yaml:12`."""
        return self.file if self.line is None else f"{self.file}:{self.line}"


def written(location: Location) -> str:
    """Write a location as people do: `phones[2].password`."""
    text = ""
    for key in location:
        text += f"[{key}]" if isinstance(key, int) else f".{key}" if text else key
    return text


def refusal(code: str, /, **blanks: object) -> PydanticCustomError:
    """Give what a validator raises to refuse a value in the words of `TEXTS`."""
    sentence: Any = f"{TEXTS[code].message}; {TEXTS[code].remedy}"
    name: Any = code
    return PydanticCustomError(name, sentence, blanks)


def problem(code: str, place: Place, at: Location = (), /, **blanks: object) -> ConfigProblem:
    """Say what is wrong at a place; `code` is a key of `TEXTS`."""
    message, remedy, message_zh, remedy_zh = (text.format(**blanks) for text in TEXTS[code])
    return ConfigProblem(
        file=place.file,
        line=place.line,
        key=written(at),
        message=message,
        remedy=remedy,
        message_zh=message_zh,
        remedy_zh=remedy_zh,
    )
