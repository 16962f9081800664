"""Agents' accounts: kept by supervisors, checked by phones, remembered for the engine."""

import asyncio
import time
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from ccd.errors import NotFoundError, RefusedError, StorageError
from ccd.model import (
    AgentLimits,
    AgentNumber,
    AgentSnapshot,
    AgentStatus,
    BreakUse,
    Direction,
    Extension,
    Membership,
    QueueMemory,
    QueueName,
    Terms,
    tail_of,
)
from ccd.records.outgoing import OutgoingCall
from ccd.records.record import CallRecord, SegmentKind
from ccd.storage import store as store_module
from ccd.storage.accounts import Accounts, AgentChange, NewAgent, PinCheck
from ccd.storage.agents import MAX_PIN_FAILURES, PIN_LOCK
from ccd.storage.doors import QueueDoor
from ccd.storage.store import Store
from tests.integration.storage.samples import call

ONE, TWO = AgentNumber("1001"), AgentNumber("1002")


def queues(**penalties):
    return {QueueName(name): Terms(penalty=penalty) for name, penalty in penalties.items()}


@pytest.fixture
def accounts(store):
    return Accounts(store)


async def positions(store, agent):
    async with store.reading() as tx:
        return {place.queue: place.position for place in (await tx.agents.get(agent)).memberships}


async def test_an_agent_is_added_and_found(accounts, clock):
    """What was given is what is found; the PIN is not."""
    new = NewAgent(
        number=ONE, name=" 张伟 ", extension=Extension("1001"), pin="482913", queues=queues(sales=0, bench=2)
    )
    added = await accounts.add(new)
    assert added == await accounts.get(ONE)
    assert (added.name, added.extension, added.has_pin) == ("张伟", "1001", True)
    assert added.created_at == clock.wall(clock.at)
    assert added.profile.memberships == (
        Membership(queue=QueueName("bench"), penalty=2),
        Membership(queue=QueueName("sales"), penalty=0),
    )
    assert "482913" not in repr(new)


async def test_an_agent_may_have_times_of_their_own_in_a_queue(accounts):
    """Stored with the place in the queue; set anew without them, the queue's count again."""
    sales = QueueName("sales")
    await accounts.add(NewAgent(number=ONE, queues={sales: Terms(penalty=1, ring_s=12.5, wrap_up_s=0.0)}))
    (place,) = (await accounts.get(ONE)).memberships
    assert (place.penalty, place.ring_s, place.wrap_up_s) == (1, 12.5, 0.0)
    await accounts.update(ONE, AgentChange(queues={sales: Terms(penalty=1)}))
    (place,) = (await accounts.get(ONE)).memberships
    assert (place.penalty, place.ring_s, place.wrap_up_s) == (1, None, None)


async def test_members_stand_in_the_order_in_which_they_came(store, accounts):
    """Positions count up within each queue; who leaves and comes back stands last, others keep theirs."""
    for number in ("1001", "1002", "1003"):
        await accounts.add(NewAgent(number=AgentNumber(number), queues=queues(sales=0)))
    await accounts.update(TWO, AgentChange(queues=queues(sales=5, bench=0)))
    assert await positions(store, TWO) == {"sales": 1, "bench": 0}
    await accounts.update(ONE, AgentChange(queues={}))
    await accounts.update(ONE, AgentChange(queues=queues(sales=0)))
    assert await positions(store, ONE) == {"sales": 3}


