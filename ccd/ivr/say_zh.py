"""Chinese (普通话): numbers, dates and times as ids of prompts.

A number is read in sections of four digits, 亿 and 万 between them. Inside and between sections a gap of
noughts is one 零, 十 stands without 一 only at the very beginning, and 2 is 两 where it leads before 千, 万
or 亿 or counts people.
"""

from datetime import date, time

_UNITS = ("thousand", "hundred", "n-10", "")
_SECTIONS = ((10**8, "yi"), (10**4, "wan"), (1, ""))
_DAYS = ("day-mon", "day-tue", "day-wed", "day-thu", "day-fri", "day-sat", "day-sun")


def number(value: int) -> tuple[str, ...]:
    """Say 0 to 999,999,999,999: 10110 is 一万零一百一十."""
    if value == 0:
        return ("n-0",)
    said: list[str] = []
    for size, word in _SECTIONS:
        section, value = divmod(value, size)
        if section == 0:
            continue
        if said and section < 1000:
            said.append("n-0")
        said += _section(section, leads=not said, before=word)
        if word:
            said.append(word)
    return tuple(said)


def _section(section: int, *, leads: bool, before: str) -> list[str]:
    """Say 1 to 9999; `leads` at the number's head, `before` the word that follows the section."""
    if leads and section == 2 and before:
        return ["liang"]
    said: list[str] = []
    gap = False
    for digit, unit in zip(map(int, f"{section:04}"), _UNITS, strict=True):
        if digit == 0:
            gap = bool(said)
            continue
        if gap:
            said.append("n-0")
        head = leads and not said
        if not (head and digit == 1 and unit == "n-10"):
            said.append("liang" if head and digit == 2 and unit == "thousand" else f"n-{digit}")
        said += [unit] if unit else []
        gap = False
    return said


def count_in_line(place: int) -> tuple[str, ...]:
    """Say how many stand before a caller: nobody says 二位."""
    ahead = place - 1
    return ("liang",) if ahead == 2 else number(ahead)


def day(value: date) -> tuple[str, ...]:
    """Say 十一月二十一日星期六."""
    return (f"month-{value.month}", *number(value.day), "ri", _DAYS[value.weekday()])


def clock(value: time) -> tuple[str, ...]:
    """Say 上午九点三十分, 下午两点零五分, 中午十二点."""
    hour = value.hour if value.hour <= 12 else value.hour - 12
    hours = ("liang",) if hour == 2 else number(hour)
    if value.minute == 0:
        return (_part_of_day(value.hour), *hours, "dian")
    nought = ("n-0",) if value.minute < 10 else ()
    return (_part_of_day(value.hour), *hours, "dian", *nought, *number(value.minute), "fen")


def _part_of_day(hour: int) -> str:
    for end, word in ((6, "before-dawn"), (12, "am"), (13, "noon"), (18, "pm")):
        if hour < end:
            return word
    return "evening"
