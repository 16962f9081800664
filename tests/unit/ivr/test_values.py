"""What `say` makes of texts: amounts, telephone numbers, dates, times and durations, in both languages."""

from datetime import datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ccd.config.flows import Currency, Say, SayKind
from ccd.ivr import say
from ccd.ivr.values import phone_groups, spoken
from tests.unit.ivr.test_say import read_chinese, words

NOW = datetime(2026, 11, 21, 16, 5, tzinfo=ZoneInfo("Asia/Shanghai"))


def said(kind: str, value: str | None, language: str, **options: object) -> str:
    """Write down what a node says for a value."""
    node = Say.model_validate({"say": kind, "value": value, **options})
    return words(spoken(node, value, NOW, language), language)


@pytest.mark.parametrize(
    ("value", "currency", "zh", "en"),
    [
        ("101.5", "CNY", "一百零一元五角", "one hundred one yuan and fifty fen"),
        ("101.50", "CNY", "一百零一元五角", "one hundred one yuan and fifty fen"),
        ("10.05", "CNY", "十元零五分", "ten yuan and five fen"),
        ("1.23", "CNY", "一元二角三分", "one yuan and twenty three fen"),
        ("2.2", "CNY", "两元二角", "two yuan and twenty fen"),
        ("0.2", "CNY", "两角", "twenty fen"),
        ("0.02", "CNY", "两分", "two fen"),
        ("0.22", "CNY", "两角二分", "twenty two fen"),
        ("0", "CNY", "零元", "zero yuan"),
        ("12,000", "CNY", "一万二千元", "twelve thousand yuan"),
        ("-15", "CNY", "负十五元", "minus fifteen yuan"),
        ("1.005", "CNY", "一元零一分", "one yuan and one fen"),
        ("2.675", "USD", "两美元六十八美分", "two dollars and sixty eight cents"),
        ("-0.004", "CNY", "零元", "zero yuan"),
        ("1", "USD", "一美元", "one dollar"),
        ("1.01", "USD", "一美元零一美分", "one dollar and one cent"),
        ("2.02", "GBP", "两英镑零二便士", "two pounds and two pence"),
        ("0.01", "GBP", "一便士", "one penny"),
        ("100.5", "JPY", "一百零一日元", "one hundred one yen"),
        ("20.5", "HKD", "二十港元五角", "twenty Hong Kong dollars and fifty cents"),
        ("20.5", "TWD", "新台币二十元五角", "twenty New Taiwan dollars and fifty cents"),
    ],
)
def test_money_is_said_as_at_a_counter(value, currency, zh, en):
    """元角分 and 美元美分, yuan and fen; halves of the smallest coin are rounded up, as decimals."""
    assert said("money", value, "zh", currency=currency) == zh
    assert said("money", value, "en", currency=currency) == en


@pytest.mark.parametrize(
    ("value", "zh", "en"),
    [
        ("3.14", "三点一四", "three point one four"),
        ("-0.50", "负零点五零", "minus zero point five zero"),
        ("1,002", "一千零二", "one thousand two"),
        ("+7", "七", "seven"),
        ("007", "七", "seven"),
    ],
)
def test_numbers_have_decimals_and_signs(value, zh, en):
    """Decimals are read digit by digit, as they are written."""
    assert (said("number", value, "zh"), said("number", value, "en")) == (zh, en)


@pytest.mark.parametrize(
    ("value", "zh", "en"),
    [
        ("1", "第一", "first"),
        ("2", "第二", "second"),
        ("12", "第十二", "twelfth"),
        ("21", "第二十一", "twenty first"),
        ("40", "第四十", "fortieth"),
        ("100", "第一百", "one hundredth"),
        ("1103", "第一千一百零三", "one thousand one hundred third"),
    ],
)
def test_ordinals(value, zh, en):
    """A place in an order."""
    assert (said("ordinal", value, "zh"), said("ordinal", value, "en")) == (zh, en)


