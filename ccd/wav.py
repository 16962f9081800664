"""The header of a WAV file of 16-bit samples, 8,000 a second: recordings in two channels, messages in one."""

import struct
from typing import Final

RATE: Final = 8000
SAMPLE_BYTES: Final = 2
HEADER_BYTES: Final = 44


def header(frames: int, channels: int) -> bytes:
    """Give the header of a file of so many frames: a sample of each channel."""
    frame_bytes = channels * SAMPLE_BYTES
    data = frames * frame_bytes
    form = struct.pack("<HHIIHH", 1, channels, RATE, RATE * frame_bytes, frame_bytes, 8 * SAMPLE_BYTES)
    return b"".join(
        (
            b"RIFF" + struct.pack("<I", data + HEADER_BYTES - 8) + b"WAVE",
            b"fmt " + struct.pack("<I", len(form)) + form,
            b"data" + struct.pack("<I", data),
        )
    )
