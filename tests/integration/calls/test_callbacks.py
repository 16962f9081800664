"""Promises against a real engine and a real database, with an Asterisk that does what the test says."""

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import Any

import pytest

from ccd.ami import Origination
from ccd.calls import keys
from ccd.calls.book import CallBook, LiveCall
from ccd.calls.callbacks.attempt import LEG
from ccd.calls.callbacks.desk import Desk
from ccd.calls.carried import LastStay
from ccd.calls.dispatcher import Dispatcher, Outlets
from ccd.calls.scribe import Scribe
from ccd.commands import OfferCall
from ccd.config.callbacks import Callback as Terms
from ccd.errors import AmiDownError, AmiUnknownOutcomeError, RefusedError, StorageError
from ccd.events import (
    AgentsConfigured,
    AgentSignedIn,
    AgentSignedOut,
    ChannelGone,
    KeyPressed,
    LiveChannel,
    QueuesConfigured,
    Synchronised,
)
from ccd.history import CallbackRequested, QueueLeft
from ccd.ivr.ports import Caller, Promise
from ccd.model import (
    AgentNumber,
    AgentProfile,
    CallId,
    ChannelId,
    DeviceState,
    DialStatus,
    Extension,
    Membership,
    QueueName,
    QueueOutcome,
    QueueSettings,
    device_of,
)
from ccd.outbound.numbers import callee
from ccd.outbound.policy import Allowed, RefusalReason, Refused
from ccd.routing.engine import Engine
from ccd.storage.store import Store
from tests.databases import database_url
from tests.support import until
from tests.unit.calls.fakes import FakeClock

SALES = QueueName("sales")
NUMBER = "13800138000"
PHONE = device_of(Extension("1001"))


class FakeAsterisk:
    """Answers originations as the test says; remembers what was asked."""

    def __init__(self) -> None:
        self.begun: list[Origination] = []
        self.ended: list[str] = []
        self.answers: dict[str, Any] = {}
        """By what is dialled: a status, an error, or None: it rings on."""

    async def originate(self, call: Origination) -> DialStatus:
        """Ring."""
        self.begun.append(call)
        told = self.answers.get(call.dial)
        if isinstance(told, Exception):
            raise told
        if told is None:
            await asyncio.Event().wait()
        status: DialStatus = told
        return status

    async def hangup(self, channel: str, cause: int = 16) -> None:
        """Remember it."""
        assert cause == 16
        self.ended.append(channel)

    async def redirect(self, channel: str, context: str, exten: str, priority: int = 1) -> None:
        """Remember where to."""
        assert (context, priority) == ("ccd-callback", 1)
        self.ended.append(f"{channel} {exten}")

    def dialled(self, dial: str) -> list[Origination]:
        """Give the calls to somebody."""
        return [call for call in self.begun if call.dial == dial]


class Records:
    """Keeps the entries of the history."""

    def __init__(self) -> None:
        self.records: list[Any] = []

    def put(self, record: Any) -> None:
        """Keep a record."""
        self.records.append(record)

    def put_agent_log(self, entry: Any) -> None:
        """Pass over."""

    put_agent = put_queue_position = lambda *_: None