async def test_a_number_is_given_once(accounts):
    """A second agent of the same number is refused and changes nothing."""
    await accounts.add(NewAgent(number=ONE, name="first"))
    with pytest.raises(RefusedError, match="1001 exists"):
        await accounts.add(NewAgent(number=ONE, name="second"))
    assert (await accounts.get(ONE)).name == "first"


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        ({"number": "10 01"}, "number"),
        ({"number": ""}, "number"),
        ({"number": "1" * 33}, "number"),
        ({"extension": "1001@x"}, "extension"),
        ({"pin": "123"}, "PIN"),
        ({"pin": "12a4"}, "PIN"),
        ({"pin": "１２３４"}, "PIN"),
        ({"queues": {"Sales;": Terms()}}, "Sales"),
        ({"queues": queues(sales=-1)}, "penalty"),
        ({"queues": queues(sales=1001)}, "penalty"),
        ({"queues": {"sales": Terms(ring_s=0.5)}}, "rings for 1 to 600"),
        ({"queues": {"sales": Terms(wrap_up_s=-1)}}, "wrap-up"),
    ],
)
async def test_what_cannot_be_is_refused(sqlite_store, wrong, says):
    """Numbers, PINs and queues of another form never reach the database."""
    accounts = Accounts(sqlite_store)
    with pytest.raises(RefusedError, match=says):
        await accounts.add(NewAgent(**({"number": ONE} | wrong)))
    assert await accounts.list() == ()


async def test_a_change_leaves_the_rest_as_it_is(accounts):
    """Only what is named changes; empty text takes phone or PIN away."""
    await accounts.add(
        NewAgent(number=ONE, name="a", extension=Extension("1001"), pin="4829", queues=queues(sales=0))
    )
    changed = await accounts.update(ONE, AgentChange(name="b"))
    assert (changed.name, changed.extension, changed.has_pin) == ("b", "1001", True)
    assert [place.queue for place in changed.memberships] == ["sales"]
    changed = await accounts.update(ONE, AgentChange(extension="", pin=""))
    assert (changed.name, changed.extension, changed.has_pin) == ("b", None, False)
    with pytest.raises(NotFoundError):
        await accounts.update(TWO, AgentChange(name="c"))


async def test_skills_are_set_one_by_one(accounts):
    """What is named changes, level 0 takes away, the rest stays; whoever comes anew has none."""
    new = NewAgent(number=ONE, skills={"english": 80, "billing": 40})
    assert (await accounts.add(new)).profile.skills == {"english": 80, "billing": 40}
    changed = await accounts.update(ONE, AgentChange(skills={"billing": 0, "french": 10}))
    assert changed.skills == {"english": 80, "french": 10}
    assert (await accounts.update(ONE, AgentChange(name="x"))).skills == changed.skills
    assert [each.skills for each in await accounts.list()] == [changed.skills]
    await accounts.save_all([NewAgent(number=ONE, skills={"english": 90})])
    assert (await accounts.get(ONE)).skills == {"english": 90, "french": 10}
    await accounts.remove(ONE)
    assert (await accounts.add(NewAgent(number=ONE))).skills == {}


async def test_limits_are_given_and_taken_away(accounts):
    """0 takes a limit away; what is not named stays."""
    await accounts.add(NewAgent(number=ONE))
    changed = await accounts.update(ONE, AgentChange(calls_per_hour=10, rest_s=5.0))
    assert changed.profile.limits == AgentLimits(calls_per_hour=10, rest_s=5.0)
    changed = await accounts.update(ONE, AgentChange(calls_per_hour=0, calls_per_day=60))
    assert changed.limits == AgentLimits(calls_per_day=60, rest_s=5.0)


async def test_who_leaves_is_gone_and_their_history_stays(store, accounts, writer):
    """A removed agent is not found, cannot sign in, and is still named in the records."""
    await accounts.add(NewAgent(number=ONE, pin="4829", queues=queues(sales=0)))
    writer.put(call(1, agent="1001"))
    await writer.flush()
    await accounts.remove(ONE)
    assert await accounts.list() == ()
    assert await accounts.verify_pin(ONE, "4829") is PinCheck.WRONG
    for again in (accounts.remove, accounts.get):
        with pytest.raises(NotFoundError, match="1001"):
            await again(ONE)
    async with store.reading() as tx:
        assert (await tx.records.get(call(1).id)).agent == "1001"


