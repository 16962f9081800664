"""What a flow knows, written on the channel and read again by a daemon that never saw the caller."""

from hypothesis import given
from hypothesis import strategies as st

from ccd.calls.notes import LIMIT, encode_notes, take_notes
from ccd.ivr.ports import Caller
from ccd.model import AgentNumber, CallId

NAMES = st.from_regex(r"[a-z][a-z0-9_]{0,31}", fullmatch=True)


def caller(**more) -> Caller:
    """Give a caller."""
    return Caller(call_id=CallId("1.1"), number="13800000001", called="4000", language="en", **more)


def taken(text: str) -> Caller:
    """Give a caller who was read from a channel."""
    found = caller()
    take_notes(found, text)
    return found


def test_variables_the_agent_the_priority_and_the_facts_come_back():
    """Whatever characters they hold."""
    before = caller(
        variables={"name": "王 & Söhne, 100 %", "path": 'a=b/c;(x)[y]"z\\', "empty": "", "queue": "vip"},
        data={"Level": "gold=1"},
        preferred_agent=AgentNumber("8001"),
        priority=-3,
    )
    after = taken(encode_notes(before))
    assert (after.variables, after.data) == (before.variables, before.data)
    assert (after.preferred_agent, after.priority) == ("8001", -3)


def test_a_secret_leaves_only_its_name_and_the_node_that_asks():
    """The digits are on no channel; who comes after us knows what is missing."""
    text = encode_notes(caller(variables={"pin": "4711", "a": "1"}, secrets={"pin": "main:ask"}))
    assert "4711" not in text
    after = taken(text)
    assert (after.variables, after.lost, after.secrets) == ({"a": "1"}, {"pin": "main:ask"}, {})
    assert taken(encode_notes(after)).lost == {"pin": "main:ask"}


def test_what_does_not_fit_is_left_out_whole():
    """Asterisk would cut it."""
    before = caller(variables={"long": "x" * 256, **{f"v{n}": "y" * 200 for n in range(8)}, "short": "z"})
    text = encode_notes(before)
    assert len(text.encode()) <= LIMIT
    after = taken(text).variables
    assert after["short"] == "z"
    assert after.items() <= before.variables.items()


@given(st.dictionaries(NAMES, st.text(max_size=256), max_size=12))
def test_it_is_never_too_long_and_never_breaks_a_line(variables):
    """Nothing in it ends a command or a line; what is left is unharmed but for what cannot be printed."""
    text = encode_notes(caller(variables=variables))
    assert len(text.encode("utf-8", "replace")) <= LIMIT
    assert not set("\r\n\0") & set(text)
    assert taken(text).variables.keys() <= variables.keys()


@given(st.text(max_size=1200))
def test_any_text_on_the_channel_is_harmless(text):
    """A dialplan, or whoever reaches the port, may have written anything."""
    found = taken(text)
    assert all(len(value) <= 256 for value in found.variables.values())
