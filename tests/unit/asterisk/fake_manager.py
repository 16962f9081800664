"""An Asterisk that answers the doctor's questions: all in order, unless told otherwise."""

import re
import time
from collections.abc import Mapping
from datetime import datetime, timedelta

from ccd.ami.message import AmiMessage
from ccd.asterisk.call_keys import own_features
from ccd.asterisk.manager_checks import NEEDED_ACTIONS
from ccd.asterisk.render import render
from ccd.config import Config
from ccd.errors import AmiActionError
from tests.unit.asterisk.dialplan import parse


class FakeManager:
    """Stands for `ccd.ami.AmiClient`; change its attributes to break what it tells."""

    def __init__(self, config: Config) -> None:
        self.connected = True
        self.version = "22.10.1"
        self.actions = set(NEEDED_ACTIONS)
        self.queues = set(config.queues)
        self.dialplan = {
            name: context.extens for name, context in parse(render(config)["extensions_ccd.conf"]).items()
        }
        self.clock_ahead_s = 0.0
        self.missing_modules: set[str] = set()
        self.knows_modules = True
        self.unknown_phones: set[str] = set()
        self.options = {
            "manager.conf,general,bindaddr": "127.0.0.1",
            "manager.conf,general,timestampevents": "yes",
            "asterisk.conf,options,live_dangerously": "",
            **{f"features.conf,applicationmap,{name}": told for name, told in own_features(config).items()},
        }
        self.reloaded_ago_s = -60.0
        self.refuses: set[str] = set()

    async def action(self, name: str, _: Mapping[str, str] | None = None) -> AmiMessage:
        """Answer one action."""
        if name in self.refuses:
            raise AmiActionError(f"{name}: Permission denied")
        if name == "Ping":
            return message(Response="Success", Timestamp=f"{time.time() + self.clock_ahead_s:.6f}")
        if name == "CoreStatus":
            date, _, time_of_day = (
                (datetime.now() - timedelta(seconds=self.reloaded_ago_s))  # noqa: DTZ005 - as Asterisk tells it
                .isoformat(timespec="seconds")
                .partition("T")
            )
            return message(Response="Success", CoreReloadDate=date, CoreReloadTime=time_of_day)
        assert name == "ListCommands"
        return message(Response="Success", **dict.fromkeys(self.actions, "Does it.  (Priv: call,all)"))

    async def action_list(self, name: str, headers: Mapping[str, str] | None = None) -> list[AmiMessage]:
        """Answer an action with a list."""
        if name in self.refuses:
            raise AmiActionError(f"{name}: Permission denied")
        if name == "QueueSummary":
            return [message(Event="QueueSummary", Queue=queue) for queue in self.queues]
        assert name == "ShowDialPlan"
        context = (headers or {})["Context"]
        if not self.dialplan.get(context):
            raise AmiActionError(f"Did not find context {context}")
        return [message(Event="ListDialplan", IncludeContext="x"), *self._steps(context)]

    def _steps(self, context: str) -> list[AmiMessage]:
        return [
            message(
                Event="ListDialplan",
                Extension=exten,
                Priority=str(priority),
                Application=step.partition("(")[0],
                AppData=step.partition("(")[2].removesuffix(")"),
            )
            for exten, steps in self.dialplan[context].items()
            for priority, step in enumerate(steps, start=1)
        ]

    async def getvar(self, variable: str) -> str:
        """Evaluate one of the functions that the doctor uses."""
        found = re.fullmatch(r"(\w+)\((.*)\)", variable)
        assert found is not None
        match found.groups():
            case "IFMODULE", module:
                return (
                    str(int(module.removesuffix(".so") not in self.missing_modules))
                    if self.knows_modules
                    else ""
                )
            case "AST_CONFIG", option:
                return self.options[option]
            case "DEVICE_STATE", device:
                return "INVALID" if device.removeprefix("PJSIP/") in self.unknown_phones else "NOT_INUSE"
            case _:
                raise AssertionError(variable)


def message(**headers: str) -> AmiMessage:
    """Make a message of the manager interface."""
    return AmiMessage("\r\n".join(f"{name}: {value}" for name, value in headers.items()).encode())
