"""Where messages lie: names that are made here, and no other, are read."""

from datetime import UTC, datetime

import pytest

from ccd.errors import NotFoundError, RefusedError
from ccd.model import CallId
from ccd.voicemail.paths import call_of, incoming, message_id, place, resolve

AT = datetime(2026, 11, 21, 9, 30, tzinfo=UTC)


def test_a_message_is_named_by_its_call_and_second():
    """The folder is dated; the id leads back to the call."""
    message = message_id(CallId("1795291036.1"), 37)
    assert message == "1795291036.1-v37"
    assert call_of(message) == "1795291036.1"
    assert incoming(message) == "voicemail/incoming/1795291036.1-v37"
    assert place(message, AT) == "voicemail/2026/11/21/1795291036.1-v37.wav"


@pytest.mark.parametrize("call_id", ["../../etc", "a/b", "", "-", "a\nb", ".hidden"])
def test_a_call_that_is_no_file_name_names_no_message(call_id):
    """Asterisk's systemname is free text."""
    with pytest.raises(RefusedError):
        message_id(CallId(call_id), 1)


@pytest.mark.parametrize("text", ["1795291036.1", "1-v", "-v1", "../x-v1", "1-v1.wav", "1-v123456789"])
def test_what_is_no_id_has_no_call(text):
    """The tray may hold anything."""
    assert call_of(text) is None


def test_a_path_is_read_below_the_root_alone(tmp_path):
    """Nothing above it, no link out of it, nothing that is not there."""
    root, outside = tmp_path / "root", tmp_path / "secret.wav"
    folder = root / "voicemail" / "2026" / "11" / "21"
    folder.mkdir(parents=True)
    outside.write_bytes(b"")
    (folder / "1.1-v1.wav").write_bytes(b"")
    (folder / "1.1-v2.wav").symlink_to(outside)
    assert resolve(root, "voicemail/2026/11/21/1.1-v1.wav") == (folder / "1.1-v1.wav").resolve()
    for bad in (
        "voicemail/2026/11/21/1.1-v2.wav",
        "voicemail/2026/11/21/1.1-v3.wav",
        "../secret.wav",
        "voicemail/2026/11/21/../../../../../secret.wav",
        "voicemail/incoming/1.1-v1.wav",
        str(outside),
    ):
        with pytest.raises(NotFoundError):
            resolve(root, bad)
