"""Where recordings lie: by date and call, and never outside their folder."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ccd.errors import NotFoundError, RefusedError
from ccd.recording.paths import call_of, raw_paths, recording_of, recording_path, resolve

DAY = datetime(2026, 11, 21, 9, 30, tzinfo=UTC)


@pytest.mark.parametrize("call_id", ["1795291036.1", "pbx-1-1795291036.1", "a"])
def test_a_path_names_the_day_and_the_call(call_id):
    """The path leads back to the call, also where Asterisk puts its system's name before the id."""
    path = recording_path(call_id, 3, DAY)
    assert path == f"2026/11/21/{call_id}-3.wav"
    assert call_of(path) == call_id


def test_raw_sound_lies_beside_the_recording():
    """A file for each side, and each leads back to the recording."""
    path = recording_path("1795291036.1", 1, DAY)
    assert raw_paths(path) == ("2026/11/21/1795291036.1-1-caller.raw", "2026/11/21/1795291036.1-1-agent.raw")
    assert {recording_of(raw) for raw in raw_paths(path)} == {path}


@pytest.mark.parametrize(
    "call_id", ["", "../x", "a/b", ".a", "a.", "a b", "a,b", "${X}", "张", "a\n", "x" * 200, "a;rm"]
)
def test_a_call_id_that_is_no_file_name_is_refused(call_id):
    """Nothing odd reaches a path or the dialplan's MixMonitor."""
    with pytest.raises(RefusedError, match="cannot name a recording"):
        recording_path(call_id, 1, DAY)


@given(st.text())
def test_only_our_own_paths_lead_to_calls(text):
    """Whatever is asked for, what is no path of ours belongs to no call and does not climb."""
    call = call_of(text)
    assert call is None or (text.count("/") == 3 and text.endswith(".wav") and "/." not in text)


def test_a_stored_recording_is_found(tmp_path):
    """By its relative path."""
    place = tmp_path / "2026/11/21/1.1-1.wav"
    place.parent.mkdir(parents=True)
    place.write_bytes(b"RIFF")
    assert resolve(tmp_path, "2026/11/21/1.1-1.wav") == place.resolve()


@pytest.mark.parametrize(
    "asked",
    [
        "2026/11/21/2.2-1.wav",
        "2026/11/21",
        "../secret.wav",
        "2026/11/21/../../../../secret-1.wav",
        "/etc/passwd",
        "2026/11/21/link-1.wav",
        "2026/11/21/folder-1.wav",
        "",
        "a\0b",
    ],
)
def test_what_is_not_a_recording_of_ours_is_not_found(tmp_path, asked):
    """Other names, folders, paths that climb and links that lead out: all the same answer."""
    root = tmp_path / "root"
    (root / "2026/11/21/folder-1.wav").mkdir(parents=True)
    (tmp_path / "secret-1.wav").write_bytes(b"secret")
    (root / "2026/11/21/link-1.wav").symlink_to(tmp_path / "secret-1.wav")
    with pytest.raises(NotFoundError, match="there is no recording"):
        resolve(root, asked)
