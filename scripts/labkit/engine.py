"""Finding an Asterisk to run: the one on PATH, one in Docker, or one in a Debian root of our own.

The Debian root needs no chroot: its own dynamic loader runs its Asterisk right where it lies. So all three
see the same paths, and nothing has to be mounted.
"""

import hashlib
import json
import os
import platform
import re
import shutil
import subprocess
from dataclasses import asdict, dataclass
from pathlib import Path

from labkit import debian_root
from labkit.messages import _, say
from labkit.settings import CHECKOUT, LabError, State, write_json

OLDEST_ASTERISK = 20
DOCKER_IMAGE = "ccd-lab-asterisk"
DOCKERFILE = (
    "FROM debian:forky\n"
    "RUN apt-get update && apt-get install -y --no-install-recommends "
    "asterisk asterisk-core-sounds-en-wav asterisk-moh-opsound-wav && rm -rf /var/lib/apt/lists/*\n"
)
SYSTEM_MUSIC = (Path("/usr/share/asterisk/moh"), Path("/var/lib/asterisk/moh"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Engine:
    """An Asterisk that can be started."""

    kind: str
    """`path`, `docker` or `root`."""
    server: tuple[str, ...]
    """The command line up to Asterisk's own options, for the server in the foreground."""
    client: tuple[str, ...]
    """The same for the client that talks to it."""
    version: str
    music: str
    """The folder of Debian's music on hold."""
    packages: dict[str, str]
    """Folders of the Asterisk package that its compiled-in defaults do not find."""

    def command(self, state: State) -> list[str]:
        """Give the command line of the server; it stays in the foreground."""
        return [*self.server, "-C", str(state.asterisk_conf), "-f", "-g"]

    def cli(self, state: State) -> list[str]:
        """Give the start of a client's command line; `-rx COMMAND` follows."""
        return [*self.client, "-C", str(state.asterisk_conf)]


def find(state: State) -> Engine:
    """Give an Asterisk, building a Debian root when there is no other way."""
    found = on_path() or _in_docker(state) or _in_root()
    write_json(state.engine, asdict(found))
    return found


def load(state: State) -> Engine | None:
    """Give the Asterisk that was found last."""
    try:
        stored = json.loads(state.engine.read_text())
        return Engine(**stored | {"server": tuple(stored["server"]), "client": tuple(stored["client"])})
    except (FileNotFoundError, ValueError, TypeError, KeyError):
        return None


def on_path() -> Engine | None:
    """Give the first Asterisk on PATH that is new enough."""
    for folder in [*os.get_exec_path(), "/usr/sbin", "/usr/local/sbin"]:
        asterisk = Path(folder) / "asterisk"
        if not os.access(asterisk, os.X_OK) or not asterisk.is_file():
            continue
        version = _version([str(asterisk)])
        if version and int(version.split(".")[0]) >= OLDEST_ASTERISK:
            argv = (str(asterisk),)
            music = next((folder for folder in SYSTEM_MUSIC if folder.is_dir()), SYSTEM_MUSIC[0])
            return Engine(
                kind="path", server=argv, client=argv, version=version, music=str(music), packages={}
            )
    return None


def _in_docker(state: State) -> Engine | None:
    docker = shutil.which("docker")
    if docker is None or _run([docker, "info"]) is None:
        return None
    if _run([docker, "image", "inspect", DOCKER_IMAGE]) is None:
        say("Building the Docker image of Asterisk (once; a minute or two) …")
        build = subprocess.run(
            [docker, "build", "-t", DOCKER_IMAGE, "-"], input=DOCKERFILE.encode(), check=False
        )
        if build.returncode:
            raise LabError(
                _("docker build failed, see above: repair Docker, or stop it to use a Debian root instead")
            )
    name = "ccd-lab-" + hashlib.sha256(str(state.root).encode()).hexdigest()[:12]
    folders = {CHECKOUT, state.root, state.run}
    mounts = [word for folder in sorted(folders) for word in ("-v", f"{folder}:{folder}")]
    user = f"{os.getuid()}:{os.getgid()}"
    limits = ["--ulimit", "nofile=65536:65536"]
    run = [
        "run",
        "--rm",
        "--name",
        name,
        "--network",
        "host",
        "--pid",
        "host",
        "--user",
        user,
        *limits,
        *mounts,
    ]
    return Engine(
        kind="docker",
        server=(docker, *run, DOCKER_IMAGE, "asterisk"),
        client=(docker, "exec", name, "asterisk"),
        version=_version([docker, "run", "--rm", DOCKER_IMAGE, "asterisk"]) or "unknown",
        music=str(SYSTEM_MUSIC[0]),
        packages={},
    )


def _in_root() -> Engine:
    root = debian_root.ensure()
    triple = f"{platform.machine()}-linux-gnu"
    libraries = root / "usr" / "lib" / triple
    loader = next(root.glob("usr/lib*/ld-linux*.so.*"), None) or next(libraries.glob("ld-linux*.so.*"), None)
    if loader is None:
        raise LabError(_("{folder} holds no dynamic loader: remove that folder and try again", folder=root))
    argv = (str(loader), "--library-path", str(libraries), str(root / "usr" / "sbin" / "asterisk"))
    version = _version(list(argv))
    if version is None:
        raise LabError(_("Asterisk in {folder} does not run: remove that folder and try again", folder=root))
    share = root / "usr" / "share" / "asterisk"
    packages = {"astmoddir": str(libraries / "asterisk" / "modules"), "astdatadir": str(share)}
    return Engine(
        kind="root", server=argv, client=argv, version=version, music=str(share / "moh"), packages=packages
    )


def _version(argv: list[str]) -> str | None:
    """Give `22.10.1` from `Asterisk 22.10.1+dfsg…`; None when it does not run."""
    found = re.search(r"Asterisk (?:certified/)?(\d+(?:\.\d+)*)", _run([*argv, "-V"]) or "")
    return found.group(1) if found else None


def _run(argv: list[str]) -> str | None:
    """Give a command's output; None when it fails."""
    try:
        done = subprocess.run(argv, capture_output=True, text=True, timeout=60, check=False)
    except (OSError, subprocess.TimeoutExpired):
        return None
    return done.stdout if done.returncode == 0 else None
