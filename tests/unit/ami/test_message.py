"""Headers of one message."""

from hypothesis import given
from hypothesis import strategies as st

from ccd.ami.message import AmiMessage
from tests.unit.ami.samples import DIAL_END

WORDS = st.text(st.characters(codec="utf-8", exclude_characters="\r\n:"), min_size=1, max_size=8)
VALUES = st.text(st.characters(codec="utf-8", exclude_characters="\r\n"), max_size=20)


def test_absent_is_not_empty():
    """Whoever asks can tell a header that is not there from one that says nothing."""
    message = AmiMessage(DIAL_END)
    assert message.get("AccountCode") == ""
    assert message.get("DestExten") == ""
    assert message.get("Forward") is None


def test_the_first_and_the_last_header_are_found():
    """No header is special by its place."""
    message = AmiMessage(DIAL_END)
    assert (message.event, message.get("DialStatus")) == ("DialEnd", "ANSWER")


def test_a_name_that_ends_another_name_is_not_mistaken():
    """`Uniqueid` is not the end of `DestUniqueid`."""
    message = AmiMessage(b"Event: X\r\nDestUniqueid: 2\r\nUniqueid: 1")
    assert message.get("Uniqueid") == "1"
    assert AmiMessage(b"Event: X\r\nDestUniqueid: 2").get("Uniqueid") is None


def test_repeated_headers_are_kept_in_order():
    """`Output` and `ChanVariable` come many times."""
    message = AmiMessage(b"Response: Success\r\nOutput: a\r\nOutput: \r\nX: y\r\nOutput: b: c")
    assert message.get_all("Output") == ["a", "", "b: c"]
    assert message.get("Output") == "a"
    assert message.get_all("Nothing") == []


def test_bytes_that_are_no_text_do_not_spoil_the_rest():
    """A caller's name in GB18030 is unreadable, and the next header is not."""
    message = AmiMessage(b"Event: X\r\nCallerIDName: \xd5\xc5\xce\xb0\r\nUniqueid: 1.1")
    assert "\ufffd" in (message.get("CallerIDName") or "")
    assert message.get("Uniqueid") == "1.1"


def test_a_response_is_no_event():
    """Both are told apart by their first header."""
    message = AmiMessage(b"Response: Error\r\nActionID: 7\r\nMessage: Permission denied")
    assert (message.event, message.response, message.action_id) == ("", "Error", "7")
    assert AmiMessage(b"Event: X").action_id is None


def test_lines_that_are_no_headers_are_passed_over():
    """What is left of a value that held a line end is no header."""
    assert list(AmiMessage(b"Event: X\r\nnonsense\r\nA: b").items()) == [("Event", "X"), ("A", "b")]


@given(st.lists(st.tuples(WORDS, VALUES), min_size=1, max_size=8))
def test_every_header_is_found_as_it_was_written(headers):
    """Any names and values, repeated or not, come back."""
    message = AmiMessage("\r\n".join(f"{name}: {value}" for name, value in headers).encode())
    assert list(message.items()) == headers
    for name, _ in headers:
        assert message.get_all(name) == [value for other, value in headers if other == name]
        assert message.get(name) == message.get_all(name)[0]


@given(st.binary(max_size=200))
def test_any_bytes_can_be_asked_for_headers(garbage):
    """Garbage has no headers, or odd ones, and never crashes."""
    message = AmiMessage(garbage)
    assert message.event == (message.get("Event") or "")
    assert all(isinstance(value, str) for _, value in message.items())
