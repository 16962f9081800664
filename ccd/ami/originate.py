"""Calls that ccd itself begins: `Originate`, which is answered twice.

Asterisk's response to the action only says that it has begun. How it went is told later by the event
`OriginateResponse` under the same ActionID, on the session for events. The channel gets a uniqueid of our
choice, and Asterisk refuses a second channel of the same one: so whatever was lost on the way, it can be
asked whether that channel exists, and nobody is ever called twice by one origination.

Seen on Asterisk 22.10.1: `Reason` of a failure is 3 when nobody answered in time and 0 for everything else:
busy, declined, a phone that is not registered, a uniqueid with which that of another channel begins. The
leg's `DialEnd` says which; of a phone that is not registered there is none. An extension that does not exist
is refused in the first answer.
"""

import asyncio
import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from uuid import uuid4

from ccd.ami.message import AmiMessage
from ccd.errors import AmiUnknownOutcomeError, AmiValueError
from ccd.model import ChannelId, DialStatus

RESPONSE = "OriginateResponse"
"""The event that tells how it went."""
SLACK_S = 5.0
"""How long after `ring_s` Asterisk may say so."""
CONTEXTS = "ccd-"
"""What we begin runs in our dialplan only."""
LEG_S = 0.2
"""How long after a failure its `DialEnd` may come, which says more."""
_RANG_OUT = "3"
_CHANNEL_ID = re.compile(r"[A-Za-z0-9._-]{1,149}")
_UNWELCOME = re.compile(r'["<>\\]')


@dataclass(frozen=True, slots=True, kw_only=True)
class Origination:
    """A call to begin: whom to dial, and where in our dialplan they go when they have answered."""

    dial: str
    """As `Dial` takes it, one channel: `PJSIP/1001`."""
    channel_id: ChannelId
    """The uniqueid that the channel will have, chosen by us, used once: letters, digits, `.`, `_`, `-`.

    No living channel's may begin with it: Asterisk compares no further.
    """
    context: str
    """One of ours: `ccd-…`."""
    exten: str
    ring_s: float
    caller_number: str = ""
    """What the phone shows."""
    caller_name: str = ""
    variables: Mapping[str, str] = field(default_factory=dict)
    """Of the channel, set before it is dialled."""

    def headers(self) -> dict[str, str | list[str]]:
        """Write it as the action's headers. AmiValueError: nothing of that kind may be begun."""
        if not _CHANNEL_ID.fullmatch(self.channel_id):
            raise AmiValueError(f"{self.channel_id!r} can be no channel's uniqueid")
        if not self.context.startswith(CONTEXTS):
            raise AmiValueError(f"calls are begun in contexts {CONTEXTS}… only, not in {self.context!r}")
        if "&" in self.dial:
            raise AmiValueError(f"{self.dial!r} is more than one channel to dial")
        name = _UNWELCOME.sub("", self.caller_name)
        number = _UNWELCOME.sub("", self.caller_number)
        headers: dict[str, str | list[str]] = {
            "Channel": self.dial,
            "ChannelId": self.channel_id,
            "Context": self.context,
            "Exten": self.exten,
            "Priority": "1",
            "Timeout": str(max(1, round(self.ring_s * 1000))),
            "Async": "true",
        }
        if number:
            headers["CallerID"] = f'"{name}" <{number}>'
        if self.variables:
            headers["Variable"] = [f"{name}={value}" for name, value in self.variables.items()]
        return headers


class Originations:
    """Those that were begun on the present link, and have not ended yet."""

    def __init__(self) -> None:
        self._by_action: dict[str, _Begun] = {}
        self._by_channel: dict[str, _Begun] = {}

    @contextmanager
    def begun(self, channel_id: ChannelId) -> Iterator["_Begun"]:
        """Listen for what is told of one, under its `action_id`, until the block is left."""
        begun = _Begun()
        self._by_action[begun.action_id] = begun
        self._by_channel.setdefault(channel_id, begun)
        try:
            yield begun
        finally:
            del self._by_action[begun.action_id]
            if self._by_channel.get(channel_id) is begun:
                del self._by_channel[channel_id]

    def heard(self, message: AmiMessage) -> None:
        """Take an `OriginateResponse`; one that nobody waits for is nobody's."""
        begun = self._by_action.get(message.action_id or "")
        if begun is not None:
            begun.end(message)

    def leg_ended(self, message: AmiMessage) -> None:
        """Take a `DialEnd` without a calling channel: it says why nobody answered."""
        begun = self._by_channel.get(message.get("DestUniqueid") or "")
        if begun is not None:
            begun.leg_ended(message)

    def lost(self) -> None:
        """Tell whoever waits that the link is gone: the answer will not be heard."""
        for begun in self._by_action.values():
            begun.end(None)


class _Begun:
    """One origination, as far as it was told of."""

    def __init__(self) -> None:
        loop = asyncio.get_running_loop()
        self.action_id = f"originate/{uuid4().hex}"
        self._end: asyncio.Future[AmiMessage | None] = loop.create_future()
        self._leg_end: asyncio.Future[DialStatus] = loop.create_future()

    def end(self, message: AmiMessage | None) -> None:
        """Take its end; None: it will not be heard."""
        if not self._end.done():
            self._end.set_result(message)

    def leg_ended(self, message: AmiMessage) -> None:
        """Take the leg's end."""
        status = message.get("DialStatus") or ""
        if not self._leg_end.done():
            self._leg_end.set_result(DialStatus(status) if status in set(DialStatus) else DialStatus.UNKNOWN)

    async def outcome(self, ring_s: float) -> DialStatus:
        """Wait for the end; AmiUnknownOutcomeError: Asterisk did not tell it."""
        await asyncio.wait((self._end,), timeout=ring_s + SLACK_S)
        message = self._end.result() if self._end.done() else None
        if message is None:
            raise AmiUnknownOutcomeError(
                "Originate: the link was lost, or time ran out, before Asterisk told how it ended: "
                "ask for the channel"
            )
        if message.response == "Success":
            return DialStatus.ANSWER
        if message.get("Reason") == _RANG_OUT:
            return DialStatus.NOANSWER
        await asyncio.wait((self._leg_end,), timeout=LEG_S)
        status = self._leg_end.result() if self._leg_end.done() else DialStatus.CHANUNAVAIL
        return DialStatus.NOANSWER if status is DialStatus.ANSWER else status
