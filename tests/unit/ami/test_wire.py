"""AMI's bytes: whatever way they are split, whatever they are, and what we send."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ccd.ami.wire import MAX_HEADERS, MAX_LINE, MAX_MESSAGE, Framer, encode, event_name
from ccd.errors import AmiProtocolError, AmiValueError
from tests.unit.ami.samples import CALL, DIAL_END, FULLY_BOOTED, VAR_SET, stream

GREETING = b"Asterisk Call Manager/11.0.0\r\n"
FRAMES = [FULLY_BOOTED, *CALL, VAR_SET]


def feed_all(pieces: list[bytes]) -> list[bytes]:
    """Give all messages of a connection that comes in these pieces."""
    framer = Framer()
    return [frame for piece in pieces for frame in framer.feed(piece)]


def split(raw: bytes, cuts: list[int]) -> list[bytes]:
    """Cut bytes at the places given."""
    places = [0, *sorted(cuts), len(raw)]
    return [raw[start:end] for start, end in pairwise(places)]


def test_one_byte_at_a_time_gives_the_same_messages():
    """A slow network changes nothing, in the middle of 张 or of a line end."""
    raw = stream(*FRAMES)
    assert feed_all([raw[i : i + 1] for i in range(len(raw))]) == FRAMES


def test_every_single_cut_gives_the_same_messages():
    """Two packets, cut anywhere: in the greeting, in a message, in between."""
    for frames in ([DIAL_END, FULLY_BOOTED], [b"Event: X"]):
        raw = stream(*frames)
        for cut in range(len(raw) + 1):
            assert feed_all(split(raw, [cut])) == frames


@given(st.lists(st.integers(0, len(stream(*FRAMES)))))
def test_any_cuts_give_the_same_messages(cuts):
    """Any number of packets, empty ones too."""
    assert feed_all(split(stream(*FRAMES), cuts)) == FRAMES


@given(st.binary(max_size=300), st.lists(st.integers(0, 300), max_size=5))
def test_garbage_is_refused_or_cut_the_same_way_however_it_comes(garbage, cuts):
    """Nothing but AmiProtocolError comes of any bytes, and packets do not matter."""
    raw = GREETING + garbage
    whole = feed_all([raw])
    assert feed_all(split(raw, cuts)) == whole
    assert all(whole)
    for frame in whole:
        try:
            event_name(frame)
        except AmiProtocolError as error:
            assert "neither an event nor a response" in str(error)  # noqa: PT017 (not every frame raises)


@given(st.binary(min_size=23, max_size=300))
def test_a_port_that_is_not_amis_is_named_at_once(garbage):
    """A web or SSH server behind the configured port is told apart by its first bytes."""
    with pytest.raises(AmiProtocolError, match="is this the port of Asterisk's manager interface"):
        Framer().feed(b"S" + garbage)


def test_a_greeting_without_end_is_refused():
    """Nobody can keep us reading a first line."""
    with pytest.raises(AmiProtocolError, match="expected the greeting"):
        feed_all([b"Asterisk Call Manager/", *[b"1"] * 300])


def test_the_greeting_tells_the_version():
    """AMI's own version is known after the first line."""
    framer = Framer()
    assert framer.version is None
    framer.feed(GREETING)
    assert framer.version == "11.0.0"


def test_empty_lines_between_messages_mean_nothing():
    """An empty message more or less, as some modules send, is no message."""
    raw = GREETING + b"\r\n\r\n\r\n" + FULLY_BOOTED + b"\r\n\r\n\r\n" + VAR_SET + b"\r\n\r\n\r\n\r\n"
    for cut in range(len(raw)):
        assert feed_all(split(raw, [cut])) == [FULLY_BOOTED, VAR_SET]


