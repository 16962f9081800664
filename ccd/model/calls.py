"""What is said of a whole call: its direction, who ended it, who listens, what is kept of it."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Literal


class Direction(StrEnum):
    """Which way a call went, seen from the call centre."""

    INBOUND = "inbound"
    OUTBOUND = "outbound"
    INTERNAL = "internal"


class Side(StrEnum):
    """Who ended a call."""

    CALLER = "caller"
    AGENT = "agent"
    SYSTEM = "system"


class Supervision(StrEnum):
    """What a supervisor's phone does in a talk."""

    LISTEN = "listen"
    """监听: hears both, is heard by nobody."""
    WHISPER = "whisper"
    """密语: is heard by the agent alone."""
    BARGE = "barge"
    """强插: is heard by both."""


class AudioFormat(StrEnum):
    """How finished recordings are kept."""

    WAV = "wav"
    OPUS = "opus"
    MP3 = "mp3"


class Consent(StrEnum):
    """What is between us and a caller about being recorded."""

    TOLD = "told"
    AGREED = "agreed"
    REFUSED = "refused"


FromOutgoing = Literal["answered", "tried", "never"]
"""Whether an agent knows whom they called: those whom they reached, all of them, or none."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sound:
    """One piece of audio that Asterisk can play."""

    path: str
    """As Asterisk wants it: without extension; absolute, or relative to its own sound folder."""
    length_s: float | None = None
    """None: the file cannot be seen from here."""
