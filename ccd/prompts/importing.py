"""Sounds that people bring, made into what Asterisk plays: any format in, 8,000 and 16,000 Hz mono out.

Files are hostile until ffmpeg has read them: it is given one local file, formats that hold sound and refer to
nothing else, and bounds on time, memory and length. Silence at both ends goes, the loudness is that of the
other prompts, and what was there before is kept as a version.
"""

import json
import re
import shutil
import stat
import subprocess
import sys
import tempfile
import wave
from array import array
from dataclasses import dataclass
from pathlib import Path

from ccd.errors import PromptError
from ccd.prompts.files import WIDE, keep_version, make_folder, put_in_place
from ccd.prompts.manifest import PROMPT_ID, Language

MAX_BYTES = 200_000_000
MAX_LENGTH_S = 600
MIN_LENGTH_S = 0.1

_TIMEOUT_S = 90.0
_MAX_ALLOC = 100_000_000
"""Bytes that ffmpeg may ask for at once: a header can claim anything."""
_FORMATS = "wav,w64,aiff,au,mp3,ogg,flac,aac,mov,mp4,m4a,matroska,webm,amr,asf,gsm,g722,ac3,ape,wv"
"""Containers of sound. Playlists are not among them: they name other files and addresses."""
_LOUDNESS_LUFS = -18.0
_PEAK_DB = -2.0
_RATE = 16_000
_WINDOW = _RATE // 100
_MARGIN = _RATE // 20
"""Samples that stay before the first and behind the last sound."""
_LOUD = 98
"""0.3 % of full scale: more than a telephone line hums, less than anybody whispers."""
_BARE = [
    "-map_metadata",
    "-1",
    "-fflags",
    "+bitexact",
    "-flags",
    "+bitexact",
    "-c:a",
    "pcm_s16le",
    "-f",
    "wav",
]
"""A wav file without a word on who made it with what."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Imported:
    """A sound that took its place."""

    prompt: str
    language: Language
    path: Path
    length_s: float
    kept: Path | None
    """Where what said the prompt before lies now; None: nothing did."""


def import_sound(source: Path, directory: Path, language: Language, prompt: str) -> Imported:
    """Make a file the sound of a prompt; raises PromptError, and nothing has changed then.

    `directory` is the prompt folder. The sound is there under its name only when it is whole.
    """
    if re.fullmatch(PROMPT_ID, prompt) is None:
        raise PromptError(
            "{prompt!r} cannot be a prompt's id: a-z, A-Z, 0-9, _ and - only, / between folders",
            reason="bad_prompt_id",
            prompt=prompt,
        )
    _look_at(source)
    path = directory / language / f"{prompt}.wav"
    make_folder(path.parent)
    try:
        with tempfile.TemporaryDirectory(dir=path.parent, prefix=".making-") as made:
            length_s = _convert(source, Path(made))
            kept = keep_version(directory, language, prompt)
            put_in_place(Path(made) / "8.wav", path)
            put_in_place(Path(made) / "16.wav", path.with_suffix(WIDE))
    except OSError as error:
        raise PromptError(
            "{path}: cannot be written ({error})", reason="not_writable", path=path, error=error.strerror
        ) from error
    return Imported(prompt=prompt, language=language, path=path, length_s=length_s, kept=kept)


def _look_at(source: Path) -> None:
    """Refuse what is no file, and what is too large to be a prompt."""
    try:
        found = source.stat()
    except OSError as error:
        raise PromptError(
            "{file}: cannot be read ({error})", reason="not_readable", file=source, error=error.strerror
        ) from error
    if not stat.S_ISREG(found.st_mode):
        raise PromptError("{file}: is no file", reason="no_file", file=source)
    if found.st_size > MAX_BYTES:
        raise PromptError(
            "{file}: is larger than {most} MB",
            reason="file_too_large",
            file=source,
            most=MAX_BYTES // 1_000_000,
        )


def _convert(source: Path, folder: Path) -> float:
    """Write 8.wav and 16.wav; give their length in seconds."""
    raw = folder / "raw.wav"
    form = ["-map", "0:a:0", "-ac", "1", "-ar", str(_RATE), "-t", str(MAX_LENGTH_S + 1)]
    _ffmpeg(source, [*form, *_BARE, str(raw)])
    length_s = _trim(raw)
    if length_s < MIN_LENGTH_S:
        raise PromptError("{file}: there is nothing to be heard in it", reason="nothing_heard", file=source)
    if length_s > MAX_LENGTH_S:
        raise PromptError(
            "{file}: is longer than {most} s", reason="sound_too_long", file=source, most=MAX_LENGTH_S
        )
    gain = f"volume={_gain(raw):.2f}dB"
    outputs = [
        part
        for rate, name in (("8000", "8.wav"), ("16000", "16.wav"))
        for part in ("-af", gain, "-ar", rate, *_BARE, str(folder / name))
    ]
    _ffmpeg(raw, outputs)
    return round(length_s, 3)


def _trim(sound: Path) -> float:
    """Cut the silence at both ends off a wav file; give the seconds that are left.

    Not by ffmpeg's silenceremove: of version 5.1, twice around areverse, it leaves nothing of a sound that
    begins at once.
    """
    with wave.open(str(sound), "rb") as file:
        samples = array("h", file.readframes(file.getnframes()))
    if sys.byteorder == "big":
        samples.byteswap()
    starts = range(0, len(samples), _WINDOW)
    first = next((at for at in starts if _is_loud(samples[at : at + _WINDOW])), None)
    if first is None:
        return 0.0
    last = next(at for at in reversed(starts) if _is_loud(samples[at : at + _WINDOW]))
    kept = samples[max(0, first - _MARGIN) : last + _WINDOW + _MARGIN]
    if sys.byteorder == "big":
        kept.byteswap()
    with wave.open(str(sound), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(_RATE)
        file.writeframes(kept.tobytes())
    return len(kept) / _RATE


def _is_loud(window: "array[int]") -> bool:
    return max(window) > _LOUD or min(window) < -_LOUD


def _gain(sound: Path) -> float:
    """Give the decibels that bring a sound to the loudness of the others, without clipping (EBU R 128)."""
    told = _ffmpeg(sound, ["-af", "loudnorm=print_format=json", "-f", "null", "-"], level="info")
    measured = json.loads(told[told.rindex("{") : told.rindex("}") + 1])
    loudness, peak = float(measured["input_i"]), float(measured["input_tp"])
    headroom = _PEAK_DB - peak
    # shorter than the 0.4 s over which loudness is measured: the peak decides
    return min(headroom, 40.0 if loudness == float("-inf") else _LOUDNESS_LUFS - loudness)


def _ffmpeg(source: Path, output: list[str], *, level: str = "error") -> str:
    """Run ffmpeg on one file; give what it says."""
    program = shutil.which("ffmpeg")
    if program is None:
        raise PromptError(
            "sounds are converted by ffmpeg, which is not installed: apt-get install ffmpeg",
            reason="no_ffmpeg",
        )
    bounds = ["-nostdin", "-hide_banner", "-loglevel", level, "-max_alloc", str(_MAX_ALLOC), "-threads", "1"]
    reading = [
        "-protocol_whitelist",
        "file",
        "-format_whitelist",
        _FORMATS,
        "-i",
        f"file:{source.absolute()}",
    ]
    try:
        done = subprocess.run(  # noqa: S603 - a fixed program, no shell; the file is named with its protocol
            [program, *bounds, *reading, "-y", *output], capture_output=True, timeout=_TIMEOUT_S, check=False
        )
    except subprocess.TimeoutExpired:
        raise PromptError(
            "{file}: ffmpeg was still at work after {seconds:.0f} s and was stopped",
            reason="sound_too_slow",
            file=source,
            seconds=_TIMEOUT_S,
        ) from None
    told = done.stderr.decode(errors="replace")
    if done.returncode != 0:
        lines = [line for line in told.splitlines() if line.strip()]
        raise PromptError(
            "{file}: holds no sound that can be read ({said})",
            reason="no_sound_in_it",
            file=source,
            said=lines[-1][:200] if lines else "ffmpeg failed",
        )
    return told
