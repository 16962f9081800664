"""What callers send ends up in arguments and mails: as text, never as options or lines."""

from hypothesis import given
from hypothesis import strategies as st

from ccd.notices.placeholders import MAX_VALUE, argument, clean, fill

HOSTILE = {"name": "-oProxyCommand=x\r\nBcc: all@example.com\u202e", "number": "13800138000"}


def test_values_are_filled_in_and_nothing_else():
    """Unknown names and single braces stay as they are."""
    assert fill("{number}: {nobody} {} {number", HOSTILE) == "13800138000: {nobody} {} {number"


def test_a_callers_name_begins_neither_an_option_nor_a_line():
    """Not in an argument of its own, and not in a header."""
    assert argument("{name}", HOSTILE) == "oProxyCommand=xBcc: all@example.com"
    assert argument("-t", HOSTILE) == "-t"
    assert fill("Subject: {name}", HOSTILE) == "Subject: -oProxyCommand=xBcc: all@example.com"


def test_a_value_is_not_filled_in_again():
    """A caller who is called {number} is called so."""
    assert fill("{name}", {"name": "{number}", "number": "1"}) == "{number}"


@given(st.text(max_size=400))
def test_a_value_is_one_printable_line_of_bounded_length(value):
    """Whatever was sent."""
    told = clean(value)
    assert len(told) <= MAX_VALUE
    assert not set(told) & set("\r\n\0\u2028\u202e")
    assert not argument("{v}", {"v": value}).startswith("-")