async def test_a_number_given_anew_remembers_nothing(store, accounts, writer):
    """The next bearer of a number starts logged out, without the other's calls or PIN."""
    await accounts.add(NewAgent(number=ONE, pin="4829", queues=queues(sales=0)))
    taken = QueueMemory(queue=QueueName("sales"), calls_taken=7, last_call_at=900.0)
    breaks = {"lunch": BreakUse(taken=2, spent_s=61.5), "小休": BreakUse(taken=1)}
    snapshot = AgentSnapshot(number=ONE, status=AgentStatus.AVAILABLE, memory=(taken,), breaks=breaks)
    writer.put_agent(snapshot)
    await writer.flush()
    async with store.reading() as tx:
        (found,) = await tx.agents.snapshots()
    assert (found.memory, found.breaks) == ((taken,), breaks)
    await accounts.remove(ONE)
    async with store.reading() as tx:
        assert await tx.agents.snapshots() == ()
    again = await accounts.add(NewAgent(number=ONE))
    assert not again.has_pin
    async with store.reading() as tx:
        assert await tx.agents.snapshots() == ()


async def test_many_are_imported_all_or_none(accounts):
    """One impossible agent refuses the sheet, and every problem of it is told."""
    await accounts.add(NewAgent(number=ONE, name="old", pin="4829", queues=queues(sales=0)))
    good = [
        NewAgent(number=ONE, name="new", queues=queues(bench=1)),
        NewAgent(number=TWO, pin="1234", queues=queues(bench=0)),
    ]
    bad = [NewAgent(number=AgentNumber("x y")), NewAgent(number=AgentNumber("1003"), pin="1")]
    with pytest.raises(RefusedError) as refused:
        await accounts.save_all([*good, *bad, good[0]])
    assert all(part in str(refused.value) for part in ("x y", "agent 1003: the PIN", "1001 comes twice"))
    assert [each.number for each in await accounts.list()] == [ONE]
    plan = await accounts.save_all(good, dry_run=True)
    assert (plan.created, plan.changed) == ((TWO,), (ONE,))
    assert len(await accounts.list()) == 1
    assert await accounts.save_all(good) == plan
    one, two = await accounts.list()
    assert (one.name, one.has_pin, [m.queue for m in one.memberships]) == ("new", True, ["bench"])
    assert (two.has_pin, [m.queue for m in two.memberships]) == (True, ["bench"])


async def test_the_right_pin_opens(accounts):
    """The right PIN is right, a wrong one wrong; without a PIN none is right."""
    await accounts.add(NewAgent(number=ONE, pin="482913"))
    await accounts.add(NewAgent(number=TWO))
    assert await accounts.verify_pin(ONE, "482913") is PinCheck.OK
    assert await accounts.verify_pin(ONE, "482914") is PinCheck.WRONG
    assert await accounts.verify_pin(TWO, "") is PinCheck.WRONG
    assert await accounts.verify_pin(AgentNumber("7' OR 1=1"), "482913") is PinCheck.WRONG


async def test_ten_failures_lock_for_a_while(accounts, clock):
    """After ten wrong PINs in a row the right one does not help, until the time is over; then it resets."""
    await accounts.add(NewAgent(number=ONE, pin="482913"))
    for _ in range(MAX_PIN_FAILURES):
        assert await accounts.verify_pin(ONE, "0000") is PinCheck.WRONG
    assert await accounts.verify_pin(ONE, "482913") is PinCheck.LOCKED
    clock.at += PIN_LOCK / timedelta(seconds=1) + 1
    assert await accounts.verify_pin(ONE, "0000") is PinCheck.WRONG
    assert await accounts.verify_pin(ONE, "482913") is PinCheck.LOCKED
    clock.at += PIN_LOCK / timedelta(seconds=1) + 1
    assert await accounts.verify_pin(ONE, "482913") is PinCheck.OK
    assert await accounts.verify_pin(ONE, "0000") is PinCheck.WRONG
    assert await accounts.verify_pin(ONE, "482913") is PinCheck.OK


