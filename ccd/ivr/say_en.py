"""English: numbers, money, dates, times as ids of prompts. The words are those of Asterisk's own prompts."""

from datetime import date, time

_GROUPS = ((10**9, "billion"), (10**6, "million"), (10**3, "thousand"))
_DAYS = ("day-mon", "day-tue", "day-wed", "day-thu", "day-fri", "day-sat", "day-sun")
_DAYS_NEAR = {-1: "yesterday", 0: "today", 1: "tomorrow"}
_CENTS = ("cent", "cents")
_MONEY = {
    "CNY": ("yuan", "yuan", "cny-fen", "cny-fen"),
    "USD": ("usd-1", "usd", *_CENTS),
    "EUR": ("eur-1", "eur", *_CENTS),
    "GBP": ("gbp-1", "gbp", "penny", "pence"),
    "HKD": ("hkd-1", "hkd", *_CENTS),
    "TWD": ("twd-1", "twd", *_CENTS),
    "JPY": ("jpy", "jpy", "", ""),
    "KRW": ("krw", "krw", "", ""),
    "SGD": ("sgd-1", "sgd", *_CENTS),
    "AUD": ("aud-1", "aud", *_CENTS),
    "CAD": ("cad-1", "cad", *_CENTS),
}
"""Unit for one and for more, the same of a hundredth of it."""
_SPANS = (("day-1", "days"), ("hour-1", "hours"), ("minute-1", "minutes"), ("second-1", "seconds"))


def number(value: int) -> tuple[str, ...]:
    """Say 0 to 999,999,999,999: 1101 is `one thousand one hundred one`."""
    if value == 0:
        return ("n-0",)
    said: list[str] = []
    for size, word in _GROUPS:
        count, value = divmod(value, size)
        if count:
            said += [*_below_thousand(count), word]
    return (*said, *_below_thousand(value))


def _below_thousand(value: int) -> tuple[str, ...]:
    hundreds, rest = divmod(value, 100)
    said = [f"n-{hundreds}", "hundred"] if hundreds else []
    if rest > 20 and rest % 10:
        said += [f"n-{rest - rest % 10}", f"n-{rest % 10}"]
    elif rest:
        said.append(f"n-{rest}")
    return tuple(said)


def ordinal(value: int) -> tuple[str, ...]:
    """Say `first`, `twenty second`, `one hundredth`; 0 is a plain `zero`."""
    if value == 0:
        return ("n-0",)
    *head, last = number(value)
    return (*head, f"nth-{last.removeprefix('n-')}")


def count_in_line(place: int) -> tuple[str, ...]:
    """Say the caller's own place: the first is 1."""
    return number(place)


def money(units: int, hundredths: int, currency: str) -> tuple[str, ...]:
    """Say `one hundred one yuan and fifty fen`, `one dollar`, `five cents`."""
    one, more, part_one, part_more = _MONEY[currency]
    whole = (*number(units), one if units == 1 else more)
    part = (*number(hundredths), part_one if hundredths == 1 else part_more)
    if not hundredths:
        return whole
    return (*whole, "and", *part) if units else part


def year(value: int) -> tuple[str, ...]:
    """Say `twenty twenty six`, `two thousand five`, `nineteen oh five`, `nineteen hundred`."""
    century, rest = divmod(value, 100)
    if century < 10 or value % 1000 < 10:
        return number(value)
    if rest == 0:
        return (*number(century), "hundred")
    return (*number(century), *(("oh",) if rest < 10 else ()), *number(rest))


def day(value: date, *, with_year: bool = False) -> tuple[str, ...]:
    """Say `Saturday November twenty first`, with its year `… twenty twenty six`."""
    said = (_DAYS[value.weekday()], f"month-{value.month}", *ordinal(value.day))
    return (*said, *year(value.year)) if with_year else said


def near_day(distance: int) -> tuple[str, ...]:
    """Say `today`, `tomorrow`, `yesterday`; nothing for days that have no such word."""
    return (_DAYS_NEAR[distance],) if distance in _DAYS_NEAR else ()


def clock(value: time) -> tuple[str, ...]:
    """Say `nine thirty a m`, `two oh five p m`, `twelve o'clock p m`."""
    hour = f"n-{(value.hour - 1) % 12 + 1}"
    if value.minute == 0:
        minutes: tuple[str, ...] = ("oclock",)
    elif value.minute < 10:
        minutes = ("oh", f"n-{value.minute}")
    else:
        minutes = number(value.minute)
    return (hour, *minutes, "am" if value.hour < 12 else "pm")


def moment(day_said: tuple[str, ...], at: time) -> tuple[str, ...]:
    """Say `… at nine thirty a m`."""
    return (*day_said, "at", *clock(at))


def duration(parts: tuple[int, int, int, int]) -> tuple[str, ...]:
    """Say days, hours, minutes, seconds, without those that are 0: `two minutes five seconds`."""
    said: list[str] = []
    for count, (one, more) in zip(parts, _SPANS, strict=True):
        if count:
            said += [*number(count), one if count == 1 else more]
    return tuple(said) or ("n-0", "seconds")
