"""The program itself, as a process: streams, terminals, locales, and what it does not load."""

import os
import pty
import select
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.integration.http.fake_backend import FakeBackend

PROGRAM = [sys.executable, "-c", "from ccd.cli.main import main; main()"]


def environment(socket: Path, **changed: str) -> dict[str, str]:
    """Give what a login on a plain machine has."""
    return {"PATH": os.environ["PATH"], "CCD_SOCKET": str(socket), "TZ": "UTC", **changed}


def run(socket: Path, *words: str, **changed: str) -> subprocess.CompletedProcess[bytes]:
    """Run one command line as its own process, without a terminal."""
    return subprocess.run(
        [*PROGRAM, *words],
        env=environment(socket, **changed),
        capture_output=True,
        stdin=subprocess.DEVNULL,
        timeout=20,
        check=False,
    )


@pytest.fixture
def api(served: tuple[list[FakeBackend], Path]) -> tuple[FakeBackend, Path]:
    backends, socket = served
    backends[0] = FakeBackend()
    return backends[0], socket


def test_a_chinese_locale_gets_chinese(api: tuple[FakeBackend, Path]):
    """Tables, help and errors: nothing of our own is left in English."""
    _backend, socket = api
    table = run(socket, "agent", "list", LANG="zh_CN.UTF-8").stdout.decode()
    assert table.splitlines()[0].split() == ["坐席", "名称", "话机", "状态", "原因", "当前", "时长", "队列"]
    assert "示闲" in table
    page = run(socket, "agent", "pause", "--help", LC_ALL="zh_CN.UTF-8").stdout.decode()
    assert page.startswith("用法：ccd agent pause [选项]")
    assert "坐席示忙（小休）。" in page
    assert "小休原因代码" in page
    mistake = run(socket, "agent", "pause", LC_ALL="zh_CN.UTF-8")
    assert mistake.returncode == 2
    assert mistake.stderr.decode().splitlines()[0] == "ccd: 缺少参数 AGENT"


def test_status_loads_nothing_that_it_does_not_use(api: tuple[FakeBackend, Path]):
    """What takes long to load is loaded by the commands that use it: a start in a tenth of a second."""
    _backend, socket = api
    heavy = {"pydantic", "rich", "yaml", "sqlalchemy", "aiohttp", "structlog", "asyncio", "prometheus_client"}
    code = (
        "import sys; from ccd.cli.main import run; "
        "lines = ('status', 'queue show sales', 'agent list --json', 'cdr list --queue sales'); "
        "[run(line.split()) for line in lines]; "
        f"print(sorted({heavy!r} & set(sys.modules)))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], env=environment(socket), capture_output=True, timeout=20, check=True
    )
    assert done.stdout.splitlines()[-1] == b"[]"


def test_an_export_goes_to_stdout_byte_by_byte(api: tuple[FakeBackend, Path]):
    """No conversion of line ends or characters."""
    backend, socket = api
    backend.pieces = [b"\xef\xbb\xbfa\r\n", b"\x00\xff\n"]
    done = run(socket, "cdr", "export")
    assert (done.returncode, done.stdout) == (0, b"\xef\xbb\xbfa\r\n\x00\xff\n")


def test_a_reader_who_has_seen_enough_is_no_error(api: tuple[FakeBackend, Path]):
    """`ccd cdr export | head` ends quietly, as every Unix program does."""
    backend, socket = api
    backend.pieces = [b"x" * 60_000] * 100
    command = subprocess.Popen(
        [*PROGRAM, "cdr", "export"],
        env=environment(socket),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    assert command.stdout is not None
    assert command.stderr is not None
    command.stdout.read(10)
    command.stdout.close()
    with command.stderr:
        assert command.wait(20) == 141
        assert command.stderr.read() == b""


def test_a_terminal_without_chinese_characters_is_no_crash(api: tuple[FakeBackend, Path]):
    """What cannot be shown becomes a question mark."""
    _backend, socket = api
    done = run(socket, "queue", "show", "--lang", "zh", PYTHONIOENCODING="ascii")
    assert done.returncode == 0
    assert b"sales has 2 calls" in done.stdout


def test_every_option_has_a_variable(api: tuple[FakeBackend, Path]):
    """Its name is the command's and the option's."""
    _backend, socket = api
    done = run(socket, "cdr", "list", CCD_CDR_LIST_LIMIT="3")
    assert len(done.stdout.splitlines()) == 4


def test_the_version_needs_no_daemon(tmp_path: Path):
    """Nor does help, which is what there is without a command, with exit code 2."""
    assert run(tmp_path / "none", "--version").stdout.startswith(b"ccd ")
    bare = run(tmp_path / "none")
    assert bare.returncode == 2
    assert all(f"\n  {word} ".encode() in bare.stdout for word in ("status", "queue", "agent", "db"))


class OnTerminal:
    """A command whose streams are a terminal of 100 columns."""

    def __init__(self, socket: Path, *words: str, **changed: str) -> None:
        self._master, slave = pty.openpty()
        self._process = subprocess.Popen(
            [*PROGRAM, *words],
            env=environment(socket, TERM="xterm", COLUMNS="100", LINES="30", **changed),
            stdin=slave,
            stdout=slave,
            stderr=slave,
        )
        os.close(slave)
        self.seen = b""

    def read_until(self, wanted: bytes) -> None:
        """Read until something is shown, or the command has ended."""
        deadline = time.monotonic() + 15
        while wanted not in self.seen:
            assert time.monotonic() < deadline, self.seen
            if select.select([self._master], [], [], 0.2)[0]:
                try:
                    self.seen += os.read(self._master, 65_536)
                except OSError:
                    return

    def type(self, keys: bytes) -> None:
        """Press keys."""
        os.write(self._master, keys)

    def signal(self, number: int) -> None:
        """Send a signal."""
        self._process.send_signal(number)

    def end(self) -> int:
        """Read what is left; give the exit code."""
        self.read_until(b"never shown")
        code = self._process.wait(15)
        os.close(self._master)
        return code


def test_colour_is_for_terminals_only(api: tuple[FakeBackend, Path]):
    """And not for those who do not want it."""
    _backend, socket = api
    coloured = OnTerminal(socket, "status")
    assert coloured.end() == 0
    assert b"CCD \x1b[32mOK\x1b[0m" in coloured.seen
    plain = OnTerminal(socket, "status", NO_COLOR="1")
    assert plain.end() == 0
    assert b"\x1b" not in plain.seen


@pytest.mark.parametrize("ending", ["q", "SIGINT"])
def test_top_shows_what_is_live_until_q(api: tuple[FakeBackend, Path], ending: str):
    """It looks again and again, and leaves the terminal as it was; Ctrl-C ends it too."""
    backend, socket = api
    top = OnTerminal(socket, "top", "--interval", "0.2")
    top.read_until(b"main:sales")
    backend.faults = [{"code": "database_slow", "level": "warning", "detail": ""}]
    top.read_until(b"the database is slow")
    if ending == "q":
        top.type(b"q")
        assert top.end() == 0
    else:
        top.signal(signal.SIGINT)
        assert top.end() == 130
    assert top.seen.rstrip().endswith((b"\x1b[?25h", b"\x1b[?1049l"))
