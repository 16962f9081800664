"""Messages on either database: listed, counted, heard, deleted, forgotten."""

from dataclasses import replace
from datetime import timedelta

import pytest

from ccd.errors import NotFoundError
from ccd.model import CallId, QueueName
from ccd.records.voicemail import Message, MessageState
from ccd.storage.encode import Item, Kind
from ccd.storage.messages import MessageFilter


def message(clock, number: int, **changes) -> Message:
    """Give the n-th message, a minute after the one before."""
    told = {
        "id": f"1.{number}-v3",
        "mailbox": "sales",
        "call_id": CallId(f"1.{number}"),
        "number": f"1380000000{number}",
        "name": "张伟",
        "queue": QueueName("sales"),
        "language": "zh",
        "at": clock.wall(clock.now()) + timedelta(minutes=number),
        "length_s": 12.5,
        "path": f"voicemail/2026/11/21/1.{number}-v3.wav",
        "size": 200_044,
        "sha256": "0" * 64,
    }
    return Message(**(told | changes))


async def test_messages_are_listed_by_page_filter_and_order(store, writer, clock):
    """Newest first or oldest first; each filter restricts."""
    made = [message(clock, n, mailbox="sales" if n % 2 else "support") for n in range(5)]
    for each in made:
        writer.put_message(each)
    await writer.flush()
    async with store.reading() as tx:
        assert await tx.messages.get(made[2].id) == made[2]
        assert await tx.messages.list() == tuple(reversed(made))
        assert await tx.messages.list(limit=2, after=made[3].id) == (made[2], made[1])
        assert await tx.messages.list(limit=2, after=made[1].id, oldest_first=True) == (made[2], made[3])
        only = MessageFilter(mailboxes=frozenset({"sales"}), since=made[2].at)
        assert await tx.messages.list(only) == (made[3],)
        assert await tx.messages.list(MessageFilter(number=made[4].number)) == (made[4],)
        assert await tx.messages.list(MessageFilter(mailboxes=frozenset())) == ()
        assert await tx.messages.count_new() == {"sales": 2, "support": 3}
        assert await tx.messages.count_new(["sales"]) == {"sales": 2}
        with pytest.raises(NotFoundError):
            await tx.messages.get("../../etc/passwd")


async def test_who_heard_a_message_first_stays(store, writer, clock):
    """Heard, new again, deleted: each state has its own way; found again by a scan it stays what it is."""
    left = message(clock, 1)
    writer.put_message(left)
    await writer.flush()
    now = clock.wall(clock.now())
    async with store.unit() as tx:
        await tx.messages.heard(left.id, by="1001", at=now)
        await tx.messages.heard(left.id, by="1002", at=now + timedelta(hours=1))
    writer.put_message(left)
    await writer.flush()
    async with store.reading() as tx:
        kept = await tx.messages.get(left.id)
    assert kept == replace(left, state=MessageState.KEPT, heard_by="1001", heard_at=now)
    async with store.unit() as tx:
        await tx.messages.unheard(left.id)
        assert (await tx.messages.get(left.id)).is_new
        await tx.messages.deleted(left.id, by="cli", at=now)
        await tx.messages.heard(left.id, by="1001", at=now)
        await tx.messages.unheard(left.id)
        gone = await tx.messages.get(left.id)
    assert (gone.state, gone.deleted_by, gone.heard_by) == (MessageState.DELETED, "cli", None)


async def test_what_is_past_its_time_is_forgotten_mailbox_by_mailbox(store, writer, clock):
    """Each mailbox has a time of its own."""
    old, young, other = (
        message(clock, n, mailbox=box) for n, box in enumerate(("sales", "sales", "support"))
    )
    for each in (old, young, other):
        writer.put_message(each)
    await writer.flush()
    async with store.unit() as tx:
        assert await tx.messages.mailboxes() == {"sales", "support"}
        assert await tx.messages.older_than("sales", young.at, limit=10) == (old,)
        await tx.messages.forget([old.id])
    async with store.reading() as tx:
        assert await tx.messages.list() == (other, young)


def test_a_record_from_the_spool_of_an_older_version_gets_the_new_columns():
    """An upgrade between the crash and the next start loses no call."""
    row = tuple(range(27))
    segment = tuple(range(10))
    line = Item(Kind.RECORD, "1.1", {"call_record": [row], "call_segment": [segment]}).to_line()
    read = Item.from_line(line)
    assert read.rows == {"call_record": [(*row, 0.0, None)], "call_segment": [segment]}
    again = Item.from_line(read.to_line())
    assert again.rows == read.rows


@pytest.mark.parametrize(("table", "length"), [("call_segment", 9), ("call_segment", 11), ("nothing", 3)])
def test_a_row_that_no_table_has_is_no_line_of_the_spool(table, length):
    """It is told and left out: it would stop everything behind it."""
    line = Item(Kind.RECORD, "1.1", {table: [tuple(range(length))]}).to_line()
    with pytest.raises(ValueError, match=f"no row of {length} values in {table}|a row without"):
        Item.from_line(line)
