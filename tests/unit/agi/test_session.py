"""The verbs of a session, against a transport that only notes what is written."""

import asyncio

import pytest
from structlog.testing import capture_logs

from ccd.agi.deadlines import Deadlines
from ccd.agi.limits import AgiLimits
from ccd.agi.request import AgiRequest
from ccd.agi.session import Session
from ccd.agi.taken import Taken
from ccd.agi.wire import Reply
from ccd.errors import AgiCommandError, AgiHangupError, AgiProtocolError, AgiRecordingCutError
from tests.support import until

OK = Reply(code=200, result="0")
ONE = Reply(code=200, result="1")
LEASE = 'SET VARIABLE "TIMEOUT(absolute)" '


class Noting:
    """A transport that keeps each write."""

    def __init__(self):
        self.lines = []
        self.closed = ""

    def write(self, data):
        """Note one write."""
        self.lines.append(data.decode().removesuffix("\n"))

    def is_closing(self):
        """Tell whether it was closed, as a connection does that broke."""
        return bool(self.closed)

    def close(self):
        """Note a flush and close."""
        self.closed = "closed"

    def abort(self):
        """Note an abort."""
        self.closed = "aborted"

    def get_extra_info(self, name):
        """Know nothing."""


class Talk:
    """A session, its transport, and verbs under way."""

    def __init__(self, **limits):
        self.wire = Noting()
        self.limits = AgiLimits(**limits)
        fields = {"agi_channel": "PJSIP/trunk-1", "agi_uniqueid": "1.1"}
        self.session = Session(AgiRequest.parse(fields), self.wire, self.limits, Deadlines())
        self._read = 0

    async def does(self, verb):
        """Start a verb; come back when its command was written."""
        task = asyncio.ensure_future(verb)
        await self.wrote()
        return task

    async def wrote(self):
        """Give the next line that the session wrote."""
        await until(lambda: len(self.wire.lines) > self._read, 1.0, "a command")
        self._read += 1
        return self.wire.lines[self._read - 1]

    def gets(self, reply):
        """Let Asterisk answer."""
        self.session.reply_received(reply)


@pytest.mark.parametrize(
    ("verb", "line", "reply", "result"),
    [
        (lambda s: s.answer(), "ANSWER", OK, None),
        (lambda s: s.hangup(), "HANGUP", ONE, None),
        (lambda s: s.music(on=True), 'SET MUSIC ON "default"', OK, None),
        (lambda s: s.music(on=True, class_="jazz"), 'SET MUSIC ON "jazz"', OK, None),
        (lambda s: s.music(on=False), "SET MUSIC OFF", OK, None),
        (lambda s: s.set_variables({"A": "1", "B": "2"}), 'EXEC "MSet" "A=1,B=2"', OK, None),
        (lambda s: s.get_variable("A"), 'GET VARIABLE "A"', Reply(code=200, result="1", data="x"), "x"),
        (lambda s: s.get_variable("A"), 'GET VARIABLE "A"', Reply(code=200, result="1", data=""), ""),
        (lambda s: s.get_variable("A"), 'GET VARIABLE "A"', OK, None),
        (lambda s: s.exec_("Wait", "1"), 'EXEC "Wait" "1"', OK, "0"),
        (lambda s: s.exec_("Dial", "a", "b"), 'EXEC "Dial" "a,b"', Reply(code=200, result="-1"), "-1"),
        (lambda s: s.wait_digit(2.5), 'WAIT FOR DIGIT "2500"', Reply(code=200, result="42"), "*"),
        (
            lambda s: s.stream_file("hello", escape_digits="12#", length_s=1.0),
            'STREAM FILE "hello" "12#"',
            Reply(code=200, result="35", end_position=8),
            "#",
        ),
        (
            lambda s: s.stream_file("hello", length_s=1.0),
            'STREAM FILE "hello" ""',
            Reply(code=200, result="0", end_position=8000),
            "",
        ),
    ],
)
async def test_each_verb_is_one_command(verb, line, reply, result):
    """A verb writes one line and gives what Asterisk answered."""
    talk = Talk()
    done = await talk.does(verb(talk.session))
    talk.gets(reply)
    assert (talk.wire.lines, await done) == ([line], result)
    await talk.session.close()


