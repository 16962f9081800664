"""Lamps: what they show, and that a flurry of changes is told once."""

import asyncio
from types import SimpleNamespace

import pytest

from ccd.calls.lamps import Lamps, agent_lamp
from ccd.events import AgentsConfigured, AgentSignedIn, QueuesConfigured, Synchronised
from ccd.history import AgentStateChanged
from ccd.model import AgentNumber, AgentState, AgentStatus, DeviceState, Extension
from ccd.routing import Engine
from tests.support import until
from tests.unit.routing.hotline import agent, phone_of, queue


class Told:
    """An AMI client that notes what it is told."""

    def __init__(self) -> None:
        self.said: list[tuple[str, str]] = []

    async def setvar(self, variable: str, value: str) -> None:
        """Note it."""
        self.said.append((variable, value))


@pytest.mark.parametrize(
    ("status", "state", "shown"),
    [
        (AgentStatus.AVAILABLE, AgentState.IDLE, DeviceState.NOT_INUSE),
        (AgentStatus.AVAILABLE, AgentState.RINGING, DeviceState.RINGING),
        (AgentStatus.AVAILABLE, AgentState.IN_CALL, DeviceState.INUSE),
        (AgentStatus.AVAILABLE, AgentState.WRAP_UP, DeviceState.BUSY),
        (AgentStatus.PAUSED, AgentState.IDLE, DeviceState.ONHOLD),
        (AgentStatus.PAUSED, AgentState.IN_CALL, DeviceState.INUSE),
        (AgentStatus.LOGGED_OUT, AgentState.IDLE, DeviceState.UNAVAILABLE),
        (AgentStatus.AVAILABLE, AgentState.UNREACHABLE, DeviceState.UNAVAILABLE),
    ],
)
def test_a_lamp_shows_what_the_agent_does(status, state, shown):
    """A break is seen as one only while the agent is idle."""
    assert agent_lamp(SimpleNamespace(status=status, state=state)) is shown


async def test_changes_within_a_moment_are_told_as_one_and_unchanged_ones_not():
    """What Asterisk knows already is not told again, until it was restarted."""
    engine, ami = Engine(1), Told()
    engine.handle(QueuesConfigured(queues=(queue(),)), 0.0)
    engine.handle(AgentsConfigured(agents=(agent("1"),)), 0.0)
    engine.handle(AgentSignedIn(agent=AgentNumber("1"), extension=Extension("1001")), 0.0)
    engine.handle(Synchronised(devices={phone_of("1"): DeviceState.NOT_INUSE}, channels=()), 0.0)
    house = SimpleNamespace(
        config=SimpleNamespace(
            lamps=SimpleNamespace(agents="*5", queues="*6", mailboxes="*9"),
            queues=("sales",),
            voicemail=SimpleNamespace(mailboxes=("box",)),
        ),
        new_messages={"box": 2},
        dispatcher=SimpleNamespace(engine=engine),
        ami_up=lambda: True,
    )
    tasks = []
    lamps = Lamps(house, ami, lambda work: tasks.append(asyncio.ensure_future(work)))
    change = AgentStateChanged(
        agent=AgentNumber("1"), at=0.0, state=AgentState.IDLE, previous=AgentState.RINGING
    )
    agent_told = ("DEVICE_STATE(Custom:ccd-agent-1)", "NOT_INUSE")
    for _ in range(5):
        lamps.note(change)
    await until(lambda: ami.said == [agent_told])
    lamps.note(change)
    lamps.refresh()
    queue_told = ("DEVICE_STATE(Custom:ccd-queue-sales)", "NOT_INUSE")
    box = "DEVICE_STATE(Custom:ccd-mailbox-box)"
    await until(lambda: ami.said[1:] == [agent_told, queue_told, (box, "INUSE")])
    house.new_messages = {}
    lamps.mailboxes()
    await until(lambda: ami.said[4:] == [(box, "NOT_INUSE")])
