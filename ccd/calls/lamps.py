"""Lamps (BLF): agents, queues and mailboxes as device states of Asterisk, to which desk phones subscribe.

`Setvar DEVICE_STATE(Custom:ccd-agent-1001)` by AMI; the class `call`, which ccd's manager user has anyway, is
enough. Changes within a moment are told as one. Asterisk keeps these states over its own restart, when they
are old: after every (re)connect all are told anew.
"""

import asyncio
from collections.abc import Callable, Coroutine
from functools import partial
from typing import Any, Protocol

import structlog

from ccd.calls.house import House
from ccd.errors import AmiActionError, AmiDownError, AmiUnknownOutcomeError
from ccd.history import AgentStateChanged, AgentStatusChanged, Entry, QueueEntered, QueueLeft
from ccd.model import AgentNumber, AgentState, AgentStatus, DeviceState, QueueName
from ccd.routing.views import AgentView

log = structlog.get_logger(__name__)

MOMENT_S = 0.1
"""A call changes an agent's state several times; a lamp need not follow faster than the eye."""
_OF_STATE = {
    AgentState.IDLE: DeviceState.NOT_INUSE,
    AgentState.RINGING: DeviceState.RINGING,
    AgentState.IN_CALL: DeviceState.INUSE,
    AgentState.WRAP_UP: DeviceState.BUSY,
    AgentState.UNREACHABLE: DeviceState.UNAVAILABLE,
}


def agent_lamp(agent: AgentView) -> DeviceState:
    """Say how an agent's lamp is: a break is ONHOLD (it flashes), whoever is signed out UNAVAILABLE."""
    if agent.status is AgentStatus.LOGGED_OUT:
        return DeviceState.UNAVAILABLE
    paused = agent.status is AgentStatus.PAUSED and agent.state is AgentState.IDLE
    return DeviceState.ONHOLD if paused else _OF_STATE[agent.state]


class Teller(Protocol):
    """The part of the AMI client that is needed."""

    async def setvar(self, variable: str, value: str, channel: str = "") -> None:
        """Set a function's value."""
        ...


class Lamps:
    """A listener of the history that keeps Asterisk's custom device states."""

    def __init__(self, house: House, ami: Teller, spawn: Callable[[Coroutine[Any, Any, None]], None]) -> None:
        self._house = house
        self._ami = ami
        self._spawn = spawn
        self._shown: dict[str, DeviceState] = {}
        self._changed: dict[str, Callable[[], DeviceState | None]] = {}
        self._telling = False

    def note(self, entry: Entry) -> None:
        """Take one entry of the history."""
        match entry:
            case AgentStatusChanged(agent=agent) | AgentStateChanged(agent=agent):
                self._agent(agent)
            case QueueEntered(queue=queue) | QueueLeft(queue=queue):
                self._queue(queue)
            case _:
                pass

    def refresh(self) -> None:
        """Tell all anew: Asterisk, or ccd, was restarted, or the configuration has changed."""
        self._shown.clear()
        engine = self._house.dispatcher.engine
        for agent in engine.agents():
            self._agent(agent.profile.number)
        for queue in self._house.config.queues:
            self._queue(QueueName(queue))
        self.mailboxes()

    def mailboxes(self) -> None:
        """Tell which mailboxes have messages that nobody has heard."""
        config = self._house.config
        if config.lamps.mailboxes is not None:
            for name in config.voicemail.mailboxes:
                self._change(f"Custom:ccd-mailbox-{name}", partial(self._of_mailbox, name))

    def _of_mailbox(self, name: str) -> DeviceState:
        return DeviceState.INUSE if self._house.new_messages.get(name) else DeviceState.NOT_INUSE

    def _agent(self, number: AgentNumber) -> None:
        if self._house.config.lamps.agents is not None:
            self._change(f"Custom:ccd-agent-{number}", lambda: self._of_agent(number))

    def _queue(self, name: QueueName) -> None:
        if self._house.config.lamps.queues is not None:
            self._change(f"Custom:ccd-queue-{name}", lambda: self._of_queue(name))

    def _of_agent(self, number: AgentNumber) -> DeviceState | None:
        agent = self._house.dispatcher.engine.agent(number)
        return DeviceState.UNAVAILABLE if agent is None else agent_lamp(agent)

    def _of_queue(self, name: QueueName) -> DeviceState | None:
        waiting = self._house.dispatcher.engine.length(name)
        return DeviceState.RINGING if waiting else DeviceState.NOT_INUSE

    def _change(self, device: str, state: Callable[[], DeviceState | None]) -> None:
        self._changed[device] = state
        if not self._telling:
            self._telling = True
            asyncio.get_running_loop().call_later(MOMENT_S, lambda: self._spawn(self._tell()))

    async def _tell(self) -> None:
        """Tell what has changed; a state that Asterisk did not take is told again with the next change."""
        try:
            while self._changed and self._house.ami_up():
                device = next(iter(self._changed))
                state = self._changed.pop(device)()
                if state is not None and self._shown.get(device) is not state:
                    self._shown[device] = state
                    await self._set(device, state)
        finally:
            self._telling = False

    async def _set(self, device: str, state: DeviceState) -> None:
        try:
            await self._ami.setvar(f"DEVICE_STATE({device})", state.value)
        except (AmiActionError, AmiDownError, AmiUnknownOutcomeError) as problem:
            self._shown.pop(device, None)
            log.info("lamp not told", device=device, reason=str(problem))