class Centre:
    """One queue, one agent who can sign in, and the desk."""

    def __init__(self, store: Store, clock: FakeClock, **terms: Any) -> None:
        self.clock, self.store = clock, store
        self.asterisk = FakeAsterisk()
        self.shelf = Records()
        self.allowed = True
        self.listed: set[str] = set()
        self.entries: list[Any] = []
        scribe = Scribe(clock, self.shelf)
        scribe.witnesses.append(self.entries.append)
        book = CallBook()
        outlets = Outlets(
            book=book,
            memory=self.shelf,  # type: ignore[arg-type]
            note=scribe.note,
            interrupt=lambda _: None,
            callbacks=self._takes,
        )
        dispatcher = Dispatcher(Engine(1), clock, outlets)
        queue = SimpleNamespace(callback=Terms(**terms), priority=0)
        self.config = SimpleNamespace(
            queues={"sales": queue},
            hours={},
            timezone="UTC",
            language="en",
            blacklist=SimpleNamespace(list="unwanted"),
            asterisk=SimpleNamespace(music="default"),
        )
        self.house: Any = SimpleNamespace(
            clock=clock,
            book=book,
            scribe=scribe,
            dispatcher=dispatcher,
            config=self.config,
            outgoing=SimpleNamespace(consider=self._verdict, ask=self._ask),
            listed=lambda _, number: number in self.listed,
            doors=SimpleNamespace(of=lambda _: SimpleNamespace(open=True)),
            design=SimpleNamespace(
                choices=lambda _: {"1": "ask"}, catalogue=SimpleNamespace(sounds=lambda *_: ())
            ),
            epoch=lambda at: clock.wall(at).timestamp(),
            instant=lambda epoch: clock.monotonic(datetime.fromtimestamp(epoch, UTC)),
            caller_gone=self._gone,
        )
        self.desk = Desk(self.house, store, self.asterisk)
        dispatcher.feed(QueuesConfigured(queues=(QueueSettings(name=SALES, ring_s=5.0),)))
        profile = AgentProfile(number=AgentNumber("1001"), name="", memberships=(Membership(queue=SALES),))
        dispatcher.feed(AgentsConfigured(agents=(profile,)))
        dispatcher.feed(Synchronised(devices={PHONE: DeviceState.NOT_INUSE}, channels=()))

    def _takes(self, command: Any) -> bool:
        return self.desk.takes(command)

    def _ask(self, _: Any, number: str, who: Any) -> Any:
        return self._verdict(number, who)

    def _verdict(self, number: str, _: Any) -> Any:
        if not self.allowed:
            return Refused(number=number, reason=RefusalReason.DENIED)
        return Allowed(number=number, target=f"out/{number}", callee=callee(number, "CN"), rule="allow")

    def _gone(self, call: LiveCall, _: int) -> None:
        self.house.book.close(call)

    def caller(self, *, waited_s: float = 300.0) -> LiveCall:
        """Give somebody who had waited and pressed a key."""
        now = self.clock.now()
        call = LiveCall(
            caller=Caller(call_id=CallId("1.1"), number=NUMBER, called="4000", language="en"),
            channel=ChannelId("1.1"),
            channel_name="PJSIP/trunk-1",
            started_at=now,
            began_at=now,
        )
        call.last_stay = LastStay(queue=SALES, joined_at=now - waited_s, priority=2, needs={})
        return call

    async def promise(self) -> Any:
        """Let somebody be promised a call back; give the stored promise."""
        assert await self.desk.promise(self.caller(), SALES, NUMBER) is Promise.GIVEN
        (stored,) = await self.desk.latest(limit=1, queue=None, number=NUMBER)
        return stored

    async def look(self) -> Any:
        """Let the desk look at its promises; give the newest as it is stored."""
        running = asyncio.create_task(self.desk.run())
        for _ in range(5):
            await asyncio.sleep(0.01)
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)
        (stored,) = await self.desk.latest(limit=1, queue=None, number=None)
        return stored

    def line(self) -> list[Any]:
        """Give who stands in the queue."""
        return list(self.house.dispatcher.engine.waiting(SALES))

    def sign_in(self) -> None:
        """Let the agent be there."""
        self.house.dispatcher.feed(AgentSignedIn(agent=AgentNumber("1001"), extension=Extension("1001")))


@pytest.fixture
async def store(tmp_path: Any) -> AsyncIterator[Store]:
    """Give a database."""
    opened = await Store.open(database_url("sqlite", tmp_path), FakeClock())
    yield opened
    await opened.close()


async def test_a_promise_is_stored_and_takes_its_place(store):
    """With the time of joining and the priority of the wait; once for a number, however it is written."""
    centre = Centre(store, FakeClock())
    made = await centre.promise()
    (told,) = [each for each in centre.entries if isinstance(each, CallbackRequested)]
    assert (told.callback, told.waited) == (made.id, True)
    await centre.look()
    (place,) = centre.line()
    assert place.callback
    assert (centre.clock.now() - place.joined_at, place.priority) == (pytest.approx(300.0), 2)
    assert await centre.desk.promise(centre.caller(), SALES, f"+86{NUMBER}") is Promise.GIVEN_BEFORE
    assert centre.desk.counts() == {"waiting": 1, "dialling": 0}


async def test_what_may_not_be_called_is_not_promised(store):
    """By the policy, by the blacklist, by a queue that calls nobody back; a database that refuses, too."""
    centre = Centre(store, FakeClock())
    centre.allowed = False
    assert await centre.desk.promise(centre.caller(), SALES, NUMBER) is Promise.REFUSED
    centre.allowed, centre.listed = True, {NUMBER}
    assert await centre.desk.promise(centre.caller(), SALES, NUMBER) is Promise.REFUSED
    with pytest.raises(RefusedError, match="does not allow"):
        await centre.desk.add(SALES, NUMBER)
    centre.listed = set()
    centre.config.queues["sales"].callback = None
    assert await centre.desk.promise(centre.caller(), SALES, NUMBER) is Promise.REFUSED
    centre.config.queues["sales"].callback = Terms()

    def refuse() -> Any:
        raise StorageError("the disk is full")

    centre.store = SimpleNamespace(unit=refuse)  # type: ignore[assignment]
    centre.desk._register._store = centre.store
    assert await centre.desk.promise(centre.caller(), SALES, NUMBER) is Promise.REFUSED
    assert [each for each in centre.entries if isinstance(each, CallbackRequested)] == []


