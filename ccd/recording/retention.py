"""How long recordings are kept: whole days, by the date of their folder."""

import asyncio
import contextlib
import re
from datetime import date
from pathlib import Path

_FOLDER = re.compile(r"(\d{4})/(\d{2})/(\d{2})")


def is_expired(folder: str, *, keep_days: int, today: date) -> bool:
    """Tell whether a dated folder, `2026/11/21`, is past its time; what is no dated folder never is.

    With `keep_days` of 1 today's and yesterday's stay: a recording is kept at least so many full days.
    """
    found = _FOLDER.fullmatch(folder)
    if found is None:
        return False
    try:
        dated = date(*(int(part) for part in found.groups()))
    except ValueError:
        return False
    return (today - dated).days > keep_days


def delete_expired(root: Path, *, keep_days: int, today: date) -> tuple[str, ...]:
    """Delete the files of expired folders and the folders that are empty then; blocks.

    Gives the paths deleted, relative to the root. Links are not followed, what lies elsewhere is not
    touched, and a file that cannot be deleted stays for the next time.
    """
    if keep_days < 0:
        raise ValueError(f"recordings cannot be kept {keep_days} days")
    deleted: list[str] = []
    for folder in sorted(root.glob("[0-9]*/[0-9]*/[0-9]*")):
        name = folder.relative_to(root).as_posix()
        if _leads_elsewhere(folder, root) or not is_expired(name, keep_days=keep_days, today=today):
            continue
        with contextlib.suppress(OSError):  # what cannot be read or removed stays for the next time
            deleted += [f"{name}/{file.name}" for file in sorted(folder.iterdir()) if _delete(file)]
            _remove_empty(folder, root)
    return tuple(deleted)


async def sweep(root: Path, *, keep_days: int | None, today: date) -> tuple[str, ...]:
    """Delete what is expired, in a thread; `None` keeps everything."""
    if keep_days is None:
        return ()
    return await asyncio.to_thread(delete_expired, root, keep_days=keep_days, today=today)


def _leads_elsewhere(folder: Path, root: Path) -> bool:
    return not folder.is_dir() or folder.resolve() != root.resolve() / folder.relative_to(root)


def _delete(file: Path) -> bool:
    if file.is_dir() and not file.is_symlink():
        return False
    try:
        file.unlink()
    except OSError:
        return False
    return True


def _remove_empty(folder: Path, root: Path) -> None:
    """Remove a day's folder, and its month and year, as far as they are empty."""
    while folder != root and not any(folder.iterdir()):
        folder.rmdir()
        folder = folder.parent
