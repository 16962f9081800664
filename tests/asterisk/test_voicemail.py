"""Messages, from the phones' side: spoken, found in the file, listened to, told to others, never lost."""

from pathlib import Path

from tests.support import until

SAID = {
    name: 400 + 150 * place
    for place, name in enumerate(
        (
            "voicemail-greeting",
            "voicemail-review",
            "voicemail-saved",
            "voicemail-after-tone",
            "voicemail-too-short",
            "voicemail-cancelled",
            "voicemail-failed",
            "goodbye",
            "no-answer",
            "all-busy",
        )
    )
}
VOICE = 350
"""Hz: what the caller says."""


def tray(lab) -> Path:
    """Give the folder into which Asterisk records."""
    return Path(lab.facts["recordings"]) / "voicemail" / "incoming"


async def speaks(lab, call, hz: int = VOICE) -> None:
    """Wait until so much was said that Asterisk has written a first piece of it."""
    call.audio.tone(hz)
    await until(lambda: any(file.stat().st_size > 30_000 for file in tray(lab).glob("*.wav")), 15.0)
