"""Running the daemon: reload, checks."""

from typing import Any, Literal, TypedDict


class ReloadResult(TypedDict):
    """`POST /reload`, when the new configuration was taken."""

    changed: list[str]
    """Dotted keys that differ from before, e.g. `queues.sales.ring_s`."""
    restart_needed: list[str]
    """Those of them that take effect only after a restart."""
    warnings: list["ConfigProblem"]
    """What is odd and yet usable: prompts without a sound, files that are not read."""


class ConfigChange(TypedDict):
    """A key in which the configuration on disk differs from the one in use: `GET /config/diff`."""

    key: str
    """Dotted, e.g. `queues.sales.ring_s`."""
    before: Any
    """None: it is new. A secret is asterisks."""
    after: Any
    """None: it is gone."""
    restart_needed: bool


class ConfigProblem(TypedDict):
    """One error of a configuration: a member of `problems` in a 422 answer."""

    file: str
    line: int | None
    key: str
    message: str
    remedy: str
    message_zh: str
    remedy_zh: str


class Check(TypedDict):
    """One thing that `ccd doctor` looked at."""

    name: str
    result: Literal["ok", "warning", "failed", "skipped"]
    message: str
    remedy: str
    """What to do; empty when `ok`."""


class DoctorReport(TypedDict):
    """`GET /doctor`."""

    checks: list[Check]