async def test_commands_go_one_after_the_other():
    """Two tasks that use one session do not mix: the second waits for the first one's reply."""
    talk = Talk()
    first = await talk.does(talk.session.get_variable("A"))
    second = asyncio.ensure_future(talk.session.get_variable("B"))
    await asyncio.sleep(0)
    assert talk.wire.lines == ['GET VARIABLE "A"']
    talk.gets(Reply(code=200, result="1", data="a"))
    assert await talk.wrote() == 'GET VARIABLE "B"'
    talk.gets(Reply(code=200, result="1", data="b"))
    assert (await first, await second) == ("a", "b")
    await talk.session.close()


async def test_a_refused_command_leaves_the_session_usable():
    """520 and an unknown application are told to whoever asked; the next command goes."""
    talk = Talk()
    refused = await talk.does(talk.session.answer())
    talk.gets(Reply(code=520, text="Usage: ANSWER"))
    with pytest.raises(AgiCommandError, match="520 Usage: ANSWER"):
        await refused
    unknown = await talk.does(talk.session.exec_("NoSuchApp"))
    talk.gets(Reply(code=200, result="-2"))
    with pytest.raises(AgiCommandError, match="NoSuchApp"):
        await unknown
    assert not talk.session.hung_up.is_set()
    await talk.session.close()


@pytest.mark.parametrize("over", ["hangup", "511", "reply"])
async def test_after_a_hangup_every_verb_says_so(over):
    """HANGUP in the stream, 511, or -1 for a prompt under way: the verb and all after it raise."""
    talk = Talk()
    playing = await talk.does(talk.session.stream_file("hello", length_s=5.0))
    match over:
        case "hangup":
            talk.session.connection_over()
        case "511":
            talk.gets(Reply(code=511, text="dead channel"))
        case "reply":
            talk.gets(Reply(code=200, result="-1", end_position=4000))
    with pytest.raises(AgiHangupError):
        await playing
    assert talk.session.hung_up.is_set()
    with pytest.raises(AgiHangupError):
        await talk.session.answer()
    assert len(talk.wire.lines) == 1


async def test_the_late_reply_of_a_gone_channel_is_passed_over():
    """HANGUP may overtake the reply of the command that it cut."""
    talk = Talk()
    waiting = await talk.does(talk.session.wait_digit(5))
    talk.session.connection_over()
    talk.gets(Reply(code=200, result="-1"))
    with pytest.raises(AgiHangupError):
        await waiting


async def test_a_reply_to_nothing_is_a_breach():
    """A peer that answers before it is asked is not believed."""
    talk = Talk()
    with pytest.raises(AgiProtocolError, match="reply to no command"):
        talk.gets(OK)
    await talk.session.close()


async def test_a_missing_prompt_is_logged_and_passed_over():
    """-1 at position 0 from a channel that lives is a file that is not there: the call goes on."""
    talk = Talk()
    playing = await talk.does(talk.session.stream_file("nope", length_s=1.0))
    talk.gets(Reply(code=200, result="-1", end_position=0))
    assert await talk.wrote() == "CHANNEL STATUS"
    with capture_logs() as logs:
        talk.gets(Reply(code=200, result="6"))
        assert await playing == ""
    assert [(log["event"], log["sound"]) for log in logs] == [("agi_prompt_not_played", "nope")]
    await talk.session.close()


