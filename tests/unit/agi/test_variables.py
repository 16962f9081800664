"""Channel variables reach Asterisk as they are, in as few round trips as can be."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ccd.agi.variables import MAX_PAIRS, MAX_VALUE, set_commands
from ccd.agi.wire import MAX_COMMAND
from ccd.errors import AgiCommandError
from tests.unit.agi.asterisk_side import mset, words

names = st.from_regex(r"_{0,2}[A-Z][A-Z0-9_]{0,12}", fullmatch=True)
values = st.text(st.characters(codec="utf-8", exclude_characters="\x00\r\n"), max_size=60) | st.text(
    r"\",()[]&=; ", max_size=40
)


def variables_of(lines):
    """Give the variables as they stand after Asterisk carried out these commands."""
    found = {}
    for line in lines:
        assert len(line) <= MAX_COMMAND
        match words(line):
            case ["EXEC", "MSet", text]:
                found.update(mset(text))
            case ["SET", "VARIABLE", name, piece] if name.startswith("PUSH("):
                name = name.removeprefix("PUSH(").removesuffix(",&)")
                found[name] = f"{found[name]}&{piece}" if found[name] else piece
            case ["SET", "VARIABLE", name, value]:
                found[name] = value
            case other:
                raise AssertionError(other)
    return found


def test_a_handful_goes_in_one_round_trip():
    """The variables of a handoff are one EXEC MSet."""
    lines = list(set_commands({"CCD_STATE": "c=1.2&q=sales", "CCD_DIAL": "PJSIP/1001", "CCD_NEXT": "dial"}))
    assert lines == [b'EXEC "MSet" "CCD_STATE=c=1.2&q=sales,CCD_DIAL=PJSIP/1001,CCD_NEXT=dial"\n']


@given(st.dictionaries(names, values, max_size=20))
def test_every_value_arrives_as_it_was(variables):
    """Commas, quotes, brackets, backslashes and spaces at the ends survive MSet."""
    assert variables_of(set_commands(variables)) == variables


@given(st.integers(1, 600), st.integers(0, 5))
def test_a_long_dial_list_goes_in_pieces(phones, short):
    """Ring-all over hundreds of phones is more than a line; the last variable is set last."""
    dial = "&".join(f"PJSIP/{1000 + i}" for i in range(phones))
    variables = {**{f"V{i}": "x" for i in range(short)}, "CCD_DIAL": dial, "CCD_NEXT": "dial"}
    lines = list(set_commands(variables))
    assert variables_of(lines) == variables
    assert b"CCD_NEXT=dial" in lines[-1]


def test_many_variables_are_spread_over_lines():
    """MSet takes 99 pairs at most and would put the rest into the last one's value."""
    variables = {f"V{i}": str(i) for i in range(3 * MAX_PAIRS)}
    lines = list(set_commands(variables))
    assert len(lines) == 3
    assert variables_of(lines) == variables


def test_nothing_to_set_sends_nothing():
    """No variables, no round trip."""
    assert list(set_commands({})) == []


@pytest.mark.parametrize("name", ["", "A B", "A=B", "A,B", "1A", "A\n", "SHELL(rm -rf /)", "${X}", "张"])
def test_a_name_that_is_none_is_refused(name):
    """Text from outside cannot become the name of a variable or of a function with spaces in it."""
    with pytest.raises(AgiCommandError, match="not the name"):
        list(set_commands({name: "x"}))


@pytest.mark.parametrize("value", ["a\nb", "a\rb", "a\0", "x" * MAX_COMMAND, "a&" * MAX_VALUE])
def test_a_value_that_cannot_be_carried_is_refused(value):
    """What would be cut or would end the line raises before anything is sent."""
    with pytest.raises(AgiCommandError):
        list(set_commands({"A": value}))
