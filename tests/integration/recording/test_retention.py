"""Recordings go when their days are over, and nothing else does."""

from datetime import date
from pathlib import Path

import pytest

from ccd.recording.retention import delete_expired, is_expired, sweep
from tests.integration.recording.sounds import files

TODAY = date(2026, 11, 21)


def put(root, *names):
    """Write files."""
    for name in names:
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_bytes(b"sound")


@pytest.mark.parametrize(
    ("folder", "keep_days", "expired"),
    [
        ("2026/11/21", 0, False),
        ("2026/11/20", 0, True),
        ("2026/11/20", 1, False),
        ("2026/08/23", 90, False),
        ("2026/08/22", 90, True),
        ("2027/01/01", 1, False),
        ("2026/13/41", 1, False),
        ("2026/11", 1, False),
        ("2020/01/01/x", 1, False),
        ("archive", 1, False),
    ],
)
def test_the_policy_counts_whole_days(folder, keep_days, expired):
    """A recording is kept at least so many days; what is no day of ours is never expired."""
    assert is_expired(folder, keep_days=keep_days, today=TODAY) is expired


def test_expired_days_are_deleted_with_their_empty_folders(tmp_path):
    """Old days go, whole; newer ones and what is not ours stay."""
    put(tmp_path, "2025/12/31/1.1-1.wav", "2025/12/31/1.2-1.raw", "2026/11/01/2.1-1.wav")
    put(tmp_path, "2026/11/20/3.1-1.wav", "keep.txt", "2025/notes.txt", "9999/99/99/x.wav")
    deleted = delete_expired(tmp_path, keep_days=7, today=TODAY)
    assert deleted == ("2025/12/31/1.1-1.wav", "2025/12/31/1.2-1.raw", "2026/11/01/2.1-1.wav")
    assert files(tmp_path) == ["2025/notes.txt", "2026/11/20/3.1-1.wav", "9999/99/99/x.wav", "keep.txt"]
    assert not (tmp_path / "2025/12").exists()
    assert delete_expired(tmp_path, keep_days=7, today=TODAY) == ()


def test_links_out_of_the_store_are_not_followed(tmp_path):
    """A link in place of a day's folder leads to nothing being deleted."""
    root, elsewhere = tmp_path / "root", tmp_path / "elsewhere"
    put(elsewhere, "precious.wav")
    (root / "2020/01").mkdir(parents=True)
    (root / "2020/01/01").symlink_to(elsewhere)
    assert delete_expired(root, keep_days=1, today=TODAY) == ()
    assert files(elsewhere) == ["precious.wav"]


def test_a_folder_inside_an_expired_day_stays(tmp_path):
    """We make no folders there: somebody else's are left alone."""
    put(tmp_path, "2020/01/01/1.1-1.wav", "2020/01/01/own/notes.txt")
    assert delete_expired(tmp_path, keep_days=1, today=TODAY) == ("2020/01/01/1.1-1.wav",)
    assert files(tmp_path) == ["2020/01/01/own/notes.txt"]


async def test_without_a_limit_everything_is_kept(tmp_path):
    """`None` keeps for ever; a number sweeps in a thread; a negative one is refused."""
    put(tmp_path, "2000/01/01/1.1-1.wav")
    assert await sweep(tmp_path, keep_days=None, today=TODAY) == ()
    with pytest.raises(ValueError, match="-1 days"):
        await sweep(tmp_path, keep_days=-1, today=TODAY)
    assert await sweep(tmp_path, keep_days=365, today=TODAY) == ("2000/01/01/1.1-1.wav",)


def test_a_folder_that_cannot_be_removed_is_left_for_the_next_time(tmp_path, monkeypatch):
    """It is another user's, or somebody writes into it just now: the daemon goes on, and so do the others."""
    put(tmp_path, "2025/12/31/1.1-1.wav", "2026/01/01/2.1-1.wav")
    remove = Path.rmdir

    def refuse(folder):
        if folder.parts[-3:] == ("2025", "12", "31"):
            raise PermissionError(13, "Permission denied", str(folder))
        remove(folder)

    monkeypatch.setattr(Path, "rmdir", refuse)
    deleted = delete_expired(tmp_path, keep_days=7, today=TODAY)
    assert deleted == ("2025/12/31/1.1-1.wav", "2026/01/01/2.1-1.wav")
    assert (tmp_path / "2025/12/31").exists()
    assert not (tmp_path / "2026").exists()
