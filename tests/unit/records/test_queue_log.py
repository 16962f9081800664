"""The history as lines of Asterisk's `queue_log`."""

from dataclasses import replace

import pytest

from ccd.history import AgentStatusChanged, CallbackRequested
from ccd.model import AgentNumber, AgentStatus, Extension, OfferResult, QueueName, QueueOutcome, Side
from ccd.records import queue_log
from ccd.records.queue_log import QueueLog
from tests.unit.records.calls import (
    ID,
    START,
    WALL,
    ended,
    entered,
    hold,
    left,
    offer,
    started,
    talk,
    whole_call,
)

EPOCH = int(WALL.timestamp())


def lines_of(*entries, log=None):
    log = log or QueueLog()
    return [line for entry in sorted(entries, key=lambda e: e.at) for line in log.lines(entry, WALL)]


def told(*entries):
    """Give the lines without their date and call."""
    prefix = f"{EPOCH}|{ID}|"
    lines = lines_of(started(), *entries)
    assert all(line.startswith(prefix) and line.endswith("\n") for line in lines)
    return [line[len(prefix) : -1] for line in lines]


def test_a_whole_call_reads_as_asterisk_would_write_it():
    """Enter, a missed ring in milliseconds, connect with wait and ring, hold, completion with talk."""
    assert told(*whole_call()) == [
        "NONE|NONE|DID|4000",
        "sales|NONE|ENTERQUEUE||13800138000|1",
        "sales|Agent/1001|RINGNOANSWER|5000",
        "sales|Agent/1002|CONNECT|10|1795224600.2|3",
        "sales|Agent/1002|CALLERONHOLD|",
        "sales|Agent/1002|CALLEROFFHOLD|",
        "sales|Agent/1002|COMPLETEAGENT|10|20|1",
    ]


def test_the_caller_may_end_the_talk():
    """Who hung up decides the verb."""
    assert told(entered(0), *talk(2, 9, 2, by=Side.CALLER))[-1] == "sales|Agent/1001|COMPLETECALLER|2|7|1"


@pytest.mark.parametrize(
    ("outcome", "line"),
    [
        (QueueOutcome.ABANDONED, "ABANDON|1|2|7"),
        (QueueOutcome.FAILED, "ABANDON|1|2|7"),
        (QueueOutcome.TIMED_OUT, "EXITWITHTIMEOUT|1|2|7"),
        (QueueOutcome.FULL, "EXITWITHTIMEOUT|1|2|7"),
        (QueueOutcome.TRANSFERRED, "EXITWITHTIMEOUT|1|2|7"),
        (QueueOutcome.EMPTY, "EXITEMPTY|1|2|7"),
        (QueueOutcome.KEY, "EXITWITHKEY||1|2|7"),
    ],
)
def test_each_way_out_has_its_line(outcome, line):
    """Position, first position, wait; every caller who entered is seen to leave."""
    assert told(entered(0), left(7, outcome, 7))[-1] == f"sales|NONE|{line}"


def test_every_outcome_but_an_answer_leaves_the_queue():
    """No outcome is forgotten: the answer's line is CONNECT."""
    for outcome in QueueOutcome:
        lines = told(left(1, outcome, 1))
        assert len(lines) == (outcome is not QueueOutcome.ANSWERED)


@pytest.mark.parametrize(
    ("result", "line"),
    [
        (OfferResult.NO_ANSWER, ["sales|Agent/1001|RINGNOANSWER|2500"]),
        (OfferResult.BUSY, ["sales|Agent/1001|RINGNOANSWER|2500"]),
        (OfferResult.DECLINED, ["sales|Agent/1001|RINGNOANSWER|2500"]),
        (OfferResult.CALLER_LEFT, ["sales|Agent/1001|RINGCANCELED|2500"]),
        (OfferResult.WITHDRAWN, ["sales|Agent/1001|RINGCANCELED|2500"]),
        (OfferResult.LOST_RACE, []),
        (OfferResult.UNREACHABLE, []),
        (OfferResult.ANSWERED, []),
    ],
)
def test_each_ring_has_its_line(result, line):
    """Missed rings and cancelled ones are told in milliseconds; the losers of a race are not."""
    assert told(*offer(0, 2.5, result)) == line


def test_the_dialled_number_is_told_once():
    """A caller who overflows into a second queue has one DID."""
    lines = told(entered(0), left(5, QueueOutcome.TIMED_OUT, 5), entered(5, "support"))
    assert [line.count("DID") for line in lines].count(1) == 1


def change(status, previous, reason="", previous_reason="", session_s=0.0):
    return AgentStatusChanged(
        agent=AgentNumber("1001"),
        at=START,
        status=status,
        reason=reason,
        extension=Extension("1001"),
        previous=previous,
        previous_reason=previous_reason,
        session_s=session_s,
        queues=(QueueName("sales"), QueueName("bench")),
    )


