"""`ccd voicemail`: what is asked before it is done, and what is written."""

from tests.integration.cli.conftest import Ccd
from tests.integration.http.fake_messages import MESSAGE


def test_a_list_is_narrowed(ccd: Ccd):
    """--new is short for --state new."""
    assert ccd("voicemail", "list", "--new", "--mailbox", "sales").code == 0
    ((_, which, _page),) = ccd.backend.asked
    assert (which.mailbox, which.state) == ("sales", "new")


def test_an_export_is_a_copy_and_overwrites_nothing(ccd: Ccd, tmp_path):
    """The file has the message's name where none is given."""
    sound = tmp_path / "sound.wav"
    sound.write_bytes(b"RIFF and so on")
    ccd.backend.file = str(sound)
    assert ccd("voicemail", "export", MESSAGE, "--output", str(tmp_path)).code == 0
    copy = tmp_path / f"{MESSAGE}.wav"
    assert copy.read_bytes() == sound.read_bytes()
    again = ccd("voicemail", "export", MESSAGE, "--output", str(copy))
    assert again.code == 1
    assert "--force" in again.err
    assert ccd("voicemail", "export", MESSAGE, "--output", str(copy), "--force").code == 0


def test_an_export_that_fails_names_the_file_at_fault_and_leaves_nothing(ccd: Ccd, tmp_path):
    """The sound that went meanwhile, or the folder that is not there: each by its own name."""
    ccd.backend.file = str(tmp_path / "gone.wav")
    copy = tmp_path / "copy.wav"
    ran = ccd("voicemail", "export", MESSAGE, "--output", str(copy))
    assert (ran.code, ran.err) == (1, f"ccd: {ccd.backend.file}: No such file or directory\n")
    (tmp_path / "gone.wav").write_bytes(b"RIFF")
    nowhere = tmp_path / "nowhere" / "copy.wav"
    ran = ccd("voicemail", "export", MESSAGE, "--output", str(nowhere))
    assert (ran.code, ran.err) == (1, f"ccd: {nowhere}: No such file or directory\n")
    assert [each.name for each in tmp_path.iterdir()] == ["gone.wav"]


def test_a_message_without_sound_cannot_be_exported(ccd: Ccd):
    """It says so, with a code of its own."""
    ran = ccd("voicemail", "export", MESSAGE)
    assert ran.code != 0
    assert "the sound is gone" in ran.err


def test_nothing_is_deleted_without_a_yes(ccd: Ccd, monkeypatch):
    """The question is answered by whoever asks, or by --yes."""
    monkeypatch.setattr("typer.confirm", lambda _: False)
    assert ccd("voicemail", "delete", MESSAGE).code == 1
    assert ccd.backend.asked == []
    assert ccd("voicemail", "delete", MESSAGE, "--yes").code == 0
    assert ccd.backend.asked == [("delete", MESSAGE)]


def test_a_phone_can_be_rung_instead(ccd: Ccd):
    """The daemon rings it and counts the message as heard."""
    assert ccd("voicemail", "play", MESSAGE, "--phone", "1001").code == 0
    assert ccd.backend.asked == [("play", MESSAGE, "1001")]


def test_playing_counts_as_hearing(ccd: Ccd, tmp_path, monkeypatch):
    """The first player that there is gets the file as its argument."""
    heard = tmp_path / "heard"
    player = tmp_path / "play"
    player.write_text(f'#!/bin/sh\necho "$@" > {heard}\n')
    player.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path), prepend=":")
    ccd.backend.file = str(tmp_path / "sound.wav")
    assert ccd("voicemail", "play", MESSAGE).code == 0
    assert heard.read_text().split() == ["-q", ccd.backend.file]
    assert ccd.backend.asked == [("heard", MESSAGE, True)]
