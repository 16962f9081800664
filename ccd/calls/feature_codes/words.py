"""What is said for figures on an agent's phone: ids of prompts, in order. Pure."""

from ccd.ivr import say

_MINUTE = 60


def waiting(count: int, language: str) -> tuple[str, ...]:
    """Say how many callers wait: `There are three calls waiting`, 有三个来电等待."""
    if count <= 0:
        return ("waiting-none",)
    if count == 1:
        return ("waiting-one",)
    return ("waiting-some", *_count(count, language), "waiting-calls")


def messages(count: int, language: str) -> tuple[str, ...]:
    """Say how many messages are new: `You have two new messages`, 您有两条新留言."""
    if count <= 0:
        return ("voicemail-new-none",)
    unit = "voicemail-new-message" if count == 1 else "voicemail-new-messages"
    return ("voicemail-you-have", *_count(count, language), unit)


def duration(seconds: float, language: str) -> tuple[str, ...]:
    """Say a time as one would: `forty seconds`, `two minutes`, `one hour five minutes`, 两分钟."""
    whole = max(0, round(seconds))
    if whole < _MINUTE:
        return _unit(whole, "second", language)
    minutes = round(whole / _MINUTE)
    hours, rest = divmod(minutes, 60)
    said = _unit(hours, "hour", language) if hours else ()
    return said + (_unit(rest, "minute", language) if rest or not hours else ())


def _unit(count: int, unit: str, language: str) -> tuple[str, ...]:
    return (*_count(count, language), f"unit-{unit}" if count == 1 else f"unit-{unit}s")


def _count(count: int, language: str) -> tuple[str, ...]:
    """Say how many: before a thing that is counted, Chinese has 两 for 2."""
    return ("liang",) if language == "zh" and count == 2 else say.number(count, language)