async def test_guesses_at_once_are_counted_each(accounts):
    """Thirty guesses in parallel are thirty attempts: no more than ten are looked at."""
    await accounts.add(NewAgent(number=ONE, pin="482913"))
    told = await asyncio.gather(*(accounts.verify_pin(ONE, "0000") for _ in range(14)))
    assert told.count(PinCheck.WRONG) == MAX_PIN_FAILURES
    assert await accounts.verify_pin(ONE, "482913") is PinCheck.LOCKED


async def test_an_unknown_agent_costs_the_same(sqlite_store):
    """Whoever measures cannot tell whether a number exists."""
    accounts = Accounts(sqlite_store)
    await accounts.add(NewAgent(number=ONE, pin="482913"))
    await accounts.verify_pin(TWO, "0000")
    took = {}
    for number in (ONE, TWO):
        tries = []
        for _ in range(4):
            began = time.perf_counter()
            await accounts.verify_pin(number, "0000")
            tries.append(time.perf_counter() - began)
        took[number] = min(tries)
    assert took[TWO] > took[ONE] / 2


async def test_checking_a_pin_does_not_stall_the_loop(sqlite_store):
    """The hash is computed beside the event loop, which goes on."""
    accounts = Accounts(sqlite_store)
    turns = 0

    async def spin():
        nonlocal turns
        while True:
            await asyncio.sleep(0)
            turns += 1

    spinner = asyncio.create_task(spin())
    await accounts.verify_pin(ONE, "0000")
    spinner.cancel()
    assert turns > 20


async def test_an_exception_undoes_the_whole_unit(store):
    """One transaction boundary: either all of it or nothing."""
    accounts = Accounts(store)
    await accounts.add(NewAgent(number=ONE, name="a"))

    async def half_a_change():
        async with store.unit() as tx:
            await tx.agents.change(ONE, {"name": "b"})
            await tx.agents.remove(TWO)

    with pytest.raises(NotFoundError):
        await half_a_change()
    assert (await accounts.get(ONE)).name == "a"


async def test_a_reader_never_waits_for_a_writer(sqlite_store):
    """While a transaction writes, others read what was before it."""
    accounts = Accounts(sqlite_store)
    await accounts.add(NewAgent(number=ONE, name="a"))
    async with sqlite_store.unit() as tx:
        await tx.agents.change(ONE, {"name": "b"})
        async with asyncio.timeout(1.0):
            assert (await accounts.get(ONE)).name == "a"
    assert (await accounts.get(ONE)).name == "b"


async def test_writers_take_turns_and_do_not_wait_for_ever(sqlite_store, monkeypatch):
    """A second writer waits for the first, for a while; then it is told."""
    accounts = Accounts(sqlite_store)
    monkeypatch.setattr(store_module, "TURN_S", 0.05)
    async with sqlite_store.unit():
        with pytest.raises(StorageError, match="other writers"):
            await accounts.remove(ONE)
    adding = [accounts.add(NewAgent(number=AgentNumber(f"20{n:02}"))) for n in range(10)]
    monkeypatch.setattr(store_module, "TURN_S", 10.0)
    await asyncio.gather(*adding)
    assert len(await accounts.list()) == 10


