"""Raw sound as Asterisk writes it, and the WAV file that it must become."""

import hashlib
import wave
from array import array

from ccd.recording.paths import raw_paths

PATH = "2026/11/21/1795291036.1-1.wav"


def tone(frames, step):
    """Give mono samples that tell where they stand: no two neighbours are alike."""
    return array("h", ((at * step) % 20_000 - 10_000 for at in range(frames)))


def write(root, caller, agent=None, path=PATH):
    """Write both sides' raw files; without `agent` both sides say the same."""
    files = [root / name for name in raw_paths(path)]
    for file, samples in zip(files, (caller, caller if agent is None else agent), strict=True):
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(samples.tobytes())
    return files


def stretch(files, seconds):
    """Let raw files be so long, without writing that much."""
    for file in files:
        with file.open("r+b") as sparse:
            sparse.truncate(seconds * 16_000)


def heard(root, path=PATH):
    """Give what a player finds: (channels, bytes a sample, rate), caller's and agent's samples."""
    with wave.open(str(root / path), "rb") as sound:
        form = (sound.getnchannels(), sound.getsampwidth(), sound.getframerate())
        stereo = array("h", sound.readframes(sound.getnframes()))
    return form, stereo[0::2], stereo[1::2]


def sha256(root, path=PATH):
    """Give the checksum of the whole file."""
    return hashlib.sha256((root / path).read_bytes()).hexdigest()


def files(root):
    """Give all files below the root."""
    return sorted(file.relative_to(root).as_posix() for file in root.rglob("*") if file.is_file())
