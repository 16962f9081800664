"""Completion and the manual page, from the real commands."""

import subprocess
from pathlib import Path

import pytest

from tests.integration.cli.conftest import Ccd

SHELLS = ("bash", "zsh", "fish")


@pytest.fixture
def completed(ccd: Ccd, monkeypatch: pytest.MonkeyPatch):
    """Ask as bash does."""

    def complete(line: str) -> list[str]:
        monkeypatch.setenv("_CCD_COMPLETE", "complete_bash")
        monkeypatch.setenv("COMP_WORDS", line)
        monkeypatch.setenv("COMP_CWORD", str(len(line.split(" ")) - 1))
        monkeypatch.setenv("CCD_SOCKET", str(ccd.socket))
        return ccd().out.split()

    return complete


@pytest.mark.parametrize("shell", SHELLS)
def test_each_shell_has_a_script(ccd: Ccd, shell: str):
    """It names the program and the variable by which ccd knows that a shell asks."""
    ran = ccd("completion", shell)
    assert ran.code == 0
    assert "_CCD_COMPLETE" in ran.out
    assert "ccd" in ran.out


def test_commands_are_completed(completed):
    """By their beginning, at every level."""
    assert completed("ccd sta") == ["status"]
    assert completed("ccd agent sign-") == ["sign-in", "sign-out"]


def test_agents_and_calls_of_the_running_daemon_are_completed(completed):
    """What exists now, asked of the daemon."""
    assert completed("ccd agent show 100") == ["1001", "1002", "1003"]
    assert completed("ccd call show 1") == ["1795250000.12"]


def test_without_a_daemon_nothing_is_offered_and_nothing_said(completed, ccd: Ccd, tmp_path: Path):
    """A Tab is no place for an error."""
    ccd.socket = tmp_path / "none.sock"
    assert completed("ccd agent show 1") == []


@pytest.mark.parametrize("language", ["en", "zh"])
def test_the_manual_page_is_one_that_man_shows(ccd: Ccd, language: str):
    """Every command is in it, and groff has nothing to complain of."""
    page = ccd("man", language=language).out
    shown = subprocess.run(
        ["groff", "-man", "-Tutf8", "-Kutf8", "-ww", "-P-cbou"],
        input=page.encode(),
        capture_output=True,
        check=True,
    )
    assert b"error" not in shown.stderr
    text = shown.stdout.decode()
    assert all(command in text for command in ("ccd agent export", "ccd status", "ccd config diff"))
