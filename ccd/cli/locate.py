"""Finding the daemon's socket and the configuration without being told.

A socket that was named is the one, right or wrong. Else the installed daemon's is tried, then that of the
configuration in its usual place, then a development lab's.
"""

import re
from collections.abc import Iterator
from pathlib import Path

import ccd
from ccd.cli.wishes import Wishes

CONFIG = Path("/etc/ccd/ccd.yaml")
SOCKET = Path("/run/ccd/ccd.sock")
LAB_SOCKET = Path(".lab/run/ccd.sock")

_SOCKET_KEY = re.compile(r"""^socket:\s*(?:"([^"]+)"|'([^']+)'|([^\s#]+))""", re.MULTILINE)


def socket_of_config(config: Path) -> Path | None:
    """Give the `socket` that a configuration names, without checking the rest; the default when none.

    A configuration that cannot be read gives None.
    """
    try:
        texts = [config.read_text(encoding="utf-8")]
        parts = sorted((config.parent / "conf.d").glob("*.yaml"))
        texts += [part.read_text(encoding="utf-8") for part in parts]
    except (OSError, UnicodeDecodeError):
        return None
    found = [match for text in texts for match in _SOCKET_KEY.finditer(text)]
    return Path(next(filter(None, found[-1].groups()))) if found else SOCKET


def _lab_sockets() -> Iterator[Path]:
    here = Path.cwd()
    for folder in (here, *here.parents, Path(ccd.__file__).resolve().parents[1]):
        yield folder / LAB_SOCKET


def candidates(wishes: Wishes) -> list[Path]:
    """Give the sockets worth trying, best first; never empty."""
    if wishes.socket:
        return [Path(wishes.socket)]
    if wishes.config:
        named = socket_of_config(Path(wishes.config))
        return [named or SOCKET]
    usual = [SOCKET]
    configured = None if SOCKET.exists() else socket_of_config(CONFIG)
    if configured is not None and configured != SOCKET:
        usual.append(configured)
    usual += [path for path in dict.fromkeys(_lab_sockets()) if path.exists()]
    return usual


def find_socket(wishes: Wishes) -> Path:
    """Give the first candidate that exists, else the first: the error message names it."""
    paths = candidates(wishes)
    return next((path for path in paths if path.exists()), paths[0])
