"""What `ccd doctor` asks Asterisk itself, over the manager interface, with the rights of ccd's own user.

`ModuleCheck` and `Command` want the class `system` or `command`, which ccd must not have. Two functions of
the dialplan tell the same through `Getvar`: `IFMODULE(app_queue.so)` is 1 or 0, and
`AST_CONFIG(manager.conf,general,bindaddr)` is what Asterisk reads, with everything that the file takes in.
"""

import asyncio
import re
import time
from collections.abc import AsyncIterator, Mapping, Sequence
from datetime import datetime
from ipaddress import ip_address
from pathlib import Path
from typing import Protocol

from ccd.ami.message import AmiMessage
from ccd.asterisk.call_keys import FEATURES_FILE, own_features
from ccd.asterisk.findings import Finding, Result, finding
from ccd.asterisk.render import INCLUDED_BY
from ccd.config import Config
from ccd.errors import AmiActionError, CcdError

OLDEST = 20
NEEDED_ACTIONS = (
    "CoreSettings", "CoreShowChannels", "CoreStatus", "DeviceStateList", "Getvar", "Hangup", "Originate",
    "Ping", "Redirect", "Setvar", "ShowDialPlan", "Status",
)  # fmt: skip
REVEALING_ACTIONS = ("AGI", "Command", "GetConfig", "ModuleLoad", "UpdateConfig")
"""Each needs a class that ccd has no use for: agi, command, config, system."""
MODULES = (
    "app_chanspy", "app_dial", "app_directed_pickup", "app_exec", "app_mixmonitor", "app_playback",
    "app_queue", "app_softhangup", "app_stack", "app_verbose", "chan_pjsip", "format_sln", "format_wav",
    "func_callerid", "func_channel", "func_cut", "func_devstate", "func_dialplan", "func_strings",
    "func_timeout", "func_volume", "pbx_config", "res_agi", "res_musiconhold", "res_pjsip_header_funcs",
    "res_pjsip_refer",
)  # fmt: skip
"""What the rendered dialplan, prompts, recordings, lamps and transfers rest on."""
CLOCKS_APART_S = 2.0
MAX_PHONES = 1000
MAX_NAMED = 8


class Manager(Protocol):
    """The part of `ccd.ami.AmiClient` that is needed."""

    @property
    def connected(self) -> bool:
        """Whether actions can be sent."""

    @property
    def version(self) -> str:
        """Asterisk's version."""

    async def action(self, name: str, headers: Mapping[str, str] | None = None) -> AmiMessage:
        """Do an action; AmiActionError when Asterisk refuses."""

    async def action_list(self, name: str, headers: Mapping[str, str] | None = None) -> list[AmiMessage]:
        """Do an action that is answered by a list."""

    async def getvar(self, variable: str) -> str:
        """Read a global variable or a function; empty when it is not set."""


