"""Watches the recordings' disk: a full one flags and alarms, and never touches a call."""

import shutil
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

MB = 1_000_000
SLACK = 1.1
"""A level is left only when there is so much more than its limit, so that no alarm flickers."""


class Room(StrEnum):
    """How much room there is."""

    ENOUGH = "enough"
    LOW = "low"
    """Less than `warn_free_mb`."""
    NONE = "none"
    """Less than `stop_free_mb`: nothing new is recorded."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """Free megabytes."""

    warn_free_mb: int
    stop_free_mb: int


def free_mb(folder: Path) -> float:
    """Give the free space for files of `folder`, or of the nearest folder above it; blocks. OSError."""
    while not folder.exists() and folder != folder.parent:
        folder = folder.parent
    return shutil.disk_usage(folder).free / MB


def judge(free: float, limits: Limits, before: Room = Room.ENOUGH) -> Room:
    """Say how much room `free` megabytes are; `before` is what was said last."""

    def below(limit: int, *levels: Room) -> bool:
        return free < (limit * SLACK if before in levels else limit)

    if below(limits.stop_free_mb, Room.NONE):
        return Room.NONE
    return Room.LOW if below(limits.warn_free_mb, Room.LOW, Room.NONE) else Room.ENOUGH
