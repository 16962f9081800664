"""`ccd doctor`: examines whether all that ccd rests on is in order, and names the remedy of each failure.

It only looks: no file is changed, no module loaded. Whether the database answers is the caller's to add.
"""

import asyncio
import os
import shutil
import tempfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from ipaddress import ip_network
from pathlib import Path

from ccd.asterisk.findings import Finding, Result, finding
from ccd.asterisk.manager_checks import Manager, ManagerChecks, is_loopback
from ccd.asterisk.render import changed_by_hand, render
from ccd.config import Config
from ccd.config.outbound import OutboundRule
from ccd.prompts.catalogue import Catalogue
from ccd.prompts.manifest import Manifest

GIGABYTE = 1_000_000_000
LITTLE_DISK = 5 * GIGABYTE
NO_DISK = GIGABYTE // 2
MAX_NAMED = 5
SOUND_TOOLS = ("espeak-ng", "sox", "ffmpeg")
"""Programs by their names, which are their packages' too."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PromptState:
    """What the catalogue of prompts knows of its sounds."""

    missing: Sequence[tuple[str, str]] = ()
    """Language and id of prompts that nothing can say."""
    faults: Sequence[str] = ()
    """Files that cannot be played, each with the remedy."""

    @classmethod
    def of(cls, config: Config) -> "PromptState":
        """Look at every file of the prompt folder."""
        prompts = config.prompts
        manifest = Manifest.with_own(prompts.own())
        core = None if prompts.core is None else Path(prompts.core)
        catalogue = Catalogue(manifest, Path(prompts.directory), core=core)
        return cls(missing=catalogue.missing(), faults=catalogue.faults)


async def examine(
    config: Config,
    ami: Manager | None,
    *,
    prompts: PromptState | None = None,
    roster: Mapping[str, Iterable[str]] | None = None,
    language: str = "en",
) -> list[Finding]:
    """Look at everything; give what was found, in `language` (en or zh).

    Without `ami`, or while it is not connected, what only Asterisk can tell is skipped. `roster` must be that
    with which the files were rendered; without `prompts` their folder is looked at.
    """
    files = render(config, roster)
    asked = await _ask(config, ami, files["extensions_ccd.conf"], language)
    local = _Local(config, language)
    seen = await asyncio.to_thread(
        lambda: [
            *local.files(files),
            *local.recordings(),
            *local.addresses(),
            *local.outbound(),
            *local.prompts(prompts or PromptState.of(config)),
            local.tools(),
        ]
    )
    return [*asked, *seen]


async def _ask(config: Config, ami: Manager | None, dialplan: str, language: str) -> list[Finding]:
    address = f"{config.asterisk.ami.host}:{config.asterisk.ami.port}"
    if ami is None or not ami.connected:
        return [
            finding("manager connection", Result.FAILED, "not_connected", language, address=address),
            finding("asterisk", Result.SKIPPED, "needs_connection", language),
        ]
    connected = finding("manager connection", Result.OK, "connected", language, address=address)
    checks = ManagerChecks(config, ami, dialplan, language)
    return [connected, *[each async for each in checks.findings()]]


ABROAD = ("0044207946000", "+44207946000", "0088216123456", "00979123456789")
"""Numbers in another country, of a satellite and of premium rate: what toll fraud dials."""


def _is_open(rule: OutboundRule) -> bool:
    """Whether a rule lets everybody dial whatever they want."""
    narrow = rule.patterns or rule.countries or rule.kinds or rule.agents or rule.queues or rule.phones
    return rule.action == "allow" and not narrow and not rule.flows


class _Local:
    """What can be seen from here: files, folders, our own configuration."""

    def __init__(self, config: Config, language: str) -> None:
        self._config = config
        self._language = language

    def _say(self, name: str, result: Result, code: str, **blanks: object) -> Finding:
        return finding(name, result, code, self._language, **blanks)

    def files(self, wanted: Mapping[str, str]) -> Iterator[Finding]:
        """Compare the rendered files with what the configuration wants."""
        folder = Path(self._config.asterisk.config_directory)
        for name, text in wanted.items():
            try:
                there = (folder / name).read_text(encoding="utf-8")
            except FileNotFoundError:
                yield self._say(name, Result.FAILED, "file_missing", folder=folder)
            except (OSError, UnicodeDecodeError) as error:
                reason = getattr(error, "strerror", None) or error
                yield self._say(name, Result.WARNING, "file_unreadable", reason=reason)
            else:
                yield self._file(name, there, text, folder)

    def _file(self, name: str, there: str, wanted: str, folder: Path) -> Finding:
        if changed_by_hand(there):
            return self._say(name, Result.FAILED, "file_changed", folder=folder)
        if there != wanted:
            return self._say(name, Result.FAILED, "file_old", folder=folder)
        return self._say(name, Result.OK, "file_current")

    def recordings(self) -> Iterator[Finding]:
        """Write into the folder of recordings, and see what is free there."""
        name, folder = "recordings", Path(self._config.recording.directory)
        try:
            with tempfile.NamedTemporaryFile(dir=folder, prefix=".ccd-doctor-"):
                free = shutil.disk_usage(folder).free
        except OSError as error:
            reason = error.strerror or os.fspath(folder)
            yield self._say(name, Result.FAILED, "no_folder", folder=folder, reason=reason)
            return
        free_gb = f"{free / GIGABYTE:.1f}"
        if free < LITTLE_DISK:
            result = Result.FAILED if free < NO_DISK else Result.WARNING
            yield self._say(name, result, "disk_low", folder=folder, free_gb=free_gb)
        else:
            yield self._say(name, Result.OK, "recordings", folder=folder, free_gb=free_gb)

    def addresses(self) -> Iterator[Finding]:
        """See that neither AMI nor FastAGI crosses a network: both can run programs on Asterisk's machine."""
        asterisk = self._config.asterisk
        if not is_loopback(asterisk.ami.host):
            yield self._say("manager link", Result.FAILED, "remote_ami", address=asterisk.ami.host)
        if open_to := [one for one in asterisk.ami.permit if not ip_network(one, strict=False).is_loopback]:
            yield self._say("manager permit", Result.WARNING, "open_permit", addresses=", ".join(open_to))
        if not is_loopback(asterisk.agi.host):
            yield self._say("fastagi address", Result.FAILED, "open_agi", address=asterisk.agi.host)
        else:
            yield self._say("fastagi address", Result.OK, "loopback")

    def outbound(self) -> Iterator[Finding]:
        """See that a stolen password of a phone does not open the whole world."""
        outbound = self._config.outbound
        abroad = [one for one in ABROAD if outbound.permits(one)]
        if not (outbound.allow or outbound.rules):
            yield self._say("outbound", Result.OK, "outbound_none")
        elif abroad:
            yield self._say("outbound", Result.WARNING, "outbound_abroad", examples=", ".join(abroad))
        elif outbound.limits.system.per_hour is None and any(_is_open(rule) for rule in outbound.rules):
            yield self._say("outbound", Result.WARNING, "outbound_unlimited")
        else:
            yield self._say("outbound", Result.OK, "outbound")

    def prompts(self, state: PromptState) -> Iterator[Finding]:
        """Tell what callers would not hear."""
        if state.missing:
            examples = ", ".join(f"{language}/{prompt}" for language, prompt in state.missing[:MAX_NAMED])
            count = len(state.missing)
            yield self._say("prompts", Result.FAILED, "prompts_missing", count=count, examples=examples)
        else:
            yield self._say("prompts", Result.OK, "prompts")
        if state.faults:
            first = state.faults[0]
            yield self._say("sounds", Result.FAILED, "prompt_faults", count=len(state.faults), first=first)

    def tools(self) -> Finding:
        """See whether prompts can be made, imported and recorded, before somebody wants to."""
        name, folder = "sound tools", Path(self._config.prompts.directory)
        if lacking := [tool for tool in SOUND_TOOLS if shutil.which(tool) is None]:
            return self._say(
                name, Result.WARNING, "tools_missing", tools=", ".join(lacking), packages=" ".join(lacking)
            )
        if folder.is_dir() and not os.access(folder, os.W_OK):
            return self._say(name, Result.WARNING, "prompts_unwritable", folder=folder)
        return self._say(name, Result.OK, "tools")
