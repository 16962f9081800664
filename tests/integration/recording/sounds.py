"""Raw sound as Asterisk writes it, and the WAV file that it must become."""

import hashlib
import wave
from array import array

from ccd.recording.paths import raw_path, side_paths

PATH = "2026/11/21/1795291036.1-1.wav"


def tone(frames, step):
    """Give mono samples that tell where they stand: no two neighbours are alike."""
    return array("h", ((at * step) % 20_000 - 10_000 for at in range(frames)))


def interleaved(caller, agent):
    """Mix two sides of equal length as MixMonitor's option D does."""
    stereo = array("h", bytes(4 * len(caller)))
    stereo[0::2], stereo[1::2] = caller, agent
    return stereo.tobytes()


def write(root, data, path=PATH):
    """Write an interleaved raw file."""
    raw = root / raw_path(path)
    raw.parent.mkdir(parents=True, exist_ok=True)
    raw.write_bytes(data)
    return raw


def write_sides(root, caller, agent, path=PATH):
    """Write a raw file for each side."""
    for name, samples in zip(side_paths(path), (caller, agent), strict=True):
        side = root / name
        side.parent.mkdir(parents=True, exist_ok=True)
        side.write_bytes(samples.tobytes())


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