@pytest.mark.parametrize(
    ("number", "groups"),
    [
        ("13800000001", "138 0000 0001"),
        ("+8613800000001", "+86 138 0000 0001"),
        ("02160000000", "021 6000 0000"),
        ("075512345678", "0755 1234 5678"),
        ("05711234567", "0571 123 4567"),
        ("4008001234", "400 800 1234"),
        ("95588", "95588"),
        ("1001", "1001"),
        ("60000000", "6000 0000"),
        ("+12125550100", "+1 212 555 0100"),
        ("+85291234567", "+852 9123 4567"),
        ("021-6000 0000", "021 6000 0000"),
        ("(021) 60000000", "021 60000000"),
        ("1234567890123456", "1234 5678 9012 3456"),
        ("12345678901234", "12 3456 7890 1234"),
        ("*11#", "*11#"),
        ("anonymous", ""),
        ("", ""),
        ("+", ""),
        ("1;2", ""),
    ],
)
def test_telephone_numbers_are_split_as_people_split_them(number, groups):
    """By their own marks, else by country code, area code and length; what is none has no groups."""
    assert " ".join(phone_groups(number)) == groups


def test_a_telephone_number_is_said_with_pauses_and_yao():
    """A pause between groups, 幺 for one."""
    assert said("phone", "13800000001", "zh") == "幺三八零零零零零零零幺"
    ids = spoken(Say.model_validate({"say": "phone", "value": "138 00"}), "138 00", NOW, "en")
    assert ids == ("n-1", "n-3", "n-8", say.PAUSE, "n-0", "n-0")


@pytest.mark.parametrize(
    ("value", "options", "zh", "en"),
    [
        ("2026-10-01", {}, "十月一日星期四", "Thursday October first"),
        ("20261001", {}, "十月一日星期四", "Thursday October first"),
        ("2027-10-01", {}, "二零二七年十月一日星期五", "Friday October first twenty twenty seven"),
        (
            "2026-10-01",
            {"year": True},
            "二零二六年十月一日星期四",
            "Thursday October first twenty twenty six",
        ),
        ("2005-02-03", {}, "二零零五年二月三日星期四", "Thursday February third two thousand five"),
        ("1906-02-03", {}, "一九零六年二月三日星期六", "Saturday February third nineteen oh six"),
        ("1900-01-01", {}, "一九零零年一月一日星期一", "Monday January first nineteen hundred"),
        ("2027-10-01", {"year": False}, "十月一日星期五", "Friday October first"),
        (None, {}, "十一月二十一日星期六", "Saturday November twenty first"),
        (None, {"relative": True}, "今天", "today"),
        ("2026-11-20", {"relative": True}, "昨天", "yesterday"),
        ("2026-11-22", {"relative": True}, "明天", "tomorrow"),
        ("2026-11-23", {"relative": True}, "后天", "Monday November twenty third"),
        ("2026-11-21T23:30:00Z", {"relative": True}, "明天", "tomorrow"),
    ],
)
def test_dates(value, options, zh, en):
    """Of a given day or of now; years by their digits in Chinese, in pairs in English."""
    assert said("date", value, "zh", **options) == zh
    assert said("date", value, "en", **options) == en


@pytest.mark.parametrize(
    ("kind", "value", "options", "zh", "en"),
    [
        ("time", "14:05", {}, "下午两点零五分", "two oh five P.M."),
        ("time", "1405", {}, "下午两点零五分", "two oh five P.M."),
        ("time", "09:30:59", {}, "上午九点三十分", "nine thirty A.M."),
        ("time", "2026-11-21T01:00:00+00:00", {}, "上午九点", "nine o'clock A.M."),
        ("time", None, {}, "下午四点零五分", "four oh five P.M."),
        (
            "datetime",
            "2026-10-01T10:00",
            {},
            "十月一日星期四上午十点",
            "Thursday October first at ten o'clock A.M.",
        ),
        ("datetime", "2026-11-22 10:00", {"relative": True}, "明天上午十点", "tomorrow at ten o'clock A.M."),
        ("datetime", None, {"relative": True}, "今天下午四点零五分", "today at four oh five P.M."),
        ("datetime", "2026-10-01", {}, "十月一日星期四", "Thursday October first"),
    ],
)
def test_times_of_day_and_moments(kind, value, options, zh, en):
    """An offset is taken to the local zone; a moment without a time of day is only its day."""
    assert said(kind, value, "zh", **options) == zh
    assert said(kind, value, "en", **options) == en


