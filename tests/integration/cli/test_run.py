"""`ccd run`: what it hands to the daemon, and how the daemon's end is told."""

import sys
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace

import pytest

from ccd.errors import AmiAuthError, RefusedError
from tests.integration.cli.conftest import Ccd


def stand_in(monkeypatch: pytest.MonkeyPatch, main: Callable[[Path], None]) -> None:
    """Put something in the daemon's place, without loading the whole house."""
    monkeypatch.setitem(sys.modules, "ccd.daemon", SimpleNamespace(main=main))


def test_the_daemon_gets_the_configuration_that_was_named(ccd: Ccd, monkeypatch: pytest.MonkeyPatch):
    """And its return is exit code 0."""
    given: list[Path] = []
    stand_in(monkeypatch, given.append)
    assert ccd("run", "--config", "/etc/ccd/other.yaml").code == 0
    assert given == [Path("/etc/ccd/other.yaml")]


def test_a_daemon_that_cannot_start_says_why_in_a_line(ccd: Ccd, monkeypatch: pytest.MonkeyPatch):
    """However deep in its parts the reason was found; no traceback."""

    def refuse(_config: Path) -> None:
        inner = ExceptionGroup("ami", [AmiAuthError("Asterisk refuses the manager user ccd")])
        raise ExceptionGroup("parts", [RefusedError("another ccd serves it"), inner])

    stand_in(monkeypatch, refuse)
    ran = ccd("run", "--config", "x")
    assert ran.code == 1
    assert ran.err == "ccd: another ccd serves it\nAsterisk refuses the manager user ccd\n"


def test_a_fault_of_ours_keeps_its_traceback(ccd: Ccd, monkeypatch: pytest.MonkeyPatch):
    """Whoever mends it needs it."""

    def fail(_config: Path) -> None:
        raise ExceptionGroup("parts", [RefusedError("busy"), ZeroDivisionError()])

    stand_in(monkeypatch, fail)
    with pytest.raises(ExceptionGroup):
        ccd("run", "--config", "x")
