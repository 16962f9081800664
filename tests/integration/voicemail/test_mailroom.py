"""From the tray to the message in its place, whatever happens in between."""

import asyncio
import os
import wave
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from ccd import wav
from ccd.model import CallId
from ccd.voicemail.finish import Missing, finish, look
from ccd.voicemail.mailroom import Mailroom, MailroomSettings, Trouble
from ccd.voicemail.tray import Note, Tray
from tests.support import until

NOTE = Note(
    id="1.1-v5",
    call_id=CallId("1.1"),
    mailbox="sales",
    number="13800138000",
    name="张伟",
    queue=None,
    language="zh",
    at=datetime(2026, 11, 21, 9, 30, tzinfo=UTC),
    min_s=2.0,
)
SAMPLES = 8000 * 3


def spoken(samples: int = SAMPLES, *, closed: bool = True) -> bytes:
    """Give what `RECORD FILE` leaves: a header that tells the length once the file is closed."""
    return wav.header(samples if closed else 0, 1) + bytes(2 * samples)


def left(root, note: Note = NOTE, sound: bytes | None = None) -> Tray:
    """Put a message into the tray."""
    tray = Tray(root)
    tray.open(note)
    if sound is not None:
        tray.sound(note.id).write_bytes(sound)
    return tray


@asynccontextmanager
async def working(root, *, live: tuple[str, ...] = (), **settings):
    """Run a mailroom; give it with what it stored."""
    stored = []
    room = Mailroom(
        root,
        stored.append,
        is_live=lambda call: call in live,
        settings=MailroomSettings(
            **{"closing_s": 0.01, "scan_every_s": 0.05, "orphan_age_s": 60.0} | settings
        ),
    )
    task = asyncio.create_task(room.run())
    try:
        yield room, stored
    finally:
        task.cancel()
        await asyncio.wait([task])


def test_a_note_is_read_as_it_was_written(tmp_path):
    """Chinese names and all; a damaged one is none, and harms nobody."""
    tray = left(tmp_path)
    assert tray.read(NOTE.id) == NOTE
    assert tray.messages() == [NOTE.id]
    for damage in (b"", b"{", b"[]", b'{"id": "other"}', NOTE.to_bytes().replace(b"1.1-v5", b"2.2-v5")):
        (tmp_path / "voicemail" / "incoming" / f"{NOTE.id}.json").write_bytes(damage)
        assert tray.read(NOTE.id) is None


def test_the_tray_has_the_roots_rights(tmp_path):
    """Asterisk, who writes the root, is to write into what ccd makes."""
    tmp_path.chmod(0o2770)
    left(tmp_path)
    for folder in ("voicemail", "voicemail/incoming"):
        assert (tmp_path / folder).stat().st_mode & 0o7777 == 0o2770


def test_a_message_is_a_whole_wav_file(tmp_path):
    """Length, size and checksum are of the file in its place; the tray keeps its own until it is cleared."""
    tray = left(tmp_path, sound=spoken())
    message = finish(tmp_path, NOTE)
    assert (message.length_s, message.size, message.number) == (3.0, 44 + 2 * SAMPLES, "13800138000")
    with wave.open(str(tmp_path / message.path)) as sound:
        assert (sound.getframerate(), sound.getnframes()) == (8000, SAMPLES)
    assert tray.sound(NOTE.id).exists()
    assert finish(tmp_path, NOTE) == message, "it can be repeated"


@pytest.mark.parametrize(
    ("sound", "made"),
    [
        (None, Missing.EMPTY),
        (spoken(0), Missing.OPEN),
        (spoken(8000), Missing.SHORT),
        (spoken(closed=False), Missing.OPEN),
        (spoken()[:-1000], Missing.OPEN),
    ],
    ids=["nothing", "header alone", "short", "not closed", "cut"],
)
def test_what_is_no_message_yet_is_told(tmp_path, sound, made):
    """Nothing, too little, or a file that Asterisk still writes."""
    left(tmp_path, sound=sound)
    assert finish(tmp_path, NOTE) is made


