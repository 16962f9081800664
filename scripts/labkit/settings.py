"""Where a lab keeps its things and which ports it takes.

Several labs run side by side: each has its own state folder (`--state`, `LAB_STATE`) and its own ports
(`LAB_*` variables). What the last `up` was given is kept in `lab.json` in the state folder, so that the
other commands need no variables at all.
"""

import fcntl
import hashlib
import json
import os
import re
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, fields
from pathlib import Path
from typing import Any

from labkit.messages import _

CHECKOUT = Path(__file__).resolve().parents[2]
CACHE = CHECKOUT / ".cache"
DEFAULT_CONFIG = CHECKOUT / "examples" / "demo"
DEFAULT_PHONES = 6
FIRST_EXTENSION = 1001
MAX_PHONES = 8000
LONGEST_SOCKET_PATH = 100
"""A Unix socket's path holds 107 bytes; longer state folders get a run folder elsewhere."""


class LabError(Exception):
    """The lab cannot do what was asked; the message says why and what to do."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Ports:
    """The ports of one lab, all on 127.0.0.1. The variable of `sip` is `LAB_SIP_PORT`, and so on."""

    sip: int = 5060
    """UDP, Asterisk: the trunk's and the phones' side."""
    ami: int = 5038
    agi: int = 4573
    http: int = 8080
    """ccd's health and metrics."""
    ws: int = 0
    """Asterisk's HTTP server for SIP over WebSocket; 0 leaves it off."""
    trunk: int = 5090
    """UDP, where calls to outside numbers are sent: nothing of the lab listens there."""
    rtp_start: int = 10000
    rtp_end: int = 19999

    @staticmethod
    def variable(name: str) -> str:
        """Give the environment variable that sets a port: `sip` is `LAB_SIP_PORT`."""
        return f"LAB_{name.upper()}" if name.startswith("rtp_") else f"LAB_{name.upper()}_PORT"

    @classmethod
    def choose(cls, kept: dict[str, int]) -> "Ports":
        """Take each port from its variable, else from what the running lab has, else the default."""
        chosen = dict(kept)
        for field in fields(cls):
            text = os.environ.get(cls.variable(field.name), "")
            if text:
                chosen[field.name] = _port(cls.variable(field.name), text)
        return cls(**chosen)


def _port(variable: str, text: str) -> int:
    if text.isascii() and text.isdigit() and int(text) < 65536:
        return int(text)
    raise LabError(
        _("{variable}={text!r} is not a port: give a number from 1 to 65535", variable=variable, text=text)
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """What `up` was asked for."""

    config: str
    phones: int
    ports: Ports
    up: bool = False
    """Whether the lab is meant to be running: `down` forgets the options but keeps the state."""


class State:
    """The state folder of one lab and every path in it."""

    def __init__(self, root: Path) -> None:
        self.root = root.resolve()
        self.asterisk = self.root / "asterisk"
        self.etc = self.asterisk / "etc"
        self.asterisk_conf = self.etc / "asterisk.conf"
        self.log = self.root / "log"
        self.asterisk_log = self.log / "asterisk.log"
        self.asterisk_console = self.log / "asterisk-console.log"
        self.ccd_log = self.log / "ccd.log"
        self.queue_log = self.log / "queue_log_ccd"
        self.ccd = self.root / "ccd"
        self.ccd_yaml = self.ccd / "ccd.yaml"
        self.data = self.root / "data"
        self.database = self.data / "ccd.db"
        self.recordings = self.root / "recordings"
        self.prompts = self.root / "prompts"
        self.phones = self.root / "phones.json"
        self.run = self._run_folder()
        self.asterisk_pid = self.run / "asterisk.pid"
        self.socket = self.run / "ccd.sock"
        self.notify_socket = self.run / "notify"
        self.supervisor_pid = self.run / "supervisor.pid"
        self.phones_pid = self.run / "phones.pid"
        self.supervised = self.run / "ccd.json"
        self.engine = self.root / "engine.json"
        self._options = self.root / "lab.json"

    def _run_folder(self) -> Path:
        inside = self.root / "run"
        if len(str(inside / "supervisor.pid")) <= LONGEST_SOCKET_PATH:
            return inside
        digest = hashlib.sha256(str(self.root).encode()).hexdigest()[:12]
        return Path(tempfile.gettempdir()) / f"ccd-lab-{os.getuid()}-{digest}"

    def create(self) -> None:
        """Make every folder that Asterisk and ccd write to."""
        if not re.fullmatch(r"[A-Za-z0-9/._@+-]+", str(self.root)):
            raise LabError(
                _(
                    "{folder}: ccd's paths hold ASCII letters, digits and / . _ - only, choose another",
                    folder=self.root,
                )
            )
        folders = [self.root, self.log, self.log / "cdr-csv", self.etc, self.ccd, self.data]
        folders += [self.recordings, self.prompts, self.asterisk / "var" / "keys", self.asterisk / "db"]
        folders += [self.asterisk / "spool" / name for name in ("monitor", "outgoing", "tmp")]
        for folder in folders:
            folder.mkdir(parents=True, exist_ok=True)
        self.run.mkdir(mode=0o700, exist_ok=True)
        if self.run.stat().st_uid != os.getuid():
            raise LabError(
                _("{folder} belongs to another user: choose a shorter --state folder", folder=self.run)
            )

    def load_options(self) -> Options | None:
        """Give what the last `up` was asked for; None when there was none."""
        try:
            stored = json.loads(self._options.read_text())
            known = {field.name for field in fields(Ports)}
            ports = {name: port for name, port in stored.pop("ports").items() if name in known}
            return Options(ports=Ports(**ports), **stored)
        except FileNotFoundError:
            return None
        except (ValueError, TypeError, KeyError, AttributeError) as error:
            raise LabError(
                _(
                    "{file} is damaged ({error}): remove it and run `lab up` again",
                    file=self._options,
                    error=error,
                )
            ) from error

    def save_options(self, options: Options) -> None:
        """Keep the options for the commands that follow."""
        write_json(self._options, asdict(options))


def write_json(path: Path, value: Any) -> None:
    """Write a file that is only ever seen whole, readable by its owner alone."""
    write_whole(path, json.dumps(value, indent=1, ensure_ascii=False) + "\n")


@contextmanager
def alone(name: str) -> Iterator[None]:
    """Let labs that start together make what they share one after the other: the first makes it."""
    CACHE.mkdir(exist_ok=True)
    with (CACHE / f"{name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def write_whole(path: Path, text: str) -> bool:
    """Write a file that is only ever seen whole; give whether its text is new."""
    if path.exists() and path.read_text() == text:
        return False
    fresh = path.with_name(f".{path.name}.{os.getpid()}")
    fresh.touch(mode=0o600)
    fresh.write_text(text)
    fresh.replace(path)
    return True
