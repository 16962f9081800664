"""The service manager hears what the daemon does, and its absence disturbs nothing."""

import os
import socket

import pytest

from ccd import notify


@pytest.fixture(params=["path", "abstract"])
def manager(request, tmp_path, monkeypatch):
    """Listen as a service manager does, on a path or on an abstract name."""
    path = str(tmp_path / "notify")
    name = f"@ccd-test-{os.getpid()}"
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as listener:
        listener.bind(path if request.param == "path" else f"\0{name[1:]}")
        listener.settimeout(0)
        monkeypatch.setenv("NOTIFY_SOCKET", path if request.param == "path" else name)
        yield listener


@pytest.mark.parametrize(
    ("tell", "heard"),
    [
        (notify.ready, "READY=1"),
        (lambda: notify.ready("serving"), "READY=1\nSTATUS=serving"),
        (notify.stopping, "STOPPING=1"),
        (notify.watchdog, "WATCHDOG=1"),
        (lambda: notify.status("12 calls\nREADY=1"), "STATUS=12 calls READY=1"),
    ],
)
def test_each_message_is_one_datagram(manager, tell, heard):
    """Ready, stopping, alive, status; a line break in a status adds no message."""
    tell()
    assert manager.recv(4096).decode() == heard


def test_a_reload_carries_the_instant_it_began(manager):
    """`Type=notify-reload` needs the monotonic time in microseconds."""
    notify.reloading()
    first, second = manager.recv(4096).decode().split("\n")
    assert first == "RELOADING=1"
    assert int(second.removeprefix("MONOTONIC_USEC=")) > 0


@pytest.mark.parametrize("address", [None, "", "relative/path", "/nonexistent/notify"])
def test_without_a_manager_nothing_happens(monkeypatch, address):
    """Started by hand, or with a manager that has gone, the daemon runs on."""
    if address is None:
        monkeypatch.delenv("NOTIFY_SOCKET", raising=False)
    else:
        monkeypatch.setenv("NOTIFY_SOCKET", address)
    notify.ready("serving")
    notify.watchdog()


def test_a_manager_that_does_not_read_holds_nothing_up(manager):
    """Its queue is full: messages are dropped, the daemon does not wait."""
    for _ in range(5000):
        notify.watchdog()
    assert manager.recv(4096) == b"WATCHDOG=1"


@pytest.mark.parametrize(
    ("usec", "pid", "period_s"),
    [
        ("10000000", None, 10.0),
        ("10000000", "own", 10.0),
        ("10000000", "1", None),
        (None, None, None),
        ("0", None, None),
        ("ten", None, None),
        ("-5", None, None),
    ],
)
def test_the_watchdog_is_fed_only_where_one_watches(monkeypatch, usec, pid, period_s):
    """The period comes from WATCHDOG_USEC, unless it is meant for another process."""
    for name, value in (("WATCHDOG_USEC", usec), ("WATCHDOG_PID", str(os.getpid()) if pid == "own" else pid)):
        if value is None:
            monkeypatch.delenv(name, raising=False)
        else:
            monkeypatch.setenv(name, value)
    assert notify.watchdog_period_s() == period_s
