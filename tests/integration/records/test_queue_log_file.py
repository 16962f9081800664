"""The `queue_log` file on a real disk."""

import pytest

from ccd.records.queue_log_file import QueueLogFile
from tests.support import until


@pytest.fixture
def path(tmp_path):
    return tmp_path / "queue_log"


@pytest.fixture
def file(path):
    opened = QueueLogFile(path, retry_s=0.01)
    opened.start()
    yield opened
    opened.close()
    assert not opened._thread.is_alive()


def text(path):
    return path.read_text() if path.is_file() else ""


async def test_lines_are_appended_in_order(file, path):
    """What was there stays; new lines follow soon, by themselves."""
    path.write_text("old\n")
    file.write(["a\n", "b\n"])
    file.write(["c\n"])
    await until(lambda: text(path) == "old\na\nb\nc\n")


async def test_a_rotated_file_is_left_and_a_new_one_begun(file, path):
    """After `logrotate` lines go to the new file, not to the moved one."""
    file.write(["a\n"])
    await until(lambda: text(path) == "a\n")
    moved = path.rename(path.with_suffix(".1"))
    file.write(["b\n"])
    await until(lambda: text(path) == "b\n")
    path.unlink()
    path.write_text("made by logrotate\n")
    file.write(["c\n"])
    await until(lambda: text(path) == "made by logrotate\nc\n")
    assert text(moved) == "a\n"


async def test_lines_wait_for_a_disk_that_refuses(file, path):
    """While the file cannot be opened nothing is lost."""
    path.mkdir()
    file.write(["a\n"])
    file.write(["b\n"])
    await until(lambda: file._failing)
    path.rmdir()
    await until(lambda: text(path) == "a\nb\n")


def test_closing_writes_what_is_left(path):
    """The last lines before the end are there."""
    file = QueueLogFile(path)
    file.write(f"{n}\n" for n in range(5000))
    file.start()
    file.close()
    assert text(path).split() == [str(n) for n in range(5000)]


def test_closing_does_not_wait_for_a_dead_disk(path):
    """A disk that refuses cannot keep the daemon from ending."""
    path.mkdir()
    file = QueueLogFile(path, retry_s=60.0)
    file.start()
    file.write(["a\n"])
    file.close(within_s=5.0)
    assert not file._thread.is_alive()


def test_too_many_lines_are_dropped_and_counted(path):
    """Nobody ever waits: beyond the bound lines are dropped, and the count says how many."""
    file = QueueLogFile(path, capacity=3)
    file.write(f"{n}\n" for n in range(10))
    assert file.dropped == 7
    file.start()
    file.close()
    assert text(path) == "0\n1\n2\n"
