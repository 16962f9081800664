"""The outbox, with a real database, a real HTTP server and real commands."""

import asyncio
import json
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

import pytest
from aiohttp import web

from ccd.config.notify import Webhook
from ccd.notices.command import MAX_OUTPUT, Command, run
from ccd.notices.outbox import LIFE, Outbox
from ccd.notices.webhook import UndeliveredError
from ccd.records.notice import Notice, NoticeState
from ccd.storage.store import Store
from ccd.storage.writer import RecordWriter
from tests.databases import database_url
from tests.support import until

EPOCH = datetime(2026, 11, 21, 1, 30, tzinfo=UTC)


@dataclass
class HandClock:
    """Time that is set by hand."""

    at: float = 0.0

    def now(self) -> float:
        """Give seconds."""
        return self.at

    def wall(self, at: float) -> datetime:
        """Give the date."""
        return EPOCH + timedelta(seconds=at)

    def monotonic(self, wall: datetime) -> float:
        """Give the instant of a date."""
        return (wall - EPOCH).total_seconds()


@dataclass
class Receiver:
    """A server that answers as it is told, and keeps what it got."""

    status: int = 204
    got: list[tuple[dict[str, str], dict]] = field(default_factory=list)
    address: str = ""

    async def take(self, request: web.Request) -> web.Response:
        """Keep a request."""
        self.got.append((dict(request.headers), json.loads(await request.read())))
        headers = {"Location": "/elsewhere"} if self.status == 302 else {}
        return web.Response(status=self.status, headers=headers)


@pytest.fixture
async def receiver():
    told = Receiver()
    app = web.Application()
    app.router.add_post("/hook", told.take)
    runner = web.AppRunner(app)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    told.address = f"http://127.0.0.1:{runner.addresses[0][1]}/hook"
    yield told
    await runner.cleanup()


@dataclass
class Office:
    """An outbox at work."""

    store: Store
    clock: HandClock
    writer: RecordWriter
    targets: dict = field(default_factory=dict)
    outbox: Outbox | None = None

    def put(self, target: str = "t.webhook", notice_id: str = "n1", **body) -> None:
        """Have something told."""
        now = self.clock.wall(self.clock.now())
        kind = "voicemail.left"
        notice = Notice(id=notice_id, kind=kind, target=target, body=body, created_at=now, next_at=now)
        self.writer.put_notice(notice)
        self.outbox.stir()

    async def notice(self) -> Notice:
        """Give what is stored of it."""
        async with self.store.reading() as tx:
            return await tx.notices.get("n1")

    async def until(self, state: NoticeState, attempts: int) -> Notice:
        """Wait until it stands so."""

        async def is_so() -> bool:
            async with self.store.reading() as tx:
                found = await tx.notices.list()
            return [(each.state, each.attempts) for each in found] == [(state, attempts)]

        await until(is_so, what=f"{state} after {attempts}")
        return await self.notice()

    @asynccontextmanager
    async def at_work(self):
        """Be a process for a while: an outbox of its own."""
        self.outbox = Outbox(self.store, self.clock, self.targets.get, stored=self.writer.flush)
        task = asyncio.create_task(self.outbox.run())
        try:
            yield
        finally:
            task.cancel()
            await asyncio.wait([task])


@pytest.fixture
async def office(tmp_path):
    clock = HandClock()
    store = await Store.open(database_url("sqlite", tmp_path), clock)
    writer = RecordWriter(store, tmp_path)
    task = asyncio.create_task(writer.run())
    yield Office(store, clock, writer)
    await writer.close()
    await task
    await store.close()


async def test_a_webhook_arrives_once_with_its_envelope(office, receiver):
    """The four fields of CloudEvents, the id as the receiver's key, the data."""
    office.targets["t.webhook"] = Webhook(url=receiver.address, allow_private=True, secret="secret")
    async with office.at_work():
        office.put(number="13800138000")
        await office.until(NoticeState.SENT, 1)
    ((headers, body),) = receiver.got
    assert (headers["webhook-id"], body["id"], body["type"]) == ("n1", "n1", "voicemail.left")
    assert (body["specversion"], body["source"], body["data"]) == ("1.0", "/ccd", {"number": "13800138000"})
    assert headers["webhook-signature"].startswith("v1,")


async def test_what_does_not_arrive_is_tried_later_and_later_also_by_another_process(office, receiver):
    """Every try is on record, so a restart goes on where the last process was."""
    receiver.status = 500
    office.targets["t.webhook"] = Webhook(url=receiver.address, allow_private=True)
    async with office.at_work():
        office.put()
        first = await office.until(NoticeState.PENDING, 1)
    assert first.error == "status 500"
    assert 4 < (first.next_at - EPOCH).total_seconds() < 6
    office.clock.at = 10.0
    async with office.at_work():
        second = await office.until(NoticeState.PENDING, 2)
    assert 13 < (second.next_at - EPOCH).total_seconds() - 10 < 17
    receiver.status = 200
    office.clock.at = 100.0
    async with office.at_work():
        done = await office.until(NoticeState.SENT, 3)
    assert (done.error, done.next_at) == ("", None)
    assert len(receiver.got) == 3


