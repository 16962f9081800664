"""Prompts by telephone: a phone is rung, and whoever answers records a prompt or listens to one.

ccd begins the call; its channel comes back by AGI with the token of the errand, which only ccd knows.
What is said is recorded into a file of its own below the recordings' folder, where Asterisk may write; only
what is kept becomes the prompt, made as an imported file is. Hanging up discards.
"""

import asyncio
import time
from contextlib import suppress
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path, PurePosixPath
from typing import Protocol, TypeVar
from uuid import uuid4

import structlog

from ccd.agi.session import Session
from ccd.ami.originate import Origination
from ccd.calls.asking import answered
from ccd.calls.house import House
from ccd.calls.voice import SessionVoice
from ccd.errors import (
    AgiCommandError,
    AgiHangupError,
    CcdError,
    NotFoundError,
    PromptError,
    RefusedError,
)
from ccd.model import ChannelId, DialStatus, Extension, device_of
from ccd.prompts.importing import Imported, import_sound
from ccd.prompts.manifest import LANGUAGES, Language
from ccd.voicemail.tray import make_folder

log = structlog.get_logger(__name__)
Done = TypeVar("Done")

RING_S = 25.0
"""How long the phone rings."""
CONTEXT = "ccd-prompt"
MAX_TAKE_S = 300.0
MIN_TAKE_S = 0.5
TAKES = 10
ASKS = 3
KEY_S = 8.0
TALK_S = 3600.0
"""An errand that is older is over, whatever became of it."""
MOST_ERRANDS = 20
FOLDER = "prompt-takes"
"""Below the recordings' folder."""


class Manager(Protocol):
    """Asterisk's manager interface (see `ccd.ami.client`)."""

    async def originate(self, call: Origination) -> DialStatus:
        """Begin a call; give how it ended."""
        ...


class ErrandState(StrEnum):
    """How far an errand is."""

    UNDER_WAY = "under_way"
    KEPT = "kept"
    """What was recorded is the prompt now."""
    PLAYED = "played"
    DISCARDED = "discarded"
    """Nothing was kept: they hung up, or said so."""
    FAILED = "failed"


@dataclass(slots=True, kw_only=True)
class Errand:
    """What a phone was rung for, and what came of it."""

    token: str
    prompt: str
    language: Language
    record: bool
    extension: str
    begun_at: float
    state: ErrandState = ErrandState.UNDER_WAY
    kept: Imported | None = None
    problem: CcdError | None = None
    """Why it failed."""


class PromptDesk:
    """Records and plays prompts over phones. Answers `agi://…/prompt`."""

    def __init__(self, house: House, ami: Manager) -> None:
        self._house = house
        self._ami = ami
        self._errands: dict[str, Errand] = {}
        """The latest ones, the oldest first; those that are over are told of for a while."""

    async def refresh(self) -> None:
        """Take the sounds as they lie in the prompt folder now."""
        await asyncio.to_thread(self._house.design.catalogue.refresh)

    async def record(self, prompt: str, language: Language, extension: str) -> Errand:
        """Ring a phone to record a prompt; give the errand when it was answered.

        Raises NotFoundError for an id that nothing has, RefusedError when the phone is not answered.
        """
        if prompt not in self._house.design.catalogue.ids:
            raise NotFoundError(
                "there is no prompt {prompt!r}: give it words under prompts.texts in ccd.yaml first, "
                "so that others know what it is to say",
                reason="prompt_without_words",
                prompt=prompt,
            )
        return await self._ring(prompt, language, extension, record=True)

    async def play(self, prompt: str, language: Language, extension: str) -> Errand:
        """Ring a phone to play a prompt in one language."""
        if not self._house.design.catalogue.says(prompt, language):
            raise NotFoundError(
                "prompt {prompt!r} has no sound in {language}: ccd prompt list --missing",
                reason="prompt_without_sound",
                prompt=prompt,
                language=language,
            )
        return await self._ring(prompt, language, extension, record=False)

    def errand(self, token: str) -> Errand:
        """Tell how far an errand is; raises NotFoundError for one that is forgotten."""
        found = self._errands.get(token)
        if found is None:
            raise NotFoundError(
                "there is no errand {errand!r}: it is over for long, or was before a restart",
                reason="no_such_errand",
                errand=token,
            )
        return found

    async def _ring(self, prompt: str, language: Language, extension: str, *, record: bool) -> Errand:
        now = self._house.clock.now()
        for old in list(self._errands.values()):
            if len(self._errands) < MOST_ERRANDS:
                break
            if old.state is not ErrandState.UNDER_WAY or now - old.begun_at > TALK_S:
                del self._errands[old.token]
        if len(self._errands) >= MOST_ERRANDS:
            raise RefusedError(
                "{count} phones are recording or playing prompts already",
                reason="too_many_errands",
                count=MOST_ERRANDS,
            )
        errand = Errand(
            token=uuid4().hex,
            prompt=prompt,
            language=language,
            record=record,
            extension=extension,
            begun_at=now,
        )
        self._errands[errand.token] = errand
        try:
            await answered(self._ami.originate(self._origination(errand)), extension)
        except RefusedError:
            del self._errands[errand.token]
            raise
        return errand

    def _origination(self, errand: Errand) -> Origination:
        return Origination(
            dial=device_of(Extension(errand.extension)),
            channel_id=ChannelId(f"prompt-{errand.token}"),
            context=CONTEXT,
            exten="s",
            ring_s=RING_S,
            caller_number=errand.extension,
            caller_name=errand.prompt,
            variables={"CCD_TOKEN": errand.token},
        )

    # ------------------------------------------------------------ on the phone

    async def __call__(self, session: Session) -> None:
        """Lead whoever answered through their errand, and write down what came of it."""
        errand = self._errands.get((*session.request.args, "")[0])
        if errand is None:  # a restart of ours, or nobody's call
            log.warning("a phone is on no errand of ours", channel=session.request.channel)
            return
        try:
            await _Visit(self._house, session, errand).run()
        except AgiHangupError:
            log.info("a prompt's phone hung up", prompt=errand.prompt, extension=errand.extension)
        except CcdError as problem:
            log.warning("prompt not recorded", prompt=errand.prompt, reason=str(problem))
            errand.state, errand.problem = ErrandState.FAILED, problem
        finally:
            if errand.state is ErrandState.UNDER_WAY:
                errand.state = ErrandState.DISCARDED if errand.record else ErrandState.PLAYED


