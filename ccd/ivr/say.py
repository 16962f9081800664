"""What is said for a number, digits, a place in the queue, a date, a time: ids of prompts, in order.

Pure; the two languages have modules of their own, since they share no grammar. The ids stand in the prompt
manifest, with the words behind them.
"""

from collections.abc import Callable
from datetime import date, time
from types import ModuleType

from ccd.ivr import say_en, say_zh

MAX_NUMBER = 999_999_999_999
"""Numbers beyond are said digit by digit."""

_SYMBOLS = {"*": "star", "#": "pound", "+": "plus"}


def _speaker(language: str) -> ModuleType:
    return say_zh if language == "zh" else say_en


def number(value: int, language: str) -> tuple[str, ...]:
    """Say a whole number: 101 is `one hundred one`, 一百零一."""
    if abs(value) > MAX_NUMBER:
        return digits(str(value), language)
    sign = ("minus",) if value < 0 else ()
    said: Callable[[int], tuple[str, ...]] = _speaker(language).number
    return (*sign, *said(abs(value)))


def digits(text: str, language: str) -> tuple[str, ...]:
    """Say digits one by one, with `*`, `#`, `+` and a leading minus; other characters are passed over.

    In Chinese 1 is read 幺, as in telephone and staff numbers.
    """
    one = "yao" if language == "zh" else "n-1"
    said: list[str] = ["minus"] if text.startswith("-") else []
    for character in text:
        if character in _SYMBOLS:
            said.append(_SYMBOLS[character])
        elif character in "0123456789":
            said.append(one if character == "1" else f"n-{character}")
    return tuple(said)


def position(place: int, language: str) -> tuple[str, ...]:
    """Say where a caller stands, 1 for the first: "you are caller number 3", 您前面还有两位."""
    if place <= 1:
        return ("queue-next",)
    words: tuple[str, ...] = _speaker(language).count_in_line(place)
    return ("queue-position", *words, "queue-position-end")


def day(value: date, language: str) -> tuple[str, ...]:
    """Say weekday, month and day: "Saturday, November twenty first", 十一月二十一日星期六."""
    said: tuple[str, ...] = _speaker(language).day(value)
    return said


def clock(value: time, language: str) -> tuple[str, ...]:
    """Say hour and minute: "two oh five p m", 下午两点零五分."""
    said: tuple[str, ...] = _speaker(language).clock(value)
    return said
