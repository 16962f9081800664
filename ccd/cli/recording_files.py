"""Copies of recordings, under names that people can sort, with a list beside them."""

import csv
import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from ccd.cli import text
from ccd.cli.files import in_place_of
from ccd.cli.messages import _
from ccd.cli.terminal import Terminal
from ccd.errors import CcdError
from ccd.http.client import ApiError
from ccd.http.shapes import Recording
from ccd.model import AudioFormat
from ccd.recording.convert import ConversionError, Form, encode

INDEX = "index.csv"
COLUMNS = ("file", "id", "call_id", "started_at", "queue", "agent", "length_s", "problem", "sha256")


@dataclass(slots=True)
class Copied:
    """What came of it."""

    copied: int = 0
    skipped: int = 0
    missing: list[str] = field(default_factory=list)
    """Ids, each with the reason."""


def copy_all(
    out: Terminal, recordings: Sequence[Recording], folder: Path, form: AudioFormat | None
) -> Copied:
    """Copy recordings; one that is missing is told at the end, and the others are copied all the same."""
    done = Copied()
    client = out.client()
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with (folder / INDEX).open("w", encoding="utf-8-sig", newline="") as opened, _progress(out) as step:
            index = csv.writer(opened)
            index.writerow(COLUMNS)
            for at, each in enumerate(recordings, 1):
                step(at, len(recordings))
                try:
                    source = Path(client.get("recordings", each["id"])["path"])
                    name = _name(each, form.value if form else source.suffix.removeprefix("."))
                    _copy(source, folder / name, form, done)
                except (ApiError, ConversionError, OSError) as problem:
                    done.missing.append(f"{each['id']}: {problem}")
                else:
                    row: dict[str, Any] = {**each, "file": name}
                    index.writerow([row[column] for column in COLUMNS])
    except OSError as error:
        raise CcdError(f"{folder}: {error.strerror}") from error
    return done


def _name(recording: Recording, ending: str) -> str:
    """Give `2026-11-21_09-30-05_sales_1001_1795250000.12-1.wav`, by this machine's clock."""
    began = recording["started_at"]
    dated = f"{text.parse_instant(began).astimezone():%Y-%m-%d_%H-%M-%S}" if began else "undated"
    parts = (dated, recording["queue"] or "", recording["agent"] or "", recording["id"])
    return "_".join(part for part in parts if part) + f".{ending}"


def _copy(source: Path, target: Path, form: AudioFormat | None, done: Copied) -> None:
    """Write beside the target and rename: what is there is whole."""
    if target.exists():
        done.skipped += 1
        return
    with in_place_of(target) as part:
        if form is None or source.suffix == f".{form.value}":
            shutil.copyfile(source, part)
        else:
            encode(source, part, Form(format=form))
    done.copied += 1


@contextmanager
def _progress(out: Terminal) -> Iterator[Any]:
    """Show how far it is, on a terminal."""
    if not out.on_terminal:
        yield lambda _at, _of: None
        return
    from rich.progress import Progress  # only a terminal pays for it

    with Progress(transient=True) as progress:
        task = progress.add_task(_("copying"), total=None)
        yield lambda at, of: progress.update(task, completed=at, total=of)