IN, BREAK, OUT = AgentStatus.AVAILABLE, AgentStatus.PAUSED, AgentStatus.LOGGED_OUT


@pytest.mark.parametrize(
    ("entry", "lines"),
    [
        (
            change(IN, OUT),
            ["NONE|{}|AGENTLOGIN|PJSIP/1001", "sales|{}|ADDMEMBER|", "bench|{}|ADDMEMBER|"],
        ),
        (
            change(BREAK, IN, "lunch"),
            [
                "sales|{}|PAUSE|lunch",
                "bench|{}|PAUSE|lunch",
                "NONE|{}|PAUSEALL|lunch",
                "NONE|{}|PAUSEREASON|lunch",
            ],
        ),
        (
            change(IN, BREAK, "", "lunch"),
            ["sales|{}|UNPAUSE|lunch", "bench|{}|UNPAUSE|lunch", "NONE|{}|UNPAUSEALL|lunch"],
        ),
        (
            change(OUT, IN, session_s=3599.7),
            ["sales|{}|REMOVEMEMBER|", "bench|{}|REMOVEMEMBER|", "NONE|{}|AGENTLOGOFF|PJSIP/1001|3600"],
        ),
    ],
)
def test_agents_come_pause_and_go(entry, lines):
    """Sign-in, break, back and sign-out, per queue and for all."""
    assert lines_of(entry) == [f"{EPOCH}|NONE|{line.format('Agent/1001')}\n" for line in lines]


def test_start_and_reload_have_lines_of_their_own():
    """Readers see when the queues began and changed."""
    log = QueueLog()
    assert log.started(WALL) == f"{EPOCH}|NONE|NONE|NONE|QUEUESTART|\n"
    assert log.reloaded(WALL) == f"{EPOCH}|NONE|NONE|NONE|CONFIGRELOAD|\n"


def test_hostile_text_makes_neither_lines_nor_columns():
    """Pipes and newlines in a caller's number stay inside their cell."""
    nasty = "1|ABANDON|\n9999|x"
    lines = lines_of(started(called="40|00\n"), replace(entered(0), number=nasty))
    (line,) = [each for each in lines if "ENTERQUEUE" in each]
    assert line == f"{EPOCH}|{ID}|sales|NONE|ENTERQUEUE||1/ABANDON/\ufffd9999/x|1\n"


def test_agents_can_be_written_otherwise():
    """Where a reader knows agents by their phones the form of the column can be told."""
    log = QueueLog("SIP/{}")
    assert "SIP/1001" in "".join(lines_of(*talk(0, 1, 0), log=log))


def test_the_end_of_a_talk_may_be_told_after_the_calls():
    """The caller's hang-up ends call and talk at once; whichever is told first, the talk has its length."""
    log = QueueLog()
    begun, over = talk(2, 9, 2, by=Side.CALLER)
    for entry in (started(), entered(0), begun, ended(9)):
        log.lines(entry, WALL)
    (line,) = log.lines(over, WALL)
    assert line.endswith("|COMPLETECALLER|2|7|1\n")
    assert not log._calls


def test_what_is_remembered_of_calls_is_bounded(monkeypatch):
    """Calls whose end is never told do not fill the memory, and ended ones are forgotten at once."""
    monkeypatch.setattr(queue_log, "_MAX_CALLS", 10)
    log = QueueLog()
    for n in range(50):
        log.lines(started(call_id=f"c{n}"), WALL)
    assert len(log._calls) == 10
    log.lines(started(), WALL)
    log.lines(ended(1), WALL)
    assert ID not in log._calls
    assert lines_of(hold(0, on=True), log=log) == []


def test_a_promise_and_its_keeping_have_the_readers_own_verbs():
    """INFO for the promise; the callback is an outgoing call, and nobody entered the queue for it."""
    promised = CallbackRequested(
        call_id=ID, at=START + 9, callback=7, queue=QueueName("sales"), number="138", waited=True
    )
    assert told(promised) == ["sales|NONE|INFO|CALLBACK|138"]
    kept = (
        replace(entered(1.0), callback=True),
        *talk(4.0, 9.0, 3.0),
        replace(left(4.0, QueueOutcome.ANSWERED, 3.0), callback=True),
    )
    assert [line.split("|")[2] for line in told(*kept)] == ["CALLOUTBOUND", "CONNECT", "COMPLETEAGENT"]
    missed = (
        replace(entered(1.0), callback=True),
        replace(left(4.0, QueueOutcome.NOT_REACHED, 3.0), callback=True),
    )
    assert told(*missed) == []
