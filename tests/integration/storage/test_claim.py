"""One daemon a state directory."""

import os

import pytest

from ccd.errors import RefusedError
from ccd.storage.claim import NAME, claimed


def test_a_second_claim_is_refused_and_says_who_has_it(tmp_path):
    """Also from another process: the lock belongs to the open file."""
    with claimed(tmp_path):
        refused = pytest.raises(RefusedError, match=rf"another ccd works in it \(pid {os.getpid()}\).*stop")
        with refused, claimed(tmp_path):
            pass
    with claimed(tmp_path):
        assert (tmp_path / NAME).read_text() == f"{os.getpid()}\n"


def test_a_file_left_by_a_killed_daemon_is_in_nobodys_way(tmp_path):
    """The lock went with its process."""
    (tmp_path / NAME).write_text("99999999\n")
    with claimed(tmp_path):
        pass


def test_a_directory_that_is_not_there_is_named(tmp_path):
    """With what to do."""
    with pytest.raises(RefusedError, match=r"missing.*create it"), claimed(tmp_path / "missing"):
        pass
