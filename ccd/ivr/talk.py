"""One caller's ear and keys during a walk: prompts in their language, and keys that were pressed early."""

from collections.abc import Iterable, Sequence

import structlog

from ccd.ivr.book import Book
from ccd.ivr.ports import ALL_KEYS, Caller, Host, Place, Sounds, Voice
from ccd.model import Sound

log = structlog.get_logger(__name__)


class Talk:
    """What the kinds of node work with."""

    def __init__(self, book: Book, sounds: Sounds, caller: Caller, voice: Voice, host: Host) -> None:
        self.book = book
        self.caller = caller
        self.host = host
        self.place = Place("", "")
        """The node that is executed."""
        self.heard = False
        """Whether a key was pressed since this was last set to False."""
        self._sounds = sounds
        self._voice = voice
        self._early = ""

    async def say(self, prompts: Iterable[str], *, barge_in: bool = True) -> None:
        """Say prompts in the caller's language.

        With `barge_in` a key cuts them short and is kept for whoever asks next; where one is kept already
        nothing is said. A prompt without a sound is passed over: the call matters more.
        """
        if barge_in and self._early:
            return
        sounds = [sound for prompt in prompts for sound in self._find(prompt)]
        if sounds:
            key = await self._voice.play(sounds, ALL_KEYS if barge_in else "")
            self._early = key or self._early
            self.heard = self.heard or bool(key)

    async def hear(self, sounds: Sequence[Sound]) -> None:
        """Play what is no prompt, the caller's own message for one; a key cuts it short and is kept."""
        key = await self._voice.play(sounds, ALL_KEYS)
        self._early = key or self._early
        self.heard = self.heard or bool(key)

    def early_key(self) -> str:
        """Give the key that was pressed early, and forget it; empty when there is none."""
        key, self._early = self._early, ""
        return key

    async def key(self, timeout_s: float) -> str:
        """Give the key that was pressed early, else wait for one; empty when time is up."""
        key = self.early_key() or await self._voice.wait_digit(timeout_s)
        self.heard = self.heard or bool(key)
        return key

    def forget_early_key(self) -> None:
        """Drop a key that was not meant for what comes now."""
        self._early = ""

    async def speak(self, language: str) -> None:
        """Change the caller's language, here and in Asterisk."""
        self.caller.language = language
        await self._voice.set_language(language)

    def _find(self, prompt: str) -> Iterable[Sound]:
        sounds = self._sounds.sounds(prompt, self.caller.language)
        if not sounds:
            log.warning(
                "prompt is missing", prompt=prompt, language=self.caller.language, call=self.caller.call_id
            )
        return sounds
