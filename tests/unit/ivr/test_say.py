"""What callers hear for numbers, digits, places in line, dates and times, in Chinese and in English."""

from datetime import date, time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ccd.ivr import say
from ccd.prompts.manifest import Manifest

MANIFEST = Manifest.shipped()


def words(ids: tuple[str, ...], language: str) -> str:
    """Write down what the ids say, by the manifest's texts; a missing one fails the test."""
    texts = [MANIFEST.prompts[prompt].text(language) for prompt in ids]
    assert None not in texts
    return ("" if language == "zh" else " ").join(str(text).rstrip(",，") for text in texts)


@pytest.mark.parametrize(
    ("seconds", "zh", "en"),
    [
        (59.9, "预计等待不到一分钟。", "The estimated waiting time is less than one minute."),
        (60, "预计等待时间大约一分钟", "The estimated waiting time is about one minute"),
        (89, "预计等待时间大约一分钟", "The estimated waiting time is about one minute"),
        (90, "预计等待时间大约两分钟", "The estimated waiting time is about two minutes"),
        (180, "预计等待时间大约三分钟", "The estimated waiting time is about three minutes"),
        (640, "预计等待时间大约十分钟", "The estimated waiting time is about ten minutes"),
        (800, "预计等待时间大约十五分钟", "The estimated waiting time is about fifteen minutes"),
        (3600, "预计等待时间大约一小时", "The estimated waiting time is about one hour"),
    ],
)
def test_an_estimated_wait_is_said_in_whole_minutes(seconds, zh, en):
    """Rounded to minutes, beyond ten to five of them; never nought."""
    assert words(say.wait(seconds, "zh"), "zh") == zh
    assert words(say.wait(seconds, "en"), "en") == en


@pytest.mark.parametrize(
    ("value", "zh", "en"),
    [
        (0, "零", "zero"),
        (2, "二", "two"),
        (10, "十", "ten"),
        (11, "十一", "eleven"),
        (20, "二十", "twenty"),
        (21, "二十一", "twenty one"),
        (100, "一百", "one hundred"),
        (101, "一百零一", "one hundred one"),
        (110, "一百一十", "one hundred ten"),
        (119, "一百一十九", "one hundred nineteen"),
        (200, "二百", "two hundred"),
        (1001, "一千零一", "one thousand one"),
        (1010, "一千零一十", "one thousand ten"),
        (1100, "一千一百", "one thousand one hundred"),
        (2000, "两千", "two thousand"),
        (2222, "两千二百二十二", "two thousand two hundred twenty two"),
        (10000, "一万", "ten thousand"),
        (10001, "一万零一", "ten thousand one"),
        (10110, "一万零一百一十", "ten thousand one hundred ten"),
        (12000, "一万二千", "twelve thousand"),
        (20000, "两万", "twenty thousand"),
        (22000, "两万二千", "twenty two thousand"),
        (100000, "十万", "one hundred thousand"),
        (100010, "十万零一十", "one hundred thousand ten"),
        (1020000, "一百零二万", "one million twenty thousand"),
        (100000000, "一亿", "one hundred million"),
        (200000000, "两亿", "two hundred million"),
        (100000001, "一亿零一", "one hundred million one"),
        (100100000, "一亿零一十万", "one hundred million one hundred thousand"),
        (1000000000, "十亿", "one billion"),
        (-15, "负十五", "minus fifteen"),
    ],
)
def test_numbers_are_read_as_people_read_them(value, zh, en):
    """零 and 两 stand where they belong, and English has no noughts at all."""
    assert words(say.number(value, "zh"), "zh") == zh
    assert words(say.number(value, "en"), "en") == en


def test_numbers_too_large_for_words_are_read_by_digits():
    """A thousand billion and more is a string of digits, sign included."""
    assert words(say.number(-(10**12), "zh"), "zh") == "负幺" + "零" * 12
    assert words(say.number(10**12, "en"), "en") == "one" + " zero" * 12