class _Visit:
    """One phone, one prompt."""

    def __init__(self, house: House, session: Session, errand: Errand) -> None:
        self._house = house
        self._session = session
        self._errand = errand
        self._voice = SessionVoice(session)
        recording = house.config.recording
        self._root = Path(recording.directory)
        self._take = self._root / FOLDER / f"{errand.token}.wav"
        seen_as = PurePosixPath(recording.asterisk_directory or recording.directory)
        self._seen_as = str(seen_as / FOLDER / errand.token)

    async def run(self) -> None:
        """Play the prompt, or record it until a take is kept."""
        errand = self._errand
        if not errand.record:
            await self._voice.play(self._house.design.catalogue.sounds(errand.prompt, errand.language))
            return
        try:
            await asyncio.to_thread(self._make_room)
            await self._record()
        except OSError as error:
            raise PromptError(
                "{path}: cannot be written ({error})",
                reason="not_writable",
                path=self._take.parent,
                error=error.strerror,
            ) from error
        finally:
            with suppress(OSError):
                await asyncio.to_thread(self._take.unlink, missing_ok=True)

    def _make_room(self) -> None:
        """Make the folder of takes; what a process before us left there goes."""
        folder = self._take.parent
        make_folder(self._root, folder)
        for left in folder.glob("*.wav"):
            if time.time() - left.stat().st_mtime > TALK_S:
                left.unlink(missing_ok=True)

    async def _record(self) -> None:
        for _ in range(TAKES):
            await self._say("prompt-record")
            try:
                taken = await self._session.record_file(self._seen_as, max_s=MAX_TAKE_S)
            except AgiCommandError as problem:
                await self._say("agent-failed")
                raise PromptError(faults=[problem]) from problem
            if taken.length_s < MIN_TAKE_S:
                continue
            match (
                await self._session.stream_file(self._seen_as, escape_digits="12", length_s=taken.length_s)
                or await self._judgement()
            ):
                case "1":
                    await self._keep()
                    return
                case "2":
                    continue
                case _:
                    break
        await self._say("prompt-record-discarded")

    async def _judgement(self) -> str:
        """Ask what becomes of the take: 1 keeps it, 2 records again; empty: nobody said."""
        for _ in range(ASKS):
            key = await self._say("prompt-record-review") or await self._voice.wait_digit(KEY_S)
            if key in {"1", "2"}:
                return key
        return ""

    async def _keep(self) -> None:
        """Make the take the prompt, heard by callers from now on."""
        house, errand = self._house, self._errand
        directory = Path(house.config.prompts.directory)
        try:
            kept = await asyncio.to_thread(
                import_sound, self._take, directory, errand.language, errand.prompt
            )
        except PromptError:
            await self._say("agent-failed")
            raise
        await asyncio.to_thread(house.design.catalogue.refresh)
        log.info(
            "prompt recorded", prompt=errand.prompt, language=errand.language, extension=errand.extension
        )
        errand.state, errand.kept = ErrandState.KEPT, kept  # also for those who hang up now
        await self._say("prompt-record-kept")

    async def _say(self, prompt: str) -> str:
        """Speak to whoever is on the phone, in the house's language; give the key that cut it short."""
        sounds = self._house.design.catalogue.sounds(prompt, self._house.config.language)
        return await self._voice.play(sounds, "12")


def language_of(code: str) -> Language:
    """Give a language by its code; raises NotFoundError."""
    for language in LANGUAGES:
        if language == code:
            return language
    raise NotFoundError(
        "there is no language {language!r}; there are: {known}",
        reason="no_such_language",
        language=code,
        known=", ".join(LANGUAGES),
    )
