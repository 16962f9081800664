"""What is said for a number, money, digits, a telephone number, a date, a time …: ids of prompts, in order.

Pure; the two languages have modules of their own, since they share no grammar. The ids stand in the prompt
manifest, with the words behind them. `ccd.ivr.values` reads these things from what a flow holds.
"""

from datetime import date, datetime, time
from decimal import ROUND_HALF_UP, Context, Decimal
from types import ModuleType

from ccd.ivr import say_en, say_zh

MAX_NUMBER = 999_999_999_999
"""Numbers beyond are said digit by digit."""
PAUSE = "pause"
"""A prompt that is silent: between the groups of a telephone number."""

_SYMBOLS = {"*": "star", "#": "pound", "+": "plus"}
_WITHOUT_PARTS = frozenset({"JPY", "KRW"})
"""Currencies that nobody divides."""
_EXACT = Context(prec=100)
"""No number that ccd reads has so many digits: nothing is rounded but where that is asked for."""
_SPANS_S = (86_400, 3_600, 60, 1)


def _speaker(language: str) -> ModuleType:
    return say_zh if language == "zh" else say_en


def number(value: int | Decimal, language: str) -> tuple[str, ...]:
    """Say a number: 101 is `one hundred one`, 一百零一; decimals digit by digit behind `point`, 点."""
    sign = ("minus",) if value < 0 else ()
    whole, _, decimals = f"{Decimal(value).copy_abs():f}".partition(".")
    said = _whole(int(whole), language)
    behind = ("point", *(f"n-{digit}" for digit in decimals)) if decimals else ()
    return (*sign, *said, *behind)


def _whole(value: int, language: str) -> tuple[str, ...]:
    if value > MAX_NUMBER:
        return digits(str(value), language)
    said: tuple[str, ...] = _speaker(language).number(value)
    return said


def ordinal(value: int, language: str) -> tuple[str, ...]:
    """Say a place in an order: `twenty first`, 第二十一; from 0 to `MAX_NUMBER`."""
    said: tuple[str, ...] = _speaker(language).ordinal(value)
    return said


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


def phone(groups: tuple[str, ...], language: str) -> tuple[str, ...]:
    """Say a telephone number in its groups, with a pause between them (see `ccd.ivr.values.phone_groups`)."""
    said: list[str] = []
    for group in groups:
        said += [PAUSE] if said else []
        said += digits(group, language)
    return tuple(said)


def money(amount: Decimal, currency: str, language: str) -> tuple[str, ...]:
    """Say an amount of an ISO 4217 currency that `ccd.config.flows.Currency` has.

    101.5 CNY is `one hundred one yuan and fifty fen`, 一百零一元五角. Rounded half up to the smallest part
    that the currency has; what rounds to nothing has no minus. Empty beyond `MAX_NUMBER`.
    """
    places = 0 if currency in _WITHOUT_PARTS else 2
    rounded = amount.quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP, _EXACT)
    units, hundredths = divmod(int(rounded.copy_abs().scaleb(2, _EXACT)), 100)
    if units > MAX_NUMBER:
        return ()
    said: tuple[str, ...] = _speaker(language).money(units, hundredths, currency)
    return ("minus", *said) if rounded < 0 else said


def position(place: int, language: str) -> tuple[str, ...]:
    """Say where a caller stands, 1 for the first: "you are caller number 3", 您前面还有两位."""
    if place <= 1:
        return ("queue-next",)
    words: tuple[str, ...] = _speaker(language).count_in_line(place)
    return ("queue-position", *words, "queue-position-end")


def day(value: date, language: str, *, with_year: bool = False) -> tuple[str, ...]:
    """Say weekday, month and day, year if wanted: `Saturday November twenty first`, 十一月二十一日星期六."""
    said: tuple[str, ...] = _speaker(language).day(value, with_year=with_year)
    return said


def near_day(value: date, today: date, language: str) -> tuple[str, ...]:
    """Say `today`, 明天 and the like; nothing for a date that has no such word."""
    said: tuple[str, ...] = _speaker(language).near_day((value - today).days)
    return said


def clock(value: time, language: str) -> tuple[str, ...]:
    """Say hour and minute: "two oh five p m", 下午两点零五分."""
    said: tuple[str, ...] = _speaker(language).clock(value)
    return said


def moment(day_said: tuple[str, ...], value: datetime, language: str) -> tuple[str, ...]:
    """Say a day, in words that are chosen already, and the time of it."""
    said: tuple[str, ...] = _speaker(language).moment(day_said, value.time())
    return said


LONG_WAIT_MIN = 10
"""Beyond, a wait is told in steps of five minutes."""


def wait(seconds: float, language: str) -> tuple[str, ...]:
    """Say how long a caller will about wait: "about three minutes", 大约三分钟."""
    minutes = int(seconds / 60 + 0.5)
    if minutes > LONG_WAIT_MIN:
        minutes = 5 * int(seconds / 300 + 0.5)
    if seconds < 60:
        return ("queue-wait-short",)
    return ("queue-wait", *duration(60 * minutes, language))


def duration(seconds: int, language: str) -> tuple[str, ...]:
    """Say a length of time from 0 s on: "two minutes five seconds", 两分零五秒."""
    parts = []
    for span_s in _SPANS_S:
        amount, seconds = divmod(seconds, span_s)
        parts.append(amount)
    said: tuple[str, ...] = _speaker(language).duration(tuple(parts))
    return said