async def test_after_a_day_it_is_dead_and_listed_until_somebody_retries(office, receiver):
    """Nobody is rung up for ever; mended, it goes on from the beginning."""
    receiver.status = 503
    office.targets["t.webhook"] = Webhook(url=receiver.address, allow_private=True)
    async with office.at_work():
        office.put()
        await office.until(NoticeState.PENDING, 1)
    office.clock.at = LIFE.total_seconds()
    async with office.at_work():
        dead = await office.until(NoticeState.DEAD, 2)
        await until(lambda: office.outbox.dead == 1)
    assert (dead.next_at, dead.error) == (None, "status 503")
    receiver.status = 200
    async with office.store.unit() as tx:
        await tx.notices.again("n1", office.clock.wall(office.clock.now()))
    async with office.at_work():
        await office.until(NoticeState.SENT, 1)
        await until(lambda: office.outbox.dead == 0)


@pytest.mark.parametrize(
    ("status", "state"), [(302, NoticeState.PENDING), (404, NoticeState.PENDING), (410, NoticeState.DEAD)]
)
async def test_redirects_are_not_followed_and_gone_is_gone(office, receiver, status, state):
    """Only what is in the 200s has arrived."""
    receiver.status = status
    office.targets["t.webhook"] = Webhook(url=receiver.address, allow_private=True)
    async with office.at_work():
        office.put()
        await office.until(state, 1)
    assert len(receiver.got) == 1


async def test_a_name_that_leads_into_our_own_network_is_not_asked(office, receiver):
    """Whatever a name server says: private addresses only where they are allowed."""
    port = receiver.address.split(":")[2]
    office.targets["t.webhook"] = Webhook.model_construct(
        url=f"http://localhost:{port}",
        allow_private=False,
        timeout_s=2.0,
        secret=Webhook.model_fields["secret"].default,
    )
    async with office.at_work():
        office.put()
        refused = await office.until(NoticeState.PENDING, 1)
    assert "not public" in refused.error
    assert receiver.got == []


async def test_a_target_that_the_configuration_lost_is_dead_at_once(office):
    """There is nobody to be told."""
    async with office.at_work():
        office.put("gone.webhook")
        assert "no more" in (await office.until(NoticeState.DEAD, 1)).error


async def test_the_same_notice_put_twice_is_sent_once(office, receiver):
    """A message that is found again after a crash is not told of again."""
    office.targets["t.webhook"] = Webhook(url=receiver.address, allow_private=True)
    async with office.at_work():
        office.put()
        await office.until(NoticeState.SENT, 1)
        office.put()
        office.put(notice_id="n2")

        async def both_are_sent() -> bool:
            async with office.store.reading() as tx:
                found = await tx.notices.list()
            return [each.state for each in found] == [NoticeState.SENT] * 2

        await until(both_are_sent)  # what was due with the other one had its turn
    assert [headers["webhook-id"] for headers, _ in receiver.got] == ["n1", "n2"]


# ------------------------------------------------------------ commands


async def test_a_command_reads_the_text_and_gets_arguments_as_they_are(tmp_path):
    """No shell: blanks, quotes and semicolons of a caller are one argument."""
    out = tmp_path / "out"
    script = tmp_path / "mail"
    script.write_text(f'#!/bin/sh\nfor each; do echo "[$each]"; done > {out}\ncat >> {out}\n')
    script.chmod(0o755)
    command = Command(argv=[str(script), "-t", "{name}", "to {number}"], text="{number}\n", timeout_s=5)
    await run(command, {"name": "$(id); 'x y'", "number": "138"})
    assert out.read_text() == "[-t]\n[$(id); 'x y']\n[to 138]\n138\n"


@pytest.mark.parametrize(
    ("argv", "reason"),
    [
        (["/bin/sh", "-c", "echo one; echo no such address >&2; exit 67"], "exited with 67: no such address"),
        (["/nowhere/sendmail"], "cannot be run"),
        (["/bin/sh", "-c", "sleep 60 & sleep 60"], "did not end within"),
        (["/bin/sh", "-c", f"head -c {MAX_OUTPUT * 50} /dev/zero; exit 1"], "exited with 1"),
    ],
    ids=["refused", "not there", "hangs", "talkative"],
)
async def test_a_command_that_fails_says_why_and_is_bounded(argv, reason):
    """In time and in what is kept of its words; what it started is killed with it."""
    with pytest.raises(UndeliveredError, match=reason):
        await run(Command(argv=argv, text="x" * 1000, timeout_s=1.0), {})
