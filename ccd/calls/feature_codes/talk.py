"""Prompts and digits with an agent on the phone."""

from ccd.agi.session import Session
from ccd.calls.house import House
from ccd.calls.voice import SessionVoice
from ccd.model import ChannelId, Sound

FIRST_DIGIT_S = 8.0
NEXT_DIGIT_S = 4.0
MAX_DIGITS = 20
DIGITS = "0123456789"
KEYS = "0123456789*#"


class Talk:
    """One code's conversation. `given` are the digits that were dialled right after the code."""

    def __init__(self, house: House, session: Session, given: str = "") -> None:
        self._catalogue = house.design.catalogue
        self.language = house.config.language
        self._session = session
        self._voice = SessionVoice(session)
        self.given = given

    def has(self, prompt: str) -> bool:
        """Whether there is a sound for a prompt: names of queues and reasons need not have one."""
        return bool(self._catalogue.sounds(prompt, self.language))

    async def say(self, *prompts: str) -> bool:
        """Play prompts to their end; any key stops them. False: it was stopped."""
        sounds = [sound for prompt in prompts for sound in self._catalogue.sounds(prompt, self.language)]
        return not await self._voice.play(sounds, KEYS)

    def sounds(self, *prompts: str) -> list[Sound]:
        """Give the sounds of prompts; those without one are left out."""
        return [sound for prompt in prompts for sound in self._catalogue.sounds(prompt, self.language)]

    async def hear(self, *sounds: Sound, wait_s: float = 0.0) -> str:
        """Play sounds, then wait; give the key that was pressed, or an empty text."""
        key = await self._voice.play(sounds, KEYS)
        return key or (await self._voice.wait_digit(wait_s) if wait_s else "")

    async def leave_for(self, number: str) -> None:
        """Have the dialplan go on with a number, as if it had been dialled, when this session is over."""
        await self._session.set_variables({"CCD_TO": number})

    async def pick_up(self, channel: ChannelId) -> None:
        """Have the dialplan take a ringing channel's call when this session is over."""
        await self._session.set_variables({"CCD_PICK": channel})

    async def ask(self, *prompts: str, length: int = MAX_DIGITS) -> str:
        """Give what was dialled after the code, the first time; else ask for digits.

        They are ended by `#`, a pause, or `length` of them.
        """
        if self.given:
            given, self.given = self.given, ""
            return given.strip("#*")
        sounds = [sound for prompt in prompts for sound in self._catalogue.sounds(prompt, self.language)]
        digits = await self._voice.play(sounds, DIGITS + "#")
        while len(digits) < length and not digits.endswith("#"):
            digit = await self._voice.wait_digit(NEXT_DIGIT_S if digits else FIRST_DIGIT_S)
            if not digit:
                break
            digits += digit
        return digits.removesuffix("#")
