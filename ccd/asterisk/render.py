"""Renders, from ccd's configuration, the files that a real Asterisk includes.

They are files of their own (`…_ccd.conf`), which one `#tryinclude` each pulls into Asterisk's; no other file
is ever touched. Each begins with a checksum of what follows, so that `ccd doctor` can tell a file that is out
of date from one that was changed by hand.
"""

import hashlib
import os
import re
import tempfile
from collections.abc import Iterable, Mapping
from pathlib import Path

from ccd.asterisk.call_keys import FEATURES_FILE, features_conf
from ccd.asterisk.extensions import extensions_conf
from ccd.asterisk.manager import manager_conf
from ccd.asterisk.pjsip import pjsip_conf
from ccd.asterisk.queues import musiconhold_conf, queues_conf
from ccd.config import Config

INCLUDED_BY = {
    "extensions_ccd.conf": "extensions.conf",
    "pjsip_ccd.conf": "pjsip.conf",
    "manager_ccd.conf": "manager.conf",
    "queues_ccd.conf": "queues.conf",
    "musiconhold_ccd.conf": "musiconhold.conf",
    FEATURES_FILE: "features.conf",
}
"""Our files, and Asterisk's file whose `#tryinclude` pulls each in."""
_CHECKSUM = re.compile(r"^; checksum: ([0-9a-f]{64})$", re.MULTILINE)


def render(config: Config, roster: Mapping[str, Iterable[str]] | None = None) -> dict[str, str]:
    """Render every file as {name: text}.

    `roster` maps queue names to the extensions of their agents' phones, for the queues of the fallback;
    without it every configured phone is a member of every queue.
    """
    bodies = {
        "extensions_ccd.conf": extensions_conf(config),
        "pjsip_ccd.conf": pjsip_conf(config),
        "manager_ccd.conf": manager_conf(config),
        "queues_ccd.conf": queues_conf(config, roster),
    }
    if config.call_keys.own:
        bodies[FEATURES_FILE] = features_conf(config)
    if config.music:
        bodies["musiconhold_ccd.conf"] = musiconhold_conf(config)
    return {name: _header(name, body) + body for name, body in bodies.items()}


def _header(name: str, body: str) -> str:
    return (
        "; Made by `ccd asterisk render` from ccd.yaml: change that and render again, not this file.\n"
        f"; {INCLUDED_BY[name]} takes it in by the line:  #tryinclude {name}\n"
        f"; checksum: {_digest(body)}\n;\n"
    )


def _digest(body: str) -> str:
    return hashlib.sha256(body.encode()).hexdigest()


def changed_by_hand(text: str) -> bool:
    """Tell whether a rendered file was changed after it was rendered."""
    found = _CHECKSUM.search(text)
    return found is None or found[1] != _digest(text[found.end() :].removeprefix("\n;\n"))


def write(files: Mapping[str, str], folder: Path) -> list[Path]:
    """Write the files, each at once or not at all; give those whose content changed.

    They hold passwords: readable by owner and group only, and the group is that of the folder: Asterisk's.
    Raises OSError.
    """
    return [folder / name for name, text in files.items() if _write_one(folder / name, text)]


def _write_one(path: Path, text: str) -> bool:
    data = text.encode()
    if path.exists() and path.read_bytes() == data:
        return False
    handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
            os.fchmod(file.fileno(), 0o640)
            if os.geteuid() == 0:
                os.fchown(file.fileno(), -1, path.parent.stat().st_gid)
        Path(temporary).replace(path)
    except BaseException:
        Path(temporary).unlink(missing_ok=True)
        raise
    return True
