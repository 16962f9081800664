"""A Debian root with Asterisk 22, made once by debootstrap and kept in the ignored cache folder.

Debian's testing release has Asterisk 22, an LTS version; Debian 12 and Ubuntu have none or an older one.
The archive is the machine's own, read from apt's sources. Where none of these holds Debian's testing
release (Ubuntu), it is the one that debootstrap itself names.
"""

import os
import re
import shlex
import shutil
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path

from labkit.messages import _, say
from labkit.settings import CACHE, LabError, alone

ROOT = CACHE / "asterisk-root"
BUILD_LOG = CACHE / "asterisk-root.log"
SUITE = "forky"
PACKAGES = "asterisk,asterisk-core-sounds-en-wav,asterisk-moh-opsound-wav,iproute2,adduser"
SCRIPTS = Path("/usr/share/debootstrap/scripts")
APT = Path("/etc/apt")
KEYRINGS = Path("/usr/share/keyrings")
NOT_NEEDED = ("usr/share/doc", "usr/share/man", "usr/share/locale", "var/cache/apt", "var/lib/apt/lists")


def ensure() -> Path:
    """Give the root, building it when it is missing; labs that start together wait for one another."""
    if not _is_there():
        with alone("asterisk-root"):
            if not _is_there():
                _build()
    return ROOT


def _is_there() -> bool:
    return (ROOT / "usr" / "sbin" / "asterisk").exists()


def _build() -> None:
    debootstrap = shutil.which("debootstrap", path=f"{os.environ.get('PATH', '')}:/usr/sbin:/sbin")
    if debootstrap is None:
        raise LabError(_("no Asterisk ≥ 20 on PATH, no Docker, and no debootstrap: run scripts/install"))
    if os.getuid() != 0 and shutil.which("sudo") is None:
        raise LabError(_("debootstrap needs root: run this once as root, or install sudo"))
    building = CACHE / f"asterisk-root.{os.getpid()}"
    say("Making a Debian root with Asterisk in {folder} (once, 500 MB; a minute or two) …", folder=ROOT)
    started_at = time.monotonic()
    try:
        _debootstrap(debootstrap, building)
        for folder in NOT_NEEDED:
            _as_root("rm", "-rf", str(building / folder))
        _as_root("chown", "-R", f"{os.getuid()}:{os.getgid()}", str(building))
        make_links_relative(building, "usr/share/asterisk/sounds")
        building.rename(ROOT)
    finally:
        if building.exists():
            _as_root("rm", "-rf", "--one-file-system", str(building))
    say("  done in {seconds:.0f} s", seconds=time.monotonic() - started_at)


def _debootstrap(debootstrap: str, target: Path) -> None:
    script = next(name for name in (SUITE, "sid") if name == "sid" or (SCRIPTS / name).exists())
    mirror = find_mirror() or ""  # debootstrap takes "" for the archive that it knows itself
    keyring = next((path for path in sorted(KEYRINGS.glob("debian-archive-keyring.*"))), None)
    options = ["--variant=minbase", f"--include={PACKAGES}"]
    options += [f"--keyring={keyring}"] if keyring else []
    proxy = _proxy()
    argv = ["env", *proxy, debootstrap, *options, SUITE, str(target), mirror, str(SCRIPTS / script)]
    with BUILD_LOG.open("w") as log:
        process = subprocess.Popen(
            _root_argv(*argv), stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
        )
        for line in process.stdout or ():
            log.write(line)
            _show_progress(line)
    if process.wait():
        raise LabError(_explain(BUILD_LOG.read_text(), mirror))


def make_links_relative(root: Path, folder: str) -> None:
    """Let the absolute links in a folder lead to where they lead inside the root.

    Debian's English prompts are found through /etc/alternatives: without chroot, that is the machine's own.
    """
    for link in (root / folder).iterdir():
        target = link
        while target.is_symlink():
            step = target.readlink()
            target = root / step.relative_to("/") if step.is_absolute() else target.parent / step
        if target.exists() and target != link:
            link.unlink()
            link.symlink_to(os.path.relpath(target, link.parent))


