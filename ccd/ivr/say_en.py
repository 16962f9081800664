"""English: numbers, dates and times as ids of prompts. The words are those of Asterisk's own prompts."""

from datetime import date, time

_GROUPS = ((10**9, "billion"), (10**6, "million"), (10**3, "thousand"))
_DAYS = ("day-mon", "day-tue", "day-wed", "day-thu", "day-fri", "day-sat", "day-sun")


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


def count_in_line(place: int) -> tuple[str, ...]:
    """Say the caller's own place: the first is 1."""
    return number(place)


def day(value: date) -> tuple[str, ...]:
    """Say `Saturday November twenty first`."""
    tens, ones = divmod(value.day, 10)
    ordinal = (f"n-{tens * 10}", f"nth-{ones}") if value.day > 20 and ones else (f"nth-{value.day}",)
    return (_DAYS[value.weekday()], f"month-{value.month}", *ordinal)


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
