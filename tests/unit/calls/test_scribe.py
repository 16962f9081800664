"""The scribe: what is told now is written a moment later, in order, whoever fails."""

import pytest

from ccd.calls.scribe import Scribe
from ccd.history import CallEnded, CallStarted
from ccd.model import CallId, Side
from tests.support import until
from tests.unit.calls.fakes import FakeClock


class Shelf:
    """Keeps what it is given."""

    def __init__(self) -> None:
        self.records = []
        self.agent_log = []

    def put(self, record):
        """Keep a record."""
        self.records.append(record)

    def put_agent_log(self, entry):
        """Keep an agent's change."""
        self.agent_log.append(entry)


def started(call: str) -> CallStarted:
    """Begin a call."""
    return CallStarted(
        call_id=CallId(call),
        at=1000.0,
        channel="PJSIP/trunk-1",
        linkedid=call,
        number="138",
        name="",
        called="4000",
        language="en",
    )


def ended(call: str) -> CallEnded:
    """End a call."""
    return CallEnded(call_id=CallId(call), at=1002.0, by=Side.CALLER, cause=16)


async def test_a_call_that_is_over_is_soon_on_the_shelf():
    """Not before: the caller does not wait for the writing."""
    shelf = Shelf()
    scribe = Scribe(FakeClock(), shelf)
    scribe.note(started("a"))
    scribe.note(ended("a"))
    assert not shelf.records
    await until(lambda: shelf.records)
    assert [record.duration_s for record in shelf.records] == [2.0]


async def test_whoever_reads_a_live_call_sees_all_that_was_told():
    """Reading writes first."""
    scribe = Scribe(FakeClock(), Shelf())
    scribe.note(started("a"))
    assert scribe.live(CallId("a")) is not None
    assert scribe.live(CallId("b")) is None


async def test_witnesses_hear_at_once_and_listeners_when_it_is_written():
    """Both hear every entry, in order."""
    scribe, at_once, later = Scribe(FakeClock(), Shelf()), [], []
    scribe.witnesses.append(at_once.append)
    scribe.listeners.append(later.append)
    told = [started("a"), ended("a")]
    for entry in told:
        scribe.note(entry)
    assert (at_once, later) == (told, [])
    await until(lambda: later == told)


async def test_a_listener_that_fails_costs_one_entry():
    """Those behind it are written all the same."""
    shelf = Shelf()
    scribe = Scribe(FakeClock(), shelf)

    def fail_once(_entry):
        scribe.listeners.clear()
        raise ValueError("a fault of ours")

    scribe.listeners.append(fail_once)
    scribe.note(started("a"))
    scribe.note(ended("a"))
    with pytest.raises(ValueError, match="fault"):
        scribe.write()
    await until(lambda: len(shelf.records) == 1)
