"""What runs where: the facts of `status --json`, and the same as a table."""

import tomllib
import unicodedata
from dataclasses import asdict
from typing import Any

from labkit import asterisk, daemon, engine, phones
from labkit.messages import _
from labkit.settings import CHECKOUT, State


def collect(state: State) -> dict[str, Any]:
    """Give the facts of `status --json`; what does not run has null for its pid and version."""
    options = state.load_options()
    found = engine.load(state)
    ports = asdict(options.ports) if options else {}
    asterisk_pid = asterisk.running_pid(state)
    supervised = daemon.supervised(state)
    ccd_pid = supervised.get("pid")
    return {
        "asterisk": {
            "pid": asterisk_pid,
            "running": asterisk_pid is not None,
            "version": found.version if found and asterisk_pid else None,
            "kind": found.kind if found else None,
            "ports": {name: ports.get(name) or None for name in ("sip", "ami", "ws", "rtp_start", "rtp_end")},
            "log": str(state.asterisk_log),
            "cli": found.cli(state) if found else None,
            "etc": str(state.etc),
        },
        "ccd": {
            "pid": ccd_pid,
            "supervisor_pid": supervised.get("supervisor_pid"),
            "running": ccd_pid is not None,
            "ready": bool(supervised.get("ready")),
            "restarts": supervised.get("restarts"),
            "version": _ccd_version() if ccd_pid else None,
            "ports": {name: ports.get(name) for name in ("agi", "http")},
            "log": str(state.ccd_log),
            "socket": str(state.socket),
            "config": str(state.ccd_yaml),
        },
        "phones": [asdict(phone) for phone in phones.load(state)[: options.phones]] if options else [],
        "queue_log": str(state.queue_log),
        "recordings": str(state.recordings),
        "database": str(state.database),
        "state": str(state.root),
        "trunk": {"host": "127.0.0.1", "port": ports.get("sip"), "outside_port": ports.get("trunk")},
    }


def _ccd_version() -> str:
    return tomllib.loads((CHECKOUT / "pyproject.toml").read_text())["project"]["version"]


def table(facts: dict[str, Any]) -> str:
    """Give the facts for human eyes."""
    server, ccd, trunk = facts["asterisk"], facts["ccd"], facts["trunk"]
    numbers = [phone["extension"] for phone in facts["phones"]]
    phones_shown = f"{numbers[0]}–{numbers[-1]} ({_('passwords: status --json')})" if numbers else _("none")
    rows = [
        ("Asterisk", _state(server, _("running"))),
        ("  SIP", f"{trunk['host']}:{trunk['port']} (UDP; {_('trunk and phones')})"),
        ("  AMI", f"127.0.0.1:{server['ports']['ami']}"),
        ("  " + _("command line"), " ".join([*(server["cli"] or ["–"]), "-r"])),
        ("  " + _("log"), server["log"]),
        ("ccd", _state(ccd, _("ready") if ccd["ready"] else _("not ready"))),
        ("  AGI, HTTP", f"127.0.0.1:{ccd['ports']['agi']}, 127.0.0.1:{ccd['ports']['http']}"),
        ("  " + _("configuration"), ccd["config"]),
        ("  " + _("socket"), ccd["socket"]),
        ("  " + _("log"), ccd["log"]),
        (_("Phones"), phones_shown),
        (_("Database"), facts["database"]),
        (_("Recordings"), facts["recordings"]),
    ]
    return "\n".join(f"{name}{' ' * (18 - _width(name))}{text}" for name, text in rows)


def _width(text: str) -> int:
    """Give the columns that a text takes on a terminal: 汉字 take two each."""
    return sum(2 if unicodedata.east_asian_width(character) in "WF" else 1 for character in text)


def _state(part: dict[str, Any], word: str) -> str:
    if not part["running"]:
        return _("down")
    return _("{state}, pid {pid}, version {version}", state=word, pid=part["pid"], version=part["version"])