def test_a_file_that_was_never_closed_is_taken_by_its_size(tmp_path):
    """Asterisk was killed: what was said up to then is a message with a right header."""
    left(tmp_path, sound=spoken(closed=False))
    message = finish(tmp_path, NOTE, unclosed=True)
    assert message.length_s == 3.0
    assert look(tmp_path / message.path).closed


async def test_a_message_waits_until_asterisk_has_closed_its_file(tmp_path):
    """The hang-up is told before the header is written."""
    tray = left(tmp_path, sound=spoken(closed=False))
    async with working(tmp_path) as (room, stored):
        room.submit(NOTE.id)
        await until(lambda: room._waiting[NOTE.id] > 1)
        assert stored == []
        tray.sound(NOTE.id).write_bytes(spoken())
        await until(lambda: [message.id for message in stored] == [NOTE.id])
        await until(lambda: tray.messages() == [] and not tray.sound(NOTE.id).exists())


async def test_what_is_too_short_is_cleared_away(tmp_path):
    """It is no message, and stays nowhere."""
    tray = left(tmp_path, sound=spoken(8000))
    async with working(tmp_path) as (room, stored):
        room.submit(NOTE.id)
        await until(lambda: tray.messages() == [])
        assert stored == []


async def test_after_a_crash_messages_of_calls_that_are_over_are_found(tmp_path):
    """Those of calls that go on are their callers'."""
    left(tmp_path, sound=spoken())
    live = replace(NOTE, id="2.2-v1", call_id=CallId("2.2"))
    tray = left(tmp_path, live, spoken())
    old = replace(NOTE, id="3.3-v1", call_id=CallId("3.3"))
    left(tmp_path, old, spoken())
    os.utime(tray.sound(old.id), (0, 0))
    async with working(tmp_path, live=("2.2",)) as (room, stored):
        await until(lambda: old.id not in tray.messages())
        ids = [message.id for message in stored]
        assert ids == [old.id], "the other is too young before it is known which calls go on"
        room.rescue()
        await until(lambda: [message.id for message in stored] == [old.id, NOTE.id])
        await until(lambda: tray.messages() == [live.id])


async def test_a_disk_that_is_full_keeps_the_message_in_the_tray(tmp_path):
    """It is flagged, tried again, and stored when there is room."""
    tray = left(tmp_path, sound=spoken())
    (tmp_path / "voicemail" / "2026").write_text("in the way")
    async with working(tmp_path, orphan_age_s=0.0) as (room, stored):
        room.submit(NOTE.id)
        await until(lambda: room.troubles[Trouble.FAILED] > 1)
        assert room.trouble
        assert tray.messages() == [NOTE.id]
        (tmp_path / "voicemail" / "2026").unlink()
        await until(lambda: len(stored) == 1)
        assert room.trouble == ""


async def test_what_an_earlier_process_left_is_told_to_the_one_who_asks(tmp_path):
    """Nothing, a length, or that it is in its place already."""
    room = Mailroom(tmp_path, lambda _: None, is_live=lambda _: False)
    assert (await room.found(NOTE)).length_s is None
    left(tmp_path, sound=spoken())
    assert (await room.found(NOTE)).length_s == 3.0
    finish(tmp_path, NOTE)
    await room.discard(NOTE.id)
    found = await room.found(NOTE)
    assert (found.length_s, found.stored) == (None, True)


async def test_no_message_is_begun_where_there_is_no_room(tmp_path, monkeypatch):
    """A call's own recording matters more than a message."""
    room = Mailroom(tmp_path, lambda _: None, is_live=lambda _: False)
    assert await room.begin(NOTE)
    monkeypatch.setattr("ccd.voicemail.tray.MIN_FREE", 10**18)
    assert not await room.begin(replace(NOTE, at=NOTE.at + timedelta(days=1)))
    assert "MB are free" in room.trouble
    assert room.troubles[Trouble.UNWRITABLE] == 1