async def test_agents_know_whom_they_called(store, accounts, writer):
    """The latest of talks and calls first, however the number is written; unanswered ones where wanted."""
    for number in (ONE, TWO):
        await accounts.add(NewAgent(number=number))
    now = store.clock.wall(store.clock.now())
    writer.put(call(-60 * 24 * 10, agent="1005"))

    def called(agent: AgentNumber, days: int, *, answered: bool) -> OutgoingCall:
        return OutgoingCall(
            call_id=f"{agent}-{days}",
            at=now - timedelta(days=days),
            person=f"agent/{agent}",
            agent=agent,
            callee="+8613800138000",
            tail=tail_of("+8613800138000"),
            answered=answered,
        )

    for each in (called(ONE, 5, answered=True), called(TWO, 1, answered=False)):
        writer.put_outgoing(each)
    await writer.flush()
    assert await store.who_knows("13800138000", days=30, outgoing="answered") == (ONE, "1005")
    assert await store.who_knows("013800138000", days=30, outgoing="tried") == (TWO, ONE)
    assert await store.who_knows("13800138000", days=2, outgoing="answered") == ()
    assert await store.who_knows("13800138000", days=30, outgoing="never") == ("1005",)
    async with store.reading() as tx:
        found = await tx.outgoing.since(now - timedelta(days=3))
    assert [(each.agent, each.answered, each.at) for each in found] == [(TWO, False, now - timedelta(days=1))]


async def test_the_agents_who_know_a_caller(store, accounts, writer):
    """The owner first, then who talked last; who left is no owner any more, and nobody owns the unknown."""
    for number in (ONE, TWO):
        await accounts.add(NewAgent(number=number))
    writer.put(call(-60, agent="1001"))
    writer.put(call(-60 * 24 * 40, agent="1005"))
    writer.put(call(-61, agent="1001", number="anonymous"))
    await writer.flush()
    assert await store.who_knows("13800138000", days=30) == (ONE,)
    assert await store.who_knows("anonymous", days=30) == ()
    async with store.unit() as tx:
        assert await tx.customers.owner("13800138000") is None
        await tx.customers.set_owner("13800138000", TWO)
        assert await tx.customers.owner("13800138000") == TWO
        with pytest.raises(NotFoundError, match="1009"):
            await tx.customers.set_owner("13800138000", AgentNumber("1009"))
    assert await store.who_knows("13800138000", days=30) == (TWO, ONE)
    assert await store.who_knows("13800138000", days=60) == (TWO, ONE, "1005")
    async with store.unit() as tx:
        await tx.agents.remove(TWO)
    assert await store.who_knows("13800138000", days=30) == (ONE,)
    async with store.unit() as tx:
        await tx.customers.set_owner("13800138000", None)
        assert await tx.customers.owner("13800138000") is None


@pytest.mark.parametrize(
    ("url", "says"),
    [
        ("nonsense", "not a URL"),
        ("mysql://root@localhost/ccd", "neither"),
        ("sqlite://", "neither"),
        ("sqlite:////proc/nowhere/ccd.db", "cannot be opened"),
        ("postgresql://ccd:secret@/ccd?host=/nonexistent", "cannot be opened"),
    ],
)
async def test_a_database_that_cannot_be_used_is_named(url, says, clock):
    """The error says what is wrong with the database, and never its password."""
    with pytest.raises(StorageError, match=says) as refused:
        await Store.open(url, clock)
    assert "secret" not in str(refused.value)


async def test_a_file_that_is_no_database_is_said_to_be_none(tmp_path, clock):
    """A file of something else is left as it is."""
    path = tmp_path / "ccd.db"
    path.write_bytes(b"something else entirely" * 100)
    with pytest.raises(StorageError, match="not a database"):
        await Store.open(f"sqlite:///{path}", clock)
    assert path.read_bytes().startswith(b"something else")


async def test_a_queue_that_was_closed_by_hand_is_found_again(store):
    """What is put last holds; what is dropped is gone."""
    sales, noon = QueueName("sales"), datetime(2026, 11, 21, 12, tzinfo=UTC)
    door = QueueDoor(queue=sales, open=False, say="closed", keep=False, until_at=noon, since_at=noon)
    await store.put_door(replace(door, open=True))
    await store.put_door(door)
    await store.put_door(replace(door, queue=QueueName("bench"), until_at=None))
    async with store.reading() as tx:
        assert await tx.doors.list() == (replace(door, queue=QueueName("bench"), until_at=None), door)
    await store.drop_door(QueueName("bench"))
    await store.drop_door(QueueName("nowhere"))
    async with store.reading() as tx:
        assert await tx.doors.list() == (door,)