async def test_a_prompt_that_is_cancelled_stops_at_once():
    """A NOOP ends it, and its one reply makes room for the next command."""
    talk = Talk()
    playing = await talk.does(talk.session.stream_file("long", length_s=10.0))
    playing.cancel()
    assert await talk.wrote() == "NOOP"
    asking = asyncio.ensure_future(talk.session.get_variable("A"))
    await asyncio.sleep(0)
    assert talk.wire.lines[-1] == "NOOP"
    talk.gets(OK)
    assert await talk.wrote() == 'GET VARIABLE "A"'
    talk.gets(Reply(code=200, result="1", data="a"))
    assert await asking == "a"
    await talk.session.close()


async def test_a_prompt_that_ended_as_it_was_cancelled_confuses_nothing():
    """Its own reply, known by its endpos, comes before the one of the NOOP."""
    talk = Talk()
    playing = await talk.does(talk.session.stream_file("long", length_s=10.0))
    playing.cancel()
    await talk.wrote()
    talk.gets(Reply(code=200, result="0", end_position=80_000))
    asking = asyncio.ensure_future(talk.session.get_variable("A"))
    talk.gets(OK)
    assert await talk.wrote() == 'GET VARIABLE "A"'
    talk.gets(Reply(code=200, result="1", data="a"))
    assert await asking == "a"
    await talk.session.close()


async def test_a_wait_for_a_digit_that_is_cancelled_owes_two_replies():
    """WAIT FOR DIGIT ends with a reply of its own, then the NOOP's comes."""
    talk = Talk()
    waiting = await talk.does(talk.session.wait_digit(5))
    waiting.cancel()
    assert await talk.wrote() == "NOOP"
    asking = asyncio.ensure_future(talk.session.get_variable("A"))
    talk.gets(ONE)
    await asyncio.sleep(0)
    assert talk.wire.lines[-1] == "NOOP"
    talk.gets(OK)
    assert await talk.wrote() == 'GET VARIABLE "A"'
    talk.gets(Reply(code=200, result="1", data="a"))
    assert await asking == "a"
    await talk.session.close()


async def test_a_cancelled_command_is_waited_for():
    """What cannot be ended early keeps the stream until its reply."""
    talk = Talk()
    setting = await talk.does(talk.session.set_variables({"A": "1"}))
    setting.cancel()
    asking = asyncio.ensure_future(talk.session.get_variable("A"))
    await asyncio.sleep(0)
    assert talk.wire.lines == ['EXEC "MSet" "A=1"']
    talk.gets(OK)
    assert await talk.wrote() == 'GET VARIABLE "A"'
    talk.gets(Reply(code=200, result="1", data="1"))
    assert await asking == "1"
    await talk.session.close()


async def test_a_command_without_reply_ends_the_session():
    """A peer that stalls is cut: nothing on its stream can be trusted any more."""
    talk = Talk(command_s=0.02)
    with pytest.raises(AgiProtocolError, match=r"no reply in time to 'ANSWER' on PJSIP/trunk-1"):
        await talk.session.answer()
    assert talk.wire.closed == "aborted"
    with pytest.raises(AgiHangupError):
        await talk.session.answer()


async def test_a_prompt_longer_than_announced_is_cut_and_the_call_goes_on():
    """An operator's new, longer recording does not cost callers their call."""
    talk = Talk(command_s=0.05)
    playing = await talk.does(talk.session.stream_file("hello", length_s=0.01))
    assert await talk.wrote() == "NOOP"
    talk.gets(OK)
    assert await playing == ""
    assert not talk.session.hung_up.is_set()
    await talk.session.close()


async def test_the_lease_is_renewed_while_the_session_is_idle():
    """Every `renew_s` the channel's timeout is set to `lease_s` again."""
    talk = Talk(lease_s=0.5, renew_s=0.03, command_s=0.2)
    for _ in range(3):
        assert await talk.wrote() == LEASE + '"0.5"'
        talk.gets(ONE)
    await talk.session.close()
    lines = len(talk.wire.lines)
    await asyncio.sleep(0.06)
    assert len(talk.wire.lines) == lines


