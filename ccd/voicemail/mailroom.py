"""Brings messages from the tray to their place, behind the calls: no caller waits for it, no message is lost.

A message whose call is over, or that its caller kept, is submitted. What a crash left in the tray is found
again by a scan. What cannot be brought to its place now (a full disk) stays in the tray and is tried again.
"""

import asyncio
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from time import time

import structlog

from ccd.model import CallId
from ccd.records.voicemail import Message
from ccd.voicemail.finish import Missing, finish, look
from ccd.voicemail.paths import call_of, place
from ccd.voicemail.tray import Note, Tray

log = structlog.get_logger(__name__)


class Trouble(StrEnum):
    """What can be wrong with taking messages."""

    UNWRITABLE = "unwritable"
    """A message could not be begun: no folder, no room, or Asterisk may not write there."""
    FAILED = "failed"
    """A message could not be brought to its place; it is in the tray and tried again."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MailroomSettings:
    """How patient the mailroom is; seconds."""

    closing_s: float = 0.2
    """Between two looks at a file that Asterisk has yet to close."""
    closing_tries: int = 25
    """After so many it is taken as it is."""
    scan_every_s: float = 60.0
    orphan_age_s: float = 120.0
    """What nobody asked for is left alone until it has not grown for so long."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """What an earlier process, or visit, left of a message."""

    length_s: float | None = None
    """Of what is in the tray; None: nothing is."""
    stored: bool = False
    """It is in its place."""


class Mailroom:
    """The tray and its messages. `stored` is called in the event loop for each that is in its place.

    `is_live` says whether a call still goes on: its caller decides about its message.
    """

    def __init__(
        self,
        root: Path,
        stored: Callable[[Message], None],
        *,
        is_live: Callable[[CallId], bool],
        settings: MailroomSettings | None = None,
    ) -> None:
        self.troubles: Counter[Trouble] = Counter()
        """How often each was seen."""
        self.trouble = ""
        """What is wrong now, in words; empty: nothing."""
        self._root = root
        self._tray = Tray(root)
        self._stored = stored
        self._is_live = is_live
        self._settings = settings or MailroomSettings()
        self._waiting: dict[str, int] = {}  # tries so far
        self._due: asyncio.Queue[str] = asyncio.Queue()
        self._rescue = asyncio.Event()

    # ------------------------------------------------------------ for who leads the caller

    async def begin(self, note: Note) -> bool:
        """Make ready for a message; False when it cannot be recorded."""
        try:
            await asyncio.to_thread(self._tray.open, note)
        except OSError as problem:
            self.cannot_record(note.id, str(problem))
            return False
        return True

    def cannot_record(self, message: str, reason: str) -> None:
        """Flag that a caller could not leave a message."""
        self.troubles[Trouble.UNWRITABLE] += 1
        self.trouble = reason
        log.error(
            "voicemail_cannot_record",
            message=message,
            reason=reason,
            remedy="see the recordings' folder: its rights for Asterisk and ccd, and the room on its disk",
        )

    async def check(self) -> str:
        """Say why no message could be taken now; empty: one could. What happened last counts, too."""
        try:
            await asyncio.to_thread(self._tray.check)
        except OSError as problem:
            return str(problem)
        return self.trouble

    async def found(self, note: Note) -> Found:
        """Look for what there is of a message."""

        def ask() -> Found:
            there = look(self._tray.sound(note.id))
            stored = (self._root / place(note.id, note.at)).exists()
            return Found(length_s=there.length_s if there else None, stored=stored)

        try:
            return await asyncio.to_thread(ask)
        except OSError as problem:
            log.warning("voicemail_not_found_again", message=note.id, reason=str(problem))
            return Found()

    async def discard(self, message: str) -> None:
        """Throw away what the tray has of a message."""
        try:
            await asyncio.to_thread(self._tray.clear, message)
        except OSError as problem:
            log.warning("voicemail_not_discarded", message=message, reason=str(problem))

    # ------------------------------------------------------------ behind the calls

    def submit(self, message: str) -> None:
        """Bring a message to its place, if there is one: its caller kept it, or is gone."""
        if message not in self._waiting:
            self._waiting[message] = 0
            self._due.put_nowait(message)

    def rescue(self) -> None:
        """Bring what an earlier process left of calls that are over; `is_live` knows the others by now."""
        self._rescue.set()

    async def run(self) -> None:
        """Work until cancelled."""
        async with asyncio.TaskGroup() as group:
            group.create_task(self._work())
            group.create_task(self._scan())

    async def _work(self) -> None:
        while True:
            message = await self._due.get()
            try:
                again = await self._bring(message)
            except OSError as problem:
                self.troubles[Trouble.FAILED] += 1
                self.trouble = str(problem)
                log.warning(
                    "voicemail_not_stored", message=message, reason=str(problem), remedy="tried again"
                )
                again = False
            if again:
                self._waiting[message] += 1
                loop = asyncio.get_running_loop()
                loop.call_later(self._settings.closing_s, self._due.put_nowait, message)
            else:
                self._waiting.pop(message, None)

    async def _bring(self, message: str) -> bool:
        """Bring one message; tell whether to look again soon."""
        note = await asyncio.to_thread(self._tray.read, message)
        if note is None:
            return False
        unclosed = self._waiting[message] >= self._settings.closing_tries
        made = await asyncio.to_thread(finish, self._root, note, unclosed=unclosed)
        if made is Missing.OPEN:
            return True
        if isinstance(made, Message):
            self.trouble = ""
            self._stored(made)
        else:
            log.info("voicemail_empty", message=message, mailbox=note.mailbox, why=made.value)
        await asyncio.to_thread(self._tray.clear, message)
        return False

    async def _scan(self) -> None:
        age_s = self._settings.orphan_age_s
        while True:
            for message in await asyncio.to_thread(self._old, age_s):
                call_id = call_of(message)
                if call_id is not None and not self._is_live(call_id):
                    self.submit(message)
            try:
                async with asyncio.timeout(self._settings.scan_every_s):
                    await self._rescue.wait()
            except TimeoutError:
                age_s = self._settings.orphan_age_s
            else:
                self._rescue.clear()
                age_s = 0.0

    def _old(self, age_s: float) -> list[str]:
        """Give what in the tray has not been written to for so long; in a thread."""
        before = time() - age_s
        found = []
        for message in self._tray.messages():
            note, sound = self._tray.read(message), self._tray.sound(message)
            try:
                written_at = sound.stat().st_mtime
            except OSError:
                written_at = 0.0 if note is None else note.at.timestamp()
            if written_at <= before:
                found.append(message)
        return found