async def test_a_try_that_dialled_nobody_does_not_count(store):
    """The link was down: the place comes back a little later, the agent is free."""
    centre = Centre(store, FakeClock(), order="customer_first")
    centre.asterisk.answers[f"out/{NUMBER}"] = AmiDownError("no link")
    await centre.promise()
    centre.sign_in()
    stored = await centre.look()
    assert (stored.status, stored.tries) == ("waiting", 0)
    assert stored.not_before == centre.clock.wall(centre.clock.now()) + timedelta(seconds=15)
    assert centre.line() == []
    assert len(centre.asterisk.begun) == 1
    centre.clock.advance(timedelta(seconds=16))
    await centre.look()
    assert len(centre.asterisk.begun) == 2


async def test_an_unknown_outcome_is_asked_for_and_never_dialled_again(store):
    """While Asterisk has the channel it is waited for; when it has not, the try has failed."""
    centre = Centre(store, FakeClock(), order="customer_first", retry_after_s=60)
    centre.asterisk.answers[f"out/{NUMBER}"] = AmiUnknownOutcomeError("the link was lost")
    await centre.promise()
    centre.sign_in()
    stored = await centre.look()
    assert (stored.status, stored.tries) == ("dialling", 1)
    there = LiveChannel(channel=ChannelId(stored.last_call_id), name="PJSIP/trunk-1", linkedid="")
    centre.desk.synchronised([there])
    assert (await centre.look()).status == "dialling"
    with pytest.raises(RefusedError, match="being called just now"):
        await centre.desk.cancel(stored.id)
    centre.desk.synchronised([])
    stored = await centre.look()
    assert (stored.status, stored.tries) == ("waiting", 1)
    assert len(centre.asterisk.begun) == 1


async def test_a_kill_while_dialling_is_resolved_by_asking(store):
    """Another process finds the promise; the customer's channel is gone, or answers and is met."""
    clock = FakeClock()
    centre = Centre(store, clock, order="customer_first")
    await centre.promise()
    centre.sign_in()
    stored = await centre.look()
    assert stored.status == "dialling"
    for there, status in ((True, "dialling"), (False, "waiting")):
        other = Centre(store, clock, order="customer_first")
        await other.desk.load()
        other.sign_in()
        channel = LiveChannel(channel=ChannelId(stored.last_call_id), name="PJSIP/trunk-1", linkedid="")
        agent = LiveChannel(channel=ChannelId(f"{LEG}1001-1-x"), name="PJSIP/1001-1", linkedid="", state="Up")
        other.desk.synchronised([channel, agent] if there else [])
        found = await other.look()
        assert (found.status, other.asterisk.begun) == (status, [])
        assert other.asterisk.ended == (["PJSIP/1001-1 over"] if there else [])


async def test_tries_end_and_promises_expire(store):
    """Nobody is called for ever."""
    centre = Centre(store, FakeClock(), order="customer_first", tries=2, retry_after_s=10, expire_after_h=1)
    centre.asterisk.answers[f"out/{NUMBER}"] = DialStatus.BUSY
    await centre.promise()
    centre.sign_in()
    assert (await centre.look()).tries == 1
    centre.clock.advance(timedelta(seconds=11))
    stored = await centre.look()
    assert (stored.status, stored.reason, stored.tries) == ("failed", "tries", 2)
    late = await centre.promise()
    centre.house.dispatcher.feed(AgentSignedOut(agent=AgentNumber("1001")))
    centre.clock.advance(timedelta(hours=2))
    await centre.look()
    stored = await centre.look()
    assert (stored.id, stored.status, stored.reason) == (late.id, "failed", "expired")
    assert centre.line() == []


