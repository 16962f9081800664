"""Chinese (普通话): numbers, money, dates and times as ids of prompts.

A number is read in sections of four digits, 亿 and 万 between them. Inside and between sections a gap of
noughts is one 零, 十 stands without 一 only at the very beginning, and 2 is 两 where it leads before 千, 万
or 亿 or counts people, money or hours.
"""

from datetime import date, time

_UNITS = ("thousand", "hundred", "n-10", "")
_SECTIONS = ((10**8, "yi"), (10**4, "wan"), (1, ""))
_DAYS = ("day-mon", "day-tue", "day-wed", "day-thu", "day-fri", "day-sat", "day-sun")
_DAYS_NEAR = {-1: "yesterday", 0: "today", 1: "tomorrow", 2: "day-after-tomorrow"}
_IN_TENTHS = {"CNY": "yuan", "HKD": "hkd", "TWD": "yuan"}
"""Currencies whose parts are 角 and 分."""
_IN_HUNDREDTHS = {
    "USD": ("usd", "cents"),
    "EUR": ("eur", "eur-cents"),
    "GBP": ("gbp", "pence"),
    "JPY": ("jpy", ""),
    "KRW": ("krw", ""),
    "SGD": ("sgd", "fen"),
    "AUD": ("aud", "fen"),
    "CAD": ("cad", "fen"),
}
_SPANS = ("days", "hours", "fen", "seconds")
_BEFORE_AMOUNT = {"TWD": ("twd",)}


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


def count(value: int) -> tuple[str, ...]:
    """Say how many of something: 两个, never 二个."""
    return ("liang",) if value == 2 else number(value)


def ordinal(value: int) -> tuple[str, ...]:
    """Say 第一, 第二, 第十二."""
    return ("di", *number(value))


def count_in_line(place: int) -> tuple[str, ...]:
    """Say how many stand before a caller: nobody says 二位."""
    return count(place - 1)


def money(units: int, hundredths: int, currency: str) -> tuple[str, ...]:
    """Say 一百零一元五角, 十元零五分, 五角, 一百美元五十美分."""
    before = _BEFORE_AMOUNT.get(currency, ())
    if currency in _IN_TENTHS:
        whole, parts = _IN_TENTHS[currency], _tenths(hundredths, follows=bool(units))
    else:
        whole, part = _IN_HUNDREDTHS[currency]
        nought = ("n-0",) if units and 0 < hundredths < 10 else ()
        amount = number(hundredths) if nought else count(hundredths)
        parts = (*nought, *amount, part) if hundredths else ()
    if units or not parts:
        return (*before, *count(units), whole, *parts)
    return (*before, *parts)


def _tenths(hundredths: int, *, follows: bool) -> tuple[str, ...]:
    """Say 五角三分; `follows` when 元 stands before, where a missing 角 is 零."""
    jiao, fen = divmod(hundredths, 10)
    said: list[str] = []
    if jiao:
        said += [*(number(jiao) if follows else count(jiao)), "jiao"]
    if fen:
        said += ["n-0"] if follows and not jiao else []
        said += [*(number(fen) if follows or jiao else count(fen)), "fen"]
    return tuple(said)


def year(value: int) -> tuple[str, ...]:
    """Say the digits of a year: 二零二六年."""
    return (*(f"n-{digit}" for digit in str(value)), "nian")


def day(value: date, *, with_year: bool = False) -> tuple[str, ...]:
    """Say 十一月二十一日星期六, with its year 二零二六年十一月…."""
    said = (f"month-{value.month}", *number(value.day), "ri", _DAYS[value.weekday()])
    return (*year(value.year), *said) if with_year else said


def near_day(distance: int) -> tuple[str, ...]:
    """Say 今天, 明天, 后天, 昨天; nothing for days that have no such word."""
    return (_DAYS_NEAR[distance],) if distance in _DAYS_NEAR else ()


def clock(value: time) -> tuple[str, ...]:
    """Say 上午九点三十分, 下午两点零五分, 中午十二点."""
    hour = value.hour if value.hour <= 12 else value.hour - 12
    hours = count(hour)
    if value.minute == 0:
        return (_part_of_day(value.hour), *hours, "dian")
    nought = ("n-0",) if value.minute < 10 else ()
    return (_part_of_day(value.hour), *hours, "dian", *nought, *number(value.minute), "fen")


def moment(day_said: tuple[str, ...], at: time) -> tuple[str, ...]:
    """Say …上午九点三十分."""
    return (*day_said, *clock(at))


def duration(parts: tuple[int, int, int, int]) -> tuple[str, ...]:
    """Say days, hours, minutes, seconds: 两分零五秒, 一小时零五分钟, 三十秒.

    A part below ten, or behind one that is 0, has 零 before it; a last 分 is 分钟.
    """
    last = max((at for at, amount in enumerate(parts) if amount), default=len(parts) - 1)
    said: list[str] = []
    gap = False
    for at, (amount, unit) in enumerate(zip(parts, _SPANS, strict=True)):
        if not amount and at != last:
            gap = bool(said)
            continue
        nought = bool(said) and (gap or amount < 10)
        said += ["n-0", *number(amount)] if nought else count(amount)
        said.append("minutes" if unit == "fen" and at == last else unit)
        gap = False
    return tuple(said)


def _part_of_day(hour: int) -> str:
    for end, word in ((6, "before-dawn"), (12, "am"), (13, "noon"), (18, "pm")):
        if hour < end:
            return word
    return "evening"