def test_digits_are_read_one_by_one():
    """幺 for 1 in Chinese; symbols have names; what is no digit is passed over."""
    assert words(say.digits("1001*#", "zh"), "zh") == "幺零零幺星号井号"
    assert words(say.digits("+86 138-1", "en"), "en") == "plus eight six one three eight one"
    assert say.digits("张\x00", "zh") == ()


@pytest.mark.parametrize(
    ("place", "zh", "en"),
    [
        (1, "您是下一位", "next"),
        (2, "您前面还有一位客户在等待", "caller number two waiting"),
        (3, "您前面还有两位客户在等待", "caller number three waiting"),
        (13, "您前面还有十二位客户在等待", "caller number thirteen waiting"),
    ],
)
def test_a_caller_hears_where_they_stand(place, zh, en):
    """Chinese counts those ahead, English the caller's own place."""
    assert words(say.position(place, "zh"), "zh").startswith(zh)
    said = words(say.position(place, "en"), "en")
    assert all(word in said for word in en.split())


@pytest.mark.parametrize(
    ("at", "zh", "en"),
    [
        (time(0, 0), "凌晨零点", "twelve o'clock A.M."),
        (time(5, 30), "凌晨五点三十分", "five thirty A.M."),
        (time(9, 30), "上午九点三十分", "nine thirty A.M."),
        (time(12, 0), "中午十二点", "twelve o'clock P.M."),
        (time(14, 5), "下午两点零五分", "two oh five P.M."),
        (time(18, 10), "晚上六点十分", "six ten P.M."),
        (time(23, 59), "晚上十一点五十九分", "eleven fifty nine P.M."),
    ],
)
def test_times_are_read_by_the_twelve_hour_clock(at, zh, en):
    """Each language has its parts of the day."""
    assert words(say.clock(at, "zh"), "zh") == zh
    assert words(say.clock(at, "en"), "en") == en


@pytest.mark.parametrize(
    ("on", "zh", "en"),
    [
        (date(2026, 11, 21), "十一月二十一日星期六", "Saturday November twenty first"),
        (date(2026, 2, 2), "二月二日星期一", "Monday February second"),
        (date(2026, 10, 30), "十月三十日星期五", "Friday October thirtieth"),
        (date(2026, 1, 20), "一月二十日星期二", "Tuesday January twentieth"),
    ],
)
def test_dates_are_read_with_their_weekday(on, zh, en):
    """Month, day and weekday in each language's order."""
    assert words(say.day(on, "zh"), "zh") == zh
    assert words(say.day(on, "en"), "en") == en


DIGIT = {word: value for value, word in enumerate("零一二三四五六七八九")} | {"两": 2}
UNIT = {"十": 10, "百": 100, "千": 1000}


def read_chinese(text: str) -> int:
    """Understand a Chinese number, by rules of its own rather than the speaker's."""
    total = section = digit = 0
    for character in text:
        if character in DIGIT:
            digit = DIGIT[character]
        elif character in UNIT:
            section += (digit or 1) * UNIT[character]
            digit = 0
        else:
            total = (
                (total + section + digit) * 10**8 if character == "亿" else total + (section + digit) * 10**4
            )
            section = digit = 0
    return total + section + digit


@given(st.integers(0, say.MAX_NUMBER))
def test_a_listener_understands_any_chinese_number(value):
    """Read back by an independent reader, what is said is the number, without 零零 or a trailing 零."""
    text = words(say.number(value, "zh"), "zh")
    assert read_chinese(text) == value
    assert "零零" not in text
    assert text == "零" or not text.endswith("零")


@given(st.integers(-(10**13), 10**13), st.integers(1, 9999), st.text(max_size=40), st.datetimes())
def test_whatever_is_said_has_a_prompt_in_both_languages(value, place, text, at):
    """No number, text, time or date leads to an id that the manifest does not speak."""
    for language in ("zh", "en"):
        spoken = [say.number(value, language), say.digits(text, language), say.clock(at.time(), language)]
        for ids in (*spoken, say.day(at.date(), language), say.position(place, language)):
            words(ids, language)