async def test_the_lease_is_not_renewed_in_the_middle_of_a_command():
    """Bytes written while a prompt plays would end it: the renewal goes right after."""
    talk = Talk(lease_s=1.0, renew_s=0.02, command_s=0.2)
    playing = await talk.does(talk.session.stream_file("hello", length_s=0.5))
    await until(lambda: talk.session._renewal_due)
    assert talk.wire.lines == ['STREAM FILE "hello" ""']
    talk.gets(Reply(code=200, result="0", end_position=800))
    assert await talk.wrote() == LEASE + '"1"'
    assert await playing == ""
    asking = asyncio.ensure_future(talk.session.get_variable("A"))
    await asyncio.sleep(0)
    assert talk.wire.lines[-1] == LEASE + '"1"'
    talk.gets(ONE)
    await until(lambda: talk.wire.lines[-1] == 'GET VARIABLE "A"')
    talk.gets(OK)
    assert await asking is None
    await talk.session.close()


async def test_a_command_longer_than_the_lease_sets_a_longer_one_first():
    """A prompt of a minute does not run into the dead-man's timeout."""
    talk = Talk()
    playing = await talk.does(talk.session.stream_file("long", length_s=60.0))
    assert talk.wire.lines == [LEASE + '"95"']
    talk.gets(ONE)
    assert await talk.wrote() == 'STREAM FILE "long" ""'
    talk.gets(Reply(code=200, result="0", end_position=1))
    assert await playing == ""
    await talk.session.close()


async def test_a_prompt_of_unknown_length_has_a_generous_lease():
    """Nobody told how long it is: two minutes are allowed."""
    talk = Talk()
    playing = await talk.does(talk.session.stream_file("unknown"))
    assert talk.wire.lines == [LEASE + '"155"']
    await talk.session.close()
    with pytest.raises(AgiHangupError):
        await playing


async def test_a_long_wait_for_a_digit_goes_in_pieces_below_the_lease():
    """Between the pieces the lease can be renewed; the key of a later piece counts."""
    talk = Talk(lease_s=1.0, renew_s=0.05, command_s=0.2)
    waiting = await talk.does(talk.session.wait_digit(0.08))
    assert talk.wire.lines == ['WAIT FOR DIGIT "50"']
    await until(lambda: talk.session._renewal_due)
    talk.gets(OK)
    assert await talk.wrote() == LEASE + '"1"'
    talk.gets(ONE)
    assert (await talk.wrote()).startswith('WAIT FOR DIGIT "')
    talk.gets(Reply(code=200, result="53"))
    assert await waiting == "5"
    await talk.session.close()


@pytest.mark.parametrize("result", ["", "7", "x", "9999999999", "-5", "300"])
async def test_a_digit_that_is_none_is_none(result):
    """Only keys of a telephone are keys."""
    talk = Talk()
    playing = await talk.does(talk.session.stream_file("hello", length_s=1.0))
    talk.gets(Reply(code=200, result=result, end_position=1))
    assert await playing == ""
    await talk.session.close()


async def test_a_connection_that_just_broke_is_not_written_to():
    """Between the break and its news a verb may come: it waits for the news, and raises nothing else."""
    talk = Talk()
    talk.wire.closed = "broken"
    asking = asyncio.ensure_future(talk.session.get_variable("A"))
    await asyncio.sleep(0)
    assert (talk.wire.lines, asking.done()) == ([], False)
    talk.session.connection_over()
    with pytest.raises(AgiHangupError):
        await asking


async def test_a_value_that_cannot_be_sent_is_refused_before_anything_is():
    """The good variables of the same call are not set either."""
    talk = Talk()
    with pytest.raises(AgiCommandError):
        await talk.session.set_variables({"A": "1", "B": "2\nHANGUP"})
    assert talk.wire.lines == []
    await talk.session.close()


