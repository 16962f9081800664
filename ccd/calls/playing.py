"""A message played on a phone that we ring: for whoever sits at a desk with no loudspeaker."""

from typing import Protocol
from uuid import uuid4

import structlog

from ccd.ami.originate import Origination
from ccd.calls.asking import answered
from ccd.calls.messages import Messages
from ccd.model import ChannelId, DialStatus, Extension, device_of
from ccd.records.voicemail import Message

log = structlog.get_logger(__name__)

RING_S = 25.0
CONTEXT = "ccd-listen"


class Caller(Protocol):
    """The part of the AMI client that is needed."""

    async def originate(self, call: Origination) -> DialStatus:
        """Begin a call; give how it ended."""
        ...


class Player:
    """Rings phones and plays messages on them."""

    def __init__(self, messages: Messages, ami: Caller) -> None:
        self._messages = messages
        self._ami = ami

    async def play(self, message_id: str, extension: str, by: str) -> Message:
        """Ring a phone and play a message on it; returns when it was answered, and counts it as heard.

        NotFoundError: no such message, or its sound is gone. RefusedError: nobody answered.
        """
        message = await self._messages.get(message_id)
        await self._messages.sound(message)
        call = Origination(
            dial=device_of(Extension(extension)),
            channel_id=ChannelId(f"listen-{uuid4().hex}"),
            context=CONTEXT,
            exten="s",
            ring_s=RING_S,
            caller_number=message.number,
            caller_name=f"voicemail {message.mailbox}",
            variables={"CCD_SOUND": self._messages.asterisk_path(message)},
        )
        await answered(self._ami.originate(call), extension)
        log.info("voicemail_played", message=message.id, extension=extension)
        return await self._messages.heard(message.id, by)
