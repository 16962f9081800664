"""The wire of FastAGI: the same events however the bytes come, and nothing but AGI is believed."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ccd.agi.wire import (
    MAX_COMMAND,
    MAX_ENVIRONMENT,
    MAX_LINE,
    MAX_USAGE_LINES,
    Decoder,
    Environment,
    Hangup,
    Reply,
    command,
)
from ccd.errors import AgiCommandError, AgiProtocolError
from tests.unit.agi.asterisk_side import events_of, words

ENVIRONMENT = "agi_network: yes\nagi_channel: PJSIP/trunk-1\nagi_calleridname: 张伟\nagi_arg_1: \n\n".encode()
STREAM = (
    ENVIRONMENT
    + "200 result=1 (张 (伟))\n200 result=53 endpos=5760\nHANGUP\n".encode()
    + b"520-Invalid command syntax.  Proper usage follows:\n Usage: ANSWER\n\n520 End of proper usage.\n"
    + b"511 Command Not Permitted on a dead channel or intercept routine\n200 result=-1\nHANGUP\n"
)
EVENTS = [
    Environment(
        fields={
            "agi_network": "yes",
            "agi_channel": "PJSIP/trunk-1",
            "agi_calleridname": "张伟",
            "agi_arg_1": "",
        }
    ),
    Reply(code=200, result="1", data="张 (伟)"),
    Reply(code=200, result="53", end_position=5760),
    Hangup.HANGUP,
    Reply(code=520, text="Usage: ANSWER"),
    Reply(code=511, text="Command Not Permitted on a dead channel or intercept routine"),
    Reply(code=200, result="-1"),
    Hangup.HANGUP,
]
sendable = st.text(st.characters(codec="utf-8", exclude_characters="\x00\r\n"), max_size=80)


def test_a_session_is_read_whole():
    """Environment, replies of every kind and HANGUP in between arrive as what they are."""
    assert events_of(STREAM) == EVENTS


@pytest.mark.parametrize("at", range(1, len(STREAM)))
def test_every_byte_split_gives_the_same_events(at):
    """Where TCP cuts the stream changes nothing, also within 张伟."""
    assert events_of(STREAM[:at], STREAM[at:]) == EVENTS


def test_single_bytes_give_the_same_events():
    """A peer that sends byte by byte is understood."""
    assert events_of(*(STREAM[i : i + 1] for i in range(len(STREAM)))) == EVENTS


@given(st.data(), st.sampled_from([b"", b"agi_network: yes\n\n", ENVIRONMENT]))
def test_garbage_is_a_breach_of_the_protocol_and_nothing_else(data, beginning):
    """Whatever bytes come, in whatever pieces, the decoder gives events or AgiProtocolError."""
    lines = st.sampled_from([b"200 result=", b"HANGUP", b"520-", b"\n", b"(", b")", b"agi_a: b\n"])
    chunks = data.draw(st.lists(st.binary(max_size=40) | lines, max_size=20))
    try:
        found = events_of(beginning, *chunks)
    except AgiProtocolError:
        return
    assert all(isinstance(event, Environment | Reply | Hangup) for event in found)


@given(st.data())
def test_garbage_is_judged_alike_however_it_is_split(data):
    """The verdict on bad bytes does not depend on TCP either."""
    stream = data.draw(st.binary(max_size=60).map(lambda tail: STREAM + tail))
    cuts = sorted(data.draw(st.sets(st.integers(0, len(stream)), max_size=8)))
    chunks = [stream[a:b] for a, b in zip([0, *cuts], [*cuts, len(stream)], strict=True)]

    def verdict(*chunks):
        try:
            return events_of(*chunks)
        except AgiProtocolError as error:
            return str(error)

    assert verdict(*chunks) == verdict(stream)


@pytest.mark.parametrize(
    "line",
    [
        b"200",
        b"200 OK",
        b"200 result=1 (no end",
        b"200-result=1",
        b"20 result=1",
        b"099 x",
        b"hello",
        b"HANGUP ",
        b"",
        b"200 result=0 endpos=x",
    ],
)
def test_what_is_no_reply_is_refused(line):
    """A line that is neither reply nor HANGUP ends the session."""
    with pytest.raises(AgiProtocolError, match="not a reply"):
        events_of(ENVIRONMENT, line + b"\n")


@pytest.mark.parametrize("first", [b"GET / HTTP/1.1\r\n", b"\n", b"\x16\x03\x01", b"agx"])
def test_another_protocol_is_refused_at_its_first_bytes(first):
    """A browser or a port scan is closed at once, not when the deadline comes."""
    with pytest.raises(AgiProtocolError, match="does not speak AGI"):
        events_of(first)


@pytest.mark.parametrize("block", [b"agi_a: 1\nagi_b\n\n", b"agi_a: 1\nagi_a: 2\n\n"])
def test_a_forged_environment_is_refused(block):
    """A value that brought a line break cannot overwrite what Asterisk says."""
    with pytest.raises(AgiProtocolError):
        events_of(block)


@pytest.mark.parametrize(
    "stream",
    [
        b"agi_a: " + b"x" * (MAX_ENVIRONMENT + 1),
        b"agi_a: " + b"x" * MAX_ENVIRONMENT + b"\n\n",
        b"".join(b"agi_%d: x\n" % i for i in range(300)) + b"\n",
        ENVIRONMENT + b"2" * (MAX_LINE + 1),
        ENVIRONMENT + b"200 result=1 (" + b"x" * MAX_LINE + b")\n",
        ENVIRONMENT + b"520-x\n" + b"y\n" * (MAX_USAGE_LINES + 1),
    ],
)
def test_every_read_has_a_bound(stream):
    """No peer makes us keep more than the wire's limits."""
    with pytest.raises(AgiProtocolError, match="is over"):
        events_of(stream)


def test_a_peer_that_never_ends_a_line_is_stopped_in_time():
    """The buffer does not grow past the bound while the line is awaited."""
    decoder = Decoder()
    decoder.feed(ENVIRONMENT)
    decoder.next_event()
    fed = 0
    with pytest.raises(AgiProtocolError):  # noqa: PT012 - the loop is what is tested
        while True:
            decoder.feed(b"x" * 1000)
            fed += 1000
            decoder.next_event()
    assert fed <= MAX_LINE + 1000


def test_broken_utf8_is_replaced():
    """Half a character in a caller's name costs the character, not the call."""
    (event,) = events_of(b"agi_calleridname: \xe5\xbc\n\n")
    assert event.fields == {"agi_calleridname": "\ufffd"}


@given(st.lists(sendable, max_size=4))
def test_arguments_arrive_as_they_were(arguments):
    """Quotes, backslashes, spaces and Chinese survive Asterisk's own reading of the line."""
    assert words(command("SET VARIABLE", *arguments)) == ["SET", "VARIABLE", *arguments]


@pytest.mark.parametrize("bad", ["a\nHANGUP", "a\rb", "a\0b", "a\ud800"])
def test_a_line_break_in_an_argument_is_refused(bad):
    """Nothing from outside can become a second command."""
    with pytest.raises(AgiCommandError, match="line break"):
        command("SET VARIABLE", "X", bad)


def test_a_command_that_asterisk_would_cut_is_refused():
    """1,500 bytes go, 1,501 do not: the tail of a cut line would be executed."""
    most = MAX_COMMAND - len(command("NOOP", ""))
    assert len(command("NOOP", "x" * most)) == MAX_COMMAND
    with pytest.raises(AgiCommandError, match="over 1500"):
        command("NOOP", "x" * (most + 1))