@pytest.mark.parametrize(
    ("seconds", "zh", "en"),
    [
        ("125", "两分零五秒", "two minutes five seconds"),
        ("0", "零秒", "zero seconds"),
        ("1", "一秒", "one second"),
        ("2", "两秒", "two seconds"),
        ("60", "一分钟", "one minute"),
        ("62", "一分零二秒", "one minute two seconds"),
        ("750", "十二分三十秒", "twelve minutes thirty seconds"),
        ("3600", "一小时", "one hour"),
        ("3605", "一小时零五秒", "one hour five seconds"),
        ("3630", "一小时零三十秒", "one hour thirty seconds"),
        ("7500", "两小时零五分钟", "two hours five minutes"),
        ("9000", "两小时三十分钟", "two hours thirty minutes"),
        ("176400", "两天零一小时", "two days one hour"),
        ("59.5", "一分钟", "one minute"),
    ],
)
def test_durations(seconds, zh, en):
    """Days to seconds, without what is nought."""
    assert (said("duration", seconds, "zh"), said("duration", seconds, "en")) == (zh, en)


@pytest.mark.parametrize(
    ("kind", "value"),
    [
        *(
            (kind, value)
            for kind in ("number", "money", "duration")
            for value in ("", "1e5", "NaN", "٣", "1_0", "0x1")
        ),
        *(("money", value) for value in ("1.", ".5", "¥5", "1,23", "9" * 13, "9" * 41)),
        *(
            ("date", value)
            for value in ("", "14:05", "2026-02-30", "2026", "x" * 10, "0000-01-01", "tomorrow")
        ),
        *(("time", value) for value in ("", "24:00", "12:60", "2026-10-01", "noon")),
        ("date", "0001-01-01T00:00+14:00"),
        ("ordinal", "1.5"),
        ("ordinal", "-1"),
        ("ordinal", "9" * 13),
        ("duration", "-1"),
        ("duration", "99999999"),
        ("phone", "+"),
    ],
)
def test_what_is_no_such_value_says_nothing(kind, value):
    """Neither a crash nor something wrong in the caller's ear."""
    for language in ("zh", "en"):
        assert said(kind, value, language) == ""


AMOUNTS = st.decimals(min_value=0, max_value=say.MAX_NUMBER - 1, places=2, allow_nan=False)


@given(AMOUNTS)
def test_a_listener_understands_any_amount_of_yuan(amount):
    """Read back, 元, 角 and 分 add up to the amount; never 零零, never a bare 零 at the end."""
    text = words(say.money(amount, "CNY", "zh"), "zh")
    yuan, mark, parts = text.rpartition("元")
    jiao, has_jiao, fen = parts.rpartition("角")
    read = Decimal(read_chinese(yuan)) if mark else Decimal(0)
    read += Decimal(read_chinese(jiao)) / 10 if has_jiao else 0
    read += Decimal(read_chinese(fen.removesuffix("分"))) / 100 if fen else 0
    assert read == amount
    assert "零零" not in text
    assert not text.endswith("零")


@given(st.integers(0, 366 * 86_400))
def test_a_listener_understands_any_duration(seconds):
    """Read back, days, hours, minutes and seconds add up."""
    text = words(say.duration(seconds, "zh"), "zh").replace("分钟", "分").replace("小时", "时")
    total = 0
    for unit, size in (("天", 86_400), ("时", 3_600), ("分", 60), ("秒", 1)):
        if unit in text:
            amount, _, text = text.partition(unit)
            total += read_chinese(amount) * size
    assert (total, text) == (seconds, "")


TEXTS = st.one_of(
    st.text(max_size=60),
    st.decimals().map(str),
    st.datetimes().map(lambda at: at.isoformat()),
    st.dates().map(str),
    st.from_regex(r"\+?[0-9*# ()-]{0,45}", fullmatch=True),
    st.none(),
)


@given(TEXTS, st.sampled_from(SayKind), st.sampled_from(Currency), st.booleans(), st.booleans())
def test_no_text_is_a_crash_and_every_word_has_a_prompt(value, kind, currency, relative, year):
    """Whatever a variable holds; `words` fails for an id that the manifest does not speak."""
    node = Say.model_construct(say=kind, value=value, currency=currency, relative=relative, year=year)
    of_now = kind in {SayKind.DATE, SayKind.TIME, SayKind.DATETIME}
    for language in ("zh", "en"):
        words(spoken(node, value if of_now else value or "", NOW, language), language)