@pytest.mark.parametrize("piece", [1000, 65536, 1 << 20])
def test_the_longest_message_passes_and_one_byte_more_does_not(piece):
    """The bound is on the message, whether it comes in one packet or in many."""
    head = b"Event: X\r\nValue: "
    longest = head + b"x" * (MAX_MESSAGE - len(head))
    raw = stream(longest)
    assert feed_all([raw[i : i + piece] for i in range(0, len(raw), piece)]) == [longest]
    raw = stream(longest + b"x")
    with pytest.raises(AmiProtocolError, match="over 65536 bytes"):
        feed_all([raw[i : i + piece] for i in range(0, len(raw), piece)])


def test_a_message_without_end_is_refused_at_the_bound():
    """Memory is bounded: what cannot become a message any more is not kept."""
    framer = Framer()
    framer.feed(GREETING)
    for _ in range(MAX_MESSAGE // 1000):
        assert framer.feed(b"x" * 1000) == []
    with pytest.raises(AmiProtocolError, match="over 65536 bytes"):
        framer.feed(b"x" * 1000)


def test_an_event_is_known_by_its_first_line():
    """Unwanted events are passed over without being read."""
    assert event_name(DIAL_END) == b"DialEnd"
    assert event_name(b"Event: Alone") == b"Alone"
    assert event_name(b"Response: Success\r\nPing: Pong") is None


def test_an_action_is_written_header_by_header():
    """A list of values becomes a header each."""
    raw = encode([("Action", "X"), ("Variable", ["a=1", "b=张伟"]), ("Empty", "")])
    assert raw == "Action: X\r\nVariable: a=1\r\nVariable: b=张伟\r\nEmpty: \r\n\r\n".encode()


@pytest.mark.parametrize("bad", ["\r", "\n", "\0"])
@pytest.mark.parametrize("shape", ["{}", "a{}Action: Originate", "a{}"])
def test_what_would_start_a_header_of_its_own_is_refused(bad, shape):
    """CR, LF and NUL never reach Asterisk, in values or in names."""
    value = shape.format(bad)
    with pytest.raises(AmiValueError, match="header Value: character"):
        encode([("Value", value)])
    with pytest.raises(AmiValueError, match="no name"):
        encode([(value, "x")])


@pytest.mark.parametrize("name", ["", "a b", "Action:", "é", "1a", "a\t"])
def test_odd_header_names_are_refused(name):
    """A name is letters, digits, - and _."""
    with pytest.raises(AmiValueError, match="no name of an AMI header"):
        encode([(name, "x")])


def test_a_line_is_as_long_as_asterisk_reads_and_no_longer():
    """Bytes count, not characters."""
    room = MAX_LINE - len("Value: ")
    assert len(encode([("Value", "x" * room)])) == MAX_LINE + 4
    with pytest.raises(AmiValueError, match="at most 1022"):
        encode([("Value", "x" * (room + 1))])
    with pytest.raises(AmiValueError, match="at most 1022"):
        encode([("Value", "伟" * (room // 3 + 1))])


def test_an_action_has_as_many_headers_as_asterisk_reads_and_no_more():
    """Repeated headers count each."""
    assert encode([("Variable", ["x"] * MAX_HEADERS)])
    with pytest.raises(AmiValueError, match="129 headers"):
        encode([("Action", "X"), ("Variable", ["x"] * MAX_HEADERS)])


def test_errors_do_not_repeat_the_value():
    """The value may be the secret."""
    for value in ("topsecret\n", "topsecret" * 200, "topsecret\ud800"):
        with pytest.raises(AmiValueError) as caught:
            encode([("Secret", value)])
        assert "topsecret" not in str(caught.value)


@given(st.text(max_size=400))
def test_what_is_sent_is_one_header_or_refused(value):
    """Any text either arrives as the one value that it is, or is refused."""
    try:
        raw = encode([("Action", "Setvar"), ("Value", value)])
    except AmiValueError:
        return
    assert raw.decode().split("\r\n") == ["Action: Setvar", f"Value: {value}", "", ""]
