"""Raw sound that nobody asked to finish: a crash, a full queue, a talk that outlived a restart of ccd."""

import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

from ccd.recording.paths import call_of, recording_of


def find_orphans(root: Path, *, older_than_s: float, days: int) -> list[str]:
    """Give the recordings whose raw sound has not been written to for so long; blocks.

    Only the folders of the last `days` are looked at: the store may hold millions of files. A file that
    vanishes meanwhile is none.
    """
    today = datetime.now(UTC).date()
    before = time.time() - older_than_s
    found: dict[str, bool] = {}
    for day in range(-1, days):  # tomorrow too: folders may be dated in a zone ahead of UTC
        folder = root / f"{today - timedelta(days=day):%Y/%m/%d}"
        for raw in folder.glob("*.raw"):
            path = recording_of(raw.relative_to(root).as_posix())
            if call_of(path) is not None:
                found[path] = found.get(path, True) and _written_at(raw) < before
    return sorted(path for path, is_old in found.items() if is_old)


def _written_at(file: Path) -> float:
    try:
        return file.stat().st_mtime
    except FileNotFoundError:
        return 0.0
