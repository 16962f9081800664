"""What Asterisk writes while two people talk: for each side 16-bit samples, 8,000 a second, little-endian.

Seen on Asterisk 22.10.1, with tones from both sides over SIP and Local channels:

- `MixMonitor(,br(X-caller.raw)t(X-agent.raw))` writes a file for each side, right in all four combinations of
  g722 and ulaw, and of equal length: silence is inserted (unless option `n` is given).
- Its option `D` (one interleaved file) is right **only while both legs are narrow-band**. As soon as one of
  them was g722, 160 of the 320 samples of each 20 ms were written: half the pitch, chopped, and of the right
  length, so that no check of the size notices. Hence not used.
- Only what is bridged is written (`b`): not the ringing, not the wait. 4.00 s of talk gave 3.98-4.02 s.
- A side that sends nothing is filled with silence while the other one sends. While *neither* sends, nothing
  is written: such a recording is shorter than the talk. (Phones that suppress silence are the exception.)
- The files are opened, empty, when MixMonitor starts: an offer that nobody answers leaves empty ones. Missing
  folders are made. What cannot be opened is a line in Asterisk's log and nothing else.
- They grow by 32,768 bytes, every 2.05 s. What is not written yet is lost when Asterisk is killed.
- They are complete when `StopMixMonitor()` returns or the caller's channel is gone.
"""

from array import array
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, Self

from ccd.recording.paths import raw_paths
from ccd.wav import SAMPLE_BYTES

FRAME_BYTES = 2 * SAMPLE_BYTES
"""One sample of each side."""

_CHUNK_FRAMES = 65_536


@dataclass(frozen=True, slots=True, kw_only=True)
class RawSound:
    """The raw sound of one recording as it lay there at one moment."""

    files: tuple[Path, Path]
    """Those of caller and agent."""
    sizes: tuple[int, int]
    """Bytes; 0 also where a file is missing."""

    @classmethod
    def find(cls, root: Path, relative: str) -> Self | None:
        """Look for the raw sound of a recording; None when there is none."""
        caller, agent = (root / side for side in raw_paths(relative))
        if not caller.exists() and not agent.exists():
            return None
        return cls(files=(caller, agent), sizes=(_size(caller), _size(agent)))

    @property
    def frames(self) -> int:
        """How many frames it has; a side that is shorter is silent at the end."""
        return max(self.sizes) // SAMPLE_BYTES

    def read(self) -> Iterator[bytes]:
        """Give the frames, caller left and agent right, in pieces of bounded size."""
        with ExitStack() as stack:
            streams = [
                stack.enter_context(file.open("rb")) if size else None
                for file, size in zip(self.files, self.sizes, strict=True)
            ]
            for begin in range(0, self.frames, _CHUNK_FRAMES):
                yield _piece(streams, min(self.frames - begin, _CHUNK_FRAMES))

    def delete(self) -> None:
        """Remove the files."""
        for file in self.files:
            file.unlink(missing_ok=True)


def _size(file: Path) -> int:
    return file.stat().st_size if file.exists() else 0


def _piece(streams: Sequence[BinaryIO | None], count: int) -> bytes:
    """Read so many frames."""
    stereo = array("h", bytes(count * FRAME_BYTES))
    for side, stream in enumerate(streams):
        stereo[side::2] = array("h", _exactly(stream, count * SAMPLE_BYTES))
    return stereo.tobytes()


def _exactly(stream: BinaryIO | None, count: int) -> bytes:
    """Read so many bytes; silence where the file ends before, or is not there."""
    return (stream.read(count) if stream else b"").ljust(count, b"\0")
