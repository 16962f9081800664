"""The interpreter's voice on a real channel: prompts and digits over one AGI session."""

from collections.abc import Sequence

from ccd.agi.session import Session
from ccd.model import Sound


class SessionVoice:
    """Satisfies `ccd.ivr.ports.Voice`."""

    def __init__(self, session: Session) -> None:
        self._session = session

    async def play(self, sounds: Sequence[Sound], escape: str = "") -> str:
        """Play one sound after the other; give the digit of `escape` that cut them short, or nothing."""
        for sound in sounds:
            digit = await self._session.stream_file(sound.path, escape_digits=escape, length_s=sound.length_s)
            if digit:
                return digit
        return ""

    async def wait_digit(self, timeout_s: float) -> str:
        """Wait for one digit; nothing when none came."""
        return await self._session.wait_digit(timeout_s)

    async def set_language(self, code: str) -> None:
        """Set the channel's language, for what Asterisk says of itself."""
        await self._session.set_variables({"CHANNEL(language)": code})