def test_limits_that_contradict_one_another_are_refused():
    """A lease that cannot be renewed in time, or no session at all."""
    with pytest.raises(ValueError, match="cannot be renewed"):
        AgiLimits(lease_s=10, renew_s=10)
    with pytest.raises(ValueError, match="max_sessions"):
        AgiLimits(max_sessions=0)


RECORD = 'RECORD FILE "/spool/a" "wav" "#" "180000" "BEEP" "s=5"'


@pytest.mark.parametrize(
    ("reply", "taken"),
    [
        (Reply(code=200, result="35", data="dtmf", end_position=16000), Taken(key="#", length_s=2.0)),
        (Reply(code=200, result="35", data="timeout", end_position=8000), Taken(key="", length_s=1.0)),
        (Reply(code=200, result="0", data="timeout", end_position=8000), Taken(key="", length_s=1.0)),
        (Reply(code=200, result="35", data="randomerror", end_position=0), Taken(key="#", length_s=0.0)),
        (Reply(code=200, result="49", data="dtmf", end_position=8000), Taken(key="", length_s=1.0)),
    ],
    ids=["key", "time left that looks like a key", "time over", "key during the beep", "not one of the keys"],
)
async def test_a_recording_tells_its_length_and_its_key(reply, taken):
    """The result is a key only where Asterisk says so; the length comes from the samples."""
    talk = Talk()
    done = await talk.does(talk.session.record_file("/spool/a", max_s=180, silence_s=5))
    assert talk.wire.lines == [LEASE + '"220"']
    talk.gets(ONE)
    assert await talk.wrote() == RECORD
    talk.gets(reply)
    assert await done == taken
    await talk.session.close()


async def test_a_short_recording_has_neither_beep_nor_silence_unless_asked():
    """What is not asked for is not on the line; the lease lasts long enough as it is."""
    talk = Talk()
    done = await talk.does(
        talk.session.record_file("/spool/a", max_s=8, beep=False, escape_digits="0123456789*#")
    )
    assert talk.wire.lines == ['RECORD FILE "/spool/a" "wav" "0123456789*#" "8000"']
    talk.gets(Reply(code=200, result="42", data="dtmf", end_position=4000))
    assert await done == Taken(key="*", length_s=0.5)
    await talk.session.close()


async def test_a_file_that_cannot_be_written_leaves_the_session_usable():
    """A full disk or a missing folder is told to whoever asked; the caller is still there."""
    talk = Talk()
    done = await talk.does(talk.session.record_file("/spool/a", max_s=8))
    talk.gets(Reply(code=200, result="-1", data="writefile"))
    with pytest.raises(AgiCommandError, match=r"cannot write /spool/a\.wav"):
        await done
    assert not talk.session.hung_up.is_set()
    await talk.session.close()


@pytest.mark.parametrize("data", ["hangup", "waitfor", "randomerror"])
async def test_who_hangs_up_while_recording_has_left(data):
    """The verb raises as every verb does; the file keeps what was said."""
    talk = Talk()
    done = await talk.does(talk.session.record_file("/spool/a", max_s=8))
    talk.gets(Reply(code=200, result="-1", data=data, end_position=4000))
    with pytest.raises(AgiRecordingCutError) as cut:
        await done
    assert cut.value.length_s == 0.5
    assert talk.session.hung_up.is_set()
    await talk.session.close()


async def test_an_abandoned_recording_is_waited_for():
    """Asterisk listens to nothing while it records: the next command goes when the recording is over."""
    talk = Talk()
    done = await talk.does(talk.session.record_file("/spool/a", max_s=8))
    done.cancel()
    following = asyncio.ensure_future(talk.session.get_variable("A"))
    await asyncio.sleep(0)
    assert len(talk.wire.lines) == 1
    talk.gets(Reply(code=200, result="0", data="timeout", end_position=64000))
    assert await talk.wrote() == 'GET VARIABLE "A"'
    talk.gets(Reply(code=200, result="1", data="x"))
    assert await following == "x"
    await talk.session.close()