async def test_who_calls_again_while_being_called_has_their_place(store):
    """Their phone stops, and the promise ends with the try; told once, however often they call."""
    centre = Centre(store, FakeClock(), order="customer_first")
    await centre.promise()
    centre.sign_in()
    stored = await centre.look()
    place = await centre.desk.called_again(NUMBER, SALES)
    assert place is not None
    assert place.joined_at == pytest.approx(centre.clock.now() - 300.0)
    assert await centre.desk.called_again(NUMBER, SALES) is None
    await until(lambda: centre.asterisk.ended == [stored.last_call_id])
    centre.house.dispatcher.feed(ChannelGone(channel=ChannelId(stored.last_call_id), cause=17))
    centre.desk.channel_gone(ChannelId(stored.last_call_id))
    await until(lambda: centre.desk.counts() == {"waiting": 0, "dialling": 0})
    stored = await centre.look()
    assert (stored.status, stored.reason) == ("cancelled", "called_again")
    (left,) = [each for each in centre.entries if isinstance(each, QueueLeft)]
    assert left.outcome is QueueOutcome.CANCELLED


async def test_who_calls_again_before_they_are_dialled_is_not_dialled(store):
    """The try was being written just then: nothing is sent to Asterisk."""
    centre = Centre(store, FakeClock(), order="customer_first")
    await centre.promise()
    put_now = centre.desk._register.put_now

    async def call_again(kept: Any, **changes: Any) -> bool:
        written = await put_now(kept, **changes)
        if changes.get("status") == "dialling":
            assert await centre.desk.called_again(NUMBER, SALES) is not None
        return written

    centre.desk._register.put_now = call_again  # type: ignore[method-assign]
    centre.sign_in()
    stored = await centre.look()
    assert (stored.status, stored.reason, centre.asterisk.begun) == ("cancelled", "called_again", [])
    assert centre.line() == []


@pytest.mark.parametrize(
    ("drop", "queue", "dropped"),
    [
        ("queue", "sales", True),
        ("queue", "support", False),
        ("any", "support", True),
        ("never", "sales", False),
    ],
)
async def test_a_new_call_takes_the_place(store, drop, queue, dropped):
    """In the same queue, in any, or never, as the queue wants it."""
    centre = Centre(store, FakeClock(), drop_on_new_call=drop)
    made = await centre.promise()
    await centre.look()
    place = await centre.desk.called_again(f"0{NUMBER}", QueueName(queue))
    assert (place is not None) is dropped
    stored = await centre.look()
    assert (stored.status == "cancelled") is dropped
    assert len(centre.line()) == (0 if dropped else 1)
    if place is not None:
        assert place.joined_at == pytest.approx(centre.clock.now() - 300.0)
        with pytest.raises(RefusedError, match="is closed: cancelled called_again"):
            await centre.desk.now(made.id)


async def test_the_key_of_a_person_is_no_choice_of_the_queue(store):
    """AMI tells of it before their session does, or after it; whoever was let through may choose."""
    centre = Centre(store, FakeClock(), order="customer_first", confirm_answer=True)
    await centre.promise()
    centre.sign_in()
    stored = await centre.look()
    call = centre.house.book.get(CallId(stored.last_call_id))

    def told() -> None:
        keys.pressed(centre.house, KeyPressed(channel=call.channel, key="1"))

    class Person:
        request = SimpleNamespace(channel="PJSIP/trunk-1")

        async def wait_digit(self, _: float) -> str:
            told()
            return "1"

        async def set_variables(self, _: Any) -> None:
            told()

    assert await centre.desk.answered(call, Person())  # type: ignore[arg-type]
    told()
    assert (call.pressed, [type(each) for each in call.inbox]) == ("", [OfferCall])
    assert (await centre.look()).status == "done"
    centre.clock.advance(timedelta(seconds=keys.LATE_KEY_S))
    told()
    assert call.pressed == "1"


async def test_an_agent_who_leaves_while_their_phone_rings_is_let_go(store):
    """The phone stops, the promise has its place again, and the customer was not dialled."""
    centre = Centre(store, FakeClock())
    await centre.promise()
    centre.sign_in()
    await centre.look()
    (leg,) = centre.asterisk.dialled(PHONE)
    assert leg.caller_number == NUMBER
    centre.house.dispatcher.feed(AgentSignedOut(agent=AgentNumber("1001")))
    await until(lambda: centre.asterisk.ended == [leg.channel_id])
    assert centre.asterisk.dialled(f"out/{NUMBER}") == []
    assert len(centre.line()) == 1


async def test_an_agent_who_does_not_answer_has_missed_it(store):
    """The place is kept; nobody else is there, so it waits."""
    centre = Centre(store, FakeClock())
    centre.asterisk.answers[PHONE] = DialStatus.NOANSWER
    await centre.promise()
    centre.sign_in()
    stored = await centre.look()
    assert (stored.status, stored.tries) == ("waiting", 0)
    assert len(centre.line()) == 1
    agent = centre.house.dispatcher.engine.agent(AgentNumber("1001"))
    assert agent.missed_in_a_row == 1
