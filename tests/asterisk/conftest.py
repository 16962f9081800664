"""Fixtures for the tests on a real Asterisk: one lab for all of them, telephones for each.

    async def test_…(lab, agents, callers):
        (agent,) = await agents("1001")              # a registered phone, its agent signed in
        (caller,) = await callers("13800000001")
        call = await caller.call("4001").until_answered()

After each test the telephones hang up, every agent is signed out, and no channel may be left.
"""

import asyncio
import shutil
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import AsyncExitStack
from pathlib import Path

import pytest

from tests.asterisk import tones
from tests.asterisk.lab import CHECKOUT, Lab
from tests.asterisk.phones import Caller, Outside, Phone
from tests.support import until

PHONES = 6
HERE = Path(__file__).resolve().parent


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark every test of this folder."""
    for item in items:
        if "tests/asterisk/" in item.nodeid:
            item.add_marker(pytest.mark.asterisk)


@pytest.fixture(scope="session")
def lab(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lab]:
    """Start the lab on free ports, once for all tests: the demo, and the queues of `config/conf.d`."""
    config = tmp_path_factory.mktemp("config") / "ccd"
    shutil.copytree(CHECKOUT / "examples" / "demo", config)
    shutil.copytree(HERE / "config", config, dirs_exist_ok=True)
    running = Lab(tmp_path_factory.mktemp("lab"))
    tones.lay_out(running.state / "prompts")
    try:
        asyncio.run(_bring_up(running, config))
        yield running
    finally:
        asyncio.run(running.run("down"))


async def _bring_up(running: Lab, config: Path) -> None:
    await running.do("up", "--phones", str(PHONES), "--config", str(config))
    await running.restore_queues()


@pytest.fixture
async def telephones(lab: Lab) -> AsyncIterator[AsyncExitStack]:
    """Hang up and close every telephone of a test, then see that nothing is left of it."""
    async with AsyncExitStack() as stack:
        yield stack
    await _tidy(lab)


async def _tidy(lab: Lab) -> None:
    for agent in await lab.ask("agents"):
        if agent["status"] != "logged_out":
            await lab.ccd("agent", "sign-out", agent["number"])

    async def no_channel_is_left() -> bool:
        return not (await lab.asterisk("core show channels concise")).strip()

    async def no_call_is_left() -> bool:
        return not await lab.ask("calls")

    await until(no_channel_is_left)
    await until(no_call_is_left)


@pytest.fixture
def phones(lab: Lab, telephones: AsyncExitStack) -> Callable[..., Awaitable[list[Phone]]]:
    """Make registered phones."""

    async def make(*extensions: str, media: bool = True) -> list[Phone]:
        made = [Phone(lab.server, number, lab.password(number), media=media) for number in extensions]
        return [await telephones.enter_async_context(phone) for phone in made]

    return make


@pytest.fixture
def agents(lab: Lab, phones: Callable[..., Awaitable[list[Phone]]]) -> Callable[..., Awaitable[list[Phone]]]:
    """Make registered phones whose agents are signed in and idle."""

    async def make(*extensions: str, media: bool = True) -> list[Phone]:
        made = await phones(*extensions, media=media)
        for extension in extensions:
            await lab.ccd("agent", "sign-in", extension, extension)
        await until_idle(lab, *extensions)
        return made

    return make


async def until_idle(lab: Lab, *numbers: str) -> None:
    """Wait until ccd sees these agents idle."""

    async def all_idle() -> bool:
        states = {agent["number"]: agent["state"] for agent in await lab.ask("agents")}
        return all(states.get(number) == "idle" for number in numbers)

    await until(all_idle, what=f"agents {numbers} idle")


@pytest.fixture
def callers(lab: Lab, telephones: AsyncExitStack) -> Callable[..., Awaitable[list[Caller]]]:
    """Make callers behind the trunk, by the numbers that they show."""

    async def make(*numbers: str, media: bool = True) -> list[Caller]:
        made = [Caller(lab.server, number, media=media) for number in numbers]
        return [await telephones.enter_async_context(caller) for caller in made]

    return make


@pytest.fixture
async def outside(lab: Lab, telephones: AsyncExitStack) -> Outside:
    """Give the other end of the trunk, which answers calls to outside numbers."""
    return await telephones.enter_async_context(Outside(lab.server, lab.outside_port))
