"""Lists of callers in the database."""

from datetime import UTC, datetime

from ccd.records.caller_lists import ListEntry

NOW = datetime(2026, 11, 21, 9, 30, tzinfo=UTC)


def entry(number: str, **more) -> ListEntry:
    """Give an entry of `vip`."""
    return ListEntry(list="vip", number=number, added_at=NOW, **more)


async def test_entries_are_kept_replaced_and_removed(store):
    """By the hundred, with and without an end."""
    many = [entry(f"+86138{number:08}") for number in range(1200)]
    async with store.unit() as tx:
        await tx.caller_lists.put(many)
        await tx.caller_lists.put([entry(many[0].number, note="王", until_at=NOW)])
        await tx.caller_lists.put([ListEntry(list="other", number=many[0].number, added_at=NOW)])
        await tx.caller_lists.remove("vip", [each.number for each in many[1:1199]])
    async with store.reading() as tx:
        found = await tx.caller_lists.all()
    assert sorted((each.list, each.number, each.note, each.until_at) for each in found) == [
        ("other", many[0].number, "", None),
        ("vip", many[0].number, "王", NOW),
        ("vip", many[1199].number, "", None),
    ]
