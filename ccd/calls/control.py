"""What operators and supervisors do with a call under way: hang up, send elsewhere, listen in.

A caller is sent elsewhere by AMI Redirect: whatever their channel is in ends (a prompt, the wait, ringing, a
talk), and their dialplan asks what is next. So it takes the ordinary way, and holds from any phase.
"""

import re
from enum import StrEnum
from typing import Protocol

import structlog

from ccd.calls.book import LiveCall
from ccd.calls.house import House
from ccd.calls.roster import Roster
from ccd.errors import AmiActionError, AmiDownError, AmiUnknownOutcomeError, NotFoundError, RefusedError
from ccd.events import TalkCut
from ccd.history import Supervised
from ccd.ivr.book import Straight
from ccd.ivr.ports import Place
from ccd.model import LOOP_CONTEXT, AgentNumber, AgentStatus, CallId, Extension, Side, device_of

log = structlog.get_logger(__name__)

SUPERVISE_CONTEXT = "ccd-supervise"
_NUMBER = re.compile(r"\+?[0-9]{1,32}", re.ASCII)


class Supervision(StrEnum):
    """What a supervisor's phone does in a talk."""

    LISTEN = "listen"
    """监听: hears both, is heard by nobody."""
    WHISPER = "whisper"
    """密语: is heard by the agent alone."""
    BARGE = "barge"
    """强插: is heard by both."""


class Manager(Protocol):
    """Asterisk's manager interface (see `ccd.ami.client`)."""

    async def redirect(self, channel: str, context: str, exten: str, priority: int = 1) -> None:
        """Send a channel to another place in the dialplan."""
        ...

    async def hangup(self, channel: str, cause: int = 16) -> None:
        """Hang up a channel."""
        ...


class Control:
    """Calls by their id. Raises NotFoundError, and RefusedError with Asterisk's words."""

    def __init__(self, house: House, roster: Roster, ami: Manager) -> None:
        self._house = house
        self._roster = roster
        self._ami = ami

    async def hang_up(self, call_id: str) -> None:
        """End a call, whatever phase it is in."""
        call = self._find(call_id)
        call.ends_by = Side.SYSTEM
        self._house.dispatcher.feed(TalkCut(call_id=call.call_id))
        log.info("call hung up by an operator", call=call.call_id)
        await self._do(self._ami.hangup(call.channel_name))

    async def transfer(self, call_id: str, number: str) -> None:
        """转接: have an agent, a phone, a number of ours or an outside number called for the caller."""
        await self._send(self._find(call_id), self._target(number))

    async def redirect(self, call_id: str, to: str) -> None:
        """Send the caller to `queue/NAME`, `flow/NAME` or `flow/NAME:NODE`."""
        await self._send(self._find(call_id), self._place(to))

    # ------------------------------------------------------------ where to

    def _target(self, number: str) -> Place:
        config = self._house.config
        if not _NUMBER.fullmatch(number):
            raise RefusedError(f"{number!r} is no number: digits only, 32 at most")
        engine = self._house.dispatcher.engine
        agent = engine.agent(AgentNumber(number))
        if agent is not None:
            if agent.status is AgentStatus.LOGGED_OUT or agent.extension is None:
                raise RefusedError(f"agent {number} is signed out")
            return Straight.DIAL.place(agent.extension)
        if number in config.numbers:
            return self._house.design.entrance(f"number/{number}")
        phones = {phone.extension for phone in config.phones} | {each.extension for each in engine.agents()}
        if number in phones:
            return Straight.DIAL.place(number)
        if not config.outbound.permits(number):
            raise RefusedError(f"outbound in ccd.yaml does not allow {number}, and no phone of ours has it")
        return Straight.OUTSIDE.place(number)

    def _place(self, to: str) -> Place:
        kind, _, name = to.partition("/")
        flow, _, node = name.partition(":")
        place = Place(flow, node) if kind == "flow" and node else None
        if place is not None and self._house.design.flows.node(place) is not None:
            return place
        config = self._house.config
        known = config.queues if kind == "queue" else config.flows if kind == "flow" else ()
        if place is None and name in known:
            return self._house.design.entrance(to)
        there = [f"queue/{each}" for each in config.queues] + [f"flow/{each}" for each in config.flows]
        raise NotFoundError(f"there is no {to!r} to send a call to; there are: {', '.join(there)}")

    async def _send(self, call: LiveCall, place: Place) -> None:
        call.sent_to = place
        self._house.dispatcher.feed(TalkCut(call_id=call.call_id))
        log.info("call sent by an operator", call=call.call_id, to=str(place))
        try:
            await self._do(self._ami.redirect(call.channel_name, LOOP_CONTEXT, "withdrawn", 1))
        except RefusedError:
            call.sent_to = None
            raise