_phases_shown: set[str] = set()


def _show_progress(line: str) -> None:
    """Show one line for each phase of debootstrap, not one for each of its 200 packages."""
    found = re.match(r"I: (Retrieving|Validating|Extracting|Unpacking|Configuring) ", line)
    if found and found.group(1) not in _phases_shown:
        _phases_shown.add(found.group(1))
        print(f"  {_(found.group(1).lower())} …", flush=True)


def _explain(log: str, mirror: str) -> str:
    if re.search(r"unknown key|NO_PUBKEY|not signed|Invalid Release signature", log):
        remedy = _(
            "the keys of the Debian archive are missing or too old: install or upgrade debian-archive-keyring"
        )
    elif re.search(r"Failed getting release|Couldn't download|Failed to fetch", log):
        remedy = _(
            "{archive} cannot be reached, or has no {suite}: check apt's sources and proxy",
            archive=mirror or "Debian",
            suite=SUITE,
        )
    elif re.search(r"Cannot install into target|Operation not permitted|mknod", log):
        remedy = _("this machine lets nobody make device nodes here: use Docker, or install asterisk ≥ 20")
    else:
        remedy = _("see {file}", file=BUILD_LOG)
    tail = "\n".join(f"    {line}" for line in log.splitlines()[-6:])
    return _("debootstrap failed: {remedy}\n{lines}", remedy=remedy, lines=tail)


def find_mirror() -> str | None:
    """Give the first archive in apt's sources that holds Debian's testing release."""
    seen = dict.fromkeys(uri.rstrip("/") for uri in archives() if uri.startswith(("http://", "https://")))
    return next((uri for uri in seen if _holds_suite(uri)), None)


def archives() -> Iterator[str]:
    """Yield the archives named in apt's sources, deb822 and classic."""
    for path in sorted(APT.glob("sources.list.d/*.sources")):
        for paragraph in re.split(r"\n\s*\n", path.read_text(errors="replace")):
            fields = dict(re.findall(r"^([A-Za-z-]+):\s*(.*)$", paragraph, re.MULTILINE))
            if fields.get("Enabled", "yes").lower() != "no" and "deb" in fields.get("Types", "").split():
                yield from fields.get("URIs", "").split()
    for path in [APT / "sources.list", *sorted(APT.glob("sources.list.d/*.list"))]:
        text = path.read_text(errors="replace") if path.exists() else ""
        yield from re.findall(r"^deb\s+(?:\[[^\]]*\]\s+)?(\S+)", text, re.MULTILINE)


def _holds_suite(uri: str) -> bool:
    opener = urllib.request.build_opener(urllib.request.ProxyHandler(_proxies() or None))
    try:
        with opener.open(f"{uri}/dists/{SUITE}/Release", timeout=10) as response:
            return b"Origin: Debian\n" in response.read(2000)
    except (OSError, urllib.error.URLError, ValueError):
        return False


def _proxies() -> dict[str, str]:
    """Give the proxies that apt is told to use, when the environment names none."""
    found = {}
    for scheme in ("http", "https"):
        variable = f"{scheme}_proxy"
        if os.environ.get(variable):
            found[scheme] = os.environ[variable]
            continue
        try:
            argv = ["apt-config", "shell", "proxy", f"Acquire::{scheme}::Proxy"]
            text = subprocess.run(argv, capture_output=True, text=True, check=False).stdout
        except FileNotFoundError:
            continue
        words = shlex.split(text.partition("=")[2])
        if words and words[0] not in ("", "DIRECT"):
            found[scheme] = words[0]
    return found


def _proxy() -> list[str]:
    return [f"{scheme}_proxy={address}" for scheme, address in _proxies().items()]


def _root_argv(*argv: str) -> list[str]:
    return [*argv] if os.getuid() == 0 else ["sudo", *argv]


def _as_root(*argv: str) -> None:
    subprocess.run(_root_argv(*argv), check=True)