async def test_the_last_talks_of_each_queue_are_read(store, writer, clock):
    """In order of their ends, as instants and seconds; those of another hour are not."""
    for n, (queue, minutes) in enumerate((("sales", 5), ("bench", 6), ("sales", 20), ("sales", 90))):
        began = clock.wall(clock.at) - timedelta(minutes=minutes)
        record = call(n, queue=queue)
        talk = next(each for each in record.segments if each.kind is SegmentKind.TALK)
        talk = replace(
            talk, queue=QueueName(queue), started_at=began, ended_at=began + timedelta(seconds=40 + n)
        )
        writer.put(replace(record, started_at=began - timedelta(minutes=1), segments=(talk,)))
    await writer.flush()
    async with store.reading() as tx:
        found = await tx.talks.recent(timedelta(hours=1))
    assert {
        queue: [(pytest.approx(at), pytest.approx(s)) for at, s in talks] for queue, talks in found.items()
    } == {
        "sales": [(clock.at - 1200 + 42, 42.0), (clock.at - 300 + 40, 40.0)],
        "bench": [(clock.at - 360 + 41, 41.0)],
    }


async def test_talks_of_the_last_day_are_read_of_those_whose_calls_are_limited(
    store, accounts, writer, clock
):
    """From the records, in order of their ends; of whom no calls are limited nothing is read."""
    for number, limits in ((ONE, AgentLimits(calls_per_day=5)), (TWO, AgentLimits(rest_s=5.0))):
        await accounts.add(NewAgent(number=number, limits=limits))
        writer.put_agent(AgentSnapshot(number=number, status=AgentStatus.AVAILABLE, since_at=clock.at))
    ends = []
    for n, (agent, hours) in enumerate(((ONE, 1), (ONE, 30), (ONE, 2), (TWO, 1))):
        began = clock.wall(clock.at) - timedelta(hours=hours)
        record = call(n, agent=agent)
        talks = [
            replace(each, agent=agent, started_at=began, ended_at=began + timedelta(minutes=1))
            for each in record.segments
            if each.kind is SegmentKind.TALK
        ]
        writer.put(replace(record, started_at=began, segments=tuple(talks)))
        ends.append(clock.at - hours * 3600 + 60)
    await writer.flush()
    async with store.reading() as tx:
        found = {each.number: each.talk_ends for each in await tx.agents.snapshots()}
    assert found[ONE] == pytest.approx((ends[2], ends[0]))
    assert found[TWO] == ()


def outgoing(n: int, *, number: str, called: str, agent: str = ONE) -> CallRecord:
    """Give the record of a call that was made to the outside: by a phone, or by a callback."""
    return replace(call(n, number=number, agent=agent), direction=Direction.OUTBOUND, called=called)


async def test_whoever_talked_in_a_callback_knows_the_customer(store, writer):
    """The customer calls again; a phone's own calls stand under its extension and tell nothing."""
    writer.put(outgoing(-60, number="13800138000", called="13800138000", agent=TWO))
    writer.put(outgoing(-61, number="1001", called="13800138000"))
    await writer.flush()
    assert await store.who_knows("13800138000", days=30) == (TWO,)
    assert await store.who_knows("1001", days=30) == ()


async def test_the_last_caller_is_found_behind_any_number_of_calls_to_the_outside(store, writer):
    """Who dials all day still has a last caller; one who hid their number is not somebody else."""
    writer.put(call(-90, number="13900139000"))
    writer.put(call(-80, number="13700137000", agent=TWO))
    for n in range(30):
        writer.put(outgoing(n - 60, number="1001", called="13800138000"))
    await writer.flush()
    assert await store.last_caller(ONE) == "13900139000"
    assert await store.last_caller(AgentNumber("1009")) is None
    writer.put(call(-1, number=""))
    await writer.flush()
    assert await store.last_caller(ONE) is None
