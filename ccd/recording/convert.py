"""Finished recordings in a smaller form: Opus or MP3, made by ffmpeg beside the WAV file, then in its place.

A record keeps the path that ends in `.wav`, whatever the form: `locate` finds the file that is there.
"""

import contextlib
import os
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from ccd.model import AudioFormat

_CODECS = {
    AudioFormat.OPUS: ("-c:a", "libopus", "-application", "voip"),
    AudioFormat.MP3: ("-c:a", "libmp3lame"),
}
TIMEOUT_S = 600.0
"""Some seconds an hour of talk is usual."""
NICE = 10


class ConversionError(Exception):
    """ffmpeg is not there, or did not do it; the message is its last words."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Form:
    """How recordings are kept."""

    format: AudioFormat = AudioFormat.WAV
    bitrate_kbps: int = 32


WAV = Form()


def convert(source: Path, form: Form) -> Path:
    """Make a sound file in another form beside a WAV file and delete that; give what is there now. Blocks.

    Raises ConversionError, with the WAV file as it was.
    """
    if form.format is AudioFormat.WAV:
        return source
    place = source.with_suffix(f".{form.format.value}")
    part = place.with_name(place.name + ".part")
    encode(source, part, form)
    try:
        with part.open("rb") as sound:
            os.fsync(sound.fileno())
        part.replace(place)
        source.unlink()
    except OSError as error:
        part.unlink(missing_ok=True)
        raise ConversionError(f"{place}: {error.strerror or error}") from error
    return place


def encode(source: Path, target: Path, form: Form) -> None:
    """Write a sound file in another form; blocks. Raises ConversionError, and leaves no half file."""
    rate = () if form.format is AudioFormat.WAV else ("-b:a", f"{form.bitrate_kbps}k")
    command = (
        *("ffmpeg", "-nostdin", "-v", "error", "-y", "-protocol_whitelist", "file,pipe"),
        *("-i", str(source), *_CODECS[form.format], *rate, "-f", form.format.value, str(target)),
    )
    try:
        failure = _run(command)
    except FileNotFoundError:
        raise ConversionError("ffmpeg is not installed: apt-get install ffmpeg") from None
    except OSError as error:
        raise ConversionError(f"ffmpeg cannot be run: {error.strerror or error}") from error
    except subprocess.TimeoutExpired:
        failure = f"ffmpeg took longer than {TIMEOUT_S:g} s"
    if failure:
        target.unlink(missing_ok=True)
        raise ConversionError(failure)


def _run(command: Sequence[str]) -> str:
    """Run ffmpeg, behind everything else; give its last words when it failed.

    It is made polite from outside: what Python would do in the child itself may hang among threads.
    """
    with subprocess.Popen(  # noqa: S603 - no shell; paths are ours
        command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE
    ) as ffmpeg:
        with contextlib.suppress(OSError):  # it may be over already
            os.setpriority(os.PRIO_PROCESS, ffmpeg.pid, NICE)
        try:
            _, said = ffmpeg.communicate(timeout=TIMEOUT_S)
        except subprocess.TimeoutExpired:
            ffmpeg.kill()
            raise
    if ffmpeg.returncode == 0:
        return ""
    return said.decode("utf-8", "replace").strip()[-300:] or "ffmpeg failed"
