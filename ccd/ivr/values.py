"""What a `say` node reads: a text from a variable, understood as number, money, date …, and put into prompts.

Texts come from callers and other systems: each is read by a strict form, bounded in length, and whatever
does not fit is no value. Amounts are decimals throughout, never floats. Pure.
"""

import re
from collections.abc import Callable
from datetime import date, datetime, time, tzinfo
from decimal import ROUND_HALF_UP, Decimal
from itertools import islice

from ccd.config.flows import Currency, Say, SayKind
from ccd.ivr import say

_MAX_LENGTH = 40
_NUMBER = re.compile(r"[+-]?([0-9]+|[0-9]{1,3}(,[0-9]{3})+)(\.[0-9]+)?")
_WHOLE = re.compile(r"[0-9]+")
_TIME = re.compile(r"T?([0-9]{2}):?([0-9]{2})(:?[0-9]{2}(\.[0-9]+)?)?")
_PHONE = re.compile(r"\+?[0-9*#]+")
_BETWEEN_GROUPS = re.compile(r"[\s().-]+")
_GROUPS = {6: (3, 3), 7: (3, 4), 8: (4, 4), 9: (3, 3, 3), 10: (3, 3, 4), 11: (3, 4, 4), 12: (4, 4, 4)}
"""How people split numbers by their length; shorter ones are one group, longer ones fours."""
_TWO_DIGIT_CODES = re.compile("2[07]|3[0-469]|4[013-9]|5[1-8]|6[0-6]|8[1246]|9[0-58]")
"""Country codes (ITU-T E.164); those that begin with 1 and 7 have one digit, the others three."""
_LONGEST_SPAN_S = 366 * 86_400


def spoken(node: Say, value: str | None, now: datetime, language: str) -> tuple[str, ...]:
    """Give the prompts that say a value as the node wants it; empty when it cannot be read so.

    `value` None: the present date or time. `now` is aware, in the time zone of what is said.
    """
    text = None if value is None else value.strip()
    if text is not None and len(text) > _MAX_LENGTH:
        return ()
    if node.say in _TIMES:
        return _of_time(node, text, now, language)
    return _READERS[node.say](node, text or "", language)


def _number(_: Say, text: str, language: str) -> tuple[str, ...]:
    amount = decimal(text)
    return () if amount is None else say.number(amount, language)


def _ordinal(_: Say, text: str, language: str) -> tuple[str, ...]:
    place = int(text) if _WHOLE.fullmatch(text) else None
    return () if place is None or place > say.MAX_NUMBER else say.ordinal(place, language)


def _money(node: Say, text: str, language: str) -> tuple[str, ...]:
    amount = decimal(text)
    return () if amount is None else say.money(amount, node.currency or Currency.CNY, language)


def _duration(_: Say, text: str, language: str) -> tuple[str, ...]:
    span_s = decimal(text)
    if span_s is None or not 0 <= span_s <= _LONGEST_SPAN_S:
        return ()
    return say.duration(int(span_s.to_integral_value(ROUND_HALF_UP)), language)


_READERS: dict[SayKind, Callable[[Say, str, str], tuple[str, ...]]] = {
    SayKind.NUMBER: _number,
    SayKind.ORDINAL: _ordinal,
    SayKind.MONEY: _money,
    SayKind.DURATION: _duration,
    SayKind.DIGITS: lambda _, text, language: say.digits(text, language),
    SayKind.PHONE: lambda _, text, language: say.phone(phone_groups(text), language),
}
_TIMES = frozenset({SayKind.DATE, SayKind.TIME, SayKind.DATETIME})


def decimal(text: str) -> Decimal | None:
    """Read a number: sign, digits (thousands may be parted by commas), decimals; None for anything else."""
    return Decimal(text.replace(",", "")) if _NUMBER.fullmatch(text) else None


def moment(text: str, zone: tzinfo) -> datetime | date | time | None:
    """Read ISO 8601: a date, a time of day, or both; None for anything else.

    What has an offset is taken to `zone`; what has none is of that zone already.
    """
    if found := _TIME.fullmatch(text):
        hour, minute = int(found[1]), int(found[2])
        return time(hour, minute) if hour < 24 and minute < 60 else None
    try:
        if len(text) <= len("2026-10-01"):
            return date.fromisoformat(text)
        read = datetime.fromisoformat(text)
        return read.replace(tzinfo=zone) if read.tzinfo is None else read.astimezone(zone)
    except (ValueError, OverflowError):
        return None


def _of_time(node: Say, text: str | None, now: datetime, language: str) -> tuple[str, ...]:
    """Say a date, a time or both: of a text, else of now."""
    zone = now.tzinfo
    if zone is None:
        raise ValueError("now has no time zone")
    value = now if text is None else moment(text, zone)
    if node.say is SayKind.TIME:
        if isinstance(value, datetime):
            return say.clock(value.time(), language)
        return say.clock(value, language) if isinstance(value, time) else ()
    if not isinstance(value, date):
        return ()
    on = value.date() if isinstance(value, datetime) else value
    near = say.near_day(on, now.date(), language) if node.relative else ()
    with_year = on.year != now.year if node.year is None else node.year
    said = near or say.day(on, language, with_year=with_year)
    if node.say is SayKind.DATETIME and isinstance(value, datetime):
        return say.moment(said, value, language)
    return said


def phone_groups(text: str) -> tuple[str, ...]:
    """Split a telephone number as people say it; empty when it is none.

    Groups that the text marks itself (by blanks, hyphens, brackets) are kept. 13800000001 is 138 0000 0001,
    +8613800000001 the same behind +86, 057112345678 is 0571 1234 5678.
    """
    marked = tuple(group for group in _BETWEEN_GROUPS.split(text) if group)
    if not _PHONE.fullmatch("".join(marked)):
        return ()
    if len(marked) > 1:
        return marked
    code, rest = _country_code(marked[0])
    area, local = _area_code(rest)
    return tuple(group for group in (code, area, *_in_groups(local)) if group)


def _country_code(number: str) -> tuple[str, str]:
    if not number.startswith("+"):
        return "", number
    length = 1 if number[1:2] in {"1", "7"} else 2 if _TWO_DIGIT_CODES.match(number, 1) else 3
    return number[: length + 1], number[length + 1 :]


def _area_code(number: str) -> tuple[str, str]:
    """Part a Chinese area code from its number: 010 and 02x have three digits, the others four."""
    if not (number.startswith("0") and 10 <= len(number) <= 12):
        return "", number
    length = 3 if number[1] in "12" else 4
    return number[:length], number[length:]


def _in_groups(number: str) -> list[str]:
    count = len(number)
    sizes = (count,) if count < 6 else _GROUPS.get(count, (count % 4, *[4] * (count // 4)))
    digits = iter(number)
    return ["".join(islice(digits, size)) for size in sizes]
