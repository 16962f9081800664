"""The demo's story in three scenes: one whole call, three at once, a customer whom an agent knows."""

import asyncio
from collections.abc import Coroutine
from dataclasses import dataclass
from typing import Any

from labkit.demo_customer import Customer
from labkit.demo_stage import Offered, Stage
from labkit.messages import _


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """The calls whose records are shown afterwards."""

    first: str
    again: str


async def tell(stage: Stage, sellers: list[str], numbers: list[str]) -> Told:
    """Play the three scenes; `sellers` are the agents of sales who take part, `numbers` four customers'."""
    regular, *others = numbers
    first, agent = await whole_call(stage, regular)
    await three_at_once(stage, sellers, others)
    again = await same_agent_again(stage, regular, agent)
    return Told(first=first, again=again)


async def whole_call(stage: Stage, number: str) -> tuple[str, str]:
    """Lead a customer through IVR, queue, talk and survey; give the call and its agent."""
    stage.teller.title(_("One call: IVR → queue → agent → survey"))
    customer = Customer(stage, number)
    await customer.dials("4000")
    await customer.hears("welcome")
    await customer.hears("main-menu")
    await customer.presses("1", _("sales"))
    await customer.waits()
    offered = await customer.is_offered()
    await customer.talks(offered)
    await customer.rates("1")
    return customer.id, offered.extension


async def three_at_once(stage: Stage, sellers: list[str], numbers: list[str]) -> None:
    """Leave one agent free, the others on a break: two customers wait and are told their places."""
    stage.teller.title(_("Three callers at once, one free agent: the queue"))
    free, *resting = sellers
    await _both(*(stage.take_a_break(extension) for extension in resting))
    await stage.live.until_agent(free, state="idle")
    first, second, third = [Customer(stage, number) for number in numbers]
    await first.dials("4001")
    offered = await first.is_offered(first.answered)
    for customer in (second, third):
        await customer.dials("4001")
        await customer.waits()
    told = asyncio.Event()
    await _both(
        _talks_and_rates(first, offered, "2", told),
        _wait_and_are_served(stage, resting, second, third, told),
    )


async def _wait_and_are_served(
    stage: Stage, resting: list[str], second: Customer, third: Customer, told: asyncio.Event
) -> None:
    await _both(second.hears_place(1), third.hears_place(2))
    told.set()
    freed_at = await stage.come_back(resting[0])
    offered = await second.is_offered((freed_at, _("the phone was free")))
    await _both(
        _talks_and_rates(second, offered, "1"), _is_served_next(third), *map(stage.come_back, resting[1:])
    )


async def _talks_and_rates(
    customer: Customer, offered: Offered, key: str, told: asyncio.Event | None = None
) -> None:
    await customer.talks(offered, told)
    await customer.rates(key)


async def _is_served_next(customer: Customer) -> None:
    await customer.talks(await customer.is_offered())
    await customer.hears("survey-question")
    await customer.leaves()


async def same_agent_again(stage: Stage, number: str, agent: str) -> str:
    """Let the first customer call again and get the agent who knows them; give the call."""
    stage.teller.title(_("The first customer calls again: sticky"))
    customer = Customer(stage, number)
    await stage.live.until_agent(agent, state="idle")
    await customer.dials("4001")
    offered = await customer.is_offered(customer.answered)
    if offered.extension != agent:
        raise AssertionError(f"{number} reached {offered.extension}, not {agent} who knows them")
    stage.teller.step("ccd", _("{agent} and {number} have talked before", agent=agent, number=number))
    await customer.talks(offered)
    await customer.rates("1")
    return customer.id


async def _both(*steps: Coroutine[Any, Any, Any]) -> None:
    """Do steps side by side; the first failure ends them all."""
    async with asyncio.TaskGroup() as group:
        for step in steps:
            group.create_task(step)
