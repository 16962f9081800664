"""What is finished is filed: recordings that are in their place, messages that callers left."""

import asyncio
import contextlib

import structlog

from ccd.calls.announcing import notices_of
from ccd.calls.background import Background
from ccd.calls.house import House
from ccd.calls.messages import Messages
from ccd.history import RecordingStored
from ccd.records.record import RecordingInfo
from ccd.records.voicemail import Message
from ccd.storage.writer import RecordWriter

log = structlog.get_logger(__name__)

STORED_S = 30.0
"""How long the count of new messages waits for the last one to be stored."""


class Filing:
    """Hands what is finished to the one writer, and tells who has to know."""

    def __init__(
        self, house: House, writer: RecordWriter, messages: Messages, background: Background
    ) -> None:
        self._house = house
        self._writer = writer
        self._messages = messages
        self._background = background

    def recording_stored(self, entry: RecordingStored) -> None:
        """Keep what was measured of a finished recording."""
        self._house.scribe.note(entry)
        self._writer.put_recording(
            RecordingInfo(
                call_id=entry.call_id,
                path=entry.path,
                stored_at=self._house.clock.wall(entry.at),
                length_s=entry.length_s,
                size=entry.size,
                sha256=entry.sha256,
                problem=entry.problem,
            )
        )

    def message_left(self, message: Message) -> None:
        """Keep a message that is in its place."""
        house = self._house
        self._writer.put_message(message)
        for notice in notices_of(house, message, house.clock.wall(house.clock.now())):
            self._writer.put_notice(notice)
        house.notices.stir()
        self._background.spawn(self._count_messages())
        log.info("voicemail_left", message=message.id, mailbox=message.mailbox, length_s=message.length_s)

    async def _count_messages(self) -> None:
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(STORED_S):
                await self._writer.flush()
        await self._messages.recount()
