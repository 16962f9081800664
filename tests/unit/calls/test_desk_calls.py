"""Whose phone is rung when a break is over, and when."""

import asyncio
from types import SimpleNamespace

import pytest

from ccd.calls.desk_calls import DeskCalls
from ccd.config.phones import DeskCalls as Wanted
from ccd.history import AgentStateChanged, BreakOverdue
from ccd.model import AgentNumber, AgentState, DialStatus, Extension, Sound

ONE = AgentNumber("1")


class Asterisk:
    """Keeps whom it was told to ring."""

    def __init__(self) -> None:
        self.rung: list[str] = []

    async def originate(self, call) -> DialStatus:
        """Be told."""
        self.rung.append(call.dial)
        return DialStatus.ANSWER


@pytest.fixture
def office():
    """Give an agent on a break that is over, in `state`, at phone 1001."""
    view = SimpleNamespace(extension=Extension("1001"), overdue=True, state=AgentState.IDLE)
    engine = SimpleNamespace(agent=lambda _number: view)
    config = SimpleNamespace(
        desk_calls=Wanted(break_over=True), feature_codes=SimpleNamespace(ready="*14"), language="en"
    )
    catalogue = SimpleNamespace(sounds=lambda prompt, _language: [Sound(path=prompt, length_s=None)])
    house = SimpleNamespace(
        dispatcher=SimpleNamespace(engine=engine), config=config, design=SimpleNamespace(catalogue=catalogue)
    )
    asterisk, tasks = Asterisk(), []
    calls = DeskCalls(house, asterisk, lambda work: tasks.append(asyncio.ensure_future(work)), lambda _: None)

    async def told(entry) -> list[str]:
        calls.note(entry)
        await asyncio.gather(*tasks)
        return asterisk.rung

    return SimpleNamespace(view=view, config=config, told=told)


OVER = BreakOverdue(agent=ONE, at=2.0, reason="lunch", since_at=1.0)


def turns(state: AgentState) -> AgentStateChanged:
    """Let the agent's state be seen to change."""
    return AgentStateChanged(agent=ONE, at=3.0, state=state, previous=AgentState.IN_CALL)


async def test_whoever_is_on_the_phone_is_told_when_they_have_hung_up(office):
    """Once; call waiting is off for us, too."""
    office.view.state = AgentState.IN_CALL
    assert await office.told(OVER) == []
    assert await office.told(turns(AgentState.UNREACHABLE)) == []
    office.view.state = AgentState.IDLE
    assert await office.told(turns(AgentState.IDLE)) == ["PJSIP/1001"]
    assert await office.told(turns(AgentState.IDLE)) == ["PJSIP/1001"]


async def test_whoever_came_back_meanwhile_is_not_rung(office):
    """The break ended before they could be told."""
    office.view.state = AgentState.IN_CALL
    await office.told(OVER)
    office.view.state, office.view.overdue = AgentState.IDLE, False
    assert await office.told(turns(AgentState.IDLE)) == []


async def test_nobody_is_rung_unless_it_is_wanted(office):
    """The default: a break that is over is seen, not heard."""
    office.config.desk_calls = Wanted()
    assert await office.told(OVER) == []
