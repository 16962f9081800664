"""Which recordings are wanted, paused and kept, over a restart of ours too."""

from types import SimpleNamespace

import pytest

from ccd.calls.recordings import Recordings
from ccd.config.recordings import Record
from ccd.history import CallEnded, RecordingPaused, RecordingResumed, RecordingStarted, TalkStarted
from ccd.model import AgentNumber, CallId, OfferId, QueueName, Side
from tests.support import until
from tests.unit.calls.fakes import FakeClock

CALL = CallId("1.1")
PATH = "2026/11/21/1.1-1.wav"


class Asterisk:
    """Keeps what it was told."""

    def __init__(self) -> None:
        self.muted: list[bool] = []

    async def mute_recording(self, _channel: str, *, on: bool) -> None:
        """Be told."""
        self.muted.append(on)


class Shelf:
    """The recorder, as it is asked."""

    def __init__(self) -> None:
        self.kept: list[str] = []
        self.discarded: list[str] = []

    def submit(self, _call_id, relative, **_more) -> None:
        """Be asked to finish one."""
        self.kept.append(relative)

    def discard(self, _call_id, relative) -> None:
        """Be asked to delete one."""
        self.discarded.append(relative)


@pytest.fixture
def desk():
    """Give recordings of one call; a talk of an earlier process is `restarted`."""
    clock = FakeClock()
    call = SimpleNamespace(
        recording=PATH, on_demand=False, channel_name="PJSIP/trunk-1", began_at=clock.now()
    )
    said = []
    queues = {
        "sales": SimpleNamespace(record=Record.ALWAYS),
        "asked": SimpleNamespace(record=Record.ON_DEMAND),
    }
    config = SimpleNamespace(queues=queues, recording=SimpleNamespace(pause_max_s=0.02))
    house = SimpleNamespace(
        book={CALL: call}, clock=clock, config=config, scribe=SimpleNamespace(note=said.append)
    )
    asterisk, shelf = Asterisk(), Shelf()
    recordings = Recordings(house, shelf, asterisk)

    def talk(queue: str, *, restarted: bool = False) -> None:
        recordings.note(
            TalkStarted(
                call_id=CALL,
                at=call.began_at - (100.0 if restarted else 0.0),
                queue=QueueName(queue),
                agent=AgentNumber("1"),
                leg=None,
                offer_id=OfferId("o"),
                queue_wait_s=0.0,
            )
        )

    def end() -> None:
        recordings.note(CallEnded(call_id=CALL, at=clock.now(), by=Side.CALLER, cause=16))

    return SimpleNamespace(
        recordings=recordings, asterisk=asterisk, shelf=shelf, said=said, talk=talk, end=end
    )


def kinds(desk) -> list[type]:
    """Give what was written down."""
    return [type(entry) for entry in desk.said]


async def test_a_pause_ends_by_itself(desk):
    """And is written down from when to when."""
    desk.talk("sales")
    await desk.recordings.pause(CALL)
    await until(lambda: desk.asterisk.muted == [True, False])
    assert kinds(desk) == [RecordingStarted, RecordingPaused, RecordingResumed]


async def test_a_pause_of_an_earlier_process_ends_by_itself(desk):
    """Nobody knows whether there is one: unmuting what is not muted does nothing."""
    desk.talk("sales", restarted=True)
    await until(lambda: desk.asterisk.muted == [False])
    desk.end()
    assert desk.shelf.kept == [PATH]


async def test_an_unknown_recording_on_demand_stays_silent(desk):
    """Nobody knows whether it was asked for, or ever silenced: it is not kept."""
    desk.talk("asked", restarted=True)
    await until(lambda: desk.asterisk.muted == [True])
    desk.end()
    assert (desk.shelf.kept, desk.shelf.discarded) == ([], [PATH])


async def test_what_nobody_asked_for_is_thrown_away(desk):
    """On demand begins in silence, and only a wish makes a recording of it."""
    desk.talk("asked")
    await until(lambda: desk.asterisk.muted == [True])
    assert kinds(desk) == []
    desk.end()
    assert (desk.shelf.kept, desk.shelf.discarded) == ([], [PATH])
