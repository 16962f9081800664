"""What the scenario tests have in common: serving calls one after the other, and reading the record back."""

import time
from collections.abc import Sequence
from typing import Any

from tests.asterisk.lab import Lab
from tests.asterisk.phones import Answer, Call, Caller, CallState, Phone
from tests.asterisk.rtp import RATE
from tests.support import until

SHORT_TALK = Answer(after_s=0.05, talk_s=0.15)


async def record_of(lab: Lab, number: str, count: int = 1) -> dict[str, Any]:
    """Wait for the finished record of the last call from a number, its `count`-th, and give all of it."""
    found: list[dict[str, Any]] = []

    async def is_there() -> bool:
        found[:] = (await lab.ask("records", number=number))["items"]
        return len(found) >= count

    await until(is_there, what=f"{count} records of {number}")
    record: dict[str, Any] = await lab.ask("records", found[0]["id"])
    return record


def segments(record: dict[str, Any], kind: str) -> list[dict[str, Any]]:
    """Give a record's segments of one kind."""
    return [each for each in record["segments"] if each["kind"] == kind]


async def who_takes(lab: Lab, caller: Caller, target: str, phones: Sequence[Phone]) -> str:
    """Place a call that one of the phones answers and ends; tell which one it was."""
    before = {phone: len(phone.calls) for phone in phones}
    call = caller.call(target)
    await call.until_ended(10.0)
    rung = [phone.extension for phone in phones if len(phone.calls) > before[phone]]
    assert len(rung) == 1, f"phones {rung} rang for one caller\n{call.story()}"
    await until_free(lab, *rung)
    return rung[0]


async def until_free(lab: Lab, *agents: str) -> None:
    """Wait until agents are idle again."""
    await until_state(lab, "idle", *agents)


async def until_state(lab: Lab, state: str, *agents: str) -> None:
    """Wait until agents are in a state."""

    async def all_are() -> bool:
        found = {each["number"]: each["state"] for each in await lab.ask("agents")}
        return all(found[agent] == state for agent in agents)

    await until(all_are, what=f"agents {agents} {state}")


async def until_waiting(lab: Lab, queue: str, count: int) -> None:
    """Wait until so many callers stand in a queue."""

    async def so_many() -> bool:
        return len((await lab.ask("queues", queue))["callers"]) == count

    await until(so_many, what=f"{count} callers in {queue}")


async def may_choose(call: Call) -> None:
    """Wait until keys count: those of the first moments in a queue were pressed before it."""
    began = time.monotonic()
    await until(lambda: time.monotonic() - began > 0.4)
    assert call.state is CallState.UP


async def talk_on(call: Call, seconds: float) -> None:
    """Let a talk go on until so much more was heard."""
    enough = len(call.audio.heard()) + int(seconds * RATE)
    await until(lambda: len(call.audio.heard()) >= enough, seconds + 5, what=f"{seconds} s more are heard")


async def ringing(phone: Phone) -> Call:
    """Wait for the phone's next call, which rings."""
    return await (await phone.next_call()).until_ringing()