class ManagerChecks:
    """Asks one Asterisk about itself."""

    def __init__(self, config: Config, ami: Manager, dialplan: str, language: str) -> None:
        """`dialplan` is extensions_ccd.conf as it should be."""
        self._config = config
        self._ami = ami
        self._dialplan = dialplan
        self._language = language

    async def findings(self) -> AsyncIterator[Finding]:
        """Look at everything; a question that Asterisk does not answer is skipped, with its words."""
        checks = {
            "asterisk version": self._version,
            "manager rights": self._rights,
            "asterisk modules": self._modules,
            "asterisk loaded": self._loaded,
            "asterisk keys": self._keys,
            "asterisk phones": self._phones,
            "manager address": self._address,
            "live_dangerously": self._dangerous,
            "timestampevents": self._stamped,
            "clocks": self._clocks,
        }
        for name, check in checks.items():
            try:
                yield await check(name)
            except CcdError as error:
                yield self._say(name, Result.SKIPPED, "not_told", reason=error)

    def _say(self, name: str, result: Result, code: str, **blanks: object) -> Finding:
        return finding(name, result, code, self._language, **blanks)

    async def _version(self, name: str) -> Finding:
        version = self._ami.version
        number = re.match(r"\D*(\d+)\.", version)
        if number is not None and int(number[1]) < OLDEST:
            return self._say(name, Result.FAILED, "old_version", version=version, wanted=OLDEST)
        return self._say(name, Result.OK, "version", version=version)

    async def _rights(self, name: str) -> Finding:
        """Asterisk lists the actions that this user may use, and no others."""
        answer = await self._ami.action("ListCommands")
        allowed = {action for action, told in answer.items() if "(Priv: " in told}
        if lacking := [action for action in NEEDED_ACTIONS if action not in allowed]:
            return self._say(name, Result.FAILED, "too_narrow", actions=", ".join(lacking))
        if more := [action for action in REVEALING_ACTIONS if action in allowed]:
            return self._say(name, Result.FAILED, "too_broad", actions=", ".join(more))
        return self._say(name, Result.OK, "rights")

    async def _modules(self, name: str) -> Finding:
        wanted = [*MODULES, *(["app_voicemail"] if self._config.asterisk.fallback_voicemail else [])]
        loaded = {module: await self._ami.getvar(f"IFMODULE({module}.so)") for module in wanted}
        if set(loaded.values()) == {""}:
            return self._say(name, Result.FAILED, "no_modules", modules="func_module")
        if lacking := [module for module, told in loaded.items() if told != "1"]:
            return self._say(name, Result.FAILED, "no_modules", modules=", ".join(lacking))
        return self._say(name, Result.OK, "modules")

    async def _loaded(self, name: str) -> Finding:
        """Compare what Asterisk has in memory with what it should have: files alone do nothing."""
        lacking: list[str] = []
        if not await self._has_dialplan():
            lacking.append("extensions_ccd.conf")
        queues = {one.get("Queue") for one in await self._ami.action_list("QueueSummary")}
        if not self._config.queues.keys() <= queues:
            lacking.append("queues_ccd.conf")
        return self._not_loaded(name, lacking) if lacking else self._say(name, Result.OK, "loaded")

    def _not_loaded(self, name: str, lacking: Sequence[str]) -> Finding:
        return self._say(
            name,
            Result.FAILED,
            "not_loaded",
            things=", ".join(lacking),
            files=", ".join(INCLUDED_BY[file] for file in lacking),
            folder=self._config.asterisk.config_directory,
        )

    async def _keys(self, name: str) -> Finding:
        """See that features.conf takes in our keys of a talk, and that Asterisk has read it since.

        No action shows the keys in memory; each reload, that of the features alone too, moves CoreReloadTime.
        """
        for feature, wanted in own_features(self._config).items():
            if await self._option("features.conf", "applicationmap", feature) != wanted:
                return self._not_loaded(name, [FEATURES_FILE])
        if self._config.call_keys.own and await self._changed_since_read(FEATURES_FILE):
            return self._say(name, Result.FAILED, "not_read_since", file=FEATURES_FILE)
        return self._say(name, Result.OK, "keys")

    async def _changed_since_read(self, file: str) -> bool:
        """Whether a file of ours is younger than Asterisk's last reload; of another machine nobody knows."""
        told = await self._ami.action("CoreStatus")
        path = Path(self._config.asterisk.config_directory) / file
        try:
            read = datetime.fromisoformat(f"{told.get('CoreReloadDate')}T{told.get('CoreReloadTime')}")
            changed = (await asyncio.to_thread(path.stat)).st_mtime
        except (ValueError, OSError):
            return False
        return is_loopback(self._config.asterisk.ami.host) and changed >= read.timestamp() + 1

    async def _has_dialplan(self) -> bool:
        numbers = await self._steps("ccd-numbers")
        known = {step.get("Extension") for step in numbers}
        loop = [f"{step.get('Application')}({step.get('AppData')})" for step in await self._steps("ccd-loop")]
        wanted = self._dialplan[self._dialplan.index("[ccd-loop]") : self._dialplan.index("[ccd-inbound]")]
        return (
            known == set(self._config.numbers)
            and len(loop) == wanted.count("\nexten => ") + wanted.count("\n same => ")
            and all(step in wanted for step in loop)
        )

    async def _steps(self, context: str) -> list[AmiMessage]:
        try:
            steps = await self._ami.action_list("ShowDialPlan", {"Context": context})
        except AmiActionError:  # Asterisk's way to say that there is no such context, or nothing in it
            return []
        return [step for step in steps if step.get("Priority") is not None]

    async def _phones(self, name: str) -> Finding:
        extensions = [phone.extension for phone in self._config.phones[:MAX_PHONES]]
        states = {one: await self._ami.getvar(f"DEVICE_STATE(PJSIP/{one})") for one in extensions}
        unknown = [extension for extension, state in states.items() if state == "INVALID"]
        if not unknown:
            return self._say(name, Result.OK, "phones_known")
        named = ", ".join(unknown[:MAX_NAMED]) + (", …" if len(unknown) > MAX_NAMED else "")
        return self._say(name, Result.FAILED, "phones_unknown", phones=named)

    async def _address(self, name: str) -> Finding:
        """Without `bindaddr` Asterisk listens everywhere."""
        address = await self._option("manager.conf", "general", "bindaddr") or "0.0.0.0"
        if is_loopback(address):
            return self._say(name, Result.OK, "loopback")
        return self._say(name, Result.FAILED, "open_ami", address=address)

    async def _dangerous(self, name: str) -> Finding:
        if _is_yes(await self._option("asterisk.conf", "options", "live_dangerously")):
            return self._say(name, Result.FAILED, "dangerous")
        return self._say(name, Result.OK, "careful")

    async def _stamped(self, name: str) -> Finding:
        if _is_yes(await self._option("manager.conf", "general", "timestampevents")):
            return self._say(name, Result.OK, "stamped")
        return self._say(name, Result.WARNING, "not_stamped")

    async def _clocks(self, name: str) -> Finding:
        told = (await self._ami.action("Ping")).get("Timestamp") or "0"
        apart = abs(time.time() - float(told))
        code, result = ("clocks_apart", Result.FAILED) if apart > CLOCKS_APART_S else ("clocks", Result.OK)
        return self._say(name, result, code, apart_s=f"{apart:.1f}" if code == "clocks_apart" else "2")

    async def _option(self, file: str, section: str, key: str) -> str:
        return await self._ami.getvar(f"AST_CONFIG({file},{section},{key})")


def _is_yes(text: str) -> bool:
    return text.strip().lower() in {"yes", "true", "y", "t", "1", "on"}


def is_loopback(host: str) -> bool:
    """Whether an address or a name is this machine's alone."""
    try:
        return ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return host == "localhost"
