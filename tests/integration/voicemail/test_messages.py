"""Messages after they were left: their sound is found by id, deleted, and swept when their time is over."""

import asyncio
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace

import pytest

from ccd.calls.messages import Messages
from ccd.config.voicemail import Mailbox
from ccd.errors import NotFoundError, RefusedError
from ccd.model import AgentNumber, CallId
from ccd.records.voicemail import Message, MessageState
from ccd.storage.messages import MessageFilter
from ccd.storage.store import Store
from ccd.storage.writer import RecordWriter
from tests.databases import database_url
from tests.unit.calls.fakes import FakeClock

NOW = datetime(2026, 11, 21, 9, tzinfo=UTC)


@pytest.fixture
async def house(tmp_path):
    clock = FakeClock(NOW)
    boxes = {
        "sales": Mailbox(keep_days=10, queues=("sales",)),
        "board": Mailbox(keep_days=None, agents=("1001",)),
        "empty": Mailbox(),
    }
    config = SimpleNamespace(
        voicemail=SimpleNamespace(mailboxes=boxes),
        recording=SimpleNamespace(directory=str(tmp_path), asterisk_directory="/spool/ccd"),
    )
    store = await Store.open(database_url("sqlite", tmp_path), clock)
    writer = RecordWriter(store, tmp_path)
    task = asyncio.create_task(writer.run())
    yield SimpleNamespace(clock=clock, config=config, store=store, writer=writer, root=tmp_path)
    await writer.close()
    await task
    await store.close()


async def left(house, name: str, *, days: int = 0, mailbox: str = "sales") -> Message:
    """Have a message left so many days ago."""
    path = f"voicemail/2026/11/01/{name}-v1.wav"
    (house.root / path).parent.mkdir(parents=True, exist_ok=True)
    (house.root / path).write_bytes(b"sound")
    message = Message(
        id=f"{name}-v1",
        mailbox=mailbox,
        call_id=CallId(name),
        number="138",
        name="",
        queue=None,
        language="en",
        at=NOW - timedelta(days=days, seconds=1),
        length_s=3.0,
        path=path,
        size=5,
        sha256="0" * 64,
    )
    house.writer.put_message(message)
    await house.writer.flush()
    return message


async def test_a_deleted_message_has_no_sound_and_stays_known(house):
    """Its file is gone first; it can neither be heard nor marked any more."""
    messages, message = Messages(house, house.store), await left(house, "1.1")
    assert await messages.sound(message) == house.root / message.path
    assert messages.asterisk_path(message) == "/spool/ccd/voicemail/2026/11/01/1.1-v1"
    gone = await messages.delete(message.id, "1001")
    assert (gone.state, gone.deleted_by) == (MessageState.DELETED, "1001")
    assert not (house.root / message.path).exists()
    assert (await messages.delete(message.id, "1002")).deleted_by == "1001"
    with pytest.raises(NotFoundError):
        await messages.sound(gone)
    with pytest.raises(RefusedError):
        await messages.heard(message.id, "1001")


async def test_each_mailbox_keeps_its_messages_for_a_time_of_its_own(house):
    """Null is for ever; a mailbox that the configuration lost has ninety days."""
    messages = Messages(house, house.store)
    kept = [
        await left(house, "1.1", days=9),
        await left(house, "1.2", days=4000, mailbox="board"),
        await left(house, "1.3", days=80, mailbox="gone"),
    ]
    swept = [await left(house, "2.1", days=11), await left(house, "2.2", days=91, mailbox="gone")]
    assert await messages.sweep() == 2
    found = await messages.list(MessageFilter())
    assert {message.id for message in found} == {message.id for message in kept}
    assert [(house.root / message.path).exists() for message in (*kept, *swept)] == [True] * 3 + [False] * 2
    assert await messages.sweep() == 0


async def test_a_sound_that_cannot_be_deleted_keeps_its_message_and_no_other(house, monkeypatch):
    """Its file is another user's: it is tried again, the others go, and the daemon does."""
    messages = Messages(house, house.store)
    stuck, other = await left(house, "1", days=11), await left(house, "2", days=11)
    await house.writer.flush()
    unlink = Path.unlink

    def refuse(file, **options):
        if file.name.startswith(stuck.id):
            raise PermissionError(13, "Permission denied", str(file))
        unlink(file, **options)

    with monkeypatch.context() as undeletable:
        undeletable.setattr(Path, "unlink", refuse)
        assert await messages.sweep() == 1
    assert [message.id for message in await messages.list(MessageFilter())] == [stuck.id]
    assert not (house.root / other.path).exists()
    assert await messages.sweep() == 1


async def test_agents_listen_to_what_names_them_or_their_queues(house):
    """Nobody else does."""
    messages = Messages(house, house.store)
    assert messages.boxes_of(AgentNumber("1001"), []) == {"board"}
    assert messages.boxes_of(AgentNumber("1001"), ["sales", "support"]) == {"board", "sales"}
    assert messages.boxes_of(AgentNumber("1002"), ["support"]) == frozenset()
