"""What operators and supervisors do with a call under way: hang up, send elsewhere, listen in.

A caller is sent elsewhere by AMI Redirect: whatever their channel is in ends (a prompt, the wait, ringing, a
talk), and their dialplan asks what is next. So it takes the ordinary way, and holds from any phase.
"""

import re
from collections.abc import Collection
from typing import Protocol
from uuid import uuid4

import structlog

from ccd.ami.originate import Origination
from ccd.calls.asking import answered, granted
from ccd.calls.book import LiveCall
from ccd.calls.house import House
from ccd.calls.roster import Roster
from ccd.calls.targets import place_of
from ccd.errors import NotFoundError, RefusedError
from ccd.events import LiveChannel, TalkCut
from ccd.history import SupervisionEnded, SupervisionStarted
from ccd.ivr.book import Straight
from ccd.ivr.ports import Place
from ccd.model import (
    LOOP_CONTEXT,
    CallId,
    ChannelId,
    DialStatus,
    Extension,
    Side,
    Supervision,
    device_of,
)
from ccd.outbound.policy import Who

log = structlog.get_logger(__name__)

RING_S = 25.0
"""How long a supervisor's phone rings."""
SUPERVISE_CONTEXT = "ccd-supervise"
_NUMBER = re.compile(r"\+?[0-9]{1,32}", re.ASCII)


class Manager(Protocol):
    """Asterisk's manager interface (see `ccd.ami.client`)."""

    async def redirect(self, channel: str, context: str, exten: str, priority: int = 1) -> None:
        """Send a channel to another place in the dialplan."""
        ...

    async def hangup(self, channel: str, cause: int = 16) -> None:
        """Hang up a channel."""
        ...

    async def originate(self, call: Origination) -> DialStatus:
        """Begin a call; give how it ended."""
        ...


class Control:
    """Calls by their id. Raises NotFoundError, and RefusedError with Asterisk's words."""

    def __init__(self, house: House, roster: Roster, ami: Manager) -> None:
        self._house = house
        self._roster = roster
        self._ami = ami
        self._supervisions: dict[ChannelId, CallId] = {}
        """Channels of supervisors who have answered, and which call each hears."""

    async def hang_up(self, call_id: str) -> None:
        """End a call, whatever phase it is in."""
        call = self._find(call_id)
        call.ends_by = Side.SYSTEM
        self._house.dispatcher.feed(TalkCut(call_id=call.call_id))
        log.info("call hung up by an operator", call=call.call_id)
        await granted(self._ami.hangup(call.channel_name))

    async def transfer(self, call_id: str, number: str) -> None:
        """转接: have an agent, a phone, a number of ours or an outside number called for the caller."""
        await self._send(self._find(call_id), self._target(number))

    async def redirect(self, call_id: str, to: str) -> None:
        """Send the caller to `queue/NAME`, `flow/NAME` or `flow/NAME:NODE`."""
        await self._send(self._find(call_id), self._place(to))

    # ------------------------------------------------------------ where to

    def _target(self, number: str) -> Place:
        if not _NUMBER.fullmatch(number):
            raise RefusedError(
                "{number!r} is no number: digits only, 32 at most", reason="no_number", number=number
            )
        ours = place_of(self._house, number)
        if ours is not None:
            return ours
        if not self._house.outgoing.consider(number, Who(flow=f"{Straight.OUTSIDE}/{number}")).allowed:
            raise RefusedError(
                "outbound in ccd.yaml does not allow {number}, and no phone of ours has it",
                reason="number_not_allowed",
                number=number,
            )
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
        raise NotFoundError(
            "there is no {to!r} to send a call to; there are: {known}",
            reason="no_such_place",
            to=to,
            known=", ".join(there),
        )

    async def _send(self, call: LiveCall, place: Place) -> None:
        call.sent_to = place
        self._house.dispatcher.feed(TalkCut(call_id=call.call_id))
        log.info("call sent by an operator", call=call.call_id, to=str(place))
        try:
            await granted(self._ami.redirect(call.channel_name, LOOP_CONTEXT, "withdrawn", 1))
        except RefusedError:
            call.sent_to = None
            raise

    # ------------------------------------------------------------ supervision

    async def supervise(self, call_id: str, mode: Supervision, extension: str) -> None:
        """Ring a supervisor's phone and let it into the call; returns when it has answered.

        RefusedError: it did not answer, or it is the phone of the talk itself.
        """
        house, call = self._house, self._find(call_id)
        talk = call.talk
        if talk is not None and self._roster.find(talk.agent).extension == extension:
            raise RefusedError(
                "phone {extension} is the one in this talk", reason="phone_of_talk", extension=extension
            )
        channel = ChannelId(f"supervise-{uuid4().hex}")
        target = (talk.leg if talk is not None else None) or call.channel
        origination = Origination(
            dial=device_of(Extension(extension)),
            channel_id=channel,
            context=SUPERVISE_CONTEXT,
            exten=mode.value,
            ring_s=RING_S,
            caller_number=call.caller.number,
            caller_name=f"{mode.value} {talk.agent if talk is not None else ''}".rstrip(),
            variables={"CCD_SPIED": target},
        )
        await answered(self._ami.originate(origination), extension)
        if house.book.has_departed(channel):
            return  # answered and hung up in one breath
        self._supervisions[channel] = call.call_id
        log.info("supervision began", call=call.call_id, mode=mode.value, extension=extension)
        if house.book.get(call.call_id) is call:
            house.scribe.note(
                SupervisionStarted(
                    call_id=call.call_id,
                    at=house.clock.now(),
                    mode=mode.value,
                    extension=Extension(extension),
                    channel=channel,
                )
            )

    def channel_gone(self, channel: ChannelId) -> None:
        """See whether a supervisor has hung up."""
        call_id = self._supervisions.pop(channel, None)
        if call_id is not None:
            at = self._house.clock.now()
            log.info("supervision ended", call=call_id)
            self._house.scribe.note(SupervisionEnded(call_id=call_id, at=at, channel=channel))

    def synchronised(self, channels: Collection[LiveChannel]) -> None:
        """See which supervisors have hung up while nobody could tell."""
        alive = {each.channel for each in channels}
        for channel in self._supervisions.keys() - alive:
            self.channel_gone(channel)

    # ------------------------------------------------------------ common

    def _find(self, call_id: str) -> LiveCall:
        return self._house.book.find(call_id)
